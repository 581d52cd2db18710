/**
 * JSON-RPC over sockets, on Node: HTTP, WebSocket, a Unix socket.
 *
 * ```ts
 * const server = createRpcServer(routes, handlers)
 * const http = await listenHttp({ server, host: '127.0.0.1', port: 0, ws: true })
 * const ipc = await listenIpc({ server, path: '/run/user/1000/node.ipc' })
 * ```
 */

export type { RemoteNode } from '../remote/transport.ts'
export {
  type Connection,
  type ConnectionLimits,
  type ConnectionServer,
  Connections,
  ownerOf,
} from './connections.ts'
export type { GuardOptions } from './guard-options.ts'
export {
  type HttpClients,
  type HttpListenOptions,
  listenHttp,
  MAX_BODIES_BYTES,
  MAX_HTTP_CONNECTIONS,
  MAX_HTTP_CONNECTIONS_PER_ADDRESS,
  MAX_HTTP_REQUESTS,
  MAX_HTTP_REQUESTS_PER_ADDRESS,
  type RpcListener,
} from './http.ts'
export { type IpcListenOptions, listenIpc, MAX_IPC_CONNECTIONS } from './ipc.ts'
export { ListenError } from './listen-error.ts'
export { connectRemoteWhisper, connectTransport } from './remote.ts'
export { loadToken } from './token.ts'
export { MAX_WEB_SOCKETS, MAX_WEB_SOCKETS_PER_ADDRESS } from './web-socket-limits.ts'
