/** Seals a share of the envelopes of `sealed.ts`, says them and ends. */
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { seal, symmetricChat, topicFrom } from '@status-protocol/whisper'
import { programOptions, say } from '../program.ts'
import {
  LOWER_HALF,
  PAYLOAD_BYTES,
  type SealingOrder,
  TTL_SECONDS,
  WATCHED_KEY,
  WATCHED_SHARE,
  WATCHED_TOPIC,
} from './sealed.ts'

const { first, step, count, nowUnixSeconds } = programOptions<SealingOrder>()
const signer = generatePrivateKey(defaultProvider, systemRandom)
const otherKey = systemRandom.bytes(32)
const envelopes: Uint8Array[] = []
for (let i = first; i < count; i += step) {
  const to =
    i % WATCHED_SHARE === 0
      ? symmetricChat(WATCHED_TOPIC, WATCHED_KEY)
      : symmetricChat(topicFrom(Uint8Array.of(...systemRandom.bytes(3), LOWER_HALF)), otherKey)
  const { rlp } = await seal(systemRandom.bytes(PAYLOAD_BYTES), {
    to,
    signer,
    nowUnixSeconds,
    ttlSeconds: TTL_SECONDS,
  })
  envelopes.push(rlp)
}
say(envelopes)
