/** The name that everybody's client computes for a key: two adjectives and an animal. */
import { type PublicKey, toBigInt } from '@status-protocol/bytes'
import { TrustError } from './error.ts'
import { ADJECTIVES } from './words/adjectives.ts'
import { ANIMALS } from './words/animals.ts'

/** Feedback taps of the shift register. */
const TAPS = 0xb8n

let lists: { readonly adjectives: readonly string[]; readonly animals: readonly string[] } | undefined

/**
 * `"Darkorange Blue Bubblefish"`. The low 64 bits of X seed a shift register; its next three states choose the words.
 * 2^31 names for 2^64 seeds: a help for the eye, no proof of identity.
 *
 * @param publicKey 65 bytes, or the 33 of its compressed form
 */
export function threeWordName(publicKey: PublicKey): string {
  const isWhole = publicKey.length === 65 && publicKey[0] === 4
  const isCompressed = publicKey.length === 33 && (publicKey[0] === 2 || publicKey[0] === 3)
  if (!isWhole && !isCompressed)
    throw new TrustError(
      'invalid-key',
      `publicKey: expected 65 (or 33) bytes of a secp256k1 key, got ${publicKey.length}`,
    )
  lists ??= { adjectives: ADJECTIVES.trim().split(/\s/), animals: ANIMALS.trim().split(/\s/) }
  const first = nextState(toBigInt(publicKey.subarray(25, 33)))
  const second = nextState(first)
  const third = nextState(second)
  return `${pick(lists.adjectives, first)} ${pick(lists.adjectives, second)} ${pick(lists.animals, third)}`
}

/** One step of a 64-bit linear feedback shift register: the parity of the tapped bits comes in at the bottom. */
function nextState(state: bigint): bigint {
  let tapped = Number(state & TAPS)
  let parity = 0
  for (; tapped > 0; tapped >>= 1) parity ^= tapped & 1
  return BigInt.asUintN(64, (state << 1n) | BigInt(parity))
}

function pick(words: readonly string[], state: bigint): string {
  return words[Number(state % BigInt(words.length))] as string
}
