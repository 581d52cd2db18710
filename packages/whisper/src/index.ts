/**
 * Whisper v6 (EIP-627) with the Status extensions: sealed envelopes on topics, which relays carry without being able to
 * read them.
 *
 * ```ts
 * import { open, publicChat, seal } from '@status-protocol/whisper'
 * const chat = await publicChat('status')
 * const envelope = await seal(payload, { to: chat, signer, ttlSeconds: 15, powTarget: 0.002 })
 * const result = open(envelope, chat)
 * ```
 */

// What a node takes
export {
  type AcceptancePolicy,
  judgeEnvelope,
  REFUSAL_TEXTS,
  type RefusalReason,
  type Verdict,
} from './acceptance.ts'
// Bloom filters
export {
  BLOOM_BYTES,
  type Bloom,
  bloomFrom,
  bloomMatches,
  bloomMatchesTopic,
  bloomOf,
  bloomOfTopics,
  emptyBloom,
  fullBloom,
  unionOfBlooms,
} from './bloom.ts'
// Conversations: which topic, which key
export {
  type AsymmetricChat,
  chatOfSecret,
  contactCode,
  contactCodeId,
  DISCOVERY_PARTITIONS,
  discoveryPartition,
  genericDiscoveryTopic,
  negotiatedChat,
  partitionedDiscovery,
  partitionedDiscoveryId,
  personalDiscovery,
  personalDiscoveryId,
  publicChat,
  type SymmetricChat,
  symmetricChat,
} from './chat.ts'
// Envelopes
export {
  decodeEnvelope,
  detachEnvelope,
  ENVELOPE_HASH_BYTES,
  ENVELOPE_HEADER_BYTES,
  type Envelope,
  type EnvelopeFields,
  type EnvelopeFlaw,
  type EnvelopeHash,
  encodeEnvelope,
  encodeEnvelopeWithoutNonce,
  envelopeFrom,
  envelopeHash,
  envelopeHashFrom,
  envelopeSize,
  powPreimage,
  sentUnixSeconds,
} from './envelope.ts'
export { WhisperError, type WhisperErrorCode } from './error.ts'
// The plaintext inside
export {
  encodeFrame,
  FRAME_SIGNATURE_BYTES,
  type Frame,
  PADDING_BLOCK_BYTES,
  paddingLength,
  parseFrame,
  signFrame,
} from './frame.ts'
export {
  type KeyOptions,
  keyPairId,
  PASSWORD_KEY_ROUNDS,
  SYMMETRIC_KEY_BYTES,
  symmetricKeyFromPassword,
} from './keys.ts'
export {
  DEFAULT_POW_TARGET,
  DEFAULT_POW_TIME_MS,
  DEFAULT_TTL_SECONDS,
  MAX_FRAME_PAYLOAD_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_PAYLOAD_BYTES,
  MAX_TTL_SECONDS,
  SYNC_ALLOWANCE_SECONDS,
} from './limits.ts'
export type { WhisperLink } from './link.ts'
// Proof of work
export { createPortableMiner, type Miner, type PortableMinerOptions, portableMiner } from './miner.ts'
// Sealing and opening
export { decryptFrame, type OpeningKey, type OpenResult, open } from './open.ts'
// The packets of shh/6
export {
  BATCH_HASH_BYTES,
  decodeBatchAcknowledged,
  encodeBatchAcknowledged,
} from './packets/batch-acknowledged.ts'
export { decodeBloomFilter, encodeBloomFilter } from './packets/bloom-filter.ts'
export { MAX_PACKET_BYTES, PACKET_CODE_COUNT, type PacketCode, packetCodes } from './packets/codes.ts'
export { decodeDirect, encodeDirect, packDirect } from './packets/direct.ts'
export {
  decodeMessageResponse,
  type EnvelopeError,
  encodeMessageResponse,
  envelopeErrorCodes,
  MAX_DESCRIPTION_BYTES,
  type MessageResponse,
} from './packets/message-response.ts'
export { batchHash, decodeMessages, encodeMessages, MAX_ENVELOPES_PER_PACKET } from './packets/messages.ts'
export { decodePowRequirement, encodePowRequirement } from './packets/pow-requirement.ts'
export { decodeRateLimits, encodeRateLimits, noRateLimits, type RateLimits } from './packets/rate-limits.ts'
export {
  decodeHistoryRequest,
  encodeHistoryRequest,
  type HistoryRequest,
  type PlainRequest,
} from './packets/request.ts'
export {
  CURSOR_BYTES,
  decodeRequestComplete,
  encodeRequestComplete,
  parseRequestCompletePayload,
  REQUEST_ID_BYTES,
  type RequestComplete,
  requestCompletePayload,
} from './packets/request-complete.ts'
export { decodeStatus, encodeStatus, type Status, WHISPER_VERSION } from './packets/status.ts'
export {
  decodeSyncRequest,
  decodeSyncResponse,
  encodeSyncRequest,
  encodeSyncResponse,
  type SyncRequest,
  type SyncResponse,
} from './packets/sync.ts'
export { leadingZeroBits, leadingZeroBitsFor, olderPowOf, type PowOptions, powOf } from './pow.ts'
export { encryptSymmetric, SALT_BYTES, type SealOptions, seal } from './seal.ts'
// The node
export type {
  BeforeConfirm,
  EnvelopeStatus,
  Filter,
  Post,
  WhisperMessage,
  WhisperService,
} from './service.ts'
export type { ClockVote } from './shh/clock-vote.ts'
export { type KeyId, KeyStore, type KeyStoreOptions } from './shh/key-store.ts'
export type { LocalWhisperService, ReceivedMessage, Subscription } from './shh/local-service.ts'
export type { PooledEnvelope, Whisper, WhisperSubprotocol } from './shh/node.ts'
export type { MailHandlers, WhisperEvent, WhisperOptions } from './shh/options.ts'
export type { OwnProgress } from './shh/own-envelopes.ts'
export { type ClockReport, clockWarning } from './shh/peer-clock.ts'
export type { WhisperPeer } from './shh/peer-handle.ts'
export type { RateLimitOptions } from './shh/rate-limiter.ts'
export type { Scheduler } from './shh/scheduler.ts'
export type { WhisperBreakdown, WhisperCounters, WhisperGauges, WhisperStats } from './shh/stats.ts'
export { BoundedStream, type StreamLimits } from './shh/stream.ts'
export { systemScheduler } from './shh/timers.ts'
export type { EnvelopeTrace, TraceEnvelope } from './shh/trace.ts'
export type { CodeTraffic } from './shh/traffic.ts'
export { createWhisper } from './shh/whisper.ts'
export { TOPIC_BYTES, type Topic, type TopicOptions, topicFrom, topicNumber, topicOfText } from './topic.ts'
