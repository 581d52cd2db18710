/**
 * The wrapper of 2019: `4001: signature(65) | 4002: payload`, the signature over keccak256(payload).
 *
 * It came late and is optional: bytes that are no protobuf are the payload itself, its author whoever signed the
 * transport's envelope; so is the author of an unsigned wrapper.
 */
import type { PublicKey } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { bytes, optionalBytes, type TableCodec, tableCodec } from '../codec.ts'
import { orUndefinedIfMalformed } from '../error.ts'
import { status } from '../generated/payload-v0.js'
import { type MessageId, messageId } from '../message-id.ts'
import { type Identity, recoverAuthor, type SignatureFault, signAs } from '../signature.ts'
import type { WrapOptions } from '../wrapper.ts'
import {
  type DecodeOptionsV0,
  decodeMessageV0,
  type EncodeOptionsV0,
  encodeMessageV0,
  type MessageV0,
} from './message.ts'

/** A wrapper as it stands on the wire. */
export interface WrapperV0 {
  /** undefined: not signed. */
  readonly signature?: Uint8Array | undefined
  readonly payload: Uint8Array
  readonly unknownFields?: Uint8Array
}

export interface OpenedWrapperV0 {
  readonly ok: true
  /** Whether there was a wrapper at all. */
  readonly wrapped: boolean
  /** Who signed the wrapper; undefined when nobody did: then whoever signed the envelope is the author. */
  readonly author: PublicKey | undefined
  readonly messageId: MessageId
  readonly payload: Uint8Array
}

export interface UnwrappedV0 extends OpenedWrapperV0 {
  readonly message: MessageV0
}

export interface NotUnwrappedV0 {
  readonly ok: false
  readonly reason: 'malformed-message' | SignatureFault
  readonly author?: undefined
  readonly messageId?: undefined
  readonly message?: undefined
}

export interface UnwrapOptionsV0 extends WrapOptions, DecodeOptionsV0 {
  /** Who signed the envelope; the message id of bytes without a wrapper covers it. */
  readonly transportSigner?: PublicKey
}

const wrapperCodec: TableCodec<WrapperV0> = tableCodec(
  'StatusProtocolMessage',
  status.payload.v0.StatusProtocolMessage,
  {},
  { signature: optionalBytes, payload: bytes },
)

/** A message of v0 ready to be handed to the layers below. */
export function wrapV0(
  message: MessageV0,
  identity: Identity | 'unsigned',
  options: WrapOptions & EncodeOptionsV0 = {},
): Uint8Array {
  return wrapPayloadV0(encodeMessageV0(message, options), identity, options)
}

/** {@link wrapV0} for a payload that is encoded already. */
export function wrapPayloadV0(
  payload: Uint8Array,
  identity: Identity | 'unsigned',
  { crypto = defaultProvider }: WrapOptions = {},
): Uint8Array {
  if (identity === 'unsigned') return encodeWrapperV0({ payload })
  return encodeWrapperV0({ signature: signAs(identity, payload, crypto), payload })
}

/** What a payload of v0 says and who says it. Never throws on what a peer sent. */
export function unwrapV0(wrapped: Uint8Array, options: UnwrapOptionsV0 = {}): UnwrappedV0 | NotUnwrappedV0 {
  const opened = openWrapperV0(wrapped, options)
  if (!opened.ok) return opened
  const message = orUndefinedIfMalformed(() => decodeMessageV0(opened.payload, options))
  return message ? { ...opened, message } : { ok: false, reason: 'malformed-message' }
}

/** {@link unwrapV0} without a look into the payload. */
export function openWrapperV0(
  wrapped: Uint8Array,
  { crypto = defaultProvider, transportSigner }: UnwrapOptionsV0 = {},
): OpenedWrapperV0 | NotUnwrappedV0 {
  const wrapper = orUndefinedIfMalformed(() => decodeWrapperV0(wrapped))
  if (!wrapper) {
    const id = messageId(transportSigner, wrapped, { crypto })
    return { ok: true, wrapped: false, author: undefined, messageId: id, payload: wrapped.slice() }
  }
  const { signature, payload } = wrapper
  const author = signature && recoverAuthor(crypto.keccak256(payload), signature, crypto)
  if (typeof author === 'string') return { ok: false, reason: author }
  return { ok: true, wrapped: true, author, messageId: messageId(author, wrapped, { crypto }), payload }
}

/** @throws PayloadError `malformed` */
export function decodeWrapperV0(wrapped: Uint8Array): WrapperV0 {
  return wrapperCodec.decode(wrapped)
}

/** Signature and payload in this order, fields not known to us last. */
export function encodeWrapperV0(wrapper: WrapperV0): Uint8Array {
  return wrapperCodec.encode(wrapper)
}
