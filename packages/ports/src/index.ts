/**
 * The ports that more than one layer needs: types, and the system's clock as the default of drivers.
 *
 * Time, randomness and storage come into every layer as arguments of these types. Conformance suites for those who
 * implement one: `@status-protocol/ports/testing`.
 */
export type { Clock } from './clock.ts'
export type { Random } from './random.ts'
export { type Change, isChange, type Storage } from './storage.ts'
export { systemClock } from './system-clock.ts'
export {
  MAX_TEXT_ORDER,
  scanTexts,
  type TextDocument,
  type TextPlace,
  type TextQuery,
  type TextSearch,
  type TextSource,
} from './text-search.ts'
export { phrasesOf, wordsOf } from './words.ts'
