import {
  decodeMessage,
  encodeMessage,
  encodeWrapper,
  type Message,
  messageId,
  openWrapper,
  type Refusal,
  unwrap,
  validateMessage,
  wrap,
} from '@status-protocol/payload'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'
import { fieldsOf } from '../support/proto-fields.ts'

/** The reference's wording of every rule. */
const WORDING: Readonly<Record<Exclude<Refusal, 'value-not-a-number'>, string>> = {
  'clock-zero': "clock can't be 0",
  'clock-too-high': 'clock value too high',
  'timestamp-zero': "timestamp can't be 0",
  'text-empty': "text can't be empty",
  'chat-id-empty': "chatId can't be empty",
  'content-type-unknown': 'unknown content type',
  'content-type-local': "can't receive request address for transaction from others",
  'message-type-unknown': 'unknown message type',
  'sticker-missing': 'no sticker content',
  'sticker-hash-empty': 'sticker hash not set',
  'image-missing': 'no image content',
  'image-empty': 'image payload empty',
  'image-format-unknown': 'image type unknown',
  'name-empty': "name can't be empty",
  'device-type-empty': "device type can't be empty",
  'installation-id-empty': "installationId can't be empty",
  'value-empty': "value can't be empty",
  'address-empty': "address can't be empty",
  'id-empty': "messageID can't be empty",
  'transaction-hash-empty': "transaction hash can't be empty",
  'signature-missing': "signature can't be nil",
}

export const suite: VectorSuite = {
  file: 'payload-v1-protobuf.json',
  kinds: {
    message: {
      expected: [
        'type',
        'type_name',
        'fields',
        'payload',
        'author_public_key',
        'signature',
        'wrapped',
        'message_id',
      ],
      check(c, file) {
        const identity = { privateKey: hex(c.author_private_key) }
        const wrapped = hex(c.wrapped)
        const result = unwrap(wrapped)
        expectThat(result.ok, 'unwrap: expected ok')
        expectHex(result.author, c.author_public_key, 'author_public_key')
        expectHex(result.messageId, c.message_id, 'message_id')
        expectHex(messageId(result.author, wrapped), c.message_id, 'message_id')
        expectHex(result.payload, c.payload, 'payload')
        expectSame(result.wireType, c.type, 'type')
        expectSame(result.wireType, file.types[c.type_name], 'type_name')
        expectSame(fieldsOf(readAsIn(c)), c.fields, 'fields')
        expectHex(encodeMessage(result.message), c.payload, 'payload')
        expectHex(wrap(result.message, identity), c.wrapped, 'wrapped')
        const { signature, payload } = { signature: hex(c.signature), payload: hex(c.payload) }
        expectHex(encodeWrapper({ signature, payload, type: c.type }), c.wrapped, 'signature')
      },
    },
    unwrap: {
      expected: ['verdict', 'type', 'payload', 'recovered_public_key', 'message_id'],
      check(c) {
        const result = openWrapper(hex(c.wrapped))
        expectSame(result.ok ? 'ok' : 'error', c.verdict, 'verdict')
        if (!result.ok) return expectSame(result.reason, faultOf(c.error), 'error')
        expectSame(result.wireType, c.type, 'type')
        expectHex(result.payload, c.payload, 'payload')
        expectSame(result.author ?? null, c.recovered_public_key, 'recovered_public_key')
        expectHex(result.messageId, c.message_id, 'message_id')
      },
    },
    validate: {
      expected: ['type', 'type_name', 'fields', 'payload', 'verdict', 'error'],
      check(c, file) {
        const message = decodeMessage(c.type, hex(c.payload))
        expectSame(c.type, file.types[c.type_name], 'type_name')
        expectSame(fieldsOf(message), c.fields, 'fields')
        expectHex(encodeMessage(message), c.payload, 'payload')
        const verdict = validateMessage(message, c.received_at_ms)
        expectSame(verdict.ok ? 'accepted' : 'rejected', c.verdict, 'verdict')
        expectSame(verdict.ok ? undefined : wordingOf(verdict.reason, message), c.error, 'error')
      },
    },
  },
}

/** Type 0 says nothing of its payload; the file shows it as the chat message that it is. */
function readAsIn(c: VectorCase): Message {
  const isChat = c.type === 0 && 'Payload' in c.fields
  return decodeMessage(isChat ? 1 : c.type, hex(c.payload))
}

function wordingOf(reason: Refusal, message: Message): string {
  if (reason !== 'value-not-a-number') return WORDING[reason]
  const value = 'value' in message ? message.value : ''
  const isTooLarge = Math.abs(Number(value)) === Number.POSITIVE_INFINITY
  return `strconv.ParseFloat: parsing ${JSON.stringify(value)}: ${isTooLarge ? 'value out of range' : 'invalid syntax'}`
}

/** The class of an error of the reference; its wording is not ours. */
function faultOf(error: string): string {
  if (/signature length/.test(error)) return 'signature-length'
  if (/recovery id/.test(error)) return 'signature-recovery-id'
  return /recovery failed/.test(error) ? 'signature-invalid' : 'malformed'
}
