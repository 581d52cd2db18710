/**
 * A secure channel over anything that carries bytes: X3DH prekey bundles, Double Ratchet, several installations of one
 * identity, in the wire format of the Status clients of 2019 - 2020.
 *
 * ```ts
 * import { createSecureChannel } from '@status-protocol/double-ratchet'
 * const alice = createSecureChannel({ identity, installationId, storage })
 * const bytes = await alice.encrypt(bob.publicKey, plaintext)
 * const { plaintext, security, news } = await bob.decrypt(alice.publicKey, bytes)
 * ```
 *
 * Below the driver: `encryptMessage`, `decryptMessage` and their like are pure and return changes, for those who commit
 * several layers at once. X3DH and the ratchet alone: `@status-protocol/double-ratchet/x3dh` and `.../ratchet`.
 */
export {
  createSecureChannel,
  type Decrypted,
  type DecryptOptions,
  type KnownInstallation,
  type SecureChannel,
  type SecureChannelOptions,
} from './channel.ts'
export {
  EXPIRED_SESSION_LIFETIME_MS,
  isStale,
  STALE_AFTER_MS,
} from './conversation/aging.ts'
export { answerRefusal, MAX_ANSWERS } from './conversation/answer.ts'
export {
  type Conversation,
  type ConversationContext,
  isWithSelf,
  loadConversation,
  type Transition,
} from './conversation/conversation.ts'
export {
  confirmMessage,
  type DecryptInput,
  type DecryptOutputs,
  decryptMessage,
  type MessageKeyId,
  type Opened,
  type RefusalReason,
  type Refused,
  type RefusedSession,
} from './conversation/decrypt.ts'
export { forgetPeer, setInstallationEnabled, setInstallationMetadata } from './conversation/devices.ts'
export {
  encryptDeniably,
  encryptMessage,
  MAX_RECIPIENTS,
  NEGOTIATION_VERSION,
  type NotDeniable,
  PROTOCOL_VERSION,
  publicMessage,
  type Sealed,
} from './conversation/encrypt.ts'
export {
  decodeInstallation,
  encodeInstallation,
  INSTALLATIONS_TABLE,
  type Installation,
  type InstallationMetadata,
  MAX_KEPT_KEYS_OF_INSTALLATION,
  MAX_METADATA_BYTES,
  MAX_SESSIONS,
  type Session,
} from './conversation/installation.ts'
export { MAX_INSTALLATION_ID_BYTES } from './conversation/installation-id.ts'
export { type InstallationNews, MAX_BUNDLE_AHEAD_MS, MAX_INSTALLATIONS } from './conversation/learn.ts'
export {
  decodeOwnPreKeys,
  encodeOwnPreKeys,
  MAX_OWN_PRE_KEYS,
  OLD_PRE_KEY_LIFETIME_MS,
  OWN_PRE_KEYS_KEY,
  OWN_TABLE,
  type OwnPreKey,
  PRE_KEY_LIFETIME_MS,
} from './conversation/own-pre-keys.ts'
export { ANSWER_COOL_DOWN_MS, PEERS_TABLE, type PeerState } from './conversation/peer-state.ts'
export { type SessionReads, storageReads } from './conversation/reads.ts'
export { createSelf, type Self } from './conversation/self.ts'
export { negotiatedSecret } from './conversation/sessions.ts'
export { MAX_STRANGERS, type Sweep, type SweepOptions, sweep } from './conversation/sweep.ts'
export { DoubleRatchetError, type DoubleRatchetErrorCode } from './error.ts'
export type { KeyPair } from './keys.ts'
export {
  ANY_INSTALLATION,
  type DhHeader,
  type DirectMessage,
  decodeProtocolMessage,
  encodeProtocolMessage,
  MAX_BUNDLES,
  MAX_DIRECT_MESSAGES,
  type ProtocolMessage,
  type RatchetWireHeader,
  type X3dhHeader,
} from './message/protocol-message.ts'
