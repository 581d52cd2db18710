/**
 * The ports that more than one layer needs. Types only: nothing here does anything.
 *
 * Time, randomness and storage come into every layer as arguments of these types. Conformance suites for those who
 * implement one: `@status-protocol/ports/testing`.
 */
export type { Clock } from './clock.ts'
export type { Random } from './random.ts'
export type { Change, Storage } from './storage.ts'
