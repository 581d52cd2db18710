/** `status-node archive`: looks after the archive of a mailserver. */
import { createReadStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ArchiveSize, exportArchive, importArchive, verifyArchive } from '@status-protocol/mailserver'
import type { Command } from 'commander'
import { askNode } from '../ask-node.ts'
import type { Config } from '../config.ts'
import { reasonOf } from '../data-dir.ts'
import { ownerOf } from '../data-dir-lock.ts'
import { EXIT, NodeError } from '../error.ts'
import { inert } from '../terminal-text.ts'
import { explained, type OpenArchive, openArchive } from './archive.ts'
import { compareAt, comparisonText, type RangeFlags, rangeOf, timeText } from './compare.ts'
import { ARCHIVE_ROUTES } from './routes.ts'

/** Copies are made at the disk's pace. */
const BACKUP_MS = 6 * 3_600_000

/** Adds `archive verify | prune | export | import | backup | compare`. */
export function addArchiveCommands(program: Command, config: () => Config): void {
  const archive = program
    .command('archive')
    .description("Look after a mailserver's archive; all but backup while no node has it, or in PostgreSQL.")
  archive
    .command('verify')
    .description('Read everything: is each envelope one, in its place, once? Ends with 5 if not.')
    .action(() => verify(config()))
  archive
    .command('prune')
    .description('Delete what --retention and --archive-max-bytes do not keep, now.')
    .action(() => prune(config()))
  archive
    .command('export')
    .description('Write all envelopes, or those of --archive-topics, to a file with a checksum.')
    .argument('<file>', 'a new one; - is standard output')
    .action((file: string) => exportTo(file, config()))
  archive
    .command('import')
    .description('Take an export in; again after a break is fine.')
    .argument('<file>', '- is standard input')
    .action((file: string) => importFrom(file, config()))
  archive
    .command('backup')
    .description('Copy an SQLite archive, also that of a running node with --ipc.')
    .argument('<file>', 'a new one')
    .action((file: string) => backup(file, config()))
  archive
    .command('compare')
    .description('Do two archives hold the same? Says where not, and ends with 5 then.')
    .argument(
      '<first>',
      "a node's data directory, a file with a postgres:// URL, or that URL without password",
    )
    .argument('<second>', 'likewise')
    .option('--repair', 'copy into each what it lacks of the other')
    .option('--since <time>', 'only what was sent so long ago at most: 30d, 12h, 90m')
    .option('--from <time>', 'only what was sent then or later, in UTC: 2026-11-22, 2026-11-22T18:00')
    .option('--to <time>', 'only what was sent before')
    .action((first: string, second: string, flags: CompareFlags) => compare(first, second, flags, config()))
}

async function verify(config: Config): Promise<void> {
  const result = await withArchive(config, async ({ archive, check }) => {
    await check?.()
    return verifyArchive(archive, progressOf('verified', config))
  })
  const { envelopes, bytes, problems } = result
  say(config, { ok: problems.length === 0, envelopes, bytes, problems }, [
    ...problems.map((problem) => inert(problem)),
    problems.length === 0
      ? `All is well: ${sizeText(result)}.`
      : `${problems.length} problems in ${sizeText(result)}.`,
  ])
  if (problems.length > 0) process.exit(EXIT.unwell)
}

async function prune(config: Config): Promise<void> {
  const { retention, archiveMaxBytes } = config
  const result = await withArchive(config, async ({ archive }) => {
    const before = retention === undefined ? 0 : Math.max(0, Math.floor(Date.now() / 1000) - retention)
    let deleted = before > 0 ? await archive.prune({ beforeUnixSeconds: before }) : 0
    if (archiveMaxBytes !== undefined) deleted += await archive.prune({ maxBytes: archiveMaxBytes })
    return { deleted, ...(await archive.size()) }
  })
  say(config, result, [`${result.deleted} envelopes deleted; ${sizeText(result)} are left.`])
}

async function exportTo(file: string, config: Config): Promise<void> {
  const { archiveTopics: topics } = config
  const progress = progressOf('exported', config)
  let size: ArchiveSize = { envelopes: 0, bytes: 0 }
  await withArchive(config, ({ archive }) =>
    written(
      file,
      exportArchive(archive, {
        ...(topics && { topics }),
        progress: (soFar) => {
          size = soFar
          progress.progress(soFar)
        },
      }),
    ),
  )
  if (file !== '-') say(config, { file, ...size }, [`${sizeText(size)} in ${file}.`])
}

