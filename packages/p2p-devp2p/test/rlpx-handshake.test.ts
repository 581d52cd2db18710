import { concat, equal } from '@status-protocol/bytes'
import { encodeRlp } from '@status-protocol/bytes/rlp'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeAck, encodePlainAck, PLAIN_ACK_BYTES, readAck, readPlainAck } from '../src/rlpx/ack.ts'
import { encodeAuth, PLAIN_AUTH_BYTES, readAuth, readPlainAuth } from '../src/rlpx/auth.ts'
import { answerHandshake, startHandshake, verifyAuth } from '../src/rlpx/handshake.ts'
import {
  createHandshakeReader,
  type HandshakeContext,
  type HandshakeStep,
  MAX_HANDSHAKE_BYTES,
  type OpenedPacket,
  sealEip8,
  sealPlain,
} from '../src/rlpx/handshake-packet.ts'
import { xor } from '../src/rlpx/secrets.ts'
import { ID_A, KEY_A, KEY_B, keyOf } from './support/cores.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
class NoError extends Error {}

const contextOf = (nodeKey: Uint8Array, seed: number): HandshakeContext => ({
  crypto,
  nodeKey,
  random: seededRandom(seed),
})
const a = contextOf(KEY_A, 11)
const b = contextOf(KEY_B, 12)
const publicA = crypto.publicKey(KEY_A)
const publicB = crypto.publicKey(KEY_B)

/** The last step of a reader that gets the bytes in these pieces. */
function read(nodeKey: Uint8Array, plainBytes: number, pieces: readonly Uint8Array[]): HandshakeStep {
  const reader = createHandshakeReader({ crypto, nodeKey }, plainBytes)
  let step: HandshakeStep = { type: 'more' }
  for (const piece of pieces) {
    step = reader.read(piece)
    if (step.type !== 'more') return step
  }
  return step
}

function opened(step: HandshakeStep): OpenedPacket {
  if (step.type !== 'packet') throw new Error(`expected a packet, got ${step.type}`)
  return step.opened
}

const openAuth = (packet: Uint8Array) => opened(read(KEY_B, PLAIN_AUTH_BYTES, [packet]))
const openAck = (packet: Uint8Array) => opened(read(KEY_A, PLAIN_ACK_BYTES, [packet]))

/** A plain auth as clients from before EIP-8 write it. */
function plainAuth() {
  const ephemeral = keyOf(0x33)
  const nonce = new Uint8Array(32).fill(9)
  const signature = crypto.sign(xor(crypto.ecdh(KEY_A, publicB), nonce), ephemeral)
  const hash = crypto.keccak256(crypto.publicKey(ephemeral).subarray(1))
  const message = concat(signature, hash, ID_A, nonce, Uint8Array.of(0))
  return { ephemeral, nonce, packet: sealPlain(a, publicB, message) }
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((x, y) => x - y)
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length))
}

describe('RLPx initial handshake', () => {
  it('gives both sides the same keys, and MAC states crosswise', () => {
    const started = startHandshake(a, publicB)
    const answered = answerHandshake(b, openAuth(started.auth))
    if (!answered) throw new Error('expected an answer')
    expect(answered.peerId).toEqual(ID_A)
    const secrets = started.finish(openAck(answered.ack))
    expect(secrets?.aes).toEqual(answered.secrets.aes)
    expect(secrets?.mac).toEqual(answered.secrets.mac)
    expect(secrets?.egressMac.digest()).toEqual(answered.secrets.ingressMac.digest())
    expect(secrets?.ingressMac.digest()).toEqual(answered.secrets.egressMac.digest())
  })

  it('is new every time', () => {
    const auth = openAuth(startHandshake(a, publicB).auth)
    const [first, second] = [answerHandshake(b, auth), answerHandshake(b, auth)]
    expect(first?.secrets.aes).not.toEqual(second?.secrets.aes) // so a replayed auth leads nowhere
    expect(startHandshake(a, publicB).auth).not.toEqual(startHandshake(a, publicB).auth)
  })

  it('answers a plain auth with a plain ack', () => {
    const { packet } = plainAuth()
    expect(packet.length).toBe(PLAIN_AUTH_BYTES)
    const auth = openAuth(packet)
    expect(auth.plain).toBe(true)
    const answered = answerHandshake(b, auth)
    expect(answered?.peerId).toEqual(ID_A)
    expect(answered?.ack.length).toBe(PLAIN_ACK_BYTES)
    expect(openAck(answered?.ack as Uint8Array).plain).toBe(true)
  })

  it('takes a plain ack for its own auth', () => {
    const started = startHandshake(a, publicB)
    const ack = {
      ephemeralId: crypto.publicKey(keyOf(0x44)).slice(1),
      nonce: new Uint8Array(32).fill(1),
      version: 4n,
    }
    const packet = sealPlain(b, publicA, encodePlainAck(ack))
    expect(readPlainAck(openAck(packet).plaintext)).toEqual(ack)
    expect(started.finish(openAck(packet))).toBeDefined()
  })

  it('refuses an auth whose initiator is no point, or whose signature has no key', () => {
    const good = readAuth(openAuth(startHandshake(a, publicB).auth).plaintext)
    if (!good) throw new Error('expected an auth')
    expect(verifyAuth(crypto, KEY_B, good)?.remote).toEqual(publicA)
    for (const bad of [
      { ...good, initiatorId: new Uint8Array(64).fill(1) },
      { ...good, signature: new Uint8Array(65) },
      { ...good, signature: Uint8Array.from(good.signature, (byte, i) => (i === 64 ? 27 : byte)) },
    ]) {
      expect(verifyAuth(crypto, KEY_B, bad)).toBeUndefined()
      const packet = openAuth(sealEip8(a, publicB, encodeAuth(bad)))
      expect(answerHandshake(b, packet)).toBeUndefined()
    }
  })

  it('refuses an ack whose ephemeral key is no point', () => {
    const started = startHandshake(a, publicB)
    const ack = { ephemeralId: new Uint8Array(64).fill(1), nonce: new Uint8Array(32), version: 4n }
    expect(started.finish(openAck(sealEip8(b, publicA, encodeAck(ack))))).toBeUndefined()
  })
})

