/** Reading: what a message's bundles teach, and the part of it that is for us. */
import { equal, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { DoubleRatchetError } from '../error.ts'
import { ANY_INSTALLATION, decodeProtocolMessage, type ProtocolMessage } from '../message/protocol-message.ts'
import { forgetMessageKey, type RatchetRefusal } from '../ratchet/session.ts'
import { type VerifiedBundle, verifyBundle } from '../x3dh/bundle.ts'
import {
  type Conversation,
  type ConversationContext,
  isWithSelf,
  type Transition,
  toolsOf,
  transition,
  withPeerState,
} from './conversation.ts'
import { openDh } from './dh-message.ts'
import { sameSession, session } from './installation.ts'
import { MAX_INSTALLATION_ID_BYTES } from './installation-id.ts'
import { type InstallationNews, isFromTheFuture, learnBundle } from './learn.ts'
import { openOnRatchet, type Read, type Tools, type Unread, withChanged } from './open-ratchet.ts'
import { ANSWER_COOL_DOWN_MS, NO_PEER_STATE } from './peer-state.ts'
import { withReplacedSession } from './sessions.ts'

/** The plaintext of a message. */
export interface Opened {
  readonly type: 'opened'
  readonly plaintext: Uint8Array
  /**
   * `none`: it was public. `dh`: the sender is not proven by this layer, and there is no forward secrecy. Also `dh` is a
   * ratchet of before October 2019, see {@link DecryptInput.truncatedKeys}: it has no forward secrecy either.
   */
  readonly security: 'ratchet' | 'dh' | 'none'
  /** The peer has used `ratchet` before, and this is `dh`. It never changes what we send. */
  readonly downgraded: boolean
  /** As the message says. */
  readonly installationId: string
  /** The sender's installation knows the negotiated secret. */
  readonly negotiated: boolean
  /** For {@link confirmMessage}; absent unless a ratchet was used and the key is still there. */
  readonly messageKey?: MessageKeyId
  /** The message's bundle is dated more than 24 h ahead: nothing was learnt from it. */
  readonly bundleFromTheFuture?: true
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
  /** What the message says of the session that it was written on; absent unless it was a ratchet. */
  readonly session?: RefusedSession
  /** Nobody signed it, so nobody knows whose it is: it is not answered. */
  readonly unsigned?: true
  /** The message's bundle is dated more than 24 h ahead: nothing was learnt from it. */
  readonly bundleFromTheFuture?: true
}

export interface RefusedSession {
  /** 33 bytes as a rule. */
  readonly preKeyId: Uint8Array
  /** It began the session: it has an X3DH header. */
  readonly isFirst: boolean
}

export interface DecryptInput {
  /** A ProtocolMessage. */
  readonly message: Uint8Array
  /** Delete its key at once: for those who commit the plaintext together with these changes. */
  readonly confirm?: boolean
  /**
   * Nobody has signed what carries the message (deniable mode): only a session proves who wrote it, so nothing but
   * `ratchet` is read.
   */
  readonly unsigned?: boolean
  /**
   * Also read ratchets with keys cut to 32 bytes, as clients wrote from 2018 to October 2019. Their Diffie-Hellman never
   * brought anything new; they are reported as `dh`, and never answered on.
   */
  readonly truncatedKeys?: boolean
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
  /** Nobody signed it, and it is not on a session: anybody may have written it. */
  | 'unproven'

/** Opened or refused first, then what was learnt from the bundles, which are proven on their own. */
export type DecryptOutputs = readonly [Opened | Refused, ...InstallationNews[]]

/**
 * Reads a message (a ProtocolMessage) that claims to be the peer's. Never throws for what the message says.
 *
 * All bundles are verified before anything is learnt from one, and a session changes only by a message that opens on
 * it: a forged first message leaves nothing behind.
 */
export function decryptMessage(
  conversation: Conversation,
  input: DecryptInput,
  context: ConversationContext,
): Transition<DecryptOutputs> {
  const tools = toolsOf(context)
  const message = decoded(input.message)
  if (!message) return transition(conversation, conversation, [refused('malformed', '')])
  const { installationId } = message
  const bundles = verifiedBundles(message, tools.crypto)
  if (!bundles) return transition(conversation, conversation, [refused('bad-bundle', installationId)])

  const { taught, news, ...noted } = learnt(conversation, bundles, installationId, tools)
  const read = open(taught, message, input, tools)
  if ('reason' in read) {
    const unsigned = input.unsigned ? { unsigned: true as const } : {}
    const why: Refused = { ...refused(read.reason, installationId), ...read, ...noted, ...unsigned }
    return transition(conversation, taught, [why, ...news])
  }
  const negotiated = read.security !== 'none' && negotiates(taught, bundles, installationId)
  const marked = negotiated ? markNegotiated(read.conversation, installationId) : read.conversation
  const after = heard(marked, read, tools.nowMs)
  const { plaintext, security, messageKey } = read
  const opened: Opened = {
    type: 'opened',
    plaintext,
    security,
    downgraded: security === 'dh' && conversation.peerState?.hasUsedRatchet === true,
    installationId,
    negotiated,
    ...(messageKey ? { messageKey } : {}),
    ...noted,
  }
  return transition(conversation, after, [opened, ...news, ...(read.news ?? [])])
}

function learnt(
  conversation: Conversation,
  bundles: readonly VerifiedBundle[],
  sender: string,
  tools: Tools,
): {
  readonly taught: Conversation
  readonly news: readonly InstallationNews[]
  readonly bundleFromTheFuture?: true
} {
  const news: InstallationNews[] = []
  let taught = conversation
  let isAhead = false
  for (const bundle of bundles) {
    if (isFromTheFuture(bundle, tools.nowMs)) {
      isAhead ||= equal(bundle.identity, conversation.peerKey)
      continue
    }
    const one = learnBundle(taught, bundle, sender, tools)
    taught = one.conversation
    news.push(...one.news)
  }
  return { taught, news, ...(isAhead ? { bundleFromTheFuture: true } : {}) }
}

/**
 * What a message that opened says about the peer: it can use the ratchet, and it has our bundle. On a session that was read
 * on before another of its devices may go on that needed none; only long after the answer that says as much.
 */
function heard(
  conversation: Conversation,
  { security, isFirst }: Pick<Read, 'security' | 'isFirst'>,
  nowMs: number,
): Conversation {
  if (security !== 'ratchet') return conversation
  const before = conversation.peerState ?? NO_PEER_STATE
  const isLongAfter = Math.abs(nowMs - before.answeredMs) >= ANSWER_COOL_DOWN_MS
  const isAfterAnswer = before.answers > 0 && before.heardMs === 0 && (isFirst || isLongAfter)
  if (before.hasUsedRatchet && !isAfterAnswer) return conversation
  const heardMs = isAfterAnswer ? nowMs : before.heardMs
  return withPeerState(conversation, { ...before, hasUsedRatchet: true, heardMs })
}

/** The message was processed: its key is deleted, and a repetition of it does not open any more. */
export function confirmMessage(
  conversation: Conversation,
  input: { readonly messageKey: MessageKeyId },
): Transition<readonly []> {
  const { installationId, ratchetKey, n } = input.messageKey
  const installation = conversation.installations.find(({ id }) => id === installationId)
  const found = installation?.sessions.find((candidate) => sameSession(candidate, input.messageKey))
  if (!installation || !found) return transition(conversation, conversation, [])
  const ratchet = forgetMessageKey(found.ratchet, { key: ratchetKey, n })
  const next = ratchet === found.ratchet ? found : session({ ...found, ratchet })
  return transition(
    conversation,
    withChanged(conversation, withReplacedSession(installation, found, next)),
    [],
  )
}

/** If both are there the public payload counts, as for the clients. */
function open(
  conversation: Conversation,
  message: ProtocolMessage,
  input: DecryptInput,
  tools: Tools,
): Read | Unread {
  if (message.publicMessage && input.unsigned) return { reason: 'unproven' }
  if (message.publicMessage) return { conversation, plaintext: message.publicMessage, security: 'none' }
  if (message.directMessages.length === 0) return { reason: 'no-payload' }
  const forInstallation = (wanted: string) =>
    message.directMessages.find(({ installationId }) => installationId === wanted)
  const direct = forInstallation(conversation.self.installationId) ?? forInstallation(ANY_INSTALLATION)
  if (!direct) return { reason: isWithSelf(conversation) ? 'not-paired' : 'not-addressed' }
  if (direct.ratchetHeader) {
    const part = { installationId: message.installationId, direct, header: direct.ratchetHeader }
    const read = openOnRatchet(conversation, part, input, tools)
    if (!('reason' in read)) return read
    const { preKeyId } = part.header
    return { ...read, session: { preKeyId, isFirst: direct.x3dhHeader !== undefined } }
  }
  if (!direct.dhHeader) return { reason: 'no-key' }
  if (input.unsigned) return { reason: 'unproven' }
  const { privateKey } = conversation.self.identity
  const opened = openDh(privateKey, direct.dhHeader.key, direct.payload, tools.crypto)
  return 'reason' in opened ? opened : { conversation, plaintext: opened.plaintext, security: 'dh' }
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
  return withChanged(conversation, { ...installation, negotiated: true })
}

function refused(reason: RefusalReason, installationId: string): Refused {
  return { type: 'refused', reason, installationId }
}
