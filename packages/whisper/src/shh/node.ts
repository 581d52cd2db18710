/** A node as its users see it. */
import type { Bloom } from '../bloom.ts'
import type { Envelope, EnvelopeHash } from '../envelope.ts'
import type { WhisperLink } from '../link.ts'
import type { RateLimits } from '../packets/rate-limits.ts'
import type { KeyStore } from './key-store.ts'
import type { LocalWhisperService } from './local-service.ts'
import type { OwnProgress } from './own-envelopes.ts'
import type { ClockReport } from './peer-clock.ts'
import type { WhisperPeer } from './peer-handle.ts'
import type { RateLimitOptions } from './rate-limiter.ts'
import type { WhisperStats } from './stats.ts'

/** What a P2P host has to know to run Whisper. */
export interface WhisperSubprotocol {
  readonly name: 'shh'
  readonly version: 6
  /** Message codes that it owns: 0 .. 127. */
  readonly length: 128
  /** Runs it on a link; resolves with the disconnect reason when the link is down. Never rejects. */
  run(link: WhisperLink): Promise<number>
}

export interface PooledEnvelope {
  /** Of its RLP. */
  readonly bytes: number
  /** The proof of work that it carries. */
  readonly pow: number
  readonly ttlSeconds: number
  /** Of an envelope that was made here. */
  readonly own?: OwnProgress
}

export interface Whisper {
  readonly subprotocol: WhisperSubprotocol
  readonly service: LocalWhisperService
  readonly keys: KeyStore
  /** The same as `subprotocol.run`. */
  attach(link: WhisperLink): Promise<number>
  /** Peers whose handshake went well. */
  peers(): readonly WhisperPeer[]
  /** Direct messages and the ends of requests are read from this node (64 bytes) from now on. UNBOUNDED: the operator's list. */
  trust(peerId: Uint8Array): void
  /** No longer; what is under way may still be read. A peer that its link trusts (`WhisperLink.trusted`) stays so. */
  untrust(peerId: Uint8Array): void
  /** What is asked of peers' envelopes at the moment. */
  readonly minPow: number
  /** Undefined: every topic. A light client's is that of its filters. */
  readonly bloom: Bloom | undefined
  /** Largest envelope (20 + data bytes) that is taken or sent. */
  readonly maxMessageBytes: number
  readonly rateLimits: RateLimits
  readonly lightClient: boolean
  /** Asks peers for another least proof of work; for 10 seconds the one before is still honoured. */
  setMinPow(minPow: number): void
  /**
   * Asks peers for other topics (undefined: all); for 10 seconds the filter before is still honoured. A light client does
   * so once it is none any more.
   */
  setBloom(bloom: Bloom | undefined): void
  /**
   * From now on; peers are told (packet 20).
   *
   * @throws WhisperError `invalid-argument` unless limits and tolerance are safe integers from 0 up
   */
  setRateLimits(limits: RateLimitOptions): void
  /**
   * Lets this peer (64 bytes), now and whenever it comes back, send envelopes that have enough work only by the rule of
   * geth up to 1.8.27; `accept` false takes it back. It is itself sent only what has enough by both rules. UNBOUNDED: the
   * operator's list.
   */
  acceptOlderPowFrom(peerId: Uint8Array, accept?: boolean): void
  /**
   * Sends envelopes to one peer alone, past pool, proof of work and expiry (packet 127), in as many packets as they need.
   * It reads them if it trusts this node. True once the link has taken all; false if the peer is not connected any more.
   *
   * @throws WhisperError `invalid-argument`: an envelope that is larger than a packet
   */
  sendDirect(peerId: Uint8Array, envelopes: readonly Pick<Envelope, 'rlp'>[]): Promise<boolean>
  /** From now on; peers are not told. @throws WhisperError `invalid-argument` unless 1 .. 1 MiB */
  setMaxMessageBytes(maxMessageBytes: number): void
  /**
   * See the option of this name. Peers that are connected are told the new filter, but there is no packet for
   * the rest; links to light nodes end when this node becomes one.
   */
  setLightClient(lightClient: boolean): void
  /** What the pool holds under this hash (32 bytes): an envelope that has not expired, own or carried for others. */
  envelope(hash: EnvelopeHash): PooledEnvelope | undefined
  /** Whether the system clock is right, as far as peers can tell, what envelope times are corrected by, and the evidence. */
  clock(): ClockReport
  stats(): WhisperStats
  /** Ends all links, subscriptions and timers, and deletes all keys; resolves when the links are down. Again is fine. */
  close(): Promise<void>
}
