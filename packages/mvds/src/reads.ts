/** What transitions need to know; writes come back as changes. */
import { concat, type PublicKey } from '@status-protocol/bytes'
import type { Storage } from '@status-protocol/ports'
import type { SyncGroupId } from './group.ts'
import type { SyncMessage, SyncMessageId } from './message.ts'
import { decodeRecord, readUint64, type SyncRecord, uint64 } from './record.ts'
import {
  afterPrefix,
  decodeCount,
  decodePeerRow,
  decodeSeenEntry,
  decodeSeenRange,
  decodeStoredMessage,
  groupKey,
  type PeerRow,
  SEEN_KEY,
  type SeenEntry,
  type SeenRange,
  SYNC_TABLES,
} from './tables.ts'

export interface SyncReads {
  /** A message that we still have to send to somebody. */
  message(id: SyncMessageId): Promise<SyncMessage | undefined>
  /** Offer, request and message that wait for one peer's answer about one message. */
  records(peer: PublicKey, id: SyncMessageId): Promise<readonly SyncRecord[]>
  /** All that waits for a peer's answer. */
  peerRecords(peer: PublicKey, limit: number): Promise<readonly SyncRecord[]>
  /** Records due at `atMs` or before, earliest first, and after them those that are due later than `horizonMs`. */
  due(atMs: number, horizonMs: number, limit: number): Promise<readonly SyncRecord[]>
  /** When the first record after `atMs` is due. */
  nextDue(atMs: number): Promise<number | undefined>
  peer(publicKey: PublicKey): Promise<PeerRow | undefined>
  isMember(groupId: SyncGroupId, peer: PublicKey): Promise<boolean>
  /** For how many peers a message waits, given that it is kept. */
  waiting(id: SyncMessageId): Promise<number>
  groupPeers(groupId: SyncGroupId, limit: number): Promise<readonly PublicKey[]>
  /** Whether a message with this id has been received. */
  seen(id: SyncMessageId): Promise<boolean>
  seenRange(): Promise<SeenRange>
  oldestSeen(range: SeenRange, limit: number): Promise<readonly SeenEntry[]>
}

const NOTHING = new Uint8Array(0)

/** {@link SyncReads} over the tables of a {@link Storage}. */
export function storageReads(storage: Pick<Storage, 'get' | 'range'>): SyncReads {
  async function recordsAt(prefix: Uint8Array, limit: number): Promise<readonly SyncRecord[]> {
    const found: SyncRecord[] = []
    for await (const [, key] of storage.range(SYNC_TABLES.record, prefix, afterPrefix(prefix), limit)) {
      const value = await storage.get(SYNC_TABLES.due, key)
      if (value) found.push(decodeRecord(key, value))
    }
    return found
  }

  async function dueBetween(from: Uint8Array, to: Uint8Array, limit: number): Promise<SyncRecord[]> {
    const found: SyncRecord[] = []
    for await (const [key, value] of storage.range(SYNC_TABLES.due, from, to, limit))
      found.push(decodeRecord(key, value))
    return found
  }

  return {
    async message(id) {
      const bytes = await storage.get(SYNC_TABLES.message, id)
      return bytes && decodeStoredMessage(id, bytes)
    },
    records: (peer, id) => recordsAt(concat(peer, id), 3),
    peerRecords: (peer, limit) => recordsAt(peer, limit),
    async due(atMs, horizonMs, limit) {
      const due = await dueBetween(NOTHING, uint64(atMs + 1), limit)
      if (horizonMs <= atMs || !Number.isFinite(horizonMs) || due.length >= limit) return due
      const beyond = await dueBetween(uint64(horizonMs + 1), afterPrefix(NOTHING), limit - due.length)
      return [...due, ...beyond]
    },
    async nextDue(atMs) {
      const from = uint64(atMs + 1)
      for await (const [key] of storage.range(SYNC_TABLES.due, from, afterPrefix(NOTHING), 1))
        return readUint64(key, 0)
      return undefined
    },
    async peer(publicKey) {
      const bytes = await storage.get(SYNC_TABLES.peer, publicKey)
      return bytes && decodePeerRow(bytes)
    },
    async waiting(id) {
      const bytes = await storage.get(SYNC_TABLES.waiting, id)
      return bytes ? decodeCount(bytes) : 1
    },
    isMember: async (groupId, peer) =>
      (await storage.get(SYNC_TABLES.group, groupKey(groupId, peer))) !== undefined,
    async groupPeers(groupId, limit) {
      const peers: PublicKey[] = []
      for await (const [key] of storage.range(SYNC_TABLES.group, groupId, afterPrefix(groupId), limit))
        peers.push(key.slice(groupId.length))
      return peers
    },
    seen: async (id) => (await storage.get(SYNC_TABLES.seen, id)) !== undefined,
    seenRange: async () => decodeSeenRange(await storage.get(SYNC_TABLES.meta, SEEN_KEY)),
    async oldestSeen({ oldest, next }, limit) {
      const entries: SeenEntry[] = []
      for await (const [key, value] of storage.range(SYNC_TABLES.seenAt, uint64(oldest), uint64(next), limit))
        entries.push(decodeSeenEntry(key, value))
      return entries
    },
  }
}
