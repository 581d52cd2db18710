import { compare, equal } from '@status-protocol/bytes'
import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
import {
  bloomMatchesTopic,
  bloomOfTopics,
  type Envelope,
  envelopeFrom,
  envelopeHash,
  fullBloom,
  sentUnixSeconds,
  type Topic,
  topicFrom,
  topicNumber,
} from '@status-protocol/whisper'
import type { ArchiveDigest, ArchiveMatch, ArchiveQuery, EnvelopeArchive } from './archive.ts'
import { cursorOf } from './cursor.ts'

/** What every {@link EnvelopeArchive} does. `open` makes a fresh, empty archive; `close` gives it back. */
export function archiveConformance(archives: {
  open(): Promise<EnvelopeArchive>
  close?(archive: EnvelopeArchive): Promise<void>
}): readonly ConformanceCase[] {
  const withArchive = (name: string, run: (archive: EnvelopeArchive) => Promise<void>): ConformanceCase => ({
    name,
    async run() {
      const archive = await archives.open()
      try {
        await run(archive)
      } finally {
        await archives.close?.(archive)
      }
    },
  })

  return [
    withArchive('an empty archive answers with nothing', async (a) => {
      checkEqual((await found(a, {})).length, 0, 'query')
      checkEqual(await buckets(a, 0, 4_000_000_000, 60), [], 'digest')
      checkEqual(await a.prune({ beforeUnixSeconds: 4_000_000_000 }), 0, 'prune')
    }),
    withArchive('keeps an envelope once, byte for byte', async (a) => {
      const [e] = sample(1) as [Envelope]
      checkEqual(await a.putBatch([e, e]), { stored: 1, known: 1 }, 'twice in one batch')
      checkEqual(await a.putBatch([e]), { stored: 0, known: 1 }, 'again')
      const [kept] = await found(a, {})
      check(kept !== undefined && equal(kept.rlp, e.rlp), 'the same bytes come back')
    }),
    withArchive('answers oldest first, ties by hash', async (a) => {
      const all = sample(50)
      await a.putBatch([...all].reverse())
      same(await found(a, {}), inOrder(all), 'all')
    }),
    withArchive('bounds are inclusive', async (a) => {
      const all = sample(30)
      await a.putBatch(all)
      const [from, to] = [T0 + 3, T0 + 7]
      const expected = inOrder(all).filter((e) => sentUnixSeconds(e) >= from && sentUnixSeconds(e) <= to)
      check(expected.length > 0, 'the sample reaches the bounds')
      same(await found(a, { fromUnixSeconds: from, toUnixSeconds: to }), expected, 'bounded')
    }),
    withArchive('pages by cursor give the whole, each envelope once', async (a) => {
      const all = sample(23)
      await a.putBatch(all)
      const pages: Envelope[] = []
      let after: Uint8Array | undefined
      for (;;) {
        const page = await found(a, { limit: 5, ...(after ? { after } : {}) })
        if (page.length === 0) break
        check(page.length <= 5, 'a page holds no more than its limit')
        pages.push(...page)
        after = cursorOf(page[page.length - 1] as Envelope)
      }
      same(pages, inOrder(all), 'all pages')
    }),
    withArchive('by topic gives just that topic', async (a) => {
      const all = sample(40)
      await a.putBatch(all)
      const topics = [topic(1), topic(3)]
      const expected = inOrder(all).filter((e) => topics.some((t) => equal(t, e.topic)))
      same(await found(a, { match: { topics } }), expected, 'two topics')
      same(await found(a, { match: { topics: [topic(200)] } }), [], 'a topic nobody used')
      same(await found(a, { match: { topics: [] } }), [], 'no topic')
    }),
    withArchive('by bloom gives at least those topics', async (a) => {
      const all = sample(40)
      await a.putBatch(all)
      const bloom = bloomOfTopics([topic(2)])
      const answer = await found(a, { match: { bloom } })
      for (const e of inOrder(all).filter((e) => equal(e.topic, topic(2))))
        check(
          answer.some((x) => equal(x.rlp, e.rlp)),
          'an envelope of the topic is missing',
        )
      checkEqual(answer.length < all.length, true, 'something is filtered')
    }),
    withArchive('finds few among many topics, over days', async (a) => {
      const all = scattered(900)
      await a.putBatch(all)
      const some = [all[3], all[300], all[301], all[877]].map((e) => (e as Envelope).topic)
      for (const topics of [some.slice(0, 1), some]) {
        const isWanted = (e: Envelope) => topics.some((t) => equal(t, e.topic))
        const expected = inOrder(all).filter(isWanted)
        same(await found(a, { match: { topics } }), expected, 'by topics')
        same(
          (await found(a, { match: { bloom: bloomOfTopics(topics) } })).filter(isWanted),
          expected,
          'by bloom',
        )
        const pages: Envelope[] = []
        for (;;) {
          const last = pages.at(-1)
          const page = await found(a, { match: { topics }, limit: 2, ...(last && { after: cursorOf(last) }) })
          if (page.length === 0) break
          pages.push(...page)
        }
        same(pages, expected, 'pages')
      }
    }),
    withArchive('finds hundreds among many topics', async (a) => {
      const all = scattered(2000)
      await a.putBatch(all)
      const topics = inOrder(all)
        .slice(100, 900)
        .map((e) => e.topic)
      const isWanted = new Set(topics.map(topicNumber))
      const byTopic = inOrder(all).filter((e) => isWanted.has(topicNumber(e.topic)))
      same(await found(a, { match: { topics }, limit: 2000 }), byTopic, 'by topics')
      const bloom = bloomOfTopics(topics)
      const byBloom = inOrder(all).filter((e) => bloomMatchesTopic(bloom, e.topic))
      same(await found(a, { match: { bloom }, limit: 2000 }), byBloom, 'by bloom')
      same(await found(a, { match: { bloom }, limit: 70 }), byBloom.slice(0, 70), 'a page by bloom')
    }),
    withArchive('a cursor before the range or after it', async (a) => {
      const all = inOrder(sample(20))
      await a.putBatch(all)
      const early = cursorOf(all[0] as Envelope)
      const late = cursorOf(all[19] as Envelope)
      const [from, to] = [T0 + 3, T0 + 6]
      const expected = all.filter((e) => sentUnixSeconds(e) >= from && sentUnixSeconds(e) <= to)
      const range = { fromUnixSeconds: from, toUnixSeconds: to }
      same(await found(a, { ...range, after: early }), expected, 'before')
      same(await found(a, { ...range, after: late }), [], 'after')
      same(await found(a, { fromUnixSeconds: to, toUnixSeconds: from }), [], 'a range turned around')
    }),
    withArchive('times beyond 2038, up to the last second of 32 bits', async (a) => {
      const late = [2_147_483_648, 3_000_000_000, 4_294_967_295].map((expiry, i) =>
        envelopeFrom({
          ...{ expiryUnixSeconds: expiry, ttlSeconds: 0, topic: topic(i), nonce: BigInt(i) },
          data: new Uint8Array(40),
        }),
      )
      checkEqual(await a.putBatch([...late, ...late]), { stored: 3, known: 3 }, 'put')
      same(await found(a, { toUnixSeconds: 0xffff_ffff }), late, 'everything')
      same(
        await found(a, { toUnixSeconds: 0xffff_ffff, match: { topics: [topic(1)] } }),
        late.slice(1, 2),
        'by topic',
      )
      const after = cursorOf(late[1] as Envelope)
      same(await found(a, { toUnixSeconds: 0xffff_ffff, after }), late.slice(2), 'after a cursor')
      checkEqual(await a.prune({ beforeUnixSeconds: 4_000_000_000 }), 2, 'prune')
    }),
    withArchive('batches that come together are each counted', async (a) => {
      const all = sample(60)
      const results = await Promise.all([
        a.putBatch(all.slice(0, 40)),
        a.putBatch(all.slice(20, 60)),
        a.putBatch([]),
        a.putBatch(all),
      ])
      checkEqual(results[2], { stored: 0, known: 0 }, 'nothing')
      checkEqual(
        results.reduce((sum, r) => sum + r.stored, 0),
        60,
        'stored',
      )
      checkEqual(
        results.reduce((sum, r) => sum + r.known, 0),
        80,
        'known',
      )
      same(await found(a, {}), inOrder(all), 'all')
    }),
    withArchive('a large batch and a long answer', async (a) => {
      const all = scattered(2500)
      await a.putBatch(all)
      checkEqual((await found(a, { limit: 5000 })).length, 2500, 'everything')
      const one = await found(a, { limit: 2500, toUnixSeconds: T0 + 86_400 })
      same(
        one,
        inOrder(all).filter((e) => sentUnixSeconds(e) <= T0 + 86_400),
        'a day',
      )
    }),
    withArchive('large envelopes', async (a) => {
      const all = sample(6, 300_000)
      await a.putBatch(all)
      same(await found(a, {}), inOrder(all), 'everything')
      same(
        await found(a, { match: { topics: [topic(0), topic(1)] } }),
        inOrder(all.filter((e) => equal(e.topic, topic(0)) || equal(e.topic, topic(1)))),
        'by topic',
      )
    }),
    withArchive('knows its size', async (a) => {
      const all = sample(30)
      await a.putBatch(all)
      const bytes = all.reduce((sum, e) => sum + e.rlp.length, 0)
      checkEqual(await a.size(), { envelopes: 30, bytes }, 'all')
      await a.prune({ maxBytes: bytes - 1 })
      checkEqual((await a.size()).envelopes, 29, 'without the oldest')
      await a.prune({ maxBytes: 0 })
      checkEqual(await a.size(), { envelopes: 0, bytes: 0 }, 'nothing')
      checkEqual(await a.putBatch(all), { stored: 30, known: 0 }, 'again')
      same(
        await found(a, { match: { bloom: bloomOfTopics([topic(1)]) } }),
        inOrder(all.filter((e) => equal(e.topic, topic(1)))),
        'topics are known again',
      )
    }),
    withArchive('stops when asked to', async (a) => {
      await a.putBatch(sample(40))
      const controller = new AbortController()
      let seen = 0
      for await (const _ of a.query(query({}), controller.signal)) if (++seen === 3) controller.abort()
      check(seen < 40, 'an aborted query goes no further')
    }),
    withArchive('prunes by age and by size, oldest first', async (a) => {
      const all = sample(40)
      await a.putBatch(all)
      const old = all.filter((e) => sentUnixSeconds(e) < T0 + 4).length
      checkEqual(await a.prune({ beforeUnixSeconds: T0 + 4 }), old, 'deleted by age')
      const left = await found(a, {})
      check(
        left.every((e) => sentUnixSeconds(e) >= T0 + 4),
        'nothing older is left',
      )
      const bytes = left.reduce((sum, e) => sum + e.rlp.length, 0)
      const deleted = await a.prune({ maxBytes: Math.floor(bytes / 2) })
      check(deleted > 0 && deleted < left.length, 'some are deleted by size')
      same(await found(a, {}), left.slice(deleted), 'the newest stay')
    }),
    withArchive('prunes by size right after age has emptied the oldest day', async (a) => {
      const [old, ...days] = [0, 1, 2, 3].map((day) => sample(10, 40, T0 + day * 86_400)) as [
        Envelope[],
        ...Envelope[][],
      ]
      await a.putBatch([...old, ...days.flat()])
      checkEqual(await a.prune({ beforeUnixSeconds: T0 + 1_000 }), old.length, 'deleted by age')
      const { bytes } = await a.size()
      const deleted = await a.prune({ maxBytes: Math.floor(bytes / 2) })
      check(deleted >= 15 && deleted < 20, `half of the rest goes at once, ${deleted} did`)
      check((await a.size()).bytes <= bytes / 2, 'no more is left than was to be')
    }),
    withArchive('digests agree for the same content in any order', async (a) => {
      const all = sample(40)
      await a.putBatch(all)
      const whole = await buckets(a, T0, T0 + 100, 5)
      checkEqual(
        whole.reduce((sum, b) => sum + b.count, 0),
        all.length,
        'every envelope is counted',
      )
      for (const b of whole) {
        const inside = all.filter((e) => sentUnixSeconds(e) >= b.start && sentUnixSeconds(e) < b.start + 5)
        checkEqual(b.hash, xor(inside.map((e) => envelopeHash(e))), `bucket ${b.start}`)
      }
    }),
  ]
}

