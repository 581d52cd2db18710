import { uint64Argument } from './arguments.ts'
import { chatKind } from './chat-id.ts'
import { bytes, int32, nested, optionalBytes, type TableCodec, tableCodec, text, uint64 } from './codec.ts'
import { PayloadError } from './error.ts'
import { status } from './generated/payload.js'

/** Values of `ChatMessage.messageType`; others may come from newer clients and are kept. */
export const CHAT_MESSAGE_TYPES = {
  unknown: 0,
  oneToOne: 1,
  publicGroup: 2,
  privateGroup: 3,
  /** Made by a client for its own display, refused from others. */
  systemPrivateGroup: 4,
} as const

/** Values of `ChatMessage.contentType`; others may come from newer clients and are kept. */
export const CONTENT_TYPES = {
  unknown: 0,
  text: 1,
  sticker: 2,
  /** A "/me" line. */
  status: 3,
  emoji: 4,
  /** Made by a client from the transaction messages, refused from others. */
  transactionCommand: 5,
  /** Made by a client for its own display; the reference accepts it from others. */
  systemPrivateGroup: 6,
  image: 7,
} as const

/** Values of `Image.format`. */
export const IMAGE_FORMATS = { unknown: 0, png: 1, jpeg: 2, webp: 3, gif: 4 } as const

/** What somebody says in a chat (wire type 1). */
export interface ChatMessage {
  readonly type: 'chat'
  /** Lamport clock of the chat, in the v1 generation Unix milliseconds or above. */
  readonly clock: bigint
  /** Unix milliseconds by the sender's clock; for display, never for order. */
  readonly timestamp: bigint
  readonly text: string
  /** Message id of what this answers, hex with `0x`; '' if it answers nothing. */
  readonly responseTo: string
  /** ENS name that the sender claims, not verified; '' if none. */
  readonly ensName: string
  /** See {@link chatKind}. In 1:1 it names the recipient, so the receiver files it under its author. */
  readonly chatId: string
  /** One of {@link CHAT_MESSAGE_TYPES} or a number not known yet. */
  readonly messageType: number
  /** One of {@link CONTENT_TYPES} or a number not known yet. */
  readonly contentType: number
  /** At most one of `sticker` and `image`. */
  readonly sticker?: Sticker | undefined
  readonly image?: Image | undefined
  /**
   * In a group, of a message that goes without the group's events: what they come to for the sender (`groupViewHash`,
   * 32 bytes if it is one). Only clients of this implementation write it; others pass over it (field 1001).
   */
  readonly view?: Uint8Array | undefined
  readonly unknownFields?: Uint8Array
}

export interface Sticker {
  /** Content hash as hex text. */
  readonly hash: string
  /** Sticker pack; signed 32 bits. */
  readonly pack: number
  readonly unknownFields?: Uint8Array
}

export interface Image {
  readonly payload: Uint8Array
  /** One of {@link IMAGE_FORMATS} or a number not known yet. */
  readonly format: number
  readonly unknownFields?: Uint8Array
}

export interface ChatMessageOptions {
  readonly chatId: string
  readonly text: string
  readonly clock: bigint | number
  /** Unix milliseconds. */
  readonly timestamp: bigint | number
  readonly responseTo?: string
  readonly ensName?: string
  /** Only to override what the chat id says. */
  readonly messageType?: number
  /** Only to override what `sticker` and `image` say: `CONTENT_TYPES.emoji`, for example. */
  readonly contentType?: number
  readonly sticker?: { readonly hash: string; readonly pack: number }
  readonly image?: { readonly payload: Uint8Array; readonly format: number }
}

const MESSAGE_TYPE_OF_CHAT = {
  'one-to-one': CHAT_MESSAGE_TYPES.oneToOne,
  public: CHAT_MESSAGE_TYPES.publicGroup,
  group: CHAT_MESSAGE_TYPES.privateGroup,
} as const

/**
 * A message to a chat. Text may not be blank, not even beside a sticker or an image: receivers drop such messages.
 *
 * @throws PayloadError `out-of-range` on a clock or timestamp that is no unsigned 64-bit integer; `invalid-argument`
 *   on both a sticker and an image
 */
export function chatMessage(options: ChatMessageOptions): ChatMessage {
  const { chatId, sticker, image } = options
  if (sticker && image)
    throw new PayloadError('invalid-argument', 'chatMessage: expected a sticker or an image, got both')
  return {
    type: 'chat',
    clock: uint64Argument(options.clock, 'clock'),
    timestamp: uint64Argument(options.timestamp, 'timestamp'),
    text: options.text,
    responseTo: options.responseTo ?? '',
    ensName: options.ensName ?? '',
    chatId,
    messageType: options.messageType ?? MESSAGE_TYPE_OF_CHAT[chatKind(chatId)],
    contentType: options.contentType ?? contentTypeOf(options),
    ...(sticker && { sticker }),
    ...(image && { image }),
  }
}

function contentTypeOf({ sticker, image }: ChatMessageOptions): number {
  if (sticker) return CONTENT_TYPES.sticker
  return image ? CONTENT_TYPES.image : CONTENT_TYPES.text
}

const { ChatMessage: GeneratedChatMessage, Sticker: GeneratedSticker, Image: GeneratedImage } = status.payload

const stickerCodec: TableCodec<Sticker> = tableCodec(
  'Sticker',
  GeneratedSticker,
  {},
  { hash: text, pack: int32 },
)
const imageCodec: TableCodec<Image> = tableCodec(
  'Image',
  GeneratedImage,
  {},
  { payload: bytes, format: int32 },
)

export const chatMessageCodec: TableCodec<ChatMessage> = tableCodec(
  'ChatMessage',
  GeneratedChatMessage,
  { type: 'chat' },
  {
    clock: uint64,
    timestamp: uint64,
    text,
    responseTo: text,
    ensName: text,
    chatId: text,
    messageType: int32,
    contentType: int32,
    sticker: nested(stickerCodec),
    image: nested(imageCodec),
    view: optionalBytes,
  },
)
