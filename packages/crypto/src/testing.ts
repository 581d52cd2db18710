/**
 * Conformance suite for those who implement a {@link CryptoProvider}:
 *
 * ```ts
 * for (const { name, run } of cryptoConformance(provider, { random })) it(name, run)
 * ```
 *
 * Published vectors (FIPS 180-4, RFC 4231, 5869, 6979, 7748, 7914, SP 800-38A, GCM), the edges of every range, what is
 * thrown for misuse, and the same answers as noble on random input.
 */
import type { Random } from '@status-protocol/ports'
import type { ConformanceCase } from '@status-protocol/ports/testing'
import { aesCases } from './conformance/aes.ts'
import { crossChecks } from './conformance/cross-check.ts'
import { secp256k1Cases, x25519Cases } from './conformance/curves.ts'
import { hashCases } from './conformance/hashes.ts'
import type { CryptoProvider } from './provider.ts'
import { systemRandom } from './random.ts'

export interface CryptoConformanceOptions {
  /** Where the inputs of the comparison with noble come from; a seeded source makes a failure repeatable. */
  readonly random?: Random
  /** How many random inputs a comparison takes; 20 unless said (noble needs 10 ms for one of secp256k1). */
  readonly rounds?: number
}

/** Cases that throw where the provider breaks the contract of {@link CryptoProvider}. */
export function cryptoConformance(
  crypto: CryptoProvider,
  { random = systemRandom, rounds = 20 }: CryptoConformanceOptions = {},
): ConformanceCase[] {
  return [
    ...hashCases(crypto),
    ...aesCases(crypto),
    ...secp256k1Cases(crypto),
    ...x25519Cases(crypto),
    ...crossChecks(crypto, random, rounds),
  ]
}
