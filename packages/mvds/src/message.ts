/** The message: what one peer of a group wants the others to have. */
import { type Brand, concat, expectLength, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { SyncGroupId } from './group.ts'

/** 32 bytes: SHA-256 over group, time and body. Not the id of the application message that the body may hold. */
export type SyncMessageId = Brand<Uint8Array, 'SyncMessageId'>

/** @throws BytesError `wrong-length` unless there are 32 bytes */
export function syncMessageId(bytes: Uint8Array): SyncMessageId {
  return expectLength(bytes, 32, 'message id') as SyncMessageId
}

/** Only in the later wire form. Not covered by the message id. */
export interface SyncMetadata {
  /** Ids of the messages that this one follows. */
  readonly parents: readonly Uint8Array[]
  /** Sent once, not acknowledged, not kept. */
  readonly ephemeral: boolean
}

/** What travels of a message. */
export interface MessageContent {
  /** 32 bytes where a peer keeps to the protocol; codecs take any length. */
  readonly groupId: Uint8Array
  /** Unix time in seconds, a signed 64-bit integer. */
  readonly timestampSeconds: bigint
  readonly body: Uint8Array
  readonly metadata?: SyncMetadata
}

export interface SyncMessage extends MessageContent {
  readonly id: SyncMessageId
  readonly groupId: SyncGroupId
}

const ID_PREFIX = utf8('MESSAGE_ID')

/** SHA-256("MESSAGE_ID" | group id | timestamp, 8 bytes little endian | body). */
export function messageIdOf(
  { groupId, timestampSeconds, body }: MessageContent,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): SyncMessageId {
  const timestamp = new Uint8Array(8)
  new DataView(timestamp.buffer).setBigInt64(0, timestampSeconds, true)
  return crypto.sha256(concat(ID_PREFIX, groupId, timestamp, body)) as SyncMessageId
}