const T0 = 1_580_000_000

const topic = (n: number): Topic => topicFrom(Uint8Array.of(n, n, n, 0))

/** Envelopes of five topics over some ten seconds, several a second. */
function sample(count: number, bytes = 40, from: number = T0): Envelope[] {
  return Array.from({ length: count }, (_, i) =>
    envelopeFrom({
      expiryUnixSeconds: from + 10 + ((i * 7) % 11),
      ttlSeconds: 10,
      topic: topic(i % 5),
      data: Uint8Array.from({ length: bytes + i }, (_x, j) => (i * 31 + j) & 255),
      nonce: BigInt(i),
    }),
  )
}

/** Nearly each a topic of its own, over three days; every hundredth is of one topic. */
function scattered(count: number): Envelope[] {
  return Array.from({ length: count }, (_, i) =>
    envelopeFrom({
      expiryUnixSeconds: T0 + 10 + ((i * 7919) % (3 * 86_400)),
      ttlSeconds: 10,
      topic: i % 100 === 0 ? topic(9) : topicFrom(Uint8Array.of(i & 255, (i >> 3) & 255, 200, i % 7)),
      data: Uint8Array.from({ length: 30 }, (_x, j) => (i * 17 + j) & 255),
      nonce: BigInt(i),
    }),
  )
}

