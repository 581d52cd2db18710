import { concat, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { IndexedDbStorageError } from './error.ts'

/** Encrypts values. Synchronous: an IndexedDB transaction ends while somebody awaits something else. */
export interface RecordCipher {
  /** `record` says which record it is; `open` gets the same bytes. */
  seal(record: Uint8Array, value: Uint8Array): Uint8Array
  /** Undefined if this is not what `seal` made for this record with this key. */
  open(record: Uint8Array, sealed: Uint8Array): Uint8Array | undefined
}

const [KEY_BYTES, NONCE_BYTES] = [32, 12]

/**
 * AES-256-GCM with a random nonce per write: nonce(12) || ciphertext || tag(16). The record's table and key are
 * authenticated, so a value cannot be moved to another record; an older value of the same record can be put back.
 *
 * Random nonces are safe for 2^32 writes under one key: at 50 a second, over two years without a pause.
 */
export function aesGcmCipher(options: {
  /** 32 bytes: an account's database key, not a password. Copied. */
  readonly key: Uint8Array
  readonly crypto?: CryptoProvider
  readonly random?: Random
}): RecordCipher {
  const { crypto = defaultProvider, random = systemRandom } = options
  const key = Uint8Array.from(options.key)
  if (key.length !== KEY_BYTES)
    throw new IndexedDbStorageError('invalid-argument', `key: expected ${KEY_BYTES} bytes, got ${key.length}`)
  return {
    seal(record, value) {
      const nonce = random.bytes(NONCE_BYTES)
      return concat(nonce, crypto.aesGcmSeal(key, nonce, value, record))
    },
    open(record, sealed) {
      if (sealed.length < NONCE_BYTES) return undefined
      return crypto.aesGcmOpen(key, sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES), record)
    },
  }
}

/** Which record this is, without doubt where the table's name ends: length(4, big endian) || table || key. */
export function recordOf(table: string, key: Uint8Array): Uint8Array {
  const name = utf8(table)
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, name.length)
  return concat(length, name, key)
}
