import { toHex } from '@status-protocol/bytes'
import {
  expectHex,
  expectSame,
  hex,
  type VectorCase,
  type VectorFile,
  type VectorSuite,
} from '@status-protocol/testkit'
import {
  decodeMessage,
  decodePayload,
  EPOCH_MS,
  encodeMessage,
  encodePayload,
  type MessageContent,
  messageIdOf,
  oneToOneGroupId,
  type Payload,
  referenceSendTime,
  syncGroupId,
} from '../../src/index.ts'
import { createReferenceNode, NO_PAYLOAD, type ReferenceNode, type Sent } from '../reference-node.ts'

/** What a case says of a received payload beside its bytes. */
const RECEIVED = ['acks', 'offers', 'requests', 'messages'].map((list) => `b_received.${list}`)

export const suite: VectorSuite = {
  file: 'mvds.json',
  kindOf: (c) => (c.kind === 'relay' ? relayKind(c) : String(c.kind)),
  kinds: {
    message_id: {
      expected: ['message_id', 'message_protobuf'],
      check(c) {
        const content = contentOf(c)
        expectHex(messageIdOf(content), c.message_id, 'message_id')
        expectHex(encodeMessage(content), c.message_protobuf, 'message_protobuf')
        expectSame(decodeMessage(hex(c.message_protobuf)), content, 'message read back')
      },
    },
    group_id: {
      expected: ['group_id', 'peer_id_of_key_1'],
      check(c) {
        const [a, b] = [hex(c.public_key_1), hex(c.public_key_2)]
        expectHex(oneToOneGroupId(a, b), c.group_id, 'group_id')
        expectHex(oneToOneGroupId(b, a), c.group_id, 'group_id the other way round')
        expectHex(a, c.peer_id_of_key_1, 'peer_id_of_key_1') // a peer is its 65-byte key
      },
    },
    payload: {
      expected: ['is_valid_datasync_payload', 'payload_protobuf', 'acks', 'offers', 'requests', 'messages'],
      check(c) {
        checkPayload(hex(c.payload_protobuf), c, 'payload')
        expectHex(encodePayload(payloadOf(c)), c.payload_protobuf, 'payload_protobuf')
        expectSame(decodePayload(hex(c.payload_protobuf)).ok, c.is_valid_datasync_payload, 'is_valid')
      },
    },
    unwrap: {
      expected: ['outputs'],
      check(c) {
        const decoded = decodePayload(hex(c.input))
        const outputs = decoded.ok ? decoded.payload.messages.map(({ body }) => body) : [hex(c.input)]
        expectSame(outputs, c.outputs, 'outputs')
      },
    },
    send_time_table: {
      expected: ['epoch_seconds', 'rows'],
      check(c) {
        expectSame(EPOCH_MS / 1000, c.epoch_seconds, 'epoch_seconds')
        for (const { send_count, current_epoch, calculate_send_time } of c.rows)
          expectSame(referenceSendTime(send_count, current_epoch), calculate_send_time, 'calculate_send_time')
      },
    },
    retransmission: {
      expected: ['first_send_epoch', 'sends_in_2000_epochs'],
      async check(c) {
        const [a, b] = [peer(1), peer(2)]
        const node = createReferenceNode(a, 'batch')
        const groupId = oneToOneGroupId(a, b)
        await node.addPeer(groupId, b)
        await node.append(c.append_epoch, { groupId, timestampSeconds: 1n, body: Uint8Array.of(1) })
        const sends = []
        for (let number = c.append_epoch; number <= 2000; number++) {
          const sent = await node.epoch(number)
          if (sent.length === 0) continue
          const [state] = await node.states()
          sends.push({
            epoch: number,
            send_count_after: state?.send_count,
            next_send_epoch: state?.send_epoch,
          })
        }
        expectSame(sends[0]?.epoch, c.first_send_epoch, 'first_send_epoch')
        expectSame(sends, c.sends_in_2000_epochs, 'sends_in_2000_epochs')
      },
    },
    exchange: {
      expected: ['steps.*.a_states', 'steps.*.b_states', 'steps.*.a_sends', 'steps.*.b_sends'],
      check: checkExchange,
    },
    'relay: an offer to the third member': {
      expected: ['b_states_after', 'b_sends_next_epoch', ...RECEIVED],
      async check(c) {
        checkPayload(hex(c.b_received.payload_protobuf), c.b_received, 'b_received')
        const b = await relayingNode(c)
        expectSame(sorted(await statesOf(b)), sorted(c.b_states_after), 'b_states_after')
        const sent = await b.epoch(RELAY_EPOCH + 1)
        for (const [i, { to, payload }] of sortedSends(sent).entries()) {
          const expected = sortedBy<VectorCase>(c.b_sends_next_epoch, ({ to }) => to)[i]
          expectHex(to, expected?.to, 'b_sends_next_epoch.to')
          checkPayload(payload, expected as VectorCase, 'b_sends_next_epoch')
        }
        expectSame(sent.length, c.b_sends_next_epoch.length, 'payloads sent')
      },
    },
    'relay: what changes nothing': {
      expected: ['b_states_after', ...RECEIVED],
      async check(c, file) {
        const first = firstRelay(file)
        const b = await relayingNode(first)
        await b.epoch(RELAY_EPOCH + 1)
        if (c.b_received) {
          checkPayload(hex(c.b_received.payload_protobuf), c.b_received, 'b_received')
          await b.receive(RELAY_EPOCH + 1, hex(first.peer_a), payloadOf(c.b_received))
        } else {
          // Nothing is recorded but what it was: a request of what is kept, by somebody who is in no group of ours.
          const requests = payloadOf(first.b_received).messages.map((message) => messageIdOf(message))
          await b.receive(RELAY_EPOCH + 1, peer(9), { ...NO_PAYLOAD, requests })
        }
        expectSame(sorted(await statesOf(b)), sorted(c.b_states_after), 'b_states_after')
      },
    },
  },
}

