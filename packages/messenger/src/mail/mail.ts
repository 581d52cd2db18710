/**
 * What was missed while nobody was here: when it is asked for, of which topics, since when. The asking itself is the history
 * client of `mailserver`; a page is read in `page.ts`.
 */
import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  createHistoryClient,
  type HistoryClient,
  type HistoryEvent,
  type HistoryProgress,
  type HistoryWish,
  type MailPeer,
} from '@status-protocol/mailserver'
import type { Change, Clock, Random, Storage } from '@status-protocol/ports'
import type { Scheduler } from '@status-protocol/whisper'
import { type Chat, parseChat } from '../chat.ts'
import { MessengerError } from '../error.ts'
import type { HistoryChange, NewEvent } from '../events.ts'
import type { Insist } from '../input.ts'
import type { Listener, Listeners } from '../listeners.ts'
import { publicName } from '../routing.ts'
import type { Timers } from '../timers.ts'
import type { Mail, MailOptions, MailResult } from './api.ts'
import { mailLink } from './link.ts'
import { joinedSeconds, type NameOptions, namesOfChat } from './names.ts'
import { takePage } from './page.ts'
import { deleteGone, deleteSince, getSince, putSince } from './since.ts'

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400]
/** Mail of the last minute may be on its way to the mailserver still: it is asked for again next time. */
const SETTLE_SECONDS = MINUTE
/** Mailservers that are dialled together share the work. */
const AFTER_CONNECTING_MS = 300
const AFTER_JOINING_MS = 1_000
const AFTER_OVERFLOW_MS = 5_000
/** What is missing still is asked for again after so long, twice as long each time, as long as a mailserver is there. */
const RETRY_MS = 30_000
/** The network may not have brought everything. */
const AGAIN_MS = HOUR * 1_000
/** How often progress is told. */
const PROGRESS_EVERY_MS = 1_000

export interface MailParts {
  readonly options: MailOptions
  readonly publicKey: PublicKey
  readonly privateKey: Uint8Array
  readonly storage: Storage
  readonly listeners: Pick<Listeners, 'all' | 'has'>
  readonly insist: Insist
  readonly timers: Timers
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  readonly crypto: CryptoProvider
  count(reason: 'unasked' | 'failed', times?: number): void
  company: NameOptions['company']
}

export interface MailPart {
  readonly facet: Mail
  /** Those that can be asked now, by node id. */
  readonly servers: { has(peerId: Uint8Array): boolean; readonly size: number }
  /** There is more to listen to than before. */
  listens(): void
  /** More came at once than could be read. */
  overflowed(): void
  /** A chat was left. */
  left(chat: Chat): readonly Change[]
  close(): Promise<void>
}

const NOTHING: MailResult = { isComplete: true, messages: 0, envelopes: 0, bytes: 0, missing: [] }

