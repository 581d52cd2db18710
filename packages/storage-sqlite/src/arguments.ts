import { type Change, isChange } from '@status-protocol/ports'
import { SqliteStorageError } from './error.ts'

/** @throws SqliteStorageError `invalid-argument`, before anything is written */
export function checkChanges(changes: readonly Change[]): void {
  for (const [index, change] of changes.entries())
    if (!isChange(change))
      throw invalid(`changes[${index}]: expected { put: [table, key, value] } or { del: [table, key] }`)
}

/** @throws SqliteStorageError `invalid-argument` */
export function checkLookup(table: unknown, keys: Readonly<Record<string, unknown>>): void {
  if (typeof table !== 'string') throw invalid(`table: expected a string, got ${typeof table}`)
  for (const [name, key] of Object.entries(keys))
    if (!(key instanceof Uint8Array)) throw invalid(`${name}: expected a Uint8Array, got ${typeof key}`)
}

function invalid(message: string): SqliteStorageError {
  return new SqliteStorageError('invalid-argument', message)
}
