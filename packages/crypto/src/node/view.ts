/** The same bytes as a plain Uint8Array: a Buffer's `slice` does not copy, and no caller should meet one. */
export function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}
