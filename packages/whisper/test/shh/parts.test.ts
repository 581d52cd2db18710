import { inspect } from 'node:util'
import { toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { seededRandom, virtualClock } from '@status-protocol/testkit'
import { collectGarbage } from '@status-protocol/testkit/garbage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bloomFrom,
  type Envelope,
  envelopeFrom,
  envelopeHash,
  KeyStore,
  type OpeningKey,
  seal,
  symmetricChat,
  type Topic,
  topicFrom,
} from '../../src/index.ts'
import { FilterTable, type InstalledFilter, type OpenedMessage } from '../../src/shh/filters.ts'
import { Marks } from '../../src/shh/marks.ts'
import { Opener } from '../../src/shh/opener.ts'
import { EnvelopePool } from '../../src/shh/pool.ts'
import { Requirements } from '../../src/shh/requirements.ts'
import { noCounts } from '../../src/shh/stats.ts'
import { BoundedStream } from '../../src/shh/stream.ts'
import { systemScheduler } from '../../src/shh/timers.ts'

const topicOf = (i: number): Topic => topicFrom(Uint8Array.of(i, i >> 8, 0, 0))
const random = seededRandom(1)
function envelope(expiry: number, size = 20, topic: Topic = topicOf(1)): Envelope {
  const fields = { ttlSeconds: 10, topic, data: random.bytes(size), nonce: 0n }
  return envelopeFrom({ expiryUnixSeconds: expiry, ...fields })
}
const item = (one: Envelope) => ({ envelope: one, hash: envelopeHash(one), pow: 1 })

describe('marks', () => {
  it('are a set of small integers', () => {
    const command = fc.tuple(
      fc.constantFrom('add' as const, 'delete' as const),
      fc.integer({ min: 0, max: 5000 }),
    )
    fc.assert(
      fc.property(fc.array(command), (commands) => {
        const [marks, set] = [new Marks(), new Set<number>()]
        for (const [what, place] of commands) {
          marks[what](place)
          set[what](place)
        }
        for (const [, place] of commands) expect(marks.has(place)).toBe(set.has(place))
        expect(marks.has(100_000)).toBe(false)
      }),
    )
  })
})

