import { type ConformanceCase, check, checkEqual } from './conformance.ts'
import type { Storage } from './storage.ts'

/**
 * What every {@link Storage} does. `open` makes a fresh, empty store each time; `close` gives it back.
 * Stores that outlive their process are opened again by `reopen`, which must see what was committed.
 */
export function storageConformance(store: {
  open(): Promise<Storage>
  close?(storage: Storage): Promise<void>
  reopen?(storage: Storage): Promise<Storage>
}): readonly ConformanceCase[] {
  const withStore = (name: string, run: (storage: Storage) => Promise<void>): ConformanceCase => ({
    name,
    async run() {
      const storage = await store.open()
      try {
        await run(storage)
      } finally {
        await store.close?.(storage)
      }
    },
  })

  const cases: ConformanceCase[] = [
    withStore('an absent key is undefined', async (s) => {
      checkEqual(await s.get('t', key(1)), undefined, 'get')
      checkEqual(await entries(s, 't', key(0), key(255)), [], 'range of a table nobody wrote to')
    }),
    withStore('put, overwrite, delete', async (s) => {
      await s.commit([put('t', key(1), key(10))])
      checkEqual(await s.get('t', key(1)), key(10), 'after put')
      await s.commit([put('t', key(1), key(11))])
      checkEqual(await s.get('t', key(1)), key(11), 'after overwrite')
      await s.commit([del('t', key(1)), del('t', key(2))])
      checkEqual(await s.get('t', key(1)), undefined, 'after delete')
    }),
    withStore('changes of one commit apply in their order', async (s) => {
      await s.commit([
        put('t', key(1), key(1)),
        del('t', key(1)),
        put('t', key(1), key(2)),
        put('t', key(2), key(1)),
        del('t', key(2)),
      ])
      checkEqual(await s.get('t', key(1)), key(2), 'put, del, put')
      checkEqual(await s.get('t', key(2)), undefined, 'put, del')
    }),
    withStore('tables are apart', async (s) => {
      await s.commit([put('a', key(1), key(1)), put('b', key(1), key(2))])
      checkEqual(await s.get('a', key(1)), key(1), 'table a')
      checkEqual(await s.get('b', key(1)), key(2), 'table b')
      checkEqual((await entries(s, 'a', key(0), key(9))).length, 1, 'range of a')
    }),
    withStore('empty keys and values are kept', async (s) => {
      await s.commit([put('t', key(), key())])
      checkEqual(await s.get('t', key()), key(), 'empty value under the empty key')
    }),
    withStore('range is ordered as memcmp, from included, to excluded', async (s) => {
      const keys = [key(2), key(1), key(1, 0), key(255), key(1, 255), key(128), key()]
      await s.commit(keys.map((k) => put('t', k, k)))
      const all = await entries(s, 't', key(), key(255, 255))
      checkEqual(
        all.map(([k]) => k),
        [key(), key(1), key(1, 0), key(1, 255), key(2), key(128), key(255)],
        'whole range',
      )
      checkEqual(
        (await entries(s, 't', key(1), key(2))).map(([k]) => k),
        [key(1), key(1, 0), key(1, 255)],
        'half open',
      )
      checkEqual(await entries(s, 't', key(2), key(1)), [], 'a range that ends before it begins')
    }),
    withStore('range honours its limit', async (s) => {
      await s.commit(Array.from({ length: 50 }, (_, i) => put('t', key(i), key(i))))
      checkEqual((await entries(s, 't', key(), key(255), 7)).length, 7, 'limit 7')
      checkEqual((await entries(s, 't', key(), key(255), 0)).length, 0, 'limit 0')
    }),
    withStore('a store that has it is read from the other end', async (s) => {
      if (!s.rangeBack) return
      const back = { range: s.rangeBack.bind(s) }
      const keys = Array.from({ length: 300 }, (_, i) => key(i >> 8, i & 255))
      await s.commit([...keys.map((k) => put('t', k, k)), put('u', key(0, 5), key(9))])
      for (const limit of [1, 127, 128, 129, 299, 300, 1000]) {
        const found = await entries(back, 't', key(), key(255), limit)
        checkEqual(
          found.map(([k]) => k),
          keys.slice(-limit).reverse(),
          `the last ${limit}`,
        )
      }
      const within = await entries(back, 't', key(0, 7), key(0, 10))
      checkEqual(
        within,
        [9, 8, 7].map((i) => [key(0, i), key(0, i)]),
        'from included, to excluded',
      )
      checkEqual(await entries(back, 't', key(2), key(1)), [], 'nothing')
    }),
    withStore('what is handed in and out is a copy', async (s) => {
      const [k, v] = [key(1), key(5)]
      await s.commit([put('t', k, v)])
      k[0] = 9
      v[0] = 9
      const first = await s.get('t', key(1))
      checkEqual(first, key(5), 'after the writer changed its array')
      check(first !== undefined, 'present')
      first[0] = 7
      checkEqual(await s.get('t', key(1)), key(5), 'after the reader changed its array')
    }),
    withStore('a commit is seen whole or not at all', async (s) => {
      const writer = (async () => {
        for (let i = 1; i <= 40; i++) await s.commit([put('t', key(1), key(i)), put('t', key(2), key(i))])
      })()
      for (let i = 0; i < 40; i++) {
        // One entry may be newer than the other, never by a half-applied commit: the second read is later.
        const [first, second] = [await s.get('t', key(1)), await s.get('t', key(2))]
        check((second?.[0] ?? 0) >= (first?.[0] ?? 0), 'a later read sees at least the same commit')
      }
      await writer
    }),
    withStore('a commit that cannot be applied changes nothing', async (s) => {
      await s.commit([put('t', key(1), key(1))])
      const broken = { put: ['t', key(2), undefined] } as unknown as Parameters<Storage['commit']>[0][number]
      let failed = false
      await s.commit([put('t', key(1), key(2)), broken]).catch(() => {
        failed = true
      })
      check(failed, 'a malformed change is refused')
      checkEqual(await s.get('t', key(1)), key(1), 'the change before it')
    }),
    withStore('many tables and 2,000 entries', async (s) => {
      const changes = Array.from({ length: 2000 }, (_, i) =>
        put(`t${i % 20}`, key(i >> 8, i & 255), key(i & 255)),
      )
      await s.commit(changes)
      let count = 0
      for (let t = 0; t < 20; t++) count += (await entries(s, `t${t}`, key(), key(255), 5000)).length
      checkEqual(count, 2000, 'entries')
    }),
  ]

  const { reopen } = store
  if (reopen)
    cases.push(
      withStore('what was committed is there after it is opened again', async (s) => {
        await s.commit([put('t', key(1), key(2)), put('t', key(3), key(4)), del('t', key(3))])
        const again = await reopen(s)
        try {
          checkEqual(await again.get('t', key(1)), key(2), 'kept')
          checkEqual(await again.get('t', key(3)), undefined, 'deleted')
        } finally {
          await store.close?.(again)
        }
      }),
    )
  return cases
}

const key = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes)
const put = (table: string, k: Uint8Array, v: Uint8Array) => ({ put: [table, k, v] as const })
const del = (table: string, k: Uint8Array) => ({ del: [table, k] as const })

async function entries(
  s: Pick<Storage, 'range'>,
  table: string,
  from: Uint8Array,
  to: Uint8Array,
  limit = 1000,
) {
  const found: (readonly [Uint8Array, Uint8Array])[] = []
  for await (const entry of s.range(table, from, to, limit)) found.push(entry)
  return found
}
