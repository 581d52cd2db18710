import { createRequire } from 'node:module'
import { type DriverProblem, SqliteStorageError } from './error.ts'

/**
 * What this package needs of SQLite: the constructor that `better-sqlite3-multiple-ciphers` 12 and 13 export, or
 * something of the same shape (an Electron build, a copy at another place).
 */
export type SqliteDriver = new (path: string, options?: { timeout?: number }) => SqliteConnection

export interface SqliteConnection {
  pragma(source: string, options?: { simple?: boolean }): unknown
  exec(source: string): unknown
  prepare(source: string): SqliteStatement
  key(key: Uint8Array): unknown
  rekey(key: Uint8Array): unknown
  close(): unknown
  /** Copies the open database, some pages a step; only archives need it. */
  backup?(path: string, options?: { progress?: () => number }): Promise<unknown>
  readonly inTransaction: boolean
}

type Parameter = string | number | bigint | Uint8Array

export interface SqliteStatement {
  run(...parameters: readonly Parameter[]): unknown
  get(...parameters: readonly Parameter[]): unknown
  iterate(...parameters: readonly Parameter[]): Iterable<unknown>
  all(...parameters: readonly Parameter[]): unknown[]
  raw(): this
}

const MODULE = 'better-sqlite3-multiple-ciphers'
/** Version 13 asks for Node-API 10 (Node 22.14). Loading it on less ends the process, so it is not tried. */
const [NAPI_MAJOR, NAPI_NEEDED] = [13, 10]

/** @throws SqliteStorageError `driver-unavailable`, which says what to do */
export function loadDriver(
  require: (id: string) => unknown = createRequire(import.meta.url),
  napi: number = Number(process.versions.napi),
): SqliteDriver {
  let version: string
  try {
    version = (require(`${MODULE}/package.json`) as { version: string }).version
  } catch {
    throw unavailable('not-installed', `npm install ${MODULE}`)
  }
  if (Number.parseInt(version, 10) >= NAPI_MAJOR && napi < NAPI_NEEDED)
    throw unavailable('needs-newer-node', `use Node 22.14 or newer, or npm install ${MODULE}@12`, version)
  try {
    const Driver = require(MODULE) as SqliteDriver
    new Driver(':memory:').close() // the binary is loaded with the first connection
    return Driver
  } catch (error) {
    const text = error instanceof Error ? error.message : ''
    if (text.includes('NODE_MODULE_VERSION'))
      throw unavailable('built-for-another-node', `npm rebuild ${MODULE}`, version)
    throw unavailable(
      'not-built',
      `install a C++ compiler, make and Python and npm rebuild ${MODULE} (with pnpm: allow its build script), or use Node 22.14 or newer and npm install ${MODULE}@13, which brings its binaries along`,
      version,
    )
  }
}

const WHAT: Readonly<Record<DriverProblem, string>> = {
  'not-installed': 'is not installed',
  'needs-newer-node': 'does not run on this Node',
  'built-for-another-node': 'was built for another version of Node',
  'not-built': 'has no binary that loads on this machine',
}

function unavailable(reason: DriverProblem, advice: string, version?: string): SqliteStorageError {
  const name = version === undefined ? MODULE : `${MODULE} ${version}`
  return new SqliteStorageError(
    'driver-unavailable',
    `no SQLite: ${name} ${WHAT[reason]} (Node ${process.versions.node}). To have it: ${advice}`,
    { reason, ...(version !== undefined && { version }) },
  )
}
