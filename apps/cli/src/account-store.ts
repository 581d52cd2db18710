/** Where the account lives: `account.json` in the data directory, readable by its owner alone. */
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemRandom } from '@status-protocol/crypto'
import { generateMnemonic, type MnemonicLength, validateMnemonic } from '@status-protocol/trust'
import { CliError } from './error.ts'
import { type OpenAccount, openAccount, sealAccount } from './sealed-account.ts'

export interface AccountPlace {
  readonly dataDir: string
  readonly password?: string | undefined
}

/** The account of the data directory, made if there is none. */
export async function loadOrCreateAccount(
  place: AccountPlace,
): Promise<OpenAccount & { readonly isNew: boolean }> {
  const text = readAccount(place)
  if (text !== undefined) return { ...(await openAccount(text, place.password)), isNew: false }
  return { ...(await createAccount(place, 12)), isNew: true }
}

/** @throws CliError `no-account` where there is none */
export function loadAccount(place: AccountPlace): Promise<OpenAccount> {
  const text = readAccount(place)
  if (text === undefined)
    throw new CliError(
      'no-account',
      `there is no account in ${place.dataDir}; make one with: status account create`,
    )
  return openAccount(text, place.password)
}

export async function createAccount(place: AccountPlace, words: MnemonicLength): Promise<OpenAccount> {
  return keepAccount(place, generateMnemonic(systemRandom, words))
}

/** @throws CliError `invalid-mnemonic`, saying what is wrong with it */
export async function importAccount(place: AccountPlace, mnemonic: string): Promise<OpenAccount> {
  const verdict = validateMnemonic(mnemonic)
  if (!verdict.ok) throw new CliError('invalid-mnemonic', verdict.message)
  return keepAccount(place, mnemonic.trim().split(/\s+/).join(' '))
}

async function keepAccount(place: AccountPlace, mnemonic: string): Promise<OpenAccount> {
  const path = pathOf(place)
  makeDirectory(place.dataDir)
  if (existsSync(path)) throw alreadyThere(path)
  const text = `${JSON.stringify(await sealAccount(mnemonic, place.password), null, 2)}\n`
  writeWhole(path, text)
  return openAccount(text, place.password)
}

/** The file is there whole or not at all, also after a crash, and never takes another one's place. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true })
    linkSync(draft, path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyThere(path)
    throw new CliError(
      'data-dir',
      `${path} cannot be written (${codeOf(error)}); choose another place with --data-dir`,
    )
  } finally {
    rmSync(draft, { force: true })
  }
}

function alreadyThere(path: string): CliError {
  return new CliError('account-exists', `${path} is there already; name another directory with --data-dir`)
}

function readAccount(place: AccountPlace): string | undefined {
  try {
    return readFileSync(pathOf(place), 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw new CliError(
      'data-dir',
      `${pathOf(place)} cannot be read (${codeOf(error)}); check its owner and permissions`,
    )
  }
}

function makeDirectory(dataDir: string): void {
  try {
    makeAll(dataDir)
  } catch (error) {
    throw new CliError(
      'data-dir',
      `${dataDir} cannot be made (${codeOf(error)}); choose another place with --data-dir`,
    )
  }
}

/** One by one: `mkdir` of Node with `recursive` never returns where nothing can be made, as under /proc. */
function makeAll(path: string): void {
  const isThere = () => statSync(path, { throwIfNoEntry: false })?.isDirectory()
  if (isThere()) return
  makeAll(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!isThere()) throw error // else somebody else was quicker
  }
}

const pathOf = ({ dataDir }: AccountPlace): string => join(dataDir, 'account.json')

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException)?.code ?? 'unknown error'
}
