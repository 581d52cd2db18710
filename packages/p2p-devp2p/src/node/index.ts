/** Sockets of Node: TCP, UDP, and being told when the network changes. */
export type { Connect, ConnectedSocket } from './connect-port.ts'
export { systemResolveTxt } from './dns.ts'
export { findRouters, pmpMapper } from './nat.ts'
export { watchNetwork } from './network-watch.ts'
export { tcpTransport, WRITE_BUFFER_BYTES } from './tcp.ts'
export { udpTransport } from './udp.ts'
