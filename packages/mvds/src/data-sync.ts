/** The driver: keeps the state in a store, runs the transitions one after the other, and wakes itself. */
import { expectLength, type PublicKey } from '@status-protocol/bytes'
import { type Clock, type Storage, systemClock } from '@status-protocol/ports'
import { append, loadAppend, newMessage } from './append.ts'
import { epoch, loadEpoch } from './epoch.ts'
import { MvdsError } from './error.ts'
import { EventQueue, eventsOf, type SyncEvent } from './event.ts'
import { oneToOneGroupId, type SyncGroupId } from './group.ts'
import type { SyncMessageId, SyncMetadata } from './message.ts'
import { resolveOptions, type SyncContext, type SyncOptions } from './options.ts'
import { addPeer, loadPeer, peerReturned, removePeer } from './peers.ts'
import { type SyncReads, storageReads } from './reads.ts'
import { receive } from './receive.ts'
import { loadReceive } from './receive-state.ts'
import type { Transition } from './transition.ts'
import { decodePayload } from './wire.ts'

/** Runs `task` once after `delayMs`; returns what takes it back. */
export type Timer = (delayMs: number, task: () => void) => () => void

export interface DataSyncOptions extends SyncOptions {
  /** 65 bytes: who we are. */
  readonly self: PublicKey
  readonly storage: Storage
  /**
   * Hands a payload to the layer below, which may lose it. An epoch waits until the payloads of the last one are handed
   * over, for 30 s at most.
   */
  send(to: PublicKey, payload: Uint8Array): void | Promise<void>
  /** Default: the machine's. */
  readonly clock?: Clock
  /** Default: `setTimeout`. */
  readonly timer?: Timer
  /** Events that may wait for `events()` to take them; from then on payloads are refused. Default 10,000. */
  readonly maxEvents?: number
  /** Told when a send or a tick fails (the tick is tried again after a second). Default: nobody is told. */
  onError?(error: unknown): void
}

export type ReceiveResult =
  /** `refused`: what was in it and not taken, see `refused` of `SyncOutput`. */
  | { readonly ok: true; readonly delivered: number; readonly refused: number }
  /** `malformed`, `empty`: no data sync, the bytes are for the next layer. `events-full`: try again later. */
  | { readonly ok: false; readonly reason: 'malformed' | 'empty' | 'too-large' | 'events-full' }

export interface DataSync {
  /** The group of the two of us, ready for `append`. */
  join(peer: PublicKey): Promise<SyncGroupId>
  /** A further member of a group. @throws MvdsError `group-full` */
  addPeer(groupId: SyncGroupId, peer: PublicKey): Promise<void>
  /** The member gets nothing more of this group, also what waits already. */
  removePeer(groupId: SyncGroupId, peer: PublicKey): Promise<void>
  /**
   * Sends a body to all members until they acknowledge it. Durable when it resolves; what is appended within one epoch
   * goes out together.
   *
   * @throws MvdsError `unknown-group` (nobody is in it), `queue-full`, `body-too-large`
   */
  append(groupId: SyncGroupId, body: Uint8Array, metadata?: SyncMetadata): Promise<SyncMessageId>
  /** A payload from below. `from` is authenticated there. */
  receive(from: PublicKey, payload: Uint8Array): Promise<ReceiveResult>
  /** Tells that a peer is back; a payload from it after a long silence tells the same. */
  peerReturned(peer: PublicKey): Promise<void>
  /** In order, each at least once across restarts; an event is taken when the next one is asked for. One reader. */
  events(): AsyncIterable<SyncEvent>
  /** Ends the ticks and, once all events are taken, `events()`. What waits goes on when the store is opened again. */
  close(): Promise<void>
}

const RETRY_MS = 1_000
/** A payload that is not handed over by then holds up the others no longer. */
const LONGEST_SEND_MS = 30_000
/** Timers are set at most this far ahead: the clock may have been moved meanwhile. */
const LONGEST_SLEEP_MS = 60_000

/** Data sync over a store. It starts at once with what an earlier process left. */
export function createDataSync(options: DataSyncOptions): DataSync {
  return new Driver(options)
}

class Driver implements DataSync {
  readonly #options: DataSyncOptions
  readonly #context: Omit<SyncContext, 'nowMs'>
  readonly #clock: Clock
  readonly #timer: Timer
  readonly #reads: SyncReads
  readonly #queue: EventQueue
  readonly #maxEvents: number
  /** The last of the operations, which run one after the other. */
  #last: Promise<unknown> = Promise.resolve()
  #sends: Promise<unknown> = Promise.resolve()
  #alarm: { readonly atMs: number; cancel(): void } | undefined
  #isTicking = false
  #isClosed = false

  constructor(options: DataSyncOptions) {
    const { self, storage, clock = systemClock, timer = setTimer, maxEvents = 10_000 } = options
    this.#options = options
    this.#context = { self: expectLength(self, 65, 'self'), options: resolveOptions(syncOptions(options)) }
    this.#clock = clock
    this.#timer = timer
    this.#maxEvents = maxEvents
    this.#reads = storageReads(storage)
    this.#queue = new EventQueue(storage)
    this.#wakeAt(clock.wallMs())
  }

