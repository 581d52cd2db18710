/** Pictures of people and in messages: the four formats that the wire knows, told by their first bytes. */
import { IMAGE_FORMATS } from '@status-protocol/payload'

export type ImageType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif'

/** A picture whose first bytes say that it is one. */
export interface Picture {
  readonly type: ImageType
  readonly bytes: Uint8Array
}

/** Bytes of a profile picture; the clients send some 10 kB. */
export const MAX_PICTURE_BYTES = 100_000
/** Bytes of an image in a message: with its text it stays well below what any relay takes in one envelope. */
export const MAX_IMAGE_BYTES = 300_000

const WIRE_FORMATS: Readonly<Record<ImageType, number>> = {
  'image/png': IMAGE_FORMATS.png,
  'image/jpeg': IMAGE_FORMATS.jpeg,
  'image/webp': IMAGE_FORMATS.webp,
  'image/gif': IMAGE_FORMATS.gif,
}

/** The number of a format in a chat message. */
export const wireFormatOf = (type: ImageType): number => WIRE_FORMATS[type]

/** What these bytes begin like; undefined: none of the four. */
export function pictureOf(bytes: Uint8Array): Picture | undefined {
  const begins = (at: number, ...wanted: readonly number[]): boolean =>
    wanted.every((byte, i) => bytes[at + i] === byte)
  if (begins(0, 0xff, 0xd8, 0xff)) return { type: 'image/jpeg', bytes }
  if (begins(0, 0x89, 0x50, 0x4e, 0x47)) return { type: 'image/png', bytes }
  if (begins(0, 0x47, 0x49, 0x46)) return { type: 'image/gif', bytes }
  const isWebp = begins(0, 0x52, 0x49, 0x46, 0x46) && begins(8, 0x57, 0x45, 0x42, 0x50)
  return isWebp ? { type: 'image/webp', bytes } : undefined
}

/** `data:image/png;base64,...` */
export function pictureToUrl({ type, bytes }: Picture): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK))
  return `data:${type};base64,${btoa(binary)}`
}

/** Arguments of one call. */
const CHUNK = 8_192
const LONGEST_URL = 'data:image/jpeg;base64,'.length + Math.ceil(MAX_PICTURE_BYTES / 3) * 4
const URL_OF_PICTURE = /^data:image\/(?:png|jpe?g|webp|gif);base64,([A-Za-z0-9+/]*={0,2})$/

/** The picture in a `data:` URL that a peer sent, if it is one of the four and small enough. The length is looked at first. */
export function pictureFromUrl(url: string): Picture | undefined {
  const base64 = url.length <= LONGEST_URL ? URL_OF_PICTURE.exec(url)?.[1] : undefined
  const bytes = base64 === undefined ? undefined : fromBase64(base64)
  return bytes && bytes.length <= MAX_PICTURE_BYTES ? pictureOf(bytes) : undefined
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
