import { BytesError } from './error.ts'

const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })

/** UTF-8 bytes of a text; no normalisation. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Text of UTF-8 bytes. @throws BytesError `not-utf8` */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    throw new BytesError('not-utf8', `expected UTF-8 text, got ${bytes.length} bytes that are not`)
  }
}

/** Text of bytes that ought to be UTF-8; what is not becomes U+FFFD. For display only. */
export function fromUtf8Lenient(bytes: Uint8Array): string {
  return lenient.decode(bytes)
}
