/**
 * Keccak-256 and the search for a proof of work, by WebAssembly where there is any (Node, browsers, their workers) and
 * by noble otherwise.
 *
 * ```ts
 * import { searchNonce } from '@status-protocol/crypto/keccak'
 * const nonce = searchNonce({ prefix, leadingZeroBits: 12, start: 0n, count: 100_000 })
 * ```
 */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { CryptoError } from './error.ts'
import type { Keccak256 } from './provider.ts'

/** 2^64: nonces stay below. */
const NONCE_END: bigint = 1n << 64n

/** A prefix that was absorbed once and can be searched piece by piece. */
export interface NonceSearch {
  /**
   * The first nonce of `start .. start + count - 1` (never past 2^64 - 1) for which keccak256(prefix | nonce as 8
   * bytes, big endian) begins with at least `leadingZeroBits` zero bits (0 .. 256), or undefined if there is none.
   *
   * Blocks the thread: about 0.5 us a nonce with WebAssembly, 6 us without.
   *
   * @throws CryptoError `invalid-argument`
   */
  search(range: NonceRange): bigint | undefined
}

export interface NonceRange {
  readonly leadingZeroBits: number
  readonly start: bigint
  /** How many nonces to try, 0 .. 2^32 - 1. */
  readonly count: number
}

/** Takes the whole blocks of `prefix` (any length) into the state, so that each nonce costs one permutation, sometimes two. */
export function createNonceSearch(prefix: Uint8Array): NonceSearch {
  const state = keccak_256.create().update(prefix)
  return {
    search(range) {
      expectRange(range)
      const { leadingZeroBits, start, count } = range
      const tail = new Uint8Array(8)
      const view = new DataView(tail.buffer)
      for (let i = 0; i < count && start + BigInt(i) < NONCE_END; i++) {
        view.setBigUint64(0, start + BigInt(i))
        if (hasLeadingZeroBits(state.clone().update(tail).digest(), leadingZeroBits)) return start + BigInt(i)
      }
      return undefined
    },
  }
}

/** {@link createNonceSearch} for a single range. */
export function searchNonce(options: NonceRange & { readonly prefix: Uint8Array }): bigint | undefined {
  return createNonceSearch(options.prefix).search(options)
}

/** 32 bytes. */
export function keccak256(data: Uint8Array): Uint8Array {
  return keccak_256(data)
}

/** An empty state; see {@link Keccak256}. */
export function createKeccak256(): Keccak256 {
  return keccakFrom(keccak_256.create())
}

function keccakFrom(state: ReturnType<typeof keccak_256.create>): Keccak256 {
  return {
    update(data) {
      state.update(data)
      return this
    },
    digest: () => state.clone().digest(),
    clone: () => keccakFrom(state.clone()),
  }
}

function expectRange({ leadingZeroBits, start, count }: NonceRange): void {
  if (!Number.isInteger(leadingZeroBits) || leadingZeroBits < 0 || leadingZeroBits > 256)
    throw new CryptoError('invalid-argument', 'leadingZeroBits: expected an integer of 0 .. 256')
  if (typeof start !== 'bigint' || start < 0n || start >= NONCE_END)
    throw new CryptoError('invalid-argument', 'start: expected a bigint of 0 .. 2^64 - 1')
  if (!Number.isInteger(count) || count < 0 || count > 0xffff_ffff)
    throw new CryptoError('invalid-argument', 'count: expected an integer of 0 .. 2^32 - 1')
}

function hasLeadingZeroBits(hash: Uint8Array, bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (hash[i] !== 0) return false
  return (bits & 7) === 0 || (hash[whole] as number) >> (8 - (bits & 7)) === 0
}
