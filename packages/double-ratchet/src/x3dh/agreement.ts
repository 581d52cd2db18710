/**
 * The X3DH agreement of Status: no one-time pre keys, no KDF, no prefix of 0xFF bytes.
 *
 * ```
 * secret = keccak256( DH(IKa, SPKb) || DH(EKa, IKb) || DH(EKa, SPKb) )      each DH: X coordinate, 32 bytes
 * ```
 */
import { concat, type PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { checkedCompress, expectPrivateKey } from '../keys.ts'
import { agreeOnX } from '../ratchet/dh.ts'
import { wipe, wiping } from '../wipe.ts'

/**
 * The side that writes first, with a fresh ephemeral key. Undefined if the pre key (33 bytes, from a bundle) is no
 * point of the curve: a valid signature does not exclude that.
 *
 * @throws DoubleRatchetError `invalid-key` for the caller's own keys and the identity (65 bytes)
 */
export function initiateX3dh(
  input: {
    readonly identityPrivateKey: Uint8Array
    readonly ephemeralPrivateKey: Uint8Array
    readonly remoteIdentity: PublicKey
    readonly remotePreKey: Uint8Array
  },
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): Uint8Array | undefined {
  const { identityPrivateKey, ephemeralPrivateKey, remotePreKey } = input
  expectPrivateKey(crypto, identityPrivateKey, 'identityPrivateKey')
  expectPrivateKey(crypto, ephemeralPrivateKey, 'ephemeralPrivateKey')
  const remoteIdentity = checkedCompress(crypto, input.remoteIdentity, 'remoteIdentity')
  return agreeX3dh(crypto, [
    [identityPrivateKey, remotePreKey],
    [ephemeralPrivateKey, remoteIdentity],
    [ephemeralPrivateKey, remotePreKey],
  ])
}

/**
 * The side whose pre key was used. Undefined if the ephemeral key (33 bytes, from a header) is no point of the curve.
 * Whether it is the right secret shows only when the first message opens.
 *
 * @throws DoubleRatchetError `invalid-key` for the caller's own keys and the identity (65 bytes)
 */
export function acceptX3dh(
  input: {
    readonly identityPrivateKey: Uint8Array
    readonly preKeyPrivateKey: Uint8Array
    readonly remoteIdentity: PublicKey
    readonly remoteEphemeralKey: Uint8Array
  },
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): Uint8Array | undefined {
  const { identityPrivateKey, preKeyPrivateKey, remoteEphemeralKey } = input
  expectPrivateKey(crypto, identityPrivateKey, 'identityPrivateKey')
  expectPrivateKey(crypto, preKeyPrivateKey, 'preKeyPrivateKey')
  const remoteIdentity = checkedCompress(crypto, input.remoteIdentity, 'remoteIdentity')
  return agreeX3dh(crypto, [
    [preKeyPrivateKey, remoteIdentity],
    [identityPrivateKey, remoteEphemeralKey],
    [preKeyPrivateKey, remoteEphemeralKey],
  ])
}

type Pair = readonly [privateKey: Uint8Array, publicKey: Uint8Array]

/** The secret of three pairs, one of each in every pair ours; undefined if a key that came from outside is none. @internal */
export function agreeX3dh(
  crypto: CryptoProvider,
  [a, b, c]: readonly [Pair, Pair, Pair],
): Uint8Array | undefined {
  const dh1 = agreeOnX(crypto, ...a)
  const dh2 = dh1 && agreeOnX(crypto, ...b)
  const dh3 = dh2 && agreeOnX(crypto, ...c)
  try {
    if (!dh1 || !dh2 || !dh3) return undefined
    const all = concat(dh1, dh2, dh3)
    return wiping([all], () => crypto.keccak256(all))
  } finally {
    wipe(dh1, dh2, dh3)
  }
}
