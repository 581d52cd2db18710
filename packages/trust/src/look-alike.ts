/**
 * Names that look like others: what an eye takes for the same (Unicode Technical Standard 39, "Confusable detection"), and
 * characters that turn the direction of text around.
 *
 * ```ts
 * import { looksLike } from '@status-protocol/trust/look-alike'
 * looksLike('Аlice', 'Alice') // true: the first letter is Cyrillic
 * ```
 */
import unhomoglyph from 'unhomoglyph'

/** Embeddings, overrides and isolates: whoever uses them decides in which order others see the rest. */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/
/** The same and the marks that belong into some scripts' text, but into no name. */
const BIDI_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\p{Cc}/gu
const SPACES = /[\s\u2800]+/gu

/** Whether the order in which a text is shown may not be the one in which it stands. */
export function hasBidiControls(text: string): boolean {
  return BIDI_CONTROLS.test(text)
}

/** Of names: also marks of direction, which cannot be seen. */
export function hasBidiMarks(name: string): boolean {
  return BIDI_MARKS.test(name)
}

/** Characters that were looked up. BOUNDED by MAX_KNOWN. */
const known = new Map<string, string>()
const MAX_KNOWN = 4_096

/**
 * What is left of a name when look-alikes are one: two names with one skeleton in common may be taken for each other. The
 * first is of the name as it stands (`I` looks like `l`), the second of the name in small letters. Not for showing.
 */
export function skeletonsOf(name: string): readonly [asWritten: string, inSmallLetters: string] {
  return [skeleton(name), skeleton(name.toLowerCase())]
}

/** Whether one name may be taken for the other; equal ones do, too. */
export function looksLike(a: string, b: string): boolean {
  const [wanted, got] = [skeletonsOf(a), skeletonsOf(b)]
  return wanted[0] === got[0] || wanted[1] === got[1]
}

function skeleton(name: string): string {
  const visible = name.normalize('NFD').replace(INVISIBLE, '').replace(SPACES, ' ').trim()
  let found = ''
  for (const character of visible) found += prototypeOf(character)
  return found.normalize('NFD')
}

/** The lookup is a regular expression of thousands of alternatives: once for each character. */
function prototypeOf(character: string): string {
  const before = known.get(character)
  if (before !== undefined) return before
  const prototype = unhomoglyph(character)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(character, prototype)
  return prototype
}
