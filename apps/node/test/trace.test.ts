import type { Peer } from '@status-protocol/p2p-devp2p'
import { createRpcServer, type RpcCaller } from '@status-protocol/rpc'
import type { EnvelopeHash } from '@status-protocol/whisper'
import { describe, expect, it } from 'vitest'
import { recentSteps, traceOf, traceText } from '../src/trace/command.ts'
import { createTraceRing, type TraceRing } from '../src/trace/ring.ts'
import { TRACE_ROUTES, traceHandlers } from '../src/trace/routes.ts'

const hash = (n: number) => new Uint8Array(32).fill(n) as EnvelopeHash
const hex = (n: number) => `0x${n.toString(16).padStart(2, '0').repeat(32)}`
const peerId = new Uint8Array(64).fill(9)

async function ask(ring: TraceRing | undefined, method: string, params: unknown[], transport = 'ipc') {
  const peers = () => [{ peerId, ip: '192.0.2.1', clientName: 'a\u001bclient' } as unknown as Peer]
  const server = createRpcServer(TRACE_ROUTES, traceHandlers(ring, peers))
  const caller: RpcCaller = { transport }
  const text = await server.handle(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), caller)
  return JSON.parse(text ?? '') as { result?: unknown; error?: { message: string } }
}

function ring(): TraceRing {
  let now = 1000
  const made = createTraceRing(100, () => now++)
  made.record({ hash: hash(1), what: 'received', peerId })
  made.record({ hash: hash(1), what: 'refused', peerId, reason: 'low-pow' })
  made.record({ hash: hash(2), what: 'sent', peerId: new Uint8Array(64) })
  return made
}

describe('debug_traceEnvelope', () => {
  it('says from whom, when and why, and where that peer is', async () => {
    const peer = '09'.repeat(64)
    const common = { hash: hex(1), peer, address: '192.0.2.1', client: 'a\ufffdclient' }
    expect((await ask(ring(), 'debug_traceEnvelope', [hex(1)])).result).toEqual({
      steps: [
        { ...common, atUnixMs: 1000, what: 'received' },
        { ...common, atUnixMs: 1001, what: 'refused', reason: 'low-pow' },
      ],
      sinceUnixMs: 1000,
    })
    expect((await ask(ring(), 'debug_traceEnvelope', [hex(2)])).result).toEqual({
      steps: [{ hash: hex(2), atUnixMs: 1002, what: 'sent', peer: '00'.repeat(64) }],
      sinceUnixMs: 1000,
    })
    expect((await ask(ring(), 'debug_traceEnvelope', [hex(3)])).result).toEqual({
      steps: [],
      sinceUnixMs: 1000,
    })
    expect((await ask(createTraceRing(1, Date.now), 'debug_traceEnvelope', [hex(3)])).result).toEqual({
      steps: [],
    })
  })

  it.each([[['x']], [['0x12']], [[`${hex(1)}00`]], [[]], [[1]], [[hex(1), 2]]])(
    'refuses %j',
    async (params) => {
      expect(await ask(ring(), 'debug_traceEnvelope', params)).toHaveProperty('error')
    },
  )
})

describe('debug_traceRecent', () => {
  it('has the last steps, a bounded number', async () => {
    const recent = async (count: unknown) =>
      (await ask(ring(), 'debug_traceRecent', [count])) as { result: [] }
    expect((await recent(2)).result.map(({ what }) => what)).toEqual(['refused', 'sent'])
    expect((await recent(1000)).result).toHaveLength(3)
    for (const count of [0, -1, 1001, 1.5, '5']) expect(await recent(count)).toHaveProperty('error')
  })
})

describe('traces', () => {
  it.each(['http', 'ws', 'local'])('are refused over %s', async (transport) => {
    for (const [method, params] of [
      ['debug_traceEnvelope', [hex(1)]],
      ['debug_traceRecent', [1]],
    ] as const) {
      const { error, result } = await ask(ring(), method, [...params], transport)
      expect(error?.message).toBe(`traces are refused over ${transport}: use the IPC socket`)
      expect(result).toBeUndefined()
    }
  })

  it('are not there unless asked for', async () => {
    expect((await ask(undefined, 'debug_traceRecent', [1])).error?.message).toMatch(
      /start the node with --trace-env/,
    )
  })

  it('need a node that can be asked', async () => {
    const nowhere = { ipc: '/nowhere/x.ipc', dataDir: '/nowhere' }
    await expect(traceOf(hex(1), nowhere)).rejects.toMatchObject({
      ...{ code: 'no-node', exitCode: 1, message: expect.stringMatching(/nobody answers at .*ENOENT/) },
    })
    await expect(recentSteps(1, { ipc: undefined, dataDir: '/nowhere' })).rejects.toMatchObject({
      ...{ code: 'no-node', message: expect.stringMatching(/no node runs on \/nowhere: name/) },
    })
  })

  it('are a line for each step', async () => {
    const { result } = await ask(ring(), 'debug_traceRecent', [10])
    expect(traceText({ steps: result as [] }).split('\n')).toEqual([
      '1970-01-01T00:00:01.000Z 0x01010101... received  from 0909090909090909... (192.0.2.1, a\ufffdclient)',
      '1970-01-01T00:00:01.001Z 0x01010101... refused   from 0909090909090909... (192.0.2.1, a\ufffdclient): low-pow',
      '1970-01-01T00:00:01.002Z 0x02020202... sent      to 0000000000000000...',
    ])
    expect(traceText({ steps: [], sinceUnixMs: 0 })).toMatch(/has not come .*since 1970/)
    expect(traceText({ steps: [] })).toMatch(/none has come yet/)
  })
})
