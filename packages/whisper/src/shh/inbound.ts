/**
 * What a packet from a peer means. Pure: decides nothing about envelopes, keeps no state.
 *
 * A known code with a body that cannot be read ends the link. Exceptions, as in the reference: packets that this node does
 * not serve and direct packets of peers that are not trusted are not even parsed; a message response of another version
 * is ignored; unknown codes are ignored.
 */
import type { Bloom } from '../bloom.ts'
import type { Envelope } from '../envelope.ts'
import { WhisperError } from '../error.ts'
import { decodeBatchAcknowledged } from '../packets/batch-acknowledged.ts'
import { decodeBloomFilter } from '../packets/bloom-filter.ts'
import { MAX_PACKET_BYTES, packetCodes } from '../packets/codes.ts'
import { decodeDirect } from '../packets/direct.ts'
import { decodeMessageResponse, type MessageResponse } from '../packets/message-response.ts'
import { decodeMessages } from '../packets/messages.ts'
import { decodePowRequirement } from '../packets/pow-requirement.ts'
import { decodeRateLimits, type RateLimits } from '../packets/rate-limits.ts'
import { decodeHistoryRequest, type HistoryRequest } from '../packets/request.ts'
import { decodeRequestComplete, type RequestComplete } from '../packets/request-complete.ts'
import { decodeStatus, type Status, WHISPER_VERSION } from '../packets/status.ts'
import {
  decodeSyncRequest,
  decodeSyncResponse,
  type SyncRequest,
  type SyncResponse,
} from '../packets/sync.ts'

/** What this node does with packets that only some nodes read. */
export interface InboundContext {
  /** Whether direct messages and the end of a request are read from this peer. */
  readonly trusted: boolean
  /** Whether somebody here answers history requests (126). */
  readonly servesRequests: boolean
  /** Whether somebody here answers sync requests (123). */
  readonly servesSync: boolean
  /** Whether somebody here reads sync responses (124). */
  readonly readsSync: boolean
}

export type Inbound =
  | { readonly type: 'messages'; readonly envelopes: readonly Envelope[] }
  | { readonly type: 'pow-requirement'; readonly minPow: number }
  | { readonly type: 'bloom-filter'; readonly bloom: Bloom }
  | { readonly type: 'batch-acknowledged'; readonly batchHash: Uint8Array }
  | { readonly type: 'message-response'; readonly response: MessageResponse }
  | { readonly type: 'rate-limits'; readonly rateLimits: RateLimits }
  | { readonly type: 'sync-request'; readonly request: SyncRequest }
  | { readonly type: 'sync-response'; readonly response: SyncResponse }
  | { readonly type: 'request-complete'; readonly outcome: RequestComplete }
  | { readonly type: 'request'; readonly request: HistoryRequest }
  | { readonly type: 'direct'; readonly envelopes: readonly Envelope[] }
  /** Nothing to do, and nobody's fault. */
  | { readonly type: 'ignored' }
  /** The link has to end. */
  | { readonly type: 'breach'; readonly detail: string }

/** The first packet of a link. Anything but a status of our version is a breach. */
export function readFirstPacket(
  code: number,
  body: Uint8Array,
): { readonly type: 'status'; readonly status: Status } | Extract<Inbound, { type: 'breach' }> {
  if (code !== packetCodes.status) return breach(`packet ${code} came before the status packet`)
  if (body.length > MAX_PACKET_BYTES) return breach(`packet of ${body.length} bytes`)
  const status = attempt(() => decodeStatus(body))
  if ('type' in status) return status
  if (status.version !== WHISPER_VERSION)
    return breach(`expected version ${WHISPER_VERSION}, got ${status.version}`)
  return { type: 'status', status }
}

/** Any later packet. */
export function readNextPacket(code: number, body: Uint8Array, context: InboundContext): Inbound {
  if (body.length > MAX_PACKET_BYTES) return breach(`packet of ${body.length} bytes`)
  return attempt(() => interpret(code, body, context))
}

function interpret(code: number, body: Uint8Array, context: InboundContext): Inbound {
  switch (code) {
    case packetCodes.messages:
      return { type: 'messages', envelopes: decodeMessages(body) }
    case packetCodes.powRequirement:
      return { type: 'pow-requirement', minPow: decodePowRequirement(body) }
    case packetCodes.bloomFilter:
      return { type: 'bloom-filter', bloom: decodeBloomFilter(body) }
    case packetCodes.batchAcknowledged:
      return { type: 'batch-acknowledged', batchHash: decodeBatchAcknowledged(body) }
    case packetCodes.messageResponse:
      return responseOr(decodeMessageResponse(body))
    case packetCodes.rateLimits:
      return { type: 'rate-limits', rateLimits: decodeRateLimits(body) }
    case packetCodes.syncRequest:
      return context.servesSync ? { type: 'sync-request', request: decodeSyncRequest(body) } : IGNORED
    case packetCodes.syncResponse:
      return context.trusted && context.readsSync
        ? { type: 'sync-response', response: decodeSyncResponse(body) }
        : IGNORED
    case packetCodes.requestComplete:
      return context.trusted ? { type: 'request-complete', outcome: decodeRequestComplete(body) } : IGNORED
    case packetCodes.request:
      return context.servesRequests ? { type: 'request', request: decodeHistoryRequest(body) } : IGNORED
    case packetCodes.direct:
      return context.trusted ? { type: 'direct', envelopes: decodeDirect(body) } : IGNORED
    default: // a second status among them
      return IGNORED
  }
}

const IGNORED = { type: 'ignored' } as const

function responseOr(response: MessageResponse | undefined): Inbound {
  return response ? { type: 'message-response', response } : IGNORED
}

function attempt<T>(read: () => T): T | Extract<Inbound, { type: 'breach' }> {
  try {
    return read()
  } catch (error) {
    if (error instanceof WhisperError) return breach(error.message)
    throw error
  }
}

function breach(detail: string): Extract<Inbound, { type: 'breach' }> {
  return { type: 'breach', detail }
}
