import { concat, equal, utf8 } from '@status-protocol/bytes'
import { encodeRlp, rlpUint } from '@status-protocol/bytes/rlp'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Bloom,
  bloomFrom,
  decodeBatchAcknowledged,
  decodeBloomFilter,
  decodeDirect,
  decodeHistoryRequest,
  decodeMessageResponse,
  decodeMessages,
  decodePowRequirement,
  decodeRateLimits,
  decodeRequestComplete,
  decodeStatus,
  decodeSyncRequest,
  decodeSyncResponse,
  type Envelope,
  type EnvelopeHash,
  encodeBatchAcknowledged,
  encodeBloomFilter,
  encodeDirect,
  encodeHistoryRequest,
  encodeMessageResponse,
  encodeMessages,
  encodePowRequirement,
  encodeRateLimits,
  encodeRequestComplete,
  encodeStatus,
  encodeSyncRequest,
  encodeSyncResponse,
  envelopeFrom,
  MAX_DESCRIPTION_BYTES,
  MAX_ENVELOPES_PER_PACKET,
  MAX_PACKET_BYTES,
  type MessageResponse,
  parseRequestCompletePayload,
  type RequestComplete,
  topicFrom,
  WhisperError,
} from '../src/index.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff })
const hash = bytes(32) as fc.Arbitrary<EnvelopeHash>
const bloom = bytes(64).map((b) => bloomFrom(b)) as fc.Arbitrary<Bloom>
const cursor = fc.oneof(fc.constant(new Uint8Array(0)), bytes(36))
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const pow = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x))
const limit = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const rateLimits = fc.record({ perIp: limit, perPeer: limit, perTopic: limit })
const envelope: fc.Arbitrary<Envelope> = fc
  .record({
    expiryUnixSeconds: uint32,
    ttlSeconds: uint32,
    topic: bytes(4).map((b) => topicFrom(b)),
    data: fc.uint8Array({ maxLength: 300 }),
    nonce: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  })
  .map((fields) => envelopeFrom(fields))
const envelopes = fc.array(envelope, { maxLength: 5 })
const rlps = (list: readonly Envelope[]) => list.map((one) => one.rlp)
/** Whatever is sent comes back. */
function comesBack<T>(sent: fc.Arbitrary<T>, thereAndBack: (sent: T) => unknown): void {
  fc.assert(
    fc.property(sent, (value) => {
      expect(thereAndBack(value)).toEqual(value)
    }),
  )
}
const malformed = expect.objectContaining({ code: 'malformed-packet' })

