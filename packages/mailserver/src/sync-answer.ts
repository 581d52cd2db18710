/** Packet 124: a piece of an archive for another mailserver. */
import { encodeSyncResponse, type SyncResponse } from '@status-protocol/whisper'

/** What it holds at most beside its envelopes, in bytes: list headers, cursor, flag. */
export const SYNC_HEADER_BYTES = 64

/** What is not said is empty. */
export function syncBody(response: Partial<SyncResponse>): Uint8Array {
  return encodeSyncResponse({
    envelopes: [],
    cursor: new Uint8Array(0),
    final: false,
    error: '',
    ...response,
  })
}