export function createMail(parts: MailParts): MailPart {
  const { options, storage, listeners, insist, timers, clock, count } = parts
  const { automatic = true, newChatSeconds = DAY, maxAgeSeconds = 30 * DAY } = options
  /** BOUNDED by the links. A new link to a mailserver may come before the old one goes. */
  const servers = new Set<MailPeer>()
  const stopped = new AbortController()
  let client: HistoryClient | undefined
  let opening: Promise<HistoryClient> | undefined
  /** One run after the other. */
  let last: Promise<unknown> = Promise.resolve()
  /** While a run is on: what is new then may have been written as early as what is read. */
  let readingSince: number | undefined
  let dueMs = Number.POSITIVE_INFINITY
  let isWaiting = false
  let failures = 0

  const nowSeconds = (): number => Math.floor(clock.wallMs() / 1_000)

  /** Made for the first mailserver: it costs a slow key derivation. */
  const opened = (): Promise<HistoryClient> => {
    opening ??= openClient(parts).then((made) => {
      client = made
      for (const server of servers) made.connected(server)
      if (stopped.signal.aborted) made.close()
      return made
    })
    return opening
  }

  // --- when ------------------------------------------------------------------------------------------------------------

  const soon = (delayMs: number): void => {
    const atMs = clock.monotonicMs() + delayMs
    if (!automatic || servers.size === 0 || isWaiting || atMs >= dueMs) return
    dueMs = atMs
    timers.set('history', delayMs, () => {
      dueMs = Number.POSITIVE_INFINITY
      isWaiting = true
      inTurn(async () => {
        isWaiting = false
        const { isComplete } = await run()
        failures = isComplete ? 0 : failures + 1
        soon(isComplete ? AGAIN_MS : Math.min(AGAIN_MS, RETRY_MS * 2 ** (failures - 1)))
      }).catch(() => {
        if (stopped.signal.aborted) return
        count('failed')
        soon(RETRY_MS)
      })
    })
  }

  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = last.then(task)
    last = result.catch(() => undefined)
    return result
  }

  // --- of what ---------------------------------------------------------------------------------------------------------

  const named = (names: ReadonlySet<string> | undefined): readonly Listener[] =>
    listeners.all().filter(({ name }) => names === undefined || names.has(name))

  /** From then on these topics are to be complete; undefined: as it was, for what is new since a day before that. */
  const demand = async (
    all: readonly Listener[],
    asked: number | undefined,
  ): Promise<Map<Listener, number>> => {
    const joined = await joinedSeconds(storage, parts)
    const freshSince = (name: string): number =>
      Math.min((joined.get(name) ?? nowSeconds()) - newChatSeconds, readingSince ?? Number.POSITIVE_INFINITY)
    const known = new Map<Listener, number>()
    const changes: Change[] = [...(await deleteGone(storage, listeners.has))]
    for (const listener of all) {
      const { name, filter } = listener
      const before = await getSince(storage, name)
      // Whole hours: topics that are missed since the same time share requests.
      const since = Math.max(0, Math.floor((asked ?? freshSince(name)) / HOUR) * HOUR)
      const from = before === undefined || (asked !== undefined && since < before) ? since : before
      for (const topic of from === before ? [] : filter.topics) changes.push(putSince(name, from, topic))
      known.set(listener, from)
    }
    if (changes.length > 0) await insist(async (stage) => stage.add({ changes }))
    return known
  }

  /** Sessions want their messages in order; of public chats people look at what is newest. */
  const wishesOf = (known: ReadonlyMap<Listener, number>): HistoryWish[] => {
    const [floor, now] = [nowSeconds() - maxAgeSeconds, nowSeconds()]
    return [...known].map(([{ name, filter }, since]) => ({
      topics: filter.topics,
      fromUnixSeconds: Math.max(since, floor),
      toUnixSeconds: now,
      oldestFirst: !name.startsWith('#'),
    }))
  }

  // --- the run ---------------------------------------------------------------------------------------------------------

  const run = async (names?: ReadonlySet<string>, signal?: AbortSignal): Promise<MailResult> => {
    if (servers.size === 0) return { ...NOTHING, isComplete: false }
    const history = await opened()
    const listening = listeners.all()
    const wishes = wishesOf(await demand(named(names), undefined))
    if (wishes.length === 0) return NOTHING
    const [fromUnixSeconds, toUnixSeconds] = [
      Math.min(...wishes.map((wish) => wish.fromUnixSeconds)),
      Math.max(...wishes.map((wish) => wish.toUnixSeconds)),
    ]
    readingSince = fromUnixSeconds
    try {
      const range = { fromUnixSeconds, toUnixSeconds }
      await tell({ type: 'started', topics: wishes.length, servers: servers.size, ...range })
      return await read(history, wishes, { listening, signal })
    } finally {
      readingSince = undefined
    }
  }

  const read = async (
    history: HistoryClient,
    wishes: readonly HistoryWish[],
    {
      listening,
      signal,
    }: { readonly listening: readonly Listener[]; readonly signal: AbortSignal | undefined },
  ): Promise<MailResult> => {
    const readers = new Set(listening.map((listener) => listener.read))
    let messages = 0
    let reason: string | undefined
    let toldMs = Number.NEGATIVE_INFINITY
    const take = async (page: Extract<HistoryEvent, { type: 'page' }>): Promise<void> => {
      const isTold = clock.monotonicMs() - toldMs >= PROGRESS_EVERY_MS
      if (isTold) toldMs = clock.monotonicMs()
      const before = messages
      messages += await takePage(
        {
          envelopes: page.envelopes,
          changes: page.changes,
          tell: (found) => (isTold ? [historyEvent(progressOf(page.progress, before + found))] : []),
        },
        {
          ...parts,
          listeners: () => listeners.all(),
          readers,
          pause: () => timers.pause(0),
          failed: () => count('failed'),
        },
      )
    }
    for await (const event of history.fetch(wishes, signal)) {
      if (stopped.signal.aborted) break // nobody listens any more: the page comes again
      if (event.type === 'page') await take(event)
      else if (event.type === 'server-failed') {
        reason = event.reason
        await tell({ type: 'server-failed', server: event.server, reason })
      } else return await finish(event, messages, reason)
    }
    return { ...NOTHING, isComplete: false, messages }
  }

  const finish = async (
    { missing, progress }: Extract<HistoryEvent, { type: 'done' }>,
    messages: number,
    reason: string | undefined,
  ): Promise<MailResult> => {
    const { envelopes, bytes } = progress
    const result = { isComplete: missing.length === 0, messages, envelopes, bytes, missing: joined(missing) }
    if (stopped.signal.aborted) return result
    const { isComplete: _, ...counts } = result
    await tell(
      result.isComplete
        ? { type: 'done', messages, envelopes, bytes }
        : { type: 'failed', reason: reason ?? 'it was stopped', ...counts },
    )
    return result
  }

  const tell = (change: HistoryChange): Promise<void> =>
    insist(async (stage) => stage.add({ changes: [], events: [historyEvent(change)] }))

  // --- what it offers ----------------------------------------------------------------------------------------------------

  const namesOf = (text: string): Promise<readonly string[]> => {
    const chat = parseChat(text)
    if (chat.kind === 'public' && !listeners.has(publicName(chat.name)))
      throw new MessengerError('not-joined', `join ${chat.id} before you fetch its history`)
    return namesOfChat(chat, parts)
  }

  const facet: Mail = {
    guard(link) {
      void opened().catch(() => count('failed'))
      return mailLink(link, () => client, {
        connected(server) {
          servers.add(server)
          client?.connected(server)
          failures = 0
          soon(AFTER_CONNECTING_MS)
        },
        disconnected(server) {
          if (!servers.delete(server)) return
          const isReplaced = [...servers].some(({ peerId }) => isSame(peerId, server.peerId))
          if (!isReplaced) client?.disconnected(server.peerId)
        },
      })
    },
    servers: () => [...servers].map(({ peerId }) => peerId.slice()),
    async fetch({ chats, sinceUnixSeconds, signal } = {}) {
      if (stopped.signal.aborted) throw new MessengerError('closed', 'the messenger was closed')
      if (sinceUnixSeconds !== undefined) checkSeconds(sinceUnixSeconds)
      const names = chats && new Set((await Promise.all(chats.map(namesOf))).flat())
      if (sinceUnixSeconds !== undefined) await demand(named(names), Math.min(sinceUnixSeconds, nowSeconds()))
      return inTurn(() => run(names, signal))
    },
  }

  return {
    facet,
    servers: {
      has: (peerId) => [...servers].some((server) => isSame(server.peerId, peerId)),
      get size() {
        return servers.size
      },
    },
    listens: () => soon(AFTER_JOINING_MS),
    overflowed: () => soon(AFTER_OVERFLOW_MS),
    left: (chat) => (chat.kind === 'public' ? [deleteSince(publicName(chat.name))] : []),
    async close() {
      stopped.abort()
      client?.close()
      await last
    },
  }
}