describe('pool', () => {
  it('sweeps up large envelopes that have gone before they are much of its size', () => {
    const pool = new EnvelopePool({ maxBytes: 64_000 })
    for (let i = 0; i < 500; i++) {
      pool.add(item(envelope(1_000, 1_000)), i % 3, 1)
      expect(pool.held).toBeLessThanOrEqual(pool.size + 10)
    }
    pool.expire(2_000)
    expect(pool.held).toBeLessThanOrEqual(10)
  })

  it('keeps to its bounds, its order and its sums, whatever comes', () => {
    const command = fc.record({
      source: fc.constantFrom<number | 'own'>(1, 2, 3, 'own'),
      expiry: fc.integer({ min: 1, max: 20 }),
      size: fc.integer({ min: 0, max: 400 }),
      again: fc.boolean(),
      nowAfter: fc.integer({ min: 0, max: 3 }),
    })
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), (commands) => {
        const limits = { maxEnvelopes: 10, maxBytes: 2_000 }
        const pool = new EnvelopePool(limits)
        const living = new Map<string, { expiry: number; sequence: number; place: number; bytes: number }>()
        let now = 0
        let last: Envelope | undefined
        for (const { source, expiry, size, again, nowAfter } of commands) {
          const one = again && last ? last : envelope(now + expiry, size)
          last = one
          const added = pool.add(item(one), source, now)
          if (added.result === 'added') {
            const { sequence, place } = added.entry
            expect([...living.values()].some((other) => other.place === place)).toBe(false)
            const bytes = one.rlp.length
            living.set(toHex(envelopeHash(one)), { expiry: one.expiryUnixSeconds, sequence, place, bytes })
            for (const gone of added.evicted) living.delete(toHex(gone.hash))
          }
          now += nowAfter
          for (const gone of pool.expire(now)) {
            expect(gone.envelope.expiryUnixSeconds).toBeLessThan(now)
            living.delete(toHex(gone.hash))
          }
          expect(pool.size).toBe(living.size)
          expect(pool.size).toBeLessThanOrEqual(limits.maxEnvelopes)
          expect(pool.bytes).toBe([...living.values()].reduce((sum, { bytes }) => sum + bytes, 0))
          expect(pool.bytes).toBeLessThanOrEqual(limits.maxBytes)
          const sequences = [...pool.from(0)].map((entry) => entry.sequence)
          expect(sequences).toEqual(
            [...living.values()].map(({ sequence }) => sequence).sort((x, y) => x - y),
          )
          const middle = sequences[sequences.length >> 1] ?? 0
          expect([...pool.from(middle)].map((entry) => entry.sequence)).toEqual(
            sequences.filter((s) => s >= middle),
          )
        }
        expect(pool.expire(1_000).length).toBe(living.size)
        expect([pool.size, pool.bytes, pool.evictedHashes]).toEqual([0, 0, 0])
      }),
    )
  })

  it('does not grow with what has gone', () => {
    const pool = new EnvelopePool({ maxEnvelopes: 50 })
    const eternal = envelope(1e9)
    pool.add(item(eternal), 1, 0)
    let [most, mostHeld] = [0, 0]
    for (let second = 0; second < 2_000; second++) {
      for (let i = 0; i < 10; i++) {
        const added = pool.add(item(envelope(second)), 1, 0)
        if (added.result === 'added') most = Math.max(most, added.entry.place)
      }
      pool.expire(second + 1)
      mostHeld = Math.max(mostHeld, pool.held)
    }
    expect(most).toBeLessThanOrEqual(50)
    expect([...pool.from(0)]).toHaveLength(1)
    expect(mostHeld).toBeLessThanOrEqual(2 * 51 + 1_024)
  })

  it('counts what links that have gone left behind as one source', () => {
    const pool = new EnvelopePool({ maxEnvelopes: 10 })
    const [mine, theirs] = [envelope(100, 40), envelope(100, 40)]
    pool.add(item(mine), 'own', 0)
    pool.add(item(theirs), 1, 0)
    for (let link = 100; link < 108; link++) {
      pool.add(item(envelope(100)), link, 0)
      pool.disown(link)
    }
    // Eight links of one envelope each do not weigh less than one link of one envelope: they are the first to lose.
    for (let i = 0; i < 8; i++) {
      pool.add(item(envelope(100)), 200 + i, 0)
      pool.disown(200 + i)
    }
    expect([pool.get(envelopeHash(mine)), pool.get(envelopeHash(theirs))].map(Boolean)).toEqual([true, true])
    expect(pool.expire(101)).toHaveLength(10)
    expect([pool.size, pool.bytes]).toEqual([0, 0])
  })

  it('remembers a bounded number of those that had to go', () => {
    const pool = new EnvelopePool({ maxEnvelopes: 1 })
    const first = envelope(100)
    pool.add(item(first), 1, 0)
    const flood = () => {
      for (let i = 0; i < 65_536 + 1; i++) pool.add(item(envelope(100)), 1, 0)
      return pool.evictedHashes
    }
    expect(flood()).toBe(65_536)
    expect(pool.add(item(first), 1, 0).result).toBe('added') // forgotten
    pool.expire(101)
    expect(pool.evictedHashes).toBe(0)
    expect(flood()).toBe(65_536)
  })
})

