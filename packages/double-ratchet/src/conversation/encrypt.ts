/** Writing: to all of a peer's installations at once, with our own bundle in every message. */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { type DirectMessage, encodeProtocolMessage } from '../message/protocol-message.ts'
import { ratchetEncrypt } from '../ratchet/session.ts'
import { bytesArgument } from '../wire.ts'
import { signBundleAs, type VerifiedBundle } from '../x3dh/bundle.ts'
import { aged, isStale, used } from './aging.ts'
import {
  type Conversation,
  type ConversationContext,
  type Transition,
  toolsOf,
  transition,
  withInstallation,
  withInstallations,
} from './conversation.ts'
import { sealDh } from './dh-message.ts'
import { type Installation, type Session, session } from './installation.ts'
import { newestPreKey, type OwnPreKey, withFreshPreKey } from './own-pre-keys.ts'
import { initiateSession, sendingSession, withReplacedSession, withSession } from './sessions.ts'

/** Installations of one identity that are written to: those whose bundles are newest, as the clients do. */
export const MAX_RECIPIENTS = 3
/** Protocol version of our installation in bundles: it negotiates secrets. */
export const PROTOCOL_VERSION = 1

/** From this protocol version on an installation negotiates secrets. */
export const NEGOTIATION_VERSION = 1

/** A message ready to be carried. */
export interface Sealed {
  readonly type: 'sealed'
  /** A ProtocolMessage. */
  readonly bytes: Uint8Array
  /** `ratchet` for named installations; `dh` for whichever reads it; `none` for public messages. */
  readonly security: 'ratchet' | 'dh' | 'none'
  /** Whom it is for; empty unless `ratchet`. */
  readonly installationIds: readonly string[]
  /** All of them know the negotiated secret, so that it may go to the topic of that. */
  readonly negotiated: boolean
  /** The lowest protocol version among them; 0 if none is addressed. Below 1 the topic of the secret is not used. */
  readonly minProtocolVersion: number
}

/** Nothing was written. */
export interface NotDeniable {
  readonly type: 'not-deniable'
  /** `no-session`: an installation has none and no pre key. `not-negotiated`: not all know the negotiated secret. */
  readonly reason: 'no-session' | 'not-negotiated'
}

interface Tools {
  readonly nowMs: number
  readonly random: Random
  readonly ivs: Random | undefined
  readonly crypto: CryptoProvider
}

/**
 * Encrypts for the peer's installations, at most 3; where there is none, for whichever reads it (`dh`).
 *
 * @param input.mode `dh` to write to any installation even if some are known (pairing, advertising a bundle)
 * @throws DoubleRatchetError `chain-exhausted`, `invalid-argument`
 */
export function encryptMessage(
  conversation: Conversation,
  input: { readonly plaintext: Uint8Array; readonly mode?: 'dh' },
  context: ConversationContext,
): Transition<readonly [Sealed]> {
  const tools = toolsOf(context)
  bytesArgument(input.plaintext, 'plaintext')
  const { preKeys: ownPreKeys, newest: ownPreKey } = withFreshPreKey(conversation.ownPreKeys, tools)
  const ready = { ...conversation, ownPreKeys }
  const recipients =
    input.mode === 'dh' ? [] : active(conversation.installations, MAX_RECIPIENTS, tools.nowMs)

  const { directMessages, installations } = sealForAll(ready, recipients, input.plaintext, ownPreKey, tools)
  const isRatchet = directMessages.length > 0
  const output: Sealed = {
    type: 'sealed',
    bytes: encodeProtocolMessage({
      installationId: conversation.self.installationId,
      bundles: [ownBundle(ready, ownPreKey, tools)],
      directMessages: isRatchet ? directMessages : [sealDh(conversation.peerKey, input.plaintext, tools)],
    }),
    security: isRatchet ? 'ratchet' : 'dh',
    ...addressees(installations, directMessages),
  }
  return transition(conversation, withInstallations(ready, installations), [output])
}

/**
 * Encrypts so that nobody can prove who wrote it: no bundle, since that is signed, and nothing but sessions, whose keys
 * the recipient has too. Only to installations that all know the negotiated secret, because the layer that carries it
 * must not sign either; what it carries must not be signed. No Go client reads messages that nobody signed.
 *
 * @throws DoubleRatchetError `chain-exhausted`, `invalid-argument`
 */
export function encryptDeniably(
  conversation: Conversation,
  input: { readonly plaintext: Uint8Array },
  context: ConversationContext,
): Transition<readonly [Sealed | NotDeniable]> {
  const tools = toolsOf(context)
  bytesArgument(input.plaintext, 'plaintext')
  const recipients = active(conversation.installations, MAX_RECIPIENTS, tools.nowMs)
  const not = (reason: NotDeniable['reason']) =>
    transition(conversation, conversation, [{ type: 'not-deniable', reason }] as const)
  if (recipients.some((recipient) => !isAgreed(recipient))) return not('not-negotiated')
  // Not renewed here: nobody would learn of it from this message.
  const ownPreKey = newestPreKey(conversation.ownPreKeys)
  const { directMessages, installations } = sealForAll(
    conversation,
    recipients,
    input.plaintext,
    ownPreKey,
    tools,
  )
  if (directMessages.length === 0 || directMessages.length < recipients.length) return not('no-session')
  const output: Sealed = {
    type: 'sealed',
    bytes: encodeProtocolMessage({
      installationId: conversation.self.installationId,
      bundles: [],
      directMessages,
    }),
    security: 'ratchet',
    ...addressees(installations, directMessages),
  }
  return transition(conversation, withInstallations(conversation, installations), [output])
}

