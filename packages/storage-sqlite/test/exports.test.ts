import { expect, it } from 'vitest'
import * as storage from '../src/index.ts'

it('exports what the table of contents says', () => {
  expect(Object.keys(storage).sort()).toEqual([
    'DATABASE_FILE',
    'SqliteStorageError',
    'createSqliteStorage',
    'lockDirectory',
  ])
})
