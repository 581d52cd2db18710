/** Discovery of `@ethereumjs/devp2p` in a process of its own: it points its process at a public DNS resolver. Says where it is. */
import { promises } from 'node:dns'
import { DPT } from '@ethereumjs/devp2p'
import { keyOf } from './cores.ts'

const before = promises.getServers().join()
const dpt = new DPT(keyOf(0x51), {
  endpoint: { address: '127.0.0.1', udpPort: null, tcpPort: null },
  shouldFindNeighbours: false,
  refreshInterval: 1e9,
})
dpt.events.on('error', () => {})
dpt.events.on('listening', () => {
  const socket = (dpt as unknown as { _server: { _socket: { address(): { port: number } } } })._server._socket
  console.log(
    JSON.stringify({ port: socket.address().port, movedDns: promises.getServers().join() !== before }),
  )
})
dpt.bind(0, '127.0.0.1')
process.stdin.resume().on('end', () => process.exit(0))
