import type { Bloom } from '../bloom.ts'
import { WhisperError } from '../error.ts'
import { MAX_PACKET_BYTES, PACKET_CODE_COUNT, packetCodes } from '../packets/codes.ts'
import type { RateLimits } from '../packets/rate-limits.ts'
import type { Peer } from './peer.ts'
import type { Session } from './session.ts'

/** A peer as users of the node see it. The values are those of the moment they are read. */
export interface WhisperPeer {
  /** 64 bytes. */
  readonly peerId: Uint8Array
  /** Literal address the peer is seen at, if the link knows one. */
  readonly ip: string | undefined
  readonly trusted: boolean
  /** Least proof of work that it takes. */
  readonly minPow: number
  /** Undefined: it takes every topic. */
  readonly bloom: Bloom | undefined
  /** It forwards nothing. */
  readonly lightNode: boolean
  /** It confirms messages packets. */
  readonly confirmations: boolean
  /** Largest packet body that it takes, in bytes: what its link carries, at most 1 MiB. */
  readonly maxPacketBytes: number
  /** As it announced them; undefined if it did not. */
  readonly rateLimits: RateLimits | undefined
  /**
   * Sends one of the packets 123 .. 127. True once the link has taken it, which waits while the peer is slow; false if
   * the link has closed. A packet that waits stays in memory until then: `signal` takes it back, which is false too.
   *
   * @throws WhisperError `invalid-argument`: another code, or more bytes than the peer takes in one packet
   */
  send(code: number, body: Uint8Array, signal?: AbortSignal): Promise<boolean>
  /** Ends the link, with a devp2p disconnect reason. */
  close(reason: number): void
}

export function peerHandle(session: Session, peer: Peer, isTrusted: () => boolean): WhisperPeer {
  return {
    peerId: peer.nodeId.slice(),
    ip: session.link.ip,
    get trusted() {
      return isTrusted()
    },
    get minPow() {
      return peer.minPow
    },
    get bloom() {
      return peer.bloom
    },
    lightNode: peer.lightNode,
    confirmations: peer.confirmations,
    maxPacketBytes: Math.min(peer.maxPacketBytes, MAX_PACKET_BYTES),
    get rateLimits() {
      return peer.rateLimits
    },
    send(code, body, signal) {
      const limit = Math.min(peer.maxPacketBytes, MAX_PACKET_BYTES)
      if (!Number.isInteger(code) || code < packetCodes.syncRequest || code >= PACKET_CODE_COUNT)
        throw new WhisperError(
          'invalid-argument',
          `code: expected ${packetCodes.syncRequest} .. 127, got ${code}`,
        )
      if (body.length > limit)
        throw new WhisperError(
          'invalid-argument',
          `body: expected at most ${limit} bytes, got ${body.length}`,
        )
      return session.outbox.send({ code, body }, signal)
    },
    close: (reason) => session.link.close(reason),
  }
}
