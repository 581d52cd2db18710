/** What has to be known before a payload of a peer can be taken. */
import { equal, expectLength, type PublicKey } from '@status-protocol/bytes'
import { oneToOneGroupId, type SyncGroupId } from './group.ts'
import { keyOf } from './key.ts'
import { type MessageContent, messageIdOf, type SyncMessage, type SyncMessageId } from './message.ts'
import type { SyncContext } from './options.ts'
import type { SyncReads } from './reads.ts'
import type { SyncRecord } from './record.ts'
import type { SeenEntry, SeenRange } from './tables.ts'
import type { DraftState, RefusalReason } from './transition.ts'
import type { Payload } from './wire.ts'

export interface ReceiveInput {
  /** 65 bytes: who sent it, as the layer below has authenticated. */
  readonly from: PublicKey
  readonly payload: Payload
}

/** A received message of a group that the sender is a member of. */
export interface Arrival {
  readonly message: SyncMessage
  /** Whether it has been received before. */
  readonly isKnown: boolean
  /** Other members of its group, if what is received is relayed. */
  readonly relayTo: readonly PublicKey[]
}

export interface ReceiveState extends DraftState {
  readonly acks: readonly SyncMessageId[]
  /** What is asked for, kept, and of a group that the sender is a member of. */
  readonly requests: readonly SyncMessage[]
  readonly offers: readonly { readonly id: SyncMessageId; readonly isKnown: boolean }[]
  readonly arrivals: readonly Arrival[]
  /** All that waits for the sender, if it has been silent for long. */
  readonly returned: readonly SyncRecord[] | undefined
  readonly seen: SeenRange
  /** The oldest remembered ids: enough to make room for the new ones. */
  readonly oldestSeen: readonly SeenEntry[]
  readonly refused: ReadonlyMap<RefusalReason, number>
}

/** More ids than this are not forgotten at once, beside those that make room. */
const FORGET_AT_ONCE = 100

/** Looks up what a payload names. At most `maxElementsPerList` elements of each list are looked at. */
export async function loadReceive(
  reads: SyncReads,
  { from, payload }: ReceiveInput,
  context: SyncContext,
): Promise<ReceiveState> {
  expectLength(from, 65, 'from')
  const { acks, requests: requestIds, offers: offerIds, messages, refused } = bounded(payload, context)
  const isMember = membership(reads, from, context)
  const arrivals: Arrival[] = []
  for (const content of messages) {
    const arrival = await loadArrival(reads, content, { from, context, isMember })
    if (arrival) arrivals.push(arrival)
    else refused.set('foreign-group', (refused.get('foreign-group') ?? 0) + 1)
  }
  const requests: SyncMessage[] = []
  for (const id of requestIds) {
    const message = await reads.message(id)
    if (message && (await isMember(message.groupId))) requests.push(message)
  }

  const row = await reads.peer(from)
  const isBack = row !== undefined && context.nowMs - row.lastHeardMs >= context.options.peerReturnsAfterMs
  const returned = isBack ? await reads.peerRecords(from, 4 * context.options.maxRecordsPerPeer) : undefined
  const named = unique([...acks, ...requestIds, ...offerIds, ...arrivals.map(({ message }) => message.id)])
  const pairs = named.map((id) => ({ peer: from, id }))
  const relays = arrivals.flatMap(({ message: { id }, relayTo }) => relayTo.map((peer) => ({ peer, id })))
  const records = await Promise.all([...pairs, ...relays].map(({ peer, id }) => reads.records(peer, id)))
  const kept = unique([
    ...records.flat().flatMap(({ type, id }) => (type === 'request' ? [] : [id])),
    ...requests.map(({ id }) => id),
  ])
  const seen = await reads.seenRange()
  const tooMany = seen.next + arrivals.length - seen.oldest - context.options.rememberIds
  return {
    peers: [{ peer: from, row }, ...(await rowsOf(reads, unique(relays.map(({ peer }) => peer))))],
    records: [...(returned ?? []), ...records.flat()],
    waiting: await Promise.all(kept.map(async (id) => ({ id, count: await reads.waiting(id) }))),
    acks,
    requests,
    offers: await Promise.all(offerIds.map(async (id) => ({ id, isKnown: await reads.seen(id) }))),
    arrivals,
    returned,
    seen,
    oldestSeen:
      tooMany > 0 ? await reads.oldestSeen(seen, Math.min(tooMany, arrivals.length + FORGET_AT_ONCE)) : [],
    refused,
  }
}

/** Ids of 32 bytes, each once; what is left out is counted. */
function bounded({ acks, offers, requests, messages }: Payload, { options }: SyncContext) {
  const refused = new Map<RefusalReason, number>()
  const refuse = (reason: RefusalReason, count: number): void => {
    if (count > 0) refused.set(reason, (refused.get(reason) ?? 0) + count)
  }
  const firstOf = <T>(list: readonly T[]): readonly T[] => {
    refuse('too-many', list.length - options.maxElementsPerList)
    return list.slice(0, options.maxElementsPerList)
  }
  const idsOf = (list: readonly Uint8Array[]): readonly SyncMessageId[] => {
    const looked = firstOf(list)
    const ids = looked.filter((id): id is SyncMessageId => id.length === 32)
    refuse('malformed-id', looked.length - ids.length)
    return unique(ids)
  }
  return {
    acks: idsOf(acks),
    offers: idsOf(offers),
    requests: idsOf(requests),
    messages: firstOf(messages),
    refused,
  }
}

type IsMember = (groupId: Uint8Array) => Promise<boolean>

/** A peer is a member of the group of the two of us, and of those that the host has put it in. */
function membership(reads: SyncReads, peer: PublicKey, { self, options }: SyncContext): IsMember {
  let ours: SyncGroupId | undefined
  return async (groupId) => {
    if (groupId.length !== 32) return false
    ours ??= oneToOneGroupId(self, peer, options)
    return equal(groupId, ours) || reads.isMember(groupId as SyncGroupId, peer)
  }
}

async function loadArrival(
  reads: SyncReads,
  content: MessageContent,
  { from, context, isMember }: { from: PublicKey; context: SyncContext; isMember: IsMember },
): Promise<Arrival | undefined> {
  if (!(await isMember(content.groupId))) return undefined
  const { options } = context
  const groupId = content.groupId as SyncGroupId
  const message = { ...content, groupId, id: messageIdOf(content, options) }
  const members = options.relay ? await reads.groupPeers(groupId, options.maxPeersPerGroup) : []
  const relayTo = members.filter((peer) => !equal(peer, from))
  return { message, isKnown: await reads.seen(message.id), relayTo }
}

async function rowsOf(reads: SyncReads, peers: readonly PublicKey[]): Promise<DraftState['peers']> {
  return Promise.all(peers.map(async (peer) => ({ peer, row: await reads.peer(peer) })))
}

function unique<T extends Uint8Array>(ids: readonly T[]): readonly T[] {
  return [...new Map(ids.map((id) => [keyOf(id), id])).values()]
}
