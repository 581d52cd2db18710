/**
 * JSON-RPC 2.0 with every method declared once: the server checks by the declaration, the client is typed by it.
 *
 * ```ts
 * const routes = { add: route({ summary: 'Adds.', params: z.object({ a: z.number(), b: z.number() }), result: z.number() }) }
 * const server = createRpcServer(routes, { add: ({ a, b }) => a + b })
 * await server.handle('{"jsonrpc":"2.0","id":1,"method":"add","params":{"a":1,"b":2}}') // {"jsonrpc":"2.0","id":1,"result":3}
 * ```
 *
 * - {@link createNodeServer}: the API of a Whisper node, as geth and status-go have it
 * - {@link createRemoteWhisper}: a `WhisperService` on such an API
 *
 * Beside it: `./node` (HTTP, WebSocket and Unix sockets).
 */

// The API of a node
export type { MailRequestFields } from './api/mail-requests.ts'
export {
  FILTER_TIMEOUT_MS,
  MAX_FILTER_MESSAGES,
  MAX_FILTERED_BYTES,
  MAX_FILTERS,
} from './api/message-filters.ts'
export {
  createNodeServer,
  type HostHandlers,
  KEY_METHODS,
  type NodeServer,
  type NodeServerOptions,
} from './api/node-server.ts'
export { NODE_ROUTES, NODE_SUBSCRIPTIONS, namespaceOf } from './api/routes.ts'
export type { RpcMessage } from './api/shh.ts'
export { MAX_KEYS } from './api/shh-handlers.ts'
export { MAX_WANTED_TOPICS } from './api/topic-budget.ts'
// JSON-RPC
export { createRpcClient, type RpcClient, type RpcTransport } from './client.ts'
export { RPC_ERROR_NUMBERS, RpcError, type RpcErrorCode } from './error.ts'
export { JsonStream, type JsonStreamFlaw, type JsonStreamOptions } from './json-stream.ts'
export { type Line, lines, MAX_LINE_CHARS } from './lines.ts'
export { isTooDeep, MAX_NESTING } from './nesting.ts'
export {
  type OpenRpcDocument,
  type OpenRpcMethod,
  type OpenRpcOptions,
  type OpenRpcValue,
  openRpcDocument,
} from './openrpc.ts'
export { httpTransport } from './remote/http-transport.ts'
// Whisper on a remote node
export {
  createRemoteWhisper,
  type RemoteWhisper,
  type RemoteWhisperEvent,
  type RemoteWhisperOptions,
} from './remote/remote-whisper.ts'
export { type Connect, IncomingTexts, type RemoteTransport } from './remote/transport.ts'
export {
  type Client,
  type Handlers,
  type Route,
  type Routes,
  type RpcCaller,
  route,
  type SubscriptionHandlers,
  type SubscriptionRoutes,
} from './route.ts'
export {
  createRpcServer,
  MAX_BATCH_ANSWER_CHARS,
  MAX_BATCH_REQUESTS,
  MAX_TEXT_CHARS,
  type RpcConnection,
  type RpcPeer,
  type RpcServer,
  type RpcServerOptions,
  stringify,
} from './server.ts'
export { MAX_SUBSCRIPTIONS } from './subscription-table.ts'
