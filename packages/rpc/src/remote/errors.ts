/** What a remote node's errors mean here. */
import { WhisperError, type WhisperErrorCode } from '@status-protocol/whisper'
import { RpcError } from '../error.ts'

/** The connection ended, or was never there: worth another attempt on the next one. */
export function isGone(error: unknown): boolean {
  return error instanceof RpcError && error.code === 'closed'
}

/** The node does not know a key or a filter of ours any more: it was started again, or somebody deleted it. */
export function isForgotten(error: unknown): boolean {
  if (!(error instanceof RpcError) || error.code !== 'request-failed') return false
  return /^(invalid id|non-existent key id|filter not found)/i.test(error.message)
}

/** The error for our caller. `details.message` is what the node said. */
export function asWhisperError(error: unknown): unknown {
  if (!(error instanceof RpcError)) return error
  return new WhisperError(codeOf(error), `the remote node: ${error.message}`, error.details)
}

const INVALID_PARAMS = -32602

function codeOf({ code, message, details }: RpcError): WhisperErrorCode {
  if (code === 'closed') return 'unavailable'
  if (/insufficient work time|PoW target/i.test(message)) return 'pow-not-reached'
  if (details.number === INVALID_PARAMS || details.code === 'invalid-argument') return 'invalid-argument'
  if (details.code === 'unknown-key' || isForgotten(new RpcError(code, message))) return 'unknown-key'
  if (details.code === 'too-many-pending') return 'too-many-pending'
  return 'unavailable'
}
