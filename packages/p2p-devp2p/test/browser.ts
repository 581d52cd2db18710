/** What runs in a real browser beside the vectors: whole hosts, with the in-memory network in place of sockets. */
import { equal } from '@status-protocol/bytes'
import {
  type Capability,
  createHost,
  createMemoryNetwork,
  disconnectReasons,
  P2pError,
} from '@status-protocol/p2p-devp2p'
import { linkConformance } from '@status-protocol/p2p-devp2p/testing'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/web'
import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
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
  {
    name: 'RLPx over a WebSocket to a host on Node: packets of all sizes each way, and the reason for the end',
    async run() {
      const { enode } = (await (await fetch('/peers.json')).json())['p2p-devp2p'] as { enode: string }
      const mine = idle(SHH)
      const host = await createHost({
        ...{ nodeKey: keyOf(0x31), subprotocols: [mine], peers: [enode], transport: webSocketTransport() },
      })
      const link = await mine.link()
      check(host.peers()[0]?.transport === 'ws', `carried by ${host.peers()[0]?.transport}`)
      const packets = link.packets()[Symbol.asyncIterator]()
      for (const size of [0, 1, 100, 500, 65_536, 1_000_000]) {
        const body = new Uint8Array(size).map((_, i) => (i * 31 + (i >> 8)) & 255)
        while (link.send(1, body) === 'full') await link.drained()
        const { value } = await packets.next()
        check(value?.code === 1 && equal(value.body, body), `${size} bytes come back as they went`)
      }
      // the host says goodbye to whom sends it a packet 2
      link.send(2, new Uint8Array(0))
      checkEqual(await link.closed, disconnectReasons.uselessPeer, 'reason')
      await host.close()
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
