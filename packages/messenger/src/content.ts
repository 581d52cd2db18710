/** What a message holds besides plain text: stickers, images, transaction commands, what this version does not know. */
import { type ChatMessage, type ChatMessageOptions, CONTENT_TYPES } from '@status-protocol/payload'
import type { Change, Storage } from '@status-protocol/ports'
import type { Command } from './commands/command.ts'
import { MessengerError } from './error.ts'
import type { MessageIdText } from './message.ts'
import { type ImageType, MAX_IMAGE_BYTES, type Picture, pictureOf, wireFormatOf } from './pictures.ts'
import { idBytes } from './tables.ts'

/** Messages without it are plain text. */
export type MessageContent =
  /** The text is emoji, to be shown large. */
  | { readonly kind: 'emoji' }
  /** A "/me" line. */
  | { readonly kind: 'status' }
  | {
      readonly kind: 'sticker'
      readonly pack: number
      /** Content hash in hex, with or without `0x`, as its author wrote it. */
      readonly hash: string
    }
  | {
      readonly kind: 'image'
      readonly imageType: ImageType
      /** `Messenger.image` has them. */
      readonly bytes: number
    }
  | Command
  /** A type of message or of content that this version does not know: its text may be made here. */
  | { readonly kind: 'unknown'; readonly type: number }

/** What is said besides text. */
export type Said =
  | { readonly kind: 'emoji' | 'status' }
  | { readonly kind: 'sticker'; readonly pack: number; readonly hash: string }
  /** PNG, JPEG, WebP or GIF of at most {@link MAX_IMAGE_BYTES} bytes. */
  | { readonly kind: 'image'; readonly bytes: Uint8Array }

export type ReadContent =
  | { readonly ok: true; readonly content?: MessageContent; readonly image?: Uint8Array }
  | { readonly ok: false; readonly reason: 'image-too-large' | 'image-format-unknown' }

const KNOWN_AS_TEXT: readonly number[] = [CONTENT_TYPES.text, CONTENT_TYPES.systemPrivateGroup]

/** Of a validated chat message. What it says of an image's format does not count, its first bytes do. */
export function contentOf({ contentType, sticker, image }: ChatMessage): ReadContent {
  if (contentType === CONTENT_TYPES.emoji) return { ok: true, content: { kind: 'emoji' } }
  if (contentType === CONTENT_TYPES.status) return { ok: true, content: { kind: 'status' } }
  if (contentType === CONTENT_TYPES.sticker && sticker)
    return { ok: true, content: { kind: 'sticker', pack: sticker.pack, hash: sticker.hash } }
  if (contentType === CONTENT_TYPES.image && image) return imageContent(image.payload)
  return KNOWN_AS_TEXT.includes(contentType)
    ? { ok: true }
    : { ok: true, content: { kind: 'unknown', type: contentType } }
}

function imageContent(bytes: Uint8Array): ReadContent {
  if (bytes.length > MAX_IMAGE_BYTES) return { ok: false, reason: 'image-too-large' }
  const picture = pictureOf(bytes)
  if (!picture) return { ok: false, reason: 'image-format-unknown' }
  const content: MessageContent = { kind: 'image', imageType: picture.type, bytes: bytes.length }
  return { ok: true, content, image: bytes.slice() }
}

/** The content of what we say, and its fields in a chat message. @throws MessengerError `invalid-content` */
export function contentToSay(said: Said): {
  readonly fields: Pick<ChatMessageOptions, 'contentType' | 'sticker' | 'image'>
  readonly content: MessageContent
  readonly image?: Uint8Array
} {
  if (said.kind !== 'sticker' && said.kind !== 'image')
    return { fields: { contentType: CONTENT_TYPES[said.kind] }, content: { kind: said.kind } }
  if (said.kind === 'sticker') {
    const { pack, hash } = said
    if (!/^(0x)?[0-9a-fA-F]{2,256}$/.test(hash) || !Number.isInteger(pack) || pack < 0 || pack >= 2 ** 31)
      throw new MessengerError(
        'invalid-content',
        'a sticker is a pack (0 to 2^31 - 1) and a content hash in hex of at most 256 digits, with or without 0x',
      )
    return { fields: { sticker: { pack, hash } }, content: { kind: 'sticker', pack, hash } }
  }
  const { bytes } = said
  const read = imageContent(bytes)
  if (!read.ok || !read.content || !read.image)
    throw new MessengerError(
      'invalid-content',
      read.ok || read.reason === 'image-format-unknown'
        ? 'an image is a PNG, JPEG, WebP or GIF, got something else'
        : `an image has at most ${MAX_IMAGE_BYTES} bytes, got ${bytes.length}`,
    )
  const format = wireFormatOf((read.content as { imageType: ImageType }).imageType)
  return { fields: { image: { payload: bytes, format } }, content: read.content, image: read.image }
}

/** Readers that do not know images or stickers show this; a text there must be. */
const TEXTS: Readonly<Record<'sticker' | 'image', string>> = { sticker: 'Sticker', image: 'Image' }

export function textBeside(text: string, content: Said | undefined): string {
  const isBeside = content?.kind === 'image' || content?.kind === 'sticker'
  return isBeside && text.trim() === '' ? TEXTS[content.kind] : text
}

// --- unknown types -----------------------------------------------------------------------------------------------------

export function unknownText(type: number): string {
  return `message of type ${type}, which this version does not know`
}

// --- images --------------------------------------------------------------------------------------------------------------

/** Beside the message, which lists are made of: `image`, message id(32) -> bytes. */
export const putImage = (id: MessageIdText, bytes: Uint8Array): Change => ({
  put: ['image', idBytes(id), bytes],
})

export async function getImage(
  storage: Pick<Storage, 'get'>,
  id: MessageIdText,
): Promise<Picture | undefined> {
  const bytes = await storage.get('image', idBytes(id))
  return bytes && pictureOf(bytes)
}