describe('status (0)', () => {
  const status = fc.record({
    version: fc.integer({ min: 0, max: 1000 }),
    minPow: pow,
    bloom: fc.option(bloom, { nil: undefined }),
    lightNode: fc.boolean(),
    confirmations: fc.boolean(),
    rateLimits: fc.option(rateLimits, { nil: undefined }),
  })

  it('comes back as it was sent', () => {
    comesBack(status, (sent) => decodeStatus(encodeStatus(sent)))
  })

  it('is readable however many of its elements are there, and whatever follows', () => {
    const all = [rlpUint(6), Uint8Array.of(0x3f, 0xf0, 0, 0, 0, 0, 0, 0), new Uint8Array(64).fill(1)]
    const flags = [rlpUint(1), rlpUint(1), [rlpUint(1), rlpUint(2), rlpUint(3)]]
    for (let count = 1; count <= 8; count++) {
      const items = [...all, ...flags, rlpUint(9), utf8('later')].slice(0, count)
      const read = decodeStatus(concat(encodeRlp(items), utf8('behind the list')))
      expect(read).toEqual({
        version: 6,
        minPow: count > 1 ? 1 : 0,
        bloom: count > 2 ? new Uint8Array(64).fill(1) : undefined,
        lightNode: count > 3,
        confirmations: count > 4,
        rateLimits: count > 5 ? { perIp: 1, perPeer: 2, perTopic: 3 } : undefined,
      })
    }
  })

  const read = (...items: Parameters<typeof encodeRlp>[0][]) =>
    decodeStatus(encodeRlp([rlpUint(6), ...items]))
  const defaults = {
    version: 6,
    minPow: 0,
    bloom: undefined,
    lightNode: false,
    confirmations: false,
    rateLimits: undefined,
  }
  const [yes, no] = [rlpUint(1), rlpUint(0)]

  it('takes defaults from the first element on that is a list or too long', () => {
    expect(read([rlpUint(1)], new Uint8Array(64), yes, yes)).toEqual(defaults)
    expect(read(new Uint8Array(9).fill(1), new Uint8Array(64), yes, yes)).toEqual(defaults)
    expect(read(no, [utf8('bloom')], yes, yes)).toEqual(defaults)
    expect(read(no, new Uint8Array(0), new Uint8Array(2).fill(1), yes)).toEqual(defaults)
    expect(read(no, new Uint8Array(0), no, [yes])).toEqual(defaults)
  })

  it('passes over an element whose value is wrong but whose bytes have been read', () => {
    expect(read(no, new Uint8Array(0), rlpUint(2), yes)).toEqual({ ...defaults, confirmations: true })
    // A PoW with a leading zero: what follows is taken for the flags, as the bloom filter is only read after a PoW.
    expect(read(Uint8Array.of(0, 1), yes, yes)).toEqual({ ...defaults, lightNode: true, confirmations: true })
    // 81 01: a byte that should stand alone.
    const lone = Uint8Array.of(0xc5, 6, 0x81, 1, 1, 1)
    expect(decodeStatus(lone)).toEqual({ ...defaults, lightNode: true, confirmations: true })
  })

  it('stops at a lone zero byte, which is no integer', () => {
    expect(read(Uint8Array.of(0), yes, yes)).toEqual(defaults)
  })

  it('reads two rate limits, four, or a number as none', () => {
    for (const limits of [[yes, yes], [yes, yes, yes, yes], yes])
      expect(read(no, new Uint8Array(0), no, yes, limits).rateLimits).toBeUndefined()
  })

  it('refuses what the reference refuses', () => {
    const double = (value: number) => {
      const out = new Uint8Array(8)
      new DataView(out.buffer).setFloat64(0, value)
      return out
    }
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1])
      expect(() => read(double(bad))).toThrow(malformed)
    expect(read(double(-0)).minPow).toBe(0)
    for (const length of [2, 63, 65])
      expect(() => read(no, new Uint8Array(length).fill(255))).toThrow(malformed)
    for (const body of ['', 'c0', '06', 'c100', 'c1c0', 'c9', 'c2'])
      expect(() =>
        decodeStatus(Uint8Array.from(body.match(/../g) ?? [], (h) => Number.parseInt(h, 16))),
      ).toThrow(malformed)
  })

  it('refuses to send what nobody may read', () => {
    const sent = { ...defaults, minPow: -1 }
    expect(() => encodeStatus(sent)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    const short = { ...defaults, bloom: new Uint8Array(63) as Bloom }
    expect(() => encodeStatus(short)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })
})

describe('messages (1)', () => {
  it('come back as they were sent', () => {
    fc.assert(
      fc.property(envelopes, (sent) => {
        expect(rlps(decodeMessages(encodeMessages(sent)))).toEqual(rlps(sent))
      }),
    )
  })

  it('are bounded in number before anything is made of them', () => {
    const tiny = Uint8Array.of(0xc9, 0x80, 0x80, 0x84, 1, 2, 3, 4, 0x80, 0x80)
    const packet = (count: number) => {
      const out = new Uint8Array(4 + tiny.length * count)
      const length = tiny.length * count
      out.set([0xfa, length >> 16, (length >> 8) & 255, length & 255])
      for (let i = 0; i < count; i++) out.set(tiny, 4 + i * tiny.length)
      return out
    }
    expect(decodeMessages(packet(MAX_ENVELOPES_PER_PACKET))).toHaveLength(MAX_ENVELOPES_PER_PACKET)
    expect(() => decodeMessages(packet(MAX_ENVELOPES_PER_PACKET + 1))).toThrow(malformed)
    expect(packet(MAX_ENVELOPES_PER_PACKET).length).toBeLessThan(MAX_PACKET_BYTES)
  })

  it('are refused as a whole: one bad envelope, bytes behind the list', () => {
    const good = encodeMessages([])
    expect(() => decodeMessages(concat(good, good))).toThrow(malformed)
    expect(() => decodeMessages(encodeRlp([new Uint8Array(1)]))).toThrow(malformed)
  })
})

