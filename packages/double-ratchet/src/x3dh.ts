/**
 * X3DH alone: bundles (sign, verify, encode) and the agreement.
 *
 * ```ts
 * import { decodeBundle, initiateX3dh, verifyBundle } from '@status-protocol/double-ratchet/x3dh'
 * const verdict = verifyBundle(decodeBundle(bytes))
 * if (verdict.ok) secret = initiateX3dh({ identityPrivateKey, ephemeralPrivateKey, remoteIdentity: verdict.identity, remotePreKey })
 * ```
 */
export { DoubleRatchetError, type DoubleRatchetErrorCode } from './error.ts'
export { acceptX3dh, initiateX3dh } from './x3dh/agreement.ts'
export {
  type Bundle,
  type BundleVerdict,
  type SignedPreKey,
  signBundle,
  signedMaterial,
  type VerifiedBundle,
  verifyBundle,
} from './x3dh/bundle.ts'
export {
  type BundleContainer,
  decodeBundle,
  decodeBundleContainer,
  encodeBundle,
  encodeBundleContainer,
  MAX_BUNDLE_PRE_KEYS,
} from './x3dh/bundle-codec.ts'
