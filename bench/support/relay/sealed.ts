/**
 * Envelopes of 300 B payload, signed and with proof of work, with a TTL of 10 minutes: sealed once by as many
 * processes as there are processors, kept in a file. Whoever reads them sets their clock to the time of sealing.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Topic } from '@status-protocol/whisper'
import { startProgram } from '../program.ts'

export const TTL_SECONDS = 600
export const PAYLOAD_BYTES = 300
/** One in so many is for {@link WATCHED_TOPIC}. */
export const WATCHED_SHARE = 100
export const WATCHED_TOPIC: Topic = Uint8Array.of(0x77, 0x61, 0x74, 0x63) as Topic
/** Last byte of all other topics: their bits are in the lower half of a bloom filter, so that there are topics outside. */
export const LOWER_HALF = 0
export const WATCHED_KEY: Uint8Array = new Uint8Array(32).fill(0x11)

export interface Sealed {
  readonly sealedAtUnixSeconds: number
  /** RLP of each, in order. */
  readonly envelopes: readonly Uint8Array[]
}

/** What a sealing process is asked for: every `step`-th envelope from `first` on. */
export interface SealingOrder {
  readonly first: number
  readonly step: number
  readonly count: number
  readonly nowUnixSeconds: number
}

const VERSION = 2

export function sealedFile(count: number): string {
  return join(tmpdir(), `status-protocol-sealed-${VERSION}-${count}`)
}

/** The name of a file with `count` envelopes, which is made if it is not there. */
export async function ensureSealed(count: number): Promise<string> {
  const file = sealedFile(count)
  try {
    readSealed(file)
    return file
  } catch {
    console.error(`sealing ${count} envelopes, kept in ${file} ...`)
    mkdirSync(tmpdir(), { recursive: true })
    const nowUnixSeconds = Math.floor(Date.now() / 1000)
    const parts = await Promise.all(sealers(count, nowUnixSeconds))
    const envelopes = Array.from({ length: count }, (_, i) => at(parts, i))
    writeFileSync(`${file}.part`, fileOf(nowUnixSeconds, envelopes))
    renameSync(`${file}.part`, file)
    return file
  }
}

function sealers(count: number, nowUnixSeconds: number): Promise<readonly Uint8Array[]>[] {
  const step = availableParallelism()
  return Array.from({ length: step }, async (_, first) => {
    const order: SealingOrder = { first, step, count, nowUnixSeconds }
    const sealer = startProgram(new URL('sealer.ts', import.meta.url), order)
    const sealed = await sealer.next<readonly Uint8Array[]>()
    await sealer.stop()
    return sealed
  })
}

function at(parts: readonly (readonly Uint8Array[])[], i: number): Uint8Array {
  return parts[i % parts.length]?.[Math.floor(i / parts.length)] as Uint8Array
}

/** time(4) || ( length(2) || RLP ) ... */
function fileOf(nowUnixSeconds: number, envelopes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(envelopes.reduce((sum, { length }) => sum + 2 + length, 4))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, nowUnixSeconds)
  let end = 4
  for (const envelope of envelopes) {
    view.setUint16(end, envelope.length)
    bytes.set(envelope, end + 2)
    end += 2 + envelope.length
  }
  return bytes
}

export function readSealed(file: string): Sealed {
  const bytes = new Uint8Array(readFileSync(file))
  const view = new DataView(bytes.buffer)
  const envelopes: Uint8Array[] = []
  for (let start = 4; start < bytes.length; ) {
    const end = start + 2 + view.getUint16(start)
    envelopes.push(bytes.subarray(start + 2, end))
    start = end
  }
  return { sealedAtUnixSeconds: view.getUint32(0), envelopes }
}

/** What tells envelopes apart at little cost: the nonce of AES-GCM and the proof of work at their end. */
export function endOf(rlp: Uint8Array): string {
  return Buffer.from(rlp.subarray(-18)).toString('hex')
}

/** 32 bits of the nonce of AES-GCM of the envelope that ends there: their sum tells sets of envelopes apart. */
export function sumOf(bytes: Uint8Array, end: number): number {
  let sum = 0
  for (let i = end - 12; i < end - 8; i++) sum = sum * 256 + (bytes[i] as number)
  return sum
}