describe('requirements (2, 3, 20)', () => {
  it('come back as they were sent', () => {
    comesBack(pow, (sent) => decodePowRequirement(encodePowRequirement(sent)))
    comesBack(bloom, (sent) => decodeBloomFilter(encodeBloomFilter(sent)))
    comesBack(rateLimits, (sent) => decodeRateLimits(encodeRateLimits(sent)))
  })

  it('read limits beyond 2^53 as the largest safe integer', () => {
    const huge = new Uint8Array(8).fill(255)
    expect(decodeRateLimits(encodeRlp([huge, rlpUint(0), rlpUint(1)])).perIp).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('take three limits exactly', () => {
    for (const count of [0, 2, 4])
      expect(() => decodeRateLimits(encodeRlp(Array.from({ length: count }, () => rlpUint(1))))).toThrow(
        malformed,
      )
    expect(() => encodeRateLimits({ perIp: -1, perPeer: 0, perTopic: 0.5 })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })
})

describe('confirmations (11, 12)', () => {
  const response: fc.Arbitrary<MessageResponse> = fc.record({
    batchHash: bytes(32),
    errors: fc.array(fc.record({ hash, code: uint32, description: text }), { maxLength: 5 }),
  })

  it('come back as they were sent', () => {
    comesBack(hash, (sent) => decodeBatchAcknowledged(encodeBatchAcknowledged(sent)))
    comesBack(response, (sent) => decodeMessageResponse(encodeMessageResponse(sent)))
  })

  it('leave errors out rather than become too large', () => {
    fc.assert(
      fc.property(response, fc.integer({ min: 100, max: 500 }), (sent, maxBytes) => {
        const body = encodeMessageResponse(sent, { maxBytes })
        expect(body.length).toBeLessThanOrEqual(maxBytes)
        const read = decodeMessageResponse(body)
        expect(read?.errors).toEqual(sent.errors.slice(0, read?.errors.length))
      }),
    )
  })

  it('cut descriptions', () => {
    const errors = [{ hash: new Uint8Array(32) as EnvelopeHash, code: 1, description: 'x'.repeat(10_000) }]
    const read = decodeMessageResponse(encodeMessageResponse({ batchHash: new Uint8Array(32), errors }))
    expect(read?.errors[0]?.description).toHaveLength(MAX_DESCRIPTION_BYTES)
  })

  it('are ignored in another version or with an inner part that makes no sense', () => {
    for (const inner of [[], [utf8('x')], new Uint8Array(0)]) {
      expect(decodeMessageResponse(encodeRlp([rlpUint(2), inner]))).toBeUndefined()
      expect(decodeMessageResponse(encodeRlp([rlpUint(1), inner]))).toBeUndefined()
    }
    for (const outer of [[], [rlpUint(1)], [rlpUint(2), [], []], rlpUint(1), [[], []]])
      expect(() => decodeMessageResponse(encodeRlp(outer))).toThrow(malformed)
  })
})

describe('mail servers (123 - 127)', () => {
  it('sync requests and responses come back as they were sent', () => {
    const request = fc.record({
      lowerUnixSeconds: uint32,
      upperUnixSeconds: uint32,
      bloom: bytes(64),
      limit: uint32,
      cursor,
    })
    comesBack(request, (sent) => decodeSyncRequest(encodeSyncRequest(sent)))
    const response = fc.record({ envelopes, cursor, final: fc.boolean(), error: text })
    fc.assert(
      fc.property(response, (sent) => {
        const { envelopes: read, ...rest } = decodeSyncResponse(encodeSyncResponse(sent))
        expect(rlps(read)).toEqual(rlps(sent.envelopes))
        expect({ ...rest, envelopes: sent.envelopes }).toEqual(sent)
      }),
    )
  })

  it('both forms of a request come back as they were sent', () => {
    const request = fc.record({
      id: bytes(32),
      fromUnixSeconds: uint32,
      toUnixSeconds: uint32,
      limit: uint32,
      cursor,
      bloom: bytes(64),
    })
    fc.assert(
      fc.property(request, (sent) => {
        const plain = { type: 'plain', request: sent } as const
        expect(decodeHistoryRequest(encodeHistoryRequest(plain))).toEqual(plain)
      }),
    )
    fc.assert(
      fc.property(envelope, (sent) => {
        const read = decodeHistoryRequest(encodeHistoryRequest({ type: 'envelope', envelope: sent }))
        expect(read.type === 'envelope' && equal(read.envelope.rlp, sent.rlp)).toBe(true)
      }),
    )
  })

  it('the end of a request comes back as it was sent', () => {
    const outcome: fc.Arbitrary<RequestComplete> = fc.oneof(
      fc.record({ type: fc.constant('done' as const), requestId: bytes(32) }),
      fc.record({ type: fc.constant('done' as const), requestId: bytes(32), lastEnvelopeHash: hash }),
      fc.record({
        type: fc.constant('done' as const),
        requestId: bytes(32),
        lastEnvelopeHash: hash,
        cursor: bytes(36),
      }),
      fc.record({ type: fc.constant('failed' as const), requestId: bytes(32), error: text }),
    )
    comesBack(outcome, (sent) => decodeRequestComplete(encodeRequestComplete(sent)))
  })

  it('a cursor needs an envelope hash before it', () => {
    const requestId = new Uint8Array(32)
    expect(() => encodeRequestComplete({ type: 'done', requestId, cursor: new Uint8Array(36) })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })

  it('an error is read however long its text, a success only up to 100 bytes', () => {
    const failed = concat(utf8('ERROR='), new Uint8Array(32), utf8('x'.repeat(200)))
    expect(parseRequestCompletePayload(failed)).toMatchObject({ type: 'failed', error: 'x'.repeat(200) })
    expect(() => parseRequestCompletePayload(new Uint8Array(101))).toThrow(malformed)
  })

  it('direct messages come back as they were sent, one of them bare', () => {
    fc.assert(
      fc.property(envelopes, (sent) => {
        const body = encodeDirect(sent)
        expect(rlps(decodeDirect(body))).toEqual(rlps(sent))
        if (sent.length === 1) expect(body).toEqual(sent[0]?.rlp)
        expect(rlps(decodeDirect(encodeMessages(sent)))).toEqual(rlps(sent)) // a list of one is read too
      }),
    )
  })

  it('bytes behind the packet are not looked at, as in the reference', () => {
    const behind = (body: Uint8Array) => concat(body, utf8('behind'))
    const one = envelopeFrom({
      expiryUnixSeconds: 9,
      ttlSeconds: 1,
      topic: topicFrom(new Uint8Array(4)),
      data: new Uint8Array(3),
      nonce: 0n,
    })
    expect(rlps(decodeDirect(behind(encodeDirect([one]))))).toEqual([one.rlp])
    expect(decodeHistoryRequest(behind(one.rlp)).type).toBe('envelope')
    expect(decodeBatchAcknowledged(behind(encodeBatchAcknowledged(new Uint8Array(32))))).toHaveLength(32)
  })
})

describe('hostile bodies', () => {
  const sample = fc.sample(envelope, { numRuns: 3, seed: 1 })
  const request = { id: new Uint8Array(32), fromUnixSeconds: 1, toUnixSeconds: 2, limit: 3 }
  const tail = { cursor: new Uint8Array(36), bloom: new Uint8Array(64) }
  const seeds = {
    decodeStatus: [
      encodeStatus({
        minPow: 0.002,
        bloom: undefined,
        lightNode: false,
        confirmations: true,
        rateLimits: { perIp: 1000, perPeer: 1, perTopic: 0 },
      }),
      encodeStatus({
        minPow: 1,
        bloom: bloomFrom(new Uint8Array(64).fill(3)),
        lightNode: true,
        confirmations: false,
        rateLimits: undefined,
      }),
    ],
    decodeMessages: [encodeMessages(sample), encodeMessages([])],
    decodePowRequirement: [encodePowRequirement(0.002)],
    decodeBloomFilter: [encodeBloomFilter(bloomFrom(new Uint8Array(64)))],
    decodeRateLimits: [encodeRateLimits({ perIp: 1000, perPeer: 1, perTopic: 0 })],
    decodeBatchAcknowledged: [encodeBatchAcknowledged(new Uint8Array(32).fill(7))],
    decodeMessageResponse: [
      encodeMessageResponse({
        batchHash: new Uint8Array(32),
        errors: [{ hash: new Uint8Array(32) as EnvelopeHash, code: 37, description: 'very old envelope' }],
      }),
    ],
    decodeSyncRequest: [encodeSyncRequest({ lowerUnixSeconds: 1, upperUnixSeconds: 2, limit: 3, ...tail })],
    decodeSyncResponse: [
      encodeSyncResponse({ envelopes: sample, cursor: tail.cursor, final: true, error: '' }),
    ],
    decodeHistoryRequest: [
      encodeHistoryRequest({ type: 'plain', request: { ...request, ...tail } }),
      sample[0]?.rlp as Uint8Array,
    ],
    decodeRequestComplete: [
      encodeRequestComplete({ type: 'failed', requestId: request.id, error: 'no' }),
      encodeRequestComplete({
        type: 'done',
        requestId: request.id,
        lastEnvelopeHash: new Uint8Array(32) as EnvelopeHash,
        cursor: tail.cursor,
      }),
    ],
    decodeDirect: [encodeDirect(sample), encodeDirect(sample.slice(1, 2))],
  }
  const decoders = {
    decodeStatus,
    decodeMessages,
    decodePowRequirement,
    decodeBloomFilter,
    decodeRateLimits,
    decodeBatchAcknowledged,
    decodeMessageResponse,
    decodeSyncRequest,
    decodeSyncResponse,
    decodeHistoryRequest,
    decodeRequestComplete,
    decodeDirect,
  }
  for (const [name, decode] of Object.entries(decoders))
    it(`fuzz: ${name} throws nothing but a WhisperError`, () => {
      const own = seeds[name as keyof typeof seeds]
      fuzz({ seeds: own, count: FUZZ_COUNT, random: seededRandom(1), decode, expectedError: WhisperError })
    }, 600_000)
})