async function importFrom(file: string, config: Config): Promise<void> {
  const { archiveTopics: topics } = config
  if (file !== '-' && !existsSync(file)) throw new NodeError('invalid-config', `there is no file ${file}`)
  if (file !== '-' && statSync(file).isDirectory())
    throw new NodeError('invalid-config', `expected the file of an export, ${file} is a directory`)
  const result = await withArchive(
    config,
    ({ archive }) =>
      importArchive(archive, file === '-' ? process.stdin : createReadStream(file), {
        ...(topics && { topics }),
        ...progressOf('read', config),
      }),
    { isNew: true },
  )
  say(config, result, [`${result.stored} envelopes are new, ${result.known} were there.`])
}

async function backup(file: string, config: Config): Promise<void> {
  if (config.archive !== 'sqlite')
    throw new NodeError('invalid-config', 'backup copies SQLite archives; for PostgreSQL there is pg_dump')
  const path = resolve(file)
  const owner = await ownerOf(config.dataDir)
  if (owner === undefined) await withArchive(config, ({ backup: copy }) => copy?.(path) ?? Promise.resolve())
  else
    await askNode(ARCHIVE_ROUTES, config, (call) => call.admin_backupArchive([path]), {
      ...{ answerMs: BACKUP_MS, needs: '--ipc' },
    })
  say(config, { file: path }, [`A copy of the archive is in ${path}.`])
}

interface CompareFlags extends RangeFlags {
  readonly repair?: boolean
}

async function compare(first: string, second: string, flags: CompareFlags, config: Config): Promise<void> {
  const range = rangeOf(flags, Date.now() / 1_000)
  const tell = slowly((day: number) => {
    if (config.json) console.error(JSON.stringify({ event: 'progress', what: 'compared', day }))
    else tellPeople(`compared up to ${timeText(day).slice(0, 10)}`)
  })
  const result = await compareAt(first, second, { repair: flags.repair === true, range, progress: tell })
  say(config, result, comparisonText(result))
  if (!result.same) process.exit(EXIT.unwell)
}

async function withArchive<T>(
  config: Config,
  action: (archive: OpenArchive) => Promise<T>,
  { isNew = false } = {},
): Promise<T> {
  const archive = await openArchive(config, { mustExist: !isNew })
  try {
    return await explained(config, () => action(archive))
  } finally {
    await archive.close()
  }
}

/** Complete under its name, or not there. */
async function written(file: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  if (file === '-') {
    for await (const piece of pieces) if (!(await isPrinted(piece))) return
    return
  }
  if (existsSync(file)) throw new NodeError('invalid-config', `${file} is there already: name a new file`)
  const unfinished = `${file}.unfinished`
  let handle: FileHandle | undefined
  try {
    handle = await open(unfinished, 'w', 0o600)
    for await (const piece of pieces) await handle.writeFile(piece)
    await handle.sync()
    await handle.close()
    renameSync(unfinished, file)
  } catch (error) {
    await handle?.close().catch(() => undefined)
    rmSync(unfinished, { force: true })
    if (error instanceof Error && 'syscall' in error)
      throw new NodeError('archive', `${file} cannot be written (${reasonOf(error)})`)
    throw error
  }
}

/** False: nobody reads it any more. */
function isPrinted(piece: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => process.stdout.write(piece, (error) => resolve(!error)))
}

/** On standard error, at most once a second; to a terminal in one line. */
function progressOf(what: string, { json }: Config): { progress(soFar: ArchiveSize): void } {
  return {
    progress: slowly((soFar: ArchiveSize) => {
      if (json) console.error(JSON.stringify({ event: 'progress', what, ...soFar }))
      else tellPeople(`${what}: ${sizeText(soFar)}`)
    }),
  }
}

/** Not in the first second, then at most once a second. */
function slowly<T>(tell: (value: T) => void): (value: T) => void {
  let toldMs = performance.now()
  return (value) => {
    if (performance.now() - toldMs < 1_000) return
    toldMs = performance.now()
    tell(value)
  }
}

function tellPeople(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\u001b[K\r`)
  else console.error(text)
}

function sizeText({ envelopes, bytes }: ArchiveSize): string {
  return `${envelopes.toLocaleString('en-US')} envelopes of ${(bytes / 1e6).toFixed(1)} MB`
}

function say({ json }: Config, result: object, lines: readonly string[]): void {
  console.log(json ? JSON.stringify(result) : lines.join('\n'))
}
