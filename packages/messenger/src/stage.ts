/**
 * What one input changes, put together before it is committed: reads see what was staged, the store sees nothing until
 * the one commit at the end.
 */
import { toHex } from '@status-protocol/bytes'
import type { Change, Storage } from '@status-protocol/ports'
import type { NewEvent } from './events.ts'

export interface Stage extends Pick<Storage, 'get'> {
  readonly changes: readonly Change[]
  readonly events: readonly NewEvent[]
  add(outcome: { readonly changes: readonly Change[]; readonly events?: readonly NewEvent[] }): void
}

export function createStage(storage: Pick<Storage, 'get'>): Stage {
  const changes: Change[] = []
  const events: NewEvent[] = []
  const staged = new Map<string, Uint8Array | undefined>()
  const nameOf = (table: string, key: Uint8Array): string => `${table} ${toHex(key)}`
  return {
    changes,
    events,
    add(outcome) {
      for (const change of outcome.changes) {
        const [table, key, value] = 'put' in change ? change.put : change.del
        staged.set(nameOf(table, key), value)
        changes.push(change)
      }
      events.push(...(outcome.events ?? []))
    },
    async get(table, key) {
      const name = nameOf(table, key)
      return staged.has(name) ? staged.get(name) : storage.get(table, key)
    },
  }
}
