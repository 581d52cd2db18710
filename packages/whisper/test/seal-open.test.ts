import { inspect } from 'node:util'
import { to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider as crypto } from '@status-protocol/crypto'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  contactCode,
  contactCodeId,
  decodeEnvelope,
  discoveryPartition,
  encodeFrame,
  encryptSymmetric,
  envelopeFrom,
  envelopeSize,
  MAX_MESSAGE_BYTES,
  MAX_PAYLOAD_BYTES,
  type Miner,
  negotiatedChat,
  open,
  partitionedDiscovery,
  personalDiscovery,
  powOf,
  publicChat,
  type SealOptions,
  seal,
  symmetricChat,
  topicFrom,
  topicOfText,
  WhisperError,
} from '../src/index.ts'

const [alice, bob, carol] = [1, 2, 3].map((n) => new Uint8Array(32).fill(n)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const key = (n: number) => new Uint8Array(32).fill(n)
const topic = topicOfText('test')
const chat = symmetricChat(topic, key(9))
const toBob = partitionedDiscovery(crypto.publicKey(bob))
const now = 1_574_000_000

class Never extends Error {}

function options(to: SealOptions['to'], more: Partial<SealOptions> = {}): SealOptions {
  return { to, nowUnixSeconds: now, powTarget: 0, random: seededRandom(5), ...more }
}

describe('EIP-627 sealing and opening', () => {
  it('opens what it seals, and nobody else does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 1000 }),
        fc.boolean(),
        fc.boolean(),
        async (payload, symmetric, signed) => {
          const to = symmetric ? chat : toBob
          const envelope = await seal(payload, options(to, signed ? { signer: alice } : {}))
          const result = open(decodeEnvelope(envelope.rlp), symmetric ? chat : { privateKey: bob })
          expect(result.ok && result.payload).toEqual(payload)
          expect(result.ok && result.signer).toEqual(signed ? crypto.publicKey(alice) : undefined)
          const notForUs = { ok: false, reason: 'not-for-us' }
          expect(open(envelope, { symmetricKey: key(8) })).toEqual(notForUs)
          expect(open(envelope, { privateKey: carol })).toEqual(notForUs)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('makes lengths that tell little: data of 256 n + 28 or 256 n + 113 bytes', async () => {
    for (const length of [0, 1, 186, 187, 188, 189, 253, 254, 5000])
      for (const [to, overhead] of [[chat, 28] as const, [toBob, 113] as const]) {
        const { data } = await seal(new Uint8Array(length), options(to, { signer: alice }))
        expect((data.length - overhead) % 256).toBe(0)
      }
  })

  it('has the lifetime that was asked for', async () => {
    const envelope = await seal(utf8('x'), options(chat, { ttlSeconds: 40, nowUnixSeconds: now + 0.9 }))
    expect([envelope.expiryUnixSeconds, envelope.ttlSeconds]).toEqual([now + 40, 40])
    const usual = await seal(utf8('x'), { to: chat, powTarget: 0 })
    expect(usual.ttlSeconds).toBe(15)
    expect(Math.abs(usual.expiryUnixSeconds - 15 - Date.now() / 1000)).toBeLessThan(60)
  })

  it('does the work that was asked for', async () => {
    for (const powTarget of [0.002, 0.1]) {
      const envelope = await seal(utf8('x'), options(chat, { powTarget, ttlSeconds: 10 }))
      expect(powOf(envelope)).toBeGreaterThanOrEqual(powTarget)
    }
    const lazy = await seal(utf8('x'), options(chat))
    expect(lazy.nonce).toBe(0n)
  })

  it('reaches the target by the receiver’s rule where RLP is longer than 20 + data', async () => {
    const more = { powTarget: 1e-12, ttlSeconds: 2 ** 32 - 1 - now, padding: Uint8Array.of(1) }
    const asked: number[] = []
    const miner: Miner = {
      async mine(rlp, bits) {
        asked.push(rlp.length, bits)
        return 0n
      },
    }
    const envelope = await seal(new Uint8Array(70_000), options(chat, { ...more, miner, powTarget: 1 }))
    expect(asked[0]).toBeGreaterThan(envelopeSize(envelope))
    expect(2 ** (asked[1] as number)).toBeGreaterThanOrEqual((asked[0] as number) * envelope.ttlSeconds)
  })

  it('is determined by its inputs', async () => {
    const [a, b] = [await seal(utf8('x'), options(toBob)), await seal(utf8('x'), options(toBob))]
    expect(toHex(a.rlp)).toBe(toHex(b.rlp))
    const c = await seal(utf8('x'), options(toBob, { random: seededRandom(6) }))
    expect(toHex(c.rlp)).not.toBe(toHex(a.rlp))
  })

  it('takes padding from the caller', async () => {
    const envelope = await seal(utf8('x'), options(chat, { padding: Uint8Array.of(1, 2, 3) }))
    const result = open(envelope, chat)
    expect(result.ok && [...result.padding]).toEqual([1, 2, 3])
  })

  it('refuses what no node would take', async () => {
    const largest = new Uint8Array(MAX_PAYLOAD_BYTES)
    const envelope = await seal(largest, options(toBob, { signer: alice }))
    expect(envelopeSize(envelope)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES)
    const larger = new Uint8Array(MAX_PAYLOAD_BYTES + 1)
    await expect(seal(larger, options(toBob, { signer: alice }))).rejects.toMatchObject({
      code: 'invalid-argument',
    })
    const generous = options(toBob, { signer: alice, maxMessageBytes: 2 * MAX_MESSAGE_BYTES })
    expect(envelopeSize(await seal(larger, generous))).toBeGreaterThan(MAX_MESSAGE_BYTES)
  })

  it.each<[string, SealOptions]>([
    ['a symmetric key of 31 bytes', options({ topic, symmetricKey: key(1).subarray(1) })],
    ['a topic of 3 bytes', options({ topic: topic.subarray(1) as typeof topic, symmetricKey: key(1) })],
    ['a public key that is no point', options({ topic, publicKey: new Uint8Array(65).fill(4) })],
    ['a signer of zeros', options(chat, { signer: new Uint8Array(32) })],
    ['a signer of 5 bytes', options(chat, { signer: new Uint8Array(5) })],
    ['a TTL of 0', options(chat, { ttlSeconds: 0 })],
    ['a TTL that is no number', options(chat, { ttlSeconds: Number.NaN })],
    ['an expiry after 2106', options(chat, { ttlSeconds: 0xffff_ffff })],
    ['a negative target', options(chat, { powTarget: -1 })],
    ['an endless target', options(chat, { powTarget: Number.POSITIVE_INFINITY })],
    ['a target beyond any hash', options(chat, { powTarget: 1e200 })],
  ])('refuses %s', async (_name, wrong) => {
    const failure = await seal(utf8('x'), wrong).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(WhisperError)
    expect(failure).toMatchObject({ code: 'invalid-argument' })
  })

  it('refuses text where bytes are meant', async () => {
    const text = 'hello' as unknown as Uint8Array
    for (const sealing of [seal(text, options(chat)), seal(utf8('x'), options(chat, { padding: text }))])
      await expect(sealing).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(() => envelopeFrom({ expiryUnixSeconds: 1, ttlSeconds: 1, topic, data: text, nonce: 0n })).toThrow(
      WhisperError,
    )
  })

  it('refuses keys that are none', () => {
    for (const wrong of [{ symmetricKey: key(1).subarray(1) }, { privateKey: new Uint8Array(31) }])
      expect(() => open({ data: new Uint8Array(200).fill(4) }, wrong)).toThrow(WhisperError)
  })

  it('says malformed where the key fits and the content does not', () => {
    const frames = [new Uint8Array(0), Uint8Array.of(1, 9), Uint8Array.of(4, ...new Uint8Array(65))]
    for (const frame of frames) {
      const data = encryptSymmetric(frame, key(9), new Uint8Array(12))
      expect(open({ data }, chat)).toEqual({ ok: false, reason: 'malformed' })
    }
  })

  it('recovers no signer from an envelope that is not ours, at the cost of one ECDH', async () => {
    const envelope = await seal(utf8('x'), options(toBob, { signer: alice }))
    const spy: CryptoProvider = {
      ...crypto,
      ecdh: vi.fn(crypto.ecdh),
      tryEcdh: vi.fn(crypto.tryEcdh),
      recover: vi.fn(crypto.recover),
      aesCtr: vi.fn(crypto.aesCtr),
    }
    expect(open(envelope, { privateKey: carol }, { crypto: spy })).toEqual({
      ok: false,
      reason: 'not-for-us',
    })
    expect([...vi.mocked(spy.ecdh).mock.calls, ...vi.mocked(spy.tryEcdh).mock.calls].length).toBe(1)
    expect(spy.recover).not.toHaveBeenCalled()
    expect(spy.aesCtr).not.toHaveBeenCalled()
  })

  it('gives up when it is told to or when the time is over', async () => {
    const never: Miner = { mine: async () => undefined }
    const hard = { powTarget: 1e9, powTimeMs: 3 }
    await expect(seal(utf8('x'), options(chat, { ...hard, miner: never }))).rejects.toMatchObject({
      code: 'pow-not-reached',
    })
    const controller = new AbortController()
    const sealing = seal(utf8('x'), options(chat, { ...hard, powTimeMs: 60_000, signal: controller.signal }))
    setTimeout(() => controller.abort(), 20)
    await expect(sealing).rejects.toMatchObject({ code: 'aborted' })
    const mine = vi.fn(never.mine)
    const late = options(chat, { ...hard, signal: AbortSignal.abort(), miner: { mine } })
    await expect(seal(utf8('x'), late)).rejects.toMatchObject({ code: 'aborted' })
    expect(mine).not.toHaveBeenCalled()
  })

  it('fuzz: survives mutated data', async () => {
    const random = seededRandom(3)
    const seeds = [
      (await seal(utf8('hello'), options(chat, { signer: alice }))).data,
      (await seal(utf8('hello'), options(toBob, { signer: alice }))).data,
    ]
    fuzz({
      seeds,
      random,
      count: Number(process.env.FUZZ_COUNT ?? 10_000),
      expectedError: Never,
      decode(data) {
        const envelope = envelopeFrom({ expiryUnixSeconds: 1, ttlSeconds: 1, topic, data, nonce: 0n })
        for (const opening of [chat, { privateKey: bob }]) {
          const result = open(envelope, opening)
          if (result.ok) expect(new TextDecoder().decode(result.payload)).toBe('hello')
        }
      },
    })
  })

  it('fuzz: survives mutated frames under a right key', () => {
    const random = seededRandom(4)
    const frame = encodeFrame({ payload: utf8('hello'), padding: random.bytes(70), signed: true })
    fuzz({
      seeds: [frame],
      random,
      count: Number(process.env.FUZZ_COUNT ?? 10_000),
      expectedError: Never,
      decode(input) {
        const result = open({ data: encryptSymmetric(input, key(9), random.bytes(12)) }, chat)
        expect(result.ok || result.reason === 'malformed').toBe(true)
      },
    })
  })
})

describe('Status chats', () => {
  const publicKey = crypto.publicKey(alice)

  it('meet on the negotiated topic from both sides', async () => {
    const ours = await negotiatedChat({ privateKey: alice, publicKey: crypto.publicKey(bob) })
    const theirs = await negotiatedChat({ privateKey: bob, publicKey })
    expect(theirs.symmetricKey).toEqual(ours.symmetricKey)
    expect(theirs.topic).toEqual(ours.topic)
    const wrong = { privateKey: new Uint8Array(32), publicKey }
    await expect((async () => negotiatedChat(wrong))()).rejects.toBeInstanceOf(WhisperError)
  })

  it('partition by the X coordinate modulo 5,000', () => {
    const x = BigInt(to0xHex(publicKey.subarray(1, 33)))
    expect(discoveryPartition(publicKey)).toBe(Number(x % 5000n))
    expect(partitionedDiscovery(publicKey).topic).toEqual(topicOfText(`contact-discovery-${x % 5000n}`))
    expect(personalDiscovery(publicKey).topic).toEqual(topicOfText(`contact-discovery-${toHex(publicKey)}`))
    expect(contactCodeId(publicKey)).toBe(`${to0xHex(publicKey)}-contact-code`)
  })

  it('refuse what is no public key', async () => {
    const compressed = crypto.compressPublicKey(publicKey)
    for (const wrong of [compressed, new Uint8Array(65), publicKey.subarray(1)])
      for (const use of [partitionedDiscovery, personalDiscovery, contactCode])
        await expect((async () => use(wrong))()).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(() => symmetricChat(topicFrom(new Uint8Array(4)), new Uint8Array(31))).toThrow(WhisperError)
  })

  it('do not show their key to logs', async () => {
    const secret = await publicChat('status')
    const shown = JSON.stringify(secret) + inspect(secret, { depth: 9 }) + String(secret)
    expect(shown).not.toContain('symmetricKey')
    expect(secret.symmetricKey.length).toBe(32)
  })
})
