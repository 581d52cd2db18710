/** From a payload to an envelope that relays take: frame, signature, encryption, proof of work. */
import { concat, type PublicKey } from '@status-protocol/bytes'
import {
  CryptoError,
  type CryptoProvider,
  defaultProvider,
  eciesSeal,
  generatePrivateKey,
  systemRandom,
} from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import type { AsymmetricChat, SymmetricChat } from './chat.ts'
import { type Envelope, encodeEnvelopeWithoutNonce, envelopeFrom, envelopeSize } from './envelope.ts'
import { expectBytes, WhisperError } from './error.ts'
import { encodeFrame, paddingLength, signFrame } from './frame.ts'
import { SYMMETRIC_KEY_BYTES } from './keys.ts'
import { DEFAULT_POW_TARGET, DEFAULT_POW_TIME_MS, DEFAULT_TTL_SECONDS, MAX_MESSAGE_BYTES } from './limits.ts'
import { type Miner, portableMiner } from './miner.ts'
import { leadingZeroBitsFor } from './pow.ts'
import { systemClock } from './system-clock.ts'
import { topicFrom } from './topic.ts'

/** The AES-GCM nonce, sent as the last bytes of symmetric data. */
export const SALT_BYTES = 12

export interface SealOptions {
  readonly to: SymmetricChat | AsymmetricChat
  /** 32-byte private key of the one who signs; without it the message is anonymous (Status clients drop it). */
  readonly signer?: Uint8Array
  /** 1 .. 2^32 - 1; default 15, as Status clients send. */
  readonly ttlSeconds?: number
  /** Default 0.002; 0: no work, nonce 0. */
  readonly powTarget?: number
  /** How long to look for the nonce. Default 5,000. */
  readonly powTimeMs?: number
  /** Instead of random padding up to a multiple of 256. Lengths then tell more. */
  readonly padding?: Uint8Array
  /** Default: 1 MiB, what nodes accept unless configured otherwise. Counts 20 + data bytes. */
  readonly maxMessageBytes?: number
  /** Default: the system's clock. */
  readonly nowUnixSeconds?: number
  readonly random?: Random
  readonly miner?: Miner
  /** Gives up; {@link seal} then rejects with `aborted`. */
  readonly signal?: AbortSignal
  readonly crypto?: CryptoProvider
}

/**
 * An envelope that only those with the key can open.
 *
 * @throws WhisperError `invalid-argument` (key, range, a payload too large), `pow-not-reached`, `aborted`
 */
export async function seal(payload: Uint8Array, options: SealOptions): Promise<Envelope> {
  const { crypto = defaultProvider, random = systemRandom } = options
  const frame = frameOf(payload, options, crypto, random)
  const data = encrypted(frame, options.to, crypto, random)
  return withWork({ ...lifetime(options), topic: topicFrom(options.to.topic), data }, options)
}

function frameOf(
  payload: Uint8Array,
  options: SealOptions,
  crypto: CryptoProvider,
  random: Random,
): Uint8Array {
  const { signer, padding } = options
  const signed = signer !== undefined
  const frame = encodeFrame({
    payload,
    padding: padding ?? random.bytes(paddingLength(payload.length, signed)),
    signed,
  })
  return signed ? asOurs('signer', () => signFrame(frame, signer, crypto)) : frame
}

function encrypted(
  frame: Uint8Array,
  to: SymmetricChat | AsymmetricChat,
  crypto: CryptoProvider,
  random: Random,
): Uint8Array {
  if ('publicKey' in to) return encryptAsymmetric(frame, to.publicKey, crypto, random)
  return encryptSymmetric(frame, to.symmetricKey, random.bytes(SALT_BYTES), crypto)
}

/** AES-256-GCM: ciphertext || tag(16) || salt(12). A salt must not be used twice with one key. */
export function encryptSymmetric(
  frame: Uint8Array,
  symmetricKey: Uint8Array,
  salt: Uint8Array,
  crypto: CryptoProvider = defaultProvider,
): Uint8Array {
  expectBytes(symmetricKey, SYMMETRIC_KEY_BYTES, 'symmetricKey')
  expectBytes(salt, SALT_BYTES, 'salt')
  return concat(crypto.aesGcmSeal(symmetricKey, salt, frame), salt)
}

function encryptAsymmetric(
  frame: Uint8Array,
  publicKey: PublicKey,
  crypto: CryptoProvider,
  random: Random,
): Uint8Array {
  const ephemeralPrivateKey = generatePrivateKey(crypto, random)
  return asOurs('publicKey', () =>
    eciesSeal(crypto, publicKey, frame, { ephemeralPrivateKey, iv: random.bytes(16) }),
  )
}

function lifetime(options: SealOptions): { readonly expiryUnixSeconds: number; readonly ttlSeconds: number } {
  const { ttlSeconds = DEFAULT_TTL_SECONDS, nowUnixSeconds = systemClock.wallMs() / 1000 } = options
  if (!(ttlSeconds >= 1))
    throw new WhisperError('invalid-argument', `ttlSeconds: expected at least 1, got ${ttlSeconds}`)
  return { expiryUnixSeconds: Math.floor(nowUnixSeconds) + ttlSeconds, ttlSeconds }
}

async function withWork(fields: Omit<Envelope, 'nonce' | 'rlp'>, options: SealOptions): Promise<Envelope> {
  const { powTarget = DEFAULT_POW_TARGET, maxMessageBytes = MAX_MESSAGE_BYTES } = options
  const sizeBytes = envelopeSize(fields)
  if (sizeBytes > maxMessageBytes)
    throw new WhisperError(
      'invalid-argument',
      `payload: makes an envelope of ${sizeBytes} bytes, nodes take ${maxMessageBytes}`,
    )
  if (powTarget === 0) return envelopeFrom({ ...fields, nonce: 0n })
  const fourElementRlp = encodeEnvelopeWithoutNonce(fields)
  const bits = leadingZeroBitsFor({
    powTarget,
    // Receivers divide by the RLP's length; with a TTL of 18 hours and a large payload that is the longer one.
    sizeBytes: Math.max(sizeBytes, fourElementRlp.length),
    ttlSeconds: fields.ttlSeconds,
  })
  return envelopeFrom({ ...fields, nonce: await mined(fourElementRlp, bits, options) })
}

async function mined(fourElementRlp: Uint8Array, bits: number, options: SealOptions): Promise<bigint> {
  const { miner = portableMiner, powTimeMs = DEFAULT_POW_TIME_MS } = options
  const signal = options.signal ?? new AbortController().signal
  const nonce = signal.aborted ? undefined : await miner.mine(fourElementRlp, bits, powTimeMs, signal)
  if (nonce !== undefined) return nonce
  if (signal.aborted) throw new WhisperError('aborted', 'sealing was aborted')
  throw new WhisperError('pow-not-reached', `no nonce with ${bits} zero bits within ${powTimeMs} ms`, {
    bits,
  })
}

/** A key that the cryptography refuses is the caller's argument. */
function asOurs<T>(name: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof CryptoError) throw new WhisperError('invalid-argument', `${name}: ${error.message}`)
    throw error
  }
}
