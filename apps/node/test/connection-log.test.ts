import type { HostEvent, Peer } from '@status-protocol/p2p-devp2p'
import { describe, expect, it } from 'vitest'
import { logHost, logWhisper } from '../src/connection-log.ts'
import { logTo } from '../src/log.ts'

function logger() {
  const lines: Record<string, unknown>[] = []
  const log = logTo({ write: (line) => void lines.push(JSON.parse(line)) }, { level: 'debug', modules: {} })
  return { log: log.child({ module: 'p2p' }), lines }
}

async function logged(events: readonly HostEvent[]) {
  const { log, lines } = logger()
  const host = {
    async *events() {
      yield* events
      return undefined
    },
  }
  await logHost(host, log)
  return lines
}

const peer = {
  ...{ peerId: new Uint8Array(64).fill(0xab), ip: '192.0.2.1', enode: 'enode://ab', direction: 'inbound' },
  ...{ clientName: 'x\ny', capabilities: ['shh/6'], isStatic: false, isTrusted: false, upSinceUnixMs: 0 },
} as Partial<Peer> as Peer
const failed = (detail: string, redialInMs?: number): HostEvent => ({
  ...{ type: 'dial-failed', enode: 'enode://ab', cause: 'dial-failed', detail },
  ...(redialInMs !== undefined && { redialInMs }),
})

describe('the log of connections', () => {
  it('has one line for each event, with who, how and why', async () => {
    const lines = await logged([
      { type: 'link-up', peer },
      { type: 'link-down', peer, reason: 4, by: 'peer', cause: 'remote', detail: 'too many peers' },
      { type: 'gap', dropped: 3 },
    ])
    const who = {
      module: 'p2p',
      peer: 'ab'.repeat(8),
      ip: '192.0.2.1',
      client: 'x\ufffdy',
      direction: 'inbound',
    }
    expect(lines).toMatchObject([
      { ...who, msg: 'link-up', level: 20 },
      { ...who, msg: 'link-down', cause: 'remote', by: 'peer', reason: 'too many peers' },
      { msg: 'gap', dropped: 3 },
    ])
    expect(lines).toHaveLength(3)
  })

  it('warns when a configured peer cannot be reached, once for each reason', async () => {
    const levels = async (events: readonly HostEvent[]) => (await logged(events)).map(({ level }) => level)
    expect(
      await levels([
        ...[
          failed('refused', 100),
          failed('refused', 200),
          failed('timed out', 400),
          failed('timed out', 800),
        ],
        ...[{ type: 'link-up', peer } as const, failed('timed out', 100)],
      ]),
    ).toEqual([40, 20, 40, 20, 20, 40])
    expect(await levels([failed('of a peer that was found')])).toEqual([20])
  })

  it('shows defects as errors, and warns of a wrong clock', () => {
    const { log, lines } = logger()
    const { peerId } = peer
    logWhisper(log, { type: 'ready', peerId })
    logWhisper(log, { type: 'down', peerId, reason: 8 })
    logWhisper(log, { type: 'dropped', peerId, detail: 'no status' })
    logWhisper(log, { type: 'handler-failed', peerId, error: new Error('disk') })
    const clock = { offsetSeconds: 30, correctionSeconds: 5, votes: [] }
    logWhisper(log, { type: 'clock', peerId: new Uint8Array(0), report: clock })
    logWhisper(log, { type: 'clock', peerId: new Uint8Array(0), report: { ...clock, offsetSeconds: 0 } })
    logWhisper(log, { type: 'defect', peerId: new Uint8Array(0), error: 'odd' })
    expect(lines).toMatchObject([
      { msg: 'ready', peer: 'ab'.repeat(8), level: 20 },
      { msg: 'down', reason: 'quitting', level: 20 },
      { msg: 'dropped', detail: 'no status', level: 20 },
      { msg: 'handler-failed', err: { message: 'disk' }, level: 50 },
      {
        msg: 'clock',
        offsetSeconds: 30,
        warning: expect.stringMatching(/^your clock is off by 30 s/),
        level: 40,
      },
      { msg: 'the clock of this machine is right again', level: 30 },
      { msg: 'defect', err: 'odd', level: 50 },
    ])
    expect(lines[6]).not.toHaveProperty('peer')
  })
})
