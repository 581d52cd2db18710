/**
 * Encryption under one message key, used for one message.
 *
 * ```
 * iv(16) || AES-256-CTR(plaintext) || HMAC-SHA256(associated data || iv || ciphertext)(32)
 * ```
 *
 * Readers take the iv that was sent. Clients send the one that follows from the message key; a random one costs nothing, and
 * keeps two messages apart that are written with one key, after a store went back to a backup.
 */
import { concat, equalConstantTime } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { wiping } from '../wipe.ts'
import { kdfMessageKey, kdfReadingKeys } from './kdf.ts'

/** What a ciphertext has more than its plaintext: iv and MAC. */
export const RATCHET_OVERHEAD_BYTES = 48
const [IV_BYTES, MAC_BYTES] = [16, 32]

/** @param random of the iv; without it the iv follows from the key */
export function sealWithMessageKey(
  crypto: CryptoProvider,
  messageKey: Uint8Array,
  plaintext: Uint8Array,
  { associatedData, random }: { readonly associatedData: Uint8Array; readonly random?: Random | undefined },
): Uint8Array {
  const { encryptionKey, authenticationKey, iv } = random
    ? { ...kdfReadingKeys(crypto, messageKey), iv: random.bytes(IV_BYTES) }
    : kdfMessageKey(crypto, messageKey)
  return wiping([encryptionKey, authenticationKey], () => {
    const ciphertext = crypto.aesCtr(encryptionKey, iv, plaintext)
    const mac = crypto.hmacSha256(authenticationKey, concat(associatedData, iv, ciphertext))
    return concat(iv, ciphertext, mac)
  })
}

/** The plaintext, or undefined if it is too short for iv and MAC, or the MAC (compared in constant time) does not fit. */
export function openWithMessageKey(
  crypto: CryptoProvider,
  messageKey: Uint8Array,
  sealed: Uint8Array,
  associatedData: Uint8Array,
): Uint8Array | undefined {
  if (sealed.length < RATCHET_OVERHEAD_BYTES) return undefined
  const { encryptionKey, authenticationKey } = kdfReadingKeys(crypto, messageKey)
  return wiping([encryptionKey, authenticationKey], () => {
    const body = sealed.subarray(0, sealed.length - MAC_BYTES)
    const mac = crypto.hmacSha256(authenticationKey, concat(associatedData, body))
    if (!equalConstantTime(mac, sealed.subarray(sealed.length - MAC_BYTES))) return undefined
    return crypto.aesCtr(encryptionKey, body.subarray(0, IV_BYTES), body.subarray(IV_BYTES))
  })
}