function sealForAll(
  conversation: Conversation,
  recipients: readonly Installation[],
  plaintext: Uint8Array,
  ownPreKey: OwnPreKey | undefined,
  tools: Tools,
): { readonly directMessages: readonly DirectMessage[]; readonly installations: readonly Installation[] } {
  const directMessages: DirectMessage[] = []
  let { installations } = conversation
  for (const recipient of recipients) {
    const sealed = sealFor(conversation, recipient, plaintext, ownPreKey?.id, tools)
    if (!sealed) continue
    directMessages.push(sealed.message)
    installations = withInstallation(installations, sealed.installation)
  }
  return { directMessages, installations }
}

function addressees(
  installations: readonly Installation[],
  directMessages: readonly DirectMessage[],
): Pick<Sealed, 'installationIds' | 'negotiated' | 'minProtocolVersion'> {
  const installationIds = directMessages.map(({ installationId }) => installationId)
  const addressed = installations.filter(({ id }) => installationIds.includes(id))
  return {
    installationIds,
    negotiated: addressed.length > 0 && addressed.every(isAgreed),
    minProtocolVersion:
      addressed.length > 0 ? Math.min(...addressed.map(({ protocolVersion }) => protocolVersion)) : 0,
  }
}

function isAgreed({ negotiated, protocolVersion }: Installation): boolean {
  return negotiated && protocolVersion >= NEGOTIATION_VERSION
}

/** A message for everybody who reads the topic, not encrypted here; without a payload it is a contact code: the bundle alone. */
export function publicMessage(
  conversation: Conversation,
  input: { readonly payload?: Uint8Array },
  context: ConversationContext,
): Transition<readonly [Sealed]> {
  const tools = toolsOf(context)
  const { preKeys: ownPreKeys, newest: ownPreKey } = withFreshPreKey(conversation.ownPreKeys, tools)
  const ready = { ...conversation, ownPreKeys }
  const { payload } = input
  if (payload) bytesArgument(payload, 'payload')
  const bytes = encodeProtocolMessage({
    installationId: conversation.self.installationId,
    bundles: [ownBundle(ready, ownPreKey, tools)],
    directMessages: [],
    ...(payload && payload.length > 0 ? { publicMessage: payload } : {}),
  })
  return transition(conversation, ready, [
    {
      type: 'sealed',
      bytes,
      security: 'none',
      installationIds: [],
      negotiated: false,
      minProtocolVersion: 0,
    },
  ])
}

/** Undefined if there is no session with the installation and its pre key allows none. */
function sealFor(
  conversation: Conversation,
  recipient: Installation,
  plaintext: Uint8Array,
  ownPreKeyId: Uint8Array | undefined,
  tools: Tools,
): { readonly message: DirectMessage; readonly installation: Installation } | undefined {
  const existing = sendingSession(recipient, ownPreKeyId)
  const writtenOn = existing ?? (recipient.preKey && initiateSession(conversation, recipient.preKey, tools))
  if (!writtenOn) return undefined
  const { crypto, ivs } = tools
  const { state, message } = ratchetEncrypt(writtenOn.ratchet, plaintext, { crypto, random: ivs })
  const next = session({ ...writtenOn, ratchet: state })
  const installation = existing
    ? withReplacedSession(recipient, existing, next)
    : withSession(recipient, next, ownPreKeyId)
  return {
    message: {
      installationId: recipient.id,
      ...x3dhHeaderOf(writtenOn),
      ratchetHeader: { ...message.header, preKeyId: writtenOn.preKeyId },
      payload: message.ciphertext,
    },
    installation: used(aged(installation, ownPreKeyId, tools.nowMs), tools.nowMs),
  }
}

function x3dhHeaderOf({ role, answered, ephemeralKey, preKeyId }: Session) {
  return role === 'initiator' && !answered ? { x3dhHeader: { key: ephemeralKey, preKeyId } } : {}
}

/** Enabled ones that are not stale, those first that were active last: by the bundles that list them, then by their own. */
function active(
  installations: readonly Installation[],
  limit: number,
  nowMs: number,
): readonly Installation[] {
  return installations
    .filter((one) => one.enabled && !isStale(one, nowMs))
    .sort((a, b) => descending(a.seenNs, b.seenNs) || descending(a.announcedNs, b.announcedNs))
    .slice(0, limit)
}

function descending(a: bigint, b: bigint): number {
  return a === b ? 0 : a > b ? -1 : 1
}

/** This installation's pre key and those of our enabled other ones, signed now. */
function ownBundle(
  { self, ownInstallations }: Conversation,
  { id, version }: OwnPreKey,
  { nowMs, crypto }: Tools,
): VerifiedBundle {
  const own = { installationId: self.installationId, preKey: id, version, protocolVersion: PROTOCOL_VERSION }
  const others = active(ownInstallations, MAX_RECIPIENTS - 1, nowMs).flatMap((other) =>
    other.preKey
      ? {
          installationId: other.id,
          preKey: other.preKey,
          version: other.version,
          protocolVersion: other.protocolVersion,
        }
      : [],
  )
  const timestampNs = BigInt(nowMs) * 1_000_000n
  return signBundleAs(self.identity, { preKeys: [own, ...others], timestampNs }, crypto)
}
