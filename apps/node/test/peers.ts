/** Peers of a node under test, in the test's own process. */
import { utf8 } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost, type Host, type Link } from '@status-protocol/p2p-devp2p'
import {
  createWhisper,
  DEFAULT_POW_TARGET,
  type Envelope,
  encodeMessages,
  encodeStatus,
  fullBloom,
  noRateLimits,
  packetCodes,
  powOf,
  type SymmetricChat,
  seal,
  type Whisper,
} from '@status-protocol/whisper'
import { atTheEnd, until } from './programs.ts'

export function newKey(): Uint8Array {
  return generatePrivateKey(defaultProvider, systemRandom)
}

/** An envelope without work. One in sixteen has enough by chance: those are thrown away. */
export async function lazyEnvelope(text: string, to: SymmetricChat): Promise<Envelope> {
  for (;;) {
    const envelope = await seal(utf8(text), { to, powTarget: 0 })
    if (powOf(envelope) < DEFAULT_POW_TARGET) return envelope
  }
}

/** A whole Whisper node, connected. */
export async function whisperPeer(enode: string): Promise<{ whisper: Whisper; host: Host }> {
  const whisper = createWhisper()
  const host = await createHost({ nodeKey: newKey(), peers: [enode], subprotocols: [whisper.subprotocol] })
  atTheEnd(async () => {
    await whisper.close()
    await host.close()
  })
  await until(() => whisper.peers().length === 1, 'the handshake with the node')
  return { whisper, host }
}

/** One that keeps no rule: it says what it is told to say. */
export async function rawPeer(enode: string): Promise<{
  readonly peerId: Uint8Array
  send(envelopes: readonly Envelope[]): void
  /** Packets so far, by code. */
  readonly received: readonly number[]
  /** The node has ended the link. */
  isLost(): boolean
}> {
  let link: Link | undefined
  let isGreeted = false
  let isLost = false
  const received: number[] = []
  const host = await createHost({
    nodeKey: newKey(),
    peers: [enode],
    subprotocols: [
      {
        ...{ name: 'shh', version: 6, length: 128 },
        async run(up: Link) {
          link = up
          const status = { minPow: 0, bloom: fullBloom(), lightNode: false, confirmations: true }
          up.send(packetCodes.status, encodeStatus({ ...status, rateLimits: noRateLimits }))
          for await (const { code } of up.packets()) {
            received.push(code)
            isGreeted ||= code === packetCodes.status
          }
          isLost = true
        },
      },
    ],
  })
  atTheEnd(() => host.close())
  await until(() => isGreeted, 'the greeting of the node')
  return {
    peerId: host.peerId,
    received,
    isLost: () => isLost,
    send: (envelopes) => void link?.send(packetCodes.messages, encodeMessages(envelopes)),
  }
}
