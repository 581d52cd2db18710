/**
 * Key files: Web3 Secret Storage version 3, with the block `extendedkey` that the Status clients add to it.
 *
 * ```
 * derived = scrypt or PBKDF2-HMAC-SHA256(password, salt), 32 bytes
 * ciphertext = AES-128-CTR(derived[0..16], iv, secret)      mac = keccak256(derived[16..32] | ciphertext)
 * ```
 */
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { concat, equalConstantTime, fromHex, fromUtf8, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { TrustError } from './error.ts'
import { ExtendedKey, KeyPair } from './hd-key.ts'
import { type EncryptedBlock, type Kdf, type KeystoreFile, parseKeystore } from './keystore-file.ts'

/** What the Go clients write into `extendedkey` when a key belongs to no tree. */
const NO_EXTENDED_KEY = 'Zeroed extended key'

/**
 * How much work a guess at the password costs. `standard` is geth's own choice (256 MiB, about a second), `light` takes
 * 4 MiB and is what the mobile clients write.
 */
export type KeystoreCost = 'standard' | 'light'
const SCRYPT_COST = {
  standard: { n: 262_144, r: 8, p: 1 },
  light: { n: 4096, r: 8, p: 6 },
} as const

export type OpenedKeystore =
  | { readonly ok: true; readonly keyPair: KeyPair; readonly extendedKey: ExtendedKey | undefined }
  | { readonly ok: false; readonly reason: 'wrong-password' }

/**
 * Opens a key file. A changed file looks like a wrong password.
 *
 * @param file its text, or the parsed JSON
 * @throws TrustError `invalid-keystore` if it is no version 3 file or asks for more than 512 MiB or unreasonable time
 */
export async function openKeystore(
  file: string | object,
  password: string,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): Promise<OpenedKeystore> {
  const { address, key, extendedKey } = parseKeystore(file)
  const privateKey = await decrypt(key, password, crypto)
  if (!privateKey) return { ok: false, reason: 'wrong-password' }
  if (!crypto.isPrivateKey(privateKey))
    throw new TrustError('invalid-keystore', 'keystore: what it holds is not a secp256k1 private key')
  const keyPair = new KeyPair(privateKey, { crypto })
  privateKey.fill(0)
  if (address !== undefined && keyPair.address.toLowerCase() !== `0x${address}`)
    throw new TrustError('invalid-keystore', 'keystore: its address is not that of the key it holds')
  if (!extendedKey) return { ok: true, keyPair, extendedKey: undefined }
  const text = await decrypt(extendedKey, password, crypto)
  if (!text) return { ok: false, reason: 'wrong-password' }
  return { ok: true, keyPair, extendedKey: extendedKeyOf(text, crypto) }
}

function extendedKeyOf(bytes: Uint8Array, crypto: CryptoProvider): ExtendedKey | undefined {
  try {
    const text = fromUtf8(bytes)
    return text === NO_EXTENDED_KEY ? undefined : ExtendedKey.fromText(text, { crypto })
  } catch {
    throw new TrustError('invalid-keystore', 'keystore: its extendedkey block holds no BIP32 private key')
  } finally {
    bytes.fill(0)
  }
}

async function decrypt(
  block: EncryptedBlock,
  password: string,
  crypto: CryptoProvider,
): Promise<Uint8Array | undefined> {
  const derived = await derive(block, utf8(password), crypto)
  const ciphertext = fromHex(block.ciphertext)
  const mac = crypto.keccak256(concat(derived.subarray(16, 32), ciphertext))
  if (!equalConstantTime(mac, fromHex(block.mac))) return undefined
  return crypto.aesCtr(derived.subarray(0, 16), fromHex(block.cipherparams.iv), ciphertext)
}

async function derive(
  { kdf, kdfparams }: Kdf,
  password: Uint8Array,
  crypto: CryptoProvider,
): Promise<Uint8Array> {
  const salt = fromHex(kdfparams.salt)
  if (kdf === 'pbkdf2')
    return crypto.pbkdf2({ hash: 'sha256', password, salt, iterations: kdfparams.c, length: 32 })
  const { n, r, p } = kdfparams
  // RFC 7914 wants n below 2^(16 r) and so do providers; the example of the definition and files of 2015 have r = 1.
  if (n >= 2 ** (16 * r)) return scryptAsync(password, salt, { N: n, r, p, dkLen: 32 })
  return crypto.scrypt({ password, salt, N: n, r, p, length: 32 })
}

export interface SealKeystoreOptions {
  readonly password: string
  readonly random: Random
  /** Default `standard`. */
  readonly cost?: KeystoreCost
  readonly crypto?: CryptoProvider
}

/**
 * Writes a key file that the Go clients and geth open. An {@link ExtendedKey} goes into both blocks, so that keys below
 * it can be found again; a {@link KeyPair} stands alone.
 */
export async function sealKeystore(
  key: ExtendedKey | KeyPair,
  { password, random, cost = 'standard', crypto = defaultProvider }: SealKeystoreOptions,
): Promise<KeystoreFile> {
  const keyPair = key instanceof ExtendedKey ? key.keyPair : key
  const extended = key instanceof ExtendedKey ? key.toExtendedPrivateKeyText() : NO_EXTENDED_KEY
  const seal = (secret: Uint8Array) => encrypt(secret, { password, random, cost, crypto })
  return {
    address: keyPair.address.slice(2).toLowerCase(),
    crypto: await seal(keyPair.privateKey),
    id: uuidV4(random),
    version: 3,
    extendedkey: await seal(utf8(extended)),
    subaccountindex: 0,
  }
}

async function encrypt(
  secret: Uint8Array,
  { password, random, cost, crypto }: Required<SealKeystoreOptions>,
): Promise<EncryptedBlock> {
  const [salt, iv] = [random.bytes(32), random.bytes(16)]
  const kdfparams = { ...SCRYPT_COST[cost], dklen: 32, salt: toHex(salt) } as const
  const kdf: Kdf = { kdf: 'scrypt', kdfparams }
  const derived = await derive(kdf, utf8(password), crypto)
  const ciphertext = crypto.aesCtr(derived.subarray(0, 16), iv, secret)
  return {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: toHex(iv) },
    ciphertext: toHex(ciphertext),
    ...kdf,
    mac: toHex(crypto.keccak256(concat(derived.subarray(16, 32), ciphertext))),
  }
}

function uuidV4(random: Random): string {
  const bytes = random.bytes(16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** What the mobile clients give as the password of a key file: `0x` and the keccak256 of what the person typed. */
export function hashedPassword(
  password: string,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): string {
  return to0xHex(crypto.keccak256(utf8(password)))
}
