/** `status account password`, `status account export FILE`, `status account import FILE`. */
import { accessSync, constants, createReadStream, createWriteStream, existsSync, linkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Storage } from '@status-protocol/ports'
import { changePassword } from '../account-password.ts'
import { loadAccount, removeIfThere, syncDirectory } from '../account-store.ts'
import { exportOf, importFrom } from '../account-transfer.ts'
import { CliError } from '../error.ts'
import { reasonOf } from '../reason.ts'
import type { OpenAccount } from '../sealed-account.ts'
import { type Settings, secretIn } from '../settings.ts'

export interface PasswordFlags {
  readonly newPasswordFile?: string
  readonly remove?: boolean
}

export async function password(
  settings: Settings,
  { newPasswordFile, remove = false }: PasswordFlags,
): Promise<string> {
  if ((newPasswordFile === undefined) !== remove)
    throw new CliError('invalid-argument', 'account password: give --new-password-file, or --remove')
  const next = newPasswordFile === undefined ? undefined : secretIn(newPasswordFile, 'password file')
  await changePassword(settings, next)
  if (settings.json) return JSON.stringify({ dataDir: settings.dataDir, protected: !remove })
  return remove
    ? 'The account has no password any more: whoever reads its directory is you.'
    : 'The account has its new password, and its database another key.'
}

export interface FileFlags {
  readonly filePasswordFile?: string
}

/** To a file that is there whole or not at all, or to standard output. */
export async function exportTo(
  path: string,
  { opened, storage, settings, flags }: ExportInput,
): Promise<string | undefined> {
  const bytes = exportOf(opened, storage, { password: filePassword(settings, flags) })
  if (path === '-') {
    if (process.stdout.isTTY)
      throw new CliError('invalid-argument', 'account export: standard output is a terminal; give a file')
    await pipeline(bytes, process.stdout, { end: false })
    await new Promise<void>((written) => process.stdout.write('', () => written()))
    return undefined
  }
  const target = resolve(path)
  if (existsSync(target)) throw taken(target)
  const draft = `${target}.${process.pid}.unfinished`
  try {
    await pipeline(bytes, createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }))
    linkSync(draft, target)
    syncDirectory(dirname(target))
  } catch (error) {
    throw fileError(error, target)
  } finally {
    removeIfThere(draft)
  }
  if (settings.json) return JSON.stringify({ file: target })
  return `Written to ${target}. It is the account: who has it and its password is you.`
}

export interface ExportInput {
  readonly opened: OpenAccount
  readonly storage: Storage
  readonly settings: Settings
  readonly flags: FileFlags
}

export async function importFile(path: string, settings: Settings, flags: FileFlags): Promise<string> {
  try {
    if (path !== '-') accessSync(path, constants.R_OK) // before anybody is asked for its password
    if (path === '-' && process.stdin.isTTY)
      throw new CliError('invalid-argument', 'account import: standard input is a terminal; give a file')
    const source = path === '-' ? process.stdin : createReadStream(path)
    const { messages } = await importFrom(source, settings, filePassword(settings, flags))
    const { isProtected } = await loadAccount(settings)
    const { dataDir, json } = settings
    if (json) return JSON.stringify({ dataDir, messages, protected: isProtected })
    const advice = isProtected ? '' : ' It has no password; status account password gives it one.'
    return `The account and ${messages} messages are in ${dataDir}, as a new device.${advice}`
  } catch (error) {
    throw fileError(error, path)
  }
}

/** One of its own, or that of the account. */
function filePassword({ password: own }: Settings, { filePasswordFile }: FileFlags): string {
  const found = filePasswordFile === undefined ? own : secretIn(filePasswordFile, 'password file')
  if (found !== undefined) return found
  throw new CliError(
    'invalid-argument',
    'an export has a password: name its file with --file-password-file (or that of the account with --password-file)',
  )
}

function taken(path: string): CliError {
  return new CliError('invalid-argument', `${path} is there already; give another name`)
}

function fileError(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'EEXIST') return taken(path)
  return syscall === undefined
    ? error
    : new CliError('data-dir', `${path} cannot be read or written (${reasonOf(error)})`)
}
