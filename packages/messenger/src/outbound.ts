/** What happens when a person says something, as plain data. */
import { type PublicKey, to0xHex, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { chatMessage, messageId } from '@status-protocol/payload'
import type { Change } from '@status-protocol/ports'
import { type Chat, chatIdOnTheWire } from './chat.ts'
import { contentToSay, putImage, type Said, textBeside } from './content.ts'
import { MessengerError } from './error.ts'
import type { DeliveryEvent, NewEvent } from './events.ts'
import { type Generation, nextClockIn, wrapIn } from './generations.ts'
import type { DeliveryState, Message, MessageIdText, Security } from './message.ts'
import {
  type ChatRecord,
  changeMessage,
  deleteOutbox,
  type OutboxRecord,
  putChat,
  putMessage,
  putOutbox,
} from './tables.ts'

/** UTF-8. Well below what any relay takes in one envelope. */
export const MAX_TEXT_BYTES = 50_000
/** Envelopes that one message gets before it is given up. */
export const MAX_ATTEMPTS = 5
/** Own messages on their way at one time. */
export const MAX_OUTBOX = 10_000

export interface Outcome {
  readonly changes: readonly Change[]
  readonly events: readonly NewEvent[]
}

export interface ComposeInput {
  readonly chat: ChatRecord
  readonly text: string
  readonly responseTo?: MessageIdText
  readonly content?: Said | undefined
  readonly security: Security
  /** Signed by nobody. */
  readonly deniable?: boolean
  /** What its readers speak; v1 unless it is said. */
  readonly generation?: Generation
  /** They count hundredths of milliseconds. */
  readonly inHundredths?: boolean
}

export interface ComposeContext {
  readonly privateKey: Uint8Array
  readonly publicKey: PublicKey
  readonly nowMs: number
  readonly crypto: CryptoProvider
}

/** A message, signed unless it is deniable, stored as queued. `outbox` is what sends it after any crash, unless data sync does. */
export function compose(
  input: ComposeInput,
  context: ComposeContext,
): Outcome & { readonly message: Message; readonly outbox: OutboxRecord } {
  const { chat, lastClock } = input.chat
  const said = input.content && contentToSay(input.content)
  const text = checkedText(textBeside(input.text, input.content))
  const { generation = 'v1', inHundredths = false } = input
  const clock = nextClockIn(generation, lastClock, context.nowMs, { inHundredths })
  const timestampMs = BigInt(context.nowMs)
  const content = chatMessage({
    chatId: chatIdOnTheWire(chat),
    text,
    clock,
    timestamp: timestampMs,
    ...said?.fields,
    ...(input.responseTo ? { responseTo: input.responseTo } : {}),
  })
  const identity = input.deniable ? 'unsigned' : { privateKey: context.privateKey }
  const wrapped = wrapIn(generation, content, { identity, crypto: context.crypto, inHundredths })
  const id = to0xHex(messageId(context.publicKey, wrapped, { crypto: context.crypto })) as MessageIdText
  const message: Message = {
    id,
    chat: chat.id,
    author: context.publicKey,
    text,
    clock,
    timestampMs,
    contentType: content.contentType,
    ...(said ? { content: said.content } : {}),
    ...(input.responseTo ? { responseTo: input.responseTo } : {}),
    own: true,
    security: input.security,
    ...(input.deniable ? { deniable: true } : {}),
    delivery: 'queued',
  }
  const outbox: OutboxRecord = { messageId: id, chat, wrapped, attempts: 0 }
  return {
    message,
    outbox,
    changes: [
      putChat({ ...input.chat, lastClock: clock }),
      ...putMessage(message),
      ...(said?.image ? [putImage(id, said.image)] : []),
    ],
    events: [deliveryEvent(message, 'queued', chat)],
  }
}

/**
 * The next state of an own message that is sealed again until a peer confirms it: all public ones, private ones in mode
 * `whisper`. What is no edge changes nothing.
 */
export function advance(
  message: Message,
  outbox: OutboxRecord,
  state: DeliveryState,
  reason?: string,
): Outcome & { readonly outbox: OutboxRecord | undefined } {
  const { changes, events } = advanceMessage(message, outbox.chat, state, reason)
  if (changes.length === 0) return { changes, events, outbox }
  const attempts = state === 'sent' ? outbox.attempts + 1 : outbox.attempts
  const done = state === 'relayed' || state === 'failed'
  const next: OutboxRecord = { ...outbox, attempts }
  return {
    changes: [...changes, done ? deleteOutbox(message.id) : putOutbox(next)],
    events,
    outbox: done ? undefined : next,
  }
}

/** The next state of any own message; what is no edge changes nothing. */
export function advanceMessage(message: Message, chat: Chat, state: DeliveryState, reason?: string): Outcome {
  const from = message.delivery ?? 'delivered'
  if (!DELIVERY_EDGES[from].includes(state)) return { changes: [], events: [] }
  return {
    changes: [changeMessage(withDelivery(message, state, reason))],
    events: [deliveryEvent(message, state, chat, reason)],
  }
}

/** The message in that state, with the reason for it and none of an earlier one. */
export function withDelivery(
  { deliveryReason: _before, ...message }: Message,
  delivery: DeliveryState,
  reason?: string,
): Message {
  return { ...message, delivery, ...(reason === undefined ? {} : { deliveryReason: reason }) }
}

/**
 * An installation of the recipient acknowledged a message: told once for each. The message is delivered with the first,
 * even after it was given up.
 */
export function deliverMessage(message: Message, chat: Chat, installation: string): Outcome {
  const before = message.deliveredTo ?? []
  if (before.includes(installation) || before.length >= MAX_DELIVERED_TO) return { changes: [], events: [] }
  const deliveredTo = [...before, installation]
  return {
    changes: [changeMessage({ ...withDelivery(message, 'delivered'), deliveredTo })],
    events: [{ ...deliveryEvent(message, 'delivered', chat), installation }],
  }
}

/**
 * A mailserver of ours handed an own public message over: it has it, whatever was heard of its envelopes, or was not; there will be
 * no more of them.
 */
export function foundArchived(message: Message, chat: Chat): Outcome {
  if (!message.own || message.delivery === 'archived') return { changes: [], events: [] }
  return {
    changes: [changeMessage(withDelivery(message, 'archived')), deleteOutbox(message.id)],
    events: [deliveryEvent(message, 'archived', chat)],
  }
}

/** BOUNDED: installations that are remembered for a message; a person has three that are written to. */
const MAX_DELIVERED_TO = 16

/** A late acknowledgement counts even after a message was given up. */
export const DELIVERY_EDGES: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  queued: ['sent', 'delivered', 'failed'],
  sent: ['relayed', 'expired', 'delivered', 'failed'],
  expired: ['sent', 'relayed', 'delivered', 'failed'],
  relayed: ['archived', 'delivered', 'failed'],
  archived: ['delivered', 'failed'],
  delivered: [],
  failed: ['delivered'],
  unaddressed: [],
}

export function deliveryEvent(
  message: Message,
  state: DeliveryState,
  chat: Chat,
  reason?: string,
): DeliveryEvent {
  return {
    type: 'delivery',
    chat: message.chat,
    messageId: message.id,
    ...(chat.kind === 'one-to-one' ? { to: chat.publicKey } : {}),
    state,
    ...(reason === undefined ? {} : { reason }),
  }
}

/** An own message is here now that was written on another device of ours. */
export function elsewhereEvent(message: Message, chat: Chat, late: boolean): DeliveryEvent {
  const { delivery = 'sent', deliveryReason } = message
  return { ...deliveryEvent(message, delivery, chat, deliveryReason), elsewhere: true, late }
}

/** The text itself. @throws MessengerError `invalid-text` if it is blank or longer than {@link MAX_TEXT_BYTES} */
export function checkedText(text: string): string {
  const bytes = utf8(text).length
  if (text.trim() === '') throw new MessengerError('invalid-text', 'a message needs some text, got none')
  if (bytes > MAX_TEXT_BYTES)
    throw new MessengerError('invalid-text', `a message holds at most ${MAX_TEXT_BYTES} bytes, got ${bytes}`)
  return text
}
