/** The three key derivations of the ratchet, with the constants that the clients use. */
import { utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { wiping } from '../wipe.ts'

const ROOT_INFO = utf8('rsZUpEuXUqqwXBvSy3EcievAh4cMj6QL')
const MESSAGE_INFO = utf8('pcwSByyx2CRdryCffXJwy7xgVZWtW5Sh')
const NO_SALT = new Uint8Array(32)
/** 0x0f and 0x10 where the Double Ratchet paper suggests 2 and 1. */
const CHAIN_INPUT = Uint8Array.of(0x0f)
const MESSAGE_INPUT = Uint8Array.of(0x10)

/** KDF_RK: one step of the root chain, HKDF-SHA256. */
export function kdfRootKey(
  crypto: CryptoProvider,
  rootKey: Uint8Array,
  dhOutput: Uint8Array,
): { readonly rootKey: Uint8Array; readonly chainKey: Uint8Array } {
  const okm = crypto.hkdfSha256({ secret: dhOutput, salt: rootKey, info: ROOT_INFO, length: 64 })
  return wiping([okm], () => ({ rootKey: okm.slice(0, 32), chainKey: okm.slice(32, 64) }))
}

/** The next 32 bytes of KDF_RK. Clients derive them as a header key and use them for nothing. */
export function kdfHeaderKey(crypto: CryptoProvider, rootKey: Uint8Array, dhOutput: Uint8Array): Uint8Array {
  const okm = crypto.hkdfSha256({ secret: dhOutput, salt: rootKey, info: ROOT_INFO, length: 96 })
  return wiping([okm], () => okm.slice(64, 96))
}

/** KDF_CK: one step of a sending or receiving chain. */
export function kdfChainKey(
  crypto: CryptoProvider,
  chainKey: Uint8Array,
): { readonly chainKey: Uint8Array; readonly messageKey: Uint8Array } {
  return {
    chainKey: crypto.hmacSha256(chainKey, CHAIN_INPUT),
    messageKey: crypto.hmacSha256(chainKey, MESSAGE_INPUT),
  }
}

/** Both keys of {@link kdfMessageKey}: for reading, since the counter block that was sent counts. */
export function kdfReadingKeys(
  crypto: CryptoProvider,
  messageKey: Uint8Array,
): { readonly encryptionKey: Uint8Array; readonly authenticationKey: Uint8Array } {
  const okm = crypto.hkdfSha256({ secret: messageKey, salt: NO_SALT, info: MESSAGE_INFO, length: 64 })
  return { encryptionKey: okm.subarray(0, 32), authenticationKey: okm.subarray(32, 64) }
}

/** What a message key becomes: AES-256 key, HMAC key, initial counter block of 16 bytes. */
export function kdfMessageKey(
  crypto: CryptoProvider,
  messageKey: Uint8Array,
): {
  readonly encryptionKey: Uint8Array
  readonly authenticationKey: Uint8Array
  readonly iv: Uint8Array
} {
  const okm = crypto.hkdfSha256({ secret: messageKey, salt: NO_SALT, info: MESSAGE_INFO, length: 80 })
  return {
    encryptionKey: okm.subarray(0, 32),
    authenticationKey: okm.subarray(32, 64),
    iv: okm.subarray(64, 80),
  }
}
