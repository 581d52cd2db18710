/**
 * An account with its history as one stream of bytes: to keep, or to go on with on another device.
 *
 * What is in it, sealed (`sealed-stream.ts`): a manifest, then the entries of the tables below, then an end.
 *
 * | bytes | what |
 * |---|---|
 * | 4 | length of the record, big endian; 0: the end |
 * | 1 | length of the table's name |
 * | | name, UTF-8; none: the manifest follows as JSON |
 * | 2 | length of the key |
 * | | key, and what is left is the value |
 *
 * Sessions, keys of this installation, data sync and what waits to be sent stay here: see docs/decisions.
 */
import { concat, fromUtf8, fromUtf8Lenient, to0xHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import type { Change, Random, Storage } from '@status-protocol/ports'
import { putProfile } from '../contacts/profile.ts'
import { agreedProfile } from '../device-sync/ledger.ts'
import { MessengerError } from '../error.ts'
import type { DeliveryState, Message } from '../message.ts'
import { decodeRecord, encodeRecord } from '../record.ts'
import { guarded } from '../store.ts'
import { putMessageAt } from '../tables.ts'
import { damaged, openStream, sealStream } from './sealed-stream.ts'

/**
 * What makes sense on another installation. Not: sessions and pre keys, data sync, the outbox, parcels, deliveries, events, what
 * was read, other devices, and the id of this one.
 */
const EXPORTED_TABLES: readonly string[] = [
  ...['chat', 'contact', 'relation', 'blocked', 'muted', 'stranger'],
  ...['message', 'image', 'unread', 'mail', 'device-sync'],
  ...['group', 'group-event', 'group-person', 'group-held', 'group-held-said', 'command-held'],
  'meta',
]
/** Of `meta`: what we say of ourselves, whom we hear, and a clock that may not go back. */
const EXPORTED_META: readonly string[] = ['profile', 'contacts-only', 'device-clock']

export interface ExportOptions {
  readonly storage: Storage
  /** 65 bytes: whose account it is. */
  readonly publicKey: Uint8Array
  /** What makes the account anew: its mnemonic. */
  readonly secret: string
  readonly password: string
  readonly nowMs: number
  readonly crypto?: CryptoProvider
  readonly random?: Random
  /** log2 of scrypt's N; default 17. */
  readonly cost?: number
}

export interface ImportOptions {
  readonly password: string
  readonly crypto?: CryptoProvider
}

/** An export that its password opens. */
export interface AccountImport {
  readonly publicKey: string
  readonly secret: string
  readonly exportedAtMs: number
  /**
   * To be committed to an empty store, in their order, once. Only when this has ended without an error was the export
   * whole: until then the store must not be used for anything. @throws MessengerError `damaged-export`
   */
  changes(): AsyncIterable<readonly Change[]>
}

const FORMAT = 1
const EXPORT_PAGE = 256
/** BOUNDED: a record of an export. Messages are some 50,000 bytes at most. */
const MAX_RECORD_BYTES = 4 * 2 ** 20

interface Manifest {
  readonly format: number
  readonly publicKey: string
  readonly secret: string
  readonly exportedAtMs: number
}

/** The bytes of an export, made while they are taken. What is committed meanwhile may be in it or not. */
export function exportAccount(options: ExportOptions): AsyncIterable<Uint8Array> {
  const { password, crypto = defaultProvider, random = systemRandom, cost } = options
  return sealStream(recordsOf(options), { password, crypto, random, ...(cost === undefined ? {} : { cost }) })
}

async function* recordsOf(options: ExportOptions): AsyncIterable<Uint8Array> {
  const storage = guarded(options.storage)
  const manifest: Manifest = {
    format: FORMAT,
    publicKey: to0xHex(options.publicKey),
    secret: options.secret,
    exportedAtMs: options.nowMs,
  }
  yield recordOf('', EMPTY, encodeRecord(manifest))
  for (const table of EXPORTED_TABLES)
    for await (const [key, value] of storage.range(table, EMPTY, HIGHEST, Number.MAX_SAFE_INTEGER))
      if (isExported(table, key)) yield recordOf(table, key, table === 'message' ? settled(value) : value)
  yield new Uint8Array(4)
}

function isExported(table: string, key: Uint8Array): boolean {
  if (table === 'meta') return EXPORTED_META.includes(fromUtf8Lenient(key))
  return EXPORTED_TABLES.includes(table)
}

/** Own messages that are on their way are carried by this installation: another one knows nothing of them. */
function settled(value: Uint8Array): Uint8Array {
  const { delivery, ...message } = decodeRecord<Message>(value)
  const isUnderway = delivery !== undefined && UNDERWAY.includes(delivery)
  return isUnderway ? encodeRecord(message) : value
}
const UNDERWAY: readonly DeliveryState[] = ['queued', 'sent', 'expired']

/** @throws MessengerError `not-an-export`, `too-new`, `wrong-password`, `damaged-export` */
export async function importAccount(
  bytes: AsyncIterable<Uint8Array>,
  { password, crypto = defaultProvider }: ImportOptions,
): Promise<AccountImport> {
  const records = recordsFrom(openStream(bytes, { password, crypto }))
  const first = await records.next()
  if (first.done || first.value.table !== '') throw damaged()
  const manifest = manifestOf(first.value.value)
  const { format, publicKey, secret, exportedAtMs } = manifest
  if (typeof format === 'number' && format > FORMAT)
    throw new MessengerError(
      'too-new',
      `an export with contents of format ${format}, this program knows ${FORMAT}: upgrade it`,
    )
  if (
    format !== FORMAT ||
    typeof publicKey !== 'string' ||
    typeof secret !== 'string' ||
    typeof exportedAtMs !== 'number'
  )
    throw damaged()
  return { publicKey, secret, exportedAtMs, changes: () => changesFrom(records) }
}

async function* changesFrom(records: AsyncIterable<Entry>): AsyncIterable<readonly Change[]> {
  let changes: Change[] = []
  for await (const { table, key, value } of records) {
    if (!isExported(table, key))
      throw new MessengerError(
        'too-new',
        `an export with "${table.slice(0, 40)}" in it, which this program does not know: upgrade it`,
      )
    if (table === 'message') changes.push(...putMessageAt(key, value))
    else changes.push({ put: [table, key, value] }, ...profileBeside(table, value))
    if (changes.length < EXPORT_PAGE) continue
    yield changes
    changes = []
  }
  if (changes.length > 0) yield changes
}

/**
 * The first exports had no profile, only what the devices agreed on of it: without the profile itself that would read as if
 * it had been deleted since. One that has it has it behind this.
 */
function profileBeside(table: string, value: Uint8Array): Change[] {
  if (table !== 'device-sync') return []
  try {
    const agreed = agreedProfile(value)
    return agreed ? [putProfile(agreed)] : []
  } catch {
    throw damaged()
  }
}

function manifestOf(bytes: Uint8Array): Partial<Manifest> {
  try {
    return decodeRecord<Partial<Manifest>>(bytes)
  } catch {
    throw damaged()
  }
}

interface Entry {
  readonly table: string
  readonly key: Uint8Array
  readonly value: Uint8Array
}

const EMPTY = new Uint8Array(0)
const HIGHEST = new Uint8Array(512).fill(255)

function recordOf(table: string, key: Uint8Array, value: Uint8Array): Uint8Array {
  const name = utf8(table)
  const record = concat(new Uint8Array(4), Uint8Array.of(name.length), name, new Uint8Array(2), key, value)
  const view = new DataView(record.buffer, record.byteOffset)
  view.setUint32(0, record.length - 4)
  view.setUint16(5 + name.length, key.length)
  return record
}

/** Records until the end, which has to be the end of the stream. */
async function* recordsFrom(plain: AsyncIterable<Uint8Array>): AsyncGenerator<Entry, void, undefined> {
  /** BOUNDED by a record and a piece. */
  let held: Uint8Array = EMPTY
  let ended = false
  for await (const piece of plain) {
    if (ended && piece.length > 0) throw damaged()
    held = held.length === 0 ? piece : concat(held, piece)
    for (let size = sizeOf(held); !ended && size !== undefined; size = sizeOf(held)) {
      if (size > MAX_RECORD_BYTES) throw damaged()
      if (held.length < 4 + size) break
      const record = held.subarray(4, 4 + size)
      held = held.slice(4 + size)
      if (size === 0) ended = true
      else yield entryOf(record)
    }
    if (ended && held.length > 0) throw damaged()
  }
  if (!ended) throw damaged()
}

function sizeOf(bytes: Uint8Array): number | undefined {
  return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
}

function entryOf(record: Uint8Array): Entry {
  const nameLength = record[0] ?? 0
  const keyAt = 3 + nameLength
  if (record.length < keyAt) throw damaged()
  const keyLength = new DataView(record.buffer, record.byteOffset).getUint16(1 + nameLength)
  if (record.length < keyAt + keyLength) throw damaged()
  return {
    table: textOf(record.subarray(1, 1 + nameLength)),
    key: record.slice(keyAt, keyAt + keyLength),
    value: record.slice(keyAt + keyLength),
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch {
    throw damaged()
  }
}
