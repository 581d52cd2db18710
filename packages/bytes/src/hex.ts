import { BytesError } from './error.ts'

const DIGITS: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/** Lower-case hex without `0x`, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i++) text += DIGITS[bytes[i] as number]
  return text
}

/** {@link toHex} with `0x` in front, the form of keys and hashes in JSON-RPC and chat ids. */
export function to0xHex(bytes: Uint8Array): string {
  return `0x${toHex(bytes)}`
}

/**
 * Bytes of an even number of hex digits, upper or lower case, with or without `0x`.
 *
 * @param expectedBytes refuse any other length
 * @throws BytesError `not-hex` or `wrong-length`
 */
export function fromHex(text: string, expectedBytes?: number): Uint8Array {
  const start = text.startsWith('0x') || text.startsWith('0X') ? 2 : 0
  const digits = text.length - start
  if (digits % 2 !== 0)
    throw new BytesError('not-hex', `expected an even number of hex digits, got ${digits}`)
  const bytes = new Uint8Array(digits / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = digit(text.charCodeAt(start + 2 * i))
    const low = digit(text.charCodeAt(start + 2 * i + 1))
    if (high < 0 || low < 0)
      throw new BytesError('not-hex', `expected hex digits, got something else at position ${start + 2 * i}`)
    bytes[i] = (high << 4) | low
  }
  if (expectedBytes !== undefined && bytes.length !== expectedBytes)
    throw new BytesError('wrong-length', `expected ${expectedBytes} bytes of hex, got ${bytes.length}`)
  return bytes
}

function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  if (code >= 97 && code <= 102) return code - 87
  if (code >= 65 && code <= 70) return code - 55
  return -1
}
