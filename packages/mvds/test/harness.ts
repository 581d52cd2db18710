/** One party made of the transitions over a store, with time told by the test. */
import { type PublicKey, toHex } from '@status-protocol/bytes'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import {
  type AppendResult,
  addPeer,
  append,
  decodePayload,
  epoch,
  loadAppend,
  loadEpoch,
  loadPeer,
  loadReceive,
  newMessage,
  oneToOneGroupId,
  type Payload,
  peerReturned,
  receive,
  removePeer,
  resolveOptions,
  SYNC_TABLES,
  type SyncContext,
  type SyncGroupId,
  type SyncMessageId,
  type SyncMetadata,
  type SyncOptions,
  type SyncOutput,
  type SyncRecord,
  storageReads,
  type Transition,
} from '../src/index.ts'
import { decodeRecord, readUint64 } from '../src/record.ts'
import { decodeCount, decodePeerRow } from '../src/tables.ts'

export const NO_PAYLOAD: Payload = { acks: [], offers: [], requests: [], messages: [] }

/** 65 bytes that name somebody; nothing here looks at the curve. */
export function peer(number: number): PublicKey {
  return new Uint8Array(65).fill(number).fill(4, 0, 1)
}

export function outputsOf<T extends SyncOutput['type']>(
  outputs: readonly SyncOutput[],
  type: T,
): readonly Extract<SyncOutput, { type: T }>[] {
  return outputs.filter((output): output is Extract<SyncOutput, { type: T }> => output.type === type)
}

/** Time starts at the beginning of an epoch. */
export function createParty(self: PublicKey, syncOptions: SyncOptions = {}, startMs = 1_599_999_999_900) {
  const storage = createMemoryStorage()
  const reads = storageReads(storage)
  const options = resolveOptions(syncOptions)
  let nowMs = startMs
  const context = (): SyncContext => ({ self, nowMs, options })
  const commit = async ({ changes, outputs }: Transition): Promise<readonly SyncOutput[]> => {
    await storage.commit(changes)
    return outputs
  }

  return {
    self,
    storage,
    reads,
    options,
    now: () => nowMs,
    pass(ms: number) {
      nowMs += ms
    },
    groupWith: (other: PublicKey): SyncGroupId => oneToOneGroupId(self, other),
    join: (groupId: SyncGroupId, other: PublicKey) => commit(addPeer(groupId, other)),
    async append(
      to: readonly PublicKey[],
      body: Uint8Array,
      { groupId, metadata }: { groupId?: SyncGroupId; metadata?: SyncMetadata } = {},
    ): Promise<{ readonly id: SyncMessageId; readonly result: AppendResult }> {
      const group = groupId ?? oneToOneGroupId(self, to[0] as PublicKey)
      const input = { message: newMessage({ groupId: group, body, metadata }, context()), to }
      const result = append(await loadAppend(reads, input), input, context())
      if (result.ok) await commit(result)
      return { id: input.message.id, result }
    },
    async receive(from: PublicKey, payload: Partial<Payload> | Uint8Array): Promise<readonly SyncOutput[]> {
      const decoded = payload instanceof Uint8Array ? decodePayload(payload, options.wire) : undefined
      if (decoded && !decoded.ok) throw new Error(decoded.reason)
      const input = { from, payload: decoded?.payload ?? { ...NO_PAYLOAD, ...(payload as Partial<Payload>) } }
      return commit(receive(await loadReceive(reads, input, context()), input, context()))
    },
    async epoch(): Promise<readonly SyncOutput[]> {
      return commit(epoch(await loadEpoch(reads, context()), context()))
    },
    /** Lets a tick pass and tells what was sent. */
    async tick(): Promise<readonly (Payload & { readonly to: PublicKey })[]> {
      nowMs += options.epochMs
      return outputsOf(await this.epoch(), 'send').map(({ to, payload }) => {
        const decoded = decodePayload(payload, options.wire)
        return { to, ...(decoded.ok ? decoded.payload : NO_PAYLOAD) }
      })
    },
    async removePeer(groupId: SyncGroupId, other: PublicKey) {
      return commit(removePeer(await loadPeer(reads, other, context()), { groupId, peer: other }, context()))
    },
    async peerReturned(other: PublicKey) {
      return commit(peerReturned(await loadPeer(reads, other, context()), other, context()))
    },
    records: () => recordsIn(storage),
  }
}