describe('requirements', () => {
  it('honour the value before for 10 s when they rise, and the new one at once when they fall', () => {
    const [some, none] = [bloomFrom(new Uint8Array(64).fill(1)), bloomFrom(new Uint8Array(64))]
    const requirements = new Requirements(1, undefined)
    expect(requirements.policy(0)).toEqual({ minPow: 1, blooms: [], maxMessageBytes: 1_048_576 })
    requirements.setMinPow(2, 0)
    requirements.setBloom(some, 0)
    expect(requirements.policy(9_999)).toMatchObject({ minPow: 1, blooms: [] })
    expect(requirements.policy(10_000)).toMatchObject({ minPow: 2, blooms: [some] })
    requirements.setMinPow(0.5, 20_000)
    requirements.setBloom(none, 20_000)
    expect(requirements.policy(20_000)).toMatchObject({ minPow: 0.5, blooms: [none, some] })
    expect(requirements.policy(30_000)).toMatchObject({ minPow: 0.5, blooms: [none] })
    expect([requirements.minPow, requirements.bloom]).toEqual([0.5, none])
  })

  it('honour each value of the last 10 s, but not what the new filter lets through anyway', () => {
    const blooms = [1, 2, 4].map((bit) => bloomFrom(new Uint8Array(64).fill(bit)))
    const all = bloomFrom(new Uint8Array(64).fill(7))
    const requirements = new Requirements(1, blooms[0])
    requirements.setMinPow(5, 0)
    requirements.setMinPow(9, 5_000)
    requirements.setBloom(blooms[1], 0)
    requirements.setBloom(blooms[2], 5_000)
    expect(requirements.policy(9_999)).toMatchObject({ minPow: 1, blooms: [...blooms].reverse() })
    expect(requirements.policy(10_000)).toMatchObject({ minPow: 5, blooms: [blooms[2], blooms[1]] })
    expect(requirements.policy(15_000)).toMatchObject({ minPow: 9, blooms: [blooms[2]] })
    requirements.setBloom(blooms[0], 20_000)
    requirements.setBloom(all, 20_000)
    expect(requirements.policy(20_000).blooms).toEqual([all])
    requirements.setBloom(undefined, 20_000)
    expect(requirements.policy(20_000).blooms).toEqual([])
    for (let i = 0; i < 1_000; i++) requirements.setBloom(bloomFrom(seededRandom(i).bytes(64)), 20_000)
    expect(requirements.policy(20_000).blooms.length).toBeLessThanOrEqual(17)
  })
})

describe('filters', () => {
  const filter = (
    more: Partial<InstalledFilter> & { readonly got?: OpenedMessage[] } = {},
  ): InstalledFilter => ({
    topics: [topicOf(1)],
    key: { symmetricKey: new Uint8Array(32).fill(1) },
    keyName: 'one',
    src: undefined,
    minPow: 0,
    allowDirect: true,
    deliver: (message) => more.got?.push(message),
    ...more,
  })
  const delivery = (one: Envelope, more: { pow?: number; direct?: boolean } = {}) => ({
    envelope: one,
    pow: 1,
    direct: false,
    ...more,
  })

  it('are found by topic, whatever else is installed', () => {
    const table = new FilterTable()
    const wanted = filter({ topics: [topicOf(7), topicOf(8)] })
    for (let i = 0; i < 10_000; i++) if (i !== 7) table.add(filter({ topics: [topicOf(i)] }))
    table.add(wanted)
    expect(table.matching(delivery(envelope(1, 20, topicOf(7))))).toEqual([wanted])
    const reads: number[] = []
    const counting = new Proxy(topicOf(9_999), {
      get(target, key) {
        if (key === '0') reads.push(1)
        return Reflect.get(target, key)
      },
    })
    table.matching({ envelope: { ...envelope(1), topic: counting }, pow: 1, direct: false })
    expect(reads).toHaveLength(1)
    table.delete(wanted)
    expect(table.matching(delivery(envelope(1, 20, topicOf(7))))).toEqual([])
    expect(table.size).toBe(9_999)
  })

  it('ask for work and for whether direct messages count', () => {
    const table = new FilterTable()
    const [easy, hard, live] = [filter(), filter({ minPow: 2 }), filter({ allowDirect: false })]
    for (const one of [easy, hard, live]) table.add(one)
    const one = envelope(1)
    expect(table.matching(delivery(one))).toEqual([easy, live])
    expect(table.matching(delivery(one, { pow: 2 }))).toEqual([easy, hard, live])
    expect(table.matching(delivery(one, { pow: 0, direct: true }))).toEqual([easy])
  })

  it('try each key once, for all filters that have it', async () => {
    const key = new Uint8Array(32).fill(1)
    const sealed = await seal(utf8('hi'), { to: symmetricChat(topicOf(1), key), powTarget: 0 })
    let tried = 0
    const counted = {
      get symmetricKey() {
        tried++
        return key
      },
    } as OpeningKey
    const table = new FilterTable()
    const got: OpenedMessage[] = []
    for (let i = 0; i < 5; i++) table.add(filter({ key: counted, keyName: 'same', got }))
    table.add(filter({ key: { symmetricKey: new Uint8Array(32).fill(2) }, keyName: 'other', got }))
    const delivered = [...table.open(delivery(sealed), crypto)]
    expect(delivered.filter(Boolean)).toHaveLength(5)
    expect(got).toHaveLength(5)
    expect(tried).toBe(1)
  })
})

