/** Whether somebody has worked for an envelope. */
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { type Envelope, MAX_TTL_SECONDS, powOf } from '@status-protocol/whisper'

/**
 * Proof of work is weighed by the time of living, and a time of 0 would make it infinite: it counts for what the network
 * carries only, which lives for 1 .. 86,400 seconds.
 */
export function hasWork(
  envelope: Envelope,
  minPow: number,
  crypto: CryptoProvider = defaultProvider,
): boolean {
  const { ttlSeconds } = envelope
  return ttlSeconds > 0 && ttlSeconds <= MAX_TTL_SECONDS && powOf(envelope, { crypto }) >= minPow
}
