/** Who is in a group, and who has come back. */
import { expectLength, type PublicKey } from '@status-protocol/bytes'
import type { SyncGroupId } from './group.ts'
import type { SyncContext } from './options.ts'
import type { SyncReads } from './reads.ts'
import type { SyncRecord } from './record.ts'
import { groupKey, SYNC_TABLES } from './tables.ts'
import { Draft, type DraftState, nextEpochMs, type Transition } from './transition.ts'

/** A member to whom new messages of the group go, and from whom they are taken. */
export function addPeer(groupId: SyncGroupId, peer: PublicKey): Transition {
  expectLength(groupId, 32, 'groupId')
  expectLength(peer, 65, 'peer')
  return { changes: [{ put: [SYNC_TABLES.group, groupKey(groupId, peer), new Uint8Array(0)] }], outputs: [] }
}

export interface PeerState extends DraftState {
  readonly waitingForPeer: readonly SyncRecord[]
}

/** All that waits for one peer. */
export async function loadPeer(
  reads: SyncReads,
  peer: PublicKey,
  { options }: SyncContext,
): Promise<PeerState> {
  const records = await reads.peerRecords(peer, 4 * options.maxRecordsPerPeer)
  const ids = records.filter(({ type }) => type !== 'request').map(({ id }) => id)
  return {
    peers: [{ peer, row: await reads.peer(peer) }],
    records,
    waiting: await Promise.all(ids.map(async (id) => ({ id, count: await reads.waiting(id) }))),
    waitingForPeer: records,
  }
}

/** A member who left: gets nothing more of this group, also what waits already. */
export function removePeer(
  state: PeerState,
  { groupId, peer }: { readonly groupId: SyncGroupId; readonly peer: PublicKey },
  context: SyncContext,
): Transition {
  const draft = new Draft(state, context)
  draft.change({ del: [SYNC_TABLES.group, groupKey(groupId, peer)] })
  for (const record of state.waitingForPeer)
    if (record.groupId && sameGroup(record.groupId, groupId)) draft.remove(record)
  return draft.finish()
}

/** Something else told that the peer is there again: what waits for it goes out in the next epoch. */
export function peerReturned(state: PeerState, peer: PublicKey, context: SyncContext): Transition {
  const draft = new Draft(state, context)
  rushToReturned(draft, peer, state.waitingForPeer, context)
  return draft.finish()
}

/**
 * The delays and the counts of sends start over for what has been sent more than once. What has been sent once may be on
 * its way still.
 */
export function rushToReturned(
  draft: Draft,
  peer: PublicKey,
  records: readonly SyncRecord[],
  context: SyncContext,
): void {
  const dueMs = nextEpochMs(context)
  const maxReturns = Math.min(context.options.maxReturns, 255)
  for (const { id, type } of records) {
    const record = draft.record(peer, id, type) // not there any more if this payload has acknowledged it
    if (record && record.sends > 1 && record.returns < maxReturns)
      draft.reschedule(record, { dueMs, sends: 0, returns: record.returns + 1 })
  }
  if (records.length > 0) draft.heard(peer)
}

function sameGroup(a: SyncGroupId, b: SyncGroupId): boolean {
  return a.every((byte, i) => byte === b[i])
}
