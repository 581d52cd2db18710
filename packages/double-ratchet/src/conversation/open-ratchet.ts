/** Reading on a session, one that we have or one that the message begins. */
import { equal } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { DirectMessage, RatchetWireHeader } from '../message/protocol-message.ts'
import { TRUNCATED_KEY_BYTES, TRUNCATED_KEY_DH_ID, truncatedKeyDiffieHellman } from '../ratchet/dh.ts'
import { forgetMessageKey, ratchetDecrypt } from '../ratchet/session.ts'
import { aged, isStale, readOn, used } from './aging.ts'
import {
  type Conversation,
  type ConversationContext,
  isWithSelf,
  withInstallation,
  withInstallations,
} from './conversation.ts'
import type { DecryptInput, MessageKeyId, Opened, RefusalReason, Refused } from './decrypt.ts'
import { type Installation, isSpent, type Session, sameSession, session } from './installation.ts'
import { isInstallationId } from './installation-id.ts'
import { type InstallationNews, unlistedInstallation, withinLimit } from './learn.ts'
import { findPreKey, newestPreKey } from './own-pre-keys.ts'
import { acceptSession, heardOn, withReplacedSession, withSession } from './sessions.ts'

const MAX_CANDIDATES = 8

export interface Tools extends ConversationContext {
  readonly crypto: CryptoProvider
}

/** What was in a message. */
export interface Read {
  readonly conversation: Conversation
  readonly plaintext: Uint8Array
  readonly security: Opened['security']
  readonly messageKey?: MessageKeyId
  /** Nothing was read on its session before. */
  readonly isFirst?: boolean
  readonly news?: readonly InstallationNews[]
}
export type Unread = Pick<Refused, 'reason' | 'session'>

/** The part of a message that is for us, and which installation wrote it. */
export interface Part {
  readonly installationId: string
  readonly direct: DirectMessage
  readonly header: RatchetWireHeader
}

export function openOnRatchet(
  conversation: Conversation,
  part: Part,
  input: Pick<DecryptInput, 'confirm' | 'unsigned' | 'truncatedKeys'>,
  tools: Tools,
): Read | Unread {
  const { installationId, direct, header } = part
  const isTruncated = header.key.length === TRUNCATED_KEY_BYTES
  if (isTruncated && (!input.truncatedKeys || input.unsigned)) return { reason: 'bad-key' }
  const isThisOne = isWithSelf(conversation) && installationId === conversation.self.installationId
  if (isThisOne) return { reason: 'not-paired' }
  if (!isInstallationId(installationId)) return { reason: 'no-session' }
  const known = conversation.installations.find(({ id }) => id === installationId)
  const installation = known ?? unlistedInstallation(installationId, !isWithSelf(conversation))
  const candidates = candidateSessions(conversation, installation, part, tools)
  if ('reason' in candidates) return candidates
  let reason: RefusalReason = 'no-session'
  for (const candidate of candidates) {
    const options = isTruncated ? { ...tools, dh: truncatedKeyDiffieHellman(tools.crypto) } : tools
    const result = ratchetDecrypt(candidate.ratchet, { header, ciphertext: direct.payload }, options)
    if (!result.ok) {
      reason = result.reason
      continue
    }
    const ratchet = input.confirm ? forgetMessageKey(result.state, header) : result.state
    const next =
      ratchet === candidate.ratchet && candidate.answered
        ? candidate
        : session({ ...candidate, answered: true, ratchet })
    const { preKeyId, ephemeralKey } = next
    const messageKey = { installationId, preKeyId, ephemeralKey, ratchetKey: header.key, n: header.n }
    return {
      conversation: withChanged(
        conversation,
        withUsed(conversation, installation, [candidate, next], tools.nowMs),
      ),
      plaintext: result.plaintext,
      security: isTruncated ? 'dh' : 'ratchet',
      ...(input.confirm ? {} : { messageKey }),
      isFirst: !candidate.answered || !installation.sessions.includes(candidate),
      news: newsOf(installation, known !== undefined, tools.nowMs),
    }
  }
  return { reason }
}

/** Sessions that the message may belong to, the likeliest first; at most 8: each may cost 1,000 steps of a chain. */
function candidateSessions(
  conversation: Conversation,
  installation: Installation,
  { direct: { x3dhHeader }, header: { preKeyId, key } }: Part,
  { crypto, nowMs }: Tools,
): readonly Session[] | Unread {
  const isTruncated = key.length === TRUNCATED_KEY_BYTES
  const ofKind = installation.sessions.filter(
    ({ ratchet }) => (ratchet.dhId === TRUNCATED_KEY_DH_ID) === isTruncated,
  )
  if (!x3dhHeader) {
    const onPreKey = ofKind.filter((s) => equal(s.preKeyId, preKeyId))
    return onPreKey.slice(-MAX_CANDIDATES).reverse()
  }

  if (!equal(x3dhHeader.preKeyId, preKeyId)) return { reason: 'no-session' }
  const existing = ofKind.find(
    (s) => s.role === 'responder' && sameSession(s, { preKeyId, ephemeralKey: x3dhHeader.key }),
  )
  if (existing) return [existing]
  if (isSpent(installation, x3dhHeader.key)) return { reason: 'key-gone' }
  const ownPreKey = findPreKey(conversation.ownPreKeys, preKeyId, nowMs)
  if (!ownPreKey) return { reason: 'no-session' }
  const accepted = acceptSession(
    conversation,
    { ownPreKey, ephemeralKey: x3dhHeader.key, isTruncated },
    crypto,
  )
  return accepted ? [accepted] : { reason: 'bad-key' }
}

/** An installation that no bundle has listed is new; one that was not written to any more has returned. */
function newsOf(installation: Installation, isKnown: boolean, nowMs: number): readonly InstallationNews[] {
  const change = isKnown ? (isStale(installation, nowMs) ? 'returned' : undefined) : 'new'
  const { id: installationId, enabled } = installation
  return change ? [{ type: 'installation', installationId, change, enabled }] : []
}

function withUsed(
  { ownPreKeys }: Conversation,
  installation: Installation,
  [before, after]: readonly [Session, Session],
  nowMs: number,
): Installation {
  const ownPreKeyId = newestPreKey(ownPreKeys)?.id
  const next = after === before ? after : readOn(after, nowMs)
  const changed = installation.sessions.includes(before)
    ? heardOn(withReplacedSession(installation, before, next), next)
    : withSession(installation, next, ownPreKeyId)
  // What is heard of is not missing, and a repetition changes nothing.
  const present = changed.missingMs === 0 || after === before ? changed : { ...changed, missingMs: 0 }
  return after === before ? present : used(aged(present, ownPreKeyId, nowMs), nowMs)
}

export function withChanged(conversation: Conversation, installation: Installation): Conversation {
  const changed = withInstallation(conversation.installations, installation)
  return withInstallations(conversation, withinLimit(changed, isWithSelf(conversation), installation.id))
}
