/** Reading: what a message's bundles teach, and the part of it that is for us. */
import { equal, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { DoubleRatchetError } from '../error.ts'
import {
  ANY_INSTALLATION,
  type DirectMessage,
  decodeProtocolMessage,
  type ProtocolMessage,
  type RatchetWireHeader,
} from '../message/protocol-message.ts'
import { forgetMessageKey, type RatchetRefusal, ratchetDecrypt } from '../ratchet/session.ts'
import { type VerifiedBundle, verifyBundle } from '../x3dh/bundle.ts'
import {
  type Conversation,
  type ConversationContext,
  isWithSelf,
  type Transition,
  toolsOf,
  transition,
  withInstallation,
  withInstallations,
} from './conversation.ts'
import { openDh } from './dh-message.ts'
import { type Installation, type Session, sameSession, session } from './installation.ts'
import { isInstallationId, MAX_INSTALLATION_ID_BYTES } from './installation-id.ts'
import { type InstallationNews, learnBundle, unlistedInstallation, withinLimit } from './learn.ts'
import { findPreKey, newestPreKey } from './own-pre-keys.ts'
import { acceptSession, withReplacedSession, withSession } from './sessions.ts'

/** The plaintext of a message. */
export interface Opened {
  readonly type: 'opened'
  readonly plaintext: Uint8Array
  /** `none`: it was public. `dh`: the sender is not proven by this layer. */
  readonly security: 'ratchet' | 'dh' | 'none'
  /** As the message says. */
  readonly installationId: string
  /** The sender's installation knows the negotiated secret. */
  readonly negotiated: boolean
  /** For {@link confirmMessage}; absent unless `ratchet`. */
  readonly messageKey?: MessageKeyId
}

/** Names the key that a message was read with. Holds no secret. */
export interface MessageKeyId {
  readonly installationId: string
  readonly preKeyId: Uint8Array
  readonly ephemeralKey: Uint8Array
  readonly ratchetKey: Uint8Array
  readonly n: number
}

/** Nothing to read; no session has changed. */
export interface Refused {
  readonly type: 'refused'
  readonly reason: RefusalReason
  readonly installationId: string
}

export type RefusalReason =
  | RatchetRefusal
  /** No ProtocolMessage. */
  | 'malformed'
  /** A bundle that its identity did not sign. */
  | 'bad-bundle'
  /** A contact code: it has bundles only. */
  | 'no-payload'
  /** For other installations than this. */
  | 'not-addressed'
  /** From our own identity, and for other installations than this: we read our own message, or are not paired. */
  | 'not-paired'
  /** Neither a complete ratchet header nor a DH header. */
  | 'no-key'
  /** A session or a pre key that we do not have. */
  | 'no-session'

/** Opened or refused first, then what was learnt from the bundles, which are proven on their own. */
export type DecryptOutputs = readonly [Opened | Refused, ...InstallationNews[]]

interface Tools extends ConversationContext {
  readonly crypto: CryptoProvider
}

/**
 * Reads a message (a ProtocolMessage) that claims to be the peer's. Never throws for what the message says.
 *
 * All bundles are verified before anything is learnt from one, and a session changes only by a message that opens on
 * it: a forged first message leaves nothing behind.
 */
export function decryptMessage(
  conversation: Conversation,
  input: { readonly message: Uint8Array },
  context: ConversationContext,
): Transition<DecryptOutputs> {
  const tools = toolsOf(context)
  const message = decoded(input.message)
  if (!message) return transition(conversation, conversation, [refused('malformed', '')])
  const { installationId } = message
  const bundles = verifiedBundles(message, tools.crypto)
  if (!bundles) return transition(conversation, conversation, [refused('bad-bundle', installationId)])

  const news: InstallationNews[] = []
  let taught = conversation
  for (const bundle of bundles) {
    const learnt = learnBundle(taught, bundle, installationId, tools.crypto)
    taught = learnt.conversation
    news.push(...learnt.news)
  }
  const read = open(taught, message, tools)
  if ('reason' in read)
    return transition(conversation, taught, [refused(read.reason, installationId), ...news])
  const negotiated = read.security !== 'none' && negotiates(taught, bundles, installationId)
  const after = negotiated ? markNegotiated(read.conversation, installationId) : read.conversation
  const { plaintext, security, messageKey } = read
  const opened: Opened = {
    type: 'opened',
    plaintext,
    security,
    installationId,
    negotiated,
    ...(messageKey ? { messageKey } : {}),
  }
  return transition(conversation, after, [opened, ...news])
}

/** The message was processed: its key is deleted, and a repetition of it does not open any more. */
export function confirmMessage(
  conversation: Conversation,
  input: { readonly messageKey: MessageKeyId },
): Transition<readonly []> {
  const { installationId, ratchetKey, n } = input.messageKey
  const installation = conversation.installations.find(({ id }) => id === installationId)
  const used = installation?.sessions.find((candidate) => sameSession(candidate, input.messageKey))
  if (!installation || !used) return transition(conversation, conversation, [])
  const ratchet = forgetMessageKey(used.ratchet, { key: ratchetKey, n })
  const next = ratchet === used.ratchet ? used : session({ ...used, ratchet })
  return transition(conversation, replaced(conversation, withReplacedSession(installation, used, next)), [])
}

interface Read {
  readonly conversation: Conversation
  readonly plaintext: Uint8Array
  readonly security: Opened['security']
  readonly messageKey?: MessageKeyId
}
type Unread = { readonly reason: RefusalReason }

/** If both are there the public payload counts, as for the clients. */
function open(conversation: Conversation, message: ProtocolMessage, tools: Tools): Read | Unread {
  if (message.publicMessage) return { conversation, plaintext: message.publicMessage, security: 'none' }
  if (message.directMessages.length === 0) return { reason: 'no-payload' }
  const forInstallation = (wanted: string) =>
    message.directMessages.find(({ installationId }) => installationId === wanted)
  const direct = forInstallation(conversation.self.installationId) ?? forInstallation(ANY_INSTALLATION)
  if (!direct) return { reason: isWithSelf(conversation) ? 'not-paired' : 'not-addressed' }
  if (direct.ratchetHeader)
    return openOnRatchet(conversation, message.installationId, direct, direct.ratchetHeader, tools)
  if (!direct.dhHeader) return { reason: 'no-key' }
  const { privateKey } = conversation.self.identity
  const opened = openDh(privateKey, direct.dhHeader.key, direct.payload, tools.crypto)
  return 'reason' in opened ? opened : { conversation, plaintext: opened.plaintext, security: 'dh' }
}

function openOnRatchet(
  conversation: Conversation,
  installationId: string,
  direct: DirectMessage,
  header: RatchetWireHeader,
  tools: Tools,
): Read | Unread {
  const isThisOne = isWithSelf(conversation) && installationId === conversation.self.installationId
  if (isThisOne) return { reason: 'not-paired' }
  if (!isInstallationId(installationId)) return { reason: 'no-session' }
  const known = conversation.installations.find(({ id }) => id === installationId)
  const installation = known ?? unlistedInstallation(installationId, !isWithSelf(conversation))
  const candidates = candidateSessions(conversation, installation, direct, header, tools)
  if ('reason' in candidates) return candidates
  let reason: RefusalReason = 'no-session'
  for (const candidate of candidates) {
    const result = ratchetDecrypt(candidate.ratchet, { header, ciphertext: direct.payload }, tools)
    if (!result.ok) {
      reason = result.reason
      continue
    }
    const next =
      result.state === candidate.ratchet && candidate.answered
        ? candidate
        : session({ ...candidate, answered: true, ratchet: result.state })
    const { preKeyId, ephemeralKey } = next
    return {
      conversation: replaced(conversation, withUsed(conversation, installation, candidate, next)),
      plaintext: result.plaintext,
      security: 'ratchet',
      messageKey: { installationId, preKeyId, ephemeralKey, ratchetKey: header.key, n: header.n },
    }
  }
  return { reason }
}

/** Sessions that the message may belong to, the likeliest first; at most 8. */
function candidateSessions(
  conversation: Conversation,
  { sessions }: Installation,
  { x3dhHeader }: DirectMessage,
  { preKeyId }: RatchetWireHeader,
  { crypto }: Tools,
): readonly Session[] | Unread {
  if (!x3dhHeader) return sessions.filter((s) => equal(s.preKeyId, preKeyId)).reverse()
  if (!equal(x3dhHeader.preKeyId, preKeyId)) return { reason: 'no-session' }
  const existing = sessions.find(
    (s) => s.role === 'responder' && sameSession(s, { preKeyId, ephemeralKey: x3dhHeader.key }),
  )
  if (existing) return [existing]
  const ownPreKey = findPreKey(conversation.ownPreKeys, preKeyId)
  if (!ownPreKey) return { reason: 'no-session' }
  const accepted = acceptSession(conversation, ownPreKey, x3dhHeader.key, crypto)
  return accepted ? [accepted] : { reason: 'bad-key' }
}

function withUsed(
  conversation: Conversation,
  installation: Installation,
  used: Session,
  next: Session,
): Installation {
  return installation.sessions.includes(used)
    ? withReplacedSession(installation, used, next)
    : withSession(installation, next, newestPreKey(conversation.ownPreKeys)?.id)
}

function replaced(conversation: Conversation, installation: Installation): Conversation {
  const changed = withInstallation(conversation.installations, installation)
  return withInstallations(conversation, withinLimit(changed, isWithSelf(conversation), installation.id))
}

function decoded(message: Uint8Array): ProtocolMessage | undefined {
  try {
    const read = decodeProtocolMessage(message)
    // Longer ones could not be stored; no client writes one.
    return utf8(read.installationId).length <= MAX_INSTALLATION_ID_BYTES ? read : undefined
  } catch (error) {
    if (error instanceof DoubleRatchetError && error.code === 'malformed') return undefined
    throw error
  }
}

/** Undefined if one is not signed by the identity that it names. */
function verifiedBundles(
  message: ProtocolMessage,
  crypto: CryptoProvider,
): readonly VerifiedBundle[] | undefined {
  const verified: VerifiedBundle[] = []
  for (const bundle of message.bundles) {
    const verdict = verifyBundle(bundle, { crypto })
    if (!verdict.ok) return undefined
    verified.push(verdict.bundle)
  }
  return verified
}

/** Whether this very message says that its sender's installation negotiates secrets. */
function negotiates(
  { peerKey }: Conversation,
  bundles: readonly VerifiedBundle[],
  installationId: string,
): boolean {
  return bundles.some(
    (bundle) =>
      equal(bundle.identity, peerKey) &&
      bundle.preKeys.some((entry) => entry.installationId === installationId && entry.protocolVersion >= 1),
  )
}

function markNegotiated(conversation: Conversation, installationId: string): Conversation {
  const installation = conversation.installations.find(({ id }) => id === installationId)
  if (!installation || installation.negotiated) return conversation
  return replaced(conversation, { ...installation, negotiated: true })
}

function refused(reason: RefusalReason, installationId: string): Refused {
  return { type: 'refused', reason, installationId }
}
