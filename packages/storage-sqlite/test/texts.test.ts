/** Texts in the encrypted file: found, kept in step, built for what was there before. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TextSource } from '@status-protocol/ports'
import { textSearchConformance } from '@status-protocol/ports/testing'
import { createSqliteStorage, DATABASE_FILE, type SqliteStorage } from '@status-protocol/storage-sqlite'
import { expect, it } from 'vitest'
import { openDatabase } from '../src/database.ts'
import {
  bytes,
  del,
  describeSqlite,
  driver,
  KEY,
  number,
  OTHER_KEY,
  put,
  temporaryDirectory,
} from './support/sqlite.ts'
import { SOURCE, said as textOf } from './support/texts.ts'

const openIn = (directory: string, texts?: TextSource, key = KEY): Promise<SqliteStorage> =>
  createSqliteStorage({ directory, key, driver: driver!, ...(texts && { texts }) })

interface Opened {
  readonly directory: string
  readonly storage: SqliteStorage
  readonly search: NonNullable<SqliteStorage['texts']>
}

const opened = async (directory: string, source: TextSource): Promise<Opened> => {
  const storage = await openIn(directory, source)
  return { directory, storage, search: storage.texts! }
}

describeSqlite('TextSearch in SQLite', () => {
  for (const { name, run } of textSearchConformance<Opened>({
    open: (source) => opened(temporaryDirectory(), source),
    close: ({ storage }) => storage.close(),
    async reopen({ storage, directory }, source) {
      await storage.close()
      return opened(directory, source)
    },
  }))
    it(name, run)
})

const said = (n: number, text: string) => put('m', number(n), textOf(text))
const found = async ({ texts }: SqliteStorage, text: string): Promise<readonly number[]> =>
  ((await texts?.find({ text, limit: 10_000 })) ?? []).map(({ order }) => order)

describeSqlite('the index of texts', () => {
  it('is built for what was there before, beside other work, and tells how far it is', async () => {
    const directory = temporaryDirectory()
    const before = await openIn(directory)
    await before.commit(Array.from({ length: 1300 }, (_, i) => said(i, `word${i % 10}`)))
    expect(before.texts).toBeUndefined()
    await before.close()

    const told: object[] = []
    const options = { directory, key: KEY, driver: driver!, texts: SOURCE }
    const storage = await createSqliteStorage({ ...options, onIndexing: (progress) => told.push(progress) })
    const searching = found(storage, 'word3')
    await storage.commit([said(3, 'changed before its turn'), del('m', number(1293)), said(2000, 'word3')])
    expect((await searching).length).toBe(129)
    expect(told).toEqual([512, 1024, 1300].map((done) => ({ done, total: 1300 })))
    expect(await found(storage, 'changed')).toEqual([3])
    await storage.close()

    told.length = 0
    const again = await createSqliteStorage({ ...options, onIndexing: (progress) => told.push(progress) })
    expect((await found(again, 'word3')).length).toBe(129)
    expect(told).toEqual([])
    await again.close()
  })

  it('that was interrupted goes on where it was', async () => {
    const directory = temporaryDirectory()
    const before = await openIn(directory)
    await before.commit(Array.from({ length: 1300 }, (_, i) => said(i, `word${i % 10}`)))
    await before.close()
    const halfway = await new Promise<SqliteStorage>((resolve, reject) => {
      const opening = createSqliteStorage({
        directory,
        key: KEY,
        driver: driver!,
        texts: SOURCE,
        onIndexing: () => opening.then(resolve),
      })
      opening.catch(reject)
    })
    await halfway.close()
    const told: { done: number }[] = []
    const onIndexing = (progress: { done: number }) => told.push(progress)
    const again = await createSqliteStorage({
      directory,
      key: KEY,
      driver: driver!,
      texts: SOURCE,
      onIndexing,
    })
    expect((await found(again, 'word3')).length).toBe(130)
    expect(told.at(-1)!.done).toBeLessThan(1300)
    await again.close()
  })

  it('is built anew after the file was used without it', async () => {
    const directory = temporaryDirectory()
    const first = await openIn(directory, SOURCE)
    await first.commit([said(1, 'one'), said(2, 'two')])
    await first.close()
    const without = await openIn(directory)
    await without.commit([said(1, 'uno'), del('m', number(2)), said(3, 'tres')])
    await without.close()
    const again = await openIn(directory, SOURCE)
    expect(await found(again, 'one')).toEqual([])
    expect(await found(again, 'two')).toEqual([])
    expect(await found(again, 'uno')).toEqual([1])
    expect(await found(again, '')).toEqual([3, 1])
    await again.close()
  })

  it('keeps no word of what is deleted while the file is used without it', async () => {
    const directory = temporaryDirectory()
    const first = await openIn(directory, SOURCE)
    await first.commit([said(1, 'xylophone'), said(2, 'quetzal')])
    await first.close()
    const without = await openIn(directory)
    await without.commit([del('m', number(1))])
    await without.close()
    const connection = openDatabase({ driver: driver!, path: join(directory, DATABASE_FILE), key: KEY })
    const blocks = connection.prepare('SELECT block FROM texts_data').raw().all() as [Uint8Array][]
    const all = blocks.map(([block]) => Buffer.from(block).toString('latin1')).join('\n')
    connection.close()
    expect(all).not.toMatch(/xylo|phone/)
  })

  it('is there under another key', async () => {
    const directory = temporaryDirectory()
    const storage = await openIn(directory, SOURCE)
    await storage.commit([said(1, 'one')])
    await storage.rekey(OTHER_KEY)
    await storage.commit([said(2, 'one more')])
    expect(await found(storage, 'one')).toEqual([2, 1])
    await storage.close()
    const again = await openIn(directory, SOURCE, OTHER_KEY)
    expect(await found(again, 'one')).toEqual([2, 1])
    await again.close()
  })

  it('puts no word on the disk unencrypted, and keeps none of what was deleted', async () => {
    const directory = temporaryDirectory()
    const storage = await openIn(directory, SOURCE)
    await storage.commit(Array.from({ length: 50 }, (_, i) => said(i, `xylophone${i} quetzal`)))
    for (const file of [DATABASE_FILE, `${DATABASE_FILE}-wal`]) {
      const content = readFileSync(join(directory, file)).toString('latin1')
      expect(content.includes('xylophone') || content.includes('quetzal')).toBe(false)
    }
    await storage.commit(
      Array.from({ length: 50 }, (_, i) => (i % 2 ? del('m', number(i)) : said(i, 'zebra'))),
    )
    await storage.close()
    const connection = openDatabase({ driver: driver!, path: join(directory, DATABASE_FILE), key: KEY })
    const blocks = connection.prepare('SELECT block FROM texts_data').raw().all() as [Uint8Array][]
    const all = blocks.map(([block]) => Buffer.from(block).toString('latin1')).join('\n')
    connection.close()
    expect(all).toContain('zebra')
    expect(all).not.toMatch(/xylo|quetz|hone\d/)
  })

  it('has room for thousands with the same order', async () => {
    const source: TextSource = { ...SOURCE, document: (k, v) => ({ ...SOURCE.document(k, v)!, order: 7 }) }
    const storage = await openIn(temporaryDirectory(), source)
    for (let at = 0; at < 20_000; at += 5000)
      await storage.commit(
        Array.from({ length: 5000 }, (_, i) => said(at + i, at + i < 19_999 ? 'a' : 'last')),
      )
    expect(await storage.texts!.find({ text: 'last', limit: 9 })).toHaveLength(1)
    const first = await storage.texts!.find({ text: 'a', limit: 10_000 })
    const next = await storage.texts!.find({ text: 'a', limit: 20_000, after: first.at(-1)! })
    expect(new Set([...first, ...next].map(({ key }) => Buffer.from(key).toString('hex'))).size).toBe(19_999)
    await storage.commit([del('m', number(19_999)), put('m', number(5), bytes(98))])
    expect(await found(storage, 'last')).toEqual([])
    expect(await found(storage, 'b')).toHaveLength(1)
    await storage.close()
  })
})
