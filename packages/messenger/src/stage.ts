/**
 * What inputs change, put together before it is committed: reads see what was staged, the store sees nothing until the
 * one commit at the end. A stage on a stage is one input among several that are committed together.
 */
import { compare, toHex } from '@status-protocol/bytes'
import type { Change, Storage } from '@status-protocol/ports'
import type { NewEvent } from './events.ts'

export interface Stage extends Reads {
  /** The last change of each key. */
  readonly changes: readonly Change[]
  readonly events: readonly NewEvent[]
  add(outcome: { readonly changes: readonly Change[]; readonly events?: readonly NewEvent[] }): void
  /** Everything that another stage on this one has. */
  absorb(stage: Stage): void
  /** Table -> key in hex -> what is staged. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, Row>>
}

/** What a stage stands on. */
export type Reads = Pick<Storage, 'get' | 'range'>

interface Row {
  readonly key: Uint8Array
  /** Undefined: deleted. */
  readonly value: Uint8Array | undefined
  readonly change: Change
}

export function createStage(below: Reads): Stage {
  /** BOUNDED by the inputs that are committed together. */
  const tables = new Map<string, Map<string, Row>>()
  const events: NewEvent[] = []
  /** Keys in hex, which are in the order of the keys. Made when a range is read, and again after changes. */
  const orders = new Map<string, readonly string[]>()
  const changed = (name: string): Map<string, Row> => {
    const table = tables.get(name) ?? new Map<string, Row>()
    tables.set(name, table)
    orders.delete(name)
    return table
  }
  const between = (name: string, from: Uint8Array, to: Uint8Array): readonly Row[] => {
    const table = tables.get(name)
    if (!table) return []
    const order = orders.get(name) ?? [...table.keys()].sort()
    orders.set(name, order)
    return order
      .slice(firstAt(order, toHex(from)), firstAt(order, toHex(to)))
      .map((key) => table.get(key) as Row)
  }

  return {
    events,
    rows: tables,
    get changes() {
      return [...tables.values()].flatMap((rows) => [...rows.values()].map(({ change }) => change))
    },
    add(outcome) {
      for (const change of outcome.changes) {
        const [table, key, value] = 'put' in change ? change.put : change.del
        changed(table).set(toHex(key), { key, value, change })
      }
      for (const event of outcome.events ?? []) events.push(event)
    },
    absorb(stage) {
      for (const [name, rows] of stage.rows) {
        const table = changed(name)
        for (const [key, row] of rows) table.set(key, row)
      }
      for (const event of stage.events) events.push(event)
    },
    get(table, key) {
      const row = tables.get(table)?.get(toHex(key))
      return row ? Promise.resolve(row.value) : below.get(table, key)
    },
    range(table, from, to, limit) {
      const rows = between(table, from, to)
      if (rows.length === 0) return below.range(table, from, to, limit)
      // Every staged row may take the place of one that is stored.
      return firstOf(limit, inOrder(rows, below.range(table, from, to, limit + rows.length)))
    },
  }
}

/** The index of the first key that is not below `key`. */
function firstAt(order: readonly string[], key: string): number {
  let [low, high] = [0, order.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((order[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

async function* inOrder(
  staged: readonly Row[],
  stored: AsyncIterable<readonly [Uint8Array, Uint8Array]>,
): AsyncIterable<Pick<Row, 'key' | 'value'>> {
  let at = 0
  for await (const [key, value] of stored) {
    for (let row = staged[at]; row && compare(row.key, key) < 0; row = staged[++at]) yield row
    const row = staged[at]
    if (row && compare(row.key, key) === 0) {
      yield row
      at++
    } else yield { key, value }
  }
  yield* staged.slice(at)
}

/** The first `limit` that are not deleted. */
async function* firstOf(
  limit: number,
  rows: AsyncIterable<Pick<Row, 'key' | 'value'>>,
): AsyncIterable<readonly [Uint8Array, Uint8Array]> {
  let left = limit
  if (left <= 0) return
  for await (const { key, value } of rows) {
    if (!value) continue
    yield [key, value]
    if (--left <= 0) return
  }
}
