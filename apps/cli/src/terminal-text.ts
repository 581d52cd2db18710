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
