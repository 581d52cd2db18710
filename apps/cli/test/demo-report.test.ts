import { describe, expect, it } from 'vitest'
import { createTravels } from '../src/demo/journey.ts'
import { createTextReporter } from '../src/demo/report.ts'
import type { TraceView } from '../src/serve/trace-feed.ts'

const hex = (byte: string, length: number) => `0x${byte.repeat(length)}`
const id = hex('ab', 32)

function posted(atMs: number, envelope: string): TraceView {
  const sizes = { payloadBytes: 600, envelopeBytes: 900, pow: 0.00475, powTarget: 0.002, ttlSeconds: 15 }
  return {
    type: 'posted',
    envelope,
    topic: hex('c0', 4),
    way: 'negotiated',
    messageIds: [id],
    atMs,
    ...sizes,
  }
}

function encrypted(atMs: number): TraceView {
  const sizes = { acks: 0, syncBytes: 300, protocolMessageBytes: 600, devices: 1 }
  return { type: 'encrypted', to: hex('04', 65), messageIds: [id], session: 'ratchet', atMs, ...sizes }
}

describe('the words of the demonstration', () => {
  it('follow a private message that was sent twice', () => {
    const travels = createTravels()
    // Some steps are told before the answer of chat.send.
    travels.step('alice', {
      ...{ type: 'composed', messageId: id, chat: hex('04', 65) },
      ...{ textBytes: 5, wrapperBytes: 230, atMs: 1000 },
    })
    travels.begin({ messageId: id, from: 'alice', to: 'bob', text: 'hello' })
    travels.step('alice', { type: 'synced', messageId: id, syncId: hex('cd', 32), atMs: 1001 })
    for (const [atMs, envelope] of [
      [1010, hex('e1', 32)],
      [6010, hex('e2', 32)],
    ] as const) {
      travels.step('alice', encrypted(atMs))
      travels.step('alice', posted(atMs, envelope))
    }
    const received = {
      topic: hex('c0', 4),
      messageIds: [id],
      payloadBytes: 600,
      security: 'ratchet' as const,
    }
    travels.step('bob', { type: 'received', envelope: hex('e1', 32), atMs: 1100, ...received })
    travels.step('bob', { type: 'received', envelope: hex('e2', 32), atMs: 6100, ...received })
    for (const [state, atMs] of [
      ['relayed', 1150],
      ['delivered', 1200],
      ['delivered', 6200],
    ] as const)
      travels.delivery(id, state, atMs)

    const lines: string[] = []
    createTextReporter((line) => void lines.push(line)).message(travels.journey(id))
    expect(lines.join('\n').trim().split('\n')).toEqual([
      'alice -> bob: hello',
      '  payload    5 B of text in a signed wrapper of 230 B, message id 0xabababab...',
      '  data sync  MVDS id 0xcdcdcdcd..., payload of 300 B',
      '  session    double ratchet, ProtocolMessage of 600 B',
      '  whisper    topic 0xc0c0c0c0 (negotiated), envelope 0xe1e1e1e1... of 900 B, PoW 0.00475 (target 0.002)',
      '  session    again after 5.0 s: double ratchet, ProtocolMessage of 600 B',
      '  whisper    topic 0xc0c0c0c0 (negotiated), envelope 0xe2e2e2e2... of 900 B, PoW 0.00475 (target 0.002)',
      '  arrival    bob read it after 100 ms (ratchet), alice knows after 200 ms',
    ])
  })

  it('count acknowledgements that travel alone', () => {
    const travels = createTravels()
    travels.step('bob', { ...(posted(1, id) as Extract<TraceView, { type: 'posted' }>), messageIds: [] })
    expect(travels.envelopes()).toEqual({ count: 1, bytes: 900, acksOnly: 1 })
    expect(travels.all()).toEqual([])
  })
})