  async join(peer: PublicKey): Promise<SyncGroupId> {
    const groupId = oneToOneGroupId(this.#context.self, peer, this.#context.options)
    await this.addPeer(groupId, peer)
    return groupId
  }

  addPeer(groupId: SyncGroupId, peer: PublicKey): Promise<void> {
    return this.#inTurn(async ({ options }) => {
      const transition = addPeer(groupId, peer)
      const members = await this.#reads.groupPeers(groupId, options.maxPeersPerGroup)
      if (members.length >= options.maxPeersPerGroup && !(await this.#reads.isMember(groupId, peer)))
        throw new MvdsError('group-full', `groupId: expected at most ${options.maxPeersPerGroup} members`)
      await this.#apply(transition)
    })
  }

  removePeer(groupId: SyncGroupId, peer: PublicKey): Promise<void> {
    return this.#inTurn(async (context) => {
      const state = await loadPeer(this.#reads, peer, context)
      await this.#apply(removePeer(state, { groupId, peer }, context))
    })
  }

  append(groupId: SyncGroupId, bytes: Uint8Array, metadata?: SyncMetadata): Promise<SyncMessageId> {
    const body = bytes.slice() // the caller may go on writing into it
    return this.#inTurn(async (context) => {
      const message = newMessage({ groupId, body, metadata }, context)
      const members = await this.#reads.groupPeers(groupId, context.options.maxPeersPerGroup)
      if (members.length === 0)
        throw new MvdsError('unknown-group', 'groupId: expected a group with members; join(peer) first')
      const input = { message, to: members }
      const result = append(await loadAppend(this.#reads, input), input, context)
      if (!result.ok)
        throw new MvdsError(
          'queue-full',
          `a member of the group has ${context.options.maxRecordsPerPeer} messages waiting already`,
        )
      await this.#apply(result)
      return message.id
    })
  }

  async receive(from: PublicKey, bytes: Uint8Array): Promise<ReceiveResult> {
    const decoded = decodePayload(bytes, this.#context.options.wire)
    if (!decoded.ok) return decoded
    return this.#inTurn(async (context): Promise<ReceiveResult> => {
      const { payload } = decoded
      if (this.#queue.size >= this.#maxEvents) return { ok: false, reason: 'events-full' }
      const input = { from, payload }
      const transition = receive(await loadReceive(this.#reads, input, context), input, context)
      await this.#apply(transition)
      const delivered = transition.outputs.filter(({ type }) => type === 'deliver').length
      const refused = transition.outputs.reduce((sum, o) => sum + (o.type === 'refused' ? o.count : 0), 0)
      return { ok: true, delivered, refused }
    })
  }

  peerReturned(peer: PublicKey): Promise<void> {
    return this.#inTurn(async (context) => {
      const state = await loadPeer(this.#reads, peer, context)
      await this.#apply(peerReturned(state, peer, context))
    })
  }

  events(): AsyncIterable<SyncEvent> {
    return this.#queue.read()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#alarm?.cancel()
    await this.#last
    this.#queue.close()
  }

  /** Runs after all that was asked for before. */
  #inTurn<T>(run: (context: SyncContext) => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new MvdsError('closed', 'this data sync is closed'))
    const result = this.#last.then(async () => {
      await this.#queue.open()
      return run({ ...this.#context, nowMs: this.#clock.wallMs() })
    })
    this.#last = result.catch(() => {}) // told to whoever asked
    return result
  }

  /** One commit, then what follows from it. */
  async #apply({ changes, outputs }: Transition): Promise<void> {
    const events = this.#queue.add(eventsOf(outputs))
    const all = [...changes, ...events.changes]
    if (all.length > 0) await this.#options.storage.commit(all)
    events.added()
    const sends = outputs.flatMap((output) =>
      output.type === 'send' ? [this.#send(output.to, output.payload)] : [],
    )
    if (sends.length > 0) this.#sends = Promise.all([this.#sends, ...sends])
    for (const output of outputs) if (output.type === 'wake') this.#wakeAt(output.atMs)
  }

  async #send(to: PublicKey, payload: Uint8Array): Promise<void> {
    try {
      await this.#options.send(to, payload)
    } catch (error) {
      this.#options.onError?.(error) // lost like any other payload: what matters is sent again
    }
  }

  /** Until all payloads are handed over, or for so long that one of them hangs. */
  async #handedOver(): Promise<void> {
    let cancel = (): void => {}
    const tooLong = new Promise<void>((resolve) => {
      cancel = this.#timer(LONGEST_SEND_MS, resolve)
    })
    await Promise.race([this.#sends, tooLong])
    cancel()
    this.#sends = Promise.resolve()
  }

  #wakeAt(atMs: number): void {
    if (this.#isClosed || (this.#alarm && this.#alarm.atMs <= atMs)) return
    this.#alarm?.cancel()
    const delayMs = Math.min(Math.max(0, atMs - this.#clock.wallMs()), LONGEST_SLEEP_MS)
    this.#alarm = { atMs, cancel: this.#timer(delayMs, () => void this.#tick()) }
  }

  async #tick(): Promise<void> {
    this.#alarm = undefined
    if (this.#isTicking) return // it takes what is due by then, and sets the next alarm
    this.#isTicking = true
    try {
      await this.#handedOver()
      await this.#inTurn(async (context) =>
        this.#apply(epoch(await loadEpoch(this.#reads, context), context)),
      )
    } catch (error) {
      if (this.#isClosed) return
      this.#options.onError?.(error)
      this.#wakeAt(this.#clock.wallMs() + RETRY_MS)
    } finally {
      this.#isTicking = false
    }
  }
}

function syncOptions({
  self: _self,
  storage: _storage,
  send: _send,
  clock: _clock,
  timer: _timer,
  maxEvents: _maxEvents,
  onError: _onError,
  ...options
}: DataSyncOptions): SyncOptions {
  return options
}

const setTimer: Timer = (delayMs, task) => {
  const id = setTimeout(task, delayMs)
  return () => clearTimeout(id)
}
