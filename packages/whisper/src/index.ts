/** Whisper v6 (EIP-627) with the Status extensions. */
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
export {
  decodeEnvelope,
  detachEnvelope,
  ENVELOPE_HASH_BYTES,
  ENVELOPE_HEADER_BYTES,
  type Envelope,
  type EnvelopeFields,
  type EnvelopeHash,
  encodeEnvelope,
  encodeEnvelopeWithoutNonce,
  envelopeFrom,
  envelopeHash,
  envelopeHashFrom,
  envelopeSize,
  sentUnixSeconds,
} from './envelope.ts'
export { WhisperError, type WhisperErrorCode } from './error.ts'
export type { WhisperLink } from './link.ts'
export { TOPIC_BYTES, type Topic, topicFrom, topicNumber, topicOfText } from './topic.ts'
