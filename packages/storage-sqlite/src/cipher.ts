import type { SqliteConnection } from './driver.ts'
import { SqliteStorageError } from './error.ts'

/** Bytes of a page; SQLCipher 4 always has this size. */
export const PAGE_BYTES = 4096
const KEY_BYTES = 32
const RAW_PREFIX = new TextEncoder().encode('raw:')

/** A copy of the key, whose owner wipes it. @throws SqliteStorageError `invalid-argument` */
export function copyOfKey(key: Uint8Array): Uint8Array {
  if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES) {
    const came = key instanceof Uint8Array ? `${key.length} bytes` : typeof key
    throw new SqliteStorageError('invalid-argument', `key: expected ${KEY_BYTES} bytes, got ${came}`)
  }
  return Uint8Array.from(key)
}

/**
 * Gives a fresh connection its key. SQLCipher 4: AES-256-CBC with a random IV per page and HMAC-SHA512 over page and
 * page number. The key is used as it is (no password, so no slow derivation); only the MAC's key is derived from it and
 * the file's random salt. The program `sqlcipher` opens such a file with `PRAGMA key = "x'<64 hex digits>'"`.
 */
export function unlock(connection: SqliteConnection, key: Uint8Array): void {
  connection.pragma("cipher = 'sqlcipher'")
  connection.pragma('legacy = 4')
  withRawKey(key, (raw) => connection.key(raw))
}

export function changeKey(connection: SqliteConnection, key: Uint8Array): void {
  withRawKey(key, (raw) => connection.rekey(raw))
}

/** As bytes, not as PRAGMA text: a string of hex digits could not be wiped. The driver insists on a Buffer. */
function withRawKey(key: Uint8Array, use: (raw: Uint8Array) => void): void {
  const raw = Buffer.alloc(RAW_PREFIX.length + KEY_BYTES)
  raw.set(RAW_PREFIX)
  raw.set(key, RAW_PREFIX.length)
  try {
    use(raw)
  } finally {
    raw.fill(0)
  }
}
