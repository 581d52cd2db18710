/** Symmetric keys from texts. */
import { type PublicKey, to0xHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'

export const SYMMETRIC_KEY_BYTES = 32

/** PBKDF2 rounds of a password key. 65,356: a slip of the pen for 65,536 that all of the network shares. */
export const PASSWORD_KEY_ROUNDS = 65_356
const KEY_PAIR_ID_ROUNDS = 4_096

export interface KeyOptions {
  readonly crypto?: CryptoProvider
}

/**
 * 32 bytes: PBKDF2-HMAC-SHA256 of the text as UTF-8, empty salt, 65,356 rounds (13 ms natively, 86 ms in JavaScript).
 * Keep the result: nothing here caches it.
 */
export function symmetricKeyFromPassword(
  password: string,
  { crypto = defaultProvider }: KeyOptions = {},
): Promise<Uint8Array> {
  return derive(password, PASSWORD_KEY_ROUNDS, crypto)
}

/** 32 bytes: the name that the reference's key store gives to a key pair; PBKDF2 of its public key's 0x-hex, 4,096 rounds. */
export function keyPairId(
  publicKey: PublicKey,
  { crypto = defaultProvider }: KeyOptions = {},
): Promise<Uint8Array> {
  return derive(to0xHex(publicKey), KEY_PAIR_ID_ROUNDS, crypto)
}

function derive(text: string, iterations: number, crypto: CryptoProvider): Promise<Uint8Array> {
  const empty = new Uint8Array(0)
  return crypto.pbkdf2({
    hash: 'sha256',
    password: utf8(text),
    salt: empty,
    iterations,
    length: SYMMETRIC_KEY_BYTES,
  })
}
