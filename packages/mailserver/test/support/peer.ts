/** A peer of a mailserver that keeps what it is sent. No Node: the vectors run in browsers too. */
import { toHex } from '@status-protocol/bytes'
import {
  decodeDirect,
  decodeRequestComplete,
  envelopeHash,
  packetCodes,
  type RequestComplete,
} from '@status-protocol/whisper'
import type { MailPeer } from '../../src/index.ts'

export interface Sent {
  readonly code: number
  readonly body: Uint8Array
}

export interface RecordingPeer extends MailPeer {
  readonly packets: Sent[]
  /** Resolves once so many packets of this code have come. */
  waitFor(code: number, count?: number): Promise<void>
  /** Hashes of the envelopes, a list a packet 127. */
  batches(): string[][]
  outcome(): RequestComplete
}

export function recordingPeer(maxPacketBytes?: number, id = 1): RecordingPeer {
  const packets: Sent[] = []
  const waiting = new Set<() => void>()
  const of = (code: number) => packets.filter((packet) => packet.code === code)
  return {
    peerId: new Uint8Array(64).fill(id),
    ...(maxPacketBytes !== undefined && { maxPacketBytes }),
    packets,
    async send(code, body) {
      packets.push({ code, body: body.slice() })
      for (const wake of waiting) wake()
      return true
    },
    waitFor: (code, count = 1) =>
      new Promise((resolve) => {
        const look = () => {
          if (of(code).length < count) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    batches: () =>
      of(packetCodes.direct).map(({ body }) => decodeDirect(body).map((e) => toHex(envelopeHash(e)))),
    outcome: () => decodeRequestComplete((of(packetCodes.requestComplete).at(-1) as Sent).body),
  }
}
