/** The link to a mailserver: what it answers goes to the history client and to nobody else. */
import type { HistoryClient, MailPeer } from '@status-protocol/mailserver'
import { guardLink } from '@status-protocol/mailserver'
import { packetCodes, type WhisperLink } from '@status-protocol/whisper'

export interface MailLinkEvents {
  /** The Whisper handshake is done. */
  connected(server: MailPeer): void
  disconnected(server: MailPeer): void
}

/**
 * Packets 127 and 125 end here: pages are opened and committed by the messenger itself, so the node is to see none of
 * them, and needs not trust the peer.
 */
export function mailLink(
  link: WhisperLink,
  client: () => Pick<HistoryClient, 'direct' | 'requestComplete'> | undefined,
  events: MailLinkEvents,
): WhisperLink {
  const server: MailPeer = {
    peerId: link.peerId,
    maxPacketBytes: link.maxPacketBytes,
    async send(code, body, signal) {
      for (;;) {
        if (signal?.aborted) return false
        const taken = link.send(code, body)
        if (taken !== 'full') return taken === 'ok'
        await link.drained()
      }
    },
  }
  const greeted = { us: false, them: false }
  const greet = (who: keyof typeof greeted): void => {
    if (greeted[who]) return
    greeted[who] = true
    if (greeted.us && greeted.them) events.connected(server)
  }
  void link.closed.then(() => events.disconnected(server))

  const guarded = guardLink(link, {
    direct(from, envelopes) {
      client()?.direct(from, envelopes)
      return []
    },
    requestComplete: (from, outcome) => client()?.requestComplete(from, outcome),
  })
  return {
    ...guarded,
    trusted: link.trusted,
    send(code, body) {
      const taken = guarded.send(code, body)
      if (code === packetCodes.status && taken === 'ok') greet('us')
      return taken
    },
    async *packets() {
      for await (const packet of guarded.packets()) {
        yield packet
        // The node has read it when it asks for the next one.
        if (packet.code === packetCodes.status) greet('them')
      }
    },
  }
}
