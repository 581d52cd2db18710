/** What a node counts and holds. */
import type { RefusalReason } from '../acceptance.ts'
import type { CodeTraffic } from './traffic.ts'

/** Counters of a node since it was made. They only grow. */
export interface WhisperCounters {
  linksOpened: number
  linksClosed: number
  /** Links that we ended for a breach of the protocol. */
  linksDropped: number
  packetsReceived: number
  bytesReceived: number
  packetsSent: number
  bytesSent: number
  /** In messages packets, duplicates among them. */
  envelopesReceived: number
  envelopesAccepted: number
  envelopesKnown: number
  /** Dropped without a word: expired 1 - 20 seconds ago. */
  envelopesExpired: number
  /** Reported to the peer. */
  envelopesRefused: number
  /** Pushed out of a full pool. */
  envelopesEvicted: number
  /** In our messages packets, over all peers. */
  envelopesSent: number
  /** In direct packets of trusted peers. */
  directReceived: number
  /** Confirmations left out because the peer did not read. */
  confirmationsLeftOut: number
  /** Confirmations not given because the hook before them failed. */
  confirmationsWithheld: number
  /** Packets above our rate limits, by which a peer was slowed down or its link ended. */
  packetsOverLimit: number
  /** Own envelopes that a peer did not take. */
  ownRefused: number
  /** Envelopes tried with a filter's keys. */
  envelopesTried: number
  /** Messages handed to subscriptions. */
  messagesDelivered: number
  /** Subscriptions that ended because nobody read them. */
  subscriptionsOverflowed: number
}

/** What a node holds at the moment; each has a bound. */
export interface WhisperGauges {
  readonly links: number
  readonly poolEnvelopes: number
  /** Of RLP. */
  readonly poolBytes: number
  /** Hashes remembered of envelopes pushed out of the pool. */
  readonly evictedHashes: number
  /** Own envelopes that have not expired. */
  readonly ownEnvelopes: number
  /** Packets that wait for slow peers, over all links. */
  readonly waitingPackets: number
  readonly waitingPacketBytes: number
  /** Envelopes that wait to be opened. */
  readonly waitingOpenings: number
  readonly waitingOpeningBytes: number
  readonly filters: number
}

/** Two of the counters, broken down. */
export interface WhisperBreakdown {
  /** `envelopesRefused` by reason; every reason is there. */
  readonly refusals: Readonly<Record<RefusalReason, number>>
  /** Packets and bytes by packet code: those that carried anything. */
  readonly traffic: readonly CodeTraffic[]
}

export type WhisperStats = Readonly<WhisperCounters> & WhisperGauges & WhisperBreakdown

export function noCounts(): WhisperCounters {
  return {
    linksOpened: 0,
    linksClosed: 0,
    linksDropped: 0,
    packetsReceived: 0,
    bytesReceived: 0,
    packetsSent: 0,
    bytesSent: 0,
    envelopesReceived: 0,
    envelopesAccepted: 0,
    envelopesKnown: 0,
    envelopesExpired: 0,
    envelopesRefused: 0,
    envelopesEvicted: 0,
    envelopesSent: 0,
    directReceived: 0,
    confirmationsLeftOut: 0,
    confirmationsWithheld: 0,
    packetsOverLimit: 0,
    ownRefused: 0,
    envelopesTried: 0,
    messagesDelivered: 0,
    subscriptionsOverflowed: 0,
  }
}

export function noRefusals(): Record<RefusalReason, number> {
  return {
    'from-future': 0,
    'very-old': 0,
    'ttl-out-of-range': 0,
    'too-large': 0,
    'low-pow': 0,
    'bloom-mismatch': 0,
    'topic-limit': 0,
  }
}
