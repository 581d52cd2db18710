/** Values for properties of codecs. */

import type {
  Installation,
  OwnPreKey,
  PeerState,
  ProtocolMessage,
  Session,
} from '@status-protocol/double-ratchet'
import type { KeptKey, RatchetState } from '@status-protocol/double-ratchet/ratchet'
import type { Bundle } from '@status-protocol/double-ratchet/x3dh'
import fc from 'fast-check'
import { keyPair } from '../../src/keys.ts'

export const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const some = fc.uint8Array({ maxLength: 80 })
const uint32 = fc.oneof(fc.constantFrom(0, 1, 127, 128, 0xffff_ffff), fc.nat(0xffff_ffff))
const int64 = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 2n ** 53n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
const id = fc.oneof(
  fc.constantFrom('none', '', '__proto__', 'constructor', '10', '9', 'é', '\u{1f600}', '￿'),
  fc.uuid(),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)

export const bundle: fc.Arbitrary<Bundle> = fc.record({
  identity: some,
  preKeys: fc.uniqueArray(
    fc.record({ installationId: id, preKey: some, version: uint32, protocolVersion: uint32 }),
    { maxLength: 5, selector: ({ installationId }) => installationId },
  ),
  signature: some,
  timestampNs: int64,
})

const ratchetHeader = fc.record({ key: some, n: uint32, pn: uint32, preKeyId: some })

export const protocolMessage: fc.Arbitrary<ProtocolMessage> = fc.record(
  {
    installationId: id,
    bundles: fc.array(bundle, { maxLength: 3 }),
    directMessages: fc.uniqueArray(
      fc.record(
        {
          installationId: id,
          x3dhHeader: fc.record({ key: some, preKeyId: some }),
          ratchetHeader,
          dhHeader: fc.record({ key: some }),
          payload: some,
        },
        { requiredKeys: ['installationId', 'payload'] },
      ),
      { maxLength: 4, selector: ({ installationId }) => installationId },
    ),
    publicMessage: some,
  },
  { requiredKeys: ['installationId', 'bundles', 'directMessages'] },
)

const chain = fc.record({ key: bytes(32), n: uint32 })

/** Kept keys in order, in runs of one chain as they come about, with gaps. */
function kept(keyBytes: number): fc.Arbitrary<readonly KeptKey[]> {
  const run = fc.record({
    ratchetKey: fc.oneof(bytes(keyBytes), fc.constant(new Uint8Array(0))),
    n: fc.nat(0xffff),
    gap: fc.nat(3),
    day: fc.constantFrom(0, 18_262, 0xffff),
    keys: fc.array(bytes(32), { minLength: 1, maxLength: 6 }),
  })
  return fc.array(run, { maxLength: 6 }).map((runs) => {
    let seq = 0
    return runs.flatMap(({ ratchetKey, n, gap, day, keys }) => {
      seq += gap
      return keys.map((messageKey, i) => ({ ratchetKey, n: n + i, seq: seq++, day, messageKey }))
    })
  })
}

export const ratchetState = (dhId = 1, keyBytes = 33): fc.Arbitrary<RatchetState> =>
  fc
    .record({
      rootKey: bytes(32),
      sending: chain,
      receiving: chain,
      pn: uint32,
      self: fc.record({ privateKey: bytes(32), publicKey: bytes(keyBytes) }).map(keyPair),
      remoteKey: fc.option(bytes(keyBytes), { nil: undefined }),
      kept: kept(keyBytes),
      more: fc.constantFrom(0, 1, 2 ** 32, 2 ** 47),
    })
    .map(({ more, ...state }) => ({
      ...state,
      dhId,
      keysCount: (state.kept.at(-1)?.seq ?? -1) + 1 + more,
    }))

const milliseconds = fc.constantFrom(0, 1_577_836_800_000, 2 ** 48 - 1)

const session: fc.Arbitrary<Session> = fc.record({
  role: fc.constantFrom('initiator', 'responder'),
  answered: fc.boolean(),
  preKeyId: bytes(33),
  ephemeralKey: bytes(33),
  tieBreak: bytes(8),
  expiredMs: milliseconds,
  ratchet: fc.oneof(ratchetState(), ratchetState(3, 32)),
})

const text = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((t) => new TextEncoder().encode(t).length <= 100)

export const peerState: fc.Arbitrary<PeerState> = fc.record({
  answers: fc.nat(255),
  answeredMs: milliseconds,
  heardMs: milliseconds,
  hasUsedRatchet: fc.boolean(),
})

const known = fc.record({
  id,
  preKey: fc.option(bytes(33), { nil: undefined }),
  version: uint32,
  protocolVersion: uint32,
  seenNs: int64,
  announcedNs: int64,
  enabled: fc.boolean(),
  negotiated: fc.boolean(),
  missingMs: milliseconds,
  usedMs: milliseconds,
  renewed: fc.boolean(),
  sessions: fc.array(session, { maxLength: 32 }),
})

export const installation: fc.Arbitrary<Installation> = fc
  .tuple(known, fc.option(fc.record({ name: text, deviceType: text }), { nil: undefined }))
  .map(([record, metadata]) =>
    metadata ? { ...record, metadata } : { ...record, spent: [new Uint8Array(8)] },
  )

export const ownPreKeys: fc.Arbitrary<readonly OwnPreKey[]> = fc.array(
  fc.record({
    id: bytes(33),
    privateKey: bytes(32),
    version: uint32,
    createdMs: fc.constantFrom(0, 1_577_836_800_000, 2 ** 48 - 1),
  }),
  { maxLength: 64 },
)
