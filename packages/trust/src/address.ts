/** Ethereum addresses: the last 20 bytes of keccak256(X | Y), as text with the EIP-55 checksum. */
import { fromHex, type PublicKey, toHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { TrustError } from './error.ts'

interface Options {
  readonly crypto?: CryptoProvider
}

/** `0x` and 40 hex digits, capitals by EIP-55. `publicKey`: 65 bytes. */
export function addressOf(publicKey: PublicKey, { crypto = defaultProvider }: Options = {}): string {
  if (publicKey.length !== 65 || publicKey[0] !== 4)
    throw new TrustError(
      'invalid-key',
      `publicKey: expected 65 bytes that start with 04, got ${publicKey.length} bytes`,
    )
  return formatAddress(crypto.keccak256(publicKey.subarray(1)).subarray(12), { crypto })
}

/** The text of a 20-byte address: a hex letter is a capital where the digit of keccak256(lower-case text) is 8 or more. */
export function formatAddress(address: Uint8Array, { crypto = defaultProvider }: Options = {}): string {
  if (address.length !== 20)
    throw new TrustError('invalid-address', `address: expected 20 bytes, got ${address.length}`)
  const digits = toHex(address)
  const hash = toHex(crypto.keccak256(utf8(digits)))
  const capitals = Array.from(digits, (digit, i) =>
    Number.parseInt(hash[i] as string, 16) >= 8 ? digit.toUpperCase() : digit,
  )
  return `0x${capitals.join('')}`
}

/**
 * The 20 bytes of an address, with or without `0x`. Mixed capitals must be those of EIP-55; text in one case passes.
 *
 * @throws TrustError `invalid-address`
 */
export function parseAddress(text: string, { crypto = defaultProvider }: Options = {}): Uint8Array {
  const digits = /^(?:0x)?([0-9a-fA-F]{40})$/.exec(text)?.[1]
  if (digits === undefined) throw new TrustError('invalid-address', 'address: expected 0x and 40 hex digits')
  const bytes = fromHex(digits)
  const oneCase = digits === digits.toLowerCase() || digits === digits.toUpperCase()
  if (!oneCase && formatAddress(bytes, { crypto }) !== `0x${digits}`)
    throw new TrustError('invalid-address', 'address: its capitals do not fit (EIP-55); a digit is mistyped')
  return bytes
}
