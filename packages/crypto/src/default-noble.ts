/** The default provider where there is no `node:crypto`: noble, with Keccak by WebAssembly where there is any. */
import { defineProvider } from './define.ts'
import { createKeccak256, keccak256 } from './keccak.ts'
import { noblePrimitives } from './noble-provider.ts'
import type { CryptoProvider } from './provider.ts'

export const defaultProvider: CryptoProvider = defineProvider({
  ...noblePrimitives,
  name: 'noble+wasm',
  keccak: { keccak256, createKeccak256 },
})
