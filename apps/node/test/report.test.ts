import { afterEach, describe, expect, it, vi } from 'vitest'
import { readConfig } from '../src/config.ts'
import type { PeerEvent } from '../src/node.ts'
import { createReporter } from '../src/report.ts'

afterEach(() => void vi.restoreAllMocks())

const event: PeerEvent = {
  state: 'down',
  enode: 'enode://ab',
  clientName: 'x',
  direction: 'inbound',
  reason: 'gone',
}

function printed(
  json: boolean,
  run: (say: (event: PeerEvent) => void, clock: { now: number }) => void,
): string[] {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  const clock = { now: 0 }
  run(createReporter(readConfig({ json }), () => clock.now).peer, clock)
  return lines
}

describe('lines about peers', () => {
  it('are for people, or for programs', () => {
    const say = (tell: (event: PeerEvent) => void) => tell(event)
    expect(printed(false, say)).toEqual(['peer gone: enode://ab (gone)'])
    expect(printed(true, say).map((line) => JSON.parse(line))).toEqual([{ event: 'peer', ...event }])
  })

  it.each([true, false])('are bounded, and say how many are missing (json: %s)', (json) => {
    const lines = printed(json, (tell, clock) => {
      for (let i = 0; i < 5000; i++) tell(event)
      clock.now = 1000
      for (let i = 0; i < 5000; i++) tell(event)
    })
    expect(lines).toHaveLength(200 + 1 + 20)
    expect(lines[200]).toBe(json ? '{"event":"gap","leftOut":4800}' : '(4800 more peers that came or went)')
  })
})
