/** The host of `wasm/keccak.ts`: bytes in and out of its fixed places, states kept outside of it. */
import { expectBytes } from './arguments.ts'
import { type KeccakEngine, NONCE_END, KECCAK_RATE_BYTES as RATE } from './keccak-engine.ts'
import { keccakSimdWasm, keccakWasm } from './keccak-wasm-binary.ts'
import type { Keccak256 } from './provider.ts'

const STATE_BYTES = 200
const HASH_BYTES = 32

interface SearchExports {
  readonly memory: WebAssembly.Memory
  state(): number
  search(taken: number, start: bigint, count: number, zeroBits: number): number
}

interface KeccakExports extends SearchExports {
  input(): number
  inputBytes(): number
  absorb(blocks: number): void
  finish(taken: number): void
  hash(length: number): void
}

/**
 * Compiles the module, 2 KB, on the spot. Undefined where there is no WebAssembly or a policy forbids it.
 *
 * @param simd whether to try the search that takes two nonces at a time
 */
export function loadKeccakWasm({ simd = true }: { readonly simd?: boolean } = {}): KeccakEngine | undefined {
  const keccak = instantiate(keccakWasm) as KeccakExports | undefined
  if (!keccak) return undefined
  const pairs = simd ? (instantiate(keccakSimdWasm) as SearchExports | undefined) : undefined
  return engineOf(keccak, pairs)
}

function instantiate(base64: string): WebAssembly.Exports | undefined {
  try {
    const binary = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    return new WebAssembly.Instance(new WebAssembly.Module(binary)).exports
  } catch {
    return undefined
  }
}

function engineOf(keccak: KeccakExports, pairs: SearchExports | undefined): KeccakEngine {
  const stateAt = keccak.state()
  const inputLength = keccak.inputBytes()
  const state = new Uint8Array(keccak.memory.buffer, stateAt, STATE_BYTES)
  const hash = new Uint8Array(keccak.memory.buffer, stateAt, HASH_BYTES)
  const input = new Uint8Array(keccak.memory.buffer, keccak.input(), inputLength)

  /** Takes `data` into a state of 200 bytes whose block has `taken` bytes; the new number of bytes taken. */
  function absorb(own: Uint8Array, taken: number, data: Uint8Array): number {
    let [inBlock, at] = [taken, 0]
    if (inBlock + data.length >= RATE) {
      state.set(own)
      while (inBlock + data.length - at >= RATE) {
        const piece = data.subarray(at, at + inputLength - inBlock)
        const blocks = Math.floor((inBlock + piece.length) / RATE)
        input.fill(0, 0, inBlock) // what the block has is in the state already
        input.set(piece, inBlock)
        keccak.absorb(blocks)
        at += blocks * RATE - inBlock
        inBlock = 0
      }
      own.set(state)
    }
    for (; at < data.length; at++, inBlock++) own[inBlock] = (own[inBlock] as number) ^ (data[at] as number)
    return inBlock
  }

  function sponge(own: Uint8Array, taken: number): Keccak256 {
    let inBlock = taken
    return {
      update(data) {
        expectBytes(data, undefined, 'data')
        inBlock = absorb(own, inBlock, data)
        return this
      },
      digest() {
        state.set(own)
        keccak.finish(inBlock)
        return hash.slice()
      },
      clone: () => sponge(own.slice(), inBlock),
    }
  }

  const createKeccak256 = () => sponge(new Uint8Array(STATE_BYTES), 0)
  const searcher = pairs ?? keccak
  const searchState = new Uint8Array(searcher.memory.buffer, searcher.state(), STATE_BYTES)
  return {
    name: pairs ? 'wasm-simd' : 'wasm',
    keccak256(data) {
      if (data.length > inputLength) return createKeccak256().update(data).digest()
      input.set(data)
      keccak.hash(data.length)
      return hash.slice()
    },
    createKeccak256,
    createNonceSearch(prefix) {
      const own = new Uint8Array(STATE_BYTES)
      const taken = absorb(own, 0, prefix)
      return {
        search({ leadingZeroBits, start, count }) {
          const room = NONCE_END - start
          const tries = room < BigInt(count) ? Number(room) : count
          searchState.set(own)
          const inVain = searcher.search(taken, start, tries, leadingZeroBits) >>> 0
          return inVain < tries ? start + BigInt(inVain) : undefined
        },
      }
    },
  }
}
