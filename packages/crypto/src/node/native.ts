/**
 * secp256k1 by the native package `secp256k1` (libsecp256k1), where it is installed and has a binary for this platform.
 * Its own entry point would silently take a JavaScript library instead; ours is better, so only the binding is loaded.
 */
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { concat, equal, fromHex } from '@status-protocol/bytes'
import type { Secp256k1 } from '../define.ts'

/** What is used of the binding. It throws for what is no point, scalar or signature. */
interface Binding {
  contextRandomize(seed: Uint8Array): void
  publicKeyCreate(privateKey: Uint8Array, compressed: boolean): Uint8Array
  publicKeyConvert(publicKey: Uint8Array, compressed: boolean): Uint8Array
  ecdsaSign(hash: Uint8Array, privateKey: Uint8Array): { signature: Uint8Array; recid: number }
  ecdsaRecover(signature: Uint8Array, v: number, hash: Uint8Array, compressed: boolean): Uint8Array
  ecdsaVerify(signature: Uint8Array, hash: Uint8Array, publicKey: Uint8Array): boolean
  ecdh(
    publicKey: Uint8Array,
    privateKey: Uint8Array,
    options: { hashfn(x: Uint8Array, y: Uint8Array): Uint8Array },
    output: Uint8Array,
  ): Uint8Array
}

const GENERATOR_X = '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'

/**
 * Undefined if the package is not there, has no binary that loads, or counts wrongly. Never throws.
 *
 * @param load how a CommonJS module is loaded; other than `require` in tests only
 */
export function loadNativeSecp256k1(
  load: (name: string) => unknown = createRequire(import.meta.url),
): Secp256k1 | undefined {
  try {
    const binding = load('secp256k1/bindings.js') as Binding
    binding.contextRandomize(new Uint8Array(randomBytes(32))) // blinds the multiplications with private keys
    const native = secp256k1Of(binding)
    return isSound(native) ? native : undefined
  } catch {
    return undefined
  }
}

function isSound(native: Secp256k1): boolean {
  const one = new Uint8Array(32)
  one[31] = 1
  const generator = native.publicKey(one)
  const shared = native.ecdh(one, generator)
  const x = fromHex(GENERATOR_X)
  return equal(generator.subarray(1, 33), x) && shared !== undefined && equal(shared, x)
}

function secp256k1Of(binding: Binding): Secp256k1 {
  const rawX = { hashfn: (x: Uint8Array) => x }
  const compressed = {
    hashfn: (x: Uint8Array, y: Uint8Array) => concat(Uint8Array.of(2 | ((y[31] as number) & 1)), x),
  }
  return {
    publicKey: (privateKey) => binding.publicKeyCreate(privateKey, false),
    convert(publicKey, compressed) {
      try {
        return binding.publicKeyConvert(publicKey, compressed)
      } catch {
        return undefined
      }
    },
    sign(hash, privateKey) {
      const { signature, recid } = binding.ecdsaSign(hash, privateKey)
      const withV = new Uint8Array(65)
      withV.set(signature)
      withV[64] = recid
      return withV
    },
    recover(hash, signature) {
      try {
        return binding.ecdsaRecover(signature.subarray(0, 64), signature[64] as number, hash, false)
      } catch {
        return undefined
      }
    },
    verify(hash, signature, publicKey) {
      try {
        return binding.ecdsaVerify(signature, hash, publicKey)
      } catch {
        return false
      }
    },
    ecdh(privateKey, publicKey) {
      try {
        return binding.ecdh(publicKey, privateKey, rawX, new Uint8Array(32))
      } catch {
        return undefined
      }
    },
    ecdhPoint(privateKey, publicKey) {
      try {
        return binding.ecdh(publicKey, privateKey, compressed, new Uint8Array(33))
      } catch {
        return undefined
      }
    },
  }
}
