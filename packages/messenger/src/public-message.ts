import { decodeProtocolMessage } from '@status-protocol/double-ratchet'

/** What clients of 2019 say in public is inside a ProtocolMessage (field 102). Undefined: this is none, or not of theirs. */
export function publicMessageIn(payload: Uint8Array): Uint8Array | undefined {
  try {
    return decodeProtocolMessage(payload).publicMessage
  } catch {
    return undefined
  }
}
