import { utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { messageId, nextClockGo2019 } from '@status-protocol/payload'
import {
  type ChatMessageV0,
  decodeMessageV0,
  encodeMessageV0,
  encodeWrapperV0,
  openWrapperV0,
  unwrapV0,
  wrapPayloadV0,
} from '@status-protocol/payload/v0'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'
import { expectGoReading, expectOneDocument, expectSameDocument } from '../support/transit-shown.ts'

const WRAPPED = [
  'transit',
  'author_public_key',
  'payload_keccak256',
  'signature',
  'wrapped_protobuf',
  'message_id',
  'decoded',
]

export const suite: VectorSuite = {
  file: 'payload-v0-transit.json',
  kinds: {
    encoded_chat_message: {
      expected: ['message', ...WRAPPED],
      check(c) {
        expectWrapped(c)
        expectSameDocument(encodeMessageV0(chatMessageOf(c.message)), utf8(c.transit))
      },
    },
    encoded_pair_message: {
      expected: WRAPPED,
      check(c) {
        expectWrapped(c)
        expectSameDocument(encodeMessageV0(decodeMessageV0(utf8(c.transit))), utf8(c.transit))
      },
    },
    decode: {
      expected: ['decoded'],
      notExpected: { 'decoded.error': 'wording of the Go reader; which element is wrong is compared' },
      check(c) {
        expectGoReading(utf8(c.transit), c.decoded, 'decoded')
      },
    },
    unwrap: {
      expected: ['verdict', 'payload', 'recovered_public_key'],
      check(c) {
        const result = openWrapperV0(hex(c.wrapped_protobuf))
        if (!result.ok) {
          expectSame('error', c.verdict, 'verdict')
          return expectSame(result.reason, faultOf(c.error), 'error')
        }
        if (!result.wrapped) {
          expectHex(result.payload, c.wrapped_protobuf, 'payload')
          expectSame(result.author, undefined, 'author')
          return expectSame(
            'not a wrapper: payload used unchanged, author = transport signer',
            c.verdict,
            'verdict',
          )
        }
        expectSame('ok', c.verdict, 'verdict')
        expectHex(result.payload, c.payload, 'payload')
        expectSame(result.author ?? null, c.recovered_public_key, 'recovered_public_key')
      },
    },
    next_clock: {
      expected: ['clock'],
      check(c) {
        expectSame(nextClockGo2019(BigInt(c.last_observed_clock), Number(c.now_ms)), String(c.clock), 'clock')
      },
    },
  },
}

function expectWrapped(c: VectorCase): void {
  const [payload, wrapped] = [utf8(c.transit), hex(c.wrapped_protobuf)]
  expectOneDocument(c.transit, 'transit')
  expectHex(defaultProvider.keccak256(payload), c.payload_keccak256, 'payload_keccak256')
  expectHex(
    wrapPayloadV0(payload, { privateKey: hex(c.author_private_key) }),
    c.wrapped_protobuf,
    'wrapped_protobuf',
  )
  expectHex(encodeWrapperV0({ signature: hex(c.signature), payload }), c.wrapped_protobuf, 'signature')
  const result = unwrapV0(wrapped, { dialect: 'go' })
  expectThat(result.ok, 'unwrap: expected ok')
  expectHex(result.author, c.author_public_key, 'author_public_key')
  expectHex(result.messageId, c.message_id, 'message_id')
  expectHex(messageId(result.author, wrapped), c.message_id, 'message_id')
  expectGoReading(result.payload, c.decoded, 'decoded')
}

function chatMessageOf(m: VectorCase): ChatMessageV0 {
  const { chat_id: chatId, text, response_to: responseTo, name } = m.content
  return {
    type: 'chat',
    text: m.text,
    contentType: m.content_type,
    messageType: m.message_type,
    clock: BigInt(m.clock),
    timestamp: BigInt(m.timestamp),
    content: { chatId, text, responseTo, name, extra: [] },
  }
}

/** The class of an error of the reference; its wording is not ours. */
function faultOf(error: string): string {
  if (/signature length/.test(error)) return 'signature-length'
  return /recovery id/.test(error) ? 'signature-recovery-id' : 'signature-invalid'
}
