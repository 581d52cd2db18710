import { defaultProvider as crypto } from '@status-protocol/crypto'
import { unwrap } from '@status-protocol/payload'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { parseChat } from '../src/chat.ts'
import type { DeliveryState } from '../src/message.ts'
import { advance, advanceMessage, compose, deliverMessage, MAX_TEXT_BYTES } from '../src/outbound.ts'

const privateKey = seededRandom(2).bytes(32)
const publicKey = crypto.publicKey(privateKey)
const NOW = 1_580_000_000_000
const status = { chat: parseChat('#status'), joinedAtMs: 0, lastClock: 0n }
const composed = (text = 'hello', lastClock = 0n) =>
  compose(
    { chat: { ...status, lastClock }, text, security: 'whisper' },
    { privateKey, publicKey, nowMs: NOW, crypto },
  )

describe('compose', () => {
  it('stores message, outbox and clock together, as queued', () => {
    const { message, outbox, changes, events } = composed()
    expect(message).toMatchObject({
      chat: '#status',
      text: 'hello',
      clock: BigInt(NOW),
      own: true,
      delivery: 'queued',
    })
    expect(unwrap(outbox.wrapped)).toMatchObject({
      ok: true,
      author: publicKey,
      message: { chatId: 'status' },
    })
    expect(changes.map((c) => ('put' in c ? c.put[0] : c.del[0])).sort()).toEqual([
      'chat',
      'message',
      'message-key',
    ])
    expect(events).toMatchObject([{ type: 'delivery', state: 'queued', messageId: message.id }])
  })
  it('takes a clock above all that was seen', () => {
    expect(composed('x', BigInt(NOW) + 500n).message.clock).toBe(BigInt(NOW) + 501n)
  })
  it('refuses blank and oversized texts', () => {
    for (const text of ['', ' \n\t', 'x'.repeat(MAX_TEXT_BYTES + 1), 'é'.repeat(MAX_TEXT_BYTES / 2 + 1)])
      expect(() => composed(text)).toThrow(expect.objectContaining({ code: 'invalid-text' }))
    expect(composed('x'.repeat(MAX_TEXT_BYTES)).message.text).toHaveLength(MAX_TEXT_BYTES)
  })
})

describe('delivery states', () => {
  const STATES: DeliveryState[] = ['queued', 'sent', 'relayed', 'delivered', 'expired', 'failed']
  const EDGES = new Set([
    ...['queued>sent', 'queued>delivered', 'queued>failed'],
    ...['sent>relayed', 'sent>expired', 'sent>delivered', 'sent>failed'],
    ...['expired>sent', 'expired>relayed', 'expired>delivered', 'expired>failed'],
    ...['relayed>delivered', 'relayed>failed', 'failed>delivered'],
  ])
  for (const from of STATES)
    for (const to of STATES)
      it(`${from} -> ${to} ${EDGES.has(`${from}>${to}`) ? 'is an edge' : 'changes nothing'}`, () => {
        const { message, outbox } = composed()
        const own = { ...message, delivery: from }
        const result = advanceMessage(own, outbox.chat, to)
        const kept = advance(own, { ...outbox, attempts: 1 }, to)
        if (!EDGES.has(`${from}>${to}`)) {
          expect(result).toEqual({ changes: [], events: [] })
          expect(kept).toMatchObject({ changes: [], events: [], outbox: { attempts: 1 } })
          return
        }
        expect(result.events).toMatchObject([{ type: 'delivery', state: to }])
        const isLast = to === 'relayed' || to === 'failed'
        expect(kept.outbox === undefined).toBe(isLast)
        expect(kept.changes.some((c) => 'del' in c && c.del[0] === 'outbox')).toBe(isLast)
        expect(kept.outbox?.attempts).toBe(isLast ? undefined : to === 'sent' ? 2 : 1)
      })
})

describe('delivered, for each installation of the recipient', () => {
  const chat = parseChat(`0x${Buffer.from(publicKey).toString('hex')}`)
  const { message } = composed()

  it('is told once for each, whatever the state was', () => {
    for (const delivery of ['queued', 'sent', 'relayed', 'expired', 'failed'] as const) {
      const { events, changes } = deliverMessage({ ...message, delivery }, chat, 'phone')
      expect(events).toMatchObject([{ type: 'delivery', state: 'delivered', installation: 'phone' }])
      expect(changes.length).toBeGreaterThan(0)
    }
    const once = { ...message, delivery: 'delivered' as const, deliveredTo: ['phone'] }
    expect(deliverMessage(once, chat, 'phone')).toEqual({ changes: [], events: [] })
    expect(deliverMessage(once, chat, 'laptop').events).toMatchObject([{ installation: 'laptop' }])
  })

  it('remembers a bounded number', () => {
    const many = { ...message, deliveredTo: Array.from({ length: 16 }, (_, i) => `device ${i}`) }
    expect(deliverMessage(many, chat, 'one more')).toEqual({ changes: [], events: [] })
  })
})
