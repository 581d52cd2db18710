import { BytesError } from '@status-protocol/bytes'
import { encodeRlp, readRlpUint, rlpBytes, rlpSpan, rlpUint } from '@status-protocol/bytes/rlp'
import { snappyDecompress } from '../snappy.ts'

/**
 * Why a connection ends: the number in a Disconnect message (devp2p "Base Protocol").
 */
export const disconnectReasons = {
  requested: 0x00,
  networkError: 0x01,
  protocolBreach: 0x02,
  uselessPeer: 0x03,
  tooManyPeers: 0x04,
  alreadyConnected: 0x05,
  incompatibleVersion: 0x06,
  invalidIdentity: 0x07,
  quitting: 0x08,
  unexpectedIdentity: 0x09,
  self: 0x0a,
  timeout: 0x0b,
  subprotocolError: 0x10,
} as const

/** One of {@link disconnectReasons}, or whatever else a peer gave, 0 .. 255. */
export type DisconnectReason = number

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(disconnectReasons).map(([name, reason]) => [
    reason,
    name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`),
  ]),
)

/** For people: `too many peers`, or `reason 77`. */
export function disconnectReasonText(reason: DisconnectReason): string {
  return NAMES.get(reason) ?? `reason ${reason}`
}

/** More bytes than any Disconnect has. */
const MAX_DISCONNECT_BYTES = 2048

/** A list of one, as go-ethereum sends it; not compressed. */
export function encodeDisconnect(reason: DisconnectReason): Uint8Array {
  return encodeRlp([rlpUint(reason & 0xff)])
}

/**
 * The reason in the body of a Disconnect, in every form that is seen: a list whose first element is the reason, a bare
 * integer, nothing; compressed or not (the sender may not have known yet whether to). What cannot be read, and reasons
 * above 255, are {@link disconnectReasons}`.requested`, as in go-ethereum.
 *
 * Deviation: the specification has an uncompressed list of one before, a compressed one after Hello.
 */
export function readDisconnect(body: Uint8Array): DisconnectReason {
  const uncompressed = snappyDecompress(body, MAX_DISCONNECT_BYTES)
  const reason = typeof uncompressed === 'string' ? undefined : readReason(uncompressed)
  return reason ?? readReason(body) ?? disconnectReasons.requested
}

/** Looks at the first element alone: what follows may be megabytes. */

function readReason(body: Uint8Array): DisconnectReason | undefined {
  if (body.length === 0) return disconnectReasons.requested
  try {
    const whole = rlpSpan(body)
    if (whole.payload === whole.end) return disconnectReasons.requested
    const span = whole.isList ? rlpSpan(body, whole.payload, whole.end) : whole
    return Number(readRlpUint(rlpBytes(body, span), 1))
  } catch (error) {
    if (error instanceof BytesError) return undefined
    throw error
  }
}
