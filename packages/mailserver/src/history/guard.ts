import {
  decodeDirect,
  decodeRequestComplete,
  encodeDirect,
  packetCodes,
  WhisperError,
  type WhisperLink,
} from '@status-protocol/whisper'
import type { HistoryClient } from './api.ts'

type Packet = { readonly code: number; readonly body: Uint8Array }

/**
 * The link to a mailserver as the Whisper node should see it: trusted, but of packets 127 only what the client has asked for
 * gets through, and the client hears of these and of packets 125.
 *
 * ```ts
 * whisper.attach(guardLink(link, history))
 * ```
 */
export function guardLink(
  link: WhisperLink,
  client: Pick<HistoryClient, 'direct' | 'requestComplete'>,
): WhisperLink {
  return {
    peerId: link.peerId,
    ...(link.ip !== undefined && { ip: link.ip }),
    ...(link.outbound !== undefined && { outbound: link.outbound }),
    trusted: true,
    maxPacketBytes: link.maxPacketBytes,
    closed: link.closed,
    send: (code, body) => link.send(code, body),
    drained: () => link.drained(),
    close: (reason) => link.close(reason),
    packets: () => guarded(link, client),
  }
}

async function* guarded(
  link: WhisperLink,
  client: Pick<HistoryClient, 'direct' | 'requestComplete'>,
): AsyncGenerator<Packet, void, undefined> {
  for await (const packet of link.packets()) {
    const passed = pass(packet, link, client)
    if (passed) yield passed
  }
}

/** What is malformed goes on as it is: the node ends the link for it. */
function pass(
  packet: Packet,
  from: Pick<WhisperLink, 'peerId'>,
  client: Pick<HistoryClient, 'direct' | 'requestComplete'>,
): Packet | undefined {
  try {
    if (packet.code === packetCodes.direct) {
      const envelopes = decodeDirect(packet.body)
      const wanted = client.direct(from, envelopes)
      if (wanted.length === 0) return undefined
      return wanted.length === envelopes.length ? packet : { ...packet, body: encodeDirect(wanted) }
    }
    if (packet.code === packetCodes.requestComplete)
      client.requestComplete(from, decodeRequestComplete(packet.body))
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error
  }
  return packet
}
