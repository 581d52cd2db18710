/**
 * Public keys as text, short enough for people: multibase(multicodec(key)).
 *
 * ```
 * base letter | e7 01 | key      e7 01: varint of 0xe7, secp256k1; key: 33 bytes (compressed) or 65
 * zQ3s...                        base58btc, compressed: the form that people share
 * ```
 */
import { base32nopad, base58, base64nopad, base64urlnopad } from '@scure/base'
import { concat, fromHex, type PublicKey, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { TrustError } from './error.ts'

/** Multibase letters: base58btc, hex lower and upper, base32, base64, base64url; `0x` is hex with Ethereum's prefix. */
export type KeyTextBase = 'z' | 'f' | 'F' | 'b' | 'm' | 'u' | '0x'

const SECP256K1_CODEC = Uint8Array.of(0xe7, 0x01)
/** 67 bytes in hex and a prefix take 136 characters; more is refused before it is decoded. */
const LONGEST_TEXT = 140

const CODERS: Readonly<
  Record<KeyTextBase, { encode(bytes: Uint8Array): string; decode(text: string): Uint8Array }>
> = {
  z: base58,
  f: { encode: toHex, decode: hexDigits },
  F: { encode: (bytes) => toHex(bytes).toUpperCase(), decode: hexDigits },
  b: {
    encode: (bytes) => base32nopad.encode(bytes).toLowerCase(),
    decode: (text) => base32nopad.decode(text.toUpperCase()),
  },
  m: base64nopad,
  u: base64urlnopad,
  '0x': { encode: toHex, decode: hexDigits },
}

export interface KeyTextOptions {
  /** Default `z`. */
  readonly base?: KeyTextBase
  /** Whether the 33-byte form is written; default true. */
  readonly compressed?: boolean
  readonly crypto?: CryptoProvider
}

/** The text of a public key of 65 (or 33) bytes; `zQ3sh...` unless asked otherwise. @throws TrustError `invalid-key` */
export function publicKeyToText(
  publicKey: PublicKey,
  { base = 'z', compressed = true, crypto = defaultProvider }: KeyTextOptions = {},
): string {
  if (!Object.hasOwn(CODERS, base))
    throw new TrustError('invalid-argument', `base: expected one of ${Object.keys(CODERS).join(' ')}`)
  const whole = crypto.parsePublicKey(publicKey)
  if (!whole)
    throw new TrustError('invalid-key', 'publicKey: expected 65 (or 33) bytes of a point of secp256k1')
  const key = compressed ? crypto.compressPublicKey(whole) : whole
  return base + CODERS[base].encode(concat(SECP256K1_CODEC, key))
}

/**
 * The 65-byte key of a text: any form that {@link publicKeyToText} writes, and plain `0x04...` or `0x02...` / `0x03...`
 * as chat ids and JSON-RPC have it.
 *
 * @throws TrustError `invalid-key-text` saying what is wrong with it
 */
export function publicKeyFromText(
  text: string,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): PublicKey {
  if (text.length > LONGEST_TEXT)
    throw wrong(`expected at most ${LONGEST_TEXT} characters, got ${text.length}`)
  const bytes = decodeMultibase(text)
  const key = hasCodec(bytes)
    ? bytes.subarray(SECP256K1_CODEC.length)
    : text.startsWith('0x')
      ? bytes
      : undefined
  if (!key) throw wrong('expected a secp256k1 key (multicodec e7 01), got another type of key')
  const publicKey = crypto.parsePublicKey(key)
  if (!publicKey) throw wrong(`expected 33 or 65 bytes of a point of secp256k1, got ${key.length} bytes`)
  return publicKey
}

function decodeMultibase(text: string): Uint8Array {
  const base = text.startsWith('0x') ? '0x' : text.slice(0, 1)
  if (!isBase(base))
    throw wrong('expected it to start with 0x or one of the multibase letters z, f, F, b, m, u')
  try {
    return CODERS[base].decode(text.slice(base.length))
  } catch {
    throw wrong(`a character does not belong to the base that "${base}" stands for, or one is missing`)
  }
}

function isBase(letter: string): letter is KeyTextBase {
  return Object.hasOwn(CODERS, letter)
}

function hasCodec(bytes: Uint8Array): boolean {
  return bytes[0] === SECP256K1_CODEC[0] && bytes[1] === SECP256K1_CODEC[1]
}

function hexDigits(text: string): Uint8Array {
  if (!/^[0-9a-fA-F]*$/.test(text)) throw new RangeError('not hex')
  return fromHex(text)
}

function wrong(what: string): TrustError {
  return new TrustError('invalid-key-text', `public key: ${what}`)
}
