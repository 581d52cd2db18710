import { toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import {
  FILTER_TIMEOUT_MS,
  MAX_FILTER_MESSAGES,
  MAX_FILTERS,
  MAX_WANTED_TOPICS,
  NODE_ROUTES,
} from '@status-protocol/rpc'
import { virtualClock } from '@status-protocol/testkit'
import {
  bloomOfTopics,
  encodeDirect,
  encodeRequestComplete,
  type HistoryRequest,
  open,
  packetCodes,
  topicFrom,
  type WhisperPeer,
} from '@status-protocol/whisper'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { pairOfNodes, type TestNode, testNode, until } from './support/world.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const owned = (node: TestNode): TestNode => {
  closing.push(
    () => node.rpc.close(),
    () => node.whisper.close(),
  )
  return node
}
async function pair(options: Parameters<typeof pairOfNodes>[0] = {}) {
  const { a, b } = await pairOfNodes(options)
  return { a: owned(a), b: owned(b) }
}

const hex = (text: string): string => `0x${toHex(utf8(text))}`
const TOPIC = '0x01020304'
const SLOW = { ttl: 10, powTarget: 0.002, powTime: 5 }

describe('messages that are posted', () => {
  it('are worked on at most 256 at a time, also when those who asked have gone', async () => {
    const searches: (() => void)[] = []
    const miner = { mine: () => new Promise<undefined>((end) => searches.push(() => end(undefined))) }
    const { call, rpc } = owned(testNode(undefined, { whisper: { miner } }))
    const symKeyID = await call('shh_newSymKey')
    const params = [{ symKeyID, topic: TOPIC, payload: '0x00', powTarget: 1e9, powTime: 120 }]
    for (let i = 0; i < 20; i++) {
      const connection = rpc.connect({ transport: 'ws', send: () => undefined })
      for (let id = 0; id < 16; id++)
        void connection.receive(JSON.stringify({ jsonrpc: '2.0', id, method: 'shh_post', params }))
      connection.close()
    }
    await until(() => searches.length >= 256)
    await expect(call('shh_post', params)).rejects.toMatchObject({ data: { code: 'too-many' } })
    expect(searches).toHaveLength(256)
    const last = call('shhext_post', params)
    await expect(last).rejects.toMatchObject({ data: { code: 'too-many' } })
    for (const end of searches.splice(0)) end()
    await until(async () => {
      void call('shh_post', params).catch(() => undefined)
      await new Promise((resolve) => setImmediate(resolve))
      return searches.length > 0
    })
    for (const end of searches.splice(0)) end()
  })
})

