/**
 * The conversations that Status has on Whisper: which topic, which key (Status whisper usage specification, "Topics").
 *
 * | conversation | topic is keccak256 of | encrypted |
 * |---|---|---|
 * | public chat | its name | symmetric, password = its name |
 * | contact discovery, generic (up to 0.36.0) | `contact-discovery` | to the recipient's identity |
 * | partitioned | `contact-discovery-` X mod 5000 | to the recipient's identity |
 * | personal | `contact-discovery-` 130 hex digits, no 0x | to the recipient's identity |
 * | contact code | `0x` 130 hex digits `-contact-code` | symmetric, password = the same text |
 * | negotiated | 64 hex digits of the ECDH X coordinate, no 0x | symmetric, password = the same text |
 */
import { type PublicKey, to0xHex, toHex } from '@status-protocol/bytes'
import { CryptoError, type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { expectBytes, WhisperError } from './error.ts'
import { type KeyOptions, SYMMETRIC_KEY_BYTES, symmetricKeyFromPassword } from './keys.ts'
import { type Topic, topicFrom, topicOfText } from './topic.ts'

/** How many discovery topics people share: enough to spread traffic, few enough that nobody stands alone. */
export const DISCOVERY_PARTITIONS = 5_000

/** Where those who know a symmetric key meet. */
export interface SymmetricChat {
  readonly topic: Topic
  /** 32 bytes. Not enumerable: it shows up neither in JSON nor in logs, nor does a spread copy have it. */
  readonly symmetricKey: Uint8Array
}

/** Where one person is reached. */
export interface AsymmetricChat {
  readonly topic: Topic
  /** 65 bytes. */
  readonly publicKey: PublicKey
}

/** @throws WhisperError `invalid-argument` if the topic does not have 4 bytes or the key not 32 */
export function symmetricChat(topic: Topic, symmetricKey: Uint8Array): SymmetricChat {
  const value = expectBytes(symmetricKey, SYMMETRIC_KEY_BYTES, 'symmetricKey')
  const chat = Object.defineProperty({ topic: topicFrom(topic) }, 'symmetricKey', { value })
  return chat as SymmetricChat
}

/**
 * A public chat by its name, which is taken exactly as given; without the `#` that user interfaces show.
 * Costs one key derivation: keep the result.
 */
export function publicChat(name: string, options: KeyOptions = {}): Promise<SymmetricChat> {
  return chatOfText(name, options)
}

/** Where clients up to 0.36.0 listened for first messages; nobody has since. */
export function genericDiscoveryTopic(options: KeyOptions = {}): Topic {
  return topicOfText('contact-discovery', options)
}

/** 0 .. 4,999: the X coordinate modulo 5,000. */
export function discoveryPartition(publicKey: PublicKey): number {
  expectPublicKey(publicKey)
  let rest = 0
  for (let i = 1; i <= 32; i++) rest = (rest * 256 + (publicKey[i] as number)) % DISCOVERY_PARTITIONS
  return rest
}

/** Where this person reads first messages, together with one in 5,000 of all others. */
export function partitionedDiscovery(publicKey: PublicKey, options: KeyOptions = {}): AsymmetricChat {
  return { topic: topicOfText(partitionedDiscoveryId(publicKey), options), publicKey }
}

/** The text behind {@link partitionedDiscovery}'s topic. */
export function partitionedDiscoveryId(publicKey: PublicKey): string {
  return `contact-discovery-${discoveryPartition(publicKey)}`
}

/** This person's own discovery topic, which names nobody else. */
export function personalDiscovery(publicKey: PublicKey, options: KeyOptions = {}): AsymmetricChat {
  return { topic: topicOfText(personalDiscoveryId(publicKey), options), publicKey }
}

/** The text behind {@link personalDiscovery}'s topic. */
export function personalDiscoveryId(publicKey: PublicKey): string {
  return `contact-discovery-${toHex(expectPublicKey(publicKey))}`
}

/** Where this person publishes prekey bundles; everybody who knows the public key can read. One key derivation. */
export function contactCode(publicKey: PublicKey, options: KeyOptions = {}): Promise<SymmetricChat> {
  return chatOfText(contactCodeId(publicKey), options)
}

/** The text behind {@link contactCode}'s topic and key. */
export function contactCodeId(publicKey: PublicKey): string {
  return `${to0xHex(expectPublicKey(publicKey))}-contact-code`
}

/**
 * The topic that two people share and that nobody else can link to them: from the ECDH of their identities, the same on
 * both sides. One key derivation.
 *
 * @throws WhisperError `invalid-argument` if a key is none
 */
export function negotiatedChat(
  keys: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey },
  options: KeyOptions = {},
): Promise<SymmetricChat> {
  return chatOfSecret(sharedX(keys, options.crypto ?? defaultProvider), options)
}

/** {@link negotiatedChat} of a shared secret that is there already: the 32 bytes of the ECDH X coordinate. */
export function chatOfSecret(sharedSecret: Uint8Array, options: KeyOptions = {}): Promise<SymmetricChat> {
  return chatOfText(toHex(expectBytes(sharedSecret, 32, 'sharedSecret')), options)
}

async function chatOfText(text: string, options: KeyOptions): Promise<SymmetricChat> {
  return symmetricChat(topicOfText(text, options), await symmetricKeyFromPassword(text, options))
}

function sharedX(
  { privateKey, publicKey }: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey },
  crypto: CryptoProvider,
): Uint8Array {
  try {
    return crypto.ecdh(privateKey, publicKey)
  } catch (error) {
    if (error instanceof CryptoError) throw new WhisperError('invalid-argument', error.message)
    throw error
  }
}

function expectPublicKey(publicKey: PublicKey): PublicKey {
  expectBytes(publicKey, 65, 'publicKey')
  if (publicKey[0] !== 4)
    throw new WhisperError('invalid-argument', 'publicKey: expected 65 bytes that begin with 04')
  return publicKey
}
