/** The tick: all that is due goes out, one payload a peer unless it would get too large. */

import { keyOf } from './key.ts'
import type { SyncMessage } from './message.ts'
import type { SyncContext } from './options.ts'
import { type OutgoingItem, packPayloads } from './packing.ts'
import type { SyncReads } from './reads.ts'
import { isLasting, type SyncRecord } from './record.ts'
import {
  deleteSeen,
  encodeSeenRange,
  SEEN_KEY,
  type SeenEntry,
  type SeenRange,
  SYNC_TABLES,
} from './tables.ts'
import { Draft, type DraftState, nextEpochMs, type Transition } from './transition.ts'

export interface EpochState extends DraftState {
  /** At most `maxRecordsPerEpoch`, in the order in which they are sent. */
  readonly due: readonly SyncRecord[]
  /** By `keyOf` their id: the messages that are due. */
  readonly messages: ReadonlyMap<string, SyncMessage>
  /** When the first record is due that is not among these. */
  readonly laterDueMs: number
  readonly seen: SeenRange
  /** The remembered ids that are too old. */
  readonly forgotten: readonly SeenEntry[]
}

/** Bodies that one epoch takes into memory, but for the last of them. */
const MAX_EPOCH_BYTES = 4 * 1024 * 1024
/** Ids that one epoch forgets at most. */
const FORGET_AT_ONCE = 100

export async function loadEpoch(reads: SyncReads, context: SyncContext): Promise<EpochState> {
  const { nowMs, options } = context
  const horizonMs = nowMs + options.schedule.longestDelayMs + 2 * options.epochMs
  const found = await reads.due(nowMs, horizonMs, options.maxRecordsPerEpoch)
  const { due, messages } = await loadMessages(reads, found)
  const last = due.filter((record) => isLast(record, messages.get(keyOf(record.id)), context))
  const seen = await reads.seenRange()
  return {
    due,
    messages,
    ...(await loadForRemoval(reads, last)),
    laterDueMs:
      due.length < found.length || found.length >= options.maxRecordsPerEpoch
        ? nextEpochMs(context)
        : ((await reads.nextDue(nowMs)) ?? Number.POSITIVE_INFINITY),
    seen,
    forgotten: await loadForgotten(reads, seen, nowMs - options.rememberMs),
  }
}

/** The bodies of what is due, as far as memory should go in one epoch; the records after that wait for the next. */
async function loadMessages(
  reads: SyncReads,
  found: readonly SyncRecord[],
): Promise<Pick<EpochState, 'due' | 'messages'>> {
  const messages = new Map<string, SyncMessage>()
  let size = 0
  for (const [index, { type, id }] of found.entries()) {
    if (type !== 'message' || messages.has(keyOf(id))) continue
    if (size >= MAX_EPOCH_BYTES) return { due: found.slice(0, index), messages }
    const message = await reads.message(id)
    if (message) messages.set(keyOf(id), message)
    size += message?.body.length ?? 0
  }
  return { due: found, messages }
}

async function loadForgotten(
  reads: SyncReads,
  seen: SeenRange,
  beforeMs: number,
): Promise<readonly SeenEntry[]> {
  const [oldest] = await reads.oldestSeen(seen, 1)
  if (!oldest || oldest.atMs >= beforeMs) return []
  const entries = await reads.oldestSeen(seen, FORGET_AT_ONCE)
  const firstFresh = entries.findIndex(({ atMs }) => atMs >= beforeMs)
  return firstFresh < 0 ? entries : entries.slice(0, firstFresh)
}

/** Rows and records beside those that are taken away. */
async function loadForRemoval(reads: SyncReads, records: readonly SyncRecord[]): Promise<DraftState> {
  const peers = [...new Map(records.map(({ peer }) => [keyOf(peer), peer])).values()]
  const ids = [...new Map(records.map(({ id }) => [keyOf(id), id])).values()]
  return {
    peers: await Promise.all(peers.map(async (peer) => ({ peer, row: await reads.peer(peer) }))),
    records: (await Promise.all(records.map(({ peer, id }) => reads.records(peer, id)))).flat(),
    waiting: await Promise.all(ids.map(async (id) => ({ id, count: await reads.waiting(id) }))),
  }
}

/** Whether a lasting record is taken away in this epoch: given up, ephemeral, or without its message. */
function isLast(record: SyncRecord, message: SyncMessage | undefined, { options }: SyncContext): boolean {
  if (!isLasting(record.type)) return false
  if (record.sends >= options.maxSends) return true
  return record.type === 'message' && (!message || message.metadata?.ephemeral === true)
}

export function epoch(state: EpochState, context: SyncContext): Transition {
  const draft = new Draft(state, context)
  const outgoing: OutgoingItem[] = []
  for (const record of state.due) {
    const message = record.type === 'message' ? state.messages.get(keyOf(record.id)) : undefined
    const isSent =
      !isLasting(record.type) || (record.sends < context.options.maxSends && canSend(record, message))
    if (isSent) outgoing.push({ record, message })
    if (!isLasting(record.type) || isLast(record, message, context)) draft.remove(record)
    else reschedule(draft, record, context)
    const { type, id, peer } = record
    if (!isSent && type !== 'request' && !draft.isWaitingFor(peer, id))
      draft.output({ type: 'gaveUp', id, to: peer })
  }
  for (const { to, payload } of packPayloads(outgoing, context.options))
    draft.output({ type: 'send', to, payload })
  forget(draft, state)
  return draft.finish(state.laterDueMs)
}

function canSend({ type }: SyncRecord, message: SyncMessage | undefined): boolean {
  return type !== 'message' || message !== undefined
}

function reschedule(draft: Draft, record: SyncRecord, { nowMs, options }: SyncContext): void {
  const sends = record.sends + 1
  // A record from beyond the horizon has a due time that means nothing.
  const wasDueMs = Math.min(record.dueMs, nowMs)
  const nextMs = options.schedule.next(sends, wasDueMs, nowMs)
  const dueMs =
    Math.max(Math.ceil(nextMs / options.epochMs), Math.floor(nowMs / options.epochMs) + 1) * options.epochMs
  draft.reschedule(record, { dueMs, sends })
}

function forget(draft: Draft, { seen, forgotten }: EpochState): void {
  if (forgotten.length === 0) return
  for (const entry of forgotten) draft.change(...deleteSeen(entry))
  const oldest = seen.oldest + forgotten.length
  draft.change({ put: [SYNC_TABLES.meta, SEEN_KEY, encodeSeenRange({ oldest, next: seen.next })] })
}
