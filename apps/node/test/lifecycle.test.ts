import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CLOSE_MS, createLifecycle, logWarnings } from '../src/lifecycle.ts'
import { logTo } from '../src/log.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function lifecycle() {
  const lines: Record<string, unknown>[] = []
  const log = logTo({ write: (line) => void lines.push(JSON.parse(line)) }, { level: 'info', modules: {} })
  return { ...{ lines }, life: createLifecycle(log) }
}

it('puts what Node.js warns of into the log, as a line like others', () => {
  const lines: Record<string, unknown>[] = []
  const log = logTo({ write: (line) => void lines.push(JSON.parse(line)) }, { level: 'info', modules: {} })
  const before = process.listeners('warning')
  logWarnings(log)
  const mine = process.listeners('warning')
  process.emit('warning', new Error('too many listeners'))
  process.removeAllListeners('warning')
  for (const listener of before) process.on('warning', listener)
  expect(mine).toHaveLength(1)
  expect(lines).toMatchObject([{ level: 40, err: { message: 'too many listeners' } }])
})

describe('the end of a node', () => {
  it('closes what was opened last first, one after the other, once', async () => {
    const { life, lines } = lifecycle()
    const closed: string[] = []
    for (const name of ['lock', 'host', 'rpc'])
      life.onClose(name, async () => {
        await Promise.resolve()
        closed.push(name)
      })
    expect(life.isClosing).toBe(false)
    const ends = [life.close(), life.close()]
    expect(life.isClosing).toBe(true)
    await Promise.all(ends)
    expect(closed).toEqual(['rpc', 'host', 'lock'])
    expect(lines).toEqual([])
  })

  it('goes on where a part fails', async () => {
    const { life, lines } = lifecycle()
    const closed: string[] = []
    life.onClose('lock', () => closed.push('lock'))
    life.onClose('host', () => {
      throw new Error('no')
    })
    await life.close()
    expect(closed).toEqual(['lock'])
    expect(lines).toMatchObject([{ part: 'host', err: { message: 'no' } }])
  })

  it('does not wait for ever', async () => {
    const { life, lines } = lifecycle()
    life.onClose('lock', () => undefined)
    life.onClose('host', () => new Promise(() => undefined))
    const end = life.close()
    await vi.advanceTimersByTimeAsync(CLOSE_MS)
    await end
    expect(lines).toMatchObject([{ msg: 'stopped without waiting', left: ['lock'] }])
  })

  it('closes at once what is opened too late', async () => {
    const { life } = lifecycle()
    await life.close()
    const closed: string[] = []
    life.onClose('late', () => closed.push('late'))
    await life.close()
    expect(closed).toEqual(['late'])
  })
})
