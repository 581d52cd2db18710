/** What the account and its database are at rest: other passwords and keys, files to move them, those of older versions. */
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createMessenger, openHistory } from '@status-protocol/messenger'
import { seededRandom } from '@status-protocol/testkit'
import { createWhisper } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { build } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { createPowerLoss, whyNoPowerLoss } from '../../../scripts/lib/power-loss.mjs'
import { changePassword } from '../src/account-password.ts'
import { createAccount, loadAccount, replaceAccount } from '../src/account-store.ts'
import { exportOf, importFrom } from '../src/account-transfer.ts'
import { exportTo, importFile, password } from '../src/commands/account-file.ts'
import { openDatabase } from '../src/open-storage.ts'
import { sealAccount } from '../src/sealed-account.ts'
import { settingsFrom } from '../src/settings.ts'
import { storeWith } from './store.ts'

const KILLS = Number(process.env.PASSWORD_KILLS ?? 6)
const cost = { N: 1024, r: 8, p: 1 }
const random = seededRandom(Number(process.env.SEED ?? 4))
const root = mkdtempSync(join(tmpdir(), 'status-account-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let directories = 0
const newDirectory = (): string => join(root, `${directories++}`)

/** An account with 20 messages in #ci. */
async function filled(password?: string): Promise<string> {
  const dataDir = newDirectory()
  const opened = await createAccount({ dataDir, password, cost }, 12)
  const { storage } = await openDatabase(dataDir, opened)
  await storeWith(storage, '#ci', 20, (n) => ({ text: `message ${n}`, timeMs: 1_600_000_000_000 + n }))
  await storage.close()
  return dataDir
}

const messagesIn = async (dataDir: string, password?: string): Promise<number> => {
  const { storage } = await openDatabase(dataDir, await loadAccount({ dataDir, password }))
  try {
    return (await openHistory(storage).search('message', { chat: '#ci' })).length
  } finally {
    await storage.close()
  }
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: { code: string }) => error.code,
  )

describe('another password', () => {
  it('opens the account, and a database under another key; the old one opens nothing', async () => {
    const dataDir = await filled('a')
    const before = {
      account: readFileSync(join(dataDir, 'account.json')),
      opened: await loadAccount({ dataDir, password: 'a' }),
    }
    await changePassword({ dataDir, password: 'a', cost }, 'b')
    expect(await codeOf(loadAccount({ dataDir, password: 'a' }))).toBe('wrong-password')
    expect(await messagesIn(dataDir, 'b')).toBe(20)
    expect(
      readdirSync(dataDir)
        .filter((name) => !name.startsWith('lock'))
        .sort(),
    ).toEqual(['account.json', 'status.db'])
    // Somebody who copied account.json and knew its password has the words, but no key of what is written from now on.
    expect(await codeOf(openDatabase(dataDir, before.opened))).toBe('wrong-key')
    await changePassword({ dataDir, password: 'b', cost }, undefined)
    expect(await messagesIn(dataDir)).toBe(20)
    expect((await loadAccount({ dataDir })).isProtected).toBe(false)
    expect(await codeOf(changePassword({ dataDir: newDirectory() }, 'x'))).toBe('no-account')
  })

  it('is refused while somebody works with the account, and by the wrong password', async () => {
    const dataDir = await filled('a')
    const { storage } = await openDatabase(dataDir, await loadAccount({ dataDir, password: 'a' }))
    expect(await codeOf(changePassword({ dataDir, password: 'a', cost }, 'b'))).toBe('locked')
    await storage.close()
    expect(await codeOf(changePassword({ dataDir, password: 'x', cost }, 'b'))).toBe('wrong-password')
    expect(await messagesIn(dataDir, 'a')).toBe(20)
  })

  it('after each of its steps everything opens, and the next change ends what was interrupted', async () => {
    for (const step of [1, 2]) {
      const dataDir = await filled('a')
      const opened = await loadAccount({ dataDir, password: 'a' })
      const [previous, current] = [opened.account.databaseKey.privateKey, random.bytes(32)]
      const { mnemonic } = opened
      replaceAccount(
        { dataDir },
        await sealAccount({ mnemonic, password: 'b', keys: { current, previous }, cost }),
      )
      if (step === 2) {
        const { storage } = await openDatabase(dataDir, opened)
        await storage.rekey(current)
        await storage.close()
      }
      expect(await messagesIn(dataDir, 'b')).toBe(20)
      // Whoever opened it has ended what was interrupted.
      expect(await codeOf(openDatabase(dataDir, opened))).toBe('wrong-key')
      await changePassword({ dataDir, password: 'b', cost }, 'c')
      expect(await messagesIn(dataDir, 'c')).toBe(20)
      expect((await loadAccount({ dataDir, password: 'c' })).databaseKeys?.previous).toBeUndefined()
    }
  })

  it(`killed ${KILLS} times at any point: the old password opens everything, or the new one`, {
    timeout: 60_000 + KILLS * 5_000,
  }, async () => {
    await endedAtAnyPoint(await filled('a'), {}, (dataDir) => dataDir)
  })

  it.skipIf(whyNoPowerLoss)(
    'without power at any point: the same',
    {
      timeout: 60_000 + KILLS * 5_000,
    },
    async () => {
      const directory = await filled('a')
      const power = createPowerLoss(directory)
      power.settle()
      await endedAtAnyPoint(directory, power.env, () => {
        power.cut()
        const copy = newDirectory() // opening it there changes nothing here
        cpSync(directory, copy, { recursive: true })
        return copy
      })
      power.end()
    },
  )

  async function endedAtAnyPoint(
    directory: string,
    env: Readonly<Record<string, string>>,
    left: (directory: string) => string,
  ): Promise<void> {
    const child = await bundled()
    let password = 'a'
    for (let kill = 0; kill < KILLS; kill++) {
      await runUntilKilled(child, [directory, password], { afterMs: 20 + random.int(400), env })
      const dataDir = left(directory)
      const opens = await Promise.all(
        ['a', 'b'].map((one) => codeOf(loadAccount({ dataDir, password: one }))),
      )
      expect(opens.slice().sort()).toEqual(['none', 'wrong-password'])
      password = opens[0] === 'none' ? 'a' : 'b'
      expect(await messagesIn(dataDir, password)).toBe(20)
    }
  }
})

describe('an export', () => {
  it('is the account with its messages elsewhere, under a password of its own', async () => {
    const [from, to] = [await filled('a'), newDirectory()]
    const bytes = await exported(from, 'a', 'of the file')
    const { messages } = await importFrom(
      inPieces(bytes),
      { dataDir: to, password: 'b', cost },
      'of the file',
    )
    expect(messages).toBe(20)
    expect(readdirSync(to).sort()).toEqual(['account.json', 'status.db'])
    expect(await messagesIn(to, 'b')).toBe(20)
    const [before, after] = [
      await loadAccount({ dataDir: from, password: 'a' }),
      await loadAccount({ dataDir: to, password: 'b' }),
    ]
    expect(after.mnemonic).toBe(before.mnemonic)
  })

  it('that is damaged, of another password, or has no place to go leaves nothing behind', async () => {
    const from = await filled()
    const bytes = await exported(from, undefined, 'p')
    const place = () => ({ dataDir: join(newDirectory(), 'deep', 'x') })
    const tries = {
      'wrong-password': () => importFrom(inPieces(bytes), place(), 'q'),
      'damaged-export': () => importFrom(inPieces(bytes.subarray(0, -1)), place(), 'p'),
      'not-an-export': () => importFrom(inPieces(readFileSync(join(from, 'account.json'))), place(), 'p'),
      'account-exists': () => importFrom(inPieces(bytes), { dataDir: from }, 'p'),
    }
    for (const [code, attempt] of Object.entries(tries)) expect(await codeOf(attempt())).toBe(code)
    const left = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /importing|deep.x/.test(name),
    )
    expect(left).toEqual([])
    expect(await messagesIn(from)).toBe(20)
  })

  it('is taken where an earlier try was killed', async () => {
    const bytes = await exported(await filled(), undefined, 'p')
    const parent = newDirectory()
    mkdirSync(join(parent, '.me.importing'), { recursive: true })
    writeFileSync(join(parent, '.me.importing', 'status.db'), 'half')
    mkdirSync(join(parent, 'me'))
    await importFrom(inPieces(bytes), { dataDir: join(parent, 'me') }, 'p')
    expect(await messagesIn(join(parent, 'me'))).toBe(20)
    expect(existsSync(join(parent, '.me.importing'))).toBe(false)
  })
})

