/**
 * Keeps an archive complete from other mailservers (`--sync-from`): what they have that is new every five minutes, and once
 * a day all of the last day again. Goes on where it broke off, also after a restart.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, toHex } from '@status-protocol/bytes'
import {
  createSyncClient,
  type EnvelopeArchive,
  type Mailserver,
  MailserverError,
} from '@status-protocol/mailserver'
import { parseEnode } from '@status-protocol/p2p-devp2p'
import { bloomOfTopics, type SyncResponse, type Whisper } from '@status-protocol/whisper'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { shortId } from '../connection-log.ts'
import type { Logger } from '../log.ts'

const SYNC_EVERY_MS = 5 * 60_000
/** Whether one is connected is looked at this often; one who did not answer is asked again after the longer time. */
const [LOOK_MS, RETRY_MS] = [500, 10_000]
/** What came to them late is seen by going back a little each time. */
const OVERLAP_SECONDS = 600
/** What is younger may be on its way to them still. */
const SETTLE_SECONDS = 60
const DAY_SECONDS = 86_400
/** In the data directory. */
const STATE_FILE = 'archive-sync.json'

/** What is known of one mailserver. Times in Unix seconds. */
interface Progress {
  /** All up to here has been copied once. */
  readonly upTo?: number
  /** The last day was gone through again then. */
  readonly auditedAt?: number
  /** A run that is not over; `cursor` in hex. */
  readonly running?: { readonly from: number; readonly to: number; readonly cursor: string }
}

const SECONDS = z.int().min(0).max(0xffff_ffff)
const PROGRESS: z.ZodType<unknown> = z.object({
  upTo: SECONDS.optional(),
  auditedAt: SECONDS.optional(),
  running: z
    .object({
      from: SECONDS,
      to: SECONDS,
      cursor: z.string().regex(/^[0-9a-f]{72}$/, 'expected 72 hexadecimal digits'),
    })
    .refine(({ from, to }) => from <= to, 'from is later than to')
    .optional(),
})

export interface SyncDriver {
  /** Packet 124. */
  syncResponse(from: { readonly peerId: Uint8Array }, response: SyncResponse): Promise<void>
  /** Begins, and goes on until it is closed. */
  start(whisper: Pick<Whisper, 'peers'>): void
  close(): Promise<void>
}

export interface SyncDriverOptions {
  readonly config: Pick<Config, 'syncFrom' | 'dataDir' | 'retention' | 'archiveTopics'>
  /** Keeps what it is told to keep. */
  readonly server: Pick<Mailserver, 'archive'>
  readonly log: Logger
}

