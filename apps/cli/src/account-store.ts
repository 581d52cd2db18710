/** Where the account lives: `account.json` in the data directory, readable by its owner alone. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { systemRandom } from '@status-protocol/crypto'
import { generateMnemonic, type MnemonicLength, validateMnemonic } from '@status-protocol/trust'
import { CliError } from './error.ts'
import { reasonOf } from './reason.ts'
import {
  type OpenAccount,
  openAccount,
  type ScryptCost,
  type SealedAccount,
  sealAccount,
} from './sealed-account.ts'
import { dataDirFlag } from './settings.ts'

export interface AccountPlace {
  readonly dataDir: string
  readonly password?: string | undefined
  /** What a guess at the password costs, in files that are written; the default is for people. */
  readonly cost?: ScryptCost
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
export async function loadAccount(place: AccountPlace): Promise<OpenAccount> {
  const text = readAccount(place)
  if (text === undefined)
    throw new CliError(
      'no-account',
      `there is no account in ${place.dataDir}; make one with: status account create${dataDirFlag(place.dataDir)}`,
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

/** @throws CliError `account-exists` */
export async function keepAccount(place: AccountPlace, mnemonic: string): Promise<OpenAccount> {
  const path = pathOf(place)
  makeDirectory(place.dataDir)
  if (existsSync(path)) throw alreadyThere(path)
  const text = textOf(await sealAccount({ mnemonic, password: place.password, cost: place.cost }))
  writeWhole(path, text)
  return openAccount(text, place.password)
}

/** Puts another file in the place of the account's: after a crash at any point one of the two is there, whole. */
export function replaceAccount(place: AccountPlace, sealed: SealedAccount): void {
  const path = pathOf(place)
  const draft = draftOf(place)
  try {
    rmSync(draft, { force: true })
    writeFileSync(draft, textOf(sealed), { mode: 0o600, flush: true })
    renameSync(draft, path)
    syncDirectory(place.dataDir)
  } catch (error) {
    removeIfThere(draft)
    throw new CliError('data-dir', `${path} cannot be written (${reasonOf(error)})`)
  }
}

/** What a crash may have left of {@link replaceAccount}, and of {@link keepAccount}: that opens with the password of then. */
export function removeDraft(place: AccountPlace): void {
  rmSync(draftOf(place), { force: true })
  for (const name of readdirSync(place.dataDir))
    if (/^account\.json\.\d+\.new$/.test(name)) rmSync(join(place.dataDir, name), { force: true })
}

const draftOf = (place: AccountPlace): string => `${pathOf(place)}.replacing`
const textOf = (sealed: SealedAccount): string => `${JSON.stringify(sealed, null, 2)}\n`

/** Makes the names in it last. Windows has no such call and needs none. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}

/** The file is there whole or not at all, also after a crash, and never takes another one's place. */
function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true })
    linkSync(draft, path)
    syncDirectory(dirname(path))
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw alreadyThere(path)
    throw new CliError(
      'data-dir',
      `${path} cannot be written (${reasonOf(error)}); choose another place with --data-dir`,
    )
  } finally {
    removeIfThere(draft)
  }
}

/** What went wrong before is told, not that this cannot be removed either. */
export function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // it stays, then
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
    if (codeOf(error) === 'ENOTDIR') throw noDirectory(place.dataDir)
    throw new CliError(
      'data-dir',
      `${pathOf(place)} cannot be read (${reasonOf(error)}); check its owner and permissions`,
    )
  }
}

/** @throws CliError `data-dir` */
export function makeDirectory(dataDir: string): void {
  try {
    makeAll(dataDir)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw noDirectory(dataDir)
    throw new CliError(
      'data-dir',
      `${dataDir} cannot be made (${reasonOf(error)}); choose another place with --data-dir`,
    )
  }
}

function noDirectory(path: string): CliError {
  return new CliError('data-dir', `${path} is no directory; name one with --data-dir`)
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

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code