describe('data directories of earlier versions', () => {
  const fixtures = fileURLToPath(new URL('fixtures/', import.meta.url))

  it.each(readdirSync(fixtures))(
    '%s: everything is there and can be found, and the two go on with their session',
    async (name) => {
      const directory = newDirectory()
      cpSync(join(fixtures, name), directory, { recursive: true })
      const start = async (who: string) => {
        const opened = await loadAccount({ dataDir: join(directory, who) })
        const { storage } = await openDatabase(join(directory, who), opened)
        const node = createWhisper()
        const messenger = await createMessenger({ account: opened.account, storage, whisper: node.service })
        const close = async () => {
          await messenger.close()
          await node.close()
          await storage.close()
        }
        return { messenger, node, close }
      }
      const [alice, bob] = [await start('alice'), await start('bob')]
      const { a, b } = createMemoryLinkPair()
      void alice.node.attach(a)
      void bob.node.attach(b)
      const [chat] = (await alice.messenger.contacts()).map(({ publicKey, name: given }) => ({
        publicKey,
        given,
      }))
      expect(chat?.given).toBe('Bob')
      const id = `0x${Buffer.from(bob.messenger.publicKey).toString('hex')}`
      const texts = (await alice.messenger.messages(id)).map(({ text, security, delivery }) => [
        text,
        security,
        delivery,
      ])
      expect(texts).toEqual([
        ['first, without forward secrecy', 'dh', 'delivered'],
        ['second, with it', 'ratchet', undefined],
        ['third, with it', 'ratchet', 'delivered'],
      ])
      expect((await bob.messenger.search('HELLO every')).map(({ text }) => text)).toEqual(['hello everybody'])
      expect(await bob.messenger.chatStates()).toMatchObject([{ unread: 0 }, { unread: 0 }])
      await alice.messenger.send(id, 'a version later')
      for await (const event of bob.messenger.events())
        if (event.type === 'message') {
          expect(event).toMatchObject({ message: { text: 'a version later', security: 'ratchet' } })
          break
        }
      expect(await bob.messenger.chatStates()).toMatchObject([{ unread: 1 }, { unread: 0 }])
      await alice.close()
      await bob.close()
    },
  )
})

