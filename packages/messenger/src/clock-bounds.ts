/**
 * How far ahead a message may pull its chat. A clock may be two minutes ahead of when its envelope says that it was sent
 * (payload), and the network refuses envelopes from the future; but what an archive hands over was looked at by nobody, and
 * who moves the clock of a chat years ahead silences everybody in it: all others would refuse what we write next.
 */
import { MAX_CLOCK_AHEAD_MS } from '@status-protocol/payload'

/** A node corrects its clock by at most a day: nothing honest is from further ahead of this machine's. */
const MAX_CLOCK_ERROR_SECONDS = 86_400

interface Sent {
  readonly sentUnixSeconds: number
  readonly direct?: boolean
}

/** With the latest time of sending that is believed; a message whose clock is two minutes beyond it is refused. */
export function believable<R extends Sent>(received: R, nowMs: number): R {
  const latest = Math.floor(nowMs / 1000) + MAX_CLOCK_ERROR_SECONDS
  return received.sentUnixSeconds <= latest ? received : { ...received, sentUnixSeconds: latest }
}

/** Where a message leaves the clock of its chat at most. An archive's word is not taken for more than this machine's time. */
export function highestClock({ direct }: Sent, nowMs: number): bigint | undefined {
  return direct ? BigInt(Math.floor(nowMs)) + MAX_CLOCK_AHEAD_MS : undefined
}
