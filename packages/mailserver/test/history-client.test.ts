import { toHex } from '@status-protocol/bytes'
import type { Change } from '@status-protocol/ports'
import { createMemoryArchive, createMemoryStorage } from '@status-protocol/storage-memory'
import { fuzz, seededRandom, virtualClock } from '@status-protocol/testkit'
import {
  createPortableMiner,
  createWhisper,
  decodeDirect,
  decodeHistoryRequest,
  decodeRequestComplete,
  type Envelope,
  encodeDirect,
  encodeRequestComplete,
  envelopeFrom,
  envelopeHash,
  open,
  packetCodes,
  publicChat,
  seal,
  sentUnixSeconds,
  symmetricKeyFromPassword,
  type Topic,
  topicOfText,
} from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCoverage, encodeCoverage, missingOf, withCovered } from '../src/history/coverage.ts'
import { cut, subtract, union } from '../src/history/intervals.ts'
import {
  createHistoryClient,
  createMailserver,
  cursorOf,
  type EnvelopeArchive,
  formOf,
  guardLink,
  type HistoryClient,
  type HistoryClientOptions,
  type HistoryEvent,
  type MailPeer,
} from '../src/index.ts'

const T0 = 1_580_000_000
const DAY = 86_400
const [news, sport] = [topicOfText('news'), topicOfText('sport')]

const letter = (i: number, topic: Topic = news, at = T0 + i): Envelope =>
  envelopeFrom({
    expiryUnixSeconds: at + 15,
    ttlSeconds: 15,
    topic,
    data: new Uint8Array(60).fill(i),
    nonce: BigInt(i),
  })
const wishOf = (seconds: number) => ({ topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + seconds })
const hashes = (envelopes: readonly Envelope[]) => envelopes.map((e) => toHex(envelopeHash(e)))

/** How a server treats a packet that it would send: undefined, it is lost. */
type Tamper = (code: number, body: Uint8Array) => readonly (readonly [number, Uint8Array])[]

interface TestServer {
  readonly peer: MailPeer
  /** Requests that came. */
  asked: number
  /** From now on it takes requests and is silent. */
  silent: boolean
}

async function connect(
  client: HistoryClient,
  archive: EnvelopeArchive,
  id: number,
  tamper: Tamper = (code, body) => [[code, body]],
): Promise<TestServer> {
  const peerId = new Uint8Array(64).fill(id)
  const server = await createMailserver({
    archive,
    password: 'status-offline-inbox',
    minPow: 0,
    limits: { requestBurst: 10_000 },
  })
  const toClient: MailPeer = {
    peerId: new Uint8Array(64).fill(0xcc),
    async send(code, body) {
      for (const [c, b] of tamper(code, body)) {
        if (c === packetCodes.direct) client.direct({ peerId }, decodeDirect(b))
        if (c === packetCodes.requestComplete) client.requestComplete({ peerId }, decodeRequestComplete(b))
      }
      return true
    },
  }
  const test: TestServer = {
    asked: 0,
    silent: false,
    peer: {
      peerId,
      async send(_code, body) {
        test.asked++
        if (!test.silent) void server.mail.request(toClient, decodeHistoryRequest(body))
        return true
      },
    },
  }
  client.connected(test.peer)
  return test
}

function setup(options: Partial<HistoryClientOptions> = {}) {
  const storage = createMemoryStorage()
  return {
    storage,
    client: createHistoryClient({
      storage,
      powTarget: 0,
      random: seededRandom(5),
      miner: createPortableMiner(),
      ...options,
    }),
  }
}

const archiveOf = async (envelopes: readonly Envelope[]): Promise<EnvelopeArchive> => {
  const archive = createMemoryArchive()
  await archive.putBatch(envelopes)
  return archive
}

/** Reads all events and commits as a messenger does. */
async function fetchAll(
  { client, storage }: { client: HistoryClient; storage: { commit(c: readonly Change[]): Promise<void> } },
  wish = { topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + DAY - 1 },
  each: (event: HistoryEvent) => void = () => {},
) {
  const events: HistoryEvent[] = []
  const envelopes: Envelope[] = []
  for await (const event of client.fetch(wish)) {
    events.push(event)
    each(event)
    if (event.type !== 'page') continue
    envelopes.push(...event.envelopes)
    await storage.commit(event.changes)
  }
  const done = events.at(-1)
  if (done?.type !== 'done') throw new Error('no end')
  return { events, envelopes, done }
}

