/**
 * What the privacy layer needs of the P2P layer: one link to one peer that speaks `shh/6`. `p2p-devp2p` offers something
 * of this shape; so does an in-memory pair (`@status-protocol/whisper/testing`).
 */
export interface WhisperLink {
  /** 64 bytes: the peer's public key without 0x04, authenticated by the handshake. */
  readonly peerId: Uint8Array
  /** Literal address the peer is seen at, for limits per IP. */
  readonly ip?: string
  /** This node dialled; false: it was dialled. Left out where it is not known: such a peer's word on the time is not asked for. */
  readonly outbound?: boolean
  /** The operator trusts this peer: direct messages and archive answers are read from it. */
  readonly trusted: boolean
  /** Largest uncompressed packet body that the link carries, in bytes. */
  readonly maxPacketBytes: number
  /**
   * Queues one packet: `code` 0 .. 127, uncompressed body, which must not change afterwards. `full`: not taken, wait for
   * {@link drained}; `closed`: not taken, for good. Never throws: a code or a body out of range is not taken either and
   * leaves the link as it is. Whether a link is full does not depend on the packet, and one with nothing in its queue is not.
   */
  send(code: number, body: Uint8Array): 'ok' | 'full' | 'closed'
  /** Resolves when {@link send} takes packets again, at once if it does already, or when the link has closed. */
  drained(): Promise<void>
  /**
   * Packets in order of arrival; ends when the link closes, after what the peer sent before it closed. Not pulling is
   * back-pressure: a link reads ahead by a bounded amount only. Once per link.
   */
  packets(): AsyncIterable<{ readonly code: number; readonly body: Uint8Array }>
  /** Says why (devp2p disconnect reason) and closes; what is queued is sent first, within a bound. */
  close(reason: number): void
  /** The disconnect reason, ours or the peer's, when the link is down. */
  readonly closed: Promise<number>
}
