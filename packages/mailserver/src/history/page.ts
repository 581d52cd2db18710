/**
 * One request to one mailserver, from the client's side: which envelopes count, and what the page proves once it ended. Pure
 * but for its own state.
 *
 * Servers with LevelDB go upward in time, those with PostgreSQL downward; the cursor is the last envelope sent in either
 * case, and says by its place among the envelopes which it was.
 */
import { toHex } from '@status-protocol/bytes'
import {
  type Envelope,
  envelopeHash,
  type RequestComplete,
  sentUnixSeconds,
  type Topic,
  topicNumber,
} from '@status-protocol/whisper'
import { CURSOR_BYTES } from '../archive.ts'
import { cursorOf } from '../cursor.ts'
import { type Interval, subtract } from './intervals.ts'

export interface PageRequest {
  readonly topics: readonly Topic[]
  readonly interval: Interval
  readonly limit: number
  /** Where the page before ended. */
  readonly cursor?: Uint8Array
  /** Where all pages before ended, in hex: a server that comes there again goes round. */
  readonly before?: ReadonlySet<string>
}

/** A page is held until it is whole; one that is larger is asked for again in smaller pieces. */
const MAX_PAGE_BYTES = 32 * 1024 * 1024
export const TOO_MUCH = 'more came than a page may have'

export type PageEnd =
  | {
      readonly ok: true
      /** Whatever this server has of this stretch was sent, on this page or before. */
      readonly covered: readonly Interval[]
      /** To be asked for next; undefined: this was the last page. */
      readonly cursor: Uint8Array | undefined
    }
  | { readonly ok: false; readonly reason: string }

export class Page {
  readonly #request: PageRequest
  readonly #topics: ReadonlySet<number>
  /** Cursors of all envelopes that came, ours or not; BOUNDED by the limit. */
  readonly #received = new Set<string>()
  readonly #accepted: Envelope[] = []
  #last: Envelope | undefined
  #oldest = Number.POSITIVE_INFINITY
  #newest = Number.NEGATIVE_INFINITY
  #isOver = false
  /** Of all that came. */
  bytes = 0
  /** Of other topics: what a bloom filter lets through, and decoys. */
  others = 0
  /** Outside of the range or the limit, or once more. */
  unasked = 0

  constructor(request: PageRequest) {
    this.#request = request
    this.#topics = new Set(request.topics.map(topicNumber))
  }

  /** Of all that came. */
  get count(): number {
    return this.#received.size
  }

  /** When the newest of all that came was sent. */
  get newestUnixSeconds(): number {
    return this.#newest
  }

  get accepted(): readonly Envelope[] {
    return this.#accepted
  }

  /** Those of our topics and range, within the limit; the rest of what a server sends does not count. */
  take(envelopes: readonly Envelope[]): readonly Envelope[] {
    const { interval, limit } = this.#request
    const [from, to] = interval
    const taken: Envelope[] = []
    for (const envelope of envelopes) {
      const sent = sentUnixSeconds(envelope)
      const place = toHex(cursorOf(envelope))
      if (sent < from || sent > to || this.#received.size >= limit || this.#received.has(place)) {
        this.unasked++
        continue
      }
      if (this.bytes + envelope.rlp.length > MAX_PAGE_BYTES) this.#isOver = true
      if (this.#isOver) continue
      this.#received.add(place)
      this.#last = envelope
      this.#oldest = Math.min(this.#oldest, sent)
      this.#newest = Math.max(this.#newest, sent)
      this.bytes += envelope.rlp.length
      if (this.#topics.has(topicNumber(envelope.topic))) taken.push(envelope)
      else this.others++
    }
    this.#accepted.push(...taken)
    return taken
  }

  /** Whether what came is what the server says that it sent, and what is known of its archive now. */
  end(outcome: Extract<RequestComplete, { type: 'done' }>): PageEnd {
    if (this.#isOver) return failed(TOO_MUCH)
    const { lastEnvelopeHash, cursor } = outcome
    const isNone = lastEnvelopeHash === undefined || lastEnvelopeHash.every((byte) => byte === 0)
    const last = this.#last && toHex(envelopeHash(this.#last))
    if (!isNone && last !== toHex(lastEnvelopeHash)) return failed('the last envelope did not come')
    if (isNone && lastEnvelopeHash !== undefined && last !== undefined)
      return failed('envelopes came, the server says that there were none')
    if (!cursor) return { ok: true, covered: [this.#request.interval], cursor: undefined }
    if (cursor.length !== CURSOR_BYTES || !this.#received.has(toHex(cursor)))
      return failed('the cursor is of no envelope that came')
    if (this.#request.before?.has(toHex(cursor))) return failed('the same page came again')
    return { ok: true, covered: this.#proven(cursor), cursor }
  }

  /** Up to the cursor's second, or from it on, that second excluded: more of it may follow. */
  #proven(cursor: Uint8Array): Interval[] {
    const { interval } = this.#request
    const at = new DataView(cursor.buffer, cursor.byteOffset, cursor.byteLength).getUint32(0)
    if (this.#oldest === this.#newest) return [] // one second: no telling which way it goes
    if (at === this.#newest) return subtract([interval], [[at, interval[1]]])
    if (at === this.#oldest) return subtract([interval], [[interval[0], at]])
    return []
  }
}

function failed(reason: string): PageEnd {
  return { ok: false, reason }
}
