import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createConnection } from 'node:net'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import { CLI_MAIN, stopAll, temporaryDirectory } from './programs.ts'

const running: ChildProcessWithoutNullStreams[] = []
afterEach(async () => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
  await stopAll()
})

interface Line {
  readonly event: string
  readonly [field: string]: unknown
}

/** Its directories go where the test can see whether they are gone. */
function startDemo(args: string[]) {
  const place = temporaryDirectory()
  const child = spawn(process.execPath, [...CLI_MAIN, 'demo', ...args], {
    env: { ...process.env, TMPDIR: place },
  })
  running.push(child)
  const out: string[] = []
  const err: string[] = []
  const seen = new Set<() => void>()
  child.stderr.on('data', (piece: Buffer) => err.push(piece.toString()))
  createInterface({ input: child.stdout }).on('line', (line) => {
    out.push(line)
    for (const look of [...seen]) look()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return {
    child,
    ended,
    leftBehind: () => readdirSync(place).filter((name) => name.startsWith('status-demo-')),
    stderr: () => err.join(''),
    lines: () => out.map((line) => JSON.parse(line) as Line),
    /** Resolves at the first line of this kind. */
    first: (event: string) =>
      new Promise<Line>((resolve, reject) => {
        const look = () => {
          const line = out.map((text) => JSON.parse(text) as Line).find((one) => one.event === event)
          if (line) resolve(line)
        }
        seen.add(look)
        look()
        void ended.then((code) => reject(new Error(`ended with ${code} before ${event}: ${err.join('')}`)))
      }),
  }
}

function isListening(enode: string): Promise<boolean> {
  const port = Number(/:(\d+)$/.exec(enode)?.[1])
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

describe.skipIf(!lasts)('status demo', () => {
  it('shows what every layer does with every message, ends with a summary and leaves nothing behind', async () => {
    const demo = startDemo(['--json', '--timeout', '110'])
    const code = await demo.ended
    expect(demo.stderr()).toBe('')
    expect(code).toBe(0)
    const all = demo.lines()
    const messages = all.filter(({ event }) => event === 'message') as unknown as Message[]
    expect(messages.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'alice bob',
      'bob alice',
      'alice bob',
      'bob alice',
      'alice #demo',
      'bob #demo',
      'carol #demo',
      'carol alice',
      'alice carol',
      'alice carol',
      'carol alice',
    ])
    for (const message of messages) expectEveryLayer(message)
    const sessions = messages.map(({ sendings }) => sendings[0]?.encrypted?.session)
    expect(sessions.slice(0, 4)).toEqual(['dh', 'x3dh', 'ratchet', 'ratchet'])
    expect(sessions.slice(9)).toEqual(['ratchet', 'ratchet'])
    expect(messages[0]?.sendings[0]?.posted.way).toBe('partitioned')
    expect(messages[2]?.sendings[0]?.posted.way).toBe('negotiated')

    const away = messages[9] as Message
    expect(away.sendings.length, 'data sync sent it again').toBeGreaterThan(1)
    const envelopes = away.sendings.map(({ posted }) => posted.envelope)
    expect(new Set(envelopes).size, 'in a new envelope each time').toBe(envelopes.length)
    expect(away.received).toMatchObject([{ by: 'carol', security: 'ratchet' }])

    expect(all.at(-1)).toMatchObject({ event: 'summary', ok: true, messages: 11 })
    expect(demo.leftBehind()).toEqual([])
  })

  it('cleans up when it is stopped', async () => {
    const demo = startDemo(['--json', '--timeout', '110'])
    const { enode } = await demo.first('ready')
    expect(await isListening(enode as string)).toBe(true)
    expect(demo.leftBehind()).toHaveLength(1)
    demo.child.kill('SIGINT')
    expect(await demo.ended).toBe(1)
    expect(demo.stderr()).toMatch(/^\{"error":\{"code":"demo-failed","message":"stopped.*\n$/)
    expect(await isListening(enode as string)).toBe(false)
    expect(demo.leftBehind()).toEqual([])
  })

  it('says in one line what did not arrive in time', async () => {
    const demo = startDemo(['--json', '--timeout', '1'])
    expect(await demo.ended).toBe(1)
    expect(demo.stderr()).toMatch(/^\{"error":\{"code":"demo-failed","message":"not done within 1 s.*\n$/)
    expect(demo.lines().at(-1)).toMatchObject({ event: 'summary', ok: false })
    expect(demo.leftBehind()).toEqual([])
  })
})

interface Message {
  readonly messageId: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly composed: { readonly textBytes: number; readonly wrapperBytes: number }
  readonly synced?: { readonly syncId: string }
  readonly sendings: readonly {
    readonly encrypted?: {
      readonly session: string
      readonly syncBytes: number
      readonly protocolMessageBytes: number
    }
    readonly posted: {
      readonly envelope: string
      readonly topic: string
      readonly way: string
      readonly payloadBytes: number
      readonly envelopeBytes: number
      readonly pow: number
      readonly powTarget: number
    }
  }[]
  readonly received: readonly { readonly by: string; readonly security: string; readonly afterMs: number }[]
  readonly deliveredAfterMs?: number
}

/** Each layer adds to the size of the one above; private messages have all of them. */
function expectEveryLayer({
  messageId,
  from,
  to,
  text,
  composed,
  synced,
  sendings,
  received,
  deliveredAfterMs,
}: Message) {
  expect(messageId).toMatch(/^0x[0-9a-f]{64}$/)
  expect(composed.textBytes).toBe(Buffer.byteLength(text))
  expect(composed.wrapperBytes).toBeGreaterThan(composed.textBytes)
  const readers = to === '#demo' ? ['alice', 'bob', 'carol'].filter((name) => name !== from) : [to]
  expect(received.map(({ by }) => by).sort()).toEqual(readers)
  expect(sendings.length).toBeGreaterThan(0)
  for (const { encrypted, posted } of sendings) {
    expect(posted.topic).toMatch(/^0x[0-9a-f]{8}$/)
    expect(posted.envelope).toMatch(/^0x[0-9a-f]{64}$/)
    expect(posted.envelopeBytes).toBeGreaterThan(posted.payloadBytes)
    expect(posted.pow).toBeGreaterThanOrEqual(posted.powTarget)
    expect(encrypted === undefined).toBe(to === '#demo')
    if (!encrypted) continue
    expect(encrypted.syncBytes).toBeGreaterThan(composed.wrapperBytes)
    expect(encrypted.protocolMessageBytes).toBeGreaterThan(encrypted.syncBytes)
    expect(posted.payloadBytes).toBe(encrypted.protocolMessageBytes)
  }
  expect(synced?.syncId === undefined).toBe(to === '#demo')
  expect(deliveredAfterMs === undefined).toBe(to === '#demo')
}
