/**
 * Transit values, as far as the Status clients of 2019 wrote them: JSON with keywords, tagged values, maps of any key
 * and a cache of repeated keys. Nothing here knows what a value says.
 *
 * @see https://github.com/cognitect/transit-format
 */

export type TransitValue =
  | null
  | boolean
  | string
  /** Integers; 64 bits on the wire. */
  | bigint
  /** Numbers with a fraction or an exponent. */
  | number
  | TransitKeyword
  | TransitScalar
  | TransitTagged
  | TransitMap
  | readonly TransitValue[]

/** `~:name` */
export interface TransitKeyword {
  readonly keyword: string
}

/** Any other `~` + letter + text (a date, a UUID, a big integer): kept as it is, never interpreted. */
export interface TransitScalar {
  readonly scalar: string
  readonly text: string
}

/** `["~#tag", value]`; sets and lists too (`set`, `list`). */
export interface TransitTagged {
  readonly tag: string
  readonly value: TransitValue
}

/** `["^ ", key, value, ...]`, in the order of the document. */
export interface TransitMap {
  readonly entries: readonly (readonly [key: TransitValue, value: TransitValue])[]
}

export function isTransitMap(value: TransitValue | undefined): value is TransitMap {
  return typeof value === 'object' && value !== null && 'entries' in value && !isTransitArray(value)
}

export function isTransitTagged(value: TransitValue | undefined): value is TransitTagged {
  return typeof value === 'object' && value !== null && 'tag' in value
}

export function isTransitKeyword(value: TransitValue | undefined): value is TransitKeyword {
  return typeof value === 'object' && value !== null && 'keyword' in value
}

export function isTransitArray(value: TransitValue | undefined): value is readonly TransitValue[] {
  return Array.isArray(value)
}

/** `~:name` */
export function keyword(name: string): TransitKeyword {
  return { keyword: name }
}

/** Value of a keyword in a map, the last one if it occurs twice; undefined if it does not. */
export function entryOf(map: TransitMap, name: string): TransitValue | undefined {
  return map.entries.findLast(([key]) => isTransitKeyword(key) && key.keyword === name)?.[1]
}

/** Strings of four characters and more are cached when they are keys, keywords, symbols or tags. */
export function isCacheable(text: string, asKey: boolean): boolean {
  return text.length > 3 && (asKey || text.startsWith('~:') || text.startsWith('~$') || text.startsWith('~#'))
}

const CACHE_DIGITS = 44
const FIRST_DIGIT = 48

/** Entries of the cache; the next one empties it. */
export const MAX_CACHE_ENTRIES: number = CACHE_DIGITS * CACHE_DIGITS

/** `^` and one or two digits of base 44. */
export function cacheCode(index: number): string {
  const high = Math.floor(index / CACHE_DIGITS)
  const low = String.fromCharCode((index % CACHE_DIGITS) + FIRST_DIGIT)
  return high === 0 ? `^${low}` : `^${String.fromCharCode(high + FIRST_DIGIT)}${low}`
}
