/** What time alone does to an installation's record: sessions expire and are deleted, kept message keys too. */
import { forgetOldKeys, keepNewestKeys } from '../ratchet/session.ts'
import {
  type Installation,
  MAX_KEPT_KEYS_OF_INSTALLATION,
  type Session,
  session,
  withSessions,
} from './installation.ts'
import { sessionsInUse } from './sessions.ts'

/** An expired session still reads what comes late, this long after it expired or was last read on. */
export const EXPIRED_SESSION_LIFETIME_MS: number = 14 * 24 * 60 * 60 * 1000
/** An installation is not written to when bundles of its identity have left it out for this long. */
export const STALE_AFTER_MS: number = 7 * 24 * 60 * 60 * 1000

/**
 * A session expires when neither the pre key of the peer nor that of ours on which it was agreed is the current one any
 * more. The same value if nothing has changed.
 */
export function aged(
  installation: Installation,
  ownPreKeyId: Uint8Array | undefined,
  nowMs: number,
): Installation {
  const inUse = sessionsInUse(installation, ownPreKeyId)
  const kept = installation.sessions.flatMap((one) => {
    const next = withExpiry(one, inUse.includes(one), nowMs)
    return isOver(next, nowMs) ? [] : [withRatchet(next, forgetOldKeys(next.ratchet, nowMs))]
  })
  const sessions = withinKeptKeys(kept)
  const { length } = installation.sessions
  const isSame = sessions.length === length && sessions.every((one, i) => one === installation.sessions[i])
  return isSame ? installation : withSessions(installation, sessions)
}

/** Left out by bundles of its identity for a week. */
export function isStale({ missingMs }: Installation, nowMs: number): boolean {
  return missingMs !== 0 && nowMs - missingMs >= STALE_AFTER_MS
}

/** A message was read on it: if it has expired, it is kept 14 days from now. */
export function readOn(one: Session, nowMs: number): Session {
  return one.expiredMs === 0 ? one : session({ ...one, expiredMs: nowMs })
}

const HOUR_MS = 60 * 60 * 1000

/** Not more exact than an hour, so that the record seldom changes for this alone. */
export function used(installation: Installation, nowMs: number): Installation {
  const isKnown = Math.abs(nowMs - installation.usedMs) < HOUR_MS
  return isKnown ? installation : { ...installation, usedMs: nowMs }
}

function withExpiry(one: Session, isInUse: boolean, nowMs: number): Session {
  if (isInUse === (one.expiredMs === 0)) return one
  return session({ ...one, expiredMs: isInUse ? 0 : nowMs })
}

function isOver({ expiredMs }: Session, nowMs: number): boolean {
  return expiredMs !== 0 && nowMs - expiredMs >= EXPIRED_SESSION_LIFETIME_MS
}

function withRatchet(one: Session, ratchet: Session['ratchet']): Session {
  return ratchet === one.ratchet ? one : session({ ...one, ratchet })
}

/** Newest sessions keep theirs first. */
function withinKeptKeys(sessions: readonly Session[]): readonly Session[] {
  let left = MAX_KEPT_KEYS_OF_INSTALLATION
  const bounded = [...sessions].reverse().map((one) => {
    const ratchet = keepNewestKeys(one.ratchet, left)
    left -= ratchet.kept.length
    return withRatchet(one, ratchet)
  })
  return bounded.reverse()
}