describe('keys', () => {
  const store = new KeyStore({ random: seededRandom(3) })
  const privateKey = new Uint8Array(32).fill(0x5a)

  it('have ids of 64 hex digits; a key pair has that of the reference', async () => {
    const id = await store.addKeyPair(privateKey)
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    expect(await store.addKeyPair(privateKey)).toBe(id)
    expect(store.publicKey(id)).toEqual(crypto.publicKey(privateKey))
    expect(store.privateKey(id)).toEqual(privateKey)
    expect(store.hasKeyPair(id)).toBe(true)
    const symmetric = store.newSymmetricKey()
    expect(symmetric).toMatch(/^[0-9a-f]{64}$/)
    expect(store.symmetricKey(symmetric)).toHaveLength(32)
    const fromPassword = await store.addSymmetricKeyFromPassword('status-offline-inbox')
    expect(toHex(store.symmetricKey(fromPassword))).toMatch(/^765df27c0765526f/) // as the vectors have it
  })

  it('are copies, both ways', async () => {
    const key = new Uint8Array(32).fill(1)
    const id = store.addSymmetricKey(key)
    key.fill(2)
    store.symmetricKey(id).fill(3)
    expect(store.symmetricKey(id)).toEqual(new Uint8Array(32).fill(1))
  })

  it('are gone when deleted', async () => {
    const [pair, symmetric] = [await store.newKeyPair(), store.newSymmetricKey()]
    expect([store.deleteKeyPair(pair), store.deleteSymmetricKey(symmetric)]).toEqual([true, true])
    expect([store.deleteKeyPair(pair), store.deleteSymmetricKey(symmetric)]).toEqual([false, false])
    expect([store.hasKeyPair(pair), store.hasSymmetricKey(symmetric)]).toEqual([false, false])
    for (const get of [
      () => store.privateKey(pair),
      () => store.publicKey(pair),
      () => store.symmetricKey(symmetric),
    ])
      expect(get).toThrow(expect.objectContaining({ code: 'unknown-key' }))
  })

  it('are refused if they are none, without showing them', async () => {
    expect(() => store.addSymmetricKey(privateKey.subarray(1))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
    await expect(store.addKeyPair(new Uint8Array(32).fill(255))).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.not.stringMatching(/ff|255/) }),
    )
  })

  it('are zeroed when deleted, when put in again, and when the store is cleared', async () => {
    const given: Uint8Array[] = []
    const watching = {
      ...crypto,
      isPrivateKey: (key: Uint8Array) => crypto.isPrivateKey(key),
      publicKey: (key: Uint8Array) => crypto.publicKey(key),
      keccak256: (bytes: Uint8Array) => crypto.keccak256(bytes),
    }
    const slice = Uint8Array.prototype.slice
    const own = new KeyStore({ random: seededRandom(5), crypto: watching })
    // The store's own copies are those that it makes of what it is given.
    Uint8Array.prototype.slice = function (...args) {
      const copy = slice.apply(this, args)
      if (copy.length === 32) given.push(copy)
      return copy
    }
    try {
      const symmetric = own.addSymmetricKey(new Uint8Array(32).fill(1))
      await own.addKeyPair(privateKey)
      const pair = await own.addKeyPair(privateKey)
      own.addSymmetricKey(new Uint8Array(32).fill(2))
      const living = () => given.filter((copy) => copy.some((byte) => byte !== 0)).length
      expect([given.length, living(), own.size]).toEqual([4, 3, 3])
      own.deleteSymmetricKey(symmetric)
      own.deleteKeyPair(pair)
      expect([living(), own.size]).toEqual([1, 1])
      own.clear()
      expect([living(), own.size]).toEqual([0, 0])
    } finally {
      Uint8Array.prototype.slice = slice
    }
  })

  it('that the store makes leave no second copy behind', async () => {
    const made: Uint8Array[] = []
    const kept = (bytes: Uint8Array): Uint8Array => {
      made.push(bytes)
      return bytes
    }
    const source = seededRandom(6)
    const own = new KeyStore({
      random: { bytes: (length) => kept(source.bytes(length)) },
      crypto: { ...crypto, pbkdf2: async (options) => kept(await crypto.pbkdf2(options)) },
    })
    const ids = [own.newSymmetricKey(), await own.addSymmetricKeyFromPassword('x')]
    const pair = await own.newKeyPair()
    const living = new Set(
      made.filter((bytes) => bytes.some((byte) => byte !== 0)).map((bytes) => toHex(bytes)),
    )
    // Ids are all that is left.
    expect([...living].sort()).toEqual([...ids, pair].sort())
    for (const id of ids) expect(own.symmetricKey(id).some((byte) => byte !== 0)).toBe(true)
    expect(crypto.isPrivateKey(own.privateKey(pair))).toBe(true)
  })

  it('show in no log', async () => {
    const id = await store.addKeyPair(privateKey)
    const shown = [
      inspect(store, { depth: 10, showHidden: true }),
      JSON.stringify(store),
      String(store),
    ].join()
    expect(shown).not.toContain('5a')
    expect(shown).not.toContain('90, 90')
    expect(id).not.toContain('5a5a')
  })
})

