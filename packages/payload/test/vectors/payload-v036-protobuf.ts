import {
  decodeChatMessageV036,
  encodeChatMessageV036,
  encodeWrapper,
  nextClockGo2019,
  unwrapV036,
  wrapV036,
} from '@status-protocol/payload'
import { expectHex, expectSame, expectThat, hex, type VectorSuite } from '@status-protocol/testkit'
import { fieldsOf } from '../support/proto-fields.ts'

export const suite: VectorSuite = {
  file: 'payload-v036-protobuf.json',
  kinds: {
    message: {
      expected: ['fields', 'payload', 'author_public_key', 'signature', 'wrapped', 'message_id'],
      check(c) {
        const result = unwrapV036(hex(c.wrapped))
        expectThat(result.ok, 'unwrap: expected ok')
        expectHex(result.author, c.author_public_key, 'author_public_key')
        expectHex(result.messageId, c.message_id, 'message_id')
        expectHex(result.payload, c.payload, 'payload')
        const message = decodeChatMessageV036(hex(c.payload))
        expectSame(result.message, message, 'message')
        // The file has the numbers of 0.36, which are one less than those of our types.
        const { messageType, contentType } = message
        expectSame(
          fieldsOf({ ...message, messageType: messageType - 1, contentType: contentType - 1 }),
          c.fields,
          'fields',
        )
        expectHex(encodeChatMessageV036(message), c.payload, 'payload')
        expectHex(wrapV036(message, { privateKey: hex(c.author_private_key) }), c.wrapped, 'wrapped')
        const { signature, payload } = { signature: hex(c.signature), payload: hex(c.payload) }
        expectHex(encodeWrapper({ signature, payload, type: 0 }), c.wrapped, 'signature')
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
