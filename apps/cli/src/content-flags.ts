/** What is said besides text, as a person types it: an image by its file, a sticker by its pack and hash. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { MAX_IMAGE_BYTES, type MessageIdText, pictureOf, type Said } from '@status-protocol/messenger'
import { CliError } from './error.ts'
import { reasonOf } from './reason.ts'
import { shortened } from './screen.ts'

/**
 * An image for a message. Read of files alone, and no more than a message holds: a pipe could be waited for without end, a
 * device has none. @throws CliError `invalid-argument`
 */
export function imageIn(path: string, argument: string): Said {
  const refuse = (why: string): CliError => new CliError('invalid-argument', `${argument}: ${path} ${why}`)
  let file: number | undefined
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)) // Windows has no such flag, nor such pipes
    const stats = fstatSync(file)
    if (!stats.isFile() && !stats.isDirectory()) throw refuse('is no file')
    const bytes = beginning(file)
    if (!pictureOf(bytes)) throw refuse('is no PNG, JPEG, WebP or GIF')
    const size = Math.max(stats.size, bytes.length)
    if (size > MAX_IMAGE_BYTES)
      throw refuse(
        `has ${size} bytes; a message holds an image of at most ${MAX_IMAGE_BYTES}: make it smaller`,
      )
    return { kind: 'image', bytes }
  } catch (error) {
    if (error instanceof CliError) throw error
    throw refuse(`cannot be read (${reasonOf(error)})`)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** One byte more than a message holds, at most: what a file says of its size may be wrong, or change meanwhile. */
function beginning(file: number): Uint8Array {
  const bytes = new Uint8Array(MAX_IMAGE_BYTES + 1)
  let length = 0
  for (let read = -1; read !== 0 && length < bytes.length; length += read)
    read = readSync(file, bytes, length, bytes.length - length, null)
  return bytes.slice(0, length)
}

/** Emoji and nothing else, for a text that is shown large. @throws CliError `invalid-argument` */
export function emojiIn(text: string, argument: string): Said {
  if (EMOJI_ALONE.test(text) && EMOJI.test(text)) return { kind: 'emoji' }
  throw new CliError(
    'invalid-argument',
    `${argument}: expected a text of emoji alone, got ${JSON.stringify(shortened(text, 40))}`,
  )
}

/** Pictures, flags, digits in a box; with what joins and colours them. */
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u
const EMOJI_ALONE = /^(?:[\p{Extended_Pictographic}\p{Emoji_Component}\s])+$/u

/** `<pack>:<hash>`. @throws CliError `invalid-argument` */
export function stickerIn(text: string, argument: string): Said {
  const [, pack, hash] = /^(\d{1,10}):(?:0x)?([0-9a-fA-F]{2,256})$/.exec(text) ?? []
  if (pack !== undefined && hash !== undefined && Number(pack) < 2 ** 31)
    return { kind: 'sticker', pack: Number(pack), hash }
  throw new CliError(
    'invalid-argument',
    `${argument}: expected <pack>:<content hash in hex>, got ${JSON.stringify(shortened(text, 40))}`,
  )
}

/** @throws CliError `invalid-argument` */
export function messageIdIn(text: string, argument: string): MessageIdText {
  if (/^0x[0-9a-f]{64}$/.test(text)) return text as MessageIdText
  throw new CliError(
    'invalid-argument',
    `${argument}: expected the id of a message (0x and 64 hex digits; --json shows it), got ${JSON.stringify(shortened(text, 40))}`,
  )
}