describe('filters', () => {
  it('are forgotten when nobody asks for 5 minutes, and not while somebody does', async () => {
    const clock = virtualClock()
    const { call, whisper } = owned(
      testNode(undefined, { whisper: { clock, scheduler: clock }, rpc: { clock, scheduler: clock } }),
    )
    const symKeyID = await call('shh_newSymKey')
    const [kept, left]: string[] = [
      await call('shh_newMessageFilter', [{ symKeyID }]),
      await call('shh_newMessageFilter', [{ symKeyID }]),
    ]
    for (let i = 0; i < 6; i++) {
      await clock.advance(FILTER_TIMEOUT_MS / 5)
      expect(await call('shh_getFilterMessages', [kept])).toEqual([])
    }
    expect(whisper.stats().filters).toBe(1)
    await expect(call('shh_getFilterMessages', [left])).rejects.toMatchObject({
      code: -32000,
      message: 'filter not found',
    })
    expect(await call('shh_deleteMessageFilter', [kept])).toBe(true)
    expect(whisper.stats().filters).toBe(0)
  })

  it('are bounded, and so is what they hold: the oldest messages go', async () => {
    const dropped = vi.fn()
    const { call, whisper, rpc } = owned(testNode(undefined, { rpc: { droppedMessages: dropped } }))
    const symKeyID = await call('shh_addSymKey', [`0x${'11'.repeat(32)}`])
    const filter = await call('shh_newMessageFilter', [{ symKeyID, topics: [TOPIC] }])
    const more = 100
    const topic = topicFrom(Uint8Array.of(1, 2, 3, 4))
    for (let i = 0; i < MAX_FILTER_MESSAGES + more; i++)
      await whisper.service.post({
        ...{ to: { symKey: new Uint8Array(32).fill(0x11) }, topic, payload: utf8(String(i)), powTarget: 0 },
      })
    await until(() => rpc.stats().filteredBytes > 0 && whisper.stats().waitingOpenings === 0)
    const found: { payload: string }[] = []
    for (;;) {
      const page: { payload: string }[] = await call('shh_getFilterMessages', [filter])
      if (page.length === 0) break
      expect(page.length).toBeLessThan(MAX_FILTER_MESSAGES) // an answer is bounded too
      found.push(...page)
    }
    expect(found).toHaveLength(MAX_FILTER_MESSAGES)
    expect([found[0]?.payload, found.at(-1)?.payload]).toEqual([
      hex(String(more)),
      hex(String(MAX_FILTER_MESSAGES + more - 1)),
    ])
    expect(dropped).toHaveBeenCalledTimes(more)
    expect(rpc.stats().filteredBytes).toBe(0)
    for (let i = 1; i < MAX_FILTERS; i++) await call('shh_newMessageFilter', [{ symKeyID, topics: [TOPIC] }])
    await expect(call('shh_newMessageFilter', [{ symKeyID }])).rejects.toMatchObject({
      data: { code: 'too-many' },
    })
  })

  it('want so many topics in all, those of subscriptions among them, and give back what they wanted', async () => {
    const { call, rpc, whisper } = owned(testNode())
    const symKeyID = await call('shh_newSymKey')
    const topics = Array.from({ length: 5_000 }, (_, i) => `0x${i.toString(16).padStart(8, '0')}`)
    const most = Math.floor(MAX_WANTED_TOPICS / topics.length)
    const filters: string[] = []
    for (let i = 1; i < most; i++) filters.push(await call('shh_newMessageFilter', [{ symKeyID, topics }]))
    const sent: { id: number; result?: string; error?: { data: object } }[] = []
    const connection = rpc.connect({ transport: 'test', send: (text) => sent.push(JSON.parse(text)) })
    const subscribe = (): Promise<void> =>
      connection.receive(
        `{"jsonrpc":"2.0","id":1,"method":"shh_subscribe","params":["messages",${JSON.stringify({ symKeyID, topics })}]}`,
      )
    await subscribe()
    await subscribe()
    expect(sent[0]?.result).toMatch(/^0x/)
    expect(sent[1]).toMatchObject({ error: { data: { code: 'too-many' } } })
    const another = (): Promise<never> => call('shh_newMessageFilter', [{ symKeyID, topics }])
    await expect(another()).rejects.toMatchObject({ data: { code: 'too-many' } })
    await expect(
      call('shh_newMessageFilter', [{ symKeyID, topics, sig: `0x${'00'.repeat(65)}` }]),
    ).rejects.toThrow()
    connection.close() // what was asked for on it goes with it
    filters.push(await another())
    await expect(another()).rejects.toMatchObject({ data: { code: 'too-many' } })
    for (const id of filters) await call('shh_deleteMessageFilter', [id])
    expect(whisper.stats().filters).toBe(0)
    await another()
  })

  it('want one key and a signer that is one', async () => {
    const { call } = owned(testNode())
    const symKeyID = await call('shh_newSymKey')
    for (const [criteria, message] of [
      [{}, 'specify either a symmetric or an asymmetric key'],
      [{ symKeyID, privateKeyID: 'x' }, 'specify either a symmetric or an asymmetric key'],
      [{ symKeyID: 'x' }, 'non-existent key ID'],
      [{ privateKeyID: 'x' }, 'invalid id'],
      [{ symKeyID, sig: '0x04' }, 'invalid signing public key'],
      [{ symKeyID, topics: ['0x01'] }, 'invalid argument 0: topics.0: hex string has length 2, want 8'],
      [{ symKeyID, topics: ['01020304'] }, 'invalid argument 0: topics.0: hex string without 0x prefix'],
    ] as const)
      await expect(call('shh_newMessageFilter', [criteria]), message).rejects.toThrow(message)
  })
})

