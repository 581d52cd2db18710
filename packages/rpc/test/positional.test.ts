import { systemRandom } from '@status-protocol/crypto'
import {
  createRpcServer,
  isTooDeep,
  MAX_NESTING,
  MAX_SUBSCRIPTIONS,
  MAX_TEXT_CHARS,
  NODE_ROUTES,
  type RpcConnection,
  route,
} from '@status-protocol/rpc'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

interface Sent {
  readonly result?: unknown
  readonly params?: { readonly subscription: string; readonly result: unknown }
}

const order: number[] = []
const routes = {
  math_add: route({
    summary: 'Adds.',
    params: z.tuple([z.number(), z.number().nullish()]),
    names: ['a', 'b'],
    result: z.number(),
  }),
  math_note: route({
    summary: 'Notes.',
    params: z.tuple([z.object({ at: z.number() })]),
    names: ['what'],
    result: z.null(),
  }),
  math_large: route({ summary: 'Much.', params: z.tuple([]), names: [], result: z.string() }),
}
const topics = {
  math: {
    ticks: route({ summary: 'Ticks.', params: z.tuple([z.number()]), names: ['from'], result: z.number() }),
  },
}

function world() {
  const emitters: ((value: number) => void)[] = []
  const stop = vi.fn()
  const server = createRpcServer(
    routes,
    {
      math_add: ([a, b]) => a + (b ?? 0),
      math_note: async ([{ at }]) => {
        await new Promise((resolve) => setTimeout(resolve, at === 0 ? 5 : 0))
        order.push(at)
        return null
      },
      math_large: () => 'x'.repeat(1_500_000),
    },
    {
      subscriptions: {
        routes: topics,
        random: systemRandom,
        handlers: {
          math: {
            ticks: ([from], emit) => {
              emit(from) // before the client knows the id
              emitters.push(emit)
              return stop
            },
          },
        },
      },
    },
  )
  const sent: Sent[] = []
  const connection = server.connect({ transport: 'test', send: (text) => sent.push(JSON.parse(text)) })
  return { server, sent, connection, emitters, stop }
}

const ask = async (method: string, params?: unknown) => {
  const { server } = world()
  const answer = await server.handle(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
  return JSON.parse(answer as string) as { result?: unknown; error?: { code: number; message: string } }
}
const request = (connection: RpcConnection, method: string, params: unknown, id: unknown = 1) =>
  connection.receive(JSON.stringify({ jsonrpc: '2.0', id, method, params }))

describe('parameters by position', () => {
  it('are taken in their order; what may be left out may be null', async () => {
    for (const params of [[1, 2], [3], [3, null]])
      expect(await ask('math_add', params)).toMatchObject({ result: 3 })
    expect(await ask('math_large', null)).toHaveProperty('result')
  })

  it.each([
    [undefined, 'missing value for required argument 0'],
    [null, 'missing value for required argument 0'],
    [[], 'missing value for required argument 0'],
    [[1, 2, 3], 'too many arguments, want at most 2'],
    [{ a: 1 }, 'non-array args'],
  ])('%j: %s', async (params, message) => {
    expect(await ask('math_add', params)).toMatchObject({ error: { code: -32602, message } })
  })

  it('are named by their position when they are wrong', async () => {
    expect((await ask('math_add', [1, 'x'])).error?.message).toMatch(/^invalid argument 1: /)
    expect((await ask('math_note', [{ at: 'x' }])).error?.message).toMatch(/^invalid argument 0: at: /)
  })

  it('has as many names as parameters, in all routes of a node', () => {
    for (const [name, { params, names }] of Object.entries(NODE_ROUTES))
      expect((params as z.ZodTuple).def.items, name).toHaveLength(names?.length ?? -1)
  })
})

describe('batches', () => {
  it('are dealt with in their order', async () => {
    const { server } = world()
    const batch = [0, 1, 2].map((at) => ({ jsonrpc: '2.0', id: at, method: 'math_note', params: [{ at }] }))
    await server.handle(JSON.stringify(batch))
    expect(order).toEqual([0, 1, 2])
  })

  it('that would have an enormous answer are refused from there on', async () => {
    const { server } = world()
    const batch = Array.from({ length: 10 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'math_large' }))
    const answers = JSON.parse((await server.handle(JSON.stringify(batch))) as string) as object[]
    expect(answers).toHaveLength(10)
    expect(answers.filter((one) => 'result' in one)).toHaveLength(3)
    expect(answers[9]).toMatchObject({ id: 9, error: { code: -32000, data: { code: 'too-many' } } })
  })

  it('of ten thousand are refused as a whole', async () => {
    const { server } = world()
    const batch = JSON.stringify(
      Array.from({ length: 10_000 }, () => ({ jsonrpc: '2.0', id: 1, method: 'math_large' })),
    )
    const answer = (await server.handle(batch)) as string
    expect(answer.length).toBeLessThan(300)
    expect(JSON.parse(answer)).toMatchObject({ id: null, error: { code: -32600 } })
  })
})

