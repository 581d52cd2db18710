/**
 * The keys that a node holds for its users, under ids that tell nothing: 64 hex digits, without 0x. In memory only.
 *
 * Ids of symmetric keys are random. A key pair's id is derived from its public key as in the reference, so it is the same
 * on every node.
 */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import {
  type CryptoProvider,
  defaultProvider,
  generatePrivateKey,
  systemRandom,
} from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { expectBytes, WhisperError } from '../error.ts'
import { keyPairId, SYMMETRIC_KEY_BYTES, symmetricKeyFromPassword } from '../keys.ts'

/** 64 hex digits, lower case, without 0x. */
export type KeyId = string

const KEY_ID_BYTES = 32

interface KeyPair {
  readonly privateKey: Uint8Array
  readonly publicKey: PublicKey
}

export interface KeyStoreOptions {
  readonly random?: Random
  readonly crypto?: CryptoProvider
}

/** UNBOUNDED: as many keys as its users put in. Keys never show in logs, JSON or inspection, and are zeroed when deleted. */
export class KeyStore {
  readonly #symmetric = new Map<KeyId, Uint8Array>()
  readonly #pairs = new Map<KeyId, KeyPair>()
  readonly #random: Random
  readonly #crypto: CryptoProvider

  constructor({ random = systemRandom, crypto = defaultProvider }: KeyStoreOptions = {}) {
    this.#random = random
    this.#crypto = crypto
  }

  /** Keys of both kinds. */
  get size(): number {
    return this.#symmetric.size + this.#pairs.size
  }

  /** Keeps a copy of 32 bytes. @throws WhisperError `invalid-argument` */
  addSymmetricKey(key: Uint8Array): KeyId {
    const id = toHex(this.#random.bytes(KEY_ID_BYTES))
    this.#symmetric.set(id, expectBytes(key, SYMMETRIC_KEY_BYTES, 'symmetric key').slice())
    return id
  }

  newSymmetricKey(): KeyId {
    return this.#keepSymmetric(this.#random.bytes(SYMMETRIC_KEY_BYTES))
  }

  /** The key of everyone who knows the password; one slow key derivation. */
  async addSymmetricKeyFromPassword(password: string): Promise<KeyId> {
    return this.#keepSymmetric(await symmetricKeyFromPassword(password, { crypto: this.#crypto }))
  }

  hasSymmetricKey(id: KeyId): boolean {
    return this.#symmetric.has(id)
  }

  /** A copy, 32 bytes. @throws WhisperError `unknown-key` */
  symmetricKey(id: KeyId): Uint8Array {
    return (this.#symmetric.get(id) ?? unknown('symmetric key')).slice()
  }

  /** Whether there was one. */
  deleteSymmetricKey(id: KeyId): boolean {
    this.#symmetric.get(id)?.fill(0)
    return this.#symmetric.delete(id)
  }

  /** Keeps a copy of a 32-byte private key; again is fine. @throws WhisperError `invalid-argument` */
  async addKeyPair(privateKey: Uint8Array): Promise<KeyId> {
    if (!this.#crypto.isPrivateKey(privateKey))
      throw new WhisperError(
        'invalid-argument',
        'privateKey: expected 32 bytes that are a secp256k1 private key',
      )
    const pair = { privateKey: privateKey.slice(), publicKey: this.#crypto.publicKey(privateKey) }
    const id = toHex(await keyPairId(pair.publicKey, { crypto: this.#crypto }))
    this.deleteKeyPair(id) // the copy before would stay in memory
    this.#pairs.set(id, pair)
    return id
  }

  async newKeyPair(): Promise<KeyId> {
    const privateKey = generatePrivateKey(this.#crypto, this.#random)
    try {
      return await this.addKeyPair(privateKey)
    } finally {
      privateKey.fill(0) // what is kept is a copy, and zeroed when deleted
    }
  }

  hasKeyPair(id: KeyId): boolean {
    return this.#pairs.has(id)
  }

  /** 65 bytes. @throws WhisperError `unknown-key` */
  publicKey(id: KeyId): PublicKey {
    return (this.#pairs.get(id) ?? unknown('key pair')).publicKey.slice()
  }

  /** A copy, 32 bytes. @throws WhisperError `unknown-key` */
  privateKey(id: KeyId): Uint8Array {
    return (this.#pairs.get(id) ?? unknown('key pair')).privateKey.slice()
  }

  /** Whether there was one. */
  deleteKeyPair(id: KeyId): boolean {
    this.#pairs.get(id)?.privateKey.fill(0)
    return this.#pairs.delete(id)
  }

  /** Of a key that nobody else has: leaves no other copy of it. */
  #keepSymmetric(key: Uint8Array): KeyId {
    const id = this.addSymmetricKey(key)
    key.fill(0)
    return id
  }

  /** Deletes all. */
  clear(): void {
    for (const id of [...this.#symmetric.keys()]) this.deleteSymmetricKey(id)
    for (const id of [...this.#pairs.keys()]) this.deleteKeyPair(id)
  }
}

function unknown(what: string): never {
  throw new WhisperError('unknown-key', `no ${what} has this id`)
}
