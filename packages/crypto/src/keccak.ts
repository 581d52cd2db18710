/**
 * Keccak-256 and the search for a proof of work: by WebAssembly where there is any (Node, browsers, their workers), by
 * noble otherwise. Everything is synchronous; a thread compiles the 2 KB of WebAssembly at its first call.
 *
 * ```ts
 * import { searchNonce } from '@status-protocol/crypto/keccak'
 * const nonce = searchNonce({ prefix, leadingZeroBits: 12, start: 0n, count: 100_000 })
 * ```
 */
import { expectBytes } from './arguments.ts'
import { CryptoError } from './error.ts'
import { type KeccakEngine, NONCE_END, type NonceRange, type NonceSearch } from './keccak-engine.ts'
import { nobleKeccak } from './keccak-noble.ts'
import { loadKeccakWasm } from './keccak-wasm.ts'
import type { Keccak256 } from './provider.ts'

export type { NonceRange, NonceSearch } from './keccak-engine.ts'

let loaded: KeccakEngine | undefined

function engine(): KeccakEngine {
  loaded ??= loadKeccakWasm() ?? nobleKeccak
  return loaded
}

/** Which implementation this thread has: `wasm-simd` (two nonces at a time), `wasm` or `noble`. */
export function keccakImplementation(): 'wasm-simd' | 'wasm' | 'noble' {
  return engine().name
}

/** Keccak-256 with the original padding; 32 bytes. @throws CryptoError `invalid-argument` */
export function keccak256(data: Uint8Array): Uint8Array {
  expectBytes(data, undefined, 'data')
  return engine().keccak256(data)
}

/** An empty state that can be read at any time and cloned; see {@link Keccak256}. */
export function createKeccak256(): Keccak256 {
  return engine().createKeccak256()
}

/**
 * Takes the whole blocks (136 bytes) of `prefix` into a state, so that each nonce costs one permutation; two if the
 * prefix leaves exactly 8 bytes of its last block free. The prefix has any length and may be changed afterwards.
 *
 * @throws CryptoError `invalid-argument`
 */
export function createNonceSearch(prefix: Uint8Array): NonceSearch {
  expectBytes(prefix, undefined, 'prefix')
  const search = engine().createNonceSearch(prefix)
  return {
    search(range) {
      expectRange(range)
      return search.search(range)
    },
  }
}

/** {@link createNonceSearch} and {@link NonceSearch.search} for a single range. */
export function searchNonce(options: NonceRange & { readonly prefix: Uint8Array }): bigint | undefined {
  return createNonceSearch(options.prefix).search(options)
}

function expectRange({ leadingZeroBits, start, count }: NonceRange): void {
  if (!Number.isInteger(leadingZeroBits) || leadingZeroBits < 0 || leadingZeroBits > 256)
    throw new CryptoError('invalid-argument', 'leadingZeroBits: expected an integer of 0 .. 256', {
      leadingZeroBits,
    })
  if (typeof start !== 'bigint' || start < 0n || start >= NONCE_END)
    throw new CryptoError('invalid-argument', 'start: expected a bigint of 0 .. 2^64 - 1', { start })
  if (!Number.isInteger(count) || count < 0 || count > 0xffff_ffff)
    throw new CryptoError('invalid-argument', 'count: expected an integer of 0 .. 2^32 - 1', { count })
}
