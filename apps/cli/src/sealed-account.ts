/**
 * The account file: the mnemonic, sealed with a password.
 *
 * ```json
 * { "version": 1, "publicKey": "0x04...", "protected": true, "scrypt": { "N", "r", "p", "salt" }, "nonce", "sealed" }
 * ```
 *
 * sealed = AES-256-GCM(scrypt(password, salt), nonce, content, associated data). Version 1: the content is the mnemonic as
 * UTF-8, the associated data the public key's text, and the database has the account's own key. Version 2, written when the
 * password changes: the content is `{"mnemonic", "databaseKey", "previousDatabaseKey"?}`, the associated data is the public
 * key's text and ` 2`. Without a password the file is sealed with the empty one: whoever can read it is the account then, as
 * with an SSH key without a passphrase.
 */
import { fromHex, fromUtf8, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { CryptoError, defaultProvider as crypto, systemRandom } from '@status-protocol/crypto'
import { type Account, accountFromMnemonic } from '@status-protocol/trust'
import { z } from 'zod'
import { CliError } from './error.ts'

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))

const FILE = z.object({
  version: z.union([z.literal(1), z.literal(2)]),
  publicKey: z.string().regex(/^0x04[0-9a-f]{128}$/),
  protected: z.boolean(),
  scrypt: z.object({
    N: z
      .number()
      .int()
      .min(2)
      .max(2 ** 20),
    r: z.number().int().min(1).max(16),
    p: z.number().int().min(1).max(16),
    salt: hex(32),
  }),
  nonce: hex(12),
  sealed: z.string().regex(/^([0-9a-f]{2}){17,1024}$/),
})

const CONTENT = z.object({
  mnemonic: z.string(),
  databaseKey: hex(32),
  previousDatabaseKey: hex(32).optional(),
})

export type SealedAccount = z.output<typeof FILE>

export interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** 2^17: about 0.3 s and 128 MiB for a guess. Nothing is gained by slowing down the empty password. */
const WITH_PASSWORD: ScryptCost = { N: 2 ** 17, r: 8, p: 1 }
const WITHOUT_PASSWORD: ScryptCost = { N: 2 ** 12, r: 8, p: 1 }

/** Keys of a database that is not encrypted with the account's own key. */
export interface DatabaseKeys {
  /** 32 bytes. */
  readonly current: Uint8Array
  /** The database may still have this one: changing it was interrupted. */
  readonly previous?: Uint8Array
}

export interface OpenAccount {
  readonly account: Account
  readonly mnemonic: string
  readonly isProtected: boolean
  /** Absent: the account's own, `account.databaseKey`. */
  readonly databaseKeys?: DatabaseKeys
}

export interface SealInput {
  readonly mnemonic: string
  /** Undefined: none. */
  readonly password: string | undefined
  readonly keys?: DatabaseKeys | undefined
  /** Of a guess at the password. */
  readonly cost?: ScryptCost | undefined
}

export async function sealAccount({
  mnemonic,
  password,
  keys,
  cost: asked,
}: SealInput): Promise<SealedAccount> {
  const account = accountFromMnemonic(mnemonic)
  const publicKey = to0xHex(account.chatKey.publicKey)
  const cost = password === undefined ? WITHOUT_PASSWORD : (asked ?? WITH_PASSWORD)
  const [salt, nonce] = [systemRandom.bytes(32), systemRandom.bytes(12)]
  const version = keys ? 2 : 1
  const [secret, content] = [utf8(password ?? ''), utf8(keys ? contentOf(mnemonic, keys) : mnemonic)]
  const key = await crypto.scrypt({ password: secret, salt, ...cost, length: 32 })
  const sealed = crypto.aesGcmSeal(key, nonce, content, associatedData(version, publicKey))
  for (const bytes of [secret, content, key]) bytes.fill(0)
  return {
    version,
    publicKey,
    protected: password !== undefined,
    scrypt: { ...cost, salt: toHex(salt) },
    nonce: toHex(nonce),
    sealed: toHex(sealed),
  }
}

/** @throws CliError `damaged-account`, `wrong-password` */
export async function openAccount(text: string, password: string | undefined): Promise<OpenAccount> {
  const file = parse(text)
  if (file.protected && password === undefined)
    throw new CliError(
      'wrong-password',
      'the account has a password: name its file with --password-file or STATUS_PASSWORD_FILE',
    )
  const { salt, ...cost } = file.scrypt
  const secret = utf8(file.protected ? (password ?? '') : '')
  const key = await derived(() =>
    crypto.scrypt({ password: secret, salt: fromHex(salt), ...cost, length: 32 }),
  )
  const data = associatedData(file.version, file.publicKey)
  const opened = crypto.aesGcmOpen(key, fromHex(file.nonce), fromHex(file.sealed), data)
  for (const bytes of [secret, key]) bytes.fill(0)
  if (!opened)
    throw file.protected
      ? new CliError('wrong-password', 'the password does not open the account')
      : new CliError(
          'damaged-account',
          'the account file was changed: restore it from a copy or from the mnemonic',
        )
  const content = fromUtf8(opened)
  opened.fill(0)
  const { mnemonic, keys } = file.version === 1 ? { mnemonic: content } : parseContent(content)
  return {
    account: accountFromMnemonic(mnemonic),
    mnemonic,
    isProtected: file.protected,
    ...(keys && { databaseKeys: keys }),
  }
}

/** What the file asks of scrypt may be what that refuses. */
async function derived(derive: () => Promise<Uint8Array>): Promise<Uint8Array> {
  try {
    return await derive()
  } catch (error) {
    throw error instanceof CryptoError && error.code === 'invalid-argument' ? notAnAccount() : error
  }
}

function associatedData(version: 1 | 2, publicKey: string): Uint8Array {
  return utf8(version === 1 ? publicKey : `${publicKey} ${version}`)
}

function contentOf(mnemonic: string, { current, previous }: DatabaseKeys): string {
  return JSON.stringify({
    mnemonic,
    databaseKey: toHex(current),
    ...(previous && { previousDatabaseKey: toHex(previous) }),
  })
}

function parseContent(text: string): { readonly mnemonic: string; readonly keys: DatabaseKeys } {
  const { mnemonic, databaseKey, previousDatabaseKey } = CONTENT.parse(JSON.parse(text))
  const previous = previousDatabaseKey === undefined ? {} : { previous: fromHex(previousDatabaseKey) }
  return { mnemonic, keys: { current: fromHex(databaseKey), ...previous } }
}

function parse(text: string): SealedAccount {
  try {
    return FILE.parse(JSON.parse(text))
  } catch {
    throw notAnAccount()
  }
}

function notAnAccount(): CliError {
  return new CliError(
    'damaged-account',
    'the account file is not one: restore it from a copy, or import the mnemonic into another data directory',
  )
}
