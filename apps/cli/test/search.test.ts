import { Writable } from 'node:stream'
import { openHistory } from '@status-protocol/messenger'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { describe, expect, it } from 'vitest'
import { exportChat } from '../src/commands/export.ts'
import { search } from '../src/commands/search.ts'
import { storeWith } from './store.ts'

const DAY_MS = 86_400_000
const START_MS = Date.parse('2020-02-10T12:00')

async function history(count: number) {
  const storage = createMemoryStorage()
  await storeWith(storage, '#ci', count, (n) => ({
    text: `build ${n} is green`,
    timeMs: START_MS + n * DAY_MS,
  }))
  return openHistory(storage)
}

describe('status search', () => {
  it('finds words between two days, the newest last', async () => {
    const stored = await history(10)
    const found = await search(stored, {
      text: 'GREEN "build"',
      json: false,
      limit: 50,
      since: '2020-02-12',
      until: '2020-02-14',
    })
    expect(found.lines.map((line) => line.replace(/^(\S+).*: | \(queued\)$/g, '$1 ').trim())).toEqual([
      '2020-02-12 build 2 is green',
      '2020-02-13 build 3 is green',
    ])
    expect(found.before).toBeUndefined()
  })

  it('goes on where a page ended', async () => {
    const stored = await history(10)
    const texts: string[] = []
    for (let before: string | undefined; ; ) {
      const page = await search(stored, { text: 'build', json: true, limit: 4, ...(before && { before }) })
      texts.unshift(...page.lines.map((line) => (JSON.parse(line) as { text: string }).text))
      before = page.before
      if (!before) break
    }
    expect(texts).toEqual(Array.from({ length: 10 }, (_, n) => `build ${n} is green`))
  })

  it('says what a date looks like', async () => {
    const asked = { text: 'x', json: false, limit: 1, until: 'yesterday' }
    await expect(search(await history(0), asked)).rejects.toMatchObject({
      code: 'invalid-argument',
      message: '--until: expected a date as 2026-11-22 or 2026-11-22T18:00, got "yesterday"',
    })
  })
})

describe('status export', () => {
  it('writes a chat at the pace of its reader', async () => {
    const written: string[] = []
    let [waiting, mostWaiting] = [0, 0]
    const output = new Writable({
      highWaterMark: 1000,
      write(chunk: Buffer, _encoding, done) {
        mostWaiting = Math.max(mostWaiting, output.writableLength)
        written.push(chunk.toString())
        waiting++
        setImmediate(done)
      },
    })
    await exportChat(await history(700), '#ci', output)
    const texts = written
      .join('')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { text: string }).text)
    expect(texts).toEqual(Array.from({ length: 700 }, (_, n) => `build ${n} is green`))
    expect(mostWaiting).toBeLessThan(3000)
    expect(waiting).toBeGreaterThan(100)
  })

  it('ends where its reader does', async () => {
    const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
    await exportChat(await history(700), '#ci', output)
    expect(output.errored).toBeTruthy()
  })
})
