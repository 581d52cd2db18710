/** The token that lets clients in from elsewhere: 64 hex digits in a file that only its owner can read. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { toHex } from '@status-protocol/bytes'
import type { Random } from '@status-protocol/ports'
import { ListenError } from './listen-error.ts'

/** Reads the token of a file, or makes one. @throws ListenError */
export function loadToken(path: string, random: Random): string {
  try {
    const text = readFileSync(path, 'utf8').trim()
    if (!/^\S{32,256}$/.test(text))
      throw new ListenError(
        `${path} holds no token (expected 32 to 256 characters); remove it to get a new one`,
      )
    if (process.platform !== 'win32') chmodSync(path, 0o600)
    return text
  } catch (error) {
    if (error instanceof ListenError) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') throw new ListenError(`${path} cannot be read (${code ?? 'unknown error'})`)
  }
  const token = toHex(random.bytes(32))
  try {
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    throw new ListenError(
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    )
  }
  return token
}
