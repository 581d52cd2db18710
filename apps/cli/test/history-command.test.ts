import { toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { describe, expect, it } from 'vitest'
import { progressLine, resultLine, secondsOf } from '../src/commands/history.ts'
import { settingsFrom } from '../src/settings.ts'

const key = toHex(defaultProvider.publicKey(new Uint8Array(32).fill(7))).slice(2)
const enode = `enode://${key}@127.0.0.1:30303`

describe('status history', () => {
  it('reads times of people', () => {
    expect(['90m', '12h', '7d', '2w'].map(secondsOf)).toEqual([5_400, 43_200, 604_800, 1_209_600])
    for (const text of ['', '7', 'd', '0d', '-1d', '1.5h', '7days', '999999d'])
      expect(secondsOf(text), text).toBeUndefined()
  })

  it('shows how far it is', () => {
    const counts = { messages: 3, envelopes: 120, bytes: 240_000 }
    expect(progressLine({ type: 'progress', fraction: 1 / 3, remainingMs: 39_100, ...counts })).toBe(
      '[########                ] 33 %  120 envelopes, 0.2 MB, 40 s to go',
    )
    expect(resultLine({ isComplete: true, missing: [], ...counts })).toBe(
      '3 new messages in 120 envelopes, 0.2 MB. Nothing is missing.',
    )
  })
})

describe('--mailserver', () => {
  it('is a flag, before what the environment says, and checked', () => {
    const other = enode.replace('30303', '30304')
    const env = { STATUS_MAILSERVERS: `${other}, ${enode}` }
    expect(settingsFrom({}, env).mailservers).toEqual([other, enode])
    expect(settingsFrom({ mailserver: [enode] }, env).mailservers).toEqual([enode])
    expect(settingsFrom({}, {}).mailservers).toEqual([])
    expect(() => settingsFrom({ mailserver: ['enode://x'] }, {})).toThrow(/--mailserver/)
    expect(() => settingsFrom({ mailserver: [enode], whisper: '/ipc' }, {})).toThrow(/not with --whisper/)
    expect(settingsFrom({ whisper: '/ipc' }, env).mailservers).toEqual([])
  })
})