describe('EIP-8 packets', () => {
  it('are padded with 100 - 299 zero bytes', () => {
    const lengths = new Set<number>()
    for (let i = 0; i < 200; i++) {
      const packet = startHandshake(a, publicB).auth
      const { plaintext } = openAuth(packet)
      const message = encodeAuth(readAuth(plaintext) as NonNullable<ReturnType<typeof readAuth>>)
      const padding = plaintext.subarray(message.length)
      expect(padding.every((byte) => byte === 0)).toBe(true)
      expect(padding.length).toBeGreaterThanOrEqual(100)
      expect(padding.length).toBeLessThanOrEqual(299)
      expect(packet.length).toBe(2 + 113 + plaintext.length)
      lengths.add(padding.length)
    }
    expect(lengths.size).toBeGreaterThan(50)
  })

  it('come out of any cutting of the stream, with what follows left alone', () => {
    const packets = [startHandshake(a, publicB).auth, plainAuth().packet]
    const rest = Uint8Array.of(1, 2, 3)
    fc.assert(
      fc.property(fc.constantFrom(...packets), fc.array(fc.nat(), { maxLength: 30 }), (packet, cuts) => {
        const pieces = [...cutAt(packet.subarray(0, -1), cuts), concat(packet.subarray(-1), rest)]
        const step = read(KEY_B, PLAIN_AUTH_BYTES, pieces)
        expect(opened(step).packet).toEqual(packet)
        expect(step.type === 'packet' && step.rest).toEqual(rest)
      }),
      { numRuns: 100 },
    )
    for (const packet of packets) {
      const drip = Array.from(packet, (byte) => Uint8Array.of(byte))
      expect(opened(read(KEY_B, PLAIN_AUTH_BYTES, drip)).packet).toEqual(packet)
    }
  })

  it('may begin with 04, as plain ones do', () => {
    const auth = encodeAuth(
      readAuth(openAuth(startHandshake(a, publicB).auth).plaintext) as NonNullable<
        ReturnType<typeof readAuth>
      >,
    )
    const long = concat(auth, new Uint8Array(0x0410 - 113 - auth.length - 100)) // + 100 - 299 of padding
    const packet = sealEip8(a, publicB, long)
    expect(packet[0]).toBe(4)
    expect(openAuth(packet).plain).toBe(false)
    expect(answerHandshake(b, openAuth(packet))?.peerId).toEqual(ID_A)
  })

  it('are refused by their size before any more is taken', () => {
    const sized = (size: number) => Uint8Array.of(size >> 8, size)
    for (const size of [0, 1, 113, PLAIN_AUTH_BYTES - 1, MAX_HANDSHAKE_BYTES + 1, 0xffff])
      expect(read(KEY_B, PLAIN_AUTH_BYTES, [sized(size)]).type).toBe('refused')
    for (const size of [PLAIN_AUTH_BYTES, MAX_HANDSHAKE_BYTES])
      expect(read(KEY_B, PLAIN_AUTH_BYTES, [sized(size)]).type).toBe('more')
    expect(read(KEY_B, PLAIN_AUTH_BYTES, [new TextEncoder().encode('GET / HTTP/1.1\r\n')]).type).toBe(
      'refused',
    )
  })

  it('are refused when they were written for another key, or changed anywhere', () => {
    const packet = startHandshake(a, publicB).auth
    expect(read(keyOf(0x55), PLAIN_AUTH_BYTES, [packet]).type).toBe('refused')
    for (let i = 2; i < packet.length; i += 7) {
      const changed = packet.slice()
      changed[i] = (changed[i] as number) ^ 1
      expect(read(KEY_B, PLAIN_AUTH_BYTES, [changed]).type).toBe('refused')
    }
    const shorter = packet.slice()
    shorter[1] = (shorter[1] as number) ^ 1 // the size is authenticated
    expect(read(KEY_B, PLAIN_AUTH_BYTES, [shorter, new Uint8Array(300)]).type).toBe('refused')
  })

  it('may have more elements, and anything in place of padding', () => {
    const id = new Uint8Array(64).fill(2)
    const nonce = new Uint8Array(32).fill(3)
    const signature = new Uint8Array(65).fill(4)
    const more = [Uint8Array.of(5), [Uint8Array.of(6), []], Uint8Array.of(7)]
    const tail = Uint8Array.of(0xff, 0xff, 0x01)
    expect(readAuth(concat(encodeRlp([signature, id, nonce, Uint8Array.of(9), ...more]), tail))).toEqual({
      ...{ signature, initiatorId: id, nonce, version: 9n },
    })
    expect(readAck(concat(encodeRlp([id, nonce, Uint8Array.of(9), ...more]), tail))).toEqual({
      ...{ ephemeralId: id, nonce, version: 9n },
    })
  })

  it('hold the right fields or nothing', () => {
    const fields = {
      id: new Uint8Array(64).fill(2),
      nonce: new Uint8Array(32).fill(3),
      version: Uint8Array.of(4),
    }
    const { id, nonce, version } = fields
    for (const list of [
      [],
      [id],
      [id, nonce],
      [id.subarray(1), nonce, version],
      [id, nonce.subarray(1), version],
      [id, nonce, Uint8Array.of(0, 4)],
      [id, nonce, new Uint8Array(9).fill(1)],
      [id, [nonce], version],
      [id, nonce, [version]],
    ])
      expect(readAck(encodeRlp(list))).toBeUndefined()
    expect(readAck(encodeRlp(concat(id, nonce, version)))).toBeUndefined()
    expect(readAck(new Uint8Array(0))).toBeUndefined()
  })
})

