/** What runs in a real browser beside the vectors: whole hosts, with the in-memory network in place of sockets. */
import { type Capability, createHost, createMemoryNetwork, P2pError } from '@status-protocol/p2p-devp2p'
import { linkConformance } from '@status-protocol/p2p-devp2p/testing'
import { type ConformanceCase, check } from '@status-protocol/ports/testing'
import { keyOf, SHH } from './support/cores.ts'
import { hostPair, idle } from './support/hosts.ts'

export const cases: readonly ConformanceCase[] = [
  ...linkConformance(memoryPair).map(({ name, run }) => ({ name: `links over memory: ${name}`, run })),
  {
    name: 'a host without a transport says so',
    async run() {
      const error = await createHost({ nodeKey: keyOf(1), subprotocols: [idle(SHH)] }).catch(
        (e: unknown) => e,
      )
      check(error instanceof P2pError && error.message.startsWith('transport'), `got ${String(error)}`)
    },
  },
]

function memoryPair(capability: Capability) {
  const network = createMemoryNetwork()
  return hostPair(capability, {
    listen: '10.0.0.2:30303',
    a: { transport: network.transport('10.0.0.1') },
    b: { transport: network.transport('10.0.0.2') },
  })
}
