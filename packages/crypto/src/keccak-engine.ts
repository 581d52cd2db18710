import type { Keccak256 } from './provider.ts'

/** Bytes that a block of Keccak-256 takes in. */
export const KECCAK_RATE_BYTES = 136

/** 2^64: nonces stay below. */
export const NONCE_END: bigint = 1n << 64n

/** One implementation of what `@status-protocol/crypto/keccak` offers. */
export interface KeccakEngine {
  readonly name: 'wasm-simd' | 'wasm' | 'noble'
  keccak256(data: Uint8Array): Uint8Array
  createKeccak256(): Keccak256
  /** Arguments of `search` were checked. */
  createNonceSearch(prefix: Uint8Array): NonceSearch
}

/** A prefix that was absorbed once and can be searched range by range. */
export interface NonceSearch {
  /**
   * The first nonce of the range for which keccak256(prefix | nonce as 8 bytes, big endian) begins with at least
   * `leadingZeroBits` zero bits, or undefined if there is none. Blocks the thread: 0.3 to 0.4 us a nonce with
   * WebAssembly, 6 us without.
   *
   * @throws CryptoError `invalid-argument`
   */
  search(range: NonceRange): bigint | undefined
}

/** start .. start + count - 1, but never past 2^64 - 1. */
export interface NonceRange {
  /** 0 .. 256 */
  readonly leadingZeroBits: number
  /** 0 .. 2^64 - 1 */
  readonly start: bigint
  /** How many nonces to try, 0 .. 2^32 - 1. */
  readonly count: number
}
