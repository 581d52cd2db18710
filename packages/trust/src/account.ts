/** A Status account: one mnemonic, and the keys that the clients derive from it. */

import { to0xHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { defaultProvider } from '@status-protocol/crypto'
import { TrustError } from './error.ts'
import { ExtendedKey, type KeyPair } from './hd-key.ts'
import { CHAT_KEY_PATH, DATABASE_KEY_PATH, walletKeyPath } from './hd-path.ts'
import { mnemonicSeed, normaliseMnemonic, validateMnemonic } from './mnemonic.ts'

export interface AccountOptions {
  /** BIP39's extra password; another passphrase is another account. The clients always use none. */
  readonly passphrase?: string
  readonly crypto?: CryptoProvider
}

/** Keys are derived when they are first asked for. Text forms (JSON, `console.log`) show nothing that is secret. */
export class Account {
  /** The root of all keys. */
  readonly masterKey: ExtendedKey
  /** 0x-hex SHA-256 of the master public key: how the clients of the time name an account without revealing it. */
  readonly keyUid: string
  readonly #derived = new Map<string, KeyPair>() // BOUNDED: the two fixed paths; wallet keys are not kept

  constructor(
    masterKey: ExtendedKey,
    { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
  ) {
    this.masterKey = masterKey
    this.keyUid = to0xHex(crypto.sha256(masterKey.keyPair.publicKey))
  }

  /** The identity in chats, `m/43'/60'/1581'/0'/0` (EIP-1581). */
  get chatKey(): KeyPair {
    return this.#kept(CHAT_KEY_PATH)
  }

  /** The key that a client encrypts its database with, `m/43'/60'/1581'/1'/0` (EIP-1581). */
  get databaseKey(): KeyPair {
    return this.#kept(DATABASE_KEY_PATH)
  }

  /** Ethereum key number `index`, `m/44'/60'/0'/0/index` (BIP44). Number 0 was the chat key of accounts before EIP-1581. */
  walletKey(index: number): KeyPair {
    return this.masterKey.derive(walletKeyPath(index)).keyPair
  }

  toJSON(): { readonly keyUid: string } {
    return { keyUid: this.keyUid }
  }

  toString(): string {
    return `Account(${this.keyUid})`
  }

  #kept(path: string): KeyPair {
    let key = this.#derived.get(path)
    if (!key) {
      key = this.masterKey.derive(path).keyPair
      this.#derived.set(path, key)
    }
    return key
  }
}

/**
 * The account of a mnemonic. Takes about 20 ms (2,048 rounds of PBKDF2).
 *
 * Spaces around and between the words do not matter; the Go clients keep them and so reach another account (theirs:
 * `accountFromSeed(mnemonicSeed(text))`).
 *
 * @throws TrustError `invalid-mnemonic` with the message and details of {@link validateMnemonic}
 */
export function accountFromMnemonic(
  mnemonic: string | readonly string[],
  { passphrase = '', crypto = defaultProvider }: AccountOptions = {},
): Account {
  const verdict = validateMnemonic(mnemonic)
  if (!verdict.ok) throw new TrustError('invalid-mnemonic', verdict.message, { reason: verdict.reason })
  const seed = mnemonicSeed(normaliseMnemonic(mnemonic), passphrase)
  try {
    return accountFromSeed(seed, { crypto })
  } finally {
    seed.fill(0)
  }
}

/** The account of a BIP32 seed of 16 to 64 bytes (64 from a mnemonic). */
export function accountFromSeed(
  seed: Uint8Array,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): Account {
  return new Account(ExtendedKey.fromSeed(seed, { crypto }), { crypto })
}
