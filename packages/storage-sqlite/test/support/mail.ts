import { type Envelope, envelopeFrom, topicFrom } from '@status-protocol/whisper'

export const FIRST_SECOND = 1_580_000_000

/** Batch n: 1 to 60 envelopes, sent in a second of its own, so that it can be asked for alone. */
export function mailOf(n: number): Envelope[] {
  return Array.from({ length: 1 + ((n * 13) % 60) }, (_, i) =>
    envelopeFrom({
      expiryUnixSeconds: FIRST_SECOND + n + 15,
      ttlSeconds: 15,
      topic: topicFrom(Uint8Array.of(n % 7, i % 5, 0, 0)),
      data: new Uint8Array(i === 0 && n % 11 === 0 ? 20_000 : 200 + ((n * 31 + i) % 300)).fill(n + i),
      nonce: BigInt(n * 100 + i),
    }),
  )
}
