/** One line for each thing that happens to a connection. */
import { disconnectReasonText, type Host, type HostEvent, type Peer } from '@status-protocol/p2p-devp2p'
import { type ClockReport, clockWarning, type WhisperEvent } from '@status-protocol/whisper'
import type { Logger } from './log.ts'

/** Peers whose last failure is remembered, so that the same one is not told at level `warn` again and again. */
const MAX_REMEMBERED_FAILURES = 1_000

/** Until the host is closed. */
export async function logHost(host: Pick<Host, 'events'>, log: Logger): Promise<void> {
  /** BOUNDED by MAX_REMEMBERED_FAILURES. */
  const failures = new Map<string, string>()
  for await (const event of host.events()) {
    if (event.type !== 'dial-failed') {
      log.debug(fieldsOf(event), event.type)
      if (event.type === 'link-up' && event.peer.enode) failures.delete(event.peer.enode)
      continue
    }
    // others than configured ones are found and lost all the time
    const isNews = event.redialInMs !== undefined && failures.get(event.enode) !== event.detail
    if (failures.size >= MAX_REMEMBERED_FAILURES) failures.clear()
    failures.set(event.enode, event.detail)
    log[isNews ? 'warn' : 'debug'](fieldsOf(event), 'dial-failed')
  }
}

export function logWhisper(log: Logger, event: WhisperEvent): void {
  if (event.type === 'clock') {
    logClock(log, event.report)
    return
  }
  const peer = event.peerId.length > 0 ? { peer: shortId(event.peerId) } : {}
  if (event.type === 'defect' || event.type === 'handler-failed')
    log.error({ ...peer, err: event.error }, event.type)
  else if (event.type === 'down')
    log.debug({ ...peer, reason: disconnectReasonText(event.reason) }, event.type)
  else if (event.type === 'dropped') log.debug({ ...peer, detail: event.detail }, event.type)
  else log.debug(peer, event.type)
}

function logClock(log: Logger, report: ClockReport): void {
  const { offsetSeconds, correctionSeconds, votes } = report
  const warning = clockWarning(report)
  if (warning === undefined) log.info({ correctionSeconds }, 'the clock of this machine is right again')
  else log.warn({ offsetSeconds, correctionSeconds, votes: votes.length, warning }, 'clock')
}

/** As much of a peer's id as people compare: 8 of its 64 bytes. */
export function shortId(peerId: Uint8Array): string {
  return Buffer.from(peerId.subarray(0, 8)).toString('hex')
}

function fieldsOf(event: HostEvent): object {
  if (event.type === 'gap') return { dropped: event.dropped }
  if (event.type === 'dial-failed') {
    const { enode, cause, detail, redialInMs } = event
    return { enode, cause, detail, redialInMs }
  }
  if (event.type === 'link-up') return peerFields(event.peer)
  const { peer, cause, by, reason, detail, redialInMs } = event
  return { ...peerFields(peer), cause, by, reason: disconnectReasonText(reason), detail, redialInMs }
}

function peerFields({ peerId, ip, direction, clientName, capabilities, isTrusted }: Peer): object {
  return { peer: shortId(peerId), ip, direction, client: clientName, capabilities, trusted: isTrusted }
}
