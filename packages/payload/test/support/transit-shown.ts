/** How the golden files of 2019 show what a reader made of a Transit document. */
import { PayloadError } from '@status-protocol/payload'
import {
  type ChatMessageV0,
  decodeMessageV0,
  isTransitArray,
  isTransitKeyword,
  isTransitMap,
  isTransitTagged,
  type MessageV0,
  readTransit,
  type TransitMap,
  type TransitValue,
  writeTransit,
} from '@status-protocol/payload/v0'
import { expectSame, type VectorCase } from '@status-protocol/testkit'

/** Compares what the Go reader of the time makes of a document; `wanted` is the file's `decoded` or `go_decoder`. */
export function expectGoReading(bytes: Uint8Array, wanted: VectorCase, field: string): void {
  const message = orError(() => decodeMessageV0(bytes, { dialect: 'go' }))
  if (message instanceof PayloadError) {
    expectSame(message.code === 'malformed' ? 'error' : message.code, wanted.verdict, `${field}.verdict`)
    expectErrorClass(message, wanted.error, `${field}.error`)
  } else expectSame(shown(message), wanted, field)
}

/** An element that is wrong is named by its index; all else is only "malformed" to us. */
function expectErrorClass(error: PayloadError, wanted: unknown, field: string): void {
  const { index } = error.details
  const isNamed = /invalid value for index: \d+/.test(String(wanted))
  if (isNamed || index !== undefined) expectSame(`invalid value for index: ${index}`, wanted, field)
}

function orError<T>(decode: () => T): T | PayloadError {
  try {
    return decode()
  } catch (error) {
    if (error instanceof PayloadError) return error
    throw error
  }
}

function shown(message: MessageV0): unknown {
  if (message.type === 'chat') return { verdict: 'ok', parsed_as: 'message', message: shownChat(message) }
  if (message.type === 'pair-installation') {
    const { installationId, deviceType, name, fcmToken } = message
    const pair = { installation_id: installationId, device_type: deviceType, name, fcm_token: fcmToken }
    return { verdict: 'ok', parsed_as: 'pair_message', pair_message: pair }
  }
  if (message.type === 'membership-update') {
    const updates = message.updates.length === 0 ? null : message.updates
    return { verdict: 'ok', parsed_as: 'membership_update', chat_id: message.chatId, updates }
  }
  const generic = message.type === 'unknown' ? shownValue(message.value) : undefined
  return { verdict: 'ok', parsed_as: 'unknown to this version (generic transit)', generic }
}

function shownChat(message: ChatMessageV0): unknown {
  const { chatId, text, responseTo, name } = message.content
  return {
    text: message.text,
    content_type: message.contentType,
    message_type: message.messageType,
    clock: shownInteger(message.clock),
    timestamp: shownInteger(message.timestamp ?? 0n),
    content: { chat_id: chatId, text, response_to: responseTo, name },
  }
}

function shownInteger(value: bigint): string | number {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? String(value) : Number(value)
}

function shownValue(value: TransitValue): unknown {
  if (typeof value === 'bigint') return shownInteger(value)
  if (isTransitArray(value)) return value.map(shownValue)
  if (isTransitKeyword(value)) return `:${value.keyword}`
  if (isTransitMap(value)) return shownMap(value)
  if (!isTransitTagged(value)) return value
  if (value.tag === 'c4') return goStruct(decodeMessageV0(writeTransit(value)))
  if (value.tag === 'set' || value.tag === 'list') return { [value.tag]: shownValue(value.value) }
  return { tag: value.tag, value: shownValue(value.value) }
}

function shownMap({ entries }: TransitMap): unknown {
  return Object.fromEntries(entries.map(([key, value]) => [String(shownValue(key)), shownValue(value)]))
}

/** Go's %v of a message inside another value; the fields that are not on the wire are empty. */
function goStruct(message: MessageV0): string {
  if (message.type !== 'chat') throw new Error(`expected a chat message, got ${message.type}`)
  const { text, contentType, messageType, clock, timestamp, content } = message
  const { chatId, responseTo, name } = content
  const shownContent = `{${chatId} ${content.text} ${responseTo} ${name} <nil> 0 false}`
  return `statusproto.Message {${text} ${contentType} ${messageType} ${clock} ${timestamp} ${shownContent} 0 [] <nil> }`
}

/** Fails unless the text is one JSON document and nothing else. */
export function expectOneDocument(text: string, field: string): void {
  try {
    JSON.parse(text)
  } catch (error) {
    throw new Error(`${field}: expected one JSON document`, { cause: error })
  }
}

/** Go writes maps in random order and `<` as an escape: what counts is the same document. */
export function expectSameDocument(ours: Uint8Array, theirs: Uint8Array): void {
  expectSame(sorted(readTransit(ours)), sorted(readTransit(theirs)), 'transit')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([key, field]) => [key, sorted(field)] as const)
  return Object.fromEntries(fields.map(([key, field]) => [key, key === 'entries' ? byText(field) : field]))
}

function byText(entries: unknown): unknown {
  const text = (entry: unknown) => JSON.stringify(entry, (_, v) => (typeof v === 'bigint' ? String(v) : v))
  return (entries as unknown[]).toSorted((a, b) => (text(a) < text(b) ? -1 : 1))
}
