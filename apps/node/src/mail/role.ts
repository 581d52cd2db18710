/** The part of a node that keeps history: what the node confirms is in the archive before, who asks is answered from there. */
import { toHex } from '@status-protocol/bytes'
import {
  type ArchiveSize,
  createMailserver,
  type Mailserver,
  type MailserverEvent,
} from '@status-protocol/mailserver'
import type { Config } from '../config.ts'
import { shortId } from '../connection-log.ts'
import { type Lifecycle, within } from '../lifecycle.ts'
import type { Logger } from '../log.ts'
import { type OpenArchive, openArchive, secretIn } from './archive.ts'

/** What clients of Status ask with. */
const USUAL_PASSWORD = 'status-offline-inbox'
/** Answers under way may end for this long when the node stops. */
const CLOSE_ANSWERS_MS = 500
/** Nothing may come for a while that would show that the archive works again. */
const FAILURE_MS = 60_000

export interface MailRole {
  readonly server: Pick<Mailserver, 'mail' | 'archive' | 'flush' | 'close'>
  readonly archive: OpenArchive
  readonly beforeConfirm: Mailserver['beforeConfirm']
  /** Envelopes that the node itself posts are archived too. */
  readonly posted: Mailserver['posted']
  stats(): Promise<MailStats>
  /** Why it cannot do its work, if so. */
  problem(): Promise<string | undefined>
  /** Told how long things took; for metrics. */
  onTook: ((what: 'write' | 'answer', milliseconds: number) => void) | undefined
}

/** Since the start of the node, but for the size. */
export interface MailStats extends ArchiveSize {
  readonly stored: number
  readonly known: number
  readonly answered: number
  readonly answeredEnvelopes: number
  readonly answeredBytes: number
  readonly refused: number
  readonly givenUp: number
  readonly pruned: number
  readonly failures: number
  /** Envelopes that the archive has not taken yet, at this moment; and those that it never took. */
  readonly waiting: number
  readonly lost: number
}

/** Undefined without `--mailserver`. @throws NodeError `archive`, `invalid-config` */
export async function startMailRole(
  config: Config,
  log: Logger,
  lifecycle: Lifecycle,
): Promise<MailRole | undefined> {
  if (!config.mailserver) return undefined
  const { mailPasswordFile, archiveMaxBytes, retention, archiveTopics } = config
  const password =
    mailPasswordFile === undefined ? USUAL_PASSWORD : secretIn(mailPasswordFile, '--mail-password-file')
  const archive = await openArchive(config)
  lifecycle.onClose('archive', () => archive.close())
  const counters = new Counters()
  const server = await createMailserver({
    ...{ archive: archive.archive, password },
    retention: {
      ...(retention !== undefined && { maxAgeSeconds: retention }),
      ...(archiveMaxBytes !== undefined && { maxBytes: archiveMaxBytes }),
    },
    ...(archiveTopics && { topics: archiveTopics }),
    log: (event) => {
      counters.count(event)
      logMail(log, event)
      if (event.type === 'answered') role.onTook?.('answer', event.tookMs)
    },
  })
  lifecycle.onClose('what waits for the archive', async () => {
    await server.flush()
    const { envelopes } = server.waiting
    if (envelopes > 0) log.error({ envelopes }, 'these were not archived: the archive fails')
  })
  const role: MailRole = {
    archive,
    server,
    beforeConfirm: (batch) => timed(server.beforeConfirm(batch)),
    posted: server.posted,
    stats: async () => ({
      ...{ ...counters.values, waiting: server.waiting.envelopes },
      ...(await archive.archive.size().catch(() => NO_SIZE)),
    }),
    problem: () => problemOf(archive, counters, server.waiting.envelopes),
    onTook: undefined,
  }
  const timed = async (written: Promise<void>): Promise<void> => {
    const startedMs = performance.now()
    await written
    role.onTook?.('write', performance.now() - startedMs)
  }
  // what came of age while the node was not running
  void server.prune().catch((error) => log.error({ err: error }, 'the archive cannot be pruned'))
  return role
}

/** To be closed before Whisper is. */
export async function closeMailRole({ server }: MailRole): Promise<void> {
  await within(CLOSE_ANSWERS_MS, server.close())
}

const NO_SIZE: ArchiveSize = { envelopes: Number.NaN, bytes: Number.NaN }

class Counters {
  readonly values = {
    ...{ stored: 0, known: 0, answered: 0, answeredEnvelopes: 0, answeredBytes: 0 },
    ...{ refused: 0, givenUp: 0, pruned: 0, failures: 0, lost: 0 },
  }
  /** When something went wrong, unless something has gone well since. */
  failedAtMs: number | undefined

  count(event: MailserverEvent): void {
    const { values } = this
    if (event.type === 'archived') {
      values.stored += event.stored
      values.known += event.known
      this.failedAtMs = undefined
    } else if (event.type === 'answered') {
      values.answered++
      values.answeredEnvelopes += event.envelopes
      values.answeredBytes += event.bytes
    } else if (event.type === 'refused') values.refused++
    else if (event.type === 'given-up') values.givenUp++
    else if (event.type === 'pruned') values.pruned += event.envelopes
    else if (event.type === 'lost') values.lost += event.envelopes
    else {
      values.failures++
      this.failedAtMs = performance.now()
    }
  }
}

async function problemOf(
  { archive }: OpenArchive,
  counters: Counters,
  waiting: number,
): Promise<string | undefined> {
  const failedAtMs = counters.failedAtMs ?? Number.NEGATIVE_INFINITY
  if (performance.now() - failedAtMs < FAILURE_MS)
    return `the archive fails: see the log; ${waiting} envelopes wait for it`
  return archive.size().then(
    () => undefined,
    (error) => (error instanceof Error ? error.message : 'the archive cannot be read'),
  )
}

function logMail(log: Logger, event: MailserverEvent): void {
  if (event.type === 'archive-failed')
    log.error({ err: event.error }, 'the archive failed: nothing is confirmed until it works again')
  else if (event.type === 'lost')
    log.error({ envelopes: event.envelopes }, 'the archive has failed for too long: these are lost to it')
  else if (event.type === 'pruned') log.info({ envelopes: event.envelopes }, 'pruned')
  else if (event.type === 'archived') log.trace({ stored: event.stored, known: event.known }, 'archived')
  else {
    const { type, peerId, requestId, ...rest } = event
    log.debug({ peer: shortId(peerId), request: toHex(requestId).slice(0, 16), ...rest }, type)
  }
}