describe('keys', () => {
  it('are derived from passwords only so often', async () => {
    const clock = virtualClock()
    const { call } = owned(testNode(undefined, { rpc: { clock, scheduler: clock } }))
    const many = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) => call('shh_generateSymKeyFromPassword', [String(i)])),
    )
    expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(40)
    await expect(call('shh_generateSymKeyFromPassword', ['x'])).rejects.toMatchObject({
      data: { code: 'rate-limited' },
    })
    await clock.advance(1_000)
    expect(await call('shh_generateSymKeyFromPassword', ['x'])).toMatch(/^[0-9a-f]{64}$/)
  })

  it('do not travel over transports that others may hear', async () => {
    const { call } = owned(testNode(undefined, { rpc: { servesKeys: (transport) => transport === 'ipc' } }))
    const [pairId, symId]: string[] = [await call('shh_newKeyPair'), await call('shh_newSymKey')]
    for (const [method, params] of [
      ['shh_addPrivateKey', [`0x${'01'.repeat(32)}`]],
      ['shh_getPrivateKey', [pairId]],
      ['shh_getSymKey', [symId]],
    ] as const) {
      await expect(call(method, params, 'http')).rejects.toMatchObject({ data: { code: 'refused' } })
      expect(await call(method, params, 'ipc')).toMatch(/^(0x)?[0-9a-f]{64}$/)
    }
    expect(await call('shh_addSymKey', [`0x${'01'.repeat(32)}`], 'http')).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe('modules', () => {
  it('are served where they are asked for; the others are not there', async () => {
    const modulesFor = (transport: string) => (transport === 'ipc' ? ['shh', 'admin'] : ['net'])
    const { call } = owned(testNode(undefined, { rpc: { modulesFor } }))
    expect(await call('rpc_modules', [], 'ipc')).toEqual({ admin: '1.0', rpc: '1.0', shh: '1.0' })
    expect(await call('rpc_modules', [], 'http')).toEqual({ net: '1.0', rpc: '1.0' })
    expect(await call('shh_version', [], 'ipc')).toBe('6.0')
    for (const method of ['shh_version', 'admin_peers', 'shh_subscribe', 'shh_unsubscribe'])
      await expect(call(method, [], 'http')).rejects.toMatchObject({
        code: -32601,
        message: `the method ${method} does not exist/is not available`,
      })
  })

  it('describe themselves', async () => {
    const { call } = owned(testNode())
    const document: {
      methods: { name: string; params: { name: string; required: boolean; schema: object }[] }[]
    } = await call('rpc.discover')
    expect(document).toMatchObject({ openrpc: '1.3.2', info: { version: '1.2.3' } })
    const names = document.methods.map(({ name }) => name)
    for (const method of [
      ...Object.keys(NODE_ROUTES),
      'shh_subscribe',
      'shh_unsubscribe',
      'shhext_subscribe',
    ])
      expect(names).toContain(method)
    expect(document.methods.find(({ name }) => name === 'shh_setMinPoW')?.params).toEqual([
      { name: 'pow', required: true, schema: { type: 'number' } },
    ])
    const post = document.methods.find(({ name }) => name === 'shh_post')
    expect(post?.params[0]).toMatchObject({
      ...{ name: 'message', required: true },
      schema: { type: 'object', properties: { topic: { anyOf: expect.anything() } } },
    })
    expect(names.filter((name) => name.startsWith('shh_'))).toHaveLength(26) // 24 methods, subscribe, unsubscribe
  })
})

describe('errors', () => {
  it('of ours are hidden and told to the owner', async () => {
    const onInternalError = vi.fn()
    const { call } = owned(testNode(undefined, { rpc: { onInternalError } }))
    await expect(call('admin_nodeInfo')).rejects.toMatchObject({ code: -32603, message: 'internal error' })
    expect(onInternalError).toHaveBeenCalledWith('admin_nodeInfo', expect.any(Error))
  })

  it('and answers are measured', async () => {
    const onHandled = vi.fn()
    const { call } = owned(testNode(undefined, { rpc: { onHandled, nowMs: () => 5 } }))
    await call('shh_version')
    await call('shh_getSymKey', ['x']).catch(() => undefined)
    await call('no_such').catch(() => undefined)
    expect(onHandled.mock.calls.map(([one]) => one)).toEqual([
      { method: 'shh_version', ok: true, startedMs: 5 },
      { method: 'shh_getSymKey', ok: false, startedMs: 5 },
    ])
  })
})

describe('shhext', () => {
  it('tells what becomes of an envelope', async () => {
    const { a, b } = await pair()
    const told: Record<string, never>[] = []
    const connection = a.rpc.connect({ transport: 'ws', send: (text) => told.push(JSON.parse(text)) })
    const ask = (id: number, method: string, params: unknown) =>
      connection.receive(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
    await ask(1, 'shhext_subscribe', ['envelopes'])
    const symKeyID = await a.call('shh_newSymKey')
    const hash = await a.call('shhext_post', [{ ...SLOW, symKeyID, topic: TOPIC, payload: '0x01' }])
    const event = await until(() => told[1])
    expect(event).toEqual({
      ...{ jsonrpc: '2.0', method: 'shhext_subscription' },
      params: {
        subscription: told[0]?.result,
        result: { hash, event: 'envelope.sent', peer: `0x${b.enode.slice(8, 136)}` },
      },
    })
    connection.close()
  })

  /** A pair of nodes that serve history, of which the second is asked. */
  function historyPair(serve: (from: WhisperPeer, request: HistoryRequest, times: number) => void) {
    let times = 0
    return pair({ whisper: { mail: { request: (from, request) => serve(from, request, ++times) } } })
  }

  it('asks a mail server, whose envelopes filters with allowP2P get', async () => {
    const asked: HistoryRequest[] = []
    const { a, b } = await historyPair((from, request) => {
      asked.push(request)
      const { id } = (request as { request: { id: Uint8Array } }).request
      void from.send(packetCodes.direct, encodeDirect([history.envelope]))
      void from.send(packetCodes.requestComplete, encodeRequestComplete({ type: 'done', requestId: id }))
    })
    const history = await oldEnvelope(b)
    const symKeyID = await a.call('shh_addSymKey', [`0x${'22'.repeat(32)}`])
    const filter = await a.call('shh_newMessageFilter', [{ symKeyID, topics: [TOPIC], allowP2P: true }])
    const request = { mailServerPeer: b.enode, from: 10, to: 20, limit: 5, topics: [TOPIC] }
    expect(await a.call('shhext_requestMessagesSync', [{ MaxRetries: 1 }, request])).toEqual({
      cursor: '',
      error: null,
    })
    expect(asked).toMatchObject([
      {
        type: 'plain',
        request: {
          ...{ fromUnixSeconds: 10, toUnixSeconds: 20, limit: 5, cursor: new Uint8Array(0) },
          bloom: bloomOfTopics([topicFrom(Uint8Array.of(1, 2, 3, 4))]),
        },
      },
    ])
    const messages = await until(async () => {
      const found: object[] = await a.call('shh_getFilterMessages', [filter])
      return found.length > 0 && found
    })
    expect(messages).toMatchObject([{ payload: hex('long ago'), direct: true }])
    await expect(a.call('shhext_requestMessages', [request])).rejects.toMatchObject({
      data: { code: 'rate-limited' },
    })
    expect(await a.call('shhext_requestMessages', [{ ...request, force: true }])).toMatch(/^0x[0-9a-f]{64}$/)
  })

  it('hands on cursor and error of the server', async () => {
    const cursor = new Uint8Array(36).fill(9)
    const { a, b } = await historyPair((from, request, times) => {
      const requestId = (request as { request: { id: Uint8Array } }).request.id
      const lastEnvelopeHash = new Uint8Array(32) as never
      const outcome =
        times === 1
          ? ({ type: 'done', requestId, lastEnvelopeHash, cursor } as const)
          : ({ type: 'failed', requestId, error: 'no such thing' } as const)
      void from.send(packetCodes.requestComplete, encodeRequestComplete(outcome))
    })
    const ask = (more: object) =>
      a.call('shhext_requestMessagesSync', [{}, { mailServerPeer: b.enode, force: true, ...more }])
    expect(await ask({})).toEqual({ cursor: toHex(cursor), error: null })
    expect(await ask({ cursor: toHex(cursor) })).toEqual({ cursor: '', error: 'no such thing' })
  })

  it('asks with a password in an envelope, and in the form of the other generation when it gets no answer', async () => {
    const asked: HistoryRequest[] = []
    const encodeMailRequest = vi.fn((_fields: object, attempt: number) => Uint8Array.of(0xc0, attempt))
    const { a, b } = await pair({
      whisper: {
        mail: {
          request(from, request) {
            asked.push(request)
            if (asked.length < 2 || request.type !== 'envelope') return
            const requestId = defaultProvider.keccak256(request.envelope.rlp)
            void from.send(packetCodes.requestComplete, encodeRequestComplete({ type: 'done', requestId }))
          },
        },
      },
      rpc: { encodeMailRequest },
    })
    const symKeyID = await a.call('shh_addSymKey', [`0x${'33'.repeat(32)}`])
    const request = { mailServerPeer: b.enode, from: 10, to: 20, limit: 5, topics: [TOPIC], symKeyID }
    const retries = { BaseTimeout: 200e6, MaxRetries: 10 }
    expect(await a.call('shhext_requestMessagesSync', [retries, request])).toEqual({
      cursor: '',
      error: null,
    })
    expect(encodeMailRequest.mock.calls[0]).toMatchObject([
      { fromUnixSeconds: 10, toUnixSeconds: 20, limit: 5, cursor: new Uint8Array(0) },
      0,
    ])
    for (const [attempt, one] of asked.entries()) {
      const opened =
        one.type === 'envelope' && open(one.envelope, { symmetricKey: new Uint8Array(32).fill(0x33) })
      expect(opened).toMatchObject({ ok: true, payload: Uint8Array.of(0xc0, attempt) })
      expect(opened).toHaveProperty('signer') // servers want one
    }
    expect(a.whisper.keys.size).toBe(1)
  })

  it('asks again when the server does not answer, and gives up', async () => {
    let asked = 0
    const { a, b } = await historyPair(() => void asked++)
    const retries = { BaseTimeout: 5e6, StepTimeout: 1e6, MaxRetries: 2 }
    await expect(
      a.call('shhext_requestMessagesSync', [retries, { mailServerPeer: b.enode }]),
    ).rejects.toThrow('failed to request messages after 2 retries')
    await until(() => asked === 3)
  })

  it('asks no more once the one who wants to know is gone', async () => {
    let asked = 0
    const { a, b } = await historyPair(() => void asked++)
    const params = [{ BaseTimeout: 5e9, MaxRetries: 10 }, { mailServerPeer: b.enode }]
    const connection = a.rpc.connect({ transport: 'test', send: () => undefined })
    const text = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'shhext_requestMessagesSync', params })
    const dealtWith = connection.receive(text)
    await until(() => asked === 1)
    connection.close()
    await dealtWith // it would go on for 55 s
    expect(asked).toBe(1)
  })

  it.each([
    [{ from: 5, to: 3 }, 'Query range is invalid: from > to (5 > 3)'],
    [{ mailServerPeer: `enode://${'ab'.repeat(64)}@1.2.3.4:5` }, 'Could not find peer'],
    [{ mailServerPeer: 'x' }, 'invalid mailServerPeer value'],
    [{ cursor: '00' }, 'invalid cursor'],
    [{ symKeyID: 'x' }, 'invalid symKeyID value: non-existent key ID'],
  ])('says what is wrong with %j', async (request, message) => {
    const { a, b } = await pair()
    await expect(a.call('shhext_requestMessages', [{ mailServerPeer: b.enode, ...request }])).rejects.toThrow(
      message,
    )
  })

  async function oldEnvelope({ whisper }: TestNode) {
    const envelope = await whisper.service.seal({
      ...{ to: { symKey: new Uint8Array(32).fill(0x22) }, topic: topicFrom(Uint8Array.of(1, 2, 3, 4)) },
      ...{ payload: utf8('long ago'), powTarget: 0 },
    })
    return { envelope }
  }
})
