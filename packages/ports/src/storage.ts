import type { TextSearch } from './text-search.ts'

/** One write. Cores return changes, whoever drives them commits them, all layers' together. */
export type Change =
  | { readonly put: readonly [table: string, key: Uint8Array, value: Uint8Array] }
  | { readonly del: readonly [table: string, key: Uint8Array] }

/** Whether this is a change as the type says, for stores that are handed something by untyped code. */
export function isChange(value: unknown): value is Change {
  if (typeof value !== 'object' || value === null) return false
  if ('put' in value) return isEntry(value.put, 3)
  return 'del' in value && isEntry(value.del, 2)
}

function isEntry(parts: unknown, length: number): boolean {
  if (!Array.isArray(parts) || parts.length !== length) return false
  return typeof parts[0] === 'string' && parts.every((part, i) => i === 0 || part instanceof Uint8Array)
}

/**
 * Ordered tables of bytes. A table exists as soon as something is in it; keys are ordered as memcmp has it.
 * One process owns a store (the adapter holds the lock).
 */
export interface Storage {
  get(table: string, key: Uint8Array): Promise<Uint8Array | undefined>
  /** Entries with `from <= key < to`, ascending, at most `limit`. Sees one moment or any later one, per entry. */
  range(
    table: string,
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
  ): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>
  /** {@link range} from the other end: descending. A store without it is read from the front, which takes longer. */
  rangeBack?(
    table: string,
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
  ): AsyncIterable<readonly [key: Uint8Array, value: Uint8Array]>
  /** The index of texts that the store was opened with. Without one, `scanTexts` finds the same, slower. */
  readonly texts?: TextSearch | undefined
  /** All changes in their order, or none. Durable when it resolves (as far as the store is durable at all). */
  commit(changes: readonly Change[]): Promise<void>
}
