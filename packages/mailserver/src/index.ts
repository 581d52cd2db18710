/**
 * Mailservers: the archive of Whisper envelopes, requests for history and their answers.
 *
 * ```ts
 * const server = await createMailserver({ archive, password: 'status-offline-inbox' })
 * const whisper = createWhisper({ beforeConfirm: server.beforeConfirm, mail: server.mail })
 * ```
 *
 * Archives are elsewhere (`storage-memory`, `storage-sqlite/archive`, `storage-postgres`); their conformance suite is
 * `@status-protocol/mailserver/testing`.
 */
// The archive
export {
  type ArchiveDigest,
  type ArchiveMatch,
  type ArchiveQuery,
  type ArchiveSize,
  CURSOR_BYTES,
  type EnvelopeArchive,
  type PruneRule,
} from './archive.ts'
// Between mailservers
export {
  type Auditable,
  type AuditOptions,
  compareArchives,
  type Difference,
  type Repair,
  repairArchives,
} from './audit.ts'
export type { BacklogSize } from './backlog.ts'
export { cursorFrom, cursorOf } from './cursor.ts'
export { MailserverError, type MailserverErrorCode } from './error.ts'
// The client
export type { HistoryClient, HistoryClientOptions } from './history/api.ts'
export { createHistoryClient } from './history/client.ts'
export { HISTORY_TABLE } from './history/coverage.ts'
export type { HistoryEvent, HistoryProgress, HistoryWish } from './history/events.ts'
export { guardLink } from './history/guard.ts'
// Requests
export type { MailserverLimits } from './limits.ts'
// The server
export type { MailPeer } from './peer.ts'
export {
  decodeMailRequest,
  encodeMailRequest,
  formOf,
  MAX_REQUEST_TOPICS,
  type MailRequest,
  type RequestForm,
} from './request.ts'
export {
  createMailserver,
  type Mailserver,
  type MailserverEvent,
  type MailserverOptions,
} from './server.ts'
export {
  createSyncClient,
  type SyncClient,
  type SyncClientOptions,
  type SyncOptions,
  type SyncPage,
} from './sync-client.ts'
// For operators
export {
  exportArchive,
  importArchive,
  readExport,
  type TransferOptions,
  type Verification,
  verifyArchive,
} from './transfer.ts'
