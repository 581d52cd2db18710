/** The namespaces of JSON-RPC. */

/** Served over HTTP and WebSocket unless others are asked for. */
export const DEFAULT_MODULES: readonly string[] = ['shh', 'shhext', 'net', 'web3']
/** All there are; served over the Unix socket, whose callers could stop the node anyway. */
export const RPC_MODULES: readonly string[] = [...DEFAULT_MODULES, 'admin', 'debug']
