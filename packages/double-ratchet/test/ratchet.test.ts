import { inspect } from 'node:util'
import { toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import {
  acceptRatchet,
  curve25519DiffieHellman,
  type DiffieHellman,
  DoubleRatchetError,
  encodeRatchetState,
  forgetMessageKey,
  initiateRatchet,
  MAX_KEPT_KEYS,
  MAX_KEY_AGE,
  MAX_SKIPPED_KEYS,
  type RatchetMessage,
  type RatchetOptions,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  secp256k1DiffieHellman,
} from '@status-protocol/double-ratchet/ratchet'
import { describe, expect, it } from 'vitest'
import { withoutSharedSecret } from '../src/ratchet/state.ts'

const random = systemRandom
const text = utf8('hello')

function pair(options: RatchetOptions = {}): [alice: RatchetState, bob: RatchetState] {
  const dh = options.dh ?? secp256k1DiffieHellman()
  const sharedSecret = random.bytes(32)
  const keyPair = dh.generate(random)
  return [
    initiateRatchet({ sharedSecret, remoteKey: keyPair.publicKey }, { ...options, random }),
    acceptRatchet({ sharedSecret, keyPair }, options),
  ]
}

function send(from: RatchetState, count: number): { state: RatchetState; messages: RatchetMessage[] } {
  const messages: RatchetMessage[] = []
  let state = from
  for (let i = 0; i < count; i++) {
    const sent = ratchetEncrypt(state, utf8(String(i)))
    messages.push(sent.message)
    state = sent.state
  }
  return { state, messages }
}

function read(state: RatchetState, message: RatchetMessage): RatchetState {
  const result = ratchetDecrypt(state, message, { random })
  if (!result.ok) throw new Error(result.reason)
  return result.state
}

function refusal(state: RatchetState, message: RatchetMessage): string {
  const before = toHex(encodeRatchetState(state))
  const result = ratchetDecrypt(state, message, { random })
  expect(toHex(encodeRatchetState(state))).toBe(before)
  return result.ok ? 'opened' : result.reason
}

describe('Double Ratchet: beginning', () => {
  it('starts from any shared secret; either side writes first', () => {
    const [alice, bob] = pair()
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const { message } = ratchetEncrypt(from, text)
      expect(ratchetDecrypt(to, message, { random })).toMatchObject({ ok: true, plaintext: text })
    }
  })

  it('keeps no secret from which the initiator’s first chain comes; the other side may write first all the same', () => {
    const [whole, bob] = pair()
    const alice = withoutSharedSecret(whole, { crypto })
    expect(toHex(encodeRatchetState(alice))).not.toContain(toHex(whole.receiving.key))
    const hello = send(alice, 2)
    const first = send(bob, 3)
    const turned = send(read(first.state, hello.messages[1] as RatchetMessage), 1)
    const orders = [[0, 1, 2, 3], [2, 3, 0, 1], [3, 2, 1, 0], [1], [0, 3], [3, 1]]
    for (const order of orders) {
      let [state, plain] = [hello.state, send(whole, 2).state]
      for (const i of order) {
        const message = [...first.messages, ...turned.messages][i] as RatchetMessage
        state = forgetMessageKey(read(state, message), message.header)
        plain = forgetMessageKey(read(plain, message), message.header)
        expect([state.receiving, state.kept, state.keysCount], `${order}: ${i}`).toEqual([
          plain.receiving,
          plain.kept,
          plain.keysCount,
        ])
      }
    }
    const answer = send(read(bob, hello.messages[0] as RatchetMessage), 1).messages[0] as RatchetMessage
    expect(read(hello.state, answer)).toMatchObject({ keysCount: 1, kept: [{ n: 0 }], receiving: { n: 1 } })
  })

  it('refuses a shared secret that is not 32 bytes, and a remote key that is none', () => {
    const keyPair = secp256k1DiffieHellman().generate(random)
    const sharedSecret = random.bytes(31)
    expect(() => acceptRatchet({ sharedSecret, keyPair })).toThrow(DoubleRatchetError)
    expect(() => initiateRatchet({ sharedSecret, remoteKey: keyPair.publicKey }, { random })).toThrow(
      /sharedSecret: expected 32 bytes/,
    )
    const remoteKey = new Uint8Array(33).fill(255).with(0, 2)
    expect(() => initiateRatchet({ sharedSecret: random.bytes(32), remoteKey }, { random })).toThrow(
      expect.objectContaining({ code: 'invalid-key' }),
    )
  })

  it('holds no reference to the caller’s arrays', () => {
    const sharedSecret = random.bytes(32)
    const keyPair = secp256k1DiffieHellman().generate(random)
    const remoteKey = keyPair.publicKey.slice()
    const alice = initiateRatchet({ sharedSecret, remoteKey }, { random })
    const before = toHex(encodeRatchetState(alice))
    sharedSecret.fill(0)
    remoteKey.fill(0)
    expect(toHex(encodeRatchetState(alice))).toBe(before)
  })
})

