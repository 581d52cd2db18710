/** The provider for Node. */
import { defineProvider } from '../define.ts'
import { createKeccak256, keccak256 } from '../keccak.ts'
import { nobleSecp256k1 } from '../noble-provider.ts'
import type { CryptoProvider } from '../provider.ts'
import { loadNativeSecp256k1 } from './native.ts'
import { opensslAes, opensslEcdh, opensslHashes, opensslX25519 } from './openssl.ts'

export interface NodeProviderOptions {
  /** Whether to load the optional native package `secp256k1`; yes unless said. Without it, curve work takes 10 to 25 times as long. */
  readonly native?: boolean
}

/**
 * AES, hashes and X25519 by `node:crypto`, Keccak by WebAssembly, secp256k1 by the native package when it loads and by
 * noble when not (ECDH then by `node:crypto`). `name` tells which: `node+native` or `node`.
 */
export function createNodeProvider({ native = true }: NodeProviderOptions = {}): CryptoProvider {
  const secp256k1 = native ? loadNativeSecp256k1() : undefined
  return defineProvider({
    name: secp256k1 ? 'node+native' : 'node',
    keccak: { keccak256, createKeccak256 },
    hashes: opensslHashes,
    aes: opensslAes,
    secp256k1: secp256k1 ?? { ...nobleSecp256k1, ecdh: opensslEcdh },
    x25519: opensslX25519,
  })
}

/** The one that is `defaultProvider` on Node. */
export const nodeProvider: CryptoProvider = createNodeProvider()
