/**
 * Deepest nesting of a JSON text that is looked at. The deepest request there is has 4; a parser that is handed a million
 * brackets makes a million objects of them.
 */
export const MAX_NESTING = 32

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125]

/** Whether brackets nest deeper than `max`. The text may be anything; those inside of strings do not count. */
export function isTooDeep(text: string, max: number = MAX_NESTING): boolean {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) i = endOfString(text, i)
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > max) return true
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--
  }
  return false
}

/** The index of the closing quote, or of the end. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === BACKSLASH) i++
    else if (code === QUOTE) return i
  }
  return text.length
}
