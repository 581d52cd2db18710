import { concat } from '@status-protocol/bytes'
import type { CryptoProvider, Keccak256 } from '@status-protocol/crypto'

/** What both sides share after auth and ack, as one of them sees it. Never shown, logged or stored. */
export interface FrameSecrets {
  /** 32 bytes: AES-256-CTR of both directions. */
  readonly aes: Uint8Array
  /** 32 bytes: AES-256 block of the MACs. */
  readonly mac: Uint8Array
  readonly egressMac: Keccak256
  readonly ingressMac: Keccak256
}

export interface SecretsInput {
  readonly role: 'initiator' | 'responder'
  /** 32 bytes: X of ephemeral key * ephemeral key. */
  readonly ephemeralSecret: Uint8Array
  readonly initiatorNonce: Uint8Array
  readonly responderNonce: Uint8Array
  /** The packets as they were on the wire, the EIP-8 size prefix included. */
  readonly auth: Uint8Array
  readonly ack: Uint8Array
}

/**
 * RLPx "Initial Handshake":
 *
 * ```
 * shared  = keccak(ephemeral secret || keccak(responder nonce || initiator nonce))
 * aes     = keccak(ephemeral secret || shared)
 * mac     = keccak(ephemeral secret || aes)
 * from initiator: keccak state of (mac xor responder nonce) || auth
 * from responder: keccak state of (mac xor initiator nonce) || ack
 * ```
 */
export function deriveSecrets(crypto: CryptoProvider, input: SecretsInput): FrameSecrets {
  const { ephemeralSecret, initiatorNonce, responderNonce } = input
  const shared = crypto.keccak256(
    concat(ephemeralSecret, crypto.keccak256(concat(responderNonce, initiatorNonce))),
  )
  const aes = crypto.keccak256(concat(ephemeralSecret, shared))
  const mac = crypto.keccak256(concat(ephemeralSecret, aes))
  const fromInitiator = crypto.createKeccak256().update(xor(mac, responderNonce)).update(input.auth)
  const fromResponder = crypto.createKeccak256().update(xor(mac, initiatorNonce)).update(input.ack)
  return input.role === 'initiator'
    ? { aes, mac, egressMac: fromInitiator, ingressMac: fromResponder }
    : { aes, mac, egressMac: fromResponder, ingressMac: fromInitiator }
}

/** Of two arrays of the same length. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ (b[i] as number))
}