/** Undefined without `--sync-from`. */
export function createSyncDriver({ config, server, log }: SyncDriverOptions): SyncDriver | undefined {
  if (config.syncFrom.length === 0) return undefined
  const client = createSyncClient()
  const stop = new AbortController()
  const state = openState(join(config.dataDir, STATE_FILE), log)
  const running: Promise<void>[] = []
  const archive: Pick<EnvelopeArchive, 'putBatch'> = { putBatch: (all) => server.archive(all) }

  /** @throws MailserverError `no-answer`, `refused`; what the archive throws */
  const copy = async (
    peer: ReturnType<Whisper['peers']>[number],
    name: string,
    range: { readonly from: number; readonly to: number; readonly cursor?: string },
  ): Promise<{ stored: number; known: number; refused: number }> => {
    const { from, to, cursor } = range
    const counts = { stored: 0, known: 0, refused: 0 }
    const pages = client.sync(peer, {
      ...{ archive, fromUnixSeconds: from, toUnixSeconds: to, signal: stop.signal },
      ...(cursor && { after: fromHex(cursor) }),
      ...(config.archiveTopics && { bloom: bloomOfTopics(config.archiveTopics) }),
    })
    for await (const page of pages) {
      counts.stored += page.stored
      counts.known += page.known
      counts.refused += page.refused
      if (page.cursor) state.set(name, { running: { from, to, cursor: toHex(page.cursor) } })
    }
    return counts
  }

  /** One turn with one mailserver. Returns how long to wait for the next one. */
  const turn = async (whisper: Pick<Whisper, 'peers'>, name: string): Promise<number> => {
    const peer = whisper.peers().find(({ peerId }) => toHex(peerId) === name)
    if (!peer) return LOOK_MS
    const now = Math.floor(Date.now() / 1_000)
    const { upTo, auditedAt = 0, running: broken } = state.get(name)
    const oldest = now - (config.retention ?? now)
    // a time in the future is of a clock that was ahead then
    const isDue = auditedAt > now || now - auditedAt >= DAY_SECONDS
    const isAudit = upTo !== undefined && !broken && isDue
    const back = isAudit ? DAY_SECONDS : OVERLAP_SECONDS
    const from = upTo === undefined ? oldest : Math.max(oldest, Math.min(upTo, now) - back)
    const range = broken ?? { from: Math.max(0, from), to: now - SETTLE_SECONDS }
    const counts = await copy(peer, name, range)
    if (stop.signal.aborted) return 0
    const isFirst = upTo === undefined
    state.set(name, {
      running: undefined,
      upTo: range.to,
      ...((isAudit || isFirst) && { auditedAt: now }),
    })
    const told = { peer: shortId(peer.peerId), from: range.from, to: range.to, ...counts }
    if (isAudit && counts.stored > 0)
      log.warn(told, 'envelopes of the last day were missing; they are here now')
    else log[counts.stored > 0 ? 'info' : 'debug'](told, 'synced')
    return broken ? 0 : SYNC_EVERY_MS // after what had broken off there is more
  }

  const follow = async (whisper: Pick<Whisper, 'peers'>, name: string): Promise<void> => {
    while (!stop.signal.aborted) {
      let waitMs = RETRY_MS
      try {
        waitMs = await turn(whisper, name)
      } catch (error) {
        if (stop.signal.aborted) return
        if (!(error instanceof MailserverError)) log.error({ err: error }, 'the archive cannot be synced')
        else
          log.warn({ peer: name.slice(0, 16), reason: error.message }, 'a mailserver gave no answer to sync')
      }
      await pause(waitMs, stop.signal)
    }
  }

  return {
    syncResponse: (from, response) => client.syncResponse(from, response),
    start(whisper) {
      for (const enode of config.syncFrom) running.push(follow(whisper, toHex(parseEnode(enode).peerId)))
    },
    async close() {
      stop.abort()
      for (const enode of config.syncFrom) client.disconnected(parseEnode(enode).peerId)
      await Promise.all(running)
    },
  }
}

interface State {
  get(name: string): Progress
  /** What is left out stays; `undefined` is taken away. */
  set(name: string, change: { readonly [K in keyof Progress]?: Progress[K] | undefined }): void
}

/** A file that is lost, or is none, costs another run over everything. BOUNDED by the mailservers that were ever named. */
function openState(path: string, log: Logger): State {
  let all: Record<string, Progress> = {}
  for (const [name, read] of Object.entries(readState(path, log))) {
    const progress = PROGRESS.safeParse(read)
    if (progress.success) all[name] = read as Progress
    else {
      const [issue] = progress.error.issues
      const reason = `${issue?.path.join('.')}: ${issue?.message}`
      log.warn(
        { peer: name.slice(0, 16), reason },
        `${STATE_FILE} cannot be read: all of this mailserver is synced anew`,
      )
    }
  }
  return {
    get: (name) => all[name] ?? {},
    set(name, change) {
      const next: Progress = JSON.parse(JSON.stringify({ ...all[name], ...change }))
      all = { ...all, [name]: next }
      const draft = `${path}.new`
      writeFileSync(draft, JSON.stringify(all), { mode: 0o600 })
      renameSync(draft, path)
    },
  }
}

function readState(path: string, log: Logger): object {
  if (!existsSync(path)) return {}
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read
    log.warn({ reason: 'not an object' }, `${STATE_FILE} cannot be read: all is synced anew`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    log.warn({ reason }, `${STATE_FILE} cannot be read: all is synced anew`)
  }
  return {}
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
