/** What a transition returns, and the draft in which it is put together. */
import type { PublicKey } from '@status-protocol/bytes'
import type { Change } from '@status-protocol/ports'
import { keyOf } from './key.ts'
import type { SyncMessage, SyncMessageId } from './message.ts'
import type { SyncContext } from './options.ts'
import { isLasting, type RecordType, type SyncRecord } from './record.ts'
import {
  deleteRecord,
  encodeCount,
  encodePeerRow,
  type PeerRow,
  putMessage,
  putRecord,
  SYNC_TABLES,
} from './tables.ts'

/** What is to be done once the changes are committed. */
export type SyncOutput =
  /** Hand this to the layer below. It may be lost there; what matters is sent again. */
  | { readonly type: 'send'; readonly to: PublicKey; readonly payload: Uint8Array }
  | { readonly type: 'deliver'; readonly from: PublicKey; readonly message: SyncMessage }
  /** `by` has it. */
  | { readonly type: 'acked'; readonly id: SyncMessageId; readonly by: PublicKey }
  /** Sent as often as allowed without an ack. `to` may have it all the same: acks are lost too. */
  | { readonly type: 'gaveUp'; readonly id: SyncMessageId; readonly to: PublicKey }
  /** What a peer sent and is not taken: messages of a group that it is no member of, or more than is looked at. */
  | {
      readonly type: 'refused'
      readonly from: PublicKey
      readonly reason: RefusalReason
      readonly count: number
    }
  /** Run an epoch then (or earlier, for another reason). */
  | { readonly type: 'wake'; readonly atMs: number }

export type RefusalReason = 'foreign-group' | 'malformed-id' | 'too-many'

export interface Transition {
  readonly changes: readonly Change[]
  readonly outputs: readonly SyncOutput[]
}

/** What a draft has to know before it changes it; loaded for the peers and messages that an input names. */
export interface DraftState {
  readonly peers: readonly { readonly peer: PublicKey; readonly row: PeerRow | undefined }[]
  /** Records that wait for an answer: those of the named peers about the named messages. */
  readonly records: readonly SyncRecord[]
  /** For how many peers each named message waits; 0 for one that is not kept. */
  readonly waiting: readonly { readonly id: SyncMessageId; readonly count: number }[]
}

/** The next tick: things that happen in one epoch go out together. */
export function nextEpochMs({ nowMs, options }: SyncContext): number {
  return (Math.floor(nowMs / options.epochMs) + 1) * options.epochMs
}

type NewRecord = Pick<SyncRecord, 'type' | 'peer' | 'id' | 'groupId'> & { readonly order?: number }

/**
 * Collects what one transition changes. Lives no longer than that call; the state it is made from stays as it is.
 */
export class Draft {
  readonly #context: SyncContext
  readonly #changes: Change[] = []
  readonly #outputs: SyncOutput[] = []
  readonly #records = new Map<string, Map<RecordType, SyncRecord>>()
  readonly #peers = new Map<string, { readonly peer: PublicKey; row: PeerRow }>()
  readonly #changedPeers = new Set<string>()
  readonly #waiting = new Map<string, number>()
  #earliestDueMs = Number.POSITIVE_INFINITY

  constructor(state: DraftState, context: SyncContext) {
    this.#context = context
    for (const { peer, row } of state.peers)
      this.#peers.set(keyOf(peer), { peer, row: row ?? this.#newRow() })
    for (const record of state.records) this.#remember(record)
    for (const { id, count } of state.waiting) this.#waiting.set(keyOf(id), count)
  }

  #newRow(): PeerRow {
    return { outgoing: 0, requests: 0, nextOrder: 0, lastHeardMs: this.#context.nowMs }
  }

