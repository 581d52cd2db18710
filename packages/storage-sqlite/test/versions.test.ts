/** Files of every version that there was: `fixtures/version-N.db`, made by `make-fixture.ts` of then. */
import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSqliteStorage, DATABASE_FILE } from '@status-protocol/storage-sqlite'
import { expect, it } from 'vitest'
import { MIGRATIONS } from '../src/migrations.ts'
import { bytes, describeSqlite, driver, KEY, number, put, temporaryDirectory } from './support/sqlite.ts'
import { MESSAGES, SOURCE, said } from './support/texts.ts'

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url))
const versions = MIGRATIONS.map((_, i) => i + 1)

describeSqlite('files of other versions', () => {
  it('there is one of each', () => {
    expect(readdirSync(FIXTURES).sort()).toEqual(versions.map((version) => `version-${version}.db`).sort())
  })

  it.each(versions)('version %i: everything is there, is found, and goes on', async (version) => {
    const directory = temporaryDirectory()
    copyFileSync(join(FIXTURES, `version-${version}.db`), join(directory, DATABASE_FILE))
    for (let start = 0; start < 2; start++) {
      const storage = await createSqliteStorage({ directory, key: KEY, driver: driver!, texts: SOURCE })
      expect(await storage.get('other', bytes())).toEqual(bytes())
      expect(await storage.get('m', number(7))).toBeUndefined()
      const found = (await storage.texts?.find({ text: 'version one', limit: 1000 })) ?? []
      expect(found.map(({ order }) => order)).toEqual(MESSAGES.filter((n) => n !== 7 && n >= start).reverse())
      await storage.commit([put('m', number(0), said('changed'))])
      await storage.close()
    }
    const backups = readdirSync(directory).filter((name) => name.includes('.version-'))
    expect(backups).toEqual(version < MIGRATIONS.length ? [`${DATABASE_FILE}.version-${version}`] : [])
  })
})