describe('fetching', () => {
  it('several pages, once; a second time nothing is missing', async () => {
    const { storage, client: making } = setup({ limit: 7 })
    const client = await making
    const all = Array.from({ length: 40 }, (_, i) => letter(i))
    const server = await connect(client, await archiveOf([...all, letter(3, sport)]), 1)
    const { envelopes, done, events } = await fetchAll({ client, storage })
    expect(hashes(envelopes)).toEqual(hashes(all))
    expect(done.missing).toEqual([])
    expect(done.progress).toMatchObject({ envelopes: 40, fraction: 1, remainingMs: 0 })
    expect(events.filter(({ type }) => type === 'page').length).toBe(6)
    const asked = server.asked
    expect((await fetchAll({ client, storage })).envelopes).toEqual([])
    expect(server.asked).toBe(asked)
    expect(
      await client.missing({ topics: [news, sport], fromUnixSeconds: T0, toUnixSeconds: T0 + 9 }),
    ).toEqual([{ topics: [sport], fromUnixSeconds: T0, toUnixSeconds: T0 + 9 }])
  })

  it('only the gap between what was heard live is asked for', async () => {
    const { storage, client: making } = setup()
    const client = await making
    await connect(client, await archiveOf(Array.from({ length: 100 }, (_, i) => letter(i))), 1)
    for (const [from, to] of [
      [T0, T0 + 19],
      [T0 + 40, T0 + 200],
    ] as const)
      await storage.commit(await client.heard({ topics: [news], fromUnixSeconds: from, toUnixSeconds: to }))
    const wish = { topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 99 }
    const { envelopes } = await fetchAll({ client, storage }, wish)
    expect(hashes(envelopes)).toEqual(hashes(Array.from({ length: 20 }, (_, i) => letter(20 + i))))
  })

  it('what is heard while a fetch runs and what it fetches do not undo each other', async () => {
    const { storage, client: making } = setup({ limit: 10 })
    const client = await making
    await connect(client, await archiveOf(Array.from({ length: 50 }, (_, i) => letter(i))), 1)
    const later = { topics: [news], fromUnixSeconds: T0 + 100, toUnixSeconds: T0 + 199 }
    let pages = 0
    for await (const event of client.fetch({ topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 99 })) {
      if (event.type !== 'page') continue
      const heard = ++pages === 2 ? await client.heard(later) : []
      await storage.commit(event.changes)
      await storage.commit(heard)
    }
    const whole = { topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 199 }
    expect(await client.missing(whole)).toEqual([])
  })

  it('resumes where it was broken off, without what was committed', async () => {
    const { storage, client: making } = setup({ limit: 10 })
    const client = await making
    const all = Array.from({ length: 50 }, (_, i) => letter(i))
    await connect(client, await archiveOf(all), 1)
    const before: Envelope[] = []
    for await (const event of client.fetch({
      topics: [news],
      fromUnixSeconds: T0,
      toUnixSeconds: T0 + DAY,
    })) {
      if (event.type !== 'page') continue
      before.push(...event.envelopes)
      await storage.commit(event.changes)
      if (before.length >= 30) break
    }
    const { envelopes, done } = await fetchAll({ client, storage })
    expect(done.missing).toEqual([])
    // The second of the cursor is asked for again: more of it may have followed.
    expect(hashes(envelopes)).toEqual(hashes(all.slice(29)))
  })

  it('a page that was not committed is fetched again', async () => {
    const { storage, client: making } = setup()
    const client = await making
    await connect(client, await archiveOf([letter(1)]), 1)
    for await (const event of client.fetch({ topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 9 }))
      if (event.type === 'page') break
    expect((await fetchAll({ client, storage })).envelopes).toHaveLength(1)
  })

  it('two servers share the work; what one lacks is not missed with two copies', async () => {
    const half = Array.from({ length: 30 }, (_, i) => letter(i, news, T0 + i * 3 * 3600))
    const wish = { topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 4 * DAY }
    const shared = setup()
    const sharing = await shared.client
    const archive = await archiveOf(half)
    const servers = [await connect(sharing, archive, 1), await connect(sharing, archive, 2)]
    const one = await fetchAll({ client: sharing, storage: shared.storage }, wish)
    expect(one.envelopes).toHaveLength(30)
    expect(one.done.progress.repeated).toBe(0)
    for (const { asked } of servers) expect(asked).toBeGreaterThan(0)

    const twice = setup({ copies: 2 })
    const client = await twice.client
    await connect(client, await archiveOf(half.filter((_, i) => i % 2 === 0)), 1)
    await connect(client, await archiveOf(half.filter((_, i) => i % 3 !== 0)), 2)
    const two = await fetchAll({ client, storage: twice.storage }, wish)
    const either = half.filter((_, i) => i % 2 === 0 || i % 3 !== 0)
    expect(hashes(two.envelopes).sort()).toEqual(hashes(either).sort())
    expect(two.done.progress.repeated).toBeGreaterThan(0)
    expect(two.done.missing).toEqual([])
  })

  it('a server that dies in the middle is replaced, nothing is missed or shown twice', async () => {
    const { storage, client: making } = setup({ limit: 5, secondsPerRequest: DAY })
    const client = await making
    const all = Array.from({ length: 60 }, (_, i) => letter(i, news, T0 + i * 4000))
    const archive = await archiveOf(all)
    const first = await connect(client, archive, 1)
    await connect(client, archive, 2)
    let pages = 0
    const wish = { topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 3 * DAY }
    const { envelopes, events, done } = await fetchAll({ client, storage }, wish, (event) => {
      if (event.type === 'page' && event.server[0] === 1 && ++pages === 2)
        client.disconnected(first.peer.peerId)
    })
    expect(hashes(envelopes).sort()).toEqual(hashes(all).sort())
    expect(events.filter(({ type }) => type === 'server-failed')).toHaveLength(1)
    expect(done.missing).toEqual([])
    expect(done.progress.fraction).toBe(1)
  })

  it('a server that is silent is given up; with nobody else the gap stays', async () => {
    const clock = virtualClock(T0 * 1000)
    const { storage, client: making } = setup({ clock, scheduler: clock })
    const client = await making
    const server = await connect(client, await archiveOf([letter(1)]), 1)
    server.silent = true
    const fetching = fetchAll({ client, storage })
    for (let i = 0; i < 40; i++) await clock.advance(1000)
    const { events, done } = await fetching
    expect(events.map(({ type }) => type)).toEqual(['page', 'server-failed', 'done'])
    expect(done.missing).toEqual([{ topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + DAY - 1 }])
    server.silent = false
    client.connected(server.peer)
    expect((await fetchAll({ client, storage })).envelopes).toHaveLength(1)
  })

  it('with nobody to ask it ends at once', async () => {
    const { storage, client: making } = setup()
    const client = await making
    const { events, done } = await fetchAll({ client, storage })
    expect(events).toHaveLength(1)
    expect(done.missing.length).toBeGreaterThan(0)
  })

  it('a server that comes while it runs helps', async () => {
    const { storage, client: making } = setup({ limit: 3 })
    const client = await making
    const archive = await archiveOf(Array.from({ length: 30 }, (_, i) => letter(i, news, T0 + i * 10_000)))
    await connect(client, archive, 1)
    const late = await connect(client, archive, 2)
    client.disconnected(late.peer.peerId)
    let joined = false
    const wish = { topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 4 * DAY }
    await fetchAll({ client, storage }, wish, () => {
      if (!joined) client.connected(late.peer)
      joined = true
    })
    expect(late.asked).toBeGreaterThan(0)
  })
})

