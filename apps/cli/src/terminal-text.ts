/**
 * Text of strangers, made safe for a terminal: control characters could move the cursor, rewrite lines or ring bells,
 * bidirectional controls could make a line read differently from what it says.
 */
export function terminalText(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === '\n' ? '\n  ' : character === '\t' ? '  ' : '\ufffd',
  )
}

const UNSAFE = new RegExp(
  [
    '[\\u0000-\\u001f\\u007f-\\u009f]', // C0, DEL, C1
    '[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]', // bidirectional controls
    '[\\u2028\\u2029]',
  ].join('|'),
  'g',
)

/** Longer ones are cut. */
const MAX_LINE_CHARS = 1_000

/** In one line, and not more of it than somebody reads. */
export function oneLine(text: string): string {
  const characters = [
    ...text
      .slice(0, 4 * MAX_LINE_CHARS)
      .trim()
      .replace(/\s*[\r\n]\s*/g, ' '),
  ]
  const isLong = characters.length > MAX_LINE_CHARS || text.length > 4 * MAX_LINE_CHARS
  return terminalText(isLong ? `${characters.slice(0, MAX_LINE_CHARS).join('')}...` : characters.join(''))
}
