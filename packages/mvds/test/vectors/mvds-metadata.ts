import { expectHex, expectSame, hex, type VectorCase, type VectorSuite } from '@status-protocol/testkit'
import {
  decodeMessage,
  decodePayload,
  encodeMessage,
  encodePayload,
  type MessageContent,
  messageIdOf,
} from '../../src/index.ts'

export const suite: VectorSuite = {
  file: 'mvds-metadata.json',
  kinds: {
    message: {
      expected: ['message_id', 'message_protobuf'],
      check(c) {
        const content = contentOf(c)
        expectHex(messageIdOf(content), c.message_id, 'message_id')
        expectHex(encodeMessage(content, 'metadata'), c.message_protobuf, 'message_protobuf')
        expectSame(decodeMessage(hex(c.message_protobuf), 'metadata'), content, 'message read back')
      },
    },
    payload: {
      expected: [
        'is_valid_datasync_payload',
        'payload_protobuf',
        'acks',
        'offers',
        'requests',
        'message_protobufs',
      ],
      check(c) {
        const [acks, offers, requests] = [c.acks, c.offers, c.requests].map((list) => list.map(hex))
        const messages = c.message_protobufs.map((bytes: string) => decodeMessage(hex(bytes), 'metadata'))
        const payload = { acks, offers, requests, messages }
        expectHex(encodePayload(payload, 'metadata'), c.payload_protobuf, 'payload_protobuf')
        const decoded = decodePayload(hex(c.payload_protobuf), 'metadata')
        expectSame(decoded.ok, c.is_valid_datasync_payload, 'is_valid_datasync_payload')
        if (decoded.ok) expectSame(decoded.payload, payload, 'payload read back')
        const encoded = messages.map((message: MessageContent) => encodeMessage(message, 'metadata'))
        expectSame(encoded, c.message_protobufs, 'message_protobufs')
      },
    },
  },
}

function contentOf({ group_id, timestamp, body, metadata }: VectorCase): MessageContent {
  const content = { groupId: hex(group_id), timestampSeconds: BigInt(timestamp), body: hex(body) }
  if (!metadata) return content
  return { ...content, metadata: { parents: metadata.parents.map(hex), ephemeral: metadata.ephemeral } }
}
