/** What a node can be told when it is made, and whom it tells what. */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Clock, Random } from '@status-protocol/ports'
import type { Bloom } from '../bloom.ts'
import type { Envelope } from '../envelope.ts'
import type { Miner } from '../miner.ts'
import type { envelopeErrorCodes } from '../packets/message-response.ts'
import type { HistoryRequest } from '../packets/request.ts'
import type { RequestComplete } from '../packets/request-complete.ts'
import type { SyncRequest, SyncResponse } from '../packets/sync.ts'
import type { BeforeConfirm } from '../service.ts'
import type { ClockReport } from './peer-clock.ts'
import type { WhisperPeer } from './peer-handle.ts'
import type { PoolLimits } from './pool.ts'
import type { RateLimitOptions } from './rate-limiter.ts'
import type { Scheduler } from './scheduler.ts'
import type { TraceEnvelope } from './trace.ts'

export interface WhisperOptions {
  readonly clock?: Clock
  readonly scheduler?: Scheduler
  readonly random?: Random
  readonly crypto?: CryptoProvider
  /** Searches nonces for what is posted. Default: on this thread, in slices. */
  readonly miner?: Miner
  /** Least proof of work that is taken from peers, and announced to them. Default 0.002, that of Status. */
  readonly minPow?: number
  /** Which topics are taken from peers, and announced to them, unless this is a light client. Default: all. */
  readonly bloom?: Bloom
  /** Largest envelope (20 + data bytes) that is taken or sent. Default and most: 1 MiB. */
  readonly maxMessageBytes?: number
  /** Longest time to live that is taken from peers, or posted. Default one day; the reference has no limit. */
  readonly maxTtlSeconds?: number
  /** Packets and envelopes that are taken each second, announced to peers. Default: no limits. Trusted peers have none. */
  readonly rateLimits?: RateLimitOptions
  /** Bounds of the pool. Default 131,072 envelopes and 64 MiB. */
  readonly pool?: Partial<PoolLimits>
  /** How errors are told to peers: as status-go 0.36 did, or as from 0.39 on. Default: as each peer itself would. */
  readonly errorCodes?: keyof typeof envelopeErrorCodes
  /**
   * Light client: asks peers only for what the filters want, sends own messages and forwards nothing. Default false.
   * Peers learn roughly which topics the filters have.
   */
  readonly lightClient?: boolean
  /** Awaited before a messages packet is confirmed. Not pulling the next packet of that link meanwhile is the back-pressure. */
  readonly beforeConfirm?: BeforeConfirm
  /** Told of each envelope that this node makes itself, when it goes out: mailservers keep these too. Must not throw. */
  readonly posted?: (envelope: Envelope) => void
  readonly mail?: MailHandlers
  /**
   * Holds each envelope, own or not, back from peers for a random time of up to this many milliseconds, so that who watches
   * the links cannot tell which ones were made here. Default 0: none. At most 10,000: envelopes live for 15 s or so.
   */
  readonly privacyDelayMs?: number
  /**
   * Whether envelope times are judged and made by a clock that peers correct (see `clock()` of the node). Default true;
   * false: they are only asked.
   */
  readonly correctsClock?: boolean
  /** Told what happens to links, for logs. Must not throw. */
  readonly log?: (event: WhisperEvent) => void
  /** Told every step of every envelope, for those who look for a lost one. Must not throw; free when left out. */
  readonly trace?: TraceEnvelope
}

/**
 * Who serves or uses mail servers. A packet for which there is no handler is not even parsed. No further packet of the
 * link is read until a handler's promise has settled; what it rejects with is for {@link WhisperOptions.log}.
 */
export interface MailHandlers {
  /** Packet 126, from any peer. */
  request?(from: WhisperPeer, request: HistoryRequest): void | Promise<void>
  /** Packet 125, from trusted peers. */
  requestComplete?(from: WhisperPeer, outcome: RequestComplete): void | Promise<void>
  /** Packet 123, from any peer. */
  syncRequest?(from: WhisperPeer, request: SyncRequest): void | Promise<void>
  /** Packet 124, from trusted peers. */
  syncResponse?(from: WhisperPeer, response: SyncResponse): void | Promise<void>
}

export type WhisperEvent =
  /** The handshake went well. */
  | { readonly type: 'ready'; readonly peerId: Uint8Array }
  /** We end the link: the peer broke the protocol. */
  | { readonly type: 'dropped'; readonly peerId: Uint8Array; readonly detail: string }
  /** The link is down; a devp2p disconnect reason. */
  | { readonly type: 'down'; readonly peerId: Uint8Array; readonly reason: number }
  /** The system clock is off, or not any more; see `clockWarning`. No bytes of id: it is about none. */
  | { readonly type: 'clock'; readonly peerId: Uint8Array; readonly report: ClockReport }
  /** A {@link MailHandlers} method failed. */
  | { readonly type: 'handler-failed'; readonly peerId: Uint8Array; readonly error: unknown }
  /** Something threw that must not: a defect here or in a port. The link ends; no bytes of id: it is about none. */
  | { readonly type: 'defect'; readonly peerId: Uint8Array; readonly error: unknown }
