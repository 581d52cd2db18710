/**
 * How an answer is cut into packets 127, as the reference cuts it: a packet is full before it reaches the peer's limit, and
 * the envelope that reaches the request's limit goes in a packet of its own. Pure.
 */
import { type Envelope, type EnvelopeHash, envelopeHash } from '@status-protocol/whisper'
import { cursorOf } from './cursor.ts'

/** The header of a list of up to 16 MiB. */
const LIST_HEADER_BYTES = 4

export interface AnswerEnd {
  /** What is left to send; may be empty. */
  readonly bundle: readonly Envelope[]
  /** All zero: nothing was found. */
  readonly lastEnvelopeHash: EnvelopeHash
  /** Given whenever the limit was reached, even if nothing follows. */
  readonly cursor: Uint8Array | undefined
}

export class Bundles {
  readonly #limit: number
  readonly #maxBytes: number
  #bundle: Envelope[] = []
  #bytes = LIST_HEADER_BYTES
  #count = 0
  #last: Envelope | undefined

  constructor(limit: number, maxPacketBytes: number) {
    this.#limit = limit
    this.#maxBytes = maxPacketBytes
  }

  /** Takes the next envelope; a bundle that has to be sent now, if there is one. */
  push(envelope: Envelope): readonly Envelope[] | undefined {
    this.#count++
    this.#last = envelope
    const bytes = this.#bytes + envelope.rlp.length
    if (this.#count < this.#limit && bytes < this.#maxBytes) {
      this.#bundle.push(envelope)
      this.#bytes = bytes
      return undefined
    }
    const full = this.#bundle
    this.#bundle = [envelope]
    this.#bytes = LIST_HEADER_BYTES + envelope.rlp.length
    return full.length > 0 ? full : undefined
  }

  end(): AnswerEnd {
    const last = this.#last
    return {
      bundle: this.#bundle,
      lastEnvelopeHash: last ? envelopeHash(last) : (new Uint8Array(32) as EnvelopeHash),
      cursor: last && this.#count >= this.#limit ? cursorOf(last) : undefined,
    }
  }
}