export type Party = ReturnType<typeof createParty>

export async function rowsIn(storage: Storage, table: string): Promise<[Uint8Array, Uint8Array][]> {
  const rows: [Uint8Array, Uint8Array][] = []
  for await (const [key, value] of storage.range(
    table,
    new Uint8Array(0),
    new Uint8Array(200).fill(0xff),
    1e9,
  ))
    rows.push([key, value])
  return rows
}

export async function recordsIn(storage: Storage): Promise<readonly SyncRecord[]> {
  return (await rowsIn(storage, SYNC_TABLES.due)).map(([key, value]) => decodeRecord(key, value))
}

/** What must hold after every transition, whatever came in. */
export async function brokenInvariants(storage: Storage): Promise<readonly string[]> {
  const broken: string[] = []
  const records = await recordsIn(storage)
  const lasting = records.filter(({ type }) => ['offer', 'request', 'message'].includes(type))
  const waiting = new Map<string, Set<string>>()
  for (const { type, id, peer } of lasting)
    if (type !== 'request') waiting.set(toHex(id), (waiting.get(toHex(id)) ?? new Set()).add(toHex(peer)))

  const dueKeys = new Set((await rowsIn(storage, SYNC_TABLES.due)).map(([key]) => toHex(key)))
  const pointers = await rowsIn(storage, SYNC_TABLES.record)
  if (pointers.length !== lasting.length)
    broken.push(`${pointers.length} pointers to ${lasting.length} records`)
  for (const [, due] of pointers) if (!dueKeys.has(toHex(due))) broken.push('a pointer to nothing')

  const kept = (await rowsIn(storage, SYNC_TABLES.message)).map(([id]) => toHex(id))
  if (kept.sort().join() !== [...waiting.keys()].sort().join())
    broken.push(`${kept.length} messages are kept, ${waiting.size} are waiting`)
  const counts = new Map(
    (await rowsIn(storage, SYNC_TABLES.waiting)).map(([id, n]) => [toHex(id), decodeCount(n)]),
  )
  for (const [id, peers] of waiting)
    if ((counts.get(id) ?? 1) !== peers.size)
      broken.push(`waits for ${peers.size}, counted ${counts.get(id)}`)
  for (const id of counts.keys()) if (!waiting.has(id)) broken.push('a count of nothing')

  const rows = new Map(
    (await rowsIn(storage, SYNC_TABLES.peer)).map(([key, row]) => [toHex(key), decodePeerRow(row)]),
  )
  const peers = new Set([...rows.keys(), ...lasting.map((r) => toHex(r.peer))])
  for (const key of peers) {
    const own = lasting.filter((r) => toHex(r.peer) === key)
    const requests = own.filter(({ type }) => type === 'request').length
    const row = rows.get(key)
    if (row?.requests !== requests || row.outgoing !== own.length - requests)
      broken.push(
        `row ${JSON.stringify(row)}, but ${own.length - requests} outgoing and ${requests} requests`,
      )
    if (own.length === 0) broken.push('a row of a peer without records')
  }

  const [meta] = await rowsIn(storage, SYNC_TABLES.meta)
  const [oldest, next] = meta ? [readUint64(meta[1], 0), readUint64(meta[1], 8)] : [0, 0]
  const seen = (await rowsIn(storage, SYNC_TABLES.seen)).length
  const seenAt = (await rowsIn(storage, SYNC_TABLES.seenAt)).length
  if (seen !== next - oldest || seenAt !== seen)
    broken.push(`${oldest} .. ${next} seen, but ${seen} and ${seenAt} rows`)
  return broken
}
