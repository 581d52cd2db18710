/**
 * Minimal Viable Data Sync: reliable delivery between the members of a group, over anything that carries bytes and may
 * lose them.
 *
 * ```ts
 * const sync = createDataSync({ self, storage, send: (peer, payload) => channel.send(peer, payload) })
 * const id = await sync.append(await sync.join(bob), body)
 * for await (const event of sync.events()) console.log(event.type) // delivered | acked | gaveUp
 * ```
 *
 * {@link createDataSync} is the driver. The transitions that it runs ({@link append}, {@link receive}, {@link epoch}) are
 * pure and exported for hosts that commit several layers' changes at once.
 */
export { type AppendInput, type AppendResult, append, loadAppend, newMessage } from './append.ts'
export {
  createDataSync,
  type DataSync,
  type DataSyncOptions,
  type ReceiveResult,
  type Timer,
} from './data-sync.ts'
export { type EpochState, epoch, loadEpoch } from './epoch.ts'
export { MvdsError, type MvdsErrorCode } from './error.ts'
export type { SyncEvent } from './event.ts'
export { oneToOneGroupId, type SyncGroupId, syncGroupId } from './group.ts'
export {
  type MessageContent,
  messageIdOf,
  type SyncMessage,
  type SyncMessageId,
  type SyncMetadata,
  syncMessageId,
} from './message.ts'
export {
  MAX_BODY_BYTES,
  type ResolvedOptions,
  resolveOptions,
  type SyncContext,
  type SyncOptions,
} from './options.ts'
export { addPeer, loadPeer, type PeerState, peerReturned, removePeer } from './peers.ts'
export { type SyncReads, storageReads } from './reads.ts'
export { receive } from './receive.ts'
export { type Arrival, loadReceive, type ReceiveInput, type ReceiveState } from './receive-state.ts'
export type { RecordType, SyncRecord } from './record.ts'
export { boundedSchedule, EPOCH_MS, referenceSchedule, referenceSendTime, type Schedule } from './schedule.ts'
export { type PeerRow, type SeenEntry, type SeenRange, SYNC_TABLES } from './tables.ts'
export type { DraftState, RefusalReason, SyncOutput, Transition } from './transition.ts'
export {
  type DecodedPayload,
  decodeMessage,
  decodePayload,
  encodeMessage,
  encodePayload,
  MAX_PAYLOAD_BYTES,
  type Payload,
  type WireForm,
} from './wire.ts'
