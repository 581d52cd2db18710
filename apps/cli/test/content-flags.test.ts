import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAX_IMAGE_BYTES } from '@status-protocol/messenger'
import { afterAll, expect, it } from 'vitest'
import { emojiIn, imageIn } from '../src/content-flags.ts'

const directory = mkdtempSync(join(tmpdir(), 'status-image-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

it('an image is read from a file of at most so many bytes, and from nothing else', () => {
  const at = (name: string, bytes: number): string => {
    writeFileSync(
      join(directory, name),
      new Uint8Array(bytes).fill(0xff, 0, 2).fill(0xd8, 1, 2).fill(0xff, 2, 3),
    )
    return join(directory, name)
  }
  const fits = imageIn(at('fits', MAX_IMAGE_BYTES), '--image')
  expect(fits.kind === 'image' && fits.bytes.length).toBe(MAX_IMAGE_BYTES)
  expect(() => imageIn(at('large', MAX_IMAGE_BYTES + 1), '--image')).toThrow(/^--image: .*has 300001 bytes/)
  expect(() => imageIn(directory, '--image')).toThrow('cannot be read (EISDIR')
  expect(() => imageIn(join(directory, 'none'), '--image')).toThrow(
    'cannot be read (ENOENT: no such file or directory)',
  )
})

it('what is no image is told so, whatever its size', () => {
  for (const bytes of [0, 6, MAX_IMAGE_BYTES + 1]) {
    writeFileSync(join(directory, 'text'), 'x'.repeat(bytes))
    expect(() => imageIn(join(directory, 'text'), '--image')).toThrow('text is no PNG, JPEG, WebP or GIF')
  }
})

it.each([
  '\u{1f600}',
  '\u{1f44d}\u{1f3fd} \u2764\ufe0f',
  '\u{1f1e9}\u{1f1ea}',
  '1\ufe0f\u20e3',
  '\u{1f468}\u200d\u{1f469}',
])('emoji: %j', (text) => expect(emojiIn(text, '--emoji')).toEqual({ kind: 'emoji' }))

it.each(['abc', '', ' ', '42', '\u{1f600} hi', '\u202e'])('no emoji: %j', (text) => {
  expect(() => emojiIn(text, '--emoji')).toThrow(/^--emoji: expected a text of emoji alone, got "/)
})

it.skipIf(process.platform === 'win32')('a pipe or a device is refused at once', () => {
  const pipe = join(directory, 'pipe')
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
  for (const path of [pipe, '/dev/zero']) expect(() => imageIn(path, '--image')).toThrow('is no file')
})
