import type { AesBlock, Keccak256 } from '@status-protocol/crypto'

/** Bytes of a MAC on the wire. */
export const MAC_BYTES = 16

/**
 * The MAC of one direction (RLPx "MAC"): a Keccak-256 over everything sent, stirred before each output with a block of
 * AES-256 under the MAC secret.
 *
 * ```
 * header: seed = aes(digest[0..16]) xor header ciphertext
 * body:   absorb ciphertext; seed = aes(digest[0..16]) xor digest[0..16]
 * both:   absorb seed; MAC = digest[0..16]
 * ```
 *
 * What is returned is valid until the next call.
 */
export interface FrameMac {
  /** MAC of the 16 header bytes as they are on the wire. */
  header(ciphertext: Uint8Array): Uint8Array
  /** MAC of the padded body as it is on the wire. */
  body(ciphertext: Uint8Array): Uint8Array
}

export function createFrameMac(state: Keccak256, aes: AesBlock): FrameMac {
  const [block, seed, mac] = [MAC_BYTES, MAC_BYTES, MAC_BYTES].map(
    (length) => new Uint8Array(length),
  ) as Blocks
  let digest = state.digest() // always that of the current state: a digest costs a permutation

  const stir = (by: Uint8Array): Uint8Array => {
    copyBlock(digest, block)
    const encrypted = aes.encrypt(block)
    for (let i = 0; i < MAC_BYTES; i++) seed[i] = (encrypted[i] as number) ^ (by[i] as number)
    digest = state.update(seed).digest()
    copyBlock(digest, mac)
    return mac
  }

  return {
    header: stir,
    body(ciphertext) {
      digest = state.update(ciphertext).digest()
      return stir(digest)
    },
  }
}

type Blocks = [Uint8Array, Uint8Array, Uint8Array]

function copyBlock(from: Uint8Array, to: Uint8Array): void {
  for (let i = 0; i < MAC_BYTES; i++) to[i] = from[i] as number
}
