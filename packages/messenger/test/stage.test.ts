/** A stage reads like the store would after its commit. */
import type { Change, Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createStage } from '../src/stage.ts'

const key = fc.uint8Array({ minLength: 1, maxLength: 2 }).map((bytes) => bytes.map((byte) => byte % 6))
const table = fc.constantFrom('a', 'b')
const change = fc.oneof(
  fc.tuple(table, key, fc.uint8Array({ maxLength: 3 })).map((put): Change => ({ put })),
  fc.tuple(table, key).map((del): Change => ({ del })),
)
const changes = fc.array(change, { maxLength: 20 })

async function rangeOf(
  from: Pick<Storage, 'range'>,
  name: string,
  bounds: readonly [Uint8Array, Uint8Array, number],
) {
  const found = []
  for await (const [found_, value] of from.range(name, ...bounds)) found.push([found_, value])
  return found
}

it('get and range, on a store and on another stage, at any point', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(changes, changes, changes),
      fc.tuple(key, key, fc.integer({ min: 0, max: 12 })),
      async ([stored, below, above], bounds) => {
        const [store, wanted] = [createMemoryStorage(), createMemoryStorage()]
        await store.commit(stored)
        for (const list of [stored, below, above]) await wanted.commit(list)
        const lower = createStage(store)
        lower.add({ changes: below })
        const upper = createStage(lower)
        upper.add({ changes: above })
        for (const name of ['a', 'b']) {
          expect(await rangeOf(upper, name, bounds)).toEqual(await rangeOf(wanted, name, bounds))
          expect(await upper.get(name, bounds[0])).toEqual(await wanted.get(name, bounds[0]))
        }
        lower.absorb(upper)
        await store.commit(lower.changes)
        const all = [new Uint8Array(0), new Uint8Array(9).fill(255), 1000] as const
        for (const name of ['a', 'b'])
          expect(await rangeOf(store, name, all)).toEqual(await rangeOf(wanted, name, all))
      },
    ),
    { numRuns: 300 },
  )
})

it('commits the last change of each key once', () => {
  const stage = createStage(createMemoryStorage())
  const at = (value: number): Change => ({ put: ['t', Uint8Array.of(1), Uint8Array.of(value)] })
  stage.add({ changes: [at(1), at(2)] })
  stage.add({ changes: [{ del: ['t', Uint8Array.of(2)] }, at(3)] })
  expect(stage.changes).toHaveLength(2)
  expect(stage.changes).toContainEqual(at(3))
})
