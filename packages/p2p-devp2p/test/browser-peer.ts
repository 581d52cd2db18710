/** What `test/browser.ts` connects to: a host on Node. Prints where it is in one line; ends with its parent. */
import { createHost, disconnectReasons, type Link } from '@status-protocol/p2p-devp2p'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/websocket'
import { keyOf, SHH } from './support/cores.ts'

const echo = {
  ...SHH,
  async run(link: Link) {
    for await (const { code, body } of link.packets()) {
      if (code === 2) link.close(disconnectReasons.uselessPeer)
      while (link.send(code, body) === 'full') await link.drained()
    }
  },
}
const host = await createHost({
  ...{ nodeKey: keyOf(0x32), subprotocols: [echo], listen: 'ws://127.0.0.1:0/p2p' },
  transport: webSocketTransport(),
})
const origin = new URL(host.listenAddresses[0] as string).origin
console.log(JSON.stringify({ enode: host.enode, origins: [origin] }))
process.stdin.resume().on('end', () => process.exit(0))
