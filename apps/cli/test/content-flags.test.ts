import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAX_IMAGE_BYTES } from '@status-protocol/messenger'
import { afterAll, expect, it } from 'vitest'
import { imageIn } from '../src/content-flags.ts'

const directory = mkdtempSync(join(tmpdir(), 'status-image-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

it('an image is read from a file of at most so many bytes, and from nothing else', () => {
  const at = (name: string, bytes: number): string => {
    writeFileSync(join(directory, name), new Uint8Array(bytes))
    return join(directory, name)
  }
  const fits = imageIn(at('fits', MAX_IMAGE_BYTES), '--image')
  expect(fits.kind === 'image' && fits.bytes.length).toBe(MAX_IMAGE_BYTES)
  expect(() => imageIn(at('large', MAX_IMAGE_BYTES + 1), '--image')).toThrow(/^--image: .*has 300001 bytes/)
  expect(() => imageIn(directory, '--image')).toThrow('cannot be read (EISDIR)')
  expect(() => imageIn(join(directory, 'none'), '--image')).toThrow('cannot be read (ENOENT)')
})

it.skipIf(process.platform === 'win32')('a pipe or a device is refused at once', () => {
  const pipe = join(directory, 'pipe')
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
  for (const path of [pipe, '/dev/zero']) expect(() => imageIn(path, '--image')).toThrow('is no file')
})
