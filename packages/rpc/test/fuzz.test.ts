import { fromUtf8Lenient, utf8 } from '@status-protocol/bytes'
import { KEY_METHODS, NODE_ROUTES } from '@status-protocol/rpc'
import { mutate, seededRandom } from '@status-protocol/testkit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Conversation } from '../src/conversation.ts'
import { messageFrom } from '../src/remote/message.ts'
import { type TestNode, testNode } from './support/world.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function node(onInternalError: (method: string, error: unknown) => void): TestNode {
  const one = testNode(undefined, {
    // Searching nonces is not what is tried here.
    whisper: { miner: { mine: async () => 0n } },
    rpc: { onInternalError, servesKeys: () => true },
  })
  closing.push(
    () => one.rpc.close(),
    () => one.whisper.close(),
  )
  return one
}

const HEX = `0x${'ab'.repeat(32)}`
const CRITERIA = { symKeyID: 'SYM', topics: ['0x01020304'], minPow: 0.1, allowP2P: true, sig: HEX }
const MESSAGE = {
  ...{ symKeyID: 'SYM', topic: '0x01020304', payload: '0x00', ttl: 10 },
  powTarget: 1,
  powTime: 1,
}
/** Something that each method takes. */
const PARAMS: Readonly<Record<string, unknown>> = {
  shh_post: [MESSAGE],
  shhext_post: [MESSAGE],
  shh_newMessageFilter: [CRITERIA],
  shh_subscribe: ['messages', CRITERIA],
  shhext_subscribe: ['envelopes'],
  shhext_requestMessages: [
    { mailServerPeer: `enode://${'ab'.repeat(64)}@127.0.0.1:1`, topics: ['0x01020304'] },
  ],
  shhext_requestMessagesSync: [{ MaxRetries: 1 }, { mailServerPeer: 'enode://' }],
  shh_setMinPoW: [0.5],
  shh_setMaxMessageSize: [1000],
}
const METHODS = [
  ...Object.keys(NODE_ROUTES),
  'shh_subscribe',
  'shh_unsubscribe',
  'shhext_subscribe',
  ...KEY_METHODS,
]

describe('whatever comes in', () => {
  it('fuzz: changed requests are answered, or are no requests; none is our defect', async () => {
    const defects = vi.fn()
    const { rpc, whisper } = node((method, error) => {
      if (method !== 'admin_nodeInfo') defects(method, error) // which the test's host does not have
    })
    const symKeyID = whisper.keys.newSymmetricKey()
    const seeds = METHODS.map((method, id) =>
      utf8(
        JSON.stringify({ jsonrpc: '2.0', id, method, params: PARAMS[method] ?? [HEX] }).replaceAll(
          'SYM',
          symKeyID,
        ),
      ),
    )
    const batches = [0, 10, 20].map((at) =>
      utf8(`[${seeds.slice(at, at + 3).map((seed) => new TextDecoder().decode(seed))}]`),
    )
    const random = seededRandom(11)
    let answers = 0
    const connection = rpc.connect({
      transport: 'fuzz',
      send(text) {
        const answer = JSON.parse(text) as { jsonrpc?: string } | { jsonrpc?: string }[]
        for (const one of Array.isArray(answer) ? answer : [answer]) expect(one.jsonrpc).toBe('2.0')
        answers++
      },
    })
    for (let i = 0; i < FUZZ_COUNT; i++) {
      const seed = random.pick([...seeds, ...batches])
      const input = random.int(4) === 0 ? seed : mutate(seed, random)
      await connection.receive(fromUtf8Lenient(input))
    }
    connection.close()
    expect(answers).toBeGreaterThan(FUZZ_COUNT / 2)
    expect(defects.mock.calls).toEqual([])
  }, 600_000)

  it('fuzz: a connection that pauses, resumes and ends in any order throws nothing', async () => {
    const { rpc } = node(() => undefined)
    const random = seededRandom(12)
    for (let round = 0; round < Math.max(20, FUZZ_COUNT / 100); round++) {
      let unread = 0
      let ended = false
      const conversation = new Conversation(rpc, 'fuzz', {
        send: (text) => {
          unread += text.length
        },
        unreadBytes: () => unread,
        pause: () => undefined,
        resume: () => undefined,
        end: () => {
          ended = true
          conversation.closed()
        },
      })
      for (let i = 0; i < 100 && !ended; i++) {
        conversation.heard(random.pick(['{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}', '[]', '{', '7']))
        if (random.int(20) === 0) await new Promise((resolve) => setImmediate(resolve))
        if (random.int(50) === 0) unread = 0
        if (random.int(200) === 0) conversation.closed()
        if (random.int(200) === 0) conversation.ended(() => conversation.closed())
      }
      conversation.closed()
    }
  })

  it('fuzz: changed messages of a remote node are messages or nothing', () => {
    const random = seededRandom(13)
    const seed = utf8(
      JSON.stringify({
        ...{
          hash: HEX,
          topic: '0x01020304',
          payload: '0x0102',
          sig: `0x04${'cd'.repeat(64)}`,
          timestamp: 1_600_000_000,
        },
        ...{ ttl: 10, pow: 1, padding: '0x', direct: true },
      }),
    )
    let taken = 0
    for (let i = 0; i < FUZZ_COUNT; i++) {
      let value: unknown
      try {
        value = JSON.parse(fromUtf8Lenient(mutate(seed, random)))
      } catch {
        continue
      }
      const message = messageFrom(value)
      if (!message) continue
      taken++
      expect([message.hash.length, message.topic.length, message.signer?.length ?? 65]).toEqual([32, 4, 65])
    }
    expect(taken).toBeGreaterThan(FUZZ_COUNT / 100)
  })
})
