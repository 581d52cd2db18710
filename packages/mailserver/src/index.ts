/**
 * The archive of Whisper envelopes: what a mailserver needs of a store.
 *
 * ```ts
 * for await (const envelope of archive.query({ fromUnixSeconds, toUnixSeconds, limit: 100, match: { topics } }, signal))
 *   console.log(envelopeHash(envelope))
 * ```
 *
 * The port, its cursor and its conformance suite (`@status-protocol/mailserver/testing`). Requests and answers are not
 * here yet.
 */
export {
  type ArchiveDigest,
  type ArchiveMatch,
  type ArchiveQuery,
  type ArchiveSize,
  CURSOR_BYTES,
  type EnvelopeArchive,
  type PruneRule,
} from './archive.ts'
export { cursorOf } from './cursor.ts'