describe('Double Ratchet: the Diffie-Hellman function is exchangeable', () => {
  const dh = curve25519DiffieHellman()

  it('runs on Curve25519 as the specification has it, with keys of 32 bytes', () => {
    let [alice, bob] = pair({ dh })
    for (let i = 0; i < 6; i++) {
      const sent = ratchetEncrypt(alice, text, { dh })
      expect(sent.message.header.key).toHaveLength(32)
      const result = ratchetDecrypt(bob, sent.message, { dh, random })
      if (!result.ok) throw new Error(result.reason)
      ;[alice, bob] = [result.state, sent.state]
    }
  })

  it.each([
    ['Curve25519 of order 1', dh, new Uint8Array(32)],
    ['Curve25519 of order 2', dh, Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0))],
    ['secp256k1, no point', secp256k1DiffieHellman(), new Uint8Array(33).fill(255).with(0, 2)],
    ['secp256k1, zero', secp256k1DiffieHellman(), new Uint8Array(33)],
    [
      'secp256k1, uncompressed',
      secp256k1DiffieHellman(),
      crypto.publicKey(generatePrivateKey(crypto, random)),
    ],
  ] as const)('refuses a header key that gives no secret: %s', (_name, function_, key) => {
    const [alice, bob] = pair({ dh: function_ })
    const { message } = ratchetEncrypt(alice, text, { dh: function_ })
    const forged = { ...message, header: { ...message.header, key } }
    const result = ratchetDecrypt(bob, forged, { dh: function_, random })
    expect(result).toEqual({ ok: false, reason: 'bad-key' })
  })

  it('refuses an all-zero secret whatever function gives it', () => {
    const zero: DiffieHellman = { ...secp256k1DiffieHellman({ ...crypto, ecdh: () => new Uint8Array(32) }) }
    const [alice] = pair()
    expect(zero.agree(alice.self.privateKey, alice.self.publicKey)).toBeUndefined()
  })

  it('is the same one for the whole life of a session', () => {
    const [alice] = pair({ dh })
    expect(() => ratchetEncrypt(alice, text)).toThrow(/dh: the session was made with number 2, got number 1/)
  })
})

