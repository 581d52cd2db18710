/** One JSON text a line, as `status serve --stdio` speaks it. */

/** Longer lines are dropped and reported: what is buffered is BOUNDED by this many characters. */
export const MAX_LINE_CHARS: number = 4 * 1024 * 1024

export type Line = { readonly text: string } | { readonly tooLong: true }

/** Splits a stream of text pieces into lines. Empty lines are skipped; what follows the last newline counts as a line. */
export async function* lines(
  input: AsyncIterable<string | Uint8Array>,
  maxChars: number = MAX_LINE_CHARS,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder()
  let rest = ''
  let skipping = false
  for await (const piece of input) {
    rest += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true })
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const text = rest.slice(0, end).trim()
      rest = rest.slice(end + 1)
      if (skipping || text.length > maxChars) yield { tooLong: true }
      else if (text !== '') yield { text }
      skipping = false
    }
    if (rest.length > maxChars) {
      rest = ''
      skipping = true
    }
  }
  if (skipping) yield { tooLong: true }
  else if (rest.trim() !== '') yield { text: rest.trim() }
}
