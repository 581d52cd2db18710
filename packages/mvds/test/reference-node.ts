/** A node that behaves as the Go clients' in-memory one, made of the transitions and their options. Time is in epochs. */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import {
  addPeer,
  append,
  EPOCH_MS,
  epoch,
  loadAppend,
  loadEpoch,
  loadReceive,
  type MessageContent,
  messageIdOf,
  type Payload,
  receive,
  referenceSchedule,
  resolveOptions,
  SYNC_TABLES,
  type SyncContext,
  type SyncGroupId,
  storageReads,
  syncGroupId,
  type Transition,
} from '../src/index.ts'
import { decodeRecord } from '../src/record.ts'

export interface Sent {
  readonly to: PublicKey
  readonly payload: Uint8Array
}

/** A row of the reference's state table, in the words of the vectors. */
export interface ReferenceState {
  readonly type: string
  readonly send_count: number
  readonly send_epoch: number
  readonly peer_id: string
  readonly message_id: string
  readonly group_id: string | null
}

export interface ReferenceNode {
  addPeer(groupId: SyncGroupId, peer: PublicKey): Promise<void>
  append(atEpoch: number, content: MessageContent): Promise<void>
  receive(atEpoch: number, from: PublicKey, payload: Payload): Promise<void>
  epoch(number: number): Promise<readonly Sent[]>
  states(): Promise<readonly ReferenceState[]>
}

export const NO_PAYLOAD: Payload = { acks: [], offers: [], requests: [], messages: [] }

export function createReferenceNode(self: PublicKey, mode: 'batch' | 'interactive'): ReferenceNode {
  const storage = createMemoryStorage()
  const reads = storageReads(storage)
  const groups: { readonly groupId: SyncGroupId; readonly peer: PublicKey }[] = []
  const options = resolveOptions({
    mode,
    schedule: referenceSchedule({ epochZeroMs: 0 }),
    maxSends: Number.POSITIVE_INFINITY,
    peerReturnsAfterMs: Number.POSITIVE_INFINITY,
    relay: true,
    answerAlways: true,
  })
  const at = (number: number): SyncContext => ({ self, options, nowMs: number * EPOCH_MS })
  const commit = async ({ changes, outputs }: Transition): Promise<readonly Sent[]> => {
    await storage.commit(changes)
    return outputs.flatMap((o) => (o.type === 'send' ? [{ to: o.to, payload: o.payload }] : []))
  }

  return {
    async addPeer(groupId, peer) {
      groups.push({ groupId, peer })
      await commit(addPeer(groupId, peer))
    },
    async append(number, content) {
      const groupId = syncGroupId(content.groupId)
      const message = { ...content, groupId, id: messageIdOf(content) }
      const to = groups.filter((g) => toHex(g.groupId) === toHex(groupId)).map(({ peer }) => peer)
      const result = append(await loadAppend(reads, { message, to }), { message, to }, at(number))
      if (!result.ok) throw new Error(result.reason)
      await commit(result)
    },
    async receive(number, from, payload) {
      const input = { from, payload }
      await commit(receive(await loadReceive(reads, input, at(number)), input, at(number)))
    },
    async epoch(number) {
      return commit(epoch(await loadEpoch(reads, at(number)), at(number)))
    },
    async states() {
      const states: ReferenceState[] = []
      const everything = [new Uint8Array(0), new Uint8Array(99).fill(0xff)] as const
      for await (const [key, value] of storage.range(SYNC_TABLES.due, ...everything, 1_000_000)) {
        const { type, sends, dueMs, peer, id, groupId } = decodeRecord(key, value)
        // The reference keeps acks beside its table.
        if (type !== 'offer' && type !== 'request' && type !== 'message') continue
        states.push({
          type: type.toUpperCase(),
          send_count: sends,
          send_epoch: dueMs / EPOCH_MS,
          peer_id: toHex(peer),
          message_id: toHex(id),
          group_id: groupId ? toHex(groupId) : null,
        })
      }
      return states
    },
  }
}
