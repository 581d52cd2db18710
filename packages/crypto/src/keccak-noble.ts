/** Keccak without WebAssembly. */
import { keccak_256 } from '@noble/hashes/sha3.js'
import { expectBytes } from './arguments.ts'
import { type KeccakEngine, NONCE_END } from './keccak-engine.ts'
import type { Keccak256 } from './provider.ts'

export const nobleKeccak: KeccakEngine = {
  name: 'noble',
  keccak256: (data) => keccak_256(data),
  createKeccak256: () => keccakFrom(keccak_256.create()),
  createNonceSearch(prefix) {
    const state = keccak_256.create().update(prefix)
    const tail = new Uint8Array(8)
    const view = new DataView(tail.buffer)
    return {
      search({ leadingZeroBits, start, count }) {
        const end = start + BigInt(count)
        for (let nonce = start; nonce < end && nonce < NONCE_END; nonce++) {
          view.setBigUint64(0, nonce)
          if (hasLeadingZeroBits(state.clone().update(tail).digest(), leadingZeroBits)) return nonce
        }
        return undefined
      },
    }
  },
}

function keccakFrom(state: ReturnType<typeof keccak_256.create>): Keccak256 {
  return {
    update(data) {
      expectBytes(data, undefined, 'data')
      state.update(data)
      return this
    },
    digest: () => state.clone().digest(),
    clone: () => keccakFrom(state.clone()),
  }
}

function hasLeadingZeroBits(hash: Uint8Array, bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (hash[i] !== 0) return false
  return (bits & 7) === 0 || (hash[whole] as number) >> (8 - (bits & 7)) === 0
}
