/**
 * The payload: what one peer sends another at once. Two wire forms, the same but for field numbers and metadata:
 *
 * ```
 *            acks  offers  requests  messages      message: group  timestamp  body  metadata
 * status     5001   5002     5003      5004                  6001     6002    6003     -
 * metadata      1      2        3         4                     1        2       3     4
 * ```
 *
 * All clients of 2019 - 2020 speak `status`; `metadata` is the form of the written specification (late 2020).
 */
import protobuf from 'protobufjs/minimal.js'
import { MvdsError } from './error.ts'
import { status as statusForm } from './generated/mvds.js'
import { status as metadataForm } from './generated/mvds-metadata.js'
import type { MessageContent, SyncMetadata } from './message.ts'

export type WireForm = 'status' | 'metadata'

export interface Payload {
  readonly acks: readonly Uint8Array[]
  readonly offers: readonly Uint8Array[]
  readonly requests: readonly Uint8Array[]
  readonly messages: readonly MessageContent[]
}

/** What {@link decodePayload} found. What is no data sync goes on to the next layer unchanged. */
export type DecodedPayload =
  | { readonly ok: true; readonly payload: Payload }
  | { readonly ok: false; readonly reason: 'malformed' | 'empty' | 'too-large' }

/** More than a Whisper envelope can carry. */
export const MAX_PAYLOAD_BYTES: number = 1024 * 1024

const FORMS = { status: statusForm.mvds, metadata: metadataForm.mvds.metadata } as const

export function encodePayload(payload: Payload, wire: WireForm = 'status'): Uint8Array {
  const { acks, offers, requests, messages } = payload
  const shape = { acks: [...acks], offers: [...offers], requests: [...requests] }
  return plainCopy(
    wire === 'status'
      ? FORMS.status.Payload.encode({ ...shape, messages: messages.map(plainShape) }).finish()
      : FORMS.metadata.Payload.encode({ ...shape, messages: messages.map(metadataShape) }).finish(),
  )
}

/**
 * Reads a payload; byte strings are copies. Never throws.
 *
 * `empty`: it reads as protobuf but has none of the four lists, as every application message does.
 */
export function decodePayload(bytes: Uint8Array, wire: WireForm = 'status'): DecodedPayload {
  if (bytes.length > MAX_PAYLOAD_BYTES) return { ok: false, reason: 'too-large' }
  const decoded = decoding(() => FORMS[wire].Payload.decode(readerOf(bytes)))
  if (!decoded) return { ok: false, reason: 'malformed' }
  const payload = {
    acks: (decoded.acks ?? []).map(plainCopy),
    offers: (decoded.offers ?? []).map(plainCopy),
    requests: (decoded.requests ?? []).map(plainCopy),
    messages: (decoded.messages ?? []).map(contentOf),
  }
  const isEmpty = Object.values(payload).every((list) => list.length === 0)
  return isEmpty ? { ok: false, reason: 'empty' } : { ok: true, payload }
}

/** One message alone. */
export function encodeMessage(message: MessageContent, wire: WireForm = 'status'): Uint8Array {
  return plainCopy(
    wire === 'status'
      ? FORMS.status.Message.encode(plainShape(message)).finish()
      : FORMS.metadata.Message.encode(metadataShape(message)).finish(),
  )
}

/** The message, or undefined if the bytes are none. Never throws. */
export function decodeMessage(bytes: Uint8Array, wire: WireForm = 'status'): MessageContent | undefined {
  if (bytes.length > MAX_PAYLOAD_BYTES) return undefined
  const decoded = decoding(() => FORMS[wire].Message.decode(readerOf(bytes)))
  return decoded && contentOf(decoded)
}

function decoding<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

/** Unknown fields are dropped, not collected. */
function readerOf(bytes: Uint8Array): protobuf.Reader {
  const reader = protobuf.Reader.create(bytes)
  reader.discardUnknown = true
  return reader
}

const NOTHING = new Uint8Array(0)

interface DecodedMessage {
  readonly groupId?: Uint8Array | null
  readonly timestamp?: number | { readonly low: number; readonly high: number } | null
  readonly body?: Uint8Array | null
  readonly metadata?: { readonly parents?: Uint8Array[] | null; readonly ephemeral?: boolean | null } | null
}

function contentOf({ groupId, timestamp, body, metadata }: DecodedMessage): MessageContent {
  const content = {
    groupId: plainCopy(groupId ?? NOTHING),
    timestampSeconds: toBigInt(timestamp ?? 0),
    body: plainCopy(body ?? NOTHING),
  }
  if (!metadata) return content
  const { parents, ephemeral } = metadata
  return { ...content, metadata: { parents: (parents ?? []).map(plainCopy), ephemeral: ephemeral ?? false } }
}

function plainShape({ groupId, timestampSeconds, body }: MessageContent) {
  return { groupId, timestamp: fromBigInt(timestampSeconds), body }
}

function metadataShape(message: MessageContent) {
  const { metadata } = message
  return metadata ? { ...plainShape(message), metadata: metadataOf(metadata) } : plainShape(message)
}

function metadataOf({ parents, ephemeral }: SyncMetadata) {
  return { parents: [...parents], ephemeral }
}

/** protobufjs hands out Buffers on Node, which share memory with its input or with each other. */
function plainCopy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes)
}

function toBigInt(value: number | { readonly low: number; readonly high: number }): bigint {
  if (typeof value === 'number') return BigInt(value)
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0)
}

/** protobufjs writes numbers and pairs of 32-bit halves; of a bigint it would silently write 0. */
function fromBigInt(value: bigint): number | { low: number; high: number; unsigned: boolean } {
  if (BigInt.asIntN(64, value) !== value)
    throw new MvdsError('invalid-argument', 'timestampSeconds: expected a signed 64-bit integer')
  const low = Number(BigInt.asIntN(32, value))
  const high = Number(BigInt.asIntN(32, value >> 32n))
  return { low, high, unsigned: false }
}
