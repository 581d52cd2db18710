/**
 * Brings the outbox to Whisper: posts what is queued, hears what became of it, seals again what died on the way.
 * Knows nothing of storage: it reports, the messenger commits.
 */
import { toHex } from '@status-protocol/bytes'
import { type KeyId, WhisperError, type WhisperService } from '@status-protocol/whisper'
import type { DeliveryState } from './message.ts'
import { MAX_ATTEMPTS } from './outbound.ts'
import type { Router } from './routing.ts'
import type { OutboxRecord } from './tables.ts'

/** As the Go clients send. */
export const TTL_SECONDS = 15
export const POW_TARGET = 0.002
/** Messages that are sealed at the same time. */
const MAX_POSTING = 8

export interface Courier {
  /** Takes a message that waits in the outbox; returns at once. */
  send(record: OutboxRecord): void
  close(): void
}

export interface CourierOptions {
  readonly whisper: WhisperService
  /** The key that signs envelopes, as `whisper` knows it. */
  readonly signer: KeyId
  readonly router: Router
  /** Commits the new state; resolves to the record as it is afterwards, undefined when it left the outbox. */
  report(record: OutboxRecord, state: DeliveryState, reason?: string): Promise<OutboxRecord | undefined>
}

type Fate = 'confirmed' | 'expired'

export function createCourier({ whisper, signer, router, report }: CourierOptions): Courier {
  /** Not handed to Whisper yet, in their order. BOUNDED by the outbox. */
  const waiting: OutboxRecord[] = []
  /** Envelope hash -> message. BOUNDED by the outbox. */
  const underway = new Map<string, OutboxRecord>()
  /** Fates that were told before `post` told us the hash. BOUNDED: emptied whenever nothing is being posted. */
  const early = new Map<string, Fate>()
  let posting = 0
  let closed = false

  const pump = (): void => {
    while (!closed && posting < MAX_POSTING && waiting.length > 0) {
      posting++
      void post(waiting.shift() as OutboxRecord).finally(() => {
        if (--posting === 0) early.clear()
        pump()
      })
    }
  }

  const post = async (record: OutboxRecord): Promise<void> => {
    try {
      const hash = toHex(await hand(record))
      const sent = await report(record, 'sent')
      if (!sent) return
      underway.set(hash, sent)
      const fate = early.get(hash)
      if (fate) await settle(hash, fate)
    } catch (error) {
      if (closed) return
      if (error instanceof WhisperError && error.code === 'too-many-pending' && underway.size > 0)
        waiting.push(record)
      else await report(record, 'failed', error instanceof Error ? error.message : 'cannot be sealed')
    }
  }

  const hand = async ({ chat, wrapped }: OutboxRecord) => {
    const { to } = await router.routeTo(chat)
    return whisper.post({
      to: 'publicKey' in to ? { publicKey: to.publicKey } : { symKey: to.symmetricKey },
      topic: to.topic,
      payload: wrapped,
      signer,
      ttlSeconds: TTL_SECONDS,
      powTarget: POW_TARGET,
    })
  }

  const settle = async (hash: string, fate: Fate): Promise<void> => {
    const record = underway.get(hash)
    if (!record) {
      if (posting > 0) early.set(hash, fate)
      return
    }
    underway.delete(hash)
    if (fate === 'confirmed') await report(record, 'relayed')
    else await again(record)
    pump()
  }

  const again = async (record: OutboxRecord): Promise<void> => {
    const expired = await report(record, 'expired')
    if (!expired) return
    if (expired.attempts >= MAX_ATTEMPTS)
      await report(expired, 'failed', `no peer took it in ${MAX_ATTEMPTS} attempts`)
    else waiting.push(expired)
  }

  const watch = async (): Promise<void> => {
    for await (const { hash, state } of whisper.status()) {
      if (closed) return
      await settle(toHex(hash), state)
    }
  }
  void watch().catch(() => undefined)

  return {
    send(record) {
      waiting.push(record)
      pump()
    },
    close() {
      closed = true
      waiting.length = 0
    },
  }
}
