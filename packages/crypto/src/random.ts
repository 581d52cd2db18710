import type { CryptoProvider } from './provider.ts'

/** Unpredictable bytes from the platform (`crypto.getRandomValues`), in pieces of at most 64 KiB. */
export const systemRandom: { bytes(length: number): Uint8Array } = {
  bytes(length) {
    const bytes = new Uint8Array(length)
    for (let at = 0; at < length; at += 65_536)
      globalThis.crypto.getRandomValues(bytes.subarray(at, at + 65_536))
    return bytes
  },
}

/** A 32-byte secp256k1 private key; draws again in the (2^-128) case that the bytes are none. */
export function generatePrivateKey(
  crypto: CryptoProvider,
  random: { bytes(length: number): Uint8Array },
): Uint8Array {
  for (;;) {
    const candidate = random.bytes(32)
    if (crypto.isPrivateKey(candidate)) return candidate
  }
}
