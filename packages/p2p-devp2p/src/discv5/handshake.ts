/** The keys of a session of discovery v5.1, and the proof of who began it (identity scheme v4). */
import { concat, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'

const AGREEMENT: Uint8Array = utf8('discovery v5 key agreement')
const IDENTITY_PROOF: Uint8Array = utf8('discovery v5 identity proof')

export interface SessionKeys {
  /** 16 bytes: what the initiator, who was challenged, seals with. */
  readonly initiator: Uint8Array
  /** 16 bytes. */
  readonly recipient: Uint8Array
}

/** Undefined: the other one's key is no point. */
export function deriveSessionKeys(
  parties: {
    readonly privateKey: Uint8Array
    readonly publicKey: Uint8Array
    readonly initiatorId: Uint8Array
    readonly recipientId: Uint8Array
    readonly challenge: Uint8Array
  },
  crypto: CryptoProvider,
): SessionKeys | undefined {
  const { privateKey, publicKey, initiatorId, recipientId, challenge } = parties
  const secret = crypto.tryEcdhPoint(privateKey, publicKey)
  if (!secret) return undefined
  const info = concat(AGREEMENT, initiatorId, recipientId)
  const keys = crypto.hkdfSha256({ secret, salt: challenge, info, length: 32 })
  return { initiator: keys.slice(0, 16), recipient: keys.slice(16) }
}

/** What the initiator signs; 32 bytes. */
export function identityHash(
  signed: {
    readonly challenge: Uint8Array
    readonly ephemeralKey: Uint8Array
    readonly recipientId: Uint8Array
  },
  crypto: CryptoProvider,
): Uint8Array {
  const { challenge, ephemeralKey, recipientId } = signed
  return crypto.sha256(concat(IDENTITY_PROOF, challenge, ephemeralKey, recipientId))
}
