/**
 * One {@link CryptoProvider} for all layers, and ECIES on top of it.
 *
 * ```ts
 * import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
 * const privateKey = generatePrivateKey(defaultProvider, systemRandom)
 * const publicKey = defaultProvider.publicKey(privateKey)
 * ```
 *
 * `defaultProvider` is the fastest one for where the code runs (Node: `node:crypto`, wasm, native secp256k1 when it
 * loads; elsewhere noble with Keccak by WebAssembly). `@status-protocol/crypto/noble` needs nothing of the platform,
 * `/node` makes a Node provider without native code, `/keccak` has the nonce search, `/testing` the conformance suite.
 */
export { defaultProvider } from '#default-provider'
export {
  ECIES_OVERHEAD_BYTES,
  type EciesSealOptions,
  type EciesSharedInfo,
  eciesOpen,
  eciesSeal,
} from './ecies.ts'
export { CryptoError, type CryptoErrorCode } from './error.ts'
export type {
  AesBlock,
  AesCtrStream,
  CryptoProvider,
  HkdfOptions,
  Keccak256,
  Pbkdf2Options,
  ScryptOptions,
} from './provider.ts'
export { generatePrivateKey, systemRandom } from './random.ts'
