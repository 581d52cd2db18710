/**
 * The cryptography that the Status Protocol layers ask for. Synchronous but for the slow key derivations.
 *
 * Every method throws {@link CryptoError} (`invalid-argument`, `invalid-key`) on misuse: a wrong length, a private key
 * out of range, a public key that is no point. Answers that depend on what a peer sent (`aesGcmOpen`, `parsePublicKey`,
 * `recover`, `verify`, `tryEcdh`, `tryEcdhPoint`) are returned, not thrown. Arguments are never changed and never kept; results are
 * bytes of their own.
 *
 * Write one with the conformance suite of `@status-protocol/crypto/testing` beside you.
 */
export interface CryptoProvider {
  /** Which implementation is at work, for logs and benchmarks: `noble`, `noble+wasm`, `node`, `node+native`. */
  readonly name: string

  /** Keccak-256 with the original padding (not SHA3-256); 32 bytes. */
  keccak256(data: Uint8Array): Uint8Array
  /** A Keccak-256 that can be read at any time and goes on (RLPx keeps two for the life of a link). */
  createKeccak256(): Keccak256
  /** 32 bytes. */
  sha256(data: Uint8Array): Uint8Array
  /** HMAC-SHA256; 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array
  /** HMAC-SHA512; 64 bytes (BIP32). */
  hmacSha512(key: Uint8Array, data: Uint8Array): Uint8Array
  /** RFC 5869 with SHA-256; `length` up to 8,160 bytes. An empty salt means 32 zero bytes. */
  hkdfSha256(options: HkdfOptions): Uint8Array
  /** Cost: 65,356 rounds take 13 ms natively, 86 ms with noble. */
  pbkdf2(options: Pbkdf2Options): Promise<Uint8Array>
  /** RFC 7914. Memory is 128 * N * r bytes, refused above 512 MiB; rejects with `unavailable` if there is less of it. */
  scrypt(options: ScryptOptions): Promise<Uint8Array>

  /** AES-GCM; key 16 or 32 bytes, nonce 12 bytes. Returns ciphertext | tag(16). */
  aesGcmSeal(
    key: Uint8Array,
    nonce: Uint8Array,
    plaintext: Uint8Array,
    associatedData?: Uint8Array,
  ): Uint8Array
  /** The plaintext, or undefined if the tag does not fit (also when there is no room for a tag). */
  aesGcmOpen(
    key: Uint8Array,
    nonce: Uint8Array,
    sealed: Uint8Array,
    associatedData?: Uint8Array,
  ): Uint8Array | undefined
  /** AES-CTR both ways; key 16 or 32 bytes, 16-byte initial counter block, big endian. */
  aesCtr(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array
  /** AES-CTR over a stream: every call goes on where the last one ended. */
  createAesCtr(key: Uint8Array, iv: Uint8Array): AesCtrStream
  /** One block of AES (ECB), for the RLPx MAC; key 16 or 32 bytes, block 16 bytes. */
  createAesBlock(key: Uint8Array): AesBlock

  /** 65-byte public key (0x04 | X | Y) of a 32-byte private key. */
  publicKey(privateKey: Uint8Array): Uint8Array
  /** Whether these 32 bytes are a scalar in 1 .. n-1. Never throws. */
  isPrivateKey(bytes: Uint8Array): boolean
  /** The 65-byte form of a 33- or 65-byte key, or undefined if it is not a point of the curve. Never throws. */
  parsePublicKey(bytes: Uint8Array): Uint8Array | undefined
  /** 33 bytes: 02 or 03 by the parity of Y | X. */
  compressPublicKey(publicKey: Uint8Array): Uint8Array
  /** ECDSA, RFC 6979, low s: r(32) | s(32) | v(1), v = 0 or 1. `hash` is 32 bytes. */
  sign(hash: Uint8Array, privateKey: Uint8Array): Uint8Array
  /** The 65-byte key that made r | s | v, or undefined (v not 0 or 1, r or s out of range, no point). High s is accepted. */
  recover(hash: Uint8Array, signature: Uint8Array): Uint8Array | undefined
  /** `signature`: r | s, 64 bytes (a 65th is ignored). High s is refused, as go-ethereum's VerifySignature does. */
  verify(hash: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean
  /** The X coordinate of privateKey * publicKey, 32 bytes with leading zeros kept, not hashed. */
  ecdh(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array
  /** `ecdh` with a key as a peer sent it: undefined if those bytes are no point. Costs no more than `ecdh`. */
  tryEcdh(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined
  /** The point privateKey * publicKey itself, compressed to 33 bytes (discovery v5); undefined as with `tryEcdh`. */
  tryEcdhPoint(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined
  /** privateKey1 + privateKey2 mod n (BIP32), or undefined if that is no private key. */
  addPrivateKeys(a: Uint8Array, b: Uint8Array): Uint8Array | undefined

  /** 32-byte Montgomery public key. */
  x25519PublicKey(privateKey: Uint8Array): Uint8Array
  /** RFC 7748. All zero for a low-order point: the caller must refuse that. */
  x25519(privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array
}

/** @see CryptoProvider.createKeccak256 */
export interface Keccak256 {
  update(data: Uint8Array): this
  /** Hash of all bytes so far, 32 bytes; the state is untouched. */
  digest(): Uint8Array
  /** An independent copy of the state. */
  clone(): Keccak256
}

/** @see CryptoProvider.createAesCtr */
export interface AesCtrStream {
  process(data: Uint8Array): Uint8Array
}

/** @see CryptoProvider.createAesBlock */
export interface AesBlock {
  encrypt(block: Uint8Array): Uint8Array
}

export interface HkdfOptions {
  readonly secret: Uint8Array
  readonly salt?: Uint8Array
  readonly info?: Uint8Array
  readonly length: number
}

export interface Pbkdf2Options {
  readonly hash: 'sha256' | 'sha512'
  readonly password: Uint8Array
  readonly salt: Uint8Array
  readonly iterations: number
  readonly length: number
}

export interface ScryptOptions {
  readonly password: Uint8Array
  readonly salt: Uint8Array
  readonly N: number
  readonly r: number
  readonly p: number
  readonly length: number
}
