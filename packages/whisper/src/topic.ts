import { type Brand, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { expectBytes } from './error.ts'

export const TOPIC_BYTES = 4

/** 4 bytes, in clear on every envelope: which envelopes are worth trying to open. */
export type Topic = Brand<Uint8Array, 'Topic'>

/** Checks the length. @throws WhisperError `invalid-argument` unless there are 4 bytes */
export function topicFrom(bytes: Uint8Array): Topic {
  return expectBytes(bytes, TOPIC_BYTES, 'topic') as Topic
}

/**
 * The first 4 bytes of Keccak-256 of the text as UTF-8, exactly as given: no change of case, no trimming, no Unicode
 * normalisation.
 */
export function topicOfText(text: string, { crypto = defaultProvider }: TopicOptions = {}): Topic {
  return crypto.keccak256(utf8(text)).slice(0, TOPIC_BYTES) as Topic
}

export interface TopicOptions {
  readonly crypto?: CryptoProvider
}

/** The topic as one unsigned integer, big endian: a cheap key for maps. */
export function topicNumber(topic: Topic): number {
  return (
    (((topic[0] as number) << 24) |
      ((topic[1] as number) << 16) |
      ((topic[2] as number) << 8) |
      (topic[3] as number)) >>>
    0
  )
}