describe('streams', () => {
  it('give everything in order, to readers before and after', async () => {
    const stream = new BoundedStream<number>({ maxItems: 5_000 })
    const early = [stream.next(), stream.next()]
    for (let i = 0; i < 5_000; i++) stream.push(i)
    const got = (await Promise.all(early)).map(({ value }) => value)
    stream.end()
    for await (const value of stream) got.push(value)
    expect(got).toEqual(Array.from({ length: 5_000 }, (_, i) => i))
    expect(stream.push(1)).toBe(false)
  })

  it('give a slow reader what they hold, then the error, then the end', async () => {
    const ends: string[] = []
    const limits = { maxItems: 3, maxBytes: 10, sizeOf: (text: string) => text.length }
    const stream = new BoundedStream<string>(limits, (why) => ends.push(why))
    expect(['a', 'b', 'c', 'd', 'e'].map((text) => stream.push(text))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
    expect(ends).toEqual(['overflowed'])
    const read = async () => (await stream.next()).value
    expect([await read(), await read(), await read()]).toEqual(['a', 'b', 'c'])
    await expect(stream.next()).rejects.toMatchObject({ code: 'slow-reader' })
    expect(await stream.next()).toEqual({ value: undefined, done: true })
  })

  it('are bounded by bytes, too', async () => {
    const limits = { maxItems: 100, maxBytes: 10, sizeOf: (text: string) => text.length }
    const stream = new BoundedStream<string>(limits)
    expect([stream.push('12345'), stream.push('67890')]).toEqual([true, true])
    await stream.next()
    expect([stream.push('12345'), stream.push('6')]).toEqual([true, false])
  })

  it('end when their reader leaves, and release those who wait when they end', async () => {
    let ended = 0
    const stream = new BoundedStream<number>({ maxItems: 3 }, () => ended++)
    stream.push(1)
    stream.push(2)
    for await (const value of stream) {
      expect(value).toBe(1)
      break
    }
    expect([ended, stream.push(3), await stream.next()]).toEqual([1, false, { value: undefined, done: true }])
    const other = new BoundedStream<number>({ maxItems: 3 })
    const waiting = [other.next(), other.next()]
    other.end()
    expect(await Promise.all(waiting)).toEqual([
      { value: undefined, done: true },
      { value: undefined, done: true },
    ])
  })
})

describe('opening', () => {
  it('leaves turns to others however much waits', async () => {
    const clock = virtualClock()
    const filters = new FilterTable()
    const counters = noCounts()
    filters.add({
      topics: [],
      key: { symmetricKey: new Uint8Array(32) },
      keyName: 'k',
      src: undefined,
      minPow: 0,
      allowDirect: true,
      deliver: () => {},
    })
    const tasks: (() => void)[] = []
    const scheduler = {
      schedule: (_: number, task: () => void) => {
        tasks.push(task)
        return () => {}
      },
    }
    const failed = (error: unknown) => expect(error).toBeUndefined()
    const opener = new Opener({ filters, clock, scheduler, crypto, counters, failed })
    for (let i = 0; i < 200; i++) opener.add({ envelope: envelope(1), pow: 1, direct: false })
    expect(counters.envelopesTried).toBe(0)
    const tried: number[] = []
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      task()
      tried.push(counters.envelopesTried)
    }
    expect(tried).toEqual([64, 128, 192, 200])
    expect([opener.size, opener.bytes]).toEqual([0, 0])
    opener.close()
    opener.add({ envelope: envelope(1), pow: 1, direct: false })
    expect([opener.size, tasks.length]).toEqual([0, 0])
  })

  it('leaves turns to others between the keys of one envelope', () => {
    const [filters, counters, tasks] = [new FilterTable(), noCounts(), [] as (() => void)[]]
    const tried: number[] = []
    const filter = (i: number): InstalledFilter => ({
      topics: [],
      get key() {
        tried.push(i)
        return { symmetricKey: new Uint8Array(32) }
      },
      ...{ keyName: `${i}`, src: undefined, minPow: 0, allowDirect: true, deliver: () => {} },
    })
    const all = Array.from({ length: 30 }, (_, i) => filter(i))
    for (const one of all) filters.add(one)
    const scheduler = {
      schedule: (_: number, task: () => void) => {
        tasks.push(task)
        return () => {}
      },
    }
    const opener = new Opener({
      ...{ filters, scheduler, crypto, counters },
      clock: { monotonicMs: () => tried.length }, // each key takes a millisecond
      failed: (error: unknown) => expect(error).toBeUndefined(),
    })
    opener.add({ envelope: envelope(1), pow: 1, direct: false })
    tasks.shift()?.()
    expect([tried.length, opener.size]).toEqual([8, 0])
    filters.delete(all[10] as InstalledFilter) // its key is gone
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const before = tried.length
      task()
      expect(tried.length - before).toBeLessThanOrEqual(8)
    }
    expect(tried).toEqual(all.map((_, i) => i).filter((i) => i !== 10))
    opener.add({ envelope: envelope(1), pow: 1, direct: false })
    tasks.shift()?.()
    opener.close()
    tasks.shift()?.()
    expect([tried.length, tasks.length, counters.envelopesTried]).toEqual([29 + 8, 0, 2])
  })

  it('leaves turns to those who are given large messages', async () => {
    const [filters, counters, tasks] = [new FilterTable(), noCounts(), [] as (() => void)[]]
    const key = new Uint8Array(32).fill(7)
    const topic = topicOf(1)
    const sealed = await seal(new Uint8Array(100_000), {
      ...{ to: symmetricChat(topic, key), powTarget: 0, nowUnixSeconds: 1_000 },
    })
    let got = 0
    for (let i = 0; i < 20; i++)
      filters.add({
        ...{ topics: [topic], key: { symmetricKey: key }, keyName: 'k', src: undefined, minPow: 0 },
        allowDirect: true,
        deliver: () => got++,
      })
    const scheduler = {
      schedule: (_: number, task: () => void) => {
        tasks.push(task)
        return () => {}
      },
    }
    const failed = (error: unknown) => expect(error).toBeUndefined()
    const opener = new Opener({ filters, clock: virtualClock(), scheduler, crypto, counters, failed })
    opener.add({ envelope: sealed, pow: 1, direct: false })
    const turns: number[] = []
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const before = got
      task()
      turns.push(got - before)
    }
    expect(Math.max(...turns)).toBe(3)
    expect([got, counters.messagesDelivered, counters.envelopesTried]).toEqual([20, 20, 1])
  })

  it('takes topics in turn, bounds each, and lets who fills one wait until it has room', async () => {
    const [filters, counters] = [new FilterTable(), noCounts()]
    const order: number[] = []
    filters.add({
      topics: [],
      get key() {
        return { symmetricKey: new Uint8Array(32) }
      },
      keyName: 'k',
      src: undefined,
      minPow: 0,
      allowDirect: true,
      deliver: () => {},
    })
    const open = filters.open.bind(filters)
    filters.open = (delivery, provider) => {
      order.push(delivery.envelope.topic[0] as number)
      return open(delivery, provider)
    }
    const tasks: (() => void)[] = []
    const scheduler = {
      schedule: (_: number, task: () => void) => {
        tasks.push(task)
        return () => {}
      },
    }
    const failed = (error: unknown) => expect(error).toBeUndefined()
    const opener = new Opener({ filters, clock: virtualClock(), scheduler, crypto, counters, failed })
    const add = (topic: number, size = 20) =>
      opener.add({ envelope: envelope(1, size, topicOf(topic)), pow: 1, direct: false })
    const flood = Array.from({ length: 1_500 }, () => add(1))
    expect(flood.findIndex(Boolean)).toBe(1_023)
    expect(add(2)).toBeUndefined() // nobody else waits
    let released = 0
    for (const room of flood) void room?.then(() => released++)
    tasks.shift()?.()
    expect(order.slice(0, 4)).toEqual([1, 2, 1, 1])
    for (let i = 0; i < 7; i++) tasks.shift()?.()
    await Promise.resolve()
    expect([opener.size, released]).toEqual([1_501 - 8 * 64, 477])
    const large = Array.from({ length: 5 }, () => add(3, 1_000_000))
    expect(large.map(Boolean)).toEqual([false, false, false, false, true])
    // All together are bounded, too.
    const topics = Array.from({ length: 4_000 }, (_, i) => add(i))
    expect(topics.filter(Boolean).length).toBe(opener.size - 4_095 + 1) // and one on the topic of the large ones
    let all = 0
    for (const room of [...large, ...topics]) void room?.then(() => all++)
    opener.close()
    await Promise.resolve()
    expect([opener.size, opener.bytes, all]).toEqual([0, 0, [...large, ...topics].filter(Boolean).length])
  })

  it('holds on to nothing that has been tried, however long the topic goes on', async () => {
    const [filters, tasks] = [new FilterTable(), [] as (() => void)[]]
    filters.add({
      topics: [],
      key: { symmetricKey: new Uint8Array(32) },
      keyName: 'k',
      src: undefined,
      minPow: 0,
      allowDirect: true,
      deliver: () => {},
    })
    const scheduler = {
      schedule: (_: number, task: () => void) => {
        tasks.push(task)
        return () => {}
      },
    }
    const failed = (error: unknown) => expect(error).toBeUndefined()
    const opener = new Opener({
      ...{ filters, clock: virtualClock(), scheduler, crypto, counters: noCounts(), failed },
    })
    const tried = Array.from({ length: 100 }, () => {
      const delivery = { envelope: envelope(1), pow: 1, direct: false }
      opener.add(delivery)
      return new WeakRef(delivery)
    })
    tasks.shift()?.()
    expect(opener.size).toBe(36)
    await collectGarbage()
    expect(tried.filter((one) => one.deref() !== undefined)).toHaveLength(36)
    opener.close()
  })
})

it("the platform's timers run once, in time, and can be taken back", async () => {
  const ran: string[] = []
  const cancels = [0, 5].map((ms) => systemScheduler.schedule(ms, () => ran.push(`taken back ${ms}`)))
  for (const cancel of cancels) cancel()
  systemScheduler.schedule(0, () => ran.push('soon'))
  await new Promise<void>((resolve) => {
    systemScheduler.schedule(10, () => {
      ran.push('later')
      resolve()
    })
  })
  expect(ran).toEqual(['soon', 'later'])
})
