/**
 * A stream of any length under a password, in pieces each of which is proven before anything of it is used.
 *
 * | bytes | what |
 * |---|---|
 * | 8 | `STATUSEX` |
 * | 1 | version, 1 |
 * | 1 | log2 of scrypt's N, 10 to 18; r = 8, p = 1 |
 * | 32 | salt |
 * | 16 | check of the password |
 * | then, until the last | length(4, big endian) of the sealed piece, and the piece |
 *
 * scrypt gives 48 bytes: the key, and the check. A piece is AES-256-GCM of at most 64 KiB; its nonce is its number (11 bytes,
 * big endian) and 1 if it is the last one, else 0; the associated data is the whole header. So pieces cannot be changed, left
 * out, put in another order or cut off at the end without being noticed. A key is used for one stream only: the salt is random.
 */
import { concat, equalConstantTime, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { MessengerError } from '../error.ts'

const MAGIC = utf8('STATUSEX')
const VERSION = 1
const [SALT_BYTES, CHECK_BYTES, TAG_BYTES, LENGTH_BYTES] = [32, 16, 16, 4]
const HEADER_BYTES = MAGIC.length + 2 + SALT_BYTES + CHECK_BYTES
const PIECE_BYTES = 64 * 1024
/** 2^17: some 0.3 s and 128 MiB for a guess. */
const DEFAULT_LOG_N = 17
const [MIN_LOG_N, MAX_LOG_N] = [10, 18]

export interface SealOptions {
  readonly password: string
  readonly crypto: CryptoProvider
  readonly random: Random
  /** log2 of scrypt's N, 10 to 18. */
  readonly cost?: number
}

/** Header and pieces. Holds one piece in memory. */
export async function* sealStream(
  plain: AsyncIterable<Uint8Array>,
  { password, crypto, random, cost = DEFAULT_LOG_N }: SealOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const salt = random.bytes(SALT_BYTES)
  const { key, check } = await keysOf(crypto, password, salt, cost)
  try {
    const header = concat(MAGIC, Uint8Array.of(VERSION, cost), salt, check)
    yield header
    const seal = (number: number, isLast: boolean, piece: Uint8Array): Uint8Array => {
      const sealed = crypto.aesGcmSeal(key, nonceOf(number, isLast), piece, header)
      const length = new Uint8Array(LENGTH_BYTES)
      new DataView(length.buffer).setUint32(0, sealed.length)
      return concat(length, sealed)
    }
    let number = 0
    const piece = new Uint8Array(PIECE_BYTES)
    let filled = 0
    for await (const bytes of plain)
      for (let at = 0; at < bytes.length; ) {
        if (filled === PIECE_BYTES) {
          yield seal(number++, false, piece)
          filled = 0
        }
        const some = bytes.subarray(at, at + PIECE_BYTES - filled)
        piece.set(some, filled)
        filled += some.length
        at += some.length
      }
    yield seal(number, true, piece.subarray(0, filled))
    piece.fill(0)
  } finally {
    key.fill(0)
  }
}

/**
 * What was sealed, piece by piece. What came before an error was written by somebody with the password, but only a stream
 * that ends without one is whole.
 *
 * @throws MessengerError `not-an-export`, `too-new`, `wrong-password`, `damaged-export`
 */
export async function* openStream(
  sealed: AsyncIterable<Uint8Array>,
  { password, crypto }: Pick<SealOptions, 'password' | 'crypto'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = createReader(sealed)
  const header = await reader.take(HEADER_BYTES)
  if (header.length < MAGIC.length || !MAGIC.every((byte, i) => header[i] === byte))
    throw new MessengerError('not-an-export', 'this is no export of an account')
  const [version = 0, cost = 0] = header.subarray(MAGIC.length)
  if (version > VERSION)
    throw new MessengerError(
      'too-new',
      `an export of format ${version}, this program knows ${VERSION}: upgrade it`,
    )
  if (version < 1 || header.length < HEADER_BYTES || cost < MIN_LOG_N || cost > MAX_LOG_N) throw damaged()
  const salt = header.slice(MAGIC.length + 2, -CHECK_BYTES)
  const { key, check } = await keysOf(crypto, password, salt, cost)
  try {
    if (!equalConstantTime(check, header.slice(-CHECK_BYTES)))
      throw new MessengerError(
        'wrong-password',
        'the password does not open this export, or its first bytes are damaged',
      )
    for (let number = 0, isLast = false; !isLast; number++) {
      const length = await reader.take(LENGTH_BYTES)
      if (length.length < LENGTH_BYTES) throw damaged()
      const size = new DataView(length.buffer, length.byteOffset).getUint32(0)
      if (size < TAG_BYTES || size > PIECE_BYTES + TAG_BYTES) throw damaged()
      const piece = await reader.take(size)
      if (piece.length < size) throw damaged()
      isLast = await reader.isAtEnd()
      const plain = crypto.aesGcmOpen(key, nonceOf(number, isLast), piece, header)
      if (!plain) throw damaged()
      yield plain
    }
  } finally {
    key.fill(0)
    await reader.close()
  }
}

export function damaged(): MessengerError {
  return new MessengerError(
    'damaged-export',
    'the export was changed or cut off on its way: nothing of it can be used',
  )
}

async function keysOf(crypto: CryptoProvider, password: string, salt: Uint8Array, cost: number) {
  const secret = utf8(password)
  try {
    const derived = await crypto.scrypt({
      password: secret,
      salt,
      N: 2 ** cost,
      r: 8,
      p: 1,
      length: 32 + CHECK_BYTES,
    })
    const [key, check] = [derived.slice(0, 32), derived.slice(32)]
    derived.fill(0)
    return { key, check }
  } finally {
    secret.fill(0)
  }
}

function nonceOf(number: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setBigUint64(3, BigInt(number))
  nonce[11] = isLast ? 1 : 0
  return nonce
}

/** Bytes of a stream, as many as asked for; fewer only where it ends. */
function createReader(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)
  let ended = false
  const more = async (): Promise<void> => {
    const next = await iterator.next()
    if (next.done) ended = true
    else rest = next.value
  }
  return {
    async take(length: number): Promise<Uint8Array> {
      const taken = new Uint8Array(length) // at most a piece
      let filled = 0
      while (filled < length) {
        if (rest.length === 0) {
          if (ended) break
          await more()
          continue
        }
        const some = rest.subarray(0, length - filled)
        taken.set(some, filled)
        filled += some.length
        rest = rest.subarray(some.length)
      }
      return taken.subarray(0, filled)
    },
    async isAtEnd(): Promise<boolean> {
      while (rest.length === 0 && !ended) await more()
      return rest.length === 0
    },
    async close(): Promise<void> {
      await iterator.return?.()
    },
  }
}