describe('Double Ratchet: skipped messages', () => {
  it('a gap of 1,000 is read, one of 1,001 refused', () => {
    const [alice, bob] = pair()
    const { messages } = send(alice, MAX_SKIPPED_KEYS + 2)
    expect(refusal(bob, messages[MAX_SKIPPED_KEYS + 1] as RatchetMessage)).toBe('too-many-skipped')
    const after = read(bob, messages[MAX_SKIPPED_KEYS] as RatchetMessage)
    expect(after.kept).toHaveLength(MAX_SKIPPED_KEYS + 1)
    expect(read(after, messages[0] as RatchetMessage).kept).toHaveLength(MAX_SKIPPED_KEYS + 1)
  })

  it.each([
    [MAX_SKIPPED_KEYS, 'opened'],
    [MAX_SKIPPED_KEYS + 1, 'too-many-skipped'],
  ])('the end of the chain before may miss 1,000: %d missing is %s', (missing, verdict) => {
    let [alice, bob] = pair()
    const first = send(alice, 1)
    bob = read(bob, first.messages[0] as RatchetMessage)
    alice = send(first.state, missing).state
    const answer = ratchetEncrypt(bob, text)
    alice = read(alice, answer.message)
    expect(refusal(answer.state, ratchetEncrypt(alice, text).message)).toBe(verdict)
  })

  it('numbers up to 2^32 - 1 are refused before any work is done', () => {
    const [alice, bob] = pair()
    const { message } = ratchetEncrypt(alice, text)
    for (const header of [{ n: 0xffff_ffff }, { pn: 0xffff_ffff }, { n: 0xffff_ffff, pn: 0xffff_ffff }])
      expect(refusal(bob, { ...message, header: { ...message.header, ...header } })).toBe('too-many-skipped')
  })

  it('keeps 2,000 keys, the oldest go first', () => {
    const [alice, bob] = pair()
    const { messages } = send(alice, 2 * MAX_SKIPPED_KEYS + 3)
    let state = read(bob, messages[MAX_SKIPPED_KEYS] as RatchetMessage)
    state = read(state, messages[2 * MAX_SKIPPED_KEYS + 1] as RatchetMessage)
    expect(state.kept).toHaveLength(MAX_KEPT_KEYS)
    expect(refusal(state, messages[0] as RatchetMessage)).toBe('key-gone')
    expect(refusal(state, messages[1] as RatchetMessage)).toBe('key-gone')
    expect(refusal(state, messages[2] as RatchetMessage)).toBe('opened')
  })

  it('keeps no key that is 3,000 keys old, however few there are', () => {
    const [alice, bob] = pair()
    const { messages } = send(alice, MAX_KEY_AGE + 2)
    const [first, ...rest] = messages as [RatchetMessage, ...RatchetMessage[]]
    let state = bob
    for (const message of rest) {
      state = forgetMessageKey(read(state, message), message.header)
      const isOld = message.header.n >= MAX_KEY_AGE - 1
      expect(state.kept.length).toBe(isOld ? 0 : 1)
    }
    expect(refusal(state, first)).toBe('key-gone')
  })
})

describe('Double Ratchet: confirmation', () => {
  it('a message opens again until its key is forgotten', () => {
    const [alice, bob] = pair()
    const { message } = ratchetEncrypt(alice, text)
    const once = read(bob, message)
    const twice = read(once, message)
    expect(toHex(encodeRatchetState(twice))).toBe(toHex(encodeRatchetState(once)))
    const confirmed = forgetMessageKey(twice, message.header)
    expect(refusal(confirmed, message)).toBe('key-gone')
    expect(forgetMessageKey(confirmed, message.header)).toBe(confirmed)
  })

  it('draws no random bytes for what does not open', () => {
    const [alice, bob] = pair()
    const { message } = ratchetEncrypt(alice, text)
    const forged = {
      ...message,
      ciphertext: message.ciphertext.with(20, 1 ^ (message.ciphertext[20] as number)),
    }
    const none = {
      bytes(): never {
        throw new Error('drawn')
      },
    }
    expect(ratchetDecrypt(bob, forged, { random: none })).toEqual({ ok: false, reason: 'not-authentic' })
  })
})

describe('Double Ratchet: limits and misuse', () => {
  it('a chain ends after 2^32 - 1 messages', () => {
    const [alice] = pair()
    const last = { ...alice, sending: { ...alice.sending, n: 0xffff_ffff } }
    expect(() => ratchetEncrypt(last, text)).toThrow(expect.objectContaining({ code: 'chain-exhausted' }))
  })

  it('associated data is authenticated', () => {
    const [alice, bob] = pair()
    const { message } = ratchetEncrypt(alice, text, { associatedData: utf8('a') })
    expect(ratchetDecrypt(bob, message, { random, associatedData: utf8('a') })).toMatchObject({ ok: true })
    expect(ratchetDecrypt(bob, message, { random })).toEqual({ ok: false, reason: 'not-authentic' })
  })

  it('shows no key when printed', () => {
    const [alice, bob] = pair()
    for (const state of [alice, read(bob, ratchetEncrypt(alice, text).message)]) {
      const shown = [inspect(state, { depth: 10 }), JSON.stringify(state), `${state}`, inspect(state.self)]
      expect(shown).toEqual(['[RatchetState]', '"[RatchetState]"', '[RatchetState]', '[KeyPair]'])
    }
  })
})
