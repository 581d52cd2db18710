import { BytesError } from '@status-protocol/bytes'
import { readRlpUint, rlpBytes, rlpElements, rlpSpan } from '@status-protocol/bytes/rlp'

/** More list elements than any future version will have. */
const MAX_ELEMENTS = 64

/**
 * The start of an EIP-8 message: strings of exactly these lengths (copied), then an integer of at most 8 bytes.
 * What follows in the list and after it is ignored. undefined: anything else.
 */
export function readFields(
  bytes: Uint8Array,
  lengths: readonly number[],
): { readonly strings: readonly Uint8Array[]; readonly version: bigint } | undefined {
  try {
    const elements = rlpElements(bytes, rlpSpan(bytes), MAX_ELEMENTS)
    const fields = elements.slice(0, lengths.length + 1).map((span) => rlpBytes(bytes, span))
    const strings = fields.slice(0, lengths.length).map((field) => field.slice())
    const version = fields[lengths.length]
    if (!version || strings.some((field, i) => field.length !== lengths[i])) return undefined
    return { strings, version: readRlpUint(version) }
  } catch (error) {
    if (error instanceof BytesError) return undefined
    throw error
  }
}
