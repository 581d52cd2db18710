/** X3DH prekey bundles: what an identity publishes so that others can write to its installations first. */
import { type Brand, compare, concat, equal, type PublicKey, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { DoubleRatchetError } from '../error.ts'
import { compress, expectPrivateKey } from '../keys.ts'

/** A pre key of one installation. */
export interface SignedPreKey {
  readonly installationId: string
  /** 33-byte compressed key; its bytes are also its id in headers. A valid signature does not make it a point. */
  readonly preKey: Uint8Array
  /** Grows with each new pre key of the installation; 32 bits. */
  readonly version: number
  /** 1 for installations that negotiate a secret. Not covered by the signature (the specification has no such field). */
  readonly protocolVersion: number
}

/** A bundle as it came: nothing is proven. */
export interface Bundle {
  /** 33-byte compressed identity key. */
  readonly identity: Uint8Array
  /** One for each installation, in any order. */
  readonly preKeys: readonly SignedPreKey[]
  /** r(32) || s(32) || v(1), v = 0 or 1. */
  readonly signature: Uint8Array
  /** When it was signed; nanoseconds since 1970, signed 64 bits. */
  readonly timestampNs: bigint
}

/** A bundle whose signature is its identity's. */
export type VerifiedBundle = Brand<Bundle, 'VerifiedBundle'>

/**
 * The bytes whose keccak256 is signed: for each installation, ordered by its id,
 * `id || pre key || version as decimal text`; then the timestamp as decimal text unless it is 0.
 */
export function signedMaterial(bundle: Omit<Bundle, 'signature' | 'identity'>): Uint8Array {
  const entries = bundle.preKeys.map(({ installationId, preKey, version }) => ({
    id: utf8(installationId),
    rest: concat(preKey, utf8(String(version))),
  }))
  entries.sort((a, b) => compare(a.id, b.id))
  const parts = entries.flatMap(({ id, rest }) => [id, rest])
  return concat(...parts, utf8(bundle.timestampNs === 0n ? '' : String(bundle.timestampNs)))
}

/** @throws DoubleRatchetError `invalid-key` if the private key is none; `invalid-argument` if an id occurs twice */
export function signBundle(
  input: {
    readonly identityPrivateKey: Uint8Array
    readonly preKeys: readonly SignedPreKey[]
    readonly timestampNs: bigint
  },
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): VerifiedBundle {
  const { identityPrivateKey, preKeys, timestampNs } = input
  expectPrivateKey(crypto, identityPrivateKey, 'identityPrivateKey')
  return signBundleAs(
    { privateKey: identityPrivateKey, publicKey: compress(crypto.publicKey(identityPrivateKey)) },
    { preKeys, timestampNs },
    crypto,
  )
}

/** {@link signBundle} for those who know the compressed public key already. @internal */
export function signBundleAs(
  identity: { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array },
  content: { readonly preKeys: readonly SignedPreKey[]; readonly timestampNs: bigint },
  crypto: CryptoProvider,
): VerifiedBundle {
  const ids = new Set(content.preKeys.map(({ installationId }) => installationId))
  if (ids.size !== content.preKeys.length)
    throw new DoubleRatchetError('invalid-argument', 'preKeys: expected one pre key for each installation')
  const signature = crypto.sign(crypto.keccak256(signedMaterial(content)), identity.privateKey)
  return { ...content, identity: identity.publicKey, signature } as VerifiedBundle
}

export type BundleVerdict =
  | { readonly ok: true; readonly bundle: VerifiedBundle; readonly identity: PublicKey }
  | { readonly ok: false; readonly reason: 'bad-identity' | 'bad-signature' }

/**
 * Who made a bundle: recovers the signer and compares it with the identity that the bundle names.
 *
 * It proves the pre keys' bytes, ids, versions and the timestamp, not `protocolVersion` and not that a pre key is a
 * point of the curve. That the identity is the one somebody expects is for the caller to compare.
 */
export function verifyBundle(
  bundle: Bundle,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): BundleVerdict {
  const { identity, signature } = bundle
  if (identity.length !== 33 || !crypto.parsePublicKey(identity)) return { ok: false, reason: 'bad-identity' }
  const signer =
    signature.length === 65 ? crypto.recover(crypto.keccak256(signedMaterial(bundle)), signature) : undefined
  if (!signer || !equal(compress(signer), identity)) return { ok: false, reason: 'bad-signature' }
  return { ok: true, bundle: bundle as VerifiedBundle, identity: signer }
}
