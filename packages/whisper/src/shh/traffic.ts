/** Packets and bytes over all links, by packet code. They only grow. */
import { PACKET_CODE_COUNT } from '../packets/codes.ts'

/** What one packet code has carried; bodies only, without what the link adds. */
export interface CodeTraffic {
  /** 0 .. 127. */
  readonly code: number
  readonly packetsReceived: number
  readonly bytesReceived: number
  readonly packetsSent: number
  readonly bytesSent: number
}

/** BOUNDED: four numbers for each of the 128 codes. */
export class Traffic {
  readonly #packetsReceived = new Float64Array(PACKET_CODE_COUNT)
  readonly #bytesReceived = new Float64Array(PACKET_CODE_COUNT)
  readonly #packetsSent = new Float64Array(PACKET_CODE_COUNT)
  readonly #bytesSent = new Float64Array(PACKET_CODE_COUNT)

  received(code: number, bytes: number): void {
    count(this.#packetsReceived, code, 1)
    count(this.#bytesReceived, code, bytes)
  }

  sent(code: number, bytes: number): void {
    count(this.#packetsSent, code, 1)
    count(this.#bytesSent, code, bytes)
  }

  /** The codes that carried anything, in order. */
  byCode(): readonly CodeTraffic[] {
    return Array.from({ length: PACKET_CODE_COUNT }, (_, code) => ({
      code,
      packetsReceived: this.#packetsReceived[code] as number,
      bytesReceived: this.#bytesReceived[code] as number,
      packetsSent: this.#packetsSent[code] as number,
      bytesSent: this.#bytesSent[code] as number,
    })).filter(({ packetsReceived, packetsSent }) => packetsReceived + packetsSent > 0)
  }
}

/** A link that hands over codes out of range harms nothing: writes beyond the end of a typed array are dropped. */
function count(counters: Float64Array, code: number, by: number): void {
  counters[code] = (counters[code] as number) + by
}
