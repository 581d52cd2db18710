/** JSON exactly as Go's `encoding/json` of 2019 writes it: signatures are over this text. */

export type GoJson = string | bigint | readonly GoJson[]

/** No spaces; `<`, `>`, `&`, U+2028, U+2029 and control characters as \u00xx, but \n, \r, \t; the rest as it is. */
export function goJson(value: GoJson): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return goString(value)
  return `[${value.map(goJson).join(',')}]`
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function goString(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
  return `"${text.replace(/["\\<>&\u0000-\u001f\u2028\u2029]/g, escapeOf)}"`
}

function escapeOf(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
