/**
 * What becomes of the envelopes that this node made: sent, confirmed by which peers, expired. Pure.
 *
 * A peer confirms a packet that it got from us (11), or tells which envelopes of it it did not take (12, which comes
 * first). A peer that does not confirm at all counts as having confirmed as soon as its link has taken the packet, as it
 * does for status-go.
 */
import { toHex } from '@status-protocol/bytes'
import type { EnvelopeHash } from '../envelope.ts'
import type { EnvelopeError, MessageResponse } from '../packets/message-response.ts'
import { MAX_OWN_ENVELOPES, MAX_PENDING_BATCHES } from './limits.ts'

interface Own {
  readonly hash: EnvelopeHash
  readonly expiryUnixSeconds: number
  sentTo: number
  confirmedBy: number
}

/** How far an own envelope has come. */
export interface OwnProgress {
  /** Peers whose links have taken it. */
  readonly sentTo: number
  /** Peers that have it. */
  readonly confirmedBy: number
}

export class OwnEnvelopes {
  /** By hash. BOUNDED by MAX_OWN_ENVELOPES (whoever adds asks for {@link isFull}); gone when expired. */
  readonly #own = new Map<string, Own>()
  /** Per link, hash of a packet to the own envelopes in it. BOUNDED by MAX_PENDING_BATCHES per link, the oldest goes. */
  readonly #batches = new Map<number, Map<string, readonly Own[]>>()

  get size(): number {
    return this.#own.size
  }

  get isFull(): boolean {
    return this.#own.size >= MAX_OWN_ENVELOPES
  }

  add(hash: EnvelopeHash, expiryUnixSeconds: number): void {
    this.#own.set(toHex(hash), { hash, expiryUnixSeconds, sentTo: 0, confirmedBy: 0 })
  }

  has(hash: EnvelopeHash): boolean {
    return this.#own.size > 0 && this.#own.has(toHex(hash))
  }

  /** Undefined: none of ours, or expired. */
  progress(hash: EnvelopeHash): OwnProgress | undefined {
    const own = this.#own.get(toHex(hash))
    return own && { sentTo: own.sentTo, confirmedBy: own.confirmedBy }
  }

  /** A packet with these own envelopes (others are passed over) is on its way to a peer that confirms. */
  sent(peerId: number, batchHash: Uint8Array, hashes: readonly EnvelopeHash[]): void {
    const own = this.#sent(hashes)
    if (own.length === 0) return
    const batches = this.#batches.get(peerId) ?? new Map<string, readonly Own[]>()
    this.#batches.set(peerId, batches)
    batches.set(toHex(batchHash), own)
    for (const [oldest] of batches) {
      if (batches.size <= MAX_PENDING_BATCHES) break
      batches.delete(oldest)
    }
  }

  /** The link of a peer that does not confirm has taken these. Returns those that count as confirmed. */
  taken(hashes: readonly EnvelopeHash[]): readonly EnvelopeHash[] {
    return this.#confirm(this.#sent(hashes))
  }

  /** Packet 11. Returns what it confirms: nothing if we did not send that, or if packet 12 said it all. */
  acknowledged(peerId: number, batchHash: Uint8Array): readonly EnvelopeHash[] {
    return this.#confirm(this.#takeBatch(peerId, batchHash))
  }

  /** Packet 12. Returns what it confirms and what the peer did not take. */
  responded(
    peerId: number,
    response: MessageResponse,
  ): { readonly confirmed: readonly EnvelopeHash[]; readonly refused: readonly EnvelopeError[] } {
    const batch = this.#takeBatch(peerId, response.batchHash)
    if (batch.length === 0) return { confirmed: [], refused: [] }
    const errors = new Map(response.errors.map((error) => [toHex(error.hash), error]))
    return {
      confirmed: this.#confirm(batch.filter((own) => !errors.has(toHex(own.hash)))),
      refused: batch.flatMap((own) => errors.get(toHex(own.hash)) ?? []),
    }
  }

  /** The link is gone: what it has not confirmed it never will. */
  forgetPeer(peerId: number): void {
    this.#batches.delete(peerId)
  }

  /** Forgets all that expired before now. Returns those that nobody confirmed. */
  expire(nowUnixSeconds: number): readonly EnvelopeHash[] {
    const unconfirmed: EnvelopeHash[] = []
    for (const [key, own] of this.#own) {
      if (own.expiryUnixSeconds >= nowUnixSeconds) continue
      this.#own.delete(key)
      if (own.confirmedBy === 0) unconfirmed.push(own.hash)
    }
    return unconfirmed
  }

  #sent(hashes: readonly EnvelopeHash[]): readonly Own[] {
    const sent = hashes.flatMap((hash) => this.#own.get(toHex(hash)) ?? [])
    for (const own of sent) own.sentTo++
    return sent
  }

  #takeBatch(peerId: number, batchHash: Uint8Array): readonly Own[] {
    const batches = this.#batches.get(peerId)
    const key = toHex(batchHash)
    const batch = batches?.get(key)
    batches?.delete(key)
    return batch ?? []
  }

  /** What has expired is settled: a confirmation that comes later changes nothing. */
  #confirm(batch: readonly Own[]): readonly EnvelopeHash[] {
    const living = batch.filter((own) => this.#own.get(toHex(own.hash)) === own)
    for (const own of living) own.confirmedBy++
    return living.map((own) => own.hash)
  }
}
