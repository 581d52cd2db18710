/** What others have put beside an account, or into it: nothing of theirs is followed, nothing of before outlives a password. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { changePassword } from '../src/account-password.ts'
import { createAccount, loadAccount } from '../src/account-store.ts'
import { exportOf, importFrom } from '../src/account-transfer.ts'
import { openDatabase } from '../src/open-storage.ts'

const cost = { N: 1024, r: 8, p: 1 }
const root = mkdtempSync(join(tmpdir(), 'status-attacks-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let directories = 0
const newDirectory = (): string => {
  const directory = join(root, `${directories++}`)
  mkdirSync(directory)
  return directory
}
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: { code: string }) => error.code,
  )

async function anExport(): Promise<AsyncIterable<Uint8Array>> {
  const dataDir = newDirectory()
  const opened = await createAccount({ dataDir }, 12)
  const { storage } = await openDatabase(dataDir, opened)
  const pieces: Uint8Array[] = []
  for await (const piece of exportOf(opened, storage, { password: 'p', cost: 10 })) pieces.push(piece)
  await storage.close()
  return (async function* () {
    yield* pieces
  })()
}

describe('where an export is unpacked', () => {
  it('is no link of somebody else: what it points to stays as it is', async () => {
    const [shared, home] = [newDirectory(), newDirectory()]
    writeFileSync(join(home, 'letters.txt'), 'mine')
    symlinkSync(home, join(shared, '.me.importing'))
    const bytes = await anExport()
    expect(await codeOf(importFrom(bytes, { dataDir: join(shared, 'me') }, 'p'))).toBe('data-dir')
    expect(readdirSync(home)).toEqual(['letters.txt'])
    expect(existsSync(join(shared, 'me'))).toBe(false)
  })

  it.skipIf(!existsSync('/proc'))('is refused at once where no directory can be made', async () => {
    const place = { dataDir: '/proc/nothing/here/me' }
    expect(await codeOf(importFrom(await anExport(), place, 'p'))).toBe('data-dir')
  })
})

describe('what a killed process left', () => {
  it('of the making of an account does not outlive its password', async () => {
    const dataDir = newDirectory()
    await createAccount({ dataDir, password: 'a', cost }, 12)
    cpSync(join(dataDir, 'account.json'), join(dataDir, 'account.json.4242.new'))
    await changePassword({ dataDir, password: 'a', cost }, 'b')
    expect(readdirSync(dataDir).filter((name) => name.startsWith('account.json'))).toEqual(['account.json'])
  })
})

describe('an account file that somebody has changed', () => {
  it.each([
    ['no power of two', { N: 3 }],
    ['more memory than there is', { N: 2 ** 20, r: 16, p: 16 }],
    ['a salt of another length', { salt: '00' }],
  ])('asks scrypt for %s: damaged', async (_what, change) => {
    const dataDir = newDirectory()
    await createAccount({ dataDir, password: 'a', cost }, 12)
    const path = join(dataDir, 'account.json')
    const file = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify({ ...file, scrypt: { ...file.scrypt, ...change } }))
    expect(await codeOf(loadAccount({ dataDir, password: 'a' }))).toBe('damaged-account')
  })
})
