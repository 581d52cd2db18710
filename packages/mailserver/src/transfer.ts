/**
 * An archive as a stream of bytes, for moving it and for keeping it elsewhere.
 *
 * ```
 * "status-archive" || 0x01    envelope(RLP), envelope, ...    RLP [ "end", number of envelopes, XOR of their hashes(32) ]
 * ```
 *
 * Envelopes come oldest first and say their own length; without the end the export is not whole.
 */
import { BytesError, concat, equal, toHex, utf8 } from '@status-protocol/bytes'
import { encodeRlp, readRlpUint, rlpBytes, rlpElements, rlpSpan, rlpUint } from '@status-protocol/bytes/rlp'
import {
  decodeEnvelope,
  detachEnvelope,
  type Envelope,
  envelopeHash,
  MAX_MESSAGE_BYTES,
  sentUnixSeconds,
  type Topic,
  topicNumber,
  WhisperError,
} from '@status-protocol/whisper'
import type { ArchiveSize, EnvelopeArchive } from './archive.ts'
import { batches, foldHash } from './audit.ts'
import { cursorOf } from './cursor.ts'
import { MailserverError } from './error.ts'

const MAGIC = concat(utf8('status-archive'), Uint8Array.of(1))
const END = utf8('end')
/** No envelope of the network is larger. */
const MAX_ITEM_BYTES = MAX_MESSAGE_BYTES + 64
/** An import writes when it has so many envelopes, or bytes. */
const [BATCH_ENVELOPES, BATCH_BYTES] = [1_000, 4 * 1024 * 1024]

export interface TransferOptions {
  /** Inclusive; default: everything. */
  readonly fromUnixSeconds?: number
  readonly toUnixSeconds?: number
  /** Only these. Default: all. */
  readonly topics?: readonly Topic[]
  readonly signal?: AbortSignal
  /** Told after every batch. */
  readonly progress?: (soFar: ArchiveSize) => void
}

/** The export in pieces; write them one after the other, then it is whole. Memory: one batch. */
export async function* exportArchive(
  archive: Pick<EnvelopeArchive, 'query'>,
  options: TransferOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const { fromUnixSeconds = 0, toUnixSeconds = 0xffff_ffff, progress } = options
  const signal = options.signal ?? new AbortController().signal
  const topics = options.topics && new Set(options.topics.map(topicNumber))
  const digest = new Uint8Array(32)
  let [envelopes, bytes] = [0, 0]
  yield MAGIC
  for await (const batch of batches(archive, fromUnixSeconds, toUnixSeconds, signal)) {
    const kept = topics ? batch.filter(({ topic }) => topics.has(topicNumber(topic))) : batch
    for (const envelope of kept) foldHash(digest, envelopeHash(envelope))
    envelopes += kept.length
    const piece = concat(...kept.map(({ rlp }) => rlp))
    bytes += piece.length
    if (piece.length > 0) yield piece
    progress?.({ envelopes, bytes })
  }
  if (signal.aborted) return
  yield encodeRlp([END, rlpUint(envelopes), digest])
}

/**
 * Takes an export in, from pieces of any size. Again after a break is fine.
 *
 * @throws MailserverError `malformed-export`: no export, damaged, or cut off; what came before stays in the archive
 */
export async function importArchive(
  archive: Pick<EnvelopeArchive, 'putBatch'>,
  pieces: AsyncIterable<Uint8Array>,
  options: Pick<TransferOptions, 'topics' | 'progress'> = {},
): Promise<{ readonly stored: number; readonly known: number }> {
  const topics = options.topics && new Set(options.topics.map(topicNumber))
  const total = { stored: 0, known: 0 }
  let [batch, batchBytes, envelopes, bytes] = [[] as Envelope[], 0, 0, 0]
  const flush = async () => {
    const { stored, known } = await archive.putBatch(batch)
    total.stored += stored
    total.known += known
    ;[batch, batchBytes] = [[], 0]
    options.progress?.({ envelopes, bytes })
  }
  for await (const envelope of readExport(pieces)) {
    envelopes++
    bytes += envelope.rlp.length
    if (topics && !topics.has(topicNumber(envelope.topic))) continue
    batch.push(envelope)
    batchBytes += envelope.rlp.length
    if (batch.length >= BATCH_ENVELOPES || batchBytes >= BATCH_BYTES) await flush()
  }
  if (batch.length > 0) await flush()
  return total
}

