/** Messages as a node of the network tells them. It is another's program: what it says is checked. */
import { BytesError, fromHex, type PublicKey } from '@status-protocol/bytes'
import { type EnvelopeHash, topicFrom, type WhisperMessage } from '@status-protocol/whisper'

/** Undefined: it is none. */
export function messageFrom(value: unknown): WhisperMessage | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { hash, topic, payload, sig, timestamp, direct } = value as Record<string, unknown>
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp) || timestamp < 0) return undefined
  try {
    return {
      hash: bytesFrom(hash, 32) as EnvelopeHash,
      topic: topicFrom(bytesFrom(topic, 4)),
      payload: payload === undefined || payload === null ? new Uint8Array(0) : bytesFrom(payload),
      ...(typeof sig === 'string' && sig.length > 2 ? { signer: bytesFrom(sig, 65) as PublicKey } : {}),
      sentUnixSeconds: timestamp,
      direct: direct === true,
    }
  } catch (error) {
    if (error instanceof BytesError) return undefined
    throw error
  }
}

/** 32 bytes of a hash in hex. */
export function hashFrom(value: unknown): EnvelopeHash | undefined {
  try {
    return bytesFrom(value, 32) as EnvelopeHash
  } catch {
    return undefined
  }
}

function bytesFrom(value: unknown, length?: number): Uint8Array {
  if (typeof value !== 'string') throw new BytesError('not-hex', 'expected 0x and hex digits')
  return fromHex(value, length)
}
