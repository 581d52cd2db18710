/** An account with its history as one file, or as a stream to another machine. */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { to0xHex } from '@status-protocol/bytes'
import {
  type AccountImport,
  type ExportOptions,
  exportAccount,
  importAccount,
  messageTexts,
} from '@status-protocol/messenger'
import type { Change, Storage } from '@status-protocol/ports'
import { createSqliteStorage, lockDirectory } from '@status-protocol/storage-sqlite'
import { type Account, accountFromMnemonic, validateMnemonic } from '@status-protocol/trust'
import { type AccountPlace, keepAccount, makeDirectory, syncDirectory } from './account-store.ts'
import { CliError } from './error.ts'
import type { OpenAccount } from './sealed-account.ts'

export function exportOf(
  { account, mnemonic }: OpenAccount,
  storage: Storage,
  sealing: Pick<ExportOptions, 'password' | 'cost'>,
): AsyncIterable<Uint8Array> {
  const { publicKey } = account.chatKey
  return exportAccount({ storage, publicKey, secret: mnemonic, nowMs: Date.now(), ...sealing })
}

/**
 * Makes the account of an export in an empty or new data directory: whole, or not at all. What is not finished is in a
 * directory of its own beside it, which the next try clears.
 *
 * @returns how many messages it has
 * @throws CliError `account-exists`, `damaged-account`, `data-dir`; MessengerError `not-an-export`, `wrong-password`, `damaged-export`
 */
export async function importFrom(
  bytes: AsyncIterable<Uint8Array>,
  place: AccountPlace,
  password: string,
): Promise<{ readonly messages: number }> {
  const target = resolve(place.dataDir)
  expectEmpty(target)
  const work = join(dirname(target), `.${basename(target)}.importing`)
  makeDirectory(dirname(target))
  makeOwn(work)
  const lock = lockDirectory(work)
  let isDone = false
  try {
    clear(work)
    const imported = await importAccount(bytes, { password })
    const key = accountOf(imported).databaseKey.privateKey
    const storage = await createSqliteStorage({ directory: work, key, lock, texts: messageTexts })
    key.fill(0)
    let messages = 0
    try {
      for await (const changes of imported.changes()) {
        await storage.commit(changes)
        messages += changes.filter(isMessage).length
      }
    } finally {
      await storage.close()
    }
    await keepAccount({ dataDir: work, password: place.password }, imported.secret)
    isDone = true
    return { messages }
  } finally {
    lock.release()
    if (isDone) moveIntoPlace(work, target)
    else rmSync(work, { recursive: true, force: true })
  }
}

function accountOf({ secret, publicKey }: AccountImport): Account {
  if (validateMnemonic(secret).ok) {
    const account = accountFromMnemonic(secret)
    if (to0xHex(account.chatKey.publicKey) === publicKey) return account
  }
  throw new CliError('damaged-account', 'the export is of something else than an account of this program')
}

function isMessage(change: Change): boolean {
  return 'put' in change && change.put[0] === 'message'
}

function expectEmpty(target: string): void {
  if (!existsSync(target) || (statSync(target).isDirectory() && readdirSync(target).length === 0)) return
  throw new CliError('account-exists', `${target} is not empty; name another directory with --data-dir`)
}

/** Others may write beside a data directory too: what they have put there is neither cleared nor filled. */
function makeOwn(work: string): void {
  try {
    mkdirSync(work, { mode: 0o700 })
  } catch (error) {
    const found = lstatSync(work, { throwIfNoEntry: false })
    const { code } = error as NodeJS.ErrnoException
    if (!found) throw new CliError('data-dir', `${work} cannot be made (${code})`)
    if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid()))
      throw new CliError('data-dir', `${work} is there and is no directory of yours: remove it`)
  }
}

/** What an earlier try left that was killed. */
function clear(work: string): void {
  for (const name of readdirSync(work))
    if (!name.startsWith('lock.')) rmSync(join(work, name), { recursive: true, force: true })
}

function moveIntoPlace(work: string, target: string): void {
  rmSync(join(work, 'lock.db'), { force: true })
  if (existsSync(target)) rmdirSync(target)
  renameSync(work, target)
  syncDirectory(dirname(target))
}
