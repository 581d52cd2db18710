/**
 * Whether a received message may be shown: the rules of the Go clients, in their order, with their edges.
 *
 * What they do not check, neither do we: lower bounds of clocks, the timestamp's distance, unknown future types.
 */
import type { ChatMessage } from './chat-message.ts'
import { CHAT_MESSAGE_TYPES, CONTENT_TYPES, IMAGE_FORMATS } from './chat-message.ts'
import { MAX_CLOCK_AHEAD_MS } from './clock.ts'
import type { PairInstallation } from './devices.ts'
import { isGoFloat } from './go-float.ts'
import type { Message } from './message.ts'
import type {
  AcceptRequestAddressForTransaction,
  RequestAddressForTransaction,
  RequestTransaction,
  SendTransaction,
} from './transactions.ts'

/** Why a message is refused; which rule, in the order in which the rules are asked. */
export type Refusal =
  | 'clock-zero'
  | 'clock-too-high'
  | 'timestamp-zero'
  | 'text-empty'
  | 'chat-id-empty'
  | 'content-type-unknown'
  | 'content-type-local'
  | 'message-type-unknown'
  | 'sticker-missing'
  | 'sticker-hash-empty'
  | 'image-missing'
  | 'image-empty'
  | 'image-format-unknown'
  | 'name-empty'
  | 'device-type-empty'
  | 'installation-id-empty'
  | 'value-empty'
  | 'value-not-a-number'
  | 'address-empty'
  | 'id-empty'
  | 'transaction-hash-empty'
  | 'signature-missing'

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: Refusal }

const ACCEPTED: Verdict = { ok: true }

/**
 * The verdict of a receiving client.
 *
 * Contact updates, sync messages and unknown types have no rules. The events of a membership update are judged one by
 * one when the group is built, the chat message inside it by this function.
 *
 * @param receivedAtMs Unix milliseconds of the transport (when the envelope was sent), not of the receiver's clock
 */
export function validateMessage(message: Message, receivedAtMs: number | bigint): Verdict {
  const reason = refusal(message, BigInt(receivedAtMs))
  return reason ? { ok: false, reason } : ACCEPTED
}

/** The rule for every clock: not 0, at most 120,000 ms ahead; arbitrarily old is fine. */
export function validateClock(clock: bigint, nowMs: number | bigint): Verdict {
  const reason = clockRefusal(clock, BigInt(nowMs))
  return reason ? { ok: false, reason } : ACCEPTED
}

function refusal(message: Message, nowMs: bigint): Refusal | undefined {
  switch (message.type) {
    case 'chat':
      return clockRefusal(message.clock, nowMs) ?? chatRefusal(message)
    case 'pair-installation':
      return clockRefusal(message.clock, nowMs) ?? pairRefusal(message)
    case 'request-address-for-transaction':
      return clockRefusal(message.clock, nowMs) ?? valueRefusal(message)
    case 'request-transaction':
      return clockRefusal(message.clock, nowMs) ?? requestRefusal(message)
    case 'accept-request-address-for-transaction':
      return clockRefusal(message.clock, nowMs) ?? acceptRefusal(message)
    case 'decline-request-address-for-transaction':
    case 'decline-request-transaction':
      return clockRefusal(message.clock, nowMs) ?? (message.id === '' ? 'id-empty' : undefined)
    case 'send-transaction':
      return clockRefusal(message.clock, nowMs) ?? sendRefusal(message)
    case 'membership-update':
      return message.message && refusal(message.message, nowMs)
    default:
      return undefined
  }
}

function clockRefusal(clock: bigint, nowMs: bigint): Refusal | undefined {
  if (clock === 0n) return 'clock-zero'
  return clock - nowMs > MAX_CLOCK_AHEAD_MS ? 'clock-too-high' : undefined
}

function chatRefusal(message: ChatMessage): Refusal | undefined {
  if (message.timestamp === 0n) return 'timestamp-zero'
  if (isBlank(message.text)) return 'text-empty'
  if (message.chatId === '') return 'chat-id-empty'
  if (message.contentType === CONTENT_TYPES.unknown) return 'content-type-unknown'
  if (message.contentType === CONTENT_TYPES.transactionCommand) return 'content-type-local'
  if (message.messageType === CHAT_MESSAGE_TYPES.unknown) return 'message-type-unknown'
  if (message.messageType === CHAT_MESSAGE_TYPES.systemPrivateGroup) return 'message-type-unknown'
  if (message.contentType === CONTENT_TYPES.sticker) return stickerRefusal(message)
  return message.contentType === CONTENT_TYPES.image ? imageRefusal(message) : undefined
}

function stickerRefusal({ sticker }: ChatMessage): Refusal | undefined {
  if (!sticker) return 'sticker-missing'
  return sticker.hash === '' ? 'sticker-hash-empty' : undefined
}

function imageRefusal({ image }: ChatMessage): Refusal | undefined {
  if (!image) return 'image-missing'
  if (image.payload.length === 0) return 'image-empty'
  return image.format === IMAGE_FORMATS.unknown ? 'image-format-unknown' : undefined
}

function pairRefusal(message: PairInstallation): Refusal | undefined {
  if (isBlank(message.name)) return 'name-empty'
  if (isBlank(message.deviceType)) return 'device-type-empty'
  return isBlank(message.installationId) ? 'installation-id-empty' : undefined
}

function valueRefusal({ value }: RequestAddressForTransaction): Refusal | undefined {
  if (isBlank(value)) return 'value-empty'
  return isGoFloat(value) ? undefined : 'value-not-a-number'
}

function requestRefusal({ value, address }: RequestTransaction): Refusal | undefined {
  if (isBlank(value)) return 'value-empty'
  if (isBlank(address)) return 'address-empty'
  return isGoFloat(value) ? undefined : 'value-not-a-number'
}

function acceptRefusal({ id, address }: AcceptRequestAddressForTransaction): Refusal | undefined {
  if (id === '') return 'id-empty'
  return isBlank(address) ? 'address-empty' : undefined
}

function sendRefusal({ transactionHash, signature }: SendTransaction): Refusal | undefined {
  if (isBlank(transactionHash)) return 'transaction-hash-empty'
  return signature ? undefined : 'signature-missing'
}

/** Unicode's White_Space, as Go trims it: JavaScript's `trim` leaves U+0085 and takes U+FEFF. */
const NOT_BLANK = /[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

function isBlank(text: string): boolean {
  return !NOT_BLANK.test(text)
}
