/** Numbers of the protocol and of Status that more than one file needs. */

/** 1 MiB: what a node takes unless configured otherwise. Counts 20 + data bytes (`envelopeSize`). */
export const MAX_MESSAGE_BYTES = 1_048_576

/**
 * The largest payload whose envelope stays within {@link MAX_MESSAGE_BYTES}, signed or not, symmetric or asymmetric:
 * 4,095 blocks of padded frame, less flags(1), size(3), at least one byte of padding and signature(65).
 */
export const MAX_PAYLOAD_BYTES = 1_048_250

/** What the size field of 3 bytes can say. Frames beyond cannot be written at all. */
export const MAX_FRAME_PAYLOAD_BYTES = 0xff_ffff

/**
 * One day. The wire allows 2^32 - 1 seconds; a node that pools for others should not. No Status client sends more than
 * minutes.
 */
export const MAX_TTL_SECONDS = 86_400

/** How far in the future a sender's clock may be, in seconds; twice that is what an expired envelope is forgiven. */
export const SYNC_ALLOWANCE_SECONDS = 10

/** What Status clients of 2019 - 2020 send with: time to live, target, and how long they search for a nonce. */
export const DEFAULT_TTL_SECONDS = 15
export const DEFAULT_POW_TARGET = 0.002
export const DEFAULT_POW_TIME_MS = 5_000
