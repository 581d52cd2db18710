/** What Whisper is told of the settings, and what does not go together. */
import type { Whisper, WhisperOptions } from '@status-protocol/whisper'
import type { Config } from './config.ts'
import { NodeError } from './error.ts'
import { peerIdOf } from './rpc-handlers.ts'

type WhisperSettings = Pick<
  WhisperOptions,
  'minPow' | 'lightClient' | 'rateLimits' | 'privacyDelayMs' | 'correctsClock'
>

export function whisperSettings(config: Config): WhisperSettings {
  return {
    minPow: config.minPow,
    lightClient: config.light,
    rateLimits: {
      perIp: config.rateLimitIp,
      perPeer: config.rateLimitPeer,
      perTopic: config.rateLimitTopic,
      tolerance: config.rateLimitTolerance,
    },
    privacyDelayMs: config.privacyDelay,
    correctsClock: config.clockCorrection,
  }
}

/** What it is told once it is there. */
export function admitOlderPow(
  whisper: Pick<Whisper, 'acceptOlderPowFrom'>,
  { olderPowPeer }: Pick<Config, 'olderPowPeer'>,
): void {
  for (const enode of olderPowPeer) whisper.acceptOlderPowFrom(peerIdOf(enode))
}

/** @throws NodeError `invalid-config` */
export function checkWhisper({ light, mailserver }: Pick<Config, 'light' | 'mailserver'>): void {
  if (light && mailserver)
    throw new NodeError('invalid-config', '--light: a --mailserver would get nothing to keep; leave one out')
}
