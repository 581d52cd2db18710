/**
 * One archive of envelopes in PostgreSQL for several mailservers.
 *
 * ```ts
 * import { createPostgresArchive } from '@status-protocol/storage-postgres'
 * const archive = await createPostgresArchive({ url: 'postgres://mail@db.example/mail' })
 * ```
 */
export { createPostgresArchive, type PostgresArchive, type PostgresArchiveOptions } from './archive.ts'
export { PostgresArchiveError, type PostgresArchiveErrorCode } from './error.ts'
