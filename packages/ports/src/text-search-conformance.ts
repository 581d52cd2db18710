import { type ConformanceCase, check, checkEqual } from './conformance.ts'
import type { Storage } from './storage.ts'
import { scanTexts, type TextPlace, type TextQuery, type TextSearch, type TextSource } from './text-search.ts'

/** A store in which texts are found: with an index, or by a scan of it. */
export interface SearchedStorage {
  readonly storage: Storage
  readonly search: TextSearch
}

/**
 * What every {@link TextSearch} finds. `open` makes a fresh, empty store each time, in which the entries of the source can
 * be searched; `close` gives it back; `reopen` opens one that outlives its process again.
 */
export function textSearchConformance<S extends SearchedStorage>(store: {
  open(source: TextSource): Promise<S>
  close?(opened: S): Promise<void>
  reopen?(opened: S, source: TextSource): Promise<S>
}): readonly ConformanceCase[] {
  const withStore = (name: string, run: (opened: S) => Promise<void>): ConformanceCase => ({
    name,
    async run() {
      const opened = await store.open(SOURCE)
      try {
        await run(opened)
      } finally {
        await store.close?.(opened)
      }
    },
  })

  const cases: ConformanceCase[] = [
    withStore(
      'words in any order, whatever their case and accents, the end of each may be missing',
      async (s) => {
        await s.storage.commit([
          put(1, 'Hello, world'),
          put(2, 'Die Straße in Málaga'),
          put(3, 'world peace'),
        ])
        await expectFound(s, 'WORLD hello', [1])
        await expectFound(s, 'wor', [3, 1])
        await expectFound(s, 'hello peace', [])
        await expectFound(s, 'malaga', [2])
        await expectFound(s, 'MÁL str', [2])
        await expectFound(s, 'orld', [])
      },
    ),
    withStore('what is typed without spaces stands together in the text', async (s) => {
      await s.storage.commit([
        put(1, 'it is a well-known fact'),
        put(2, 'known, and done well'),
        put(3, 'wellknown'),
      ])
      await expectFound(s, 'well-known', [1])
      await expectFound(s, 'well known', [2, 1])
      await expectFound(s, "isn't", [])
    }),
    withStore('scripts without spaces, pictures, digits', async (s) => {
      await s.storage.commit([
        put(1, '今天天气很好'),
        put(2, 'ありがとう 🎉'),
        put(3, 'build 4217 наконец готов'),
        put(4, '好天'),
      ])
      await expectFound(s, '天气', [1])
      await expectFound(s, '好', [4, 1])
      await expectFound(s, '气天', [])
      await expectFound(s, 'がと', [2])
      await expectFound(s, '🎉', [2])
      await expectFound(s, '42 ГОТ', [3])
    }),
    withStore('nothing that a person types is syntax', async (s) => {
      await s.storage.commit([put(1, 'and or not near words : labels'), put(2, 'nothing of the kind')])
      for (const text of HARMLESS) {
        const found = await s.search.find({ text, limit: 10 })
        checkEqual(numbersOf(found), numbersOf(await scanned(s, { text, limit: 10 })), text)
      }
      await expectFound(s, '"and" OR (not)', [1])
      await expectFound(s, '***', [])
      await expectFound(s, '', [2, 1])
    }),
    withStore('labels are compared as a whole, and are no words', async (s) => {
      await s.storage.commit([
        put(1, 'hello', ['chat:#a', 'author:x']),
        put(2, 'hello', ['chat:#a b', 'author:y']),
        put(3, 'hello chat', ['chat:#ab', 'author:x']),
      ])
      await expectFound(s, 'hello', [1], { labels: ['chat:#a'] })
      await expectFound(s, 'hello', [2], { labels: ['chat:#a b'] })
      await expectFound(s, '', [3, 1], { labels: ['author:x'] })
      await expectFound(s, 'hello', [3], { labels: ['author:x', 'chat:#ab'] })
      await expectFound(s, 'hello', [], { labels: ['author'] })
      await expectFound(s, 'chat', [3])
    }),
    withStore('between two orders, both included', async (s) => {
      await s.storage.commit([1, 2, 3, 4, 5].map((n) => put(n, 'hello')))
      await expectFound(s, 'hello', [4, 3, 2], { from: 2, to: 4 })
      await expectFound(s, '', [5, 4], { from: 4 })
      await expectFound(s, 'hello', [1], { to: 1 })
      await expectFound(s, 'hello', [], { from: 5, to: 4 })
    }),
    withStore('pages, also where many have the same order', async (s) => {
      await s.storage.commit(
        Array.from({ length: 60 }, (_, i) => put(i, i % 3 ? 'hello' : 'bye', [], Math.floor(i / 20))),
      )
      const seen: number[] = []
      let after: TextPlace | undefined
      for (let page = 0; page < 20; page++) {
        const found = await s.search.find({ text: 'hello', limit: 7, ...(after && { after }) })
        seen.push(...numbersOf(found))
        after = found.at(-1)
        if (!after) break
      }
      checkEqual(seen.length, 40, 'found')
      checkEqual(new Set(seen).size, 40, 'found once')
      checkEqual(
        seen.map((i) => Math.floor(i / 20)),
        seen.map((i) => Math.floor(i / 20)).sort((a, b) => b - a),
        'order',
      )
    }),
    withStore('what is overwritten or deleted is not found any more', async (s) => {
      await s.storage.commit([put(1, 'first'), put(2, 'second'), put(3, 'third')])
      await s.storage.commit([put(1, 'changed'), del(2), put(3, 'third', ['l'], 9)])
      await expectFound(s, 'first', [])
      await expectFound(s, 'changed', [1])
      await expectFound(s, 'second', [])
      await expectFound(s, '', [3, 1])
      await expectFound(s, 'third', [3], { labels: ['l'], from: 9 })
      await s.storage.commit([put(4, 'fourth'), del(4), put(4, 'again'), { put: [TABLE, keyOf(1), EMPTY] }])
      await expectFound(s, '', [3, 4])
      await s.storage.commit([del(3), del(4), del(1), del(1)])
      await expectFound(s, '', [])
    }),
    withStore('a commit that cannot be applied changes nothing in what is found', async (s) => {
      await s.storage.commit([put(1, 'before')])
      const broken = { put: [TABLE, keyOf(2), undefined] } as unknown as Parameters<
        Storage['commit']
      >[0][number]
      await s.storage.commit([put(1, 'after'), broken]).catch(() => undefined)
      await expectFound(s, 'before', [1])
      await expectFound(s, 'after', [])
    }),
    withStore('only the table of the source is searched', async (s) => {
      await s.storage.commit([{ put: ['other', keyOf(1), entry('hello', [], 1)] }, put(2, 'hello')])
      await expectFound(s, 'hello', [2])
    }),
    withStore('finds what a scan finds', async (s) => {
      const random = numbers(7)
      const word = (): string => WORDS[random() % WORDS.length] as string
      const text = (): string =>
        Array.from({ length: 1 + (random() % 6) }, word).join(random() % 4 ? ' ' : '-')
      for (let round = 0; round < 12; round++) {
        await s.storage.commit(
          Array.from({ length: 20 }, () => {
            const n = random() % 150
            return random() % 5 ? put(n, text(), [`l${random() % 3}`], random() % 40) : del(n)
          }),
        )
        for (let i = 0; i < 6; i++) {
          const query = {
            text: text().slice(0, 1 + (random() % 12)),
            limit: 200,
            ...(random() % 2 ? { labels: [`l${random() % 3}`] } : {}),
            ...(random() % 3 ? {} : { from: random() % 40, to: random() % 40 }),
          }
          const [found, wanted] = [await s.search.find(query), await scanned(s, query)]
          const sorted = (places: readonly TextPlace[]) => numbersOf(places).sort((a, b) => a - b)
          checkEqual(sorted(found), sorted(wanted), JSON.stringify(query))
          checkEqual(
            found.map(({ order }) => order),
            wanted.map(({ order }) => order),
            JSON.stringify(query),
          )
        }
      }
    }),
  ]

  const { reopen } = store
  if (reopen)
    cases.push(
      withStore('is there after it is opened again, and built anew for another source', async (s) => {
        await s.storage.commit(Array.from({ length: 700 }, (_, i) => put(i, `number ${i}`, [], i)))
        const again = await reopen(s, SOURCE)
        await again.storage.commit([put(701, 'number more'), del(3)])
        await expectFound(again, 'number', [701, 699], {}, 2)
        const other = await reopen(again, { ...SOURCE, version: 2, document: reversed })
        try {
          await expectFound(other, 'rebmun', [701, 699], {}, 2)
          await expectFound(other, 'number', [])
          checkEqual((await other.search.find({ text: '', limit: 1000 })).length, 700, 'all')
        } finally {
          await store.close?.(other)
        }
      }),
    )
  return cases
}

