/**
 * Whether this machine's clock is right. Relays refuse what is more than 20 seconds off, so a wrong clock looks like a
 * network that loses messages.
 */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { OwnerState } from '../data-dir-lock.ts'
import { NODE_KEY_FILE } from '../node-key.ts'
import { type Finding, fail, ok, skipped, warn } from './finding.ts'
import { output } from './process.ts'

/** This program is younger. */
const WRITTEN_UNIX_MS = Date.UTC(2026, 0, 1)
/** Peers refuse envelopes that are further off. */
const TOLERATED_SECONDS = 20
/** Fewer envelopes say nothing about a clock. */
const ENOUGH_ENVELOPES = 20

const ADVICE = 'set the clock and keep it right: sudo timedatectl set-ntp true, or chrony'

export interface ClockEvidence {
  readonly nowUnixMs: number
  /** When something was written that was written in the past. */
  readonly pastUnixMs: number
  /** Whether the system keeps its clock by others; undefined: not known. */
  readonly isSynchronized: boolean | undefined
  /** What the node that runs on the data directory says, if one does. */
  readonly node: OwnerState | undefined
}

export function judgeClock({ nowUnixMs, pastUnixMs, isSynchronized, node }: ClockEvidence): Finding {
  const now = new Date(nowUnixMs).toISOString()
  if (nowUnixMs < pastUnixMs)
    return fail('clock', `it says ${now}, which is before ${new Date(pastUnixMs).toISOString()}`, ADVICE)
  const offset = offsetOf(node)
  if (offset !== undefined && Math.abs(offset) > TOLERATED_SECONDS / 2)
    return fail('clock', `${Math.abs(offset)} s ${offset < 0 ? 'ahead of' : 'behind'} those of peers`, ADVICE)
  const share = shareOffTime(node)
  if (share !== undefined && share > 0.5)
    return fail(
      'clock',
      `${Math.round(share * 100)} % of the envelopes of peers seem to come from another time`,
      ADVICE,
    )
  if (isSynchronized === false) return warn('clock', `it says ${now}; nothing keeps it right`, ADVICE)
  if (offset !== undefined) return ok('clock', `it says ${now}, ${offset} s from those of peers`)
  if (share !== undefined) return ok('clock', `it says ${now}, and envelopes of peers agree`)
  return isSynchronized
    ? ok('clock', `it says ${now}, and is kept right`)
    : skipped('clock', `it says ${now}; nothing here tells whether that is right`, 'compare it with another')
}

/** Seconds that peers' clocks are ahead of ours, as the node has found them. */
function offsetOf(node: OwnerState | undefined): number | undefined {
  const offset = node?.clockOffsetSeconds
  return typeof offset === 'number' && Number.isFinite(offset) ? Math.round(offset * 10) / 10 : undefined
}

/** Of the envelopes that came. */
function shareOffTime(node: OwnerState | undefined): number | undefined {
  const counts = node?.envelopes as { readonly received?: unknown; readonly offTime?: unknown } | undefined
  if (typeof counts?.received !== 'number' || typeof counts.offTime !== 'number') return undefined
  return counts.received >= ENOUGH_ENVELOPES ? counts.offTime / counts.received : undefined
}

export async function checkClock(dataDir: string, node: OwnerState | undefined): Promise<Finding> {
  const key = join(dataDir, NODE_KEY_FILE)
  return judgeClock({
    nowUnixMs: Date.now(),
    pastUnixMs: Math.max(WRITTEN_UNIX_MS, existsSync(key) ? statSync(key).mtimeMs : 0),
    isSynchronized: await synchronized(),
    node,
  })
}

async function synchronized(): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return undefined
  const said = await output('timedatectl', ['show', '--property=NTPSynchronized', '--value'])
  return said === 'yes' ? true : said === 'no' ? false : undefined
}