describe('readers of handshakes under mutated input', () => {
  it('fuzz: auth, ack and their streams never throw', () => {
    const random = seededRandom(21)
    const started = startHandshake(a, publicB)
    const auth = openAuth(started.auth)
    const answered = answerHandshake(b, auth)
    const ack = openAck(answered?.ack as Uint8Array)
    fuzz({
      ...{ seeds: [auth.plaintext, ack.plaintext], count: FUZZ_COUNT, random, expectedError: NoError },
      decode: (input) => {
        readAuth(input)
        readAck(input)
        readPlainAck(input)
        readPlainAuth(input)
      },
    })
    const perStream = Math.ceil(FUZZ_COUNT / 10) // each costs curve arithmetic
    const streams = [started.auth, plainAuth().packet, answered?.ack as Uint8Array]
    fuzz({
      ...{ seeds: streams, count: perStream, random, expectedError: NoError },
      decode: (input) => {
        const step = read(KEY_B, PLAIN_AUTH_BYTES, cutAt(input, [random.int(600), random.int(600)]))
        if (step.type === 'packet') answerHandshake(b, step.opened)
      },
    })
  })

  it('fuzz: a message sealed for us, whatever it holds, never throws', () => {
    const random = seededRandom(22)
    const auth = openAuth(startHandshake(a, publicB).auth)
    fuzz({
      ...{ seeds: [auth.plaintext], count: Math.ceil(FUZZ_COUNT / 10), random, expectedError: NoError },
      decode: (plaintext) => {
        for (const plain of [false, true]) {
          if (plain && plaintext.length !== 194) continue // ECIES leaves no other length
          const answered = answerHandshake(b, { packet: plaintext, plaintext, plain })
          if (answered && !equal(answered.peerId, ID_A)) expect(answered.peerId.length).toBe(64)
        }
      },
    })
  })
})
