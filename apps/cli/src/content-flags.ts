/** What is said besides text, as a person types it: an image by its file, a sticker by its pack and hash. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { MAX_IMAGE_BYTES, type MessageIdText, type Said } from '@status-protocol/messenger'
import { CliError } from './error.ts'
import { shortened } from './screen.ts'

/** An image for a message; its size is looked at before it is read. @throws CliError `invalid-argument` */
export function imageIn(path: string, argument: string): Said {
  const refuse = (why: string): CliError => new CliError('invalid-argument', `${argument}: ${path} ${why}`)
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const { size } = fstatSync(file)
    if (size > MAX_IMAGE_BYTES)
      throw refuse(
        `has ${size} bytes; a message holds an image of at most ${MAX_IMAGE_BYTES}: make it smaller`,
      )
    return { kind: 'image', bytes: new Uint8Array(readFileSync(file)) }
  } catch (error) {
    if (error instanceof CliError) throw error
    throw refuse(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

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
