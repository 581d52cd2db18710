/**
 * JSON-RPC over sockets, on Node: HTTP, WebSocket, a Unix socket.
 *
 * ```ts
 * const server = createRpcServer(routes, handlers)
 * const http = await listenHttp({ server, host: '127.0.0.1', port: 0, ws: true })
 * const ipc = await listenIpc({ server, path: '/run/user/1000/node.ipc' })
 * ```
 */
export type { GuardOptions } from './guard-options.ts'
export {
  type HttpListenOptions,
  listenHttp,
  MAX_BODIES_BYTES,
  MAX_HTTP_CONNECTIONS,
  MAX_HTTP_REQUESTS,
  type RpcListener,
} from './http.ts'
export { type IpcListenOptions, listenIpc, MAX_IPC_CONNECTIONS } from './ipc.ts'
export { ListenError } from './listen-error.ts'
export { connectRemoteWhisper, connectTransport, type RemoteNode } from './remote.ts'
export { loadToken } from './token.ts'
export { MAX_WEB_SOCKETS } from './web-socket-limits.ts'
