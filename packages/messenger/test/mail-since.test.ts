import { HISTORY_TABLE } from '@status-protocol/mailserver'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { topicFrom } from '@status-protocol/whisper'
import { describe, expect, it } from 'vitest'
import { deleteGone, deleteSince, getSince, putSince } from '../src/mail/since.ts'

const topic = (n: number) => topicFrom(Uint8Array.of(0, 0, n >> 8, n & 255))

describe('since when a topic is to be complete', () => {
  it('is remembered by name, and forgotten with the chat', async () => {
    const storage = createMemoryStorage()
    await storage.commit([putSince('#status', 1_580_000_400, topic(1))])
    expect(await getSince(storage, '#status')).toBe(1_580_000_400)
    await storage.commit([deleteSince('#status')])
    expect(await getSince(storage, '#status')).toBeUndefined()
  })

  it('is bounded for topics that nobody listens to any more, with what was fetched of them', async () => {
    const storage = createMemoryStorage()
    const strangers = Array.from({ length: 1_001 }, (_, n) => `negotiated ${n}`)
    const all = ['#status', ...strangers]
    for (const [n, name] of all.entries())
      await storage.commit([
        putSince(name, 1_580_000_400, topic(n)),
        { put: [HISTORY_TABLE, topic(n), Uint8Array.of(0xc0)] },
      ])
    const isHeard = (name: string) => name === '#status'
    expect(await deleteGone(storage, (name) => isHeard(name) || name === 'negotiated 7')).toEqual([])
    await storage.commit(await deleteGone(storage, isHeard))
    expect(await getSince(storage, '#status')).toBe(1_580_000_400)
    expect(await storage.get(HISTORY_TABLE, topic(0))).toBeDefined()
    for (const n of [1, 500, 1_001]) {
      expect(await getSince(storage, all[n] as string)).toBeUndefined()
      expect(await storage.get(HISTORY_TABLE, topic(n))).toBeUndefined()
    }
  })
})
