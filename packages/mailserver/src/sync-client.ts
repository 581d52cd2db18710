/**
 * Fills an archive from another mailserver with packets 123 and 124: page by page, each durable before the next is asked
 * for. The Go servers speak the same.
 */
import { toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import {
  type Bloom,
  type Envelope,
  encodeSyncRequest,
  fullBloom,
  packetCodes,
  type Scheduler,
  type SyncResponse,
  sentUnixSeconds,
  systemScheduler,
} from '@status-protocol/whisper'
import { CURSOR_BYTES, type EnvelopeArchive } from './archive.ts'
import { cursorOf } from './cursor.ts'
import { invalid, MailserverError } from './error.ts'
import type { MailPeer } from './peer.ts'
import { hasWork } from './work.ts'

export interface SyncOptions {
  readonly archive: Pick<EnvelopeArchive, 'putBatch'>
  /** Inclusive bounds of the time of sending. */
  readonly fromUnixSeconds: number
  readonly toUnixSeconds: number
  /** 36 bytes: where an earlier sync broke off. */
  readonly after?: Uint8Array
  /** Default: everything. */
  readonly bloom?: Bloom
  /** Least proof of work of what is taken: without it, a server could fill ours with what the network never carried. Default 0.002. */
  readonly minPow?: number
  readonly signal?: AbortSignal
}

/** A page is durable. */
export interface SyncPage {
  readonly stored: number
  readonly known: number
  /** Not taken: out of range, without work, or with a time of living that no node carries. */
  readonly refused: number
  /** For `after`, should it break off here; undefined: that was the last page. */
  readonly cursor: Uint8Array | undefined
}

export interface SyncClientOptions {
  readonly scheduler?: Scheduler
  readonly crypto?: CryptoProvider
  /** How long the other side may send nothing. Default 30 s. */
  readonly timeoutMs?: number
}

export interface SyncClient {
  /** For the node: packet 124. Resolves when there is room for more. */
  syncResponse(from: { readonly peerId: Uint8Array }, response: SyncResponse): Promise<void>
  /** The link is down. */
  disconnected(peerId: Uint8Array): void
  /**
   * Ends after the last page. One at a time for each peer.
   *
   * @throws MailserverError `no-answer`, `refused`, `invalid-argument`
   */
  sync(peer: MailPeer, options: SyncOptions): AsyncGenerator<SyncPage, void, undefined>
}

const PAGE_ENVELOPES = 1_000
/** Pages that are remembered to tell whether a server goes round. */
const MAX_CURSORS = 10_000

/** Answers of one open request, in the order of their coming. BOUNDED: packets wait in the link until they are taken. */
interface Inbox {
  push(response: SyncResponse | 'closed'): Promise<void>
  next(): Promise<SyncResponse | 'closed' | 'late'>
  /** Nobody reads it any more: lets those go on that wait for it. */
  close(): void
}

export function createSyncClient(options: SyncClientOptions = {}): SyncClient {
  const { scheduler = systemScheduler, crypto = defaultProvider, timeoutMs = 30_000 } = options
  /** BOUNDED by the links that the P2P layer keeps. */
  const open = new Map<string, Inbox>()

  return {
    async syncResponse(from, response) {
      await open.get(toHex(from.peerId))?.push(response)
    },
    disconnected(peerId) {
      void open.get(toHex(peerId))?.push('closed')
    },
    async *sync(peer, sync) {
      const id = toHex(peer.peerId)
      if (open.has(id)) throw invalid('peer: another sync with it is running')
      if (sync.after && sync.after.length !== CURSOR_BYTES)
        throw invalid(`after: expected ${CURSOR_BYTES} bytes, got ${sync.after.length}`)
      let cursor: Uint8Array | undefined = sync.after
      /** In hex. BOUNDED by {@link MAX_CURSORS}, the oldest goes. */
      const seen = new Set<string>(cursor ? [toHex(cursor)] : [])
      const inbox = createInbox(scheduler, timeoutMs)
      open.set(id, inbox)
      try {
        do {
          const page = await onePage(peer, sync, cursor, inbox, crypto)
          yield page
          cursor = page.cursor
          if (cursor && !isNew(seen, toHex(cursor))) throw noAnswer('the same page came again')
        } while (cursor && !sync.signal?.aborted)
      } finally {
        open.delete(id)
        inbox.close()
      }
    },
  }
}

async function onePage(
  peer: MailPeer,
  sync: SyncOptions,
  after: Uint8Array | undefined,
  inbox: Inbox,
  crypto: CryptoProvider,
): Promise<SyncPage> {
  const { archive, fromUnixSeconds, toUnixSeconds, bloom = fullBloom(), minPow = 0.002 } = sync
  const body = encodeSyncRequest({
    lowerUnixSeconds: fromUnixSeconds,
    upperUnixSeconds: toUnixSeconds,
    bloom,
    limit: PAGE_ENVELOPES,
    cursor: after ?? new Uint8Array(0),
  })
  if (!(await peer.send(packetCodes.syncRequest, body, sync.signal))) throw noAnswer('the link closed')
  const counts = { stored: 0, known: 0, refused: 0 }
  let [came, last] = [0, undefined as Envelope | undefined]
  for (;;) {
    const response = await inbox.next()
    if (response === 'closed') throw noAnswer('the link closed')
    if (response === 'late') throw noAnswer('no answer in time')
    if (response.error) {
      const text = response.error.slice(0, 200)
      throw new MailserverError('refused', `the other mailserver refused: ${text}`, { text })
    }
    came += response.envelopes.length
    if (came > PAGE_ENVELOPES) throw noAnswer('more envelopes came than were asked for')
    const taken = response.envelopes.filter((envelope) => {
      const sent = sentUnixSeconds(envelope)
      return sent >= fromUnixSeconds && sent <= toUnixSeconds && hasWork(envelope, minPow, crypto)
    })
    counts.refused += response.envelopes.length - taken.length
    if (taken.length > 0) {
      const { stored, known } = await archive.putBatch(taken)
      counts.stored += stored
      counts.known += known
    }
    last = response.envelopes.at(-1) ?? last
    if (!response.final) continue
    if (response.cursor.length === 0) return { ...counts, cursor: undefined }
    if (!last || toHex(cursorOf(last)) !== toHex(response.cursor))
      throw noAnswer('the cursor is not of the last envelope that came')
    return { ...counts, cursor: Uint8Array.from(response.cursor) }
  }
}

function isNew(seen: Set<string>, cursor: string): boolean {
  if (seen.has(cursor)) return false
  seen.add(cursor)
  if (seen.size > MAX_CURSORS) seen.delete(seen.values().next().value as string)
  return true
}

function noAnswer(reason: string): MailserverError {
  return new MailserverError('no-answer', `sync: ${reason}`, { reason })
}

function createInbox(scheduler: Scheduler, timeoutMs: number): Inbox {
  const waiting: { readonly response: SyncResponse | 'closed'; readonly taken: () => void }[] = []
  let wake: (() => void) | undefined
  return {
    push: (response) =>
      new Promise((resolve) => {
        waiting.push({ response, taken: resolve })
        wake?.()
      }),
    close() {
      for (const { taken } of waiting.splice(0)) taken()
    },
    async next() {
      let isLate = false
      const cancel = scheduler.schedule(timeoutMs, () => {
        isLate = true
        wake?.()
      })
      try {
        for (;;) {
          const first = waiting.shift()
          if (first) {
            first.taken()
            return first.response
          }
          if (isLate) return 'late'
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      } finally {
        cancel()
      }
    },
  }
}
