import { CryptoError } from './error.ts'
import type { HkdfOptions, Pbkdf2Options, ScryptOptions } from './provider.ts'
import { isScalar } from './scalar.ts'

/** @throws CryptoError `invalid-argument` that names the argument, what was expected (no lengths: any) and what came */
export function expectBytes(value: Uint8Array, lengths: readonly number[] | undefined, name: string): void {
  if (!(value instanceof Uint8Array))
    throw new CryptoError('invalid-argument', `${name}: expected bytes, got a ${typeof value}`)
  if (lengths && !lengths.includes(value.length))
    throw new CryptoError(
      'invalid-argument',
      `${name}: expected ${lengths.join(' or ')} bytes, got ${value.length}`,
    )
}

const [SCALAR, POINT, AES_KEY, NONCE, BLOCK] = [[32], [33, 65], [16, 32], [12], [16]]

/** 32 bytes that are a scalar in 1 .. n - 1. @throws CryptoError `invalid-argument`, `invalid-key` */
export function expectPrivateKey(privateKey: Uint8Array): void {
  expectBytes(privateKey, SCALAR, 'private key')
  if (!isScalar(privateKey))
    throw new CryptoError('invalid-key', 'private key: expected a scalar in 1 .. n-1 of secp256k1')
}

export function expectScalarBytes(bytes: Uint8Array, name: string): void {
  expectBytes(bytes, SCALAR, name)
}

/** The point that was parsed. @throws CryptoError `invalid-argument`, `invalid-key` */
export function expectPoint(publicKey: Uint8Array, parsed: Uint8Array | undefined): Uint8Array {
  if (parsed) return parsed
  expectBytes(publicKey, POINT, 'public key')
  throw new CryptoError(
    'invalid-key',
    'public key: expected a point of secp256k1 in 65 (04) or 33 (02, 03) bytes',
  )
}

/** Whether these bytes begin and end as a public key does; 06 and 07 (hybrid) do not. */
export function looksLikePoint(bytes: Uint8Array): boolean {
  if (!(bytes instanceof Uint8Array)) return false
  return bytes.length === 65 ? bytes[0] === 4 : bytes.length === 33 && (bytes[0] === 2 || bytes[0] === 3)
}

export function expectAesKey(key: Uint8Array): void {
  expectBytes(key, AES_KEY, 'AES key')
}

export function expectAesBlock(block: Uint8Array): void {
  expectBytes(block, BLOCK, 'AES block')
}

export function expectGcm(key: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array | undefined): void {
  expectBytes(key, AES_KEY, 'AES-GCM key')
  expectBytes(nonce, NONCE, 'AES-GCM nonce')
  if (associatedData !== undefined) expectBytes(associatedData, undefined, 'AES-GCM associated data')
}

export function expectCtr(key: Uint8Array, iv: Uint8Array): void {
  expectBytes(key, AES_KEY, 'AES-CTR key')
  expectBytes(iv, BLOCK, 'AES-CTR initial counter')
}

/** 255 blocks, the limit of HKDF, for all key derivations: nothing honest asks for more. */
export const MAX_DERIVED_BYTES = 8160

export function expectHkdf({ secret, salt, info, length }: HkdfOptions): void {
  expectBytes(secret, undefined, 'HKDF secret')
  if (salt !== undefined) expectBytes(salt, undefined, 'HKDF salt')
  if (info !== undefined) expectBytes(info, undefined, 'HKDF info')
  expectDerivedLength(length, 'HKDF')
}

/** 128 * N * r bytes: what scrypt is allowed to take. Keystore files are attacker's input too. */
export const MAX_SCRYPT_BYTES: number = 512 * 1024 * 1024
/** 128 * r * (p + 2) bytes: what it takes beside that. */
export const MAX_SCRYPT_EXTRA_BYTES: number = 1024 * 1024
/** Enough for any keystore file and for Whisper's 65,356 rounds, not for a day of work. */
export const MAX_PBKDF2_ITERATIONS = 10_000_000

export function expectScrypt({ password, salt, N, r, p, length }: ScryptOptions): void {
  expectBytes(password, undefined, 'scrypt password')
  expectBytes(salt, undefined, 'scrypt salt')
  const powerOfTwo = Number.isInteger(N) && N > 1 && N <= 2 ** 30 && (N & (N - 1)) === 0
  if (!powerOfTwo || !positive(r) || !positive(p) || N >= 2 ** (16 * r))
    throw new CryptoError(
      'invalid-argument',
      'scrypt: expected N a power of two below 2^(16 r), r and p positive integers',
      { N, r, p },
    )
  if (128 * N * r > MAX_SCRYPT_BYTES || 128 * r * (p + 2) > MAX_SCRYPT_EXTRA_BYTES)
    throw new CryptoError(
      'invalid-argument',
      'scrypt: expected 128 * N * r <= 512 MiB and 128 * r * (p + 2) <= 1 MiB',
      { N, r, p },
    )
  expectDerivedLength(length, 'scrypt')
}

export function expectPbkdf2({ hash, password, salt, iterations, length }: Pbkdf2Options): void {
  if (hash !== 'sha256' && hash !== 'sha512')
    throw new CryptoError('invalid-argument', `pbkdf2 hash: expected sha256 or sha512, got ${String(hash)}`)
  expectBytes(password, undefined, 'pbkdf2 password')
  expectBytes(salt, undefined, 'pbkdf2 salt')
  if (!positive(iterations) || iterations > MAX_PBKDF2_ITERATIONS)
    throw new CryptoError('invalid-argument', `pbkdf2: expected 1 to ${MAX_PBKDF2_ITERATIONS} iterations`, {
      iterations,
    })
  expectDerivedLength(length, 'pbkdf2')
}

function expectDerivedLength(length: number, name: string): void {
  if (!positive(length) || length > MAX_DERIVED_BYTES)
    throw new CryptoError('invalid-argument', `${name} length: expected 1 to ${MAX_DERIVED_BYTES} bytes`, {
      length,
    })
}

function positive(n: number): boolean {
  return Number.isInteger(n) && n > 0
}