describe('memory', () => {
  it('a page of large envelopes is asked for in smaller pieces', async () => {
    const { storage, client: making } = setup()
    const client = await making
    const large = Array.from({ length: 45 }, (_, i) =>
      envelopeFrom({
        ...{ expiryUnixSeconds: T0 + i + 15, ttlSeconds: 15, topic: news, nonce: BigInt(i) },
        data: new Uint8Array(1_000_000).fill(i),
      }),
    )
    const server = await connect(client, await archiveOf(large), 1)
    const { envelopes, done } = await fetchAll({ client, storage })
    expect(done.missing).toEqual([])
    expect(hashes(envelopes)).toEqual(hashes(large))
    expect(server.asked).toBeLessThan(12)
  })
})

describe('servers of other kinds', () => {
  it('one that reads six fields only is asked again in that form, and so from then on', async () => {
    const { storage, client: making } = setup({ limit: 2 })
    const client = await making
    const archive = await archiveOf(Array.from({ length: 6 }, (_, i) => letter(i)))
    const peerId = new Uint8Array(64).fill(7)
    const server = await createMailserver({ archive, password: 'status-offline-inbox', minPow: 0 })
    const { readRequestEnvelope } = await import('../src/check-request.ts')
    const { symmetricKeyFromPassword } = await import('@status-protocol/whisper')
    const keys = { symmetricKey: await symmetricKeyFromPassword('status-offline-inbox') }
    let [old, newer] = [0, 0]
    const toClient: MailPeer = {
      peerId,
      async send(code, body) {
        if (code === packetCodes.direct) client.direct({ peerId }, decodeDirect(body))
        else client.requestComplete({ peerId }, decodeRequestComplete(body))
        return true
      },
    }
    client.connected({
      peerId,
      async send(_code, body) {
        const packet = decodeHistoryRequest(body)
        if (packet.type !== 'envelope') return true
        if (readRequestEnvelope(packet.envelope, { keys, minPow: 0 }, 'v036').ok) {
          old++
          void server.mail.request(toClient, packet)
        } else {
          newer++
          const requestId = envelopeHash(packet.envelope)
          const body = encodeRequestComplete({
            type: 'failed',
            requestId,
            error: 'query range is invalid: from > to',
          })
          client.requestComplete({ peerId }, decodeRequestComplete(body))
        }
        return true
      },
    })
    const { envelopes } = await fetchAll({ client, storage })
    expect(envelopes).toHaveLength(6)
    expect([newer, old > 3]).toEqual([1, true])
  })

  it('one that answers a request in three seconds is asked in its own time', async () => {
    const clock = virtualClock(T0 * 1000)
    const { storage, client: making } = setup({ clock, scheduler: clock, limit: 2, secondsPerRequest: 50 })
    const client = await making
    const all = Array.from({ length: 20 }, (_, i) => letter(i * 5))
    const { peer } = await connect(client, await archiveOf(all), 1)
    let [answeredMs, refused] = [Number.NEGATIVE_INFINITY, 0]
    client.connected({
      ...peer,
      async send(code, body, signal) {
        const request = decodeHistoryRequest(body)
        if (request.type !== 'envelope') return false
        const nowMs = clock.monotonicMs()
        if (nowMs - answeredMs >= 3_000) {
          answeredMs = nowMs
          return peer.send(code, body, signal)
        }
        const requestId = envelopeHash(request.envelope)
        const errors = ['rate limit exceeded', 'exceeded the number of requests limit']
        client.requestComplete(peer, { type: 'failed', requestId, error: errors[refused++ % 2] as string })
        return true
      },
    })
    let isOver = false
    const fetching = fetchAll({ client, storage }, wishOf(99)).finally(() => {
      isOver = true
    })
    while (!isOver) await clock.advance(1_000)
    const { envelopes, events, done } = await fetching
    expect(done.missing).toEqual([])
    expect(hashes(envelopes).sort()).toEqual(hashes(all).sort())
    expect(events.map(({ type }) => type)).not.toContain('server-failed')
    expect(refused).toBeGreaterThan(10)
  })

  it('one that reads six fields only and answers a request in two seconds: the wrong form counts, too', async () => {
    const clock = virtualClock(T0 * 1000)
    const { storage, client: making } = setup({ clock, scheduler: clock })
    const client = await making
    const { peer } = await connect(client, await archiveOf([letter(1)]), 1)
    const symmetricKey = await symmetricKeyFromPassword('status-offline-inbox')
    let countedMs = Number.NEGATIVE_INFINITY
    client.connected({
      ...peer,
      async send(code, body, signal) {
        const request = decodeHistoryRequest(body)
        if (request.type !== 'envelope') return false
        const requestId = envelopeHash(request.envelope)
        const isTooSoon = clock.monotonicMs() - countedMs < 2_000
        if (!isTooSoon) countedMs = clock.monotonicMs()
        const opened = open(request.envelope, { symmetricKey })
        const isRead = opened.ok && formOf(opened.payload) === 'v036'
        if (isRead && !isTooSoon) return peer.send(code, body, signal)
        const error = isTooSoon ? 'rate limit exceeded' : 'query range is invalid'
        client.requestComplete(peer, { type: 'failed', requestId, error })
        return true
      },
    })
    let isOver = false
    const fetching = fetchAll({ client, storage }, wishOf(99)).finally(() => {
      isOver = true
    })
    while (!isOver) await clock.advance(1_000)
    const { envelopes, done } = await fetching
    expect(done.missing).toEqual([])
    expect(envelopes).toHaveLength(1)
  })

  it('one that says for ever that requests come too fast is given up after a minute', async () => {
    const clock = virtualClock(T0 * 1000)
    const { storage, client: making } = setup({ clock, scheduler: clock })
    const client = await making
    const peerId = new Uint8Array(64).fill(1)
    let asked = 0
    client.connected({
      peerId,
      async send(_code, body) {
        const request = decodeHistoryRequest(body)
        if (request.type !== 'envelope') return false
        asked++
        const requestId = envelopeHash(request.envelope)
        client.requestComplete({ peerId }, { type: 'failed', requestId, error: 'rate limit exceeded' })
        return true
      },
    })
    const fetching = fetchAll({ client, storage })
    for (let seconds = 0; seconds < 70; seconds++) await clock.advance(1_000)
    const { done, events } = await fetching
    expect(asked).toBe(7)
    expect(done.missing).toHaveLength(1)
    expect(events).toContainEqual(expect.objectContaining({ reason: 'refused: rate limit exceeded' }))
  })

  it('one that answers newest first: pages, gaps and resuming are the same', async () => {
    const all = Array.from({ length: 25 }, (_, i) => letter(i))
    const oldestFirst = await archiveOf(all)
    const newestFirst: EnvelopeArchive = {
      ...oldestFirst,
      async *query(query) {
        const at = query.after && new DataView(query.after.buffer, query.after.byteOffset).getUint32(0)
        const matching = all.filter((e) => {
          const sent = sentUnixSeconds(e)
          return (
            sent >= query.fromUnixSeconds && sent <= query.toUnixSeconds && (at === undefined || sent < at)
          )
        })
        yield* matching.reverse().slice(0, query.limit)
      },
    }
    const { storage, client: making } = setup({ limit: 4 })
    const client = await making
    await connect(client, newestFirst, 1)
    const some: Envelope[] = []
    for await (const event of client.fetch({ topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 99 })) {
      if (event.type !== 'page') continue
      some.push(...event.envelopes)
      await storage.commit(event.changes)
      if (some.length >= 12) break
    }
    const wish = { topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 99 }
    const { envelopes, done } = await fetchAll({ client, storage }, wish)
    expect(done.missing).toEqual([])
    expect([...new Set(hashes([...some, ...envelopes]))].sort()).toEqual(hashes(all).sort())
    expect(envelopes.length).toBeLessThanOrEqual(14)
  })
})

