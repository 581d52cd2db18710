/** The group: who shares a message. Status uses groups of two, one for each pair of identities. */
import { type Brand, compare, concat, expectLength, type PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'

/** 32 bytes. */
export type SyncGroupId = Brand<Uint8Array, 'SyncGroupId'>

/** @throws BytesError `wrong-length` unless there are 32 bytes */
export function syncGroupId(bytes: Uint8Array): SyncGroupId {
  return expectLength(bytes, 32, 'group id') as SyncGroupId
}

/**
 * The group of two identities, the same whoever asks: keccak256 of both compressed keys, the smaller X first.
 *
 * @param a,b 65 bytes each; that they are points of the curve is the caller's knowledge
 */
export function oneToOneGroupId(
  a: PublicKey,
  b: PublicKey,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): SyncGroupId {
  const [first, second] = [compressed(a), compressed(b)]
  // Ordered by X alone: the byte in front tells the parity of Y.
  const inOrder = compare(first.subarray(1), second.subarray(1)) < 0
  return crypto.keccak256(inOrder ? concat(first, second) : concat(second, first)) as SyncGroupId
}

function compressed(publicKey: PublicKey): Uint8Array {
  expectLength(publicKey, 65, 'public key')
  const bytes = publicKey.slice(0, 33)
  bytes[0] = ((publicKey[64] as number) & 1) === 1 ? 3 : 2
  return bytes
}
