/**
 * Brings the outbox to Whisper: posts what is queued, hears what became of it, seals again what died on the way.
 * Knows nothing of storage: it reports, the messenger commits.
 */

import { toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { WhisperService } from '@status-protocol/whisper'
import type { DeliveryState } from './message.ts'
import { MAX_ATTEMPTS } from './outbound.ts'
import { routeTo } from './routing.ts'
import type { OutboxRecord } from './tables.ts'

/** As the Go clients send. */
export const TTL_SECONDS = 15
export const POW_TARGET = 0.002

export interface Courier {
  /** Takes a message that waits in the outbox; returns at once. */
  send(record: OutboxRecord): void
  close(): void
}

export interface CourierOptions {
  readonly whisper: WhisperService
  /** The key that signs envelopes, as `whisper` knows it. */
  readonly signer: Awaited<ReturnType<WhisperService['addKeyPair']>>
  readonly crypto: CryptoProvider
  /** Commits the new state; resolves to the record as it is afterwards, undefined when it left the outbox. */
  report(record: OutboxRecord, state: DeliveryState, reason?: string): Promise<OutboxRecord | undefined>
}

export function createCourier({ whisper, signer, crypto, report }: CourierOptions): Courier {
  /** Envelope hash -> message. BOUNDED by the outbox. */
  const underway = new Map<string, OutboxRecord>()
  /** Fates that came before `post` told us the hash. BOUNDED: cleared with every settled post. */
  const early = new Map<string, 'confirmed' | 'expired'>()
  let posting = 0
  let closed = false

  const send = (record: OutboxRecord): void => {
    if (!closed) void post(record)
  }

  const post = async (record: OutboxRecord): Promise<void> => {
    posting++
    try {
      const { to } = await routeTo(record.chat, crypto)
      const hash = await whisper.post({
        to: 'publicKey' in to ? { publicKey: to.publicKey } : { symKey: to.symmetricKey },
        topic: to.topic,
        payload: record.wrapped,
        signer,
        ttlSeconds: TTL_SECONDS,
        powTarget: POW_TARGET,
      })
      const sent = await report(record, 'sent')
      if (sent) track(toHex(hash), sent)
    } catch (error) {
      if (!closed) await report(record, 'failed', error instanceof Error ? error.message : 'cannot be sealed')
    } finally {
      if (--posting === 0) early.clear()
    }
  }

  const track = (hash: string, record: OutboxRecord): void => {
    underway.set(hash, record)
    const fate = early.get(hash)
    if (fate) void settle(hash, fate)
  }

  const settle = async (hash: string, fate: 'confirmed' | 'expired'): Promise<void> => {
    const record = underway.get(hash)
    if (!record) {
      if (posting > 0) early.set(hash, fate)
      return
    }
    underway.delete(hash)
    if (fate === 'confirmed') return void (await report(record, 'relayed'))
    const expired = await report(record, 'expired')
    if (!expired) return
    if (expired.attempts >= MAX_ATTEMPTS)
      await report(expired, 'failed', `no peer took it in ${MAX_ATTEMPTS} attempts`)
    else send(expired)
  }

  const watch = async (): Promise<void> => {
    for await (const { hash, state } of whisper.status()) {
      if (closed) return
      await settle(toHex(hash), state)
    }
  }
  void watch().catch(() => undefined)

  return {
    send,
    close() {
      closed = true
    },
  }
}
