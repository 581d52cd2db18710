/**
 * Fetches what was missed: from several mailservers at once, page by page, and remembers per topic what is still missing.
 *
 * This is the driver: it joins servers, timers and the reader of the events. Which gaps there are is in `coverage.ts`, who
 * asks for what in `plan.ts`, what an answer proves in `page.ts`.
 */
import { toHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { type Change, type Clock, systemClock } from '@status-protocol/ports'
import {
  type Envelope,
  encodeHistoryRequest,
  envelopeHash,
  packetCodes,
  type RequestComplete,
  type Scheduler,
  symmetricKeyFromPassword,
  systemScheduler,
  type Topic,
  topicNumber,
} from '@status-protocol/whisper'
import { invalid, MailserverError } from '../error.ts'
import type { MailPeer } from '../peer.ts'
import type { HistoryClient, HistoryClientOptions } from './api.ts'
import {
  type Coverage,
  changeOf,
  LIVE,
  type Missing,
  missingOf,
  readCoverage,
  withCovered,
} from './coverage.ts'
import type { HistoryEvent, HistoryWish } from './events.ts'
import { Fetch, type JobRun, LINK_CLOSED, type RunJob } from './fetch.ts'
import type { Interval } from './intervals.ts'
import { isTooFast, pause, waitMs } from './pace.ts'
import { Page, type PageEnd, type PageRequest, TOO_MUCH } from './page.ts'
import { type Job, jobsOf, Plan } from './plan.ts'
import { sealRequest } from './request.ts'
import { Settling } from './settling.ts'
import { byTopic } from './wishes.ts'

/** @throws MailserverError `invalid-argument` */
export async function createHistoryClient(options: HistoryClientOptions): Promise<HistoryClient> {
  const { password = 'status-offline-inbox', crypto = defaultProvider, random = systemRandom } = options
  for (const [name, value] of Object.entries({
    copies: options.copies,
    limit: options.limit,
    topicsPerRequest: options.topicsPerRequest,
    secondsPerRequest: options.secondsPerRequest,
  }))
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      throw invalid(`${name}: expected an integer from 1 up, got ${value}`)
  const symmetricKey = await symmetricKeyFromPassword(password, { crypto })
  return new Client(options, symmetricKey, options.signer ?? generatePrivateKey(crypto, random))
}

/** A request that is open with a server. */
interface Open {
  readonly page: Page
  readonly requestId: string
  /** Starts the waiting anew. */
  touch(): void
  end(end: PageEnd | 'refused', text?: string): void
}

interface Server {
  readonly peer: MailPeer
  readonly id: string
  /** What it reads; found out by asking. */
  form: 'v055' | 'v036'
  isFormKnown: boolean
  open: Open | undefined
}

const DAY = 86_400
/**
 * Of one job, all its pages: what is more is a server's loop, or none of our topics. Pages that are not full and promise
 * another one are rare. What was fetched by then stays; the rest is asked for next time.
 */
const [MAX_PAGES, MAX_SHORT_PAGES] = [10_000, 250]
const MAX_JOB_BYTES = 1024 * 1024 * 1024
const MAX_JOB_MS = 30 * 60_000
/** A server that goes on sending what nobody asked for is not waited for without end. */
const ANSWER_TIMEOUTS = 10

class Client implements HistoryClient {
  readonly #options: HistoryClientOptions
  readonly #symmetricKey: Uint8Array
  readonly #signer: Uint8Array
  readonly #clock: Clock
  readonly #scheduler: Scheduler
  /** BOUNDED by the links that the P2P layer keeps. */
  readonly #servers = new Map<string, Server>()
  #fetch: Fetch<Server> | undefined
  #isClosed = false

  constructor(options: HistoryClientOptions, symmetricKey: Uint8Array, signer: Uint8Array) {
    this.#options = options
    this.#symmetricKey = symmetricKey
    this.#signer = signer
    this.#clock = options.clock ?? systemClock
    this.#scheduler = options.scheduler ?? systemScheduler
  }

  connected(peer: MailPeer): void {
    const id = toHex(peer.peerId)
    this.disconnected(peer.peerId)
    const server: Server = { peer, id, form: 'v055', isFormKnown: false, open: undefined }
    this.#servers.set(id, server)
    this.#fetch?.start(server)
  }

  disconnected(peerId: Uint8Array): void {
    const id = toHex(peerId)
    this.#servers.get(id)?.open?.end({ ok: false, reason: LINK_CLOSED })
    this.#servers.delete(id)
  }

  direct(from: { readonly peerId: Uint8Array }, envelopes: readonly Envelope[]): readonly Envelope[] {
    const open = this.#servers.get(toHex(from.peerId))?.open
    const { unasked } = this.#options
    if (!open) {
      unasked?.(from.peerId, envelopes.length)
      return []
    }
    open.touch()
    const before = open.page.unasked
    const taken = open.page.take(envelopes)
    if (open.page.unasked > before) unasked?.(from.peerId, open.page.unasked - before)
    return taken
  }

  requestComplete(from: { readonly peerId: Uint8Array }, outcome: RequestComplete): void {
    const open = this.#servers.get(toHex(from.peerId))?.open
    if (open?.requestId !== toHex(outcome.requestId)) return
    if (outcome.type === 'failed') open.end('refused', outcome.error)
    else open.end(open.page.end(outcome))
  }

  async *fetch(
    wish: HistoryWish | readonly HistoryWish[],
    signal: AbortSignal = new AbortController().signal,
  ): AsyncGenerator<HistoryEvent, void, undefined> {
    if (this.#isClosed) throw new MailserverError('closed', 'the client is closed')
    if (this.#fetch) throw invalid('fetch: another one is running')
    const wanted = byTopic(wish)
    const settling = new Settling({
      settleSeconds: this.#options.settleSeconds,
      wanted: wanted.flatMap(({ intervals }) => intervals),
      nowUnixSeconds: this.#clock.wallMs() / 1000,
    })
    const work: RunJob<Server> = (server, job, run) => this.#runJob(server, job, { ...run, settling })
    const fetch = new Fetch<Server>(this.#clock, work)
    this.#fetch = fetch
    const stop = () => {
      fetch.stop()
      for (const { open } of this.#servers.values()) open?.end({ ok: false, reason: 'stopped' })
    }
    signal.addEventListener('abort', stop)
    try {
      /** By the number of the topic. */
      const coverages = new Map<number, Coverage>()
      const [first, then] = [new Map<Topic, readonly Missing[]>(), new Map<Topic, readonly Missing[]>()]
      const copies = Math.min(this.#options.copies ?? 1, Math.max(1, this.#servers.size))
      for (const { topic, intervals, oldestFirst } of wanted) {
        const coverage = await readCoverage(this.#options.storage, topic)
        coverages.set(topicNumber(topic), coverage)
        const missing = intervals.flatMap((interval) => missingOf(interval, coverage, copies))
        ;(oldestFirst ? first : then).set(topic, missing)
      }
      const { topicsPerRequest = 50, secondsPerRequest = DAY } = this.#options
      const cutting = { copies, topicsPerRequest, secondsPerRequest }
      const plan = new Plan([...jobsOf(first, { ...cutting, oldestFirst: true }), ...jobsOf(then, cutting)])
      if (signal.aborted) fetch.stop()
      yield* fetch.run(plan, coverages, [...this.#servers.values()])
    } finally {
      stop()
      signal.removeEventListener('abort', stop)
      this.#fetch = undefined
    }
  }

  async missing(wish: HistoryWish | readonly HistoryWish[]): Promise<readonly HistoryWish[]> {
    const missing: HistoryWish[] = []
    for (const { topic, intervals } of byTopic(wish)) {
      const coverage = await readCoverage(this.#options.storage, topic)
      for (const wanted of intervals)
        for (const { interval } of missingOf(wanted, coverage, this.#options.copies ?? 1))
          missing.push({ topics: [topic], fromUnixSeconds: interval[0], toUnixSeconds: interval[1] })
    }
    return missing
  }

  async heard(wish: HistoryWish): Promise<readonly Change[]> {
    const changes: Change[] = []
    const heard: Interval = [wish.fromUnixSeconds, wish.toUnixSeconds]
    for (const { topic } of byTopic(wish)) {
      const stored = await readCoverage(this.#options.storage, topic)
      // A fetch that runs knows more than what is stored, and must not undo this.
      changes.push(this.#fetch?.heard(topic, heard) ?? changeOf(topic, withCovered(stored, LIVE, heard)))
    }
    return changes
  }

  close(): void {
    this.#isClosed = true
    this.#fetch?.stop()
    for (const { open } of this.#servers.values()) open?.end({ ok: false, reason: 'closed' })
  }

  async #runJob(
    server: Server,
    { topics, interval: wanted }: Job,
    { settling, ...run }: JobRun & { readonly settling: Settling },
  ): Promise<string | undefined> {
    let limit = Math.min(this.#options.limit ?? 1000, 1000)
    const interval = settling.asked(wanted)
    let cursor: Uint8Array | undefined
    const [endsMs, before] = [this.#clock.monotonicMs() + MAX_JOB_MS, new Set<string>()]
    let [bytes, shortPages, refusals] = [0, 0, 0]
    for (let pages = 0; pages < MAX_PAGES && bytes < MAX_JOB_BYTES; pages++) {
      if (shortPages > MAX_SHORT_PAGES || this.#clock.monotonicMs() > endsMs) break
      const request: PageRequest = { topics, interval, limit, before, ...(cursor && { cursor }) }
      const page = new Page(request)
      const askedAt = Math.floor(this.#clock.wallMs() / 1000)
      const end = await this.#ask(server, page, request, run.signal)
      const wait = !end.ok && isTooFast(end.reason) ? waitMs(refusals++) : undefined
      if (wait !== undefined) {
        await pause(wait, this.#scheduler, run.signal)
        continue
      }
      refusals = 0
      bytes += page.bytes
      if (page.count < limit) shortPages++
      // What came of a page that failed is still mail; it only proves nothing.
      settling.came(page.newestUnixSeconds)
      const covered = end.ok ? settling.counted(end.covered, wanted) : []
      await run.page(page, covered, settling.settledUnixSeconds(askedAt))
      if (!end.ok && end.reason === TOO_MUCH && limit > 1) {
        limit = Math.ceil(limit / 4)
        continue
      }
      if (!end.ok || !end.cursor) return end.ok ? undefined : end.reason
      cursor = end.cursor
      before.add(toHex(cursor))
    }
    return 'no end of pages'
  }

  /** One request. A server that refuses the first one may read the other form only. */
  async #ask(server: Server, page: Page, request: PageRequest, signal: AbortSignal): Promise<PageEnd> {
    const first = await this.#askIn(server, page, request, server.form, signal)
    if (first.end !== 'refused') {
      if (first.end.ok) server.isFormKnown = true
      return first.end
    }
    if (server.isFormKnown || isTooFast(first.text)) return refused(first.text)
    const other = server.form === 'v055' ? 'v036' : 'v055'
    const second = await this.#askIn(server, page, request, other, signal)
    if (second.end === 'refused') {
      if (!isTooFast(second.text)) return refused(first.text)
      server.form = other // the one in the wrong form counted, too: next time this one comes first
      return refused(second.text)
    }
    ;[server.form, server.isFormKnown] = [other, true]
    return second.end
  }

  async #askIn(
    server: Server,
    page: Page,
    request: PageRequest,
    form: 'v055' | 'v036',
    signal: AbortSignal,
  ): Promise<{ readonly end: PageEnd | 'refused'; readonly text: string }> {
    const {
      crypto = defaultProvider,
      random = systemRandom,
      miner,
      decoys = [],
      powTarget = 0.002,
    } = this.#options
    let envelope: Envelope
    try {
      envelope = await sealRequest(request, decoys, form, {
        to: { symmetricKey: this.#symmetricKey },
        signer: this.#signer,
        powTarget,
        nowUnixSeconds: this.#clock.wallMs() / 1000,
        random,
        crypto,
        signal,
        ...(miner && { miner }),
      })
    } catch {
      return {
        end: { ok: false, reason: signal.aborted ? 'stopped' : 'no proof of work was found' },
        text: '',
      }
    }
    return new Promise((resolve) => {
      const { timeoutMs = 30_000 } = this.#options
      let [cancel, over] = [() => {}, new AbortController()]
      const end = (how: PageEnd | 'refused', text = '') => {
        cancel()
        over.abort()
        if (server.open === open) server.open = undefined
        resolve({ end: how, text })
      }
      const deadlineMs = this.#clock.monotonicMs() + ANSWER_TIMEOUTS * timeoutMs
      const touch = () => {
        cancel()
        const waitMs = Math.min(timeoutMs, Math.max(0, deadlineMs - this.#clock.monotonicMs()))
        cancel = this.#scheduler.schedule(waitMs, () => end({ ok: false, reason: 'no answer in time' }))
      }
      const open: Open = { page, requestId: toHex(envelopeHash(envelope, crypto)), touch, end }
      if (signal.aborted || this.#servers.get(server.id) !== server)
        return end({ ok: false, reason: signal.aborted ? 'stopped' : LINK_CLOSED })
      server.open = open
      touch()
      const request = encodeHistoryRequest({ type: 'envelope', envelope })
      server.peer.send(packetCodes.request, request, over.signal).then(
        (taken) => taken || end({ ok: false, reason: LINK_CLOSED }),
        () => end({ ok: false, reason: 'the link failed' }),
      )
    })
  }
}

function refused(text: string): PageEnd {
  return { ok: false, reason: `refused: ${text.slice(0, 200)}` }
}
