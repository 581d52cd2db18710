/** What a program may ask of what is stored that no person would. */
import { type Message, type MessageIdText, messageTexts, openHistory } from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { describe, expect, it } from 'vitest'
import { parseChat } from '../src/chat.ts'
import { putChat, putMessage } from '../src/tables.ts'

const room = parseChat('#room')
const people = [1, 2].map((n) => new Uint8Array(65).fill(n))

async function filled(count: number, authorOf: (n: number) => Uint8Array): Promise<Storage> {
  const storage = createMemoryStorage()
  await storage.commit([putChat({ chat: room, joinedAtMs: 0, lastClock: 9n })])
  for (let n = 0; n < count; n++)
    await storage.commit([
      ...putMessage({
        id: `0x${n.toString(16).padStart(64, '0')}` as MessageIdText,
        chat: room.id,
        author: authorOf(n) as Message['author'],
        text: `word ${n}`,
        clock: BigInt(n + 1),
        timestampMs: 5n,
        contentType: 1,
        own: false,
        security: 'whisper',
      }),
    ])
  return storage
}

describe('odd reads', () => {
  it('places before the first clock and after the last', async () => {
    const history = openHistory(await filled(3, () => people[0] as Uint8Array))
    const page = async (options: object) => (await history.messages('#room', options)).map(({ text }) => text)
    const all = ['word 0', 'word 1', 'word 2']
    expect(await page({ before: 0n })).toEqual([])
    expect(await page({ before: 2n ** 64n })).toEqual(all)
    expect(await page({ before: 2n ** 70n })).toEqual(all)
    expect(await page({ after: 2n ** 64n })).toEqual([])
    expect(await page({ after: -1n })).toEqual(all)
    expect(await page({ before: -1n })).toEqual([])
    expect(await page({ limit: Number.NaN })).toHaveLength(1)
  })

  it('texts that are none', async () => {
    const history = openHistory(await filled(3, () => people[0] as Uint8Array))
    for (const text of ['\0', '"', "'", '\ud800', '%', '*', '('])
      expect(await history.search(text)).toEqual([])
    expect(await history.search('w'.repeat(100_000))).toEqual([])
    expect(await history.search('word', { fromMs: Number.NaN, toMs: Number.POSITIVE_INFINITY })).toHaveLength(
      3,
    )
    expect(await history.search('word', { toMs: -5 })).toEqual([])
    expect(await history.search('word', { author: new Uint8Array(3) as never })).toEqual([])
  })

  it('a search past somebody who is blocked and says the word all the time reads the store a few times', async () => {
    const storage = await filled(1_000, (n) => people[n % 300 === 0 ? 0 : 1] as Uint8Array)
    await storage.commit([{ put: ['blocked', people[1] as Uint8Array, Uint8Array.of(1)] }])
    let reads = 0
    const counted: Storage = {
      ...storage,
      async *range(...where) {
        for await (const entry of storage.range(...where)) {
          if (where[0] === messageTexts.table) reads++
          yield entry
        }
      },
    }
    expect(await openHistory(counted).search('word', { limit: 5 })).toHaveLength(4)
    expect(reads).toBeLessThan(15 * 1_000)
  })
})
