import { defaultProvider } from '@status-protocol/crypto'
import {
  capClockMobileV0,
  chatKind,
  chatMessage,
  conversationOf,
  groupChatId,
  nextClock,
  nextClockGo2019,
  nextClockMobileV0,
  observeClock,
  oneToOneChatId,
  PayloadError,
  publicChatId,
  publicKeyOfChatId,
} from '@status-protocol/payload'
import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { uint64 } from './support/arbitraries.ts'

const alice = defaultProvider.publicKey(new Uint8Array(32).fill(1))
const bob = defaultProvider.publicKey(new Uint8Array(32).fill(2))

describe('Payloads: chat ids', () => {
  it('one-to-one: 0x04 and 128 lower-case hex digits, there and back', () => {
    const id = oneToOneChatId(alice)
    expect(id).toMatch(/^0x04[0-9a-f]{128}$/)
    expect(chatKind(id)).toBe('one-to-one')
    expect(publicKeyOfChatId(id)).toEqual(alice)
    expect(publicKeyOfChatId(`0x04${'00'.repeat(64)}`)).toBeUndefined()
    expect(publicKeyOfChatId(id.toUpperCase())).toBeUndefined()
    expect(() => oneToOneChatId(defaultProvider.compressPublicKey(alice))).toThrow(PayloadError)
  })

  it('group: a random UUID and the key of its creator', () => {
    const [id, other] = [groupChatId(alice, seededRandom(1)), groupChatId(alice, seededRandom(2))]
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}-0x04[\da-f]{128}$/)
    expect(id.endsWith(oneToOneChatId(alice))).toBe(true)
    expect(chatKind(id)).toBe('group')
    expect(other).not.toBe(id)
  })

  it('public: a name, with or without #', () => {
    expect(publicChatId('#status')).toBe('status')
    expect(publicChatId('status-2')).toBe('status-2')
    expect(chatKind('status')).toBe('public')
    for (const name of ['', '#', '##a', 'Status', 'a b', 'ä', 'a_b', 'a'.repeat(129), oneToOneChatId(alice)])
      expect(() => publicChatId(name), name).toThrow(PayloadError)
  })

  it('says what it expected and not what was typed', () => {
    expect(() => publicChatId('my secret name')).not.toThrow(/secret/)
  })

  it('the kind of chat decides the message type', () => {
    const base = { text: 't', clock: 1n, timestamp: 1n }
    expect(chatMessage({ ...base, chatId: 'status' }).messageType).toBe(2)
    expect(chatMessage({ ...base, chatId: oneToOneChatId(bob) }).messageType).toBe(1)
    expect(chatMessage({ ...base, chatId: groupChatId(alice, seededRandom(1)) }).messageType).toBe(3)
  })

  it('the content decides the content type', () => {
    const base = { chatId: 'status', text: 't', clock: 1n, timestamp: 1n }
    const [sticker, image] = [
      { hash: 'h', pack: 1 },
      { payload: Uint8Array.of(1), format: 1 },
    ]
    expect(chatMessage(base).contentType).toBe(1)
    expect(chatMessage({ ...base, sticker }).contentType).toBe(2)
    expect(chatMessage({ ...base, image }).contentType).toBe(7)
    expect(chatMessage({ ...base, contentType: 4 }).contentType).toBe(4)
    expect(() => chatMessage({ ...base, sticker, image })).toThrow(PayloadError)
  })

  it('numbers for clocks must be exact', () => {
    const base = { chatId: 'status', text: 't', timestamp: 1 }
    expect(chatMessage({ ...base, clock: Number.MAX_SAFE_INTEGER }).clock).toBe(2n ** 53n - 1n)
    for (const clock of [2 ** 53, -1, 1.5, Number.NaN, -1n, 2n ** 64n])
      expect(() => chatMessage({ ...base, clock }), String(clock)).toThrow(PayloadError)
  })

  it('one-to-one messages are filed under the other person', () => {
    const toBob = { chatId: oneToOneChatId(bob), messageType: 1 }
    expect(conversationOf(toBob, alice, bob)).toBe(oneToOneChatId(alice))
    expect(conversationOf(toBob, alice, alice)).toBe(oneToOneChatId(bob))
    expect(conversationOf({ chatId: 'status', messageType: 2 }, alice, bob)).toBe('status')
  })
})

describe('Payloads: clocks', () => {
  it('v1: now, or one more than the last', () => {
    expect(nextClock(0n, 1574000000000)).toBe(1574000000000n)
    expect(nextClock(1574000000000n, 1574000000000)).toBe(1574000000001n)
    expect(nextClock(2n ** 60n, 1574000000000)).toBe(2n ** 60n + 1n)
    expect(nextClock(0n, 1574000000000.9)).toBe(1574000000000n)
    expect(() => nextClock(2n ** 64n - 1n, 0)).toThrow(PayloadError)
  })

  it('Go of 2019: a minute ahead, or one more than the last', () => {
    expect(nextClockGo2019(0n, 1574000000000)).toBe(1574000060000n)
    expect(nextClockGo2019(1574000060000n, 1574000000000)).toBe(1574000060001n)
  })

  it('mobile client of v0: hundredths of milliseconds, capped at 31 days ahead', () => {
    expect(nextClockMobileV0(0n, 1571000000123)).toBe(157100000012301n)
    expect(nextClockMobileV0(157100000012301n, 1571000000123)).toBe(157100000012302n)
    const cap = (1571000000123n + 31n * 86_400_000n) * 100n
    expect(capClockMobileV0(cap, 1571000000123)).toBe(cap)
    expect(capClockMobileV0(cap + 1n, 1571000000123)).toBe(cap)
  })

  it('always goes forward', () => {
    const below = uint64.filter((clock) => clock < 2n ** 64n - 1n)
    fc.assert(
      fc.property(below, fc.nat(2 ** 31 - 1), uint64, (last, now, received) => {
        for (const next of [nextClock, nextClockGo2019, nextClockMobileV0])
          expect(next(last, now) > last).toBe(true)
        expect(observeClock(last, received) >= last && observeClock(last, received) >= received).toBe(true)
      }),
    )
  })
})
