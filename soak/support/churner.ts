/** Comes and goes: a few links at a time, each with an identity of its own, each for a moment, envelopes on each. */
import { systemRandom } from '@status-protocol/crypto'
import { encodeMessages, packetCodes, seal, symmetricChat, topicFrom } from '@status-protocol/whisper'
import { onTold, programOptions, say } from '../../bench/support/program.ts'
import { dialRaw } from '../../bench/support/relay/raw-peer.ts'

export interface ChurnerOptions {
  readonly enode: string
}

export interface ChurnReport {
  readonly links: number
  readonly sent: number
}

const AT_ONCE = 5
const ENVELOPES_A_LINK = 50
const TTL_SECONDS = 5
const MAX_STAY_MS = 500
/** A link so often, whatever else the machine does: more of them would fill the pool more, which is no leak. */
const EVERY_MS = 2_500

const { enode } = programOptions<ChurnerOptions>()
const to = symmetricChat(topicFrom(systemRandom.bytes(4)), systemRandom.bytes(32))
let isStopped = false
let [links, sent] = [0, 0]
onTold((_: 'stop') => {
  isStopped = true
})
say('ready')
await Promise.all(Array.from({ length: AT_ONCE }, comeAndGo))
const report: ChurnReport = { links, sent }
say(report)

async function comeAndGo(): Promise<void> {
  while (!isStopped) {
    const nextMs = performance.now() + EVERY_MS
    const peer = await dialRaw(enode)
    links++
    for (let i = 0; i < ENVELOPES_A_LINK; i++) {
      const envelope = await seal(systemRandom.bytes(300), { to, ttlSeconds: TTL_SECONDS })
      await peer.send(packetCodes.messages, encodeMessages([envelope]))
      sent++
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_STAY_MS))
    await peer.close()
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, nextMs - performance.now())))
  }
}