describe('servers that are not to be trusted', () => {
  const wish = { topics: [news], fromUnixSeconds: T0, toUnixSeconds: T0 + 99 }

  it('envelopes count only during a request, and only of its topics, range and limit', async () => {
    const { storage, client: making } = setup({ limit: 3 })
    const client = await making
    const from = { peerId: new Uint8Array(64).fill(1) }
    expect(client.direct(from, [letter(1)])).toEqual([])
    let during: readonly Envelope[] = []
    await connect(client, await archiveOf([letter(1)]), 1, (code, body) => {
      if (code === packetCodes.direct)
        during = client.direct(from, [letter(5, sport), letter(200), letter(2), letter(3), letter(4)])
      return [[code, body]]
    })
    expect(client.direct(from, [letter(1)])).toEqual([])
    await fetchAll({ client, storage }, wish)
    // Three count: one of another topic, two of ours; out of range does not, the fourth is beyond the limit.
    expect(hashes(during)).toEqual(hashes([letter(2), letter(3)]))
    expect(client.direct(from, [letter(6)])).toEqual([])
    expect(client.direct({ peerId: new Uint8Array(64).fill(9) }, [letter(6)])).toEqual([])
  })

  const outcomes: readonly (readonly [string, Tamper])[] = [
    ['drops packets', (code, body) => (code === packetCodes.direct ? [] : [[code, body]])],
    [
      'claims that there was nothing after it sent something',
      (code, body) => {
        if (code !== packetCodes.requestComplete) return [[code, body]]
        const outcome = decodeRequestComplete(body)
        const lastEnvelopeHash = new Uint8Array(32) as ReturnType<typeof envelopeHash>
        return [
          [code, encodeRequestComplete({ type: 'done', requestId: outcome.requestId, lastEnvelopeHash })],
        ]
      },
    ],
    [
      'makes up a cursor',
      (code, body) => {
        if (code !== packetCodes.requestComplete) return [[code, body]]
        const outcome = decodeRequestComplete(body)
        if (outcome.type !== 'done') return [[code, body]]
        return [[code, encodeRequestComplete({ ...outcome, cursor: new Uint8Array(36).fill(7) })]]
      },
    ],
    [
      'always gives a cursor, the same',
      (code, body) => {
        if (code !== packetCodes.requestComplete) return [[code, body]]
        const outcome = decodeRequestComplete(body)
        const last = letter(4)
        const cursor = new Uint8Array(36)
        new DataView(cursor.buffer).setUint32(0, sentUnixSeconds(last))
        cursor.set(envelopeHash(last), 4)
        return [
          [packetCodes.direct, last.rlp],
          [
            code,
            encodeRequestComplete({
              type: 'done',
              requestId: outcome.requestId,
              lastEnvelopeHash: envelopeHash(last),
              cursor,
            }),
          ],
        ]
      },
    ],
  ]
  for (const [what, tamper] of outcomes)
    it(`one that ${what} proves nothing: another is asked`, async () => {
      const { storage, client: making } = setup()
      const client = await making
      const all = Array.from({ length: 5 }, (_, i) => letter(i))
      await connect(client, await archiveOf(all), 1, tamper)
      const alone = await fetchAll({ client, storage }, wish)
      expect(alone.done.missing).not.toEqual([])
      await connect(client, await archiveOf(all), 2)
      const { envelopes, done } = await fetchAll({ client, storage }, wish)
      const both = new Set(hashes([...alone.envelopes, ...envelopes]))
      expect([...both].sort()).toEqual(hashes(all).sort())
      expect(done.missing).toEqual([])
    })

  it('one whose cursors go round is given up at the first that comes again', async () => {
    const { storage, client: making } = setup({ limit: 2 })
    const client = await making
    const rounds = [2, 4, 6].map((i) => [letter(i - 1), letter(i)] as const)
    let pages = 0
    await connect(client, await archiveOf([]), 1, (code, body) => {
      if (code !== packetCodes.requestComplete) return []
      const { requestId } = decodeRequestComplete(body)
      const [first, last] = rounds[pages++ % 3] as readonly [Envelope, Envelope]
      const lastEnvelopeHash = envelopeHash(last)
      return [
        [packetCodes.direct, encodeDirect([first, last])],
        [code, encodeRequestComplete({ type: 'done', requestId, lastEnvelopeHash, cursor: cursorOf(last) })],
      ]
    })
    const { envelopes, events } = await fetchAll({ client, storage }, wish)
    expect(envelopes).toHaveLength(6)
    expect(pages).toBe(4)
    expect(events).toContainEqual(expect.objectContaining({ reason: 'the same page came again' }))
  })

  it('property: whatever a server breaks, with an honest one besides nothing is missing', async () => {
    const all = Array.from({ length: 60 }, (_, i) => letter(i, news, T0 + ((i * 37) % 90)))
    const action = fc.constantFrom('pass', 'pass', 'pass', 'lose', 'twice', 'junk', 'cut', 'stray')
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 30 }),
        async (actions, limit) => {
          const clock = virtualClock(T0 * 1000)
          const { storage, client: making } = setup({ clock, scheduler: clock, limit })
          const client = await making
          let at = 0
          await connect(client, await archiveOf(all), 1, (code, body) => {
            const action = actions[at++ % actions.length]
            if (action === 'lose') return code === packetCodes.requestComplete ? [] : [[code, body]]
            if (action === 'twice')
              return [
                [code, body],
                [code, body],
              ] as const
            if (action === 'junk')
              return [
                [packetCodes.direct, letter(7000 + at).rlp],
                [code, body],
              ] as const
            if (action === 'stray') {
              const requestId = new Uint8Array(32).fill(at)
              return [
                [packetCodes.requestComplete, encodeRequestComplete({ type: 'done', requestId })],
                [code, body],
              ] as const
            }
            if (action === 'cut' && code === packetCodes.requestComplete) {
              const outcome = decodeRequestComplete(body)
              if (outcome.type === 'done' && outcome.cursor) {
                const cursor = new Uint8Array(36).fill(at)
                return [[code, encodeRequestComplete({ ...outcome, cursor })]] as const
              }
            }
            return [[code, body]] as const
          })
          await connect(client, await archiveOf(all), 2)
          const got: string[] = []
          for (let round = 0; round < 2; round++) {
            let isOver = false
            const fetching = fetchAll({ client, storage }, wish).finally(() => {
              isOver = true
            })
            while (!isOver) await clock.advance(5_000)
            got.push(...hashes((await fetching).envelopes))
          }
          expect([...new Set(got)].sort()).toEqual(hashes(all).sort())
        },
      ),
      { numRuns: 15 },
    )
  })

  it('one that goes on sending what nobody asked for is not waited for without end', async () => {
    const clock = virtualClock(T0 * 1000)
    const { storage, client: making } = setup({ clock, scheduler: clock })
    const client = await making
    const server = await connect(client, await archiveOf([]), 1)
    server.silent = true
    const fetching = fetchAll({ client, storage }, wish)
    let seconds = 0
    for (; server.asked === 0 || seconds < 290; seconds++) {
      await clock.advance(1000)
      client.direct(server.peer, [letter(5000 + seconds)])
    }
    for (let i = 0; i < 40; i++) {
      await clock.advance(1000)
      client.direct(server.peer, [letter(6000 + i)])
    }
    expect((await fetching).events.map(({ type }) => type)).toEqual(['page', 'server-failed', 'done'])
  })

  it('an answer to another request is none', async () => {
    const clock = virtualClock(T0 * 1000)
    const { storage, client: making } = setup({ clock, scheduler: clock })
    const client = await making
    await connect(client, await archiveOf([]), 1, (code) => [
      [
        code,
        encodeRequestComplete({
          type: 'done',
          requestId: new Uint8Array(32).fill(1),
          lastEnvelopeHash: new Uint8Array(32) as ReturnType<typeof envelopeHash>,
        }),
      ],
    ])
    const fetching = fetchAll({ client, storage }, wish)
    for (let i = 0; i < 40; i++) await clock.advance(1000)
    expect((await fetching).done.missing).toEqual([wish])
  })
})