const TABLE = 'texts'
const EMPTY = new Uint8Array(0)
const WORDS = ['hello', 'help', 'world', 'über', 'Uber', '天', '气', 'x1', '42', "don't", '🎉', 'a_b']
const HARMLESS = [
  'AND',
  'hello OR',
  'NOT nothing',
  'NEAR(a b)',
  '"',
  '""',
  "'",
  'words:and',
  '{words}: a',
  '^and',
  'and*',
  '(',
  ')',
  '-and',
  '+',
  'a\0b',
  '\\',
  ';--',
  '%',
  '_',
  'n"o"t',
  '\ud800',
]

/** `order(6) | labels, each ended by 1F | 1E | text` */
const SOURCE: TextSource = {
  table: TABLE,
  version: 1,
  document(_key, value) {
    if (value.length < 6) return undefined
    const [labels = '', text = ''] = new TextDecoder().decode(value.subarray(6)).split('\x1e')
    const order = value.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0)
    return { text, labels: labels.split('\x1f').slice(0, -1), order }
  },
}
const reversed: TextSource['document'] = (key, value) => {
  const document = SOURCE.document(key, value)
  return document && { ...document, text: [...document.text].reverse().join('') }
}

function entry(text: string, labels: readonly string[], order: number): Uint8Array {
  const head = Array.from({ length: 6 }, (_, i) => Math.floor(order / 256 ** (5 - i)) % 256)
  const content = `${labels.map((label) => `${label}\x1f`).join('')}\x1e${text}`
  return Uint8Array.from([...head, ...new TextEncoder().encode(content)])
}

const keyOf = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 255)
const put = (n: number, text: string, labels: readonly string[] = [], order: number = n) => ({
  put: [TABLE, keyOf(n), entry(text, labels, order)] as const,
})
const del = (n: number) => ({ del: [TABLE, keyOf(n)] as const })
const numbersOf = (places: readonly TextPlace[]): number[] =>
  places.map(({ key }) => (key[0] as number) * 256 + (key[1] as number))

const scanned = (s: SearchedStorage, query: TextQuery) => scanTexts(s.storage, SOURCE).find(query)

async function expectFound(
  { search }: SearchedStorage,
  text: string,
  wanted: readonly number[],
  query: Partial<TextQuery> = {},
  limit = 100,
): Promise<void> {
  const found = await search.find({ text, limit, ...query })
  checkEqual(numbersOf(found), wanted, `"${text}" ${JSON.stringify(query)}`)
  check(
    found.every(({ order }) => Number.isSafeInteger(order)),
    'orders',
  )
}

/** The same numbers every time, below 2^31. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state >> 8
  }
}
