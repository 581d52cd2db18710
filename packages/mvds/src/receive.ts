/** A payload of a peer: what it acknowledges, asks for, offers and brings. */
import { equal, type PublicKey } from '@status-protocol/bytes'
import { keyOf } from './key.ts'
import type { SyncMessage, SyncMessageId } from './message.ts'
import type { SyncContext } from './options.ts'
import { rushToReturned } from './peers.ts'
import type { Arrival, ReceiveInput, ReceiveState } from './receive-state.ts'
import { deleteSeen, encodeSeenRange, putSeen, SEEN_KEY, SYNC_TABLES } from './tables.ts'
import { Draft, type Transition } from './transition.ts'

const NO_MESSAGE = new Uint8Array(32) as SyncMessageId

/** What the payload changes, and what it makes us send in the next epoch. */
export function receive(state: ReceiveState, { from }: ReceiveInput, context: SyncContext): Transition {
  const draft = new Draft(state, context)
  for (const id of state.acks) takeAck(draft, from, id)
  for (const message of state.requests) takeRequest(draft, from, message)
  for (const { id, isKnown } of state.offers) takeOffer(draft, from, id, isKnown)
  takeArrivals(draft, from, state, context)
  noteThatHeard(draft, from, state, context)
  if (context.options.answerAlways)
    draft.add({ type: 'answer', peer: from, id: NO_MESSAGE, groupId: undefined })
  for (const [reason, count] of state.refused) draft.output({ type: 'refused', from, reason, count })
  return draft.finish()
}

/** The peer has it: by its own word, or because it sends or offers the same. */
function takeAck(draft: Draft, by: PublicKey, id: SyncMessageId): void {
  const waiting = [draft.record(by, id, 'offer'), draft.record(by, id, 'message')].filter(
    (record) => record !== undefined,
  )
  for (const record of waiting) draft.remove(record)
  if (waiting.length > 0) draft.output({ type: 'acked', id, by })
}

/** The offer stays beside the message: the ack ends both. */
function takeRequest(draft: Draft, from: PublicKey, { id, groupId }: SyncMessage): void {
  if (!draft.isKept(id)) return // an ack in the same payload was the last one
  const record = draft.record(from, id, 'message')
  if (record) draft.hurry(record)
  else if (draft.hasRoom(from, 'message')) draft.add({ type: 'message', peer: from, id, groupId })
}

/** An offer of what we have is acknowledged, or the peer would offer it for ever. */
function takeOffer(draft: Draft, from: PublicKey, id: SyncMessageId, isKnown: boolean): void {
  takeAck(draft, from, id)
  if (isKnown) addStaleAck(draft, from, id)
  else if (!draft.record(from, id, 'request') && draft.hasRoom(from, 'request'))
    draft.add({ type: 'request', peer: from, id, groupId: undefined })
}

function takeArrivals(draft: Draft, from: PublicKey, state: ReceiveState, context: SyncContext): void {
  let { next } = state.seen
  const inThisPayload = new Set<string>()
  for (const arrival of state.arrivals) {
    const { message, isKnown } = arrival
    const { id } = message
    const request = draft.record(from, id, 'request')
    if (request) draft.remove(request)
    takeAck(draft, from, id)
    if (message.metadata?.ephemeral) {
      draft.output({ type: 'deliver', from, message })
    } else if (isKnown || inThisPayload.has(keyOf(id))) {
      addStaleAck(draft, from, id)
    } else {
      inThisPayload.add(keyOf(id))
      takeNew(draft, from, arrival, { number: next++, atMs: context.nowMs })
    }
  }
  if (next === state.seen.next) return
  for (const entry of state.oldestSeen) draft.change(...deleteSeen(entry))
  const oldest = state.seen.oldest + state.oldestSeen.length
  draft.change({ put: [SYNC_TABLES.meta, SEEN_KEY, encodeSeenRange({ oldest, next })] })
}

function takeNew(
  draft: Draft,
  from: PublicKey,
  { message, relayTo }: Arrival,
  { number, atMs }: { readonly number: number; readonly atMs: number },
): void {
  const { id, groupId } = message
  draft.change(...putSeen({ number, atMs, id }))
  draft.add({ type: 'ack', peer: from, id, groupId: undefined, order: number })
  draft.output({ type: 'deliver', from, message })
  const lackIt = relayTo.filter((peer) => !draft.isWaitingFor(peer, id) && draft.hasRoom(peer, 'offer'))
  if (lackIt.length > 0) draft.keep(message)
  for (const peer of lackIt) draft.add({ type: 'offer', peer, id, groupId })
}

/** Its place is the same for the same message, so that it is there once. */
function addStaleAck(draft: Draft, peer: PublicKey, id: SyncMessageId): void {
  const order = id.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0)
  draft.add({ type: 'staleAck', peer, id, groupId: undefined, order })
}

function noteThatHeard(draft: Draft, from: PublicKey, state: ReceiveState, context: SyncContext): void {
  if (state.returned) {
    rushToReturned(draft, from, state.returned, context)
    return
  }
  const hasRow = state.peers.some(({ peer, row }) => row && equal(peer, from))
  const silentMs = context.nowMs - draft.row(from).lastHeardMs
  // Written down now and then only; a clock that went back is noticed here too.
  if (hasRow && (silentMs < 0 || silentMs > context.options.peerReturnsAfterMs / 4)) draft.heard(from)
}
