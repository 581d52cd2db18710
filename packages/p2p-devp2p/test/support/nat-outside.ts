/** Dials an enode once and says what came of it. */
import { createHost } from '@status-protocol/p2p-devp2p'
import { keyOf } from './cores.ts'
import { idle } from './hosts.ts'

const host = await createHost({
  nodeKey: keyOf(0x42),
  subprotocols: [idle()],
  limits: { dialTimeoutMs: 3_000 },
})
host.dial(process.argv[2] as string)
for await (const { type } of host.events()) {
  console.log(JSON.stringify({ type }))
  break
}
process.stdin.resume().on('end', () => process.exit(0))
