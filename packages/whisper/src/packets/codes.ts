/** The codes of `shh/6` (EIP-627, and the Status extensions from 11 on), before the offset that devp2p adds. */
export const packetCodes = {
  /** The handshake; the first packet of either side. */
  status: 0,
  /** Envelopes. */
  messages: 1,
  /** The least proof of work that the sender still takes. */
  powRequirement: 2,
  /** Which envelopes the sender wants. */
  bloomFilter: 3,
  /** A messages packet has arrived. Status only, like all that follow. */
  batchAcknowledged: 11,
  /** A messages packet has arrived, and what was wrong with which of its envelopes. */
  messageResponse: 12,
  /** How many messages the sender takes each second. From status-go 0.39 on. */
  rateLimits: 20,
  /** Between mail servers: give me envelopes. */
  syncRequest: 123,
  syncResponse: 124,
  /** A mail server is done with a request. */
  requestComplete: 125,
  /** To a mail server: give me envelopes. */
  request: 126,
  /** Envelopes for the receiver alone, past expiry and proof of work; only read from trusted peers. */
  direct: 127,
} as const

/** A code that this package reads; all others are ignored. */
export type PacketCode = (typeof packetCodes)[keyof typeof packetCodes]

/** `shh/6` owns the codes 0 .. 127. */
export const PACKET_CODE_COUNT = 128

/** 1 MiB. Larger packet bodies of any code end the link in the reference nodes, and here. */
export const MAX_PACKET_BYTES: number = 1024 * 1024