describe('in a Whisper node', () => {
  it('history comes through filters; what nobody asked for does not', async () => {
    const clock = virtualClock(T0 * 1000)
    const timed = { clock, scheduler: clock }
    const chat = await publicChat('news')
    const sealed = (i: number) =>
      seal(Uint8Array.of(i), {
        to: chat,
        powTarget: 0,
        nowUnixSeconds: T0 - 500 + i,
        random: seededRandom(i),
      })
    const archive = await archiveOf(await Promise.all([1, 2, 3, 4, 5].map(sealed)))
    const mailserver = await createMailserver({
      archive,
      password: 'status-offline-inbox',
      minPow: 0,
      ...timed,
    })
    const relay = createWhisper({ ...timed, mail: mailserver.mail })
    const bob = createWhisper(timed)
    const { storage, client: making } = setup({ ...timed, limit: 2 })
    const client = await making
    const link = createMemoryLinkPair()
    void relay.attach(link.a)
    void bob.attach(guardLink(link.b, client))
    await clock.advance(1000)
    const [server] = bob.peers()
    const [toBob] = relay.peers()
    if (!server || !toBob) throw new Error('not connected')
    client.connected(server)
    const received = bob.service.subscribe({ symKey: chat.symmetricKey, topics: [chat.topic] })

    // Before anybody has asked, and while somebody asks, but of another time.
    await toBob.send(packetCodes.direct, encodeDirect([await sealed(9)]))
    await clock.advance(1000)
    const wish = { topics: [chat.topic], fromUnixSeconds: T0 - 1000, toUnixSeconds: T0 }
    const fetching = fetchAll({ client, storage }, wish)
    await clock.advance(10)
    await toBob.send(packetCodes.direct, encodeDirect([letter(5000, chat.topic)]))
    for (let i = 0; i < 20; i++) await clock.advance(1000)
    const { envelopes, done } = await fetching
    expect(done.missing).toEqual([])
    expect(envelopes).toHaveLength(5)
    received.end()
    const payloads: number[] = []
    for await (const { payload, direct } of received) {
      expect(direct).toBe(true)
      payloads.push(payload[0] as number)
    }
    expect(payloads).toEqual([1, 2, 3, 4, 5])
    await Promise.all([bob.close(), relay.close(), mailserver.close()])
  })
})

