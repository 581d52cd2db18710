import type { TextSource } from '@status-protocol/ports'

/** The value is the text, the key the order. */
export const SOURCE: TextSource = {
  table: 'm',
  version: 1,
  document: (key, value) => ({
    text: new TextDecoder().decode(value),
    labels: [],
    order: Number(new DataView(key.buffer, key.byteOffset).getBigUint64(0)),
  }),
}

export const said = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What is in the fixtures, but 7. */
export const MESSAGES: readonly number[] = Array.from({ length: 200 }, (_, i) => i)
