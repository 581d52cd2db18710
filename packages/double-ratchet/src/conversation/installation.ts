/**
 * What we know of one installation of one identity: its pre key and our sessions with it. One record of the store, so
 * that forgetting an installation is one change and leaves nothing behind.
 */
import { concat, equal, fromUtf8, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { BinaryReader, BinaryWriter } from '../binary.ts'
import { concealed } from '../concealed.ts'
import { COMPRESSED_KEY_BYTES } from '../keys.ts'
import type { RatchetState } from '../ratchet/state.ts'
import { decodeRatchetState, encodeRatchetState } from '../ratchet/state-codec.ts'

/**
 * Sessions kept with one installation. Those we could send on are never given up; of the others, which only read what
 * comes late, the oldest goes first.
 */
export const MAX_SESSIONS = 8

export interface Session {
  /** The initiator used the peer's pre key, the responder's own was used. */
  readonly role: 'initiator' | 'responder'
  /** Whether the peer has shown that it has this session: the X3DH header is sent until then. */
  readonly answered: boolean
  /** The pre key on which it was agreed, 33 bytes. */
  readonly preKeyId: Uint8Array
  /** The initiator's ephemeral key, 33 bytes. With `preKeyId` it names the session. */
  readonly ephemeralKey: Uint8Array
  /** 8 bytes of a hash of the shared secret: the same on both sides, for choosing the same of two sessions. */
  readonly tieBreak: Uint8Array
  readonly ratchet: RatchetState
}

export interface Installation {
  readonly id: string
  /** 33 bytes, a point. Absent if no bundle listed it, or what was listed is no point. */
  readonly preKey: Uint8Array | undefined
  readonly version: number
  readonly protocolVersion: number
  /** Newest bundle that lists it; nanoseconds since 1970. */
  readonly seenNs: bigint
  /** Newest bundle that it sent itself; nanoseconds since 1970, -2^63 if none. */
  readonly announcedNs: bigint
  /** Ours are enabled by the person, those of others always. Others are not written to. */
  readonly enabled: boolean
  /** A direct message of it was read whose bundle lists it with protocol version 1: it knows the negotiated secret. */
  readonly negotiated: boolean
  /** In the order in which they were agreed. BOUNDED: 8. */
  readonly sessions: readonly Session[]
}

/** @internal */
export const session: (fields: Session) => Session = concealed('Session')

export function sameSession(a: Session, b: Pick<Session, 'preKeyId' | 'ephemeralKey'>): boolean {
  return equal(a.ephemeralKey, b.ephemeralKey) && equal(a.preKeyId, b.preKeyId)
}

export const INSTALLATIONS_TABLE = 'double-ratchet.installations'

/** `compressed identity(33) || installation id` */
export function installationKey(compressedIdentity: Uint8Array, id: string): Uint8Array {
  return concat(compressedIdentity, utf8(id))
}

/** All keys of one identity: from included, to excluded. */
export function installationKeys(
  compressedIdentity: Uint8Array,
): readonly [from: Uint8Array, to: Uint8Array] {
  const to = compressedIdentity.slice()
  for (let i = to.length - 1; i >= 0; i--) {
    to[i] = ((to[i] as number) + 1) & 0xff
    if (to[i] !== 0) break
  }
  return [compressedIdentity, to]
}

const VERSION = 1
const FLAGS = { preKey: 1, enabled: 2, negotiated: 4 }
const SESSION_FLAGS = { initiator: 1, answered: 2 }
const TIE_BREAK_BYTES = 8

/**
 * ```
 * version(1)=1 || flags(1: 1 pre key, 2 enabled, 4 negotiated) || [pre key(33), if flags & 1] || version(4)
 *   || protocol version(4) || seen, ns(8) || announced, ns(8) || sessions(1)
 *   || sessions * ( flags(1: 1 initiator, 2 answered) || pre key id(33) || ephemeral key(33) || tie break(8)
 *                   || length(4) || ratchet state(length) )
 * ```
 */
export function encodeInstallation(installation: Installation): Uint8Array {
  const { preKey, enabled, negotiated, sessions } = installation
  const writer = new BinaryWriter()
    .uint(VERSION, 1)
    .uint(
      (preKey ? FLAGS.preKey : 0) | (enabled ? FLAGS.enabled : 0) | (negotiated ? FLAGS.negotiated : 0),
      1,
    )
  if (preKey) writer.bytes(preKey)
  writer
    .uint(installation.version, 4)
    .uint(installation.protocolVersion, 4)
    .int64(installation.seenNs)
    .int64(installation.announcedNs)
    .uint(sessions.length, 1)
  for (const one of sessions) {
    const state = encodeRatchetState(one.ratchet)
    writer
      .uint(
        (one.role === 'initiator' ? SESSION_FLAGS.initiator : 0) |
          (one.answered ? SESSION_FLAGS.answered : 0),
        1,
      )
      .bytes(one.preKeyId)
      .bytes(one.ephemeralKey)
      .bytes(one.tieBreak)
      .uint(state.length, 4)
      .bytes(state)
  }
  return writer.finish()
}

/** @throws DoubleRatchetError `corrupt-state` */
export function decodeInstallation(
  id: string,
  bytes: Uint8Array,
  options: { readonly crypto?: CryptoProvider } = {},
): Installation {
  const reader = new BinaryReader(bytes, 'installation')
  const version = reader.uint(1)
  if (version !== VERSION) reader.fail(`version ${version} is unknown`)
  const flags = reader.below(8, 'flag')
  const preKey = flags & FLAGS.preKey ? reader.bytes(COMPRESSED_KEY_BYTES) : undefined
  const fields = {
    version: reader.uint(4),
    protocolVersion: reader.uint(4),
    seenNs: reader.int64(),
    announcedNs: reader.int64(),
  }
  const count = reader.below(MAX_SESSIONS + 1, 'number of sessions')
  const sessions: Session[] = []
  for (let i = 0; i < count; i++) {
    const of = reader.below(4, 'flag of a session')
    sessions.push(
      session({
        role: of & SESSION_FLAGS.initiator ? 'initiator' : 'responder',
        answered: (of & SESSION_FLAGS.answered) !== 0,
        preKeyId: reader.bytes(COMPRESSED_KEY_BYTES),
        ephemeralKey: reader.bytes(COMPRESSED_KEY_BYTES),
        tieBreak: reader.bytes(TIE_BREAK_BYTES),
        ratchet: decodeRatchetState(reader.bytes(reader.uint(4)), options),
      }),
    )
  }
  reader.end()
  return {
    id,
    preKey,
    ...fields,
    enabled: (flags & FLAGS.enabled) !== 0,
    negotiated: (flags & FLAGS.negotiated) !== 0,
    sessions,
  }
}

/** The id in a key that {@link installationKey} made. */
export function installationIdOf(key: Uint8Array): string {
  return fromUtf8(key.subarray(COMPRESSED_KEY_BYTES))
}