function inOrder(envelopes: readonly Envelope[]): Envelope[] {
  return [...envelopes].sort((a, b) => compare(cursorOf(a), cursorOf(b)))
}

function query(part: Partial<ArchiveQuery>): ArchiveQuery {
  const everything: ArchiveMatch = { bloom: fullBloom() }
  return { fromUnixSeconds: 0, toUnixSeconds: 4_000_000_000, limit: 1000, match: everything, ...part }
}

async function found(archive: EnvelopeArchive, part: Partial<ArchiveQuery>): Promise<Envelope[]> {
  const envelopes: Envelope[] = []
  for await (const e of archive.query(query(part), new AbortController().signal)) envelopes.push(e)
  return envelopes
}

async function buckets(archive: EnvelopeArchive, from: number, to: number, seconds: number) {
  const all: ArchiveDigest[] = []
  for await (const b of archive.digest(from, to, seconds)) all.push(b)
  return all
}

function same(actual: readonly Envelope[], expected: readonly Envelope[], what: string): void {
  checkEqual(
    actual.map((e) => envelopeHash(e)),
    expected.map((e) => envelopeHash(e)),
    what,
  )
}

function xor(hashes: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(32)
  for (const hash of hashes) for (let i = 0; i < 32; i++) out[i] = (out[i] as number) ^ (hash[i] as number)
  return out
}
