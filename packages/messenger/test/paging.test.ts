/** Pages, search and whole chats, over stores with and without an index, read from one end or from both. */
import { fromBigInt, to0xHex } from '@status-protocol/bytes'
import { type Message, type MessageIdText, messageTexts, openHistory } from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { parseChat } from '../src/chat.ts'
import { putChat, putMessage } from '../src/tables.ts'
import { quickCrypto } from './support/world.ts'

const random = seededRandom(5)
const [ann, ben] = [1, 2].map(() => quickCrypto.publicKey(random.bytes(32))) as [Uint8Array, Uint8Array]
const room = parseChat('#room')

function message(n: number, more: Partial<Message> = {}): Message {
  return {
    id: to0xHex(quickCrypto.keccak256(fromBigInt(BigInt(n), 8))) as MessageIdText,
    chat: room.id,
    author: n % 2 ? ann : ben,
    text: `message ${n}`,
    clock: BigInt(Math.floor(n / 3) * 10), // three with each clock
    timestampMs: 5n,
    contentType: 1,
    own: false,
    security: 'whisper',
    ...more,
  }
}

async function filled(storage: Storage, count: number): Promise<Message[]> {
  const all = Array.from({ length: count }, (_, n) => message(n + 3))
  const other = message(10_000, { chat: parseChat('#roo').id, text: 'message elsewhere' })
  for (const chat of [room, parseChat('#roo')])
    await storage.commit([putChat({ chat, joinedAtMs: 0, lastClock: 9n })])
  await storage.commit([...all, other].flatMap(putMessage))
  return all.sort((a, b) => (a.clock === b.clock ? (a.id < b.id ? -1 : 1) : a.clock < b.clock ? -1 : 1))
}

/** Without what is optional. */
const plain = ({ get, range, commit }: Storage): Storage => ({ get, range, commit })

describe.each([
  ['read from both ends', (storage: Storage) => storage],
  ['read forwards only', plain],
])('a store %s', (_, seen) => {
  it('pages both ways, without gaps or repeats', async () => {
    const storage = createMemoryStorage()
    const all = (await filled(storage, 100)).map(({ id }) => id)
    const history = openHistory(seen(storage))
    const page = async (options: Parameters<typeof history.messages>[1]) =>
      (await history.messages('#room', options)).map(({ id }) => id)
    expect(await page({ limit: 1000 })).toEqual(all)
    expect(await page({ limit: 7 })).toEqual(all.slice(-7))
    const back: MessageIdText[] = []
    for (let before: MessageIdText | undefined; ; before = back[0]) {
      const older = await page({ limit: 7, ...(before && { before }) })
      back.unshift(...older)
      if (older.length < 7) break
    }
    expect(back).toEqual(all)
    const on = [all[0] as MessageIdText]
    for (;;) {
      const newer = await page({ limit: 7, after: on.at(-1) as MessageIdText })
      on.push(...newer)
      if (newer.length < 7) break
    }
    expect(on).toEqual(all)
  })

  it('pages by clock, and around a message', async () => {
    const storage = createMemoryStorage()
    const all = await filled(storage, 60)
    const history = openHistory(seen(storage))
    const clocks = async (options: Parameters<typeof history.messages>[1]) =>
      (await history.messages('#room', options)).map(({ clock }) => Number(clock))
    expect(await clocks({ before: 50n, limit: 4 })).toEqual([30, 40, 40, 40])
    expect(await clocks({ after: 50n, limit: 4 })).toEqual([60, 60, 60, 70])
    expect(await clocks({ after: 190n, limit: 4 })).toEqual([200, 200, 200])
    expect(await clocks({ before: 0n })).toEqual([])
    const around = async (index: number, limit: number) =>
      (await history.messages('#room', { around: all[index]?.id as MessageIdText, limit })).map((m) =>
        all.findIndex((a) => a.id === m.id),
      )
    expect(await around(30, 5)).toEqual([28, 29, 30, 31, 32])
    expect(await around(30, 4)).toEqual([28, 29, 30, 31])
    expect(await around(0, 5)).toEqual([0, 1, 2])
    expect(await around(59, 1)).toEqual([59])
    const elsewhere = message(10_000).id
    for (const options of [{ before: elsewhere }, { after: elsewhere }, { around: elsewhere }])
      await expect(history.messages('#room', options)).rejects.toMatchObject({ code: 'no-such-message' })
  })

  it('is read whole, a page in memory', async () => {
    const storage = createMemoryStorage()
    const all = await filled(storage, 1203)
    const found: MessageIdText[] = []
    for await (const { id } of openHistory(seen(storage)).allMessages('#room')) found.push(id)
    expect(found).toEqual(all.map(({ id }) => id))
    await expect(async () => {
      for await (const _ of openHistory(storage).allMessages('#nowhere')) expect.unreachable()
    }).rejects.toMatchObject({ code: 'not-joined' })
  })
})

describe('search', () => {
  it('by words, chat, author and time, page by page', async () => {
    const storage = createMemoryStorage()
    await filled(storage, 60)
    const history = openHistory(storage)
    const texts = async (...args: Parameters<typeof history.search>) =>
      (await history.search(...args)).map(({ text }) => text)
    expect(await texts('ELSEWHERE')).toEqual(['message elsewhere'])
    expect(await texts('elsewhere', { chat: '#room' })).toEqual([])
    expect(await texts('message 5', { author: ann, chat: '#room' })).toEqual(
      expect.arrayContaining(['message 5', 'message 51', 'message 59']),
    )
    expect(await texts('"message" AND (', { fromMs: 190, toMs: 200 })).toEqual([])
    expect((await texts('message', { fromMs: 190, toMs: 200 })).length).toBe(6)
    const all: string[] = []
    for (let before: MessageIdText | undefined; ; ) {
      const page = await history.search('message', { chat: '#room', limit: 7, ...(before && { before }) })
      all.push(...page.map(({ text }) => text))
      before = page.at(-1)?.id
      if (page.length < 7) break
    }
    expect(all.length).toBe(60)
    expect(new Set(all).size).toBe(60)
    await expect(history.search('x', { chat: '?' })).rejects.toMatchObject({ code: 'invalid-chat' })
    const nothing = `0x${'0'.repeat(64)}` as MessageIdText
    await expect(history.search('x', { before: nothing })).rejects.toMatchObject({ code: 'no-such-message' })
  })

  it('what is no message has no text', () => {
    const key = new Uint8Array(9)
    expect(messageTexts.document(key, new Uint8Array(3))).toBeUndefined()
    expect(messageTexts.document(key, new TextEncoder().encode('{"text":5}'))).toBeUndefined()
    expect(messageTexts.document(key, new TextEncoder().encode('null'))).toBeUndefined()
  })
})
