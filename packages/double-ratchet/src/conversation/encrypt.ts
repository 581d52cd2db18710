/** Writing: to all of a peer's installations at once, with our own bundle in every message. */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { type DirectMessage, encodeProtocolMessage } from '../message/protocol-message.ts'
import { ratchetEncrypt } from '../ratchet/session.ts'
import { bytesArgument } from '../wire.ts'
import { signBundleAs, type VerifiedBundle } from '../x3dh/bundle.ts'
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
import { type OwnPreKey, withFreshPreKey } from './own-pre-keys.ts'
import { initiateSession, sendingSession, withReplacedSession, withSession } from './sessions.ts'

/** Installations of one identity that are written to: those whose bundles are newest, as the clients do. */
export const MAX_RECIPIENTS = 3
/** Protocol version of our installation in bundles: it negotiates secrets. */
export const PROTOCOL_VERSION = 1

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
}

interface Tools {
  readonly nowMs: number
  readonly random: Random
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
  const recipients = input.mode === 'dh' ? [] : active(conversation.installations, MAX_RECIPIENTS)

  const directMessages: DirectMessage[] = []
  let { installations } = ready
  for (const recipient of recipients) {
    const sealed = sealFor(ready, recipient, input.plaintext, ownPreKey, tools)
    if (!sealed) continue
    directMessages.push(sealed.message)
    installations = withInstallation(installations, sealed.installation)
  }
  const addressed = directMessages.map(({ installationId }) => installationId)
  const isAgreed = ({ id, negotiated }: Installation) => negotiated || !addressed.includes(id)
  const output: Sealed = {
    type: 'sealed',
    bytes: encodeProtocolMessage({
      installationId: conversation.self.installationId,
      bundles: [ownBundle(ready, ownPreKey, tools)],
      directMessages:
        addressed.length > 0 ? directMessages : [sealDh(conversation.peerKey, input.plaintext, tools)],
    }),
    security: addressed.length > 0 ? 'ratchet' : 'dh',
    installationIds: addressed,
    negotiated: addressed.length > 0 && installations.every(isAgreed),
  }
  return transition(conversation, withInstallations(ready, installations), [output])
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
    { type: 'sealed', bytes, security: 'none', installationIds: [], negotiated: false },
  ])
}

/** Undefined if there is no session with the installation and its pre key allows none. */
function sealFor(
  conversation: Conversation,
  recipient: Installation,
  plaintext: Uint8Array,
  ownPreKey: OwnPreKey,
  tools: Tools,
): { readonly message: DirectMessage; readonly installation: Installation } | undefined {
  const existing = sendingSession(recipient, ownPreKey.id)
  const used = existing ?? (recipient.preKey && initiateSession(conversation, recipient.preKey, tools))
  if (!used) return undefined
  const { state, message } = ratchetEncrypt(used.ratchet, plaintext, tools)
  const next = session({ ...used, ratchet: state })
  return {
    message: {
      installationId: recipient.id,
      ...x3dhHeaderOf(used),
      ratchetHeader: { ...message.header, preKeyId: used.preKeyId },
      payload: message.ciphertext,
    },
    installation: existing
      ? withReplacedSession(recipient, existing, next)
      : withSession(recipient, next, ownPreKey.id),
  }
}

function x3dhHeaderOf({ role, answered, ephemeralKey, preKeyId }: Session) {
  return role === 'initiator' && !answered ? { x3dhHeader: { key: ephemeralKey, preKeyId } } : {}
}

/** Enabled ones, those first that bundles listed last. */
function active(installations: readonly Installation[], limit: number): readonly Installation[] {
  return installations
    .filter(({ enabled }) => enabled)
    .sort((a, b) => (a.seenNs === b.seenNs ? 0 : a.seenNs > b.seenNs ? -1 : 1))
    .slice(0, limit)
}

/** This installation's pre key and those of our enabled other ones, signed now. */
function ownBundle(
  { self, ownInstallations }: Conversation,
  { id, version }: OwnPreKey,
  { nowMs, crypto }: Tools,
): VerifiedBundle {
  const own = { installationId: self.installationId, preKey: id, version, protocolVersion: PROTOCOL_VERSION }
  const others = active(ownInstallations, MAX_RECIPIENTS - 1).flatMap((other) =>
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