describe('texts that nobody should parse', () => {
  it('are refused unread when they nest too deeply', async () => {
    const { server } = world()
    const deep = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`
    for (const text of [deep(2_000_000), '['.repeat(1_000_000), `{"id":1,"params":${deep(100_000)}}`])
      expect(JSON.parse((await server.handle(text)) as string)).toMatchObject({ error: { code: -32700 } })
    expect(isTooDeep(deep(MAX_NESTING))).toBe(false)
    expect(isTooDeep(deep(MAX_NESTING + 1))).toBe(true)
    expect(isTooDeep(JSON.stringify('['.repeat(100)))).toBe(false)
    expect(isTooDeep(JSON.stringify(`\\"${'{'.repeat(100)}`))).toBe(false)
    expect(isTooDeep(`"\\\\"${deep(MAX_NESTING + 1)}`)).toBe(true)
  })

  it('are refused unread when they are too long', async () => {
    const { server } = world()
    const answer = await server.handle(`"${'x'.repeat(MAX_TEXT_CHARS)}"`)
    expect(JSON.parse(answer as string)).toMatchObject({ error: { code: -32600 } })
  })
})

describe('subscriptions', () => {
  it('answer first, then tell, until they are ended', async () => {
    const { connection, sent, emitters, stop } = world()
    await request(connection, 'math_subscribe', ['ticks', 7])
    const id = sent[0]?.result
    expect(id).toMatch(/^0x[0-9a-f]{32}$/)
    emitters[0]?.(8)
    const told = (result: number) => ({
      jsonrpc: '2.0',
      method: 'math_subscription',
      params: { subscription: id, result },
    })
    expect(sent.slice(1)).toEqual([told(7), told(8)])
    await request(connection, 'math_unsubscribe', [id])
    expect(sent[3]).toMatchObject({ result: true })
    expect(stop).toHaveBeenCalledOnce()
    emitters[0]?.(9)
    expect(sent).toHaveLength(4)
    await request(connection, 'math_unsubscribe', [id])
    expect(sent[4]).toMatchObject({ error: { code: -32000, message: 'subscription not found' } })
  })

  it('of a batch tell after the whole answer', async () => {
    const { connection, sent } = world()
    const one = { jsonrpc: '2.0', id: 1, method: 'math_subscribe', params: ['ticks', 1] }
    await connection.receive(JSON.stringify([one, { ...one, id: 2 }]))
    expect(sent[0]).toMatchObject([{ id: 1 }, { id: 2 }])
    expect(sent.slice(1).map(({ params }) => params?.result)).toEqual([1, 1])
  })

  it.each([
    ['math_subscribe', ['tocks'], -32601, 'no "tocks" subscription in math namespace'],
    ['math_subscribe', ['toString'], -32601, 'no "toString" subscription in math namespace'],
    ['math_subscribe', [], -32602, 'expected subscription name as first argument'],
    ['math_subscribe', [7], -32602, 'expected subscription name as first argument'],
    ['math_subscribe', ['ticks'], -32602, 'missing value for required argument 0'],
    ['nope_subscribe', ['ticks'], -32601, 'the method nope_subscribe does not exist/is not available'],
    [
      'constructor_subscribe',
      ['x'],
      -32601,
      'the method constructor_subscribe does not exist/is not available',
    ],
    ['math_unsubscribe', ['0x00'], -32000, 'subscription not found'],
    ['math_unsubscribe', [7], -32602, 'invalid argument 0: expected string, got number'],
    ['math_unsubscribe', [null], -32000, 'subscription not found'],
    ['math_unsubscribe', [[]], -32602, 'invalid argument 0: expected string, got array'],
  ])('%s %j gets %i', async (method, params, code, message) => {
    const { connection, sent } = world()
    await request(connection, method, params)
    expect(sent).toMatchObject([{ error: { code, message } }])
  })

  it('need a connection that can tell', async () => {
    expect(await ask('math_subscribe', ['ticks', 1])).toMatchObject({
      error: { code: -32000, message: 'notifications not supported' },
    })
  })

  it('belong to their connection, are bounded, and end with it', async () => {
    const { server, connection, sent, stop, emitters } = world()
    for (let i = 0; i <= MAX_SUBSCRIPTIONS; i++) await request(connection, 'math_subscribe', ['ticks', i])
    expect(sent.at(-1)).toMatchObject({ error: { data: { code: 'too-many' } } })
    const other: object[] = []
    await request(
      server.connect({ transport: 'test', send: (text) => other.push(JSON.parse(text)) }),
      'math_unsubscribe',
      [sent[0]?.result],
    )
    expect(other).toMatchObject([{ error: { message: 'subscription not found' } }])
    connection.close()
    expect(stop).toHaveBeenCalledTimes(MAX_SUBSCRIPTIONS)
    const before = sent.length
    emitters[0]?.(1)
    await request(connection, 'math_add', [1, 2])
    expect(sent).toHaveLength(before)
  })
})
