/** How a text is cut into words: the same for every store, so that the same is found. */

/** Characters of a word that count; what is longer is cut. */
export const MAX_WORD_CHARS = 64
/** Words of a query that count: nobody types more, and each costs. */
export const MAX_QUERY_WORDS = 32

/**
 * Letters and digits that stand together, without case, accents and forms of writing (full-width, ligatures). Scripts
 * that are written without spaces, and pictures, are one word a character.
 */
export function wordsOf(text: string): readonly string[] {
  const words = ASCII.test(text) ? text.toLowerCase().match(ASCII_WORDS) : folded(text).match(WORDS)
  return (
    words?.map((word) =>
      word.length > MAX_WORD_CHARS ? [...word].slice(0, MAX_WORD_CHARS).join('') : word,
    ) ?? []
  )
}

/**
 * What is looked for: a phrase for everything between two spaces, of words next to each other. Undefined: there is
 * something, but no word in it.
 */
export function phrasesOf(query: string): readonly (readonly string[])[] | undefined {
  const phrases: (readonly string[])[] = []
  let left = MAX_QUERY_WORDS
  for (const part of query.slice(0, MAX_QUERY_CHARS).split(/\s+/u)) {
    const words = wordsOf(part).slice(0, left)
    left -= words.length
    if (words.length > 0) phrases.push(words)
  }
  return phrases.length === 0 && query.trim() !== '' ? undefined : phrases
}

const ASCII = /^[\0-\x7f]*$/
const ASCII_WORDS = /[a-z0-9]+/g

const MAX_QUERY_CHARS = 4096

const ALONE = String.raw`[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]`
const WORDS = new RegExp(
  String.raw`(?:(?=${ALONE})[\p{L}\p{N}\p{M}])|(?:(?!${ALONE})[\p{L}\p{N}\p{M}])+|\p{Extended_Pictographic}`,
  'gu',
)

/** Latin, Greek and Cyrillic accents; the marks of other scripts are part of what is written. */
const ACCENTS = /[\u0300-\u036f]/g

function folded(text: string): string {
  return text.normalize('NFKD').replace(ACCENTS, '').normalize('NFKC').toLowerCase().replaceAll('ς', 'σ')
}
