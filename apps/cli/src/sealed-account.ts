/**
 * The account file: the mnemonic, sealed with a password.
 *
 * ```json
 * { "version": 1, "publicKey": "0x04...", "protected": true, "scrypt": { "N", "r", "p", "salt" }, "nonce", "sealed" }
 * ```
 *
 * sealed = AES-256-GCM(scrypt(password, salt), nonce, mnemonic as UTF-8, associated data = public key text). Without a
 * password the file is sealed with the empty one: whoever can read it is the account then, as with an SSH key without
 * a passphrase.
 */
import { fromHex, fromUtf8, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto, systemRandom } from '@status-protocol/crypto'
import { type Account, accountFromMnemonic } from '@status-protocol/trust'
import { z } from 'zod'
import { CliError } from './error.ts'

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))

const FILE = z.object({
  version: z.literal(1),
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

export type SealedAccount = z.output<typeof FILE>

/** 2^17: about 0.3 s and 128 MiB for a guess. Nothing is gained by slowing down the empty password. */
const WITH_PASSWORD = { N: 2 ** 17, r: 8, p: 1 }
const WITHOUT_PASSWORD = { N: 2 ** 12, r: 8, p: 1 }

export interface OpenAccount {
  readonly account: Account
  readonly mnemonic: string
  readonly isProtected: boolean
}

export async function sealAccount(mnemonic: string, password: string | undefined): Promise<SealedAccount> {
  const account = accountFromMnemonic(mnemonic)
  const publicKey = to0xHex(account.chatKey.publicKey)
  const cost = password === undefined ? WITHOUT_PASSWORD : WITH_PASSWORD
  const [salt, nonce] = [systemRandom.bytes(32), systemRandom.bytes(12)]
  const key = await crypto.scrypt({ password: utf8(password ?? ''), salt, ...cost, length: 32 })
  const sealed = crypto.aesGcmSeal(key, nonce, utf8(mnemonic), utf8(publicKey))
  return {
    version: 1,
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
  const key = await crypto.scrypt({ password: secret, salt: fromHex(salt), ...cost, length: 32 })
  const opened = crypto.aesGcmOpen(key, fromHex(file.nonce), fromHex(file.sealed), utf8(file.publicKey))
  if (!opened)
    throw file.protected
      ? new CliError('wrong-password', 'the password does not open the account')
      : new CliError(
          'damaged-account',
          'the account file was changed: restore it from a copy or from the mnemonic',
        )
  const mnemonic = fromUtf8(opened)
  return { account: accountFromMnemonic(mnemonic), mnemonic, isProtected: file.protected }
}

function parse(text: string): SealedAccount {
  try {
    return FILE.parse(JSON.parse(text))
  } catch {
    throw new CliError(
      'damaged-account',
      'the account file is not one: restore it from a copy, or import the mnemonic into another data directory',
    )
  }
}