const RELAY_EPOCH = 1

/** The later relay cases go on where the first one ended. */
function relayKind(c: VectorCase): string {
  return c.b_sends_next_epoch ? 'relay: an offer to the third member' : 'relay: what changes nothing'
}

function firstRelay(file: VectorFile): VectorCase {
  const first = file.cases.find((c) => c.kind === 'relay' && c.b_sends_next_epoch)
  if (!first) throw new Error('the file has no relay case to go on from')
  return first
}

/** B of a group of three, after it has received A's message. */
async function relayingNode(c: VectorCase): Promise<ReferenceNode> {
  const b = createReferenceNode(hex(c.peer_b), 'interactive')
  const payload = payloadOf(c.b_received)
  for (const { groupId } of payload.messages)
    for (const member of [c.peer_a, c.peer_c]) await b.addPeer(syncGroupId(groupId), hex(member))
  await b.receive(RELAY_EPOCH, hex(c.peer_a), payload)
  return b
}

/** Each epoch: both send what is due, then both receive. */
async function checkExchange(c: VectorCase): Promise<void> {
  const [peerA, peerB] = [hex(c.peer_a), hex(c.peer_b)]
  const [a, b] = [createReferenceNode(peerA, c.mode), createReferenceNode(peerB, c.mode)]
  await a.addPeer(syncGroupId(hex(c.group_id)), peerB)
  await b.addPeer(syncGroupId(hex(c.group_id)), peerA)
  const firstMessages = c.steps.find((step: VectorCase) => step.a_sends?.messages.length > 0)?.a_sends
    .messages
  for (const step of c.steps) {
    const number = Number(/epoch (\d+)/.exec(step.event)?.[1])
    if (step.event.includes('append')) {
      for (const message of firstMessages) await a.append(number, contentOf(message))
    } else {
      const [fromA, fromB] = [await a.epoch(number), await b.epoch(number)]
      checkSends(fromA, step.a_sends, `${step.event}: a_sends`)
      checkSends(fromB, step.b_sends, `${step.event}: b_sends`)
      for (const { payload } of fromA) await b.receive(number, peerA, decoded(payload))
      for (const { payload } of fromB) await a.receive(number, peerB, decoded(payload))
    }
    expectSame(sorted(await statesOf(a)), sorted(step.a_states), `${step.event}: a_states`)
    expectSame(sorted(await statesOf(b)), sorted(step.b_states), `${step.event}: b_states`)
  }
}

function checkSends(sent: readonly Sent[], expected: VectorCase | undefined, field: string): void {
  expectSame(sent.length, expected === undefined ? 0 : 1, `${field}: payloads`)
  if (expected) checkPayload(sent[0]?.payload as Uint8Array, expected, field)
}

/** The bytes, and what they read as. */
function checkPayload(bytes: Uint8Array, expected: VectorCase, field: string): void {
  expectHex(bytes, expected.payload_protobuf, `${field}.payload_protobuf`)
  const { acks, offers, requests, messages } = decoded(bytes)
  for (const [name, list] of Object.entries({ acks, offers, requests }))
    expectSame(list, expected[name], `${field}.${name}`)
  const shown = messages.map((message) => ({
    group_id: message.groupId,
    timestamp: Number(message.timestampSeconds),
    body: message.body,
    message_id: messageIdOf(message),
  }))
  expectSame(shown, expected.messages, `${field}.messages`)
}

function decoded(bytes: Uint8Array): Payload {
  const result = decodePayload(bytes)
  return result.ok ? result.payload : NO_PAYLOAD
}

function payloadOf(c: VectorCase): Payload {
  const { acks, offers, requests, messages } = c
  return {
    acks: acks.map(hex),
    offers: offers.map(hex),
    requests: requests.map(hex),
    messages: messages.map(contentOf),
  }
}

function contentOf(c: VectorCase): MessageContent {
  return { groupId: hex(c.group_id), timestampSeconds: BigInt(c.timestamp), body: hex(c.body) }
}

async function statesOf(node: ReferenceNode): Promise<readonly VectorCase[]> {
  return (await node.states()).map((state) => ({ ...state }))
}

/** States are compared in any order: the reference lists them as its table happens to have them. */
function sorted(states: readonly VectorCase[]): readonly VectorCase[] {
  return sortedBy(states, (s) => `${s.type} ${s.message_id} ${s.peer_id}`)
}

function sortedBy<T>(items: readonly T[], by: (item: T) => string): readonly T[] {
  return [...items].sort((x, y) => (by(x) < by(y) ? -1 : 1))
}

function sortedSends(sends: readonly Sent[]): readonly Sent[] {
  return sortedBy(sends, ({ to }) => toHex(to))
}

/** 65 bytes that name somebody; nothing here looks at the curve. */
function peer(number: number): Uint8Array {
  return new Uint8Array(65).fill(number).fill(4, 0, 1)
}
