/** A raw peer that notes when each of the envelopes that it waits for came, whatever else comes. */
import { rlpElements, rlpSpan } from '@status-protocol/bytes/rlp'
import { batchHash, encodeBatchAcknowledged, packetCodes } from '@status-protocol/whisper'
import { programOptions, say, sharedNowMs } from '../../bench/support/program.ts'
import { dialRaw } from '../../bench/support/relay/raw-peer.ts'
import { endOf, readSealed } from '../../bench/support/relay/sealed.ts'

export interface ListenerOptions {
  readonly enode: string
  readonly file: string
  readonly skip: number
  readonly count: number
}

/** When each came, in the order of the file. */
export type ListenerReport = Float64Array

const { enode, file, skip, count } = programOptions<ListenerOptions>()
const { envelopes } = readSealed(file)
const waitedFor = new Map(envelopes.slice(skip, skip + count).map((rlp, i) => [endOf(rlp), i]))
const cameAtMs: ListenerReport = new Float64Array(count)
const peer = await dialRaw(enode)
peer.onPacket((code, body) => {
  if (code !== packetCodes.messages) return
  const now = sharedNowMs()
  for (const { end } of rlpElements(body, rlpSpan(body))) note(endOf(body.subarray(0, end)), now)
  void peer.send(packetCodes.batchAcknowledged, encodeBatchAcknowledged(batchHash(body)))
  if (waitedFor.size === 0) say(cameAtMs)
})
process.on('disconnect', () => process.exit())
say('ready')

function note(end: string, now: number): void {
  const i = waitedFor.get(end)
  if (i === undefined) return
  cameAtMs[i] = now
  waitedFor.delete(end)
}
