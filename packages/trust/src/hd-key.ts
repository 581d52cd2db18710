/** BIP32 keys that do not show their secrets by accident. */
import { HDKey } from '@scure/bip32'
import type { PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { addressOf } from './address.ts'
import { TrustError } from './error.ts'
import { formatDerivationPath, parseDerivationPath } from './hd-path.ts'

/** `xprv` texts have 111 characters; base58 takes quadratic time, so that longer ones are not looked at. */
const LONGEST_TEXT = 128

/**
 * A private key with its public side. Text forms (JSON, `console.log`, template strings) show the public side alone.
 */
export class KeyPair {
  /** 65 bytes, 0x04 | X | Y. */
  readonly publicKey: PublicKey
  readonly #privateKey: Uint8Array
  readonly #crypto: CryptoProvider

  /** @throws TrustError `invalid-key` unless these are 32 bytes of a scalar in 1 .. n-1 */
  constructor(
    privateKey: Uint8Array,
    { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
  ) {
    if (!crypto.isPrivateKey(privateKey))
      throw new TrustError('invalid-key', 'privateKey: expected 32 bytes, a scalar in 1 .. n-1 of secp256k1')
    this.#privateKey = privateKey.slice()
    this.#crypto = crypto
    this.publicKey = crypto.publicKey(privateKey)
  }

  /** 32 bytes, a copy. A secret: keep it out of logs. */
  get privateKey(): Uint8Array {
    return this.#privateKey.slice()
  }

  /** Ethereum address with the EIP-55 checksum. */
  get address(): string {
    return addressOf(this.publicKey, { crypto: this.#crypto })
  }

  toJSON(): { readonly address: string } {
    return { address: this.address }
  }

  toString(): string {
    return `KeyPair(${this.address})`
  }
}

/** A key of a BIP32 tree: chain code, and so all keys below it. */
export class ExtendedKey {
  readonly #node: HDKey
  readonly #crypto: CryptoProvider
  /** The key itself. */
  readonly keyPair: KeyPair

  private constructor(node: HDKey, crypto: CryptoProvider) {
    const privateKey = node.privateKey
    if (!privateKey)
      throw new TrustError('invalid-key', 'extended key: expected a private one (xprv...), got a public one')
    this.#node = node
    this.#crypto = crypto
    this.keyPair = new KeyPair(privateKey, { crypto })
    privateKey.fill(0)
  }

  /** The master key of a seed of 16 to 64 bytes. */
  static fromSeed(
    seed: Uint8Array,
    { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
  ): ExtendedKey {
    return new ExtendedKey(
      guarded('seed: expected 16 to 64 bytes', () => HDKey.fromMasterSeed(seed)),
      crypto,
    )
  }

  /** Reads `xprv...`: base58check of version(4) | depth(1) | fingerprint(4) | index(4) | chain code(32) | 00 | key(32). */
  static fromText(
    text: string,
    { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
  ): ExtendedKey {
    if (text.length > LONGEST_TEXT)
      throw new TrustError('invalid-key', `extended key: expected at most ${LONGEST_TEXT} characters`)
    return new ExtendedKey(
      guarded('extended key: expected the text of a BIP32 private key (xprv...)', () =>
        HDKey.fromExtendedKey(text),
      ),
      crypto,
    )
  }

  /** How far below the master key, 0 .. 255. */
  get depth(): number {
    return this.#node.depth
  }

  /**
   * The key at a path below this one. A text that starts with `m` is only understood by a master key.
   *
   * @throws TrustError `invalid-path`
   */
  derive(path: string | readonly number[]): ExtendedKey {
    if (typeof path === 'string' && path.startsWith('m') && this.depth > 0)
      throw new TrustError('invalid-path', 'path: expected one relative to this key, without m in front')
    const indexes = typeof path === 'string' ? parseDerivationPath(path) : path
    const node = guarded(
      `path: cannot derive ${formatDerivationPath(indexes)}`,
      () => indexes.reduce<HDKey>((parent, index) => parent.deriveChild(index), this.#node),
      'invalid-path',
    )
    return new ExtendedKey(node, this.#crypto)
  }

  /** `xprv...`. A secret: whoever has it has all keys below. */
  toExtendedPrivateKeyText(): string {
    return this.#node.privateExtendedKey
  }

  /** `xpub...`: finds all addresses below that are not hardened. */
  toExtendedPublicKeyText(): string {
    return this.#node.publicExtendedKey
  }

  toJSON(): { readonly address: string; readonly depth: number } {
    return { address: this.keyPair.address, depth: this.depth }
  }

  toString(): string {
    return `ExtendedKey(${this.keyPair.address})`
  }
}

function guarded<T>(message: string, run: () => T, code: 'invalid-key' | 'invalid-path' = 'invalid-key'): T {
  try {
    return run()
  } catch {
    // The library's message may quote its input, which is a secret here.
    throw new TrustError(code, message)
  }
}
