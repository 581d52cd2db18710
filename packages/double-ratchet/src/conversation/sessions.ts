/** Which session to write on, how one begins, and how many are kept. */
import { compare, equal } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { compress, generateKeyPair } from '../keys.ts'
import { TRUNCATED_KEY_DH_ID, truncatedKey, truncatedKeyDiffieHellman } from '../ratchet/dh.ts'
import { acceptRatchet, initiateRatchet, withoutSharedSecret } from '../ratchet/state.ts'
import { agreeX3dh } from '../x3dh/agreement.ts'
import type { Conversation } from './conversation.ts'
import { type Installation, MAX_SESSIONS, type Session, session, withSessions } from './installation.ts'
import type { OwnPreKey } from './own-pre-keys.ts'

/**
 * The session to write on: one whose pre key, the peer's or ours, is still the current one. If both sides began one at
 * the same time, the one whose shared secret is first in byte order, which is the same one on both sides; the other
 * reads. One that we began although we knew theirs, since they had renewed their pre key, we write on until they are heard
 * on theirs again ({@link heardOn}): they may have lost that. Undefined if a new one must begin: there is none, or the
 * peer's installation has renewed its pre key.
 */
export function sendingSession(
  installation: Installation,
  ownPreKeyId: Uint8Array | undefined,
): Session | undefined {
  const [first, second] = sessionsInUse(installation, ownPreKeyId)
  if (first && second) {
    const [ours, theirs] = first.role === 'initiator' ? [first, second] : [second, first]
    const { sessions } = installation
    if (sessions.indexOf(ours) > sessions.indexOf(theirs)) return ours
    return compare(first.tieBreak, second.tieBreak) <= 0 ? first : second
  }
  const mustBegin = installation.renewed && installation.preKey !== undefined && first?.role !== 'initiator'
  return mustBegin ? undefined : first
}

/** At most two: all but these have expired, and only read. */
export function sessionsInUse(
  installation: Installation,
  ownPreKeyId: Uint8Array | undefined,
): readonly Session[] {
  const inUse = current(installation, ownPreKeyId)
  if (inUse.length > 0 || installation.preKey) return inUse
  // Without a pre key of theirs no other session can begin: the last one is better than none.
  const last = installation.sessions.findLast(isForWriting)
  return last ? [last] : []
}

/** Sessions of clients of before October 2019 have no forward secrecy: they are read. */
function isForWriting({ ratchet }: Session): boolean {
  return ratchet.dhId !== TRUNCATED_KEY_DH_ID
}

/** The newest session on the peer's current pre key, and the newest on ours. */
function current(
  { preKey, sessions }: Installation,
  ownPreKeyId: Uint8Array | undefined,
): readonly Session[] {
  const newest = (role: Session['role'], id: Uint8Array | undefined) =>
    id && sessions.findLast((one) => one.role === role && equal(one.preKeyId, id) && isForWriting(one))
  return [newest('initiator', preKey), newest('responder', ownPreKeyId)].filter((s) => s !== undefined)
}

/** With one more session; over the limit, the oldest goes that nobody writes on. */
export function withSession(
  installation: Installation,
  added: Session,
  ownPreKeyId: Uint8Array | undefined,
): Installation {
  const sessions = [...installation.sessions, added]
  if (sessions.length <= MAX_SESSIONS) return { ...installation, sessions }
  const needed = sessionsInUse({ ...installation, sessions }, ownPreKeyId)
  const gone = sessions.find((candidate) => candidate !== added && !needed.includes(candidate))
  return withSessions(
    installation,
    sessions.filter((candidate) => candidate !== gone),
  )
}

export function withReplacedSession(installation: Installation, old: Session, next: Session): Installation {
  if (old === next) return installation
  return { ...installation, sessions: installation.sessions.map((s) => (s === old ? next : s)) }
}

/** Whoever writes on a session that they began has it: from now on it counts beside one that we began later. */
export function heardOn(installation: Installation, one: Session): Installation {
  if (one.role !== 'responder') return installation
  const later = installation.sessions.slice(installation.sessions.indexOf(one) + 1)
  const isNewest = !later.some(({ role, preKeyId }) => role === 'responder' && equal(preKeyId, one.preKeyId))
  if (!isNewest || !later.some(({ role }) => role === 'initiator')) return installation
  return { ...installation, sessions: [...installation.sessions.filter((other) => other !== one), one] }
}

/** Undefined if the pre key gives no secret. */
export function initiateSession(
  { self, peerKey }: Conversation,
  preKey: Uint8Array,
  { crypto, random }: { readonly crypto: CryptoProvider; readonly random: Random },
): Session | undefined {
  const ephemeral = generateKeyPair(crypto, random)
  const secret = agreeX3dh(crypto, [
    [self.identity.privateKey, preKey],
    [ephemeral.privateKey, peerKey],
    [ephemeral.privateKey, preKey],
  ])
  if (!secret) return undefined
  const ratchet = initiateRatchet({ sharedSecret: secret, remoteKey: preKey }, { crypto, random })
  return session({
    role: 'initiator',
    answered: false,
    preKeyId: preKey,
    ephemeralKey: ephemeral.publicKey,
    tieBreak: tieBreakOf(secret),
    expiredMs: 0,
    ratchet: withoutSharedSecret(ratchet, { crypto }),
  })
}

/**
 * Undefined if the ephemeral key gives no secret. That it is the peer's session shows when a message opens.
 *
 * @param input.isTruncated the peer's ratchet keys are those of before October 2019
 */
export function acceptSession(
  { self, peerKey }: Conversation,
  input: { readonly ownPreKey: OwnPreKey; readonly ephemeralKey: Uint8Array; readonly isTruncated: boolean },
  crypto: CryptoProvider,
): Session | undefined {
  const { ownPreKey, ephemeralKey, isTruncated } = input
  const secret = agreeX3dh(crypto, [
    [ownPreKey.privateKey, peerKey],
    [self.identity.privateKey, ephemeralKey],
    [ownPreKey.privateKey, ephemeralKey],
  ])
  if (!secret) return undefined
  const { privateKey, id } = ownPreKey
  const options = isTruncated ? { crypto, dh: truncatedKeyDiffieHellman(crypto) } : { crypto }
  const keyPair = { privateKey, publicKey: isTruncated ? truncatedKey(id) : id }
  return session({
    role: 'responder',
    answered: true,
    preKeyId: ownPreKey.id,
    ephemeralKey: ephemeralKey.slice(),
    tieBreak: tieBreakOf(secret),
    expiredMs: 0,
    ratchet: acceptRatchet({ sharedSecret: secret, keyPair }, options),
  })
}

/** Enough to order secrets; the 192 bits that are not kept are enough to keep one. */
function tieBreakOf(secret: Uint8Array): Uint8Array {
  return secret.slice(0, 8)
}

/**
 * The secret of two identities: from it come topic and key of their negotiated channel. 32 bytes, the X coordinate of
 * their ECDH; the same for all installations, and for ever.
 */
export function negotiatedSecret(
  { self, peer }: Pick<Conversation, 'self' | 'peer'>,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): Uint8Array {
  return crypto.ecdh(self.identity.privateKey, compress(peer))
}
