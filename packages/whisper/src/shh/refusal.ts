/** How a node tells a peer what it did not like about an envelope: the texts of the reference. */
import { to0xHex, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { REFUSAL_TEXTS, type RefusalReason } from '../acceptance.ts'
import { type Bloom, bloomOf, fullBloom } from '../bloom.ts'
import { type Envelope, envelopeHash, sentUnixSeconds } from '../envelope.ts'
import type { EnvelopeError } from '../packets/message-response.ts'
import { powOf } from '../pow.ts'

/** The entry of packet 12 for a refused envelope. `code` is the same for every reason, as in the reference. */
export function refusalOf(
  envelope: Envelope,
  reason: RefusalReason,
  context: {
    readonly nowUnixSeconds: number
    readonly bloom: Bloom | undefined
    readonly code: number
    readonly crypto: CryptoProvider
  },
): EnvelopeError {
  const hash = envelopeHash(envelope, context.crypto)
  return { hash, code: context.code, description: REFUSAL_TEXTS[reason] + details() }

  function details(): string {
    if (reason === 'low-pow') return `: PoW=${weight().toFixed(6)}, hash=[${to0xHex(hash)}]`
    if (reason === 'too-large') return ` [${toHex(hash)}]`
    if (reason === 'bloom-mismatch') return `, hash=[${to0xHex(hash)}], bloom: ${blooms()}`
    return ''
  }

  function weight(): number {
    const ahead = sentUnixSeconds(envelope) - context.nowUnixSeconds
    return powOf(envelope, { crypto: context.crypto, extraTtlSeconds: ahead > 0 ? ahead + 1 : 0 })
  }

  function blooms(): string {
    const ours = context.bloom ?? fullBloom()
    return [ours, bloomOf(envelope.topic), envelope.topic]
      .map((bytes) => `\n${toHex(bytes)} `)
      .join('')
      .trimEnd()
  }
}
