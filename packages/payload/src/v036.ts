/**
 * The payload of status-go 0.36 (November 2019): the wrapper of v1 without a type around a chat message whose enums
 * begin at 0 and are one less than in v1. Group and device messages were not protobuf yet (see `./v0`).
 */
import { type ChatMessage, chatMessageCodec } from './chat-message.ts'
import { orUndefinedIfMalformed } from './error.ts'
import type { Identity } from './signature.ts'
import { type NotUnwrapped, openWrapper, type Unwrapped, type WrapOptions, wrapPayload } from './wrapper.ts'

/** Such wrappers say nothing of their type. */
const NO_TYPE = 0

/**
 * A chat message with the numbers of v1: what 0.36 calls text (0) is `CONTENT_TYPES.text` (1). Its two command types
 * become the local-only ones, which `validateMessage` refuses or shows as system text.
 *
 * @throws PayloadError `malformed`
 */
export function decodeChatMessageV036(payload: Uint8Array): ChatMessage {
  return shifted(chatMessageCodec.decode(payload), 1)
}

/** The way back of {@link decodeChatMessageV036}. Images did not exist: readers of 0.36 take them for an unknown type. */
export function encodeChatMessageV036(message: ChatMessage): Uint8Array {
  return chatMessageCodec.encode(shifted(message, -1))
}

/** Signed like any other, but without a type. */
export function wrapV036(
  message: ChatMessage,
  identity: Identity | 'unsigned',
  options: WrapOptions = {},
): Uint8Array {
  return wrapPayload(encodeChatMessageV036(message), NO_TYPE, identity, options)
}

/**
 * {@link unwrap} of what clients of 0.36 send. Only for wrappers without a type: anything else is `not-v036`, since the
 * type is all that tells the generations apart (and no signature covers it).
 */
export function unwrapV036(
  wrapped: Uint8Array,
  options: WrapOptions = {},
): (Unwrapped & { readonly message: ChatMessage }) | NotUnwrapped<'not-v036'> {
  const opened = openWrapper(wrapped, options)
  if (!opened.ok) return opened
  if (opened.wireType !== NO_TYPE) return { ok: false, reason: 'not-v036' }
  const message = orUndefinedIfMalformed(() => decodeChatMessageV036(opened.payload))
  return message ? { ...opened, message } : { ok: false, reason: 'malformed-message' }
}

function shifted(message: ChatMessage, by: 1 | -1): ChatMessage {
  // `| 0`: the ends of the 32-bit range wrap around, so that every number has a way back.
  return {
    ...message,
    messageType: (message.messageType + by) | 0,
    contentType: (message.contentType + by) | 0,
  }
}
