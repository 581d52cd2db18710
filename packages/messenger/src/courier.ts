/**
 * Brings what is to be sent to Whisper and hears what became of it. Knows nothing of storage or of what it carries: each
 * consignment says how it travels and what its fate means.
 */
import { toHex } from '@status-protocol/bytes'
import {
  type AsymmetricChat,
  type KeyId,
  type SymmetricChat,
  WhisperError,
  type WhisperService,
} from '@status-protocol/whisper'

/** As the Go clients send. */
export const TTL_SECONDS = 15
export const POW_TARGET = 0.002
/** Consignments that are sealed at the same time. */
const MAX_POSTING = 8

/** Something for Whisper to carry. */
export interface Consignment {
  readonly payload: Uint8Array
  /** Where it goes and who can open it. */
  route(): Promise<SymmetricChat | AsymmetricChat>
  /** It is in the pool of our node. False: nobody wants to hear of it any more. */
  sent(): Promise<boolean>
  /** A peer has it, or it died before one did. Returns what is to be sent now in its place. */
  settled(fate: Fate): Promise<Consignment | undefined>
  /** It cannot be sent at all. */
  failed(reason: string): Promise<void>
}

export type Fate = 'confirmed' | 'expired'

export interface Courier {
  /** Takes it and returns at once. */
  send(consignment: Consignment): void
  close(): void
}

/** @param signer the key that signs envelopes, as `whisper` knows it */
export function createCourier(whisper: WhisperService, signer: KeyId): Courier {
  /** Not handed to Whisper yet, in their order. BOUNDED by the outbox and by what data sync sends in an epoch. */
  const waiting: Consignment[] = []
  /** Envelope hash -> what was in it. BOUNDED by what Whisper keeps of own envelopes. */
  const underway = new Map<string, Consignment>()
  /** Fates that were told before `post` told us the hash. BOUNDED: emptied whenever nothing is being posted. */
  const early = new Map<string, Fate>()
  let posting = 0
  let closed = false

  const pump = (): void => {
    while (!closed && posting < MAX_POSTING && waiting.length > 0) {
      posting++
      void post(waiting.shift() as Consignment).finally(() => {
        if (--posting === 0) early.clear()
        pump()
      })
    }
  }

  const post = async (consignment: Consignment): Promise<void> => {
    try {
      const hash = toHex(await hand(consignment))
      if (!(await consignment.sent())) return
      underway.set(hash, consignment)
      const fate = early.get(hash)
      if (fate) await settle(hash, fate)
    } catch (error) {
      if (closed) return
      const isFull = error instanceof WhisperError && error.code === 'too-many-pending' && underway.size > 0
      if (isFull) waiting.push(consignment)
      else await consignment.failed(error instanceof Error ? error.message : 'cannot be sealed')
    }
  }

  const hand = async (consignment: Consignment) => {
    const to = await consignment.route()
    return whisper.post({
      to: 'publicKey' in to ? { publicKey: to.publicKey } : { symKey: to.symmetricKey },
      topic: to.topic,
      payload: consignment.payload,
      signer,
      ttlSeconds: TTL_SECONDS,
      powTarget: POW_TARGET,
    })
  }

  const settle = async (hash: string, fate: Fate): Promise<void> => {
    const consignment = underway.get(hash)
    if (!consignment) {
      if (posting > 0) early.set(hash, fate)
      return
    }
    underway.delete(hash)
    const next = await consignment.settled(fate)
    if (next) waiting.push(next)
    pump()
  }

  const watch = async (): Promise<void> => {
    for await (const { hash, state } of whisper.status()) {
      if (closed) return
      await settle(toHex(hash), state)
    }
  }
  void watch().catch(() => undefined)

  return {
    send(consignment) {
      waiting.push(consignment)
      pump()
    },
    close() {
      closed = true
      waiting.length = 0
    },
  }
}
