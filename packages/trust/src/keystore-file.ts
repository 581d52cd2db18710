/** The JSON of a key file, checked before anything is computed from it. */
import { TrustError } from './error.ts'

export type Kdf =
  | {
      readonly kdf: 'scrypt'
      readonly kdfparams: {
        readonly dklen: 32
        readonly n: number
        readonly p: number
        readonly r: number
        readonly salt: string
      }
    }
  | {
      readonly kdf: 'pbkdf2'
      readonly kdfparams: {
        readonly c: number
        readonly dklen: 32
        readonly prf: 'hmac-sha256'
        readonly salt: string
      }
    }

/** One encrypted secret; all bytes as hex without `0x`. */
export type EncryptedBlock = Kdf & {
  readonly cipher: 'aes-128-ctr'
  readonly cipherparams: { readonly iv: string }
  readonly ciphertext: string
  readonly mac: string
}

/** What `sealKeystore` writes; `JSON.stringify` makes the file of it. */
export interface KeystoreFile {
  /** 40 hex digits, lower case. */
  readonly address: string
  readonly crypto: EncryptedBlock
  readonly id: string
  readonly version: 3
  readonly extendedkey: EncryptedBlock
  readonly subaccountindex: number
}

export interface ParsedKeystore {
  /** 40 hex digits, lower case, if the file names one. */
  readonly address: string | undefined
  readonly key: EncryptedBlock
  readonly extendedKey: EncryptedBlock | undefined
}

/** A key file has about 1 KiB. */
const MAX_FILE_CHARACTERS = 65_536
const MAX_SECRET_BYTES = 1024
/** n * r, of 128 bytes each; r * (p + 2) beside that; n * r * p of time: eight times what geth's standard cost takes. */
const MAX_SCRYPT_MEMORY_UNITS = 4 * 1024 * 1024
const MAX_SCRYPT_EXTRA_UNITS = 8 * 1024
const MAX_SCRYPT_TIME_UNITS = 16 * 1024 * 1024
const MAX_PBKDF2_ROUNDS = 10_000_000

/** @throws TrustError `invalid-keystore`, naming the field */
export function parseKeystore(file: string | object): ParsedKeystore {
  const json = fields(typeof file === 'string' ? parseJson(file) : file, 'the file')
  if (json.version !== 3) throw wrong('version', '3')
  const address = json.address === undefined || json.address === '' ? undefined : json.address
  if (address !== undefined && !isHex(address, 20)) throw wrong('address', '40 hex digits without 0x')
  return {
    address: address?.toLowerCase(),
    key: parseBlock(json.crypto ?? json.Crypto, 'crypto'),
    extendedKey: hasNoExtendedKey(json.extendedkey) ? undefined : parseBlock(json.extendedkey, 'extendedkey'),
  }
}

function parseJson(text: string): unknown {
  if (text.length > MAX_FILE_CHARACTERS) throw wrong('the file', `at most ${MAX_FILE_CHARACTERS} characters`)
  try {
    return JSON.parse(text)
  } catch {
    throw wrong('the file', 'JSON')
  }
}

/** Other programs leave the block out; the Go clients write it without content when there is nothing to write. */
function hasNoExtendedKey(block: unknown): boolean {
  return block === undefined || block === null || fields(block, 'extendedkey').ciphertext === ''
}

function parseBlock(value: unknown, name: string): EncryptedBlock {
  const block = fields(value, name)
  const { cipher, ciphertext, mac } = block
  const { iv } = fields(block.cipherparams, `${name}.cipherparams`)
  if (cipher !== 'aes-128-ctr') throw wrong(`${name}.cipher`, 'aes-128-ctr')
  if (!isHex(iv, 16)) throw wrong(`${name}.cipherparams.iv`, '16 bytes of hex')
  if (!isHex(mac, 32)) throw wrong(`${name}.mac`, '32 bytes of hex')
  if (!isHex(ciphertext) || ciphertext.length > 2 * MAX_SECRET_BYTES)
    throw wrong(`${name}.ciphertext`, `at most ${MAX_SECRET_BYTES} bytes of hex`)
  return { cipher, cipherparams: { iv }, ciphertext, ...parseKdf(block, name), mac }
}

function parseKdf(block: Fields, name: string): Kdf {
  const kdfparams = fields(block.kdfparams, `${name}.kdfparams`)
  const { dklen, salt } = kdfparams
  if (dklen !== 32) throw wrong(`${name}.kdfparams.dklen`, '32')
  if (!isHex(salt) || salt.length > 2 * MAX_SECRET_BYTES) throw wrong(`${name}.kdfparams.salt`, 'hex')
  if (block.kdf === 'scrypt') return { kdf: 'scrypt', kdfparams: parseScrypt(kdfparams, dklen, salt, name) }
  if (block.kdf !== 'pbkdf2') throw wrong(`${name}.kdf`, 'scrypt or pbkdf2')
  const { c, prf } = kdfparams
  if (prf !== 'hmac-sha256') throw wrong(`${name}.kdfparams.prf`, 'hmac-sha256')
  if (!isPositive(c) || c > MAX_PBKDF2_ROUNDS)
    throw wrong(`${name}.kdfparams.c`, `1 to ${MAX_PBKDF2_ROUNDS} rounds`)
  return { kdf: 'pbkdf2', kdfparams: { c, dklen, prf, salt } }
}

function parseScrypt({ n, r, p }: Fields, dklen: 32, salt: string, name: string) {
  if (!isPositive(n) || !isPositive(r) || !isPositive(p))
    throw wrong(`${name}.kdfparams`, 'n, r and p as positive integers')
  if (n < 2 || !Number.isInteger(Math.log2(n))) throw wrong(`${name}.kdfparams.n`, 'a power of two')
  const isTooMuch =
    n * r > MAX_SCRYPT_MEMORY_UNITS ||
    r * (p + 2) > MAX_SCRYPT_EXTRA_UNITS ||
    n * r * p > MAX_SCRYPT_TIME_UNITS
  if (isTooMuch) throw wrong(`${name}.kdfparams`, 'scrypt of at most 512 MiB and n * r * p of at most 2^24')
  return { dklen, n, p, r, salt } as const
}

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null) throw wrong(name, 'an object')
  return value as Fields
}

function isHex(value: unknown, bytes?: number): value is string {
  if (typeof value !== 'string' || !/^(?:[0-9a-fA-F]{2})*$/.test(value)) return false
  return bytes === undefined || value.length === 2 * bytes
}

function isPositive(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

/** What came is not told: it may be a piece of a secret. */
function wrong(field: string, expected: string): TrustError {
  return new TrustError('invalid-keystore', `keystore: ${field}: expected ${expected}`, { field })
}