describe('decoys', () => {
  it('their mail comes and is thrown away', async () => {
    const { storage, client: making } = setup({ decoys: [sport] })
    const client = await making
    await connect(client, await archiveOf([letter(1), letter(2, sport), letter(3)]), 1)
    const { envelopes, done } = await fetchAll({ client, storage })
    expect(hashes(envelopes)).toEqual(hashes([letter(1), letter(3)]))
    expect(done.progress.others).toBe(1)
  })
})

describe('gaps', () => {
  const interval = fc.tuple(fc.nat(200), fc.nat(40)).map(([from, length]) => [from, from + length] as const)
  const seconds = (intervals: readonly (readonly [number, number])[]) =>
    new Set(intervals.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)))

  it('property: union and difference are those of the seconds', () => {
    fc.assert(
      fc.property(fc.array(interval), fc.array(interval), (a, b) => {
        expect(seconds(union(a))).toEqual(seconds(a))
        const expected = new Set([...seconds(a)].filter((s) => !seconds(b).has(s)))
        expect(seconds(subtract(a, b))).toEqual(expected)
        for (const list of [union(a), subtract(a, b)])
          for (const [i, [from]] of list.entries())
            if (i > 0) expect(from).toBeGreaterThan((list[i - 1]?.[1] ?? 0) + 1)
      }),
    )
  })

  it('property: pieces make the whole', () => {
    fc.assert(
      fc.property(interval, fc.integer({ min: 1, max: 50 }), (whole, size) => {
        expect(union(cut(whole, size))).toEqual([whole])
        for (const [from, to] of cut(whole, size)) expect(to - from).toBeLessThan(size)
      }),
    )
  })

  it('property: missing is what fewer servers than copies have answered for', () => {
    const covered = fc.array(fc.tuple(fc.constantFrom('01', '02', '03', '6c697665'), interval), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(covered, interval, fc.integer({ min: 1, max: 3 }), (list, wanted, copies) => {
        let coverage: ReturnType<typeof withCovered> = new Map()
        for (const [server, stretch] of list) coverage = withCovered(coverage, server, stretch)
        const expected = [...seconds([wanted])].filter((s) => {
          const by = [...coverage].filter(([, stretches]) => seconds(stretches).has(s)).map(([name]) => name)
          return !by.includes('6c697665') && by.length < copies
        })
        const missing = missingOf(wanted, coverage, copies)
        expect([...seconds(missing.map((m) => m.interval))].sort((a, b) => a - b)).toEqual(expected)
        expect(decodeCoverage(encodeCoverage(coverage))).toEqual(coverage)
      }),
    )
  })

  it('fuzz: what is stored may be anything', () => {
    const coverage = withCovered(withCovered(new Map(), '01'.repeat(64), [1, 5]), '6c697665', [7, 9])
    fuzz({
      seeds: [encodeCoverage(coverage)],
      count: Number(process.env.FUZZ_COUNT ?? 10_000),
      random: seededRandom(2),
      decode: decodeCoverage,
      expectedError: class Never extends Error {},
    })
  })
})
