/** The message code in front of a frame's body: an RLP integer (0 is 80, 1 - 127 one byte, above 81 xx, 82 xx xx ..). */

/** Longest encoding that is read: no set of capabilities gets to codes of more than 4 bytes. */
export const MAX_CODE_BYTES = 5

/** Bytes of a code's encoding. */
export function codeLength(code: number): number {
  if (code < 0x80) return 1
  let bytes = 1
  for (let rest = code; rest > 0; rest = Math.floor(rest / 256)) bytes++
  return bytes
}

/** Writes `codeLength(code)` bytes. */
export function writeCode(output: Uint8Array, at: number, code: number): void {
  if (code < 0x80) {
    output[at] = code === 0 ? 0x80 : code
    return
  }
  const digits = codeLength(code) - 1
  output[at] = 0x80 + digits
  let rest = code
  for (let i = at + digits; i > at; i--) {
    output[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
}

/** The code and where the payload starts, or undefined: empty, no integer in its one RLP form, above 4 bytes. */
export function readCode(body: Uint8Array): { readonly code: number; readonly length: number } | undefined {
  const first = body[0]
  if (first === undefined || first === 0) return undefined
  if (first < 0x80) return { code: first, length: 1 }
  const digits = first - 0x80
  if (digits > 4 || digits >= body.length) return digits === 0 ? { code: 0, length: 1 } : undefined
  let code = 0
  for (let i = 1; i <= digits; i++) code = code * 256 + (body[i] as number)
  const canonical = digits === 0 || (body[1] !== 0 && (digits > 1 || code >= 0x80))
  return canonical ? { code, length: 1 + digits } : undefined
}
