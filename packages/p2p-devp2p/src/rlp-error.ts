import { BytesError } from '@status-protocol/bytes'
import { P2pError } from './error.ts'

/** Runs a reader of RLP from the network; what the RLP layer refuses is `malformed` for the caller. */
export function malformedOnRlpError<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof BytesError)
      throw new P2pError('malformed', `${what}: ${error.message}`, { rlp: error.code })
    throw error
  }
}
