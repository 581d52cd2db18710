import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createSqliteStorage,
  type SqliteDriver,
  type SqliteStorage,
  SqliteStorageError,
} from '@status-protocol/storage-sqlite'
import { afterAll, describe } from 'vitest'
import { loadDriver } from '../../src/driver.ts'

/**
 * The installed SQLite. A native module is built for one version of Node: on another one these tests are skipped (CI brings
 * a copy that fits: scripts/lib/other-sqlite.cjs). So they are on a machine that could not compile it, except in CI.
 */
export const driver: SqliteDriver | undefined = findDriver()

export const describeSqlite: typeof describe.skip = driver ? describe : describe.skip

function findDriver(): SqliteDriver | undefined {
  try {
    return loadDriver()
  } catch (error) {
    const reason = error instanceof SqliteStorageError ? error.details.reason : undefined
    if (reason === 'built-for-another-node' || (reason === 'not-built' && !process.env.CI)) return undefined
    throw error
  }
}

export const KEY: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => 17 + i * 7)
export const OTHER_KEY: Uint8Array = Uint8Array.from({ length: 32 }, (_, i) => 201 - i * 3)

const directories: string[] = []

/** Deleted when the test file is done. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'storage-sqlite-'))
  directories.push(directory)
  return directory
}
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

export function open(directory: string, key: Uint8Array = KEY): Promise<SqliteStorage> {
  return createSqliteStorage({ directory, key, driver: driver! })
}

/** Every file of a directory. Reading a database's files breaks its locks in this process: only for closed ones. */
export function filesOf(directory: string): Map<string, Uint8Array> {
  return new Map(
    readdirSync(directory).map((name) => [name, Uint8Array.from(readFileSync(join(directory, name)))]),
  )
}

/** Names and hashes: to compare directories, since comparing megabytes takes an assertion library seconds. */
export function fingerprint(directory: string): Record<string, string> {
  const hash = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
  return Object.fromEntries([...filesOf(directory)].map(([name, content]) => [name, hash(content)]))
}

export const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
export const put = (table: string, key: Uint8Array, value: Uint8Array) => ({
  put: [table, key, value] as const,
})
export const del = (table: string, key: Uint8Array) => ({ del: [table, key] as const })

/** Big endian, so that keys are ordered as numbers are. */
export function number(value: number): Uint8Array {
  const key = new Uint8Array(8)
  new DataView(key.buffer).setBigUint64(0, BigInt(value))
  return key
}
