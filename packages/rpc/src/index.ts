/**
 * JSON-RPC 2.0 with every method declared once: the server checks by the declaration, the client is typed by it.
 *
 * ```ts
 * const routes = { add: route({ summary: 'Adds.', params: z.object({ a: z.number(), b: z.number() }), result: z.number() }) }
 * const server = createRpcServer(routes, { add: ({ a, b }) => a + b })
 * await server.handle('{"jsonrpc":"2.0","id":1,"method":"add","params":{"a":1,"b":2}}') // {"jsonrpc":"2.0","id":1,"result":3}
 * ```
 */
export { createRpcClient, type RpcClient, type RpcTransport } from './client.ts'
export { RPC_ERROR_NUMBERS, RpcError, type RpcErrorCode } from './error.ts'
export { type Line, lines, MAX_LINE_CHARS } from './lines.ts'
export { type Client, type Handlers, type Route, type Routes, route } from './route.ts'
export {
  createRpcServer,
  MAX_BATCH_REQUESTS,
  type RpcServer,
  type RpcServerOptions,
  stringify,
} from './server.ts'
