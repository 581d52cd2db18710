import { CodedError } from '@status-protocol/bytes'

/** Codes that have a number of their own in JSON-RPC 2.0 or in geth. All others are -32000. */
export const RPC_ERROR_NUMBERS = {
  'parse-error': -32700,
  'invalid-request': -32600,
  'method-not-found': -32601,
  'no-such-subscription': -32601,
  'invalid-params': -32602,
  'internal-error': -32603,
  'request-failed': -32000,
} as const

export type RpcErrorCode =
  | keyof typeof RPC_ERROR_NUMBERS
  /** The transport cannot carry notifications. */
  | 'notifications-unsupported'
  /** The connection has no subscription of this id. */
  | 'subscription-not-found'
  /** More of something than one caller may have. */
  | 'too-many'
  /** Asked for more often than is served; later it will be. */
  | 'rate-limited'
  /** Not over this transport, or not with these flags. */
  | 'refused'
  /** What it is about is not there: a filter, a key, a peer. */
  | 'not-found'
  /** An argument that the schema lets through and the method does not. */
  | 'invalid-argument'
  /** Nobody answered in time. */
  | 'timeout'
  /** The server is gone. */
  | 'closed'

/** What handlers throw to answer with an error of their own, and what the client throws for one that came. */
export class RpcError extends CodedError<RpcErrorCode> {}
