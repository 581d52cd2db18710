import { CodedError } from '@status-protocol/bytes'

/** The codes of JSON-RPC 2.0 that the server gives itself. Others are the handler's. */
export const RPC_ERROR_NUMBERS = {
  'parse-error': -32700,
  'invalid-request': -32600,
  'method-not-found': -32601,
  'invalid-params': -32602,
  'internal-error': -32603,
  'request-failed': -32000,
} as const

export type RpcErrorCode = keyof typeof RPC_ERROR_NUMBERS | 'closed'

/** What handlers throw to answer with an error of their own, and what the client throws for one that came. */
export class RpcError extends CodedError<RpcErrorCode> {}
