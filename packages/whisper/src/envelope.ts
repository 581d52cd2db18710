/**
 * The envelope: what relays carry without being able to read it (EIP-627, "Envelopes").
 *
 * ```
 * RLP [ expiry(uint32), ttl(uint32), topic(4), data, nonce(uint64) ]
 * ```
 *
 * Strict as go-ethereum's decoder: exactly five elements, 4 bytes of topic, canonical integers, nothing behind.
 */
import { type Brand, BytesError } from '@status-protocol/bytes'
import {
  encodeRlp,
  type RlpSpan,
  rlpElements,
  rlpSpan,
  rlpUint,
  writeRlpListHeader,
} from '@status-protocol/bytes/rlp'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { expectAnyBytes, expectBytes, expectUint32, WhisperError } from './error.ts'
import { TOPIC_BYTES, type Topic, topicFrom } from './topic.ts'

/** What an envelope counts beside its data in `envelopeSize`: expiry(4), ttl(4), topic(4), nonce(8). */
export const ENVELOPE_HEADER_BYTES = 20
export const ENVELOPE_HASH_BYTES = 32

/** Keccak-256 of the envelope's RLP, 32 bytes: its identity in pools, archives and confirmations. */
export type EnvelopeHash = Brand<Uint8Array, 'EnvelopeHash'>

/** The five fields of the wire. */
export interface EnvelopeFields {
  /** 32 bits. From this second on the envelope is dead; sent time is `expiryUnixSeconds - ttlSeconds`. */
  readonly expiryUnixSeconds: number
  /** 32 bits. */
  readonly ttlSeconds: number
  readonly topic: Topic
  /** Encrypted; AES-GCM with a 12-byte salt at the end, or ECIES. */
  readonly data: Uint8Array
  /** 64 bits; makes up the proof of work. */
  readonly nonce: bigint
}

/**
 * Made by {@link decodeEnvelope} or {@link envelopeFrom}; treat it and its bytes as immutable. Fields may be computed: to
 * copy them name them, a spread does not see them all.
 */
export interface Envelope extends EnvelopeFields {
  /** The exact bytes of the wire; `topic` and `data` are views into them. */
  readonly rlp: Uint8Array
}

/**
 * Remembers where its parts lie and, once it was asked for, its hash. A pool holds many of these: what can be made from
 * the RLP again is not kept.
 */
class DecodedEnvelope implements Envelope {
  readonly rlp: Uint8Array
  readonly expiryUnixSeconds: number
  readonly ttlSeconds: number
  /** Start of the first of the four elements without the nonce; they end with the data, and the nonce follows. */
  readonly #start: number
  readonly #topicEnd: number
  readonly #dataStart: number
  readonly #dataEnd: number
  #hash: EnvelopeHash | undefined

  constructor(rlp: Uint8Array, times: Times, places: Places, hash?: EnvelopeHash) {
    this.rlp = rlp
    this.expiryUnixSeconds = times.expiryUnixSeconds
    this.ttlSeconds = times.ttlSeconds
    this.#start = places.start
    this.#topicEnd = places.topicEnd
    this.#dataStart = places.dataStart
    this.#dataEnd = places.dataEnd
    this.#hash = hash
  }

