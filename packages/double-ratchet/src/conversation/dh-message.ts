/**
 * Encryption to an identity of whose installations nothing is known: a fresh key for each message, no forward secrecy
 * once the identity key is lost, and no proof of the sender: the layer that carries it gives that.
 *
 * ```
 * AES-256-GCM(key = X of ECDH(ephemeral, identity), nonce)(plaintext) || nonce(12)      28 bytes more than the plaintext
 * ```
 */
import { concat } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { generateKeyPair } from '../keys.ts'
import { ANY_INSTALLATION, type DirectMessage } from '../message/protocol-message.ts'
import { agreeOnX } from '../ratchet/dh.ts'
import { wiping } from '../wipe.ts'

const NONCE_BYTES = 12

/** @param identity 33 bytes */
export function sealDh(
  identity: Uint8Array,
  plaintext: Uint8Array,
  { crypto, random }: { readonly crypto: CryptoProvider; readonly random: Random },
): DirectMessage {
  const ephemeral = generateKeyPair(crypto, random)
  const nonce = random.bytes(NONCE_BYTES)
  const key = crypto.ecdh(ephemeral.privateKey, identity)
  const sealed = wiping([key, ephemeral.privateKey], () => crypto.aesGcmSeal(key, nonce, plaintext))
  return {
    installationId: ANY_INSTALLATION,
    dhHeader: { key: ephemeral.publicKey },
    payload: concat(sealed, nonce),
  }
}

export function openDh(
  identityPrivateKey: Uint8Array,
  ephemeralKey: Uint8Array,
  payload: Uint8Array,
  crypto: CryptoProvider,
): { readonly plaintext: Uint8Array } | { readonly reason: 'bad-key' | 'not-authentic' } {
  const key = agreeOnX(crypto, identityPrivateKey, ephemeralKey)
  if (!key) return { reason: 'bad-key' }
  const end = Math.max(0, payload.length - NONCE_BYTES)
  const plaintext = wiping([key], () =>
    payload.length < NONCE_BYTES
      ? undefined
      : crypto.aesGcmOpen(key, payload.subarray(end), payload.subarray(0, end)),
  )
  return plaintext ? { plaintext } : { reason: 'not-authentic' }
}
