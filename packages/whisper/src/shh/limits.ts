/** Bounds and times of the node: each with its unit and its reason. */

/** A peer that has not sent its status within this time is dropped. The reference waits for ever. */
export const STATUS_TIMEOUT_MS = 10_000

/**
 * While envelopes keep coming they are collected this long before they go on, so that a busy node sends packets and not
 * single envelopes. The first one after a pause goes at once. The reference sends every 300 ms.
 */
export const BATCH_MS = 20

/**
 * A messages packet is closed once it holds this much, unless its first envelope alone is larger: packets stay small
 * enough that a slow peer's confirmations come in time.
 */
export const BUNDLE_TARGET_BYTES: number = 256 * 1024

/** Most envelopes in one of our messages packets; what comes after goes into the next one. */
export const BUNDLE_MAX_ENVELOPES = 4_096

/** How many pooled envelopes are looked at for one peer before others have their turn. */
export const SCAN_PER_TURN = 8_192

/** A peer that keeps changing what it wants has the pool gone through again at most this often. */
export const RESCAN_INTERVAL_MS = 1_000

/** Envelopes in the pool. At 500 bytes and a TTL of 15 s this is 4,300 envelopes a second. */
export const MAX_POOL_ENVELOPES = 131_072
/** Bytes of RLP in the pool. */
export const MAX_POOL_BYTES: number = 64 * 1024 * 1024

/** How much of a full pool goes at once: one look through 131,072 envelopes (10 ms or so) makes room for 4,096. */
export const EVICTION_SHARE: number = 1 / 32

/** Hashes of unexpired envelopes that had to leave the pool, so that they are not taken in again. 60 bytes each or so. */
export const MAX_EVICTED_HASHES = 65_536

/** Own envelopes that are neither confirmed by all nor expired; beyond, `post` refuses. */
export const MAX_OWN_ENVELOPES = 16_384
/** Packets with own envelopes of which one peer has not confirmed receipt; the oldest is forgotten first. */
export const MAX_PENDING_BATCHES = 256

/** Confirmations (packets 12 and 11) that wait because the peer does not read; beyond, they are left out. */
export const MAX_WAITING_REPLIES = 512
export const MAX_WAITING_REPLY_BYTES: number = 1024 * 1024

/** Packets read from one link in a row before others have their turn. */
export const PACKETS_PER_TURN = 64

/** Envelopes of one topic that wait to be tried with the filters' keys. A link that brings more is not read from meanwhile. */
export const MAX_TOPIC_OPENING_ENVELOPES = 1_024
export const MAX_TOPIC_OPENING_BYTES: number = 4 * 1024 * 1024
/** The same over all topics. */
export const MAX_OPENING_ENVELOPES = 4_096
export const MAX_OPENING_BYTES: number = 16 * 1024 * 1024
/** Envelopes tried in one turn, and how long a turn may take, so that opening does not hold up everything else. */
export const OPENINGS_PER_TURN = 64
export const OPENING_TURN_MS = 8
/** Payload and padding handed to subscribers in one turn: what they do with it comes after the turn, all at once. */
export const DELIVERED_BYTES_PER_TURN: number = 256 * 1024

/** Messages that wait for the reader of a subscription; beyond, the subscription ends with `slow-reader`. */
export const MAX_WAITING_MESSAGES = 4_096
export const MAX_WAITING_MESSAGE_BYTES: number = 32 * 1024 * 1024

/** How long the value before is still honoured when the own requirements rise: peers need time to hear of it. */
export const REQUIREMENT_GRACE_MS = 10_000
/** How many such values at once: a user who turns a knob, or a light node that installs filters one by one. */
export const MAX_GRACED_VALUES = 16

/**
 * How long a light node goes on asking for a topic that no filter wants any more: a filter that is installed again soon
 * costs nothing, and peers do not see exactly which topic went.
 */
export const LIGHT_SHRINK_MS = 60_000

/** The longest privacy delay: Status clients give an envelope 10 or 15 s to live. */
export const MAX_PRIVACY_DELAY_MS = 10_000

/** Peers in different networks that must have something to say about the time before anybody listens. */
export const MIN_CLOCK_VOTES = 5
/** Envelopes without which a peer has nothing to say about the time. */
export const MIN_EVIDENCE = 3
/**
 * How far an honest peer's own clock may be off, in seconds. Without it a flood of envelopes from 10 s ahead would drag along
 * every node whose peers are a little ahead of it, and those who follow them after that.
 */
export const PEER_TOLERANCE_SECONDS = 5
/** How long an envelope may have been under way to us after it was sent on, in seconds. */
export const EVIDENCE_SLACK_SECONDS = 5
/** Evidence counts for one to two of these: long enough for a quiet network, short enough to forget a stalled link. */
export const EVIDENCE_WINDOW_MS = 60_000
/** How often the votes are counted, at most. */
export const CLOCK_CHECK_MS = 10_000
/** How far one count moves the clock, in seconds: an hour takes two minutes, and a majority that is bought for a moment moves little. */
export const MAX_CLOCK_STEP_SECONDS = 300
/** How far it may be moved in all: more than any time zone that somebody got wrong. */
export const MAX_CLOCK_CORRECTION_SECONDS = 86_400
/** A system clock that moves by more than this against the monotonic one was set, or has slept. */
export const CLOCK_JUMP_SECONDS = 2

/** devp2p disconnect reasons that this layer gives. */
export const linkReasons = {
  /** This node is shutting down. */
  quitting: 0x08,
  /** The peer broke the rules of `shh/6`. */
  subprotocolError: 0x10,
} as const

/** Refused envelopes named in one packet 12. More is no honest peer's packet. */
export const MAX_REPORTED_ERRORS = 1_024