  get topic(): Topic {
    return this.rlp.subarray(this.#topicEnd - TOPIC_BYTES, this.#topicEnd) as Topic
  }

  get data(): Uint8Array {
    return this.rlp.subarray(this.#dataStart, this.#dataEnd)
  }

  get nonce(): bigint {
    return uintOf(DecodedEnvelope.nonceBytes(this))
  }

  static hash(envelope: Envelope, crypto: CryptoProvider): EnvelopeHash {
    if (!(envelope instanceof DecodedEnvelope)) return crypto.keccak256(envelope.rlp) as EnvelopeHash
    envelope.#hash ??= crypto.keccak256(envelope.rlp) as EnvelopeHash
    return envelope.#hash
  }

  static detach(envelope: Envelope): Envelope {
    if (!(envelope instanceof DecodedEnvelope)) return decodeEnvelope(envelope.rlp.slice())
    const places = {
      start: envelope.#start,
      topicEnd: envelope.#topicEnd,
      dataStart: envelope.#dataStart,
      dataEnd: envelope.#dataEnd,
    }
    return new DecodedEnvelope(envelope.rlp.slice(), envelope, places, envelope.#hash)
  }

  static dataBytes(envelope: DecodedEnvelope): number {
    return envelope.#dataEnd - envelope.#dataStart
  }

  /** The elements but the nonce as they stand in `rlp`, which is canonical. */
  static fourElements(envelope: DecodedEnvelope): Uint8Array {
    return envelope.rlp.subarray(envelope.#start, envelope.#dataEnd)
  }

  /** The nonce without leading zeros. */
  static nonceBytes(envelope: DecodedEnvelope): Uint8Array {
    const nonceAt = envelope.#dataEnd
    return envelope.rlp.subarray((envelope.rlp[nonceAt] as number) < 0x80 ? nonceAt : nonceAt + 1)
  }
}

type Times = Pick<EnvelopeFields, 'expiryUnixSeconds' | 'ttlSeconds'>

/** Where the parts of an envelope lie in its RLP. */
interface Places {
  readonly start: number
  readonly topicEnd: number
  readonly dataStart: number
  readonly dataEnd: number
}

/** @throws BytesError, WhisperError */
function readEnvelope(rlp: Uint8Array): DecodedEnvelope {
  const list = rlpSpan(rlp)
  if (list.end !== rlp.length) throw malformed('trailing-bytes', `${rlp.length - list.end} bytes after it`)
  const [expiry, ttl, topic, data, nonce] = rlpElements(rlp, list, 5)
  if (!expiry || !ttl || !topic || !data || !nonce)
    throw malformed('too-few-items', 'expected 5 elements, got fewer')
  const times = {
    expiryUnixSeconds: uint32At(rlp, expiry, 'expiry'),
    ttlSeconds: uint32At(rlp, ttl, 'ttl'),
  }
  expectTopic(topic)
  if (data.isList) throw malformed('wrong-type', 'is a list', 'data')
  expectUint(rlp, nonce, 8, 'nonce')
  return new DecodedEnvelope(rlp, times, {
    start: list.payload,
    topicEnd: topic.end,
    dataStart: data.payload,
    dataEnd: data.end,
  })
}

/**
 * Reads one envelope. Nothing is copied: the envelope looks into `rlp`, which must not change afterwards. To keep it
 * longer than the packet that it came in, see {@link detachEnvelope}.
 *
 * @throws WhisperError `malformed-envelope`; its details say which {@link EnvelopeFlaw}
 */
export function decodeEnvelope(rlp: Uint8Array): Envelope {
  try {
    return readEnvelope(rlp)
  } catch (error) {
    if (error instanceof BytesError)
      throw malformed(error.code.replace('rlp-', '') as EnvelopeFlaw, error.message)
    throw error
  }
}

/** What `details.flaw` of a `malformed-envelope` error says; `details.field` names the field, if it is one field's. */
export type EnvelopeFlaw =
  | 'truncated'
  | 'trailing-bytes'
  | 'not-canonical'
  | 'wrong-type'
  | 'wrong-length'
  | 'too-few-items'
  | 'too-many-items'

/** An equal envelope with bytes of its own, so that keeping it does not keep the whole packet it came in. */
export function detachEnvelope(envelope: Envelope): Envelope {
  return DecodedEnvelope.detach(envelope)
}

/** An envelope of these fields. @throws WhisperError `invalid-argument` if one is out of its range */
export function envelopeFrom(fields: EnvelopeFields): Envelope {
  return decodeEnvelope(encodeEnvelope(fields))
}

/** The bytes of the wire. @throws WhisperError `invalid-argument` if a field is out of its range */
export function encodeEnvelope(envelope: EnvelopeFields | Envelope): Uint8Array {
  if (envelope instanceof DecodedEnvelope) return envelope.rlp
  return encodeRlp([...fourFields(envelope), rlpUint(expectUint64(envelope.nonce))])
}

/**
 * RLP [ expiry, ttl, topic, data ]: what the proof of work is over, followed by the nonce as 8 bytes big endian.
 *
 * @throws WhisperError `invalid-argument` if a field is out of its range
 */
export function encodeEnvelopeWithoutNonce(envelope: Omit<EnvelopeFields, 'nonce'>): Uint8Array {
  return encodeRlp(fourFields(envelope))
}

/** {@link encodeEnvelopeWithoutNonce} and the nonce as 8 bytes big endian: what the proof of work hashes. */
export function powPreimage(envelope: EnvelopeFields): Uint8Array {
  return lentPowPreimage(envelope).slice()
}

/** {@link powPreimage} in memory that the next call writes to again: a relay weighs every envelope. */
export function lentPowPreimage(envelope: EnvelopeFields): Uint8Array {
  return envelope instanceof DecodedEnvelope ? preimageOfDecoded(envelope) : preimageOfFields(envelope)
}

const NONCE_BYTES = 8
/** Of an RLP list. */
const MAX_HEADER_BYTES = 9
/** Larger preimages are made anew, so that one large envelope does not leave its size behind. */
const lendable = new Uint8Array(16_384)

function bytesToLend(length: number): Uint8Array {
  return length <= lendable.length ? lendable : new Uint8Array(length)
}

function preimageOfFields(fields: EnvelopeFields): Uint8Array {
  const fourElements = encodeEnvelopeWithoutNonce(fields)
  const preimage = new Uint8Array(fourElements.length + NONCE_BYTES)
  preimage.set(fourElements)
  new DataView(preimage.buffer).setBigUint64(fourElements.length, expectUint64(fields.nonce))
  return preimage
}

function preimageOfDecoded(envelope: DecodedEnvelope): Uint8Array {
  const elements = DecodedEnvelope.fourElements(envelope)
  const nonce = DecodedEnvelope.nonceBytes(envelope)
  const lent = bytesToLend(MAX_HEADER_BYTES + elements.length + NONCE_BYTES)
  const start = writeRlpListHeader(lent, 0, elements.length)
  const end = start + elements.length + NONCE_BYTES
  lent.set(elements, start)
  lent.fill(0, end - NONCE_BYTES, end - nonce.length)
  lent.set(nonce, end - nonce.length)
  return lent.subarray(0, end)
}

/** Computed once per envelope, then remembered. */
export function envelopeHash(envelope: Envelope, crypto: CryptoProvider = defaultProvider): EnvelopeHash {
  return DecodedEnvelope.hash(envelope, crypto)
}

/** Checks the length. @throws WhisperError `invalid-argument` unless there are 32 bytes */
export function envelopeHashFrom(bytes: Uint8Array): EnvelopeHash {
  return expectBytes(bytes, ENVELOPE_HASH_BYTES, 'envelope hash') as EnvelopeHash
}

/** 20 + data bytes: the size that limits, rates and a sender's proof of work count with. Not the length of the RLP. */
export function envelopeSize(envelope: Pick<EnvelopeFields, 'data'>): number {
  const isDecoded = envelope instanceof DecodedEnvelope
  return ENVELOPE_HEADER_BYTES + (isDecoded ? DecodedEnvelope.dataBytes(envelope) : envelope.data.length)
}

/** When the sender says that it was sent: expiry - ttl, in 32 bits that wrap as in the reference. */
export function sentUnixSeconds(envelope: Pick<EnvelopeFields, 'expiryUnixSeconds' | 'ttlSeconds'>): number {
  return (envelope.expiryUnixSeconds - envelope.ttlSeconds) >>> 0
}

function fourFields(envelope: Omit<EnvelopeFields, 'nonce'>): readonly Uint8Array[] {
  return [
    rlpUint(expectUint32(envelope.expiryUnixSeconds, 'expiryUnixSeconds')),
    rlpUint(expectUint32(envelope.ttlSeconds, 'ttlSeconds')),
    topicFrom(envelope.topic),
    expectAnyBytes(envelope.data, 'data'),
  ]
}

function uint32At(rlp: Uint8Array, span: RlpSpan, field: Field): number {
  expectUint(rlp, span, 4, field)
  let value = 0
  for (let i = span.payload; i < span.end; i++) value = value * 256 + (rlp[i] as number)
  return value
}

/** Big endian, at most 64 bits. */
function uintOf(bytes: Uint8Array): bigint {
  const middle = Math.max(0, bytes.length - 4)
  let [high, low] = [0, 0]
  for (let i = 0; i < middle; i++) high = high * 256 + (bytes[i] as number)
  for (let i = middle; i < bytes.length; i++) low = low * 256 + (bytes[i] as number)
  return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low)
}

function expectUint(rlp: Uint8Array, span: RlpSpan, maxBytes: number, field: Field): void {
  if (span.isList) throw malformed('wrong-type', 'is a list', field)
  const length = span.end - span.payload
  if (length > maxBytes)
    throw malformed('wrong-length', `expected at most ${maxBytes} bytes, got ${length}`, field)
  if (length > 0 && rlp[span.payload] === 0) throw malformed('not-canonical', 'has a leading zero', field)
}

function expectTopic(span: RlpSpan): void {
  if (span.isList) throw malformed('wrong-type', 'is a list', 'topic')
  const length = span.end - span.payload
  if (length !== TOPIC_BYTES)
    throw malformed('wrong-length', `expected ${TOPIC_BYTES} bytes, got ${length}`, 'topic')
}

function expectUint64(value: bigint): bigint {
  if (typeof value !== 'bigint' || value < 0n || value >> 64n !== 0n)
    throw new WhisperError('invalid-argument', 'nonce: expected a bigint of 64 bits, not negative')
  return value
}

type Field = 'expiry' | 'ttl' | 'topic' | 'data' | 'nonce'

function malformed(flaw: EnvelopeFlaw, what: string, field?: Field): WhisperError {
  const details = field === undefined ? { flaw } : { flaw, field }
  return new WhisperError('malformed-envelope', `envelope: ${field ? `${field}: ` : ''}${what}`, details)
}