  #remember(record: SyncRecord): void {
    const key = pairKey(record.peer, record.id)
    const ofPair = this.#records.get(key) ?? new Map<RecordType, SyncRecord>()
    this.#records.set(key, ofPair.set(record.type, record))
  }

  output(output: SyncOutput): void {
    this.#outputs.push(output)
  }

  change(...changes: readonly Change[]): void {
    this.#changes.push(...changes)
  }

  row(peer: PublicKey): PeerRow {
    return (this.#peers.get(keyOf(peer)) ?? { row: this.#newRow() }).row
  }

  #setRow(peer: PublicKey, row: PeerRow): void {
    const key = keyOf(peer)
    this.#peers.set(key, { peer, row })
    this.#changedPeers.add(key)
  }

  heard(peer: PublicKey): void {
    this.#setRow(peer, { ...this.row(peer), lastHeardMs: this.#context.nowMs })
  }

  record(peer: PublicKey, id: SyncMessageId, type: RecordType): SyncRecord | undefined {
    return this.#records.get(pairKey(peer, id))?.get(type)
  }

  /** Whether the message waits for this peer. */
  isWaitingFor(peer: PublicKey, id: SyncMessageId): boolean {
    return Boolean(this.record(peer, id, 'message') ?? this.record(peer, id, 'offer'))
  }

  hasRoom(peer: PublicKey, type: 'offer' | 'request' | 'message'): boolean {
    const { outgoing, requests } = this.row(peer)
    return (type === 'request' ? requests : outgoing) < this.#context.options.maxRecordsPerPeer
  }

  /** Something new to send in the next epoch. */
  add({ type, peer, id, groupId, order }: NewRecord): void {
    const dueMs = nextEpochMs(this.#context)
    if (!isLasting(type)) {
      this.#put({ type, peer, id, groupId, sends: 0, returns: 0, dueMs, order: order ?? 0 })
      return
    }
    const row = this.row(peer)
    const isFirst = type !== 'request' && !this.isWaitingFor(peer, id)
    if (isFirst) this.#setWaiting(id, this.#waitingFor(id) + 1)
    const counter = type === 'request' ? 'requests' : 'outgoing'
    this.#setRow(peer, { ...row, [counter]: row[counter] + 1, nextOrder: row.nextOrder + 1 })
    this.#put({ type, peer, id, groupId, sends: 0, returns: 0, dueMs, order: row.nextOrder })
  }

  reschedule(record: SyncRecord, change: Pick<SyncRecord, 'dueMs'> & Partial<SyncRecord>): void {
    this.change(...deleteRecord(record))
    this.#put({ ...record, ...change })
  }

  /** To be sent in the next epoch, if it is not due before. */
  hurry(record: SyncRecord): void {
    const dueMs = nextEpochMs(this.#context)
    if (record.dueMs > dueMs) this.reschedule(record, { dueMs })
  }

  #put(record: SyncRecord): void {
    this.change(...putRecord(record))
    if (isLasting(record.type)) this.#remember(record)
    this.#earliestDueMs = Math.min(this.#earliestDueMs, record.dueMs)
  }

  /** Takes a record away; with the last one that waits for it the message goes. */
  remove(record: SyncRecord): void {
    this.change(...deleteRecord(record))
    const { type, peer, id } = record
    if (!isLasting(type)) return
    this.#records.get(pairKey(peer, id))?.delete(type)
    const row = this.row(peer)
    const counter = type === 'request' ? 'requests' : 'outgoing'
    this.#setRow(peer, { ...row, [counter]: Math.max(0, row[counter] - 1) })
    if (type !== 'request' && !this.isWaitingFor(peer, id)) this.#setWaiting(id, this.#waitingFor(id) - 1)
  }

  /** Whether somebody still has to get it, and so its body is here. */
  isKept(id: SyncMessageId): boolean {
    return this.#waitingFor(id) > 0
  }

  keep(message: SyncMessage): void {
    this.change(putMessage(message))
  }

  #waitingFor(id: SyncMessageId): number {
    return this.#waiting.get(keyOf(id)) ?? 0
  }

  #setWaiting(id: SyncMessageId, count: number): void {
    const before = this.#waitingFor(id)
    this.#waiting.set(keyOf(id), count)
    if (count <= 0) this.change({ del: [SYNC_TABLES.message, id] })
    if (count > 1) this.change({ put: [SYNC_TABLES.waiting, id, encodeCount(count)] })
    else if (before > 1) this.change({ del: [SYNC_TABLES.waiting, id] })
  }

  /** @param laterDueMs what is due later and was not loaded */
  finish(laterDueMs: number = Number.POSITIVE_INFINITY): Transition {
    for (const key of this.#changedPeers) this.#changes.push(this.#peerChange(key))
    const wakeMs = Math.min(this.#earliestDueMs, laterDueMs)
    if (Number.isFinite(wakeMs)) this.#outputs.push({ type: 'wake', atMs: wakeMs })
    return { changes: this.#changes, outputs: this.#outputs }
  }

  #peerChange(key: string): Change {
    const { peer, row } = this.#peers.get(key) as { peer: PublicKey; row: PeerRow }
    const isIdle = row.outgoing === 0 && row.requests === 0
    return isIdle ? { del: [SYNC_TABLES.peer, peer] } : { put: [SYNC_TABLES.peer, peer, encodePeerRow(row)] }
  }
}

function pairKey(peer: PublicKey, id: SyncMessageId): string {
  return keyOf(peer) + keyOf(id)
}
