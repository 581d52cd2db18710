/**
 * The wrapper around every message of payload v1, spec "Payloads", section "Payload wrapper".
 *
 * `1: signature(65) | 2: payload | 3: type` - the signature is over keccak256(payload) and does not cover the type.
 */
import type { PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { bytes, int32, optionalBytes, type TableCodec, tableCodec } from './codec.ts'
import { orUndefinedIfMalformed } from './error.ts'
import { status } from './generated/payload.js'
import { decodeMessage, encodeMessage, type Message, wireTypeOf } from './message.ts'
import { type MessageId, messageId } from './message-id.ts'
import { type Identity, recoverAuthor, type SignatureFault, signAs } from './signature.ts'

/** A wrapper as it stands on the wire. */
export interface Wrapper {
  /** undefined: not signed. */
  readonly signature?: Uint8Array | undefined
  readonly payload: Uint8Array
  /** Number of the message type; 0 when not set. */
  readonly type: number
  readonly unknownFields?: Uint8Array
}

/** A wrapper that was opened, its payload not looked into. */
export interface OpenedWrapper {
  readonly ok: true
  /** Who signed, 65 bytes; undefined when nobody did. */
  readonly author: PublicKey | undefined
  readonly messageId: MessageId
  readonly wireType: number
  readonly payload: Uint8Array
}

/** The same with its message. */
export interface Unwrapped extends OpenedWrapper {
  readonly message: Message
}

/** Nothing that could be shown to anybody; the other fields are there so that a result can be destructured. */
export interface NotUnwrapped<Other extends string = never> {
  readonly ok: false
  /** `malformed`: the wrapper is no protobuf; `malformed-message`: its payload is none. */
  readonly reason: 'malformed' | 'malformed-message' | SignatureFault | Other
  readonly author?: undefined
  readonly messageId?: undefined
  readonly message?: undefined
}

export interface WrapOptions {
  readonly crypto?: CryptoProvider
}

const wrapperCodec: TableCodec<Wrapper> = tableCodec(
  'ApplicationMetadataMessage',
  status.payload.ApplicationMetadataMessage,
  {},
  { signature: optionalBytes, payload: bytes, type: int32 },
)

/**
 * A message ready to be handed to the layers below.
 *
 * @param identity who signs; `'unsigned'` leaves the author to the transport's signature
 * @throws PayloadError `invalid-argument` or `out-of-range`, naming the field of the message
 */
export function wrap(
  message: Message,
  identity: Identity | 'unsigned',
  options: WrapOptions = {},
): Uint8Array {
  return wrapPayload(encodeMessage(message), wireTypeOf(message), identity, options)
}

/** {@link wrap} for a payload that is encoded already. */
export function wrapPayload(
  payload: Uint8Array,
  wireType: number,
  identity: Identity | 'unsigned',
  { crypto = defaultProvider }: WrapOptions = {},
): Uint8Array {
  if (identity === 'unsigned') return encodeWrapper({ payload, type: wireType })
  const signature = signAs(identity, payload, crypto)
  return encodeWrapper({ signature, payload, type: wireType })
}

/** What a wrapper says and who says it. Never throws on what a peer sent. */
export function unwrap(wrapped: Uint8Array, options: WrapOptions = {}): Unwrapped | NotUnwrapped {
  const opened = openWrapper(wrapped, options)
  if (!opened.ok) return opened
  const message = orUndefinedIfMalformed(() => decodeMessage(opened.wireType, opened.payload))
  return message ? { ...opened, message } : { ok: false, reason: 'malformed-message' }
}

/** {@link unwrap} without a look into the payload. */
export function openWrapper(
  wrapped: Uint8Array,
  { crypto = defaultProvider }: WrapOptions = {},
): OpenedWrapper | NotUnwrapped {
  const wrapper = orUndefinedIfMalformed(() => decodeWrapper(wrapped))
  if (!wrapper) return { ok: false, reason: 'malformed' }
  const { signature, payload, type: wireType } = wrapper
  const author = signature && recoverAuthor(crypto.keccak256(payload), signature, crypto)
  if (typeof author === 'string') return { ok: false, reason: author }
  return { ok: true, author, messageId: messageId(author, wrapped, { crypto }), wireType, payload }
}

/** @throws PayloadError `malformed` */
export function decodeWrapper(wrapped: Uint8Array): Wrapper {
  return wrapperCodec.decode(wrapped)
}

/** Signature, payload and type in this order, fields not known to us last. */
export function encodeWrapper(wrapper: Wrapper): Uint8Array {
  return wrapperCodec.encode(wrapper)
}
