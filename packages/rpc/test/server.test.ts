import { CodedError } from '@status-protocol/bytes'
import { createRpcClient, createRpcServer, lines, RpcError, route } from '@status-protocol/rpc'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

const routes = {
  add: route({ summary: 'Adds.', params: z.object({ a: z.number(), b: z.number() }), result: z.number() }),
  fail: route({ summary: 'Fails.', params: z.object({ how: z.string() }), result: z.null() }),
}
const onInternalError = vi.fn()
const server = createRpcServer(
  routes,
  {
    add: ({ a, b }) => a + b,
    fail({ how }) {
      if (how === 'coded') throw new CodedError('no-such-chat', 'there is no chat of that name')
      throw new Error('secret inside')
    },
  },
  { onInternalError },
)
const ask = async (value: unknown) => {
  const answer = await server.handle(typeof value === 'string' ? value : JSON.stringify(value))
  return answer === undefined ? undefined : (JSON.parse(answer) as Record<string, never>)
}
const add = (id?: unknown, a: unknown = 1) => ({ jsonrpc: '2.0', id, method: 'add', params: { a, b: 2 } })

describe('JSON-RPC 2.0', () => {
  it('answers a request', async () => {
    expect(await ask(add(7))).toEqual({ jsonrpc: '2.0', id: 7, result: 3 })
    expect(await ask(add('x'))).toEqual({ jsonrpc: '2.0', id: 'x', result: 3 })
    expect(await ask(add(null))).toEqual({ jsonrpc: '2.0', id: null, result: 3 })
  })

  it('says nothing to a notification, even a failing one', async () => {
    expect(await ask(add())).toBeUndefined()
    expect(await ask(add(undefined, 'x'))).toBeUndefined()
    expect(await ask([add(), add()])).toBeUndefined()
  })

  it('answers a batch with a list, also of one', async () => {
    expect(await ask([add(1)])).toEqual([{ jsonrpc: '2.0', id: 1, result: 3 }])
    expect(await ask([add(1), add(), null, add(2)])).toMatchObject([
      { id: 1, result: 3 },
      { id: null, error: { code: -32600 } },
      { id: 2, result: 3 },
    ])
    expect(await ask([])).toMatchObject({ error: { code: -32600 } })
    expect(await ask(Array.from({ length: 101 }, () => add(1)))).toMatchObject({ error: { code: -32600 } })
  })

  it.each([
    ['{', -32700],
    ['null', -32600],
    ['7', -32600],
    ['{"jsonrpc":"1.0","id":1,"method":"add"}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":7}', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"nope"}', -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"toString"}', -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"__proto__"}', -32601],
    ['{"jsonrpc":"2.0","id":1,"method":"add","params":{"a":1}}', -32602],
    ['{"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]}', -32602],
  ])('%s gets %i', async (text, code) => {
    expect(await ask(text)).toMatchObject({ error: { code } })
  })

  it('gives coded errors to the caller and hides the others', async () => {
    expect(await ask({ jsonrpc: '2.0', id: 1, method: 'fail', params: { how: 'coded' } })).toMatchObject({
      error: { code: -32000, message: 'there is no chat of that name', data: { code: 'no-such-chat' } },
    })
    const hidden = await ask({ jsonrpc: '2.0', id: 1, method: 'fail', params: { how: 'bug' } })
    expect(hidden).toMatchObject({ error: { code: -32603, message: 'internal error' } })
    expect(JSON.stringify(hidden)).not.toContain('secret')
    expect(onInternalError).toHaveBeenCalledOnce()
  })

  it('never rejects', async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue(), async (value) => void (await ask(value))))
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => void (await server.handle(text))))
  })
})

describe('lines', () => {
  const collect = async (pieces: (string | Uint8Array)[], max?: number) => {
    const found: unknown[] = []
    for await (const line of lines(
      (async function* () {
        yield* pieces
      })(),
      max,
    ))
      found.push('text' in line ? line.text : 'too long')
    return found
  }

  it('puts pieces together, whatever their borders', async () => {
    expect(await collect(['a', 'b\nc', '\n\n', '\r\n', 'd'])).toEqual(['ab', 'c', 'd'])
    const bytes = new TextEncoder().encode('é\n')
    expect(await collect([bytes.subarray(0, 1), bytes.subarray(1)])).toEqual(['é'])
  })

  it('drops what is too long and goes on', async () => {
    expect(await collect(['xxxxx', 'xxxxx', 'x\nok\n'], 4)).toEqual(['too long', 'ok'])
    expect(await collect(['xxxxxxxxx\nok'], 4)).toEqual(['too long', 'ok'])
    expect(await collect(['xxxxxxxxx'], 4)).toEqual(['too long'])
  })
})

describe('client', () => {
  function pair() {
    const toClient: string[] = []
    let wake = () => {}
    let ended = false
    const incoming = (async function* () {
      for (;;) {
        const next = toClient.shift()
        if (next !== undefined) yield next
        else if (ended) return
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    })()
    const push = (text: string) => {
      toClient.push(text)
      wake()
    }
    const client = createRpcClient(routes, {
      send: (text) => void server.handle(text).then((answer) => answer && push(answer)),
      incoming,
    })
    return {
      client,
      push,
      end: () => {
        ended = true
        wake()
      },
    }
  }

  it('calls, fails and hears notifications', async () => {
    const { client, push, end } = pair()
    expect(await client.call.add({ a: 20, b: 22 })).toBe(42)
    await expect(client.call.fail({ how: 'coded' })).rejects.toMatchObject({
      details: { code: 'no-such-chat' },
    })
    push('not json')
    push('{"jsonrpc":"2.0","method":"message","params":{"text":"hi"}}')
    end()
    const heard: unknown[] = []
    for await (const n of client.notifications()) heard.push(n)
    expect(heard).toEqual([{ method: 'message', params: { text: 'hi' } }])
    await expect(client.call.add({ a: 1, b: 1 })).rejects.toBeInstanceOf(RpcError)
  })
})
