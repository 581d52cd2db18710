import { createSqliteStorage, SqliteStorageError } from '@status-protocol/storage-sqlite'
import { describe, expect, it } from 'vitest'
import { loadDriver } from '../src/driver.ts'
import { KEY, temporaryDirectory } from './support/sqlite.ts'

/** A `require` of a machine on which the package is this version and its constructor does that. */
function machine(version: string | undefined, construct?: () => void): (id: string) => unknown {
  return (id) => {
    if (version === undefined)
      throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' })
    if (id.endsWith('/package.json')) return { version }
    return class {
      constructor() {
        construct?.()
      }
      close() {}
    }
  }
}

function problem(load: () => unknown): SqliteStorageError {
  try {
    load()
  } catch (error) {
    if (error instanceof SqliteStorageError) return error
    throw error
  }
  throw new Error('it loads')
}

describe('a machine without SQLite', () => {
  it.each([
    ['not installed', machine(undefined), 9, 'not-installed', 'npm install better-sqlite3-multiple-ciphers'],
    ['version 13 on an old Node', machine('13.0.3', () => process.abort()), 9, 'needs-newer-node', '22.14'],
    [
      'no binary',
      machine('12.11.1', () => {
        throw new Error('Could not locate the bindings file. Tried: ...')
      }),
      9,
      'not-built',
      'npm rebuild better-sqlite3-multiple-ciphers',
    ],
    [
      'another Node',
      machine('12.11.1', () => {
        throw new Error(
          'The module was compiled against a different Node.js version using\nNODE_MODULE_VERSION 115.',
        )
      }),
      10,
      'built-for-another-node',
      'npm rebuild better-sqlite3-multiple-ciphers',
    ],
  ] as const)('%s: one line that says what to do', (_, require, napi, reason, advice) => {
    const error = problem(() => loadDriver(require, napi))
    expect(error.code).toBe('driver-unavailable')
    expect(error.details.reason).toBe(reason)
    expect(error.message).toContain(advice)
    expect(error.message.split('\n')).toHaveLength(1)
  })

  it('versions 12 and 13 where they run', () => {
    expect(loadDriver(machine('12.11.1'), 9)).toBeTypeOf('function')
    expect(loadDriver(machine('13.0.3'), 10)).toBeTypeOf('function')
  })

  it('a driver that cannot open anything is reported by the storage as what it is', async () => {
    class Broken {
      constructor() {
        throw Object.assign(new Error('unable to open database file'), { code: 'SQLITE_CANTOPEN' })
      }
    }
    await expect(
      createSqliteStorage({ directory: temporaryDirectory(), key: KEY, driver: Broken as never }),
    ).rejects.toMatchObject({ code: 'io', details: { cause: 'SQLITE_CANTOPEN' } })
  })
})
