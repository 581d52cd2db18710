/**
 * What we know of one installation of one identity: its pre key and our sessions with it. One record of the store, so
 * that forgetting an installation is one change and leaves nothing behind.
 */
import { concat, equal, fromUtf8, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { BinaryReader, BinaryWriter } from '../binary.ts'
import { concealed } from '../concealed.ts'
import { COMPRESSED_KEY_BYTES } from '../keys.ts'
import { TRUNCATED_KEY_DH_ID, truncatedKeyDiffieHellman } from '../ratchet/dh.ts'
import type { RatchetState } from '../ratchet/state.ts'
import { decodeRatchetState, encodeRatchetState } from '../ratchet/state-codec.ts'

/**
 * Sessions kept with one installation: two a day, while expired ones are kept 14 days. Those we could send on are never
 * given up; of the others, which only read what comes late, the oldest goes first.
 */
export const MAX_SESSIONS = 32
/** Message keys kept over all sessions with one installation; those of the oldest sessions go first. */
export const MAX_KEPT_KEYS_OF_INSTALLATION = 4_000
/** UTF-8 bytes of each text of {@link InstallationMetadata}. */
export const MAX_METADATA_BYTES = 100

export interface Session {
  /** The initiator used the peer's pre key, the responder's own was used. */
  readonly role: 'initiator' | 'responder'
  /** Whether the peer has shown that it has this session: the X3DH header is sent until then. */
  readonly answered: boolean
  /** The pre key on which it was agreed, 33 bytes. */
  readonly preKeyId: Uint8Array
  /** The initiator's ephemeral key, 33 bytes. With `preKeyId` it names the session. */
  readonly ephemeralKey: Uint8Array
  /** The first 8 bytes of the shared secret: of two sessions the one whose secret is first in byte order is written on. */
  readonly tieBreak: Uint8Array
  /** Since when it is not written on any more, or was last read on after that; 0 while it is. Milliseconds since 1970. */
  readonly expiredMs: number
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
  /** Since when bundles of its identity do not list it; 0 if the newest does. Milliseconds since 1970. */
  readonly missingMs: number
  /** When a message was last read from it or written to it, within an hour; milliseconds since 1970. */
  readonly usedMs: number
  /** Its pre key took the place of another: the next message to it begins a new session. */
  readonly renewed: boolean
  /** What a person calls it. */
  readonly metadata?: InstallationMetadata
  /** A direct message of it was read whose bundle lists it with protocol version 1: it knows the negotiated secret. */
  readonly negotiated: boolean
  /** In the order in which they were agreed, but for those of theirs that were heard after one of ours began. BOUNDED: 32. */
  readonly sessions: readonly Session[]
  /**
   * First 8 bytes of the ephemeral keys of deleted sessions that the peer began: a first message that is repeated while
   * its pre key is still kept would begin the session again, and open a second time. BOUNDED: 64, oldest first out.
   */
  readonly spent?: readonly Uint8Array[]
}

/** Texts for people; nothing depends on them. At most 100 bytes of UTF-8 each. */
export interface InstallationMetadata {
  readonly name: string
  readonly deviceType: string
}

const [MAX_SPENT, SPENT_BYTES] = [64, 8]

/** With other sessions; those that are gone do not begin again. */
export function withSessions(installation: Installation, sessions: readonly Session[]): Installation {
  const gone = installation.sessions.filter(
    (one) => one.role === 'responder' && !sessions.some((kept) => sameSession(kept, one)),
  )
  if (gone.length === 0) return { ...installation, sessions }
  const spent = [...(installation.spent ?? []), ...gone.map((one) => one.ephemeralKey.slice(0, SPENT_BYTES))]
  return { ...installation, sessions, spent: spent.slice(-MAX_SPENT) }
}

export function isSpent({ spent = [] }: Installation, ephemeralKey: Uint8Array): boolean {
  return spent.some((start) => equal(start, ephemeralKey.subarray(0, SPENT_BYTES)))
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

const VERSION = 2
const FLAGS = { preKey: 1, enabled: 2, negotiated: 4, renewed: 8, metadata: 16 }
const SESSION_FLAGS = { initiator: 1, answered: 2 }
const TIE_BREAK_BYTES = 8
const MS_BYTES = 6

/**
 * ```
 * version(1)=2 || flags(1: 1 pre key, 2 enabled, 4 negotiated, 8 renewed, 16 metadata) || [pre key(33), if flags & 1]
 *   || version(4) || protocol version(4) || seen, ns(8) || announced, ns(8) || missing, ms(6) || used, ms(6)
 *   || [name length(1) || name || type length(1) || type, if flags & 16] || sessions(1)
 *   || sessions * ( flags(1: 1 initiator, 2 answered) || pre key id(33) || ephemeral key(33) || tie break(8)
 *                   || expired, ms(6) || length(4) || ratchet state(length) )
 *   || spent(1) || spent * start of an ephemeral key(8)
 * ```
 *
 * Version 1, which is still read, has neither times in milliseconds nor metadata nor spent keys.
 */
export function encodeInstallation(installation: Installation): Uint8Array {
  const { preKey, metadata, sessions, spent = [] } = installation
  const writer = new BinaryWriter().uint(VERSION, 1).uint(flagsOf(installation), 1)
  if (preKey) writer.bytes(preKey)
  writer
    .uint(installation.version, 4)
    .uint(installation.protocolVersion, 4)
    .int64(installation.seenNs)
    .int64(installation.announcedNs)
    .uint(installation.missingMs, MS_BYTES)
    .uint(installation.usedMs, MS_BYTES)
  if (metadata) writeText(writeText(writer, metadata.name), metadata.deviceType)
  writer.uint(sessions.length, 1)
  for (const one of sessions) writer.bytes(encodedSession(one))
  writer.uint(spent.length, 1)
  for (const start of spent) writer.bytes(start)
  return writer.finish()
}

function flagsOf({ preKey, enabled, negotiated, renewed, metadata }: Installation): number {
  return (
    (preKey ? FLAGS.preKey : 0) |
    (enabled ? FLAGS.enabled : 0) |
    (negotiated ? FLAGS.negotiated : 0) |
    (renewed ? FLAGS.renewed : 0) |
    (metadata ? FLAGS.metadata : 0)
  )
}

function writeText(writer: BinaryWriter, text: string): BinaryWriter {
  const bytes = utf8(text)
  return writer.uint(bytes.length, 1).bytes(bytes)
}

/** Sessions never change, and of an installation's many one at a time is used: the others are not encoded again. */
const encodedSessions = new WeakMap<Session, Uint8Array>()

function encodedSession(one: Session): Uint8Array {
  const known = encodedSessions.get(one)
  if (known) return known
  const state = encodeRatchetState(one.ratchet)
  const initiator = one.role === 'initiator' ? SESSION_FLAGS.initiator : 0
  const encoded = new BinaryWriter()
    .uint(initiator | (one.answered ? SESSION_FLAGS.answered : 0), 1)
    .bytes(one.preKeyId)
    .bytes(one.ephemeralKey)
    .bytes(one.tieBreak)
    .uint(one.expiredMs, MS_BYTES)
    .uint(state.length, 4)
    .bytes(state)
    .finish()
  encodedSessions.set(one, encoded)
  return encoded
}

/** @throws DoubleRatchetError `corrupt-state` */
export function decodeInstallation(
  id: string,
  bytes: Uint8Array,
  options: { readonly crypto?: CryptoProvider } = {},
): Installation {
  const reader = new BinaryReader(bytes, 'installation')
  const version = reader.uint(1)
  if (version < 1 || version > VERSION) reader.fail(`version ${version} is unknown`)
  const hasTimes = version > 1
  const flags = reader.below(hasTimes ? 32 : 8, 'flag')
  const preKey = flags & FLAGS.preKey ? reader.bytes(COMPRESSED_KEY_BYTES) : undefined
  const fields = {
    version: reader.uint(4),
    protocolVersion: reader.uint(4),
    seenNs: reader.int64(),
    announcedNs: reader.int64(),
    missingMs: hasTimes ? reader.uint(MS_BYTES) : 0,
    usedMs: hasTimes ? reader.uint(MS_BYTES) : 0,
  }
  const metadata =
    flags & FLAGS.metadata ? { name: readText(reader), deviceType: readText(reader) } : undefined
  const count = reader.below(MAX_SESSIONS + 1, 'number of sessions')
  const sessions: Session[] = []
  for (let i = 0; i < count; i++) sessions.push(readSession(reader, hasTimes, options))
  const spent: Uint8Array[] = []
  const spentCount = hasTimes ? reader.below(MAX_SPENT + 1, 'number of spent keys') : 0
  for (let i = 0; i < spentCount; i++) spent.push(reader.bytes(SPENT_BYTES))
  reader.end()
  return {
    id,
    preKey,
    ...fields,
    enabled: (flags & FLAGS.enabled) !== 0,
    negotiated: (flags & FLAGS.negotiated) !== 0,
    renewed: (flags & FLAGS.renewed) !== 0,
    ...(metadata ? { metadata } : {}),
    sessions,
    ...(spent.length > 0 ? { spent } : {}),
  }
}

function readSession(
  reader: BinaryReader,
  hasTimes: boolean,
  options: { readonly crypto?: CryptoProvider },
): Session {
  const start = reader.at
  const flags = reader.below(4, 'flag of a session')
  const one = session({
    role: flags & SESSION_FLAGS.initiator ? 'initiator' : 'responder',
    answered: (flags & SESSION_FLAGS.answered) !== 0,
    preKeyId: reader.bytes(COMPRESSED_KEY_BYTES),
    ephemeralKey: reader.bytes(COMPRESSED_KEY_BYTES),
    tieBreak: reader.bytes(TIE_BREAK_BYTES),
    expiredMs: hasTimes ? reader.uint(MS_BYTES) : 0,
    ratchet: readRatchet(reader.bytes(reader.uint(4)), options),
  })
  // Version 1 is written anew as version 2.
  if (hasTimes) encodedSessions.set(one, reader.since(start))
  return one
}

/** The second byte of a state names its Diffie-Hellman function. */
function readRatchet(bytes: Uint8Array, options: { readonly crypto?: CryptoProvider }): RatchetState {
  const isTruncated = bytes[1] === TRUNCATED_KEY_DH_ID
  return decodeRatchetState(
    bytes,
    isTruncated ? { ...options, dh: truncatedKeyDiffieHellman(options.crypto) } : options,
  )
}

function readText(reader: BinaryReader): string {
  return new TextDecoder().decode(reader.bytes(reader.uint(1)))
}

/** The id in a key that {@link installationKey} made. */
export function installationIdOf(key: Uint8Array): string {
  return fromUtf8(key.subarray(COMPRESSED_KEY_BYTES))
}