async function exported(dataDir: string, password: string | undefined, of: string): Promise<Uint8Array> {
  const opened = await loadAccount({ dataDir, password })
  const { storage } = await openDatabase(dataDir, opened)
  const pieces: Uint8Array[] = []
  for await (const piece of exportOf(opened, storage, { password: of, cost: 10 })) pieces.push(piece)
  await storage.close()
  return Buffer.concat(pieces)
}

async function* inPieces(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 5000) yield bytes.subarray(at, at + 5000)
}

/** One file of plain JavaScript, so that it starts at once. Beside the package that finds SQLite. */
async function bundled(): Promise<string> {
  const outfile = fileURLToPath(
    new URL('../../../packages/storage-sqlite/node_modules/.cache/password-child.mjs', import.meta.url),
  )
  await build({
    entryPoints: [fileURLToPath(new URL('password-child.ts', import.meta.url))],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@status-protocol/source'],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)",
    },
    logLevel: 'error',
  })
  return outfile
}

/** Kills it so long after it was ready. @throws Error if it ends by itself */
async function runUntilKilled(
  file: string,
  args: readonly string[],
  { afterMs, env }: { readonly afterMs: number; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise<NodeJS.Signals | null>((resolve) =>
    child.once('close', (_code, signal) => resolve(signal)),
  )
  for await (const line of createInterface({ input: child.stdout }))
    if (line === 'ready') setTimeout(() => child.kill('SIGKILL'), afterMs)
  if ((await ended) !== 'SIGKILL') throw new Error('the process ended by itself')
}

it('what is done with an account is told to scripts as JSON', async () => {
  const dataDir = await filled()
  const secret = join(root, 'secret')
  writeFileSync(secret, 'secret\n')
  const settings = { ...settingsFrom({ dataDir, json: true }, {}), cost }
  const opened = await loadAccount(settings)
  const { storage } = await openDatabase(dataDir, opened)
  const file = join(root, 'told.statusex')
  const flags = { filePasswordFile: secret }
  const exported = await exportTo(file, { opened, storage, settings, flags })
  await storage.close()
  expect(JSON.parse(exported ?? '')).toEqual({ file })
  const other = { ...settings, dataDir: newDirectory() }
  expect(JSON.parse(await importFile(file, other, flags))).toEqual({
    ...{ dataDir: other.dataDir, messages: 20, protected: false },
  })
  expect(JSON.parse(await password(other, { newPasswordFile: secret }))).toEqual({
    ...{ dataDir: other.dataDir, protected: true },
  })
})
