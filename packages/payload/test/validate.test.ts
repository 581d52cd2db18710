import {
  chatMessage,
  decodeMessage,
  encodeMessage,
  type Message,
  type Refusal,
  validateMessage,
} from '@status-protocol/payload'
import { describe, expect, it } from 'vitest'

const NOW = 1574000000000
const good = chatMessage({ chatId: 'status', text: 'hello', clock: BigInt(NOW), timestamp: NOW })

function reasonFor(message: Message): Refusal | 'accepted' {
  const verdict = validateMessage(message, NOW)
  return verdict.ok ? 'accepted' : verdict.reason
}

describe('validation: clocks', () => {
  it('up to 120,000 ms ahead, above 2^63 too', () => {
    for (const [clock, verdict] of [
      [BigInt(NOW) + 120_000n, 'accepted'],
      [BigInt(NOW) + 120_001n, 'clock-too-high'],
      [2n ** 63n, 'clock-too-high'],
      [2n ** 64n - 1n, 'clock-too-high'],
      [1n, 'accepted'],
      [0n, 'clock-zero'],
    ] as const)
      expect(reasonFor({ ...good, clock })).toBe(verdict)
  })
})

describe('validation: text', () => {
  it.each([
    ['', 'text-empty'],
    [' \t\n\v\f\r\u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000', 'text-empty'],
    ['\ufeff', 'accepted'],
    ['\u200b', 'accepted'],
    [' a ', 'accepted'],
  ])('blank is what Go trims: %j is %s', (text, verdict) => {
    expect(reasonFor({ ...good, text })).toBe(verdict)
  })
})

describe('validation: amounts are what strconv.ParseFloat takes', () => {
  const accepted =
    '0.34 -5 +5 1e3 1E5 1. .5 00 inf -Inf +infinity nan NaN 1e-999 0e99999999999999 1_000 1_23.50_0_0e+1_2 1e5_0 0_1.5 ' +
    '0x1p-2 0X1P+2 0x.8p1 0x1.p1 0x_1p1 0x_1_2.3_4_5p+1_2 0x1.8_0p1 0x1.fffffffffffff7p1023 0x0p99999999999999999999'
  const refused =
    'invalid 1,5 . 1e 1e+ ++5 +nan infi in 0x1 0x1.8 0xp1 0b1 _1 1_ 1_.5 1._5 1__0 0x1_p1 0x1p_1 0x1__2p1 0x1_.8p1 ' +
    '1e400 -1e400 1e99999999999999999999 0x1p1024 0x1.fffffffffffff8p1023 0x1p99999999999999999999 \u0663'

  const amount = (value: string) =>
    reasonFor({ type: 'request-address-for-transaction', clock: 1n, value, contract: '' })

  it.each(accepted.split(' '))('%s is a number', (value) => {
    expect(amount(value)).toBe('accepted')
  })
  it.each([...refused.split(' '), ' 5', '5 ', '5\n'])('%j is none', (value) => {
    expect(amount(value)).toBe('value-not-a-number')
  })
  it('is quick about a megabyte of digits', () => {
    expect(amount('9'.repeat(1_000_000))).toBe('value-not-a-number')
    expect(amount(`0x${'f_'.repeat(500_000)}`)).toBe('value-not-a-number')
    expect(amount(`0x${'0'.repeat(1_000_000)}p${'9'.repeat(1_000)}`)).toBe('accepted')
  })
})

describe('validation: what stands inside or has no rules', () => {
  it('a signature of no bytes is there, as for the reference', () => {
    const message: Message = {
      type: 'send-transaction',
      clock: 1n,
      id: '',
      transactionHash: '0x1',
      signature: new Uint8Array(),
    }
    expect(reasonFor(decodeMessage(10, encodeMessage(message)))).toBe('accepted')
    const { signature: _, ...unsigned } = message
    expect(reasonFor(decodeMessage(10, encodeMessage(unsigned)))).toBe('signature-missing')
  })

  it('the chat message of a membership update is judged like any other', () => {
    const update: Message = {
      type: 'membership-update',
      chatId: 'g',
      events: [],
      message: { ...good, text: ' ' },
    }
    expect(reasonFor(update)).toBe('text-empty')
    expect(reasonFor({ type: 'membership-update', chatId: 'g', events: [] })).toBe('accepted')
  })

  it('contact updates, sync messages and unknown types have no rules', () => {
    expect(reasonFor({ type: 'contact-update', clock: 0n, ensName: '', profileImage: '' })).toBe('accepted')
    expect(reasonFor({ type: 'sync-public-chat', clock: 2n ** 64n - 1n, id: '' })).toBe('accepted')
    expect(reasonFor({ type: 'unknown', wireType: 99, payload: new Uint8Array() })).toBe('accepted')
  })
})