/** The envelopes of an export, with all checks. @throws MailserverError `malformed-export` */
export async function* readExport(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Envelope, void, undefined> {
  const digest = new Uint8Array(32)
  let [count, at, isStarted, isEnded] = [0, 0, false, false]
  let rest: Uint8Array = new Uint8Array(0)
  for await (const piece of pieces) {
    if (isEnded) throw malformed(at, 'bytes after the end')
    rest = rest.length > 0 ? concat(rest, piece) : Uint8Array.from(piece)
    if (!isStarted) {
      if (rest.length < MAGIC.length) continue
      if (!equal(rest.subarray(0, MAGIC.length), MAGIC)) throw malformed(0, 'this is no export of an archive')
      isStarted = true
      rest = rest.subarray(MAGIC.length)
      at = MAGIC.length
    }
    for (let length = itemLength(rest, at); length !== undefined; length = itemLength(rest, at)) {
      const item = rest.subarray(0, length)
      rest = rest.subarray(length)
      at += length
      const end = endOf(item)
      if (end) {
        if (end.count !== count || toHex(end.digest) !== toHex(digest))
          throw malformed(at, `the end speaks of ${end.count} envelopes, there were ${count}, or others`)
        if (rest.length > 0) throw malformed(at, 'bytes after the end')
        isEnded = true
        break
      }
      const envelope = envelopeAt(item, at - length)
      count++
      foldHash(digest, envelopeHash(envelope))
      yield envelope
    }
  }
  if (!isEnded) throw malformed(at, 'the end is missing: it was cut off')
}

/** Of the item at the start; undefined: not all of it is there yet. */
function itemLength(bytes: Uint8Array, at: number): number | undefined {
  const first = bytes[0]
  if (first === undefined) return undefined
  if (first < 0xc0) throw malformed(at, 'expected an envelope')
  const sizeBytes = first > 0xf7 ? first - 0xf7 : 0
  if (bytes.length < 1 + sizeBytes) return undefined
  let length = sizeBytes === 0 ? first - 0xc0 : 0
  for (let i = 1; i <= sizeBytes; i++) length = length * 256 + (bytes[i] as number)
  if (length > MAX_ITEM_BYTES) throw malformed(at, `an envelope of ${length} bytes`)
  const whole = 1 + sizeBytes + length
  return bytes.length < whole ? undefined : whole
}

function endOf(item: Uint8Array): { readonly count: number; readonly digest: Uint8Array } | undefined {
  try {
    const elements = rlpElements(item, rlpSpan(item), 5)
    const [end, count, digest] = elements
    if (elements.length !== 3 || !end || !count || !digest || !equal(rlpBytes(item, end), END))
      return undefined
    return { count: Number(readRlpUint(rlpBytes(item, count), 6)), digest: rlpBytes(item, digest) }
  } catch (error) {
    if (error instanceof BytesError) return undefined
    throw error
  }
}

function envelopeAt(item: Uint8Array, at: number): Envelope {
  try {
    return detachEnvelope(decodeEnvelope(item))
  } catch (error) {
    if (error instanceof WhisperError) throw malformed(at, error.message)
    throw error
  }
}

function malformed(at: number, what: string): MailserverError {
  return new MailserverError('malformed-export', `at byte ${at}: ${what}`, { at })
}

export interface Verification extends ArchiveSize {
  /** What is wrong, in words; empty: all is well. At most 100. */
  readonly problems: readonly string[]
}

/**
 * Reads everything and checks that each envelope is one, that they come in their order, once, and as many as the archive
 * says. Cannot tell what was never there: {@link compareArchives} does.
 */
export async function verifyArchive(
  archive: Pick<EnvelopeArchive, 'query' | 'size'>,
  options: Pick<TransferOptions, 'signal' | 'progress'> = {},
): Promise<Verification> {
  const signal = options.signal ?? new AbortController().signal
  const problems: string[] = []
  const report = (what: string) => {
    if (problems.length < 100) problems.push(what)
  }
  let [envelopes, bytes, last] = [0, 0, '']
  for await (const batch of batches(archive, 0, 0xffff_ffff, signal)) {
    for (const stored of batch) {
      const envelope = decodeEnvelope(stored.rlp)
      const place = toHex(cursorOf(envelope))
      if (place <= last) report(`${place}: out of order, or twice`)
      if (
        toHex(envelope.topic) !== toHex(stored.topic) ||
        sentUnixSeconds(envelope) !== sentUnixSeconds(stored)
      )
        report(`${place}: the entry says something else than the envelope`)
      last = place
      envelopes++
      bytes += envelope.rlp.length
    }
    options.progress?.({ envelopes, bytes })
  }
  const size = await archive.size()
  if (!signal.aborted && (size.envelopes !== envelopes || size.bytes !== bytes))
    report(
      `the archive says ${size.envelopes} envelopes of ${size.bytes} bytes, there are ${envelopes} of ${bytes}`,
    )
  return { envelopes, bytes, problems }
}
