import { compare, toHex, utf8 } from '@status-protocol/bytes'
import {
  decodeInstallation,
  decodeOwnPreKeys,
  decodeProtocolMessage,
  encodeInstallation,
  encodeOwnPreKeys,
  encodeProtocolMessage,
  MAX_BUNDLES,
  MAX_DIRECT_MESSAGES,
  type ProtocolMessage,
} from '@status-protocol/double-ratchet'
import {
  curve25519DiffieHellman,
  decodeRatchetHeader,
  decodeRatchetState,
  encodeRatchetHeader,
  encodeRatchetState,
  MAX_KEPT_KEYS,
  type RatchetState,
} from '@status-protocol/double-ratchet/ratchet'
import {
  type Bundle,
  decodeBundle,
  decodeBundleContainer,
  encodeBundle,
  encodeBundleContainer,
  MAX_BUNDLE_PRE_KEYS,
} from '@status-protocol/double-ratchet/x3dh'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePeerState, encodePeerState, NO_PEER_STATE } from '../src/conversation/peer-state.ts'
import * as arbitrary from './support/arbitraries.ts'

/** As text, plain: concealed values and Buffers would hide differences. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_key, v) => {
    if (v instanceof Uint8Array) return toHex(v)
    if (typeof v === 'bigint') return `${v}n`
    return v
  })
}

const byId = <Entry extends { readonly installationId: string }>(entries: readonly Entry[]): Entry[] =>
  [...entries].sort((a, b) => compare(utf8(a.installationId), utf8(b.installationId)))
const normalBundle = (bundle: Bundle) => ({ ...bundle, preKeys: byId(bundle.preKeys) })
const normal = (message: ProtocolMessage) => ({
  installationId: message.installationId,
  bundles: message.bundles.map(normalBundle),
  directMessages: byId(message.directMessages).map((d) => ({
    installationId: d.installationId,
    x3dhHeader: d.x3dhHeader,
    ratchetHeader: d.ratchetHeader,
    dhHeader: d.dhHeader,
    payload: d.payload,
  })),
  publicMessage: message.publicMessage,
})
const shownState = (state: RatchetState) => ({
  ...state,
  self: { ...state.self },
  remoteKey: state.remoteKey,
})

describe('wire codecs: what is written is read', () => {
  it('ratchet header', () => {
    const header = fc.record({
      key: arbitrary.bytes(33),
      n: fc.nat(0xffff_ffff),
      pn: fc.nat(0xffff_ffff),
    })
    fc.assert(
      fc.property(header, (h) => {
        const encoded = encodeRatchetHeader(h)
        expect(encoded).toHaveLength(41)
        expect(plain(decodeRatchetHeader(encoded))).toBe(plain({ n: h.n, pn: h.pn, key: h.key }))
      }),
    )
    expect(() => decodeRatchetHeader(new Uint8Array(40))).toThrow(/expected 41 bytes, got 40/)
  })

  it('bundles, with 64-bit timestamps of both signs', () => {
    fc.assert(
      fc.property(arbitrary.bundle, arbitrary.bytes(32), (bundle, preKeyPrivateKey) => {
        expect(plain(normalBundle(decodeBundle(encodeBundle(bundle))))).toBe(plain(normalBundle(bundle)))
        const container = decodeBundleContainer(encodeBundleContainer({ bundle, preKeyPrivateKey }))
        expect(plain(normalBundle(container.bundle))).toBe(plain(normalBundle(bundle)))
        expect(plain(container.preKeyPrivateKey)).toBe(plain(preKeyPrivateKey))
      }),
    )
  })

  it('ProtocolMessages', () => {
    fc.assert(
      fc.property(arbitrary.protocolMessage, (message) => {
        const decoded = decodeProtocolMessage(encodeProtocolMessage(message))
        expect(plain(normal(decoded))).toBe(plain(normal(message)))
        expect(toHex(encodeProtocolMessage(decoded))).toBe(toHex(encodeProtocolMessage(message)))
      }),
    )
  })

  it('decoded fields are copies', () => {
    const message: ProtocolMessage = {
      installationId: 'a',
      bundles: [],
      directMessages: [],
      publicMessage: utf8('text'),
    }
    const encoded = encodeProtocolMessage(message)
    const decoded = decodeProtocolMessage(encoded)
    encoded.fill(0)
    expect(decoded.publicMessage).toEqual(utf8('text'))
    expect(
      Buffer.isBuffer(decodeProtocolMessage(Buffer.from(encodeProtocolMessage(message))).publicMessage),
    ).toBe(false)
  })

  it('refuses numbers that do not fit', () => {
    const entry = { installationId: 'a', preKey: new Uint8Array(33), version: 2 ** 32, protocolVersion: 1 }
    const bundle: Bundle = {
      identity: new Uint8Array(33),
      preKeys: [entry],
      signature: new Uint8Array(65),
      timestampNs: 0n,
    }
    expect(() => encodeBundle(bundle)).toThrow(/version: expected an integer of 32 bits/)
    expect(() => encodeBundle({ ...bundle, preKeys: [], timestampNs: 2n ** 63n })).toThrow(/timestampNs/)
  })
})

describe('wire codecs: bounds', () => {
  const empty = { identity: new Uint8Array(0), signature: new Uint8Array(0), timestampNs: 0n }
  const preKeys = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      installationId: `${i}`,
      preKey: new Uint8Array(1),
      version: 0,
      protocolVersion: 0,
    }))

  it('installations of a bundle, bundles and direct messages of a message', () => {
    const bundle = (count: number) => encodeBundle({ ...empty, preKeys: preKeys(count) })
    expect(decodeBundle(bundle(MAX_BUNDLE_PRE_KEYS)).preKeys).toHaveLength(MAX_BUNDLE_PRE_KEYS)
    expect(() => decodeBundle(bundle(MAX_BUNDLE_PRE_KEYS + 1))).toThrow(/at most 16/)
    const message = (bundles: number, direct: number) =>
      encodeProtocolMessage({
        installationId: '',
        bundles: Array.from({ length: bundles }, () => ({ ...empty, preKeys: [] })),
        directMessages: preKeys(direct).map(({ installationId, preKey }) => ({
          installationId,
          payload: preKey,
        })),
      })
    expect(decodeProtocolMessage(message(MAX_BUNDLES, MAX_DIRECT_MESSAGES)).bundles).toHaveLength(MAX_BUNDLES)
    for (const [bundles, direct] of [
      [MAX_BUNDLES + 1, 0],
      [0, MAX_DIRECT_MESSAGES + 1],
    ] as const)
      expect(() => decodeProtocolMessage(message(bundles, direct))).toThrow(/at most 16 and 64/)
  })

  it('fields: a small message cannot become large in memory', () => {
    const many = new Uint8Array(2 * 2_001)
    for (let i = 0; i < many.length; i += 2) many.set([0x1a, 0x00], i)
    expect(() => decodeProtocolMessage(many)).toThrow(/more than 2000 fields/)
  })

  it('text that is no UTF-8 is refused, not repaired', () => {
    expect(() => decodeProtocolMessage(Uint8Array.of(0x12, 1, 0xff))).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    )
  })
})

describe('records of the store: what is written is read', () => {
  it('ratchet states', () => {
    fc.assert(
      fc.property(arbitrary.ratchetState(), (state) => {
        const encoded = encodeRatchetState(state)
        expect(plain(shownState(decodeRatchetState(encoded)))).toBe(
          plain({
            dhId: state.dhId,
            rootKey: state.rootKey,
            sending: state.sending,
            receiving: state.receiving,
            pn: state.pn,
            self: { ...state.self },
            remoteKey: state.remoteKey,
            keysCount: state.keysCount,
            kept: state.kept,
          }),
        )
      }),
    )
  })

  it('ratchet states of another Diffie-Hellman function', () => {
    const dh = curve25519DiffieHellman()
    fc.assert(
      fc.property(arbitrary.ratchetState(2, 32), (state) => {
        const encoded = encodeRatchetState(state)
        expect(toHex(encodeRatchetState(decodeRatchetState(encoded, { dh })))).toBe(toHex(encoded))
        expect(() => decodeRatchetState(encoded)).toThrow(expect.objectContaining({ code: 'corrupt-state' }))
      }),
      { numRuns: 20 },
    )
  })

  it('a state full of kept keys has the size that is documented', () => {
    const [state] = fc.sample(arbitrary.ratchetState(), { numRuns: 1, seed: 1 }) as [RatchetState]
    const kept = Array.from({ length: MAX_KEPT_KEYS }, (_, i) => ({
      ratchetKey: new Uint8Array(33).fill(i),
      n: 2 * i,
      seq: 2 * i,
      day: 18_262 + (i % 2),
      messageKey: new Uint8Array(32),
    }))
    const full = { ...state, kept, keysCount: 2 * MAX_KEPT_KEYS }
    const encoded = encodeRatchetState(full)
    expect(encoded.length).toBeLessThan(161_000)
    expect(decodeRatchetState(encoded).kept).toHaveLength(MAX_KEPT_KEYS)
    const one = { ...(kept[0] as (typeof kept)[0]), seq: 2 * MAX_KEPT_KEYS, n: 0 }
    const tooMany = encodeRatchetState({ ...full, kept: [...kept, one], keysCount: 2 * MAX_KEPT_KEYS + 1 })
    expect(() => decodeRatchetState(tooMany)).toThrow(/more than 2000 keys/)
  })

  it('installations', () => {
    fc.assert(
      fc.property(arbitrary.installation, (installation) => {
        const encoded = encodeInstallation(installation)
        const decoded = decodeInstallation(installation.id, encoded)
        expect(toHex(encodeInstallation(decoded))).toBe(toHex(encoded))
        const { sessions, ...rest } = decoded
        const { sessions: written, ...expected } = installation
        expect(rest).toEqual(expected)
        expect(sessions.map((s) => ({ ...s, ratchet: undefined }))).toEqual(
          written.map((s) => ({ ...s, ratchet: undefined })),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('own pre keys', () => {
    fc.assert(
      fc.property(arbitrary.ownPreKeys, (preKeys) => {
        const decoded = decodeOwnPreKeys(encodeOwnPreKeys(preKeys))
        expect(decoded.map((k) => ({ ...k }))).toEqual(preKeys)
      }),
    )
  })

  it('what is remembered of a peer', () => {
    fc.assert(
      fc.property(arbitrary.peerState, (state) => {
        expect(decodePeerState(encodePeerState(state))).toEqual(state)
      }),
    )
  })

  it('no truncation and no byte too many is read', () => {
    const [installation] = fc.sample(
      arbitrary.installation.filter(({ sessions }) => sessions.length > 0),
      { numRuns: 1, seed: 4 },
    )
    if (!installation) throw new Error('a sample')
    const records: (readonly [Uint8Array, (bytes: Uint8Array) => unknown])[] = [
      [encodeInstallation(installation), (b) => decodeInstallation('a', b)],
      [
        encodeRatchetState(fc.sample(arbitrary.ratchetState(), { numRuns: 1, seed: 1 })[0] as RatchetState),
        decodeRatchetState,
      ],
      [encodePeerState(NO_PEER_STATE), decodePeerState],
      [encodeOwnPreKeys(fc.sample(arbitrary.ownPreKeys, { numRuns: 1, seed: 1 })[0] ?? []), decodeOwnPreKeys],
    ]
    for (const [encoded, decode] of records) {
      expect(() => decode(encoded)).not.toThrow()
      for (let length = 0; length < encoded.length; length++)
        expect(() => decode(encoded.subarray(0, length))).toThrow(
          expect.objectContaining({ code: 'corrupt-state' }),
        )
      expect(() => decode(new Uint8Array([...encoded, 0]))).toThrow(
        expect.objectContaining({ code: 'corrupt-state' }),
      )
    }
  })
})
