/**
 * Finding stored entries by the words in them. What of an entry can be found is a pure function of the entry, so a store
 * keeps its index in the commit of the entries themselves, and can build it anew from them; a store without an index is
 * scanned ({@link scanTexts}). Both cut texts into words with {@link wordsOf}: what is found is the same.
 */
import type { Storage } from './storage.ts'
import { phrasesOf, wordsOf } from './words.ts'

/** Which entries have a text, and what it is. */
export interface TextSource {
  /** The table whose entries are indexed. */
  readonly table: string
  /** To be raised when {@link document} finds something else in the same bytes: indexes are built anew then. */
  readonly version: number
  /** Undefined: nothing to be found. Must not throw. */
  document(key: Uint8Array, value: Uint8Array): TextDocument | undefined
}

export interface TextDocument {
  readonly text: string
  /** What is compared as a whole: a chat, an author. At most 16 of at most 256 characters. */
  readonly labels: readonly string[]
  /** 0 to {@link MAX_TEXT_ORDER}, a whole number; the highest are found first. */
  readonly order: number
}

/** 2^43 - 1: milliseconds until the year 2248. */
export const MAX_TEXT_ORDER: number = 2 ** 43 - 1

export interface TextQuery {
  /** As a person types it: every word has to be there, in any order; the end of a word may be missing. Empty: any text. */
  readonly text: string
  /** All of these. */
  readonly labels?: readonly string[]
  /** Lowest order. */
  readonly from?: number
  /** Highest order. */
  readonly to?: number
  /** The last one of the page before. */
  readonly after?: TextPlace
  readonly limit: number
}

/** An entry that was found. */
export interface TextPlace {
  readonly key: Uint8Array
  readonly order: number
}

export interface TextSearch {
  /**
   * Highest order first; of those with the same order whichever the store has first, always the same way. A text
   * without a single word finds nothing.
   */
  find(query: TextQuery): Promise<readonly TextPlace[]>
}

/** A search that reads every entry: for stores without an index. Keeps `limit` places in memory. */
export function scanTexts(storage: Pick<Storage, 'range'>, source: TextSource): TextSearch {
  return {
    async find(query) {
      const phrases = phrasesOf(query.text)
      if (!phrases || query.limit < 1) return []
      /** BOUNDED by the limit; the best first. */
      const found: TextPlace[] = []
      for await (const [key, value] of storage.range(
        source.table,
        LOWEST,
        HIGHEST,
        Number.MAX_SAFE_INTEGER,
      )) {
        const document = source.document(key, value)
        if (!document) continue
        const place = { key, order: document.order }
        if (!isWanted(document, place, query)) continue
        const last = found.at(-1)
        if (found.length >= query.limit && last && isBefore(last, place)) continue
        if (!hasPhrases(document.text, phrases)) continue
        found.splice(placeFor(found, place), 0, place)
        if (found.length > query.limit) found.pop()
      }
      return found
    },
  }
}

const LOWEST = new Uint8Array(0)
const HIGHEST = new Uint8Array(512).fill(255)

function isWanted({ labels }: TextDocument, place: TextPlace, query: TextQuery): boolean {
  const { from = 0, to = MAX_TEXT_ORDER, after, labels: wanted = [] } = query
  if (place.order < from || place.order > to) return false
  if (after && !isBefore(after, place)) return false
  return wanted.every((label) => labels.includes(label))
}

function isBefore(a: TextPlace, b: TextPlace): boolean {
  return a.order === b.order ? compareKeys(a.key, b.key) < 0 : a.order > b.order
}

function placeFor(found: readonly TextPlace[], place: TextPlace): number {
  const at = found.findIndex((other) => isBefore(place, other))
  return at === -1 ? found.length : at
}

/** As memcmp has it. */
function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Every phrase is somewhere in the text: its words next to each other, the last one perhaps only begun. */
function hasPhrases(text: string, phrases: readonly (readonly string[])[]): boolean {
  const words = wordsOf(text)
  return phrases.every((phrase) => words.some((_, at) => isPhraseAt(words, at, phrase)))
}

function isPhraseAt(words: readonly string[], at: number, phrase: readonly string[]): boolean {
  const last = phrase.length - 1
  return phrase.every((wanted, i) => {
    const word = words[at + i]
    return word !== undefined && (i === last ? word.startsWith(wanted) : word === wanted)
  })
}
