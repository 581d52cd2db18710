/** Opens the archive that the settings name. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '@status-protocol/bytes'
import type { EnvelopeArchive } from '@status-protocol/mailserver'
import type { Config } from '../config.ts'
import { reasonOf } from '../data-dir.ts'
import { NodeError } from '../error.ts'

export interface OpenArchive {
  readonly kind: Config['archive']
  readonly archive: EnvelopeArchive
  /** A copy while it works; SQLite only, PostgreSQL has `pg_dump`. */
  readonly backup?: (path: string) => Promise<void>
  /** Reads every page of the file; SQLite only. */
  readonly check?: () => Promise<void>
  close(): Promise<void>
}

type ArchiveConfig = Pick<Config, 'archive' | 'archiveUrlFile' | 'dataDir'>

/** In the data directory. */
export const ARCHIVE_DIRECTORY = 'archive'

/** @throws NodeError `archive`, `invalid-config` */
export async function openArchive(
  config: ArchiveConfig,
  { mustExist = false }: { readonly mustExist?: boolean } = {},
): Promise<OpenArchive> {
  return explained(config, () =>
    config.archive === 'postgres' ? openPostgres(config) : openSqlite(config.dataDir, mustExist),
  )
}

/**
 * One of several archives that a command names: the data directory of a node, a file that holds the URL of a PostgreSQL
 * database, or this URL if there is no password in it.
 *
 * @throws NodeError `archive`, `invalid-config`
 */
export async function openArchiveAt(place: string): Promise<OpenArchive> {
  if (/^postgres(ql)?:/.test(place))
    return explained({ archive: 'postgres' }, () => {
      if (!/^postgres(ql)?:\/\/([^\s:@/]*@)?[^\s@]+$/.test(place) || /[?&]password=/i.test(place))
        throw new NodeError(
          'invalid-config',
          'expected postgres://user@host/database; one with a password goes into a file, which is named instead',
        )
      return openUrl(place)
    })
  if (statSync(place, { throwIfNoEntry: false })?.isFile())
    return explained({ archive: 'postgres' }, () => openPostgres({ archiveUrlFile: place }, place))
  return explained({ archive: 'sqlite' }, () => openSqlite(place, true))
}

// The stores are loaded by those who use one: a relay needs neither.

async function openSqlite(dataDir: string, mustExist: boolean): Promise<OpenArchive> {
  const { ARCHIVE_FILE, createSqliteArchive } = await import('@status-protocol/storage-sqlite/archive')
  const directory = join(dataDir, ARCHIVE_DIRECTORY)
  if (mustExist && !existsSync(join(directory, ARCHIVE_FILE)))
    throw new NodeError('archive', `there is no archive in ${directory}: name the node's --data-dir`)
  const archive = await createSqliteArchive({ directory })
  return {
    ...{ kind: 'sqlite', archive },
    backup: (path) => archive.backup(path),
    check: () => archive.check(),
    close: () => archive.close(),
  }
}

async function openPostgres(
  { archiveUrlFile }: Pick<ArchiveConfig, 'archiveUrlFile'>,
  flag = '--archive-url-file',
): Promise<OpenArchive> {
  const url = archiveUrlFile === undefined ? undefined : secretIn(archiveUrlFile, flag)
  if (url !== undefined && !/^postgres(ql)?:\/\/\S+$/.test(url))
    throw new NodeError(
      'invalid-config',
      `${flag}: expected one line, postgres://user@host/database, in ${archiveUrlFile}`,
    )
  return openUrl(url)
}

async function openUrl(url: string | undefined): Promise<OpenArchive> {
  const { createPostgresArchive } = await import('@status-protocol/storage-postgres')
  const archive = await createPostgresArchive(url === undefined ? {} : { url })
  return { kind: 'postgres', archive, close: () => archive.close() }
}

/** The one line of a file. Is never shown. @throws NodeError `invalid-config` */
export function secretIn(path: string, flag: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new NodeError('invalid-config', `${flag}: ${path} cannot be read (${reasonOf(error)})`)
  }
  if (text !== '' && text.length <= 4_096 && !/[\r\n]/.test(text)) return text
  throw new NodeError('invalid-config', `${flag}: expected one line in ${path}`)
}

/** What a store says, in one line and with what to do. */
export async function explained<T>(
  { archive }: Pick<Config, 'archive'>,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof CodedError) || error instanceof NodeError) throw error
    const advice =
      archive === 'postgres' && error.code === 'unreachable'
        ? '; is it running, and do PGHOST, PGUSER, PGDATABASE and PGPASSFILE, or --archive-url-file, say where?'
        : ''
    throw new NodeError('archive', `archive: ${error.message}${advice}`)
  }
}
