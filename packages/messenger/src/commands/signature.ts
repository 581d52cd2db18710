/**
 * How a transaction is bound to who announces it: the account that sends it signs, as a personal message (EIP-191),
 * chat key(65) | transaction hash(32). Somebody else's transaction so cannot be announced as one's own.
 */
import { concat, fromHex, type PublicKey, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { addressOf } from '@status-protocol/trust'

const SIGNED_BYTES = 65 + 32
const PREFIX = utf8(`\x19Ethereum Signed Message:\n${SIGNED_BYTES}`)
const SIGNATURE_BYTES = 65
/** v as wallets write it. */
const LOWEST_V = 27

/** The 97 bytes that a wallet signs with `personal_sign`. `author`: 65 bytes; `transactionHash`: `0x` and 64 hex digits. */
export function bytesToSign(author: PublicKey, transactionHash: string): Uint8Array {
  return concat(author, fromHex(transactionHash, 32))
}

/** The address of the account that signed, with the capitals of EIP-55. Undefined: r(32) | s(32) | v(1) is no signature; v is 27 or 28. */
export function signerOf(
  {
    author,
    transactionHash,
    signature,
  }: { readonly author: PublicKey; readonly transactionHash: string; readonly signature: Uint8Array },
  crypto: CryptoProvider,
): string | undefined {
  const v = signature[SIGNATURE_BYTES - 1]
  if (signature.length !== SIGNATURE_BYTES || (v !== LOWEST_V && v !== LOWEST_V + 1)) return undefined
  const hash = crypto.keccak256(concat(PREFIX, bytesToSign(author, transactionHash)))
  const recoverable = concat(signature.subarray(0, 64), Uint8Array.of(v - LOWEST_V))
  const key = crypto.recover(hash, recoverable)
  return key && addressOf(key as PublicKey, { crypto })
}
