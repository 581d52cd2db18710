/**
 * What the archive has still to take: what this node posts itself, and what came while the archive failed. Tried again until
 * it is in, so that a disk that is full for a while, or a database that starts anew, costs nobody a message.
 */
import { toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Clock } from '@status-protocol/ports'
import { type Envelope, envelopeHash, type Scheduler } from '@status-protocol/whisper'

/** As much as the pool of a Whisper node holds: mostly these are the same envelopes. */
const [MAX_ENVELOPES, MAX_BYTES] = [131_072, 64 * 1024 * 1024]
/** After its expiry an envelope waits this long. */
const GRACE_SECONDS = 86_400
/** Own envelopes go into the archive together. */
const GATHER_MS = 50
const [FIRST_RETRY_MS, LAST_RETRY_MS] = [1_000, 30_000]
const MAX_AT_ONCE = 500

export interface BacklogOptions {
  /** Rejects if they are not durable. */
  put(envelopes: readonly Envelope[]): Promise<unknown>
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly crypto: CryptoProvider
  /** Given up: there was no room, or they have waited for too long. */
  lost(envelopes: number): void
}

/** How much waits for the archive. */
export interface BacklogSize {
  readonly envelopes: number
  /** Of their RLP. */
  readonly bytes: number
}

export class Backlog {
  readonly #options: BacklogOptions
  /** By hash in hex, in the order in which they are tried. BOUNDED by MAX_ENVELOPES and MAX_BYTES. */
  readonly #waiting = new Map<string, Envelope>()
  #bytes = 0
  #failures = 0
  /** Fewer after each failure: one envelope that the archive never takes keeps no others out. */
  #atOnce = MAX_AT_ONCE
  #trying: Promise<void> | undefined
  #cancel: (() => void) | undefined
  #isClosed = false

  constructor(options: BacklogOptions) {
    this.#options = options
  }

  get size(): BacklogSize {
    return { envelopes: this.#waiting.size, bytes: this.#bytes }
  }

  /** `failed`: the archive has just not taken them. */
  add(envelopes: readonly Envelope[], { failed = false }: { readonly failed?: boolean } = {}): void {
    let lost = 0
    for (const envelope of envelopes) {
      const hash = toHex(envelopeHash(envelope, this.#options.crypto))
      if (this.#waiting.has(hash)) continue
      if (this.#waiting.size >= MAX_ENVELOPES || this.#bytes + envelope.rlp.length > MAX_BYTES) lost++
      else {
        this.#waiting.set(hash, envelope)
        this.#bytes += envelope.rlp.length
      }
    }
    if (lost > 0) this.#options.lost(lost)
    this.#later(failed ? this.#retryMs() : GATHER_MS)
  }

  /** Tries all that waits, until something fails. Never rejects. */
  flush(): Promise<void> {
    this.#trying ??= this.#tryAll().finally(() => {
      this.#trying = undefined
      this.#later(this.#retryMs())
    })
    return this.#trying
  }

  /** Tries nothing more by itself. */
  close(): void {
    this.#isClosed = true
    this.#cancel?.()
  }

  async #tryAll(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    while (this.#waiting.size > 0) {
      const some = this.#first(this.#atOnce)
      try {
        await this.#options.put(some.map(([, envelope]) => envelope))
      } catch {
        this.#failed(some)
        return
      }
      for (const [hash] of some) this.#remove(hash)
      this.#failures = 0
      this.#atOnce = Math.min(MAX_AT_ONCE, this.#atOnce * 2)
    }
  }

  #first(count: number): readonly (readonly [string, Envelope])[] {
    const some: (readonly [string, Envelope])[] = []
    for (const each of this.#waiting) {
      if (some.length === count) break
      some.push(each)
    }
    return some
  }

  /** To the end of the line, without what is too old by now. */
  #failed(some: readonly (readonly [string, Envelope])[]): void {
    this.#failures++
    this.#atOnce = Math.max(1, Math.floor(this.#atOnce / 2))
    for (const [hash, envelope] of some) {
      this.#waiting.delete(hash)
      this.#waiting.set(hash, envelope)
    }
    const nowSeconds = this.#options.clock.wallMs() / 1000
    const old = [...this.#waiting].filter(
      ([, { expiryUnixSeconds }]) => expiryUnixSeconds + GRACE_SECONDS < nowSeconds,
    )
    for (const [hash] of old) this.#remove(hash)
    if (old.length > 0) this.#options.lost(old.length)
  }

  #remove(hash: string): void {
    this.#bytes -= this.#waiting.get(hash)?.rlp.length ?? 0
    this.#waiting.delete(hash)
  }

  #retryMs(): number {
    return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, this.#failures - 1))
  }

  #later(waitMs: number): void {
    if (this.#isClosed || this.#trying || this.#waiting.size === 0) return
    this.#cancel ??= this.#options.scheduler.schedule(waitMs, () => void this.flush())
  }
}
