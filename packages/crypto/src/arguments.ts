import { CryptoError } from './error.ts'

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

/** 128 * N * r bytes: what scrypt is allowed to take. Keystore files are attacker's input too. */
export const MAX_SCRYPT_BYTES: number = 512 * 1024 * 1024
/** Enough for any keystore file and for Whisper's 65,356 rounds, not for a day of work. */
export const MAX_PBKDF2_ITERATIONS = 10_000_000

export function expectScrypt({ N, r, p, length }: { N: number; r: number; p: number; length: number }): void {
  const powerOfTwo = Number.isInteger(N) && N > 1 && N <= 2 ** 30 && (N & (N - 1)) === 0
  if (!powerOfTwo || !positive(r) || !positive(p) || p > 256 || 128 * N * r > MAX_SCRYPT_BYTES)
    throw new CryptoError(
      'invalid-argument',
      'scrypt: expected N a power of two and 128 * N * r <= 512 MiB',
      { N, r, p },
    )
  if (!positive(length)) throw new CryptoError('invalid-argument', 'scrypt: expected a positive length')
}

export function expectPbkdf2({ iterations, length }: { iterations: number; length: number }): void {
  if (!positive(iterations) || iterations > MAX_PBKDF2_ITERATIONS || !positive(length))
    throw new CryptoError(
      'invalid-argument',
      `pbkdf2: expected 1 to ${MAX_PBKDF2_ITERATIONS} iterations and a positive length`,
      { iterations },
    )
}

function positive(n: number): boolean {
  return Number.isInteger(n) && n > 0
}