function openClient(parts: MailParts): Promise<HistoryClient> {
  const { options, storage, clock, scheduler, random, crypto, count } = parts
  const { password, copies, decoys, pageSize, timeoutMs } = options
  return createHistoryClient({
    ...{ storage, clock, scheduler, random, crypto, settleSeconds: SETTLE_SECONDS },
    unasked: (_peerId, envelopes) => count('unasked', envelopes),
    ...(password !== undefined && { password }),
    ...(copies !== undefined && { copies }),
    ...(decoys !== undefined && { decoys }),
    ...(pageSize !== undefined && { limit: pageSize }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  })
}

const historyEvent = (change: HistoryChange): NewEvent => ({ type: 'history', change })

function progressOf(
  { envelopes, bytes, fraction, remainingMs }: HistoryProgress,
  messages: number,
): HistoryChange {
  return {
    type: 'progress',
    ...{ messages, envelopes, bytes, fraction },
    ...(remainingMs !== undefined && { remainingMs }),
  }
}

function checkSeconds(seconds: number): void {
  if (seconds >= 0 && seconds <= 0xffff_ffff) return
  throw new MessengerError('invalid-argument', `sinceUnixSeconds: expected Unix seconds, got ${seconds}`)
}

/** In order, each second once. */
function joined(missing: readonly HistoryWish[]): MailResult['missing'] {
  const stretches: { fromUnixSeconds: number; toUnixSeconds: number }[] = []
  for (const { fromUnixSeconds, toUnixSeconds } of [...missing].sort(
    (a, b) => a.fromUnixSeconds - b.fromUnixSeconds,
  )) {
    const before = stretches.at(-1)
    if (before && fromUnixSeconds <= before.toUnixSeconds + 1)
      before.toUnixSeconds = Math.max(before.toUnixSeconds, toUnixSeconds)
    else stretches.push({ fromUnixSeconds, toUnixSeconds })
  }
  return stretches
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i])
}
