/**
 * Answers to what has not come yet: a request that we made on another device, or one that a mailserver sends later.
 *
 * | table | key | value |
 * |---|---|---|
 * | command-held | id of what it answers(32), its own id(32) | HeldAnswer |
 */
import { concat, equal } from '@status-protocol/bytes'
import type { Change } from '@status-protocol/ports'
import type { Message, MessageIdText } from '../message.ts'
import { decodeRecord, encodeRecord } from '../record.ts'
import type { Reads } from '../stage.ts'
import { idBytes } from '../tables.ts'

/** BOUNDED: answers that are kept, of all people; the oldest go, those of strangers first. */
export const MAX_HELD_ANSWERS = 100
/** BOUNDED: of one person. */
export const MAX_HELD_ANSWERS_OF_ONE = 10
const HELD_FOR_MS = 7 * 24 * 3_600_000

export interface HeldAnswer {
  /** As it is filed once there is what it answers. */
  readonly message: Message
  /** What it answers, by its own word. */
  readonly of: MessageIdText
  /** By our clock. */
  readonly heardAtMs: number
  /** We have to do with its author. */
  readonly isExpected?: true
}

const keyOf = ({ of, message }: HeldAnswer): Uint8Array => concat(idBytes(of), idBytes(message.id))
const putHeld = (held: HeldAnswer): Change => ({ put: ['command-held', keyOf(held), encodeRecord(held)] })
export const deleteHeld = (held: HeldAnswer): Change => ({ del: ['command-held', keyOf(held)] })

async function heldBetween(reads: Reads, from: Uint8Array, to: Uint8Array): Promise<HeldAnswer[]> {
  const found: HeldAnswer[] = []
  for await (const [, value] of reads.range('command-held', from, to, MAX_HELD_ANSWERS))
    found.push(decodeRecord(value))
  return found
}

/** In the order of their clocks. */
export async function heldOf(reads: Reads, id: MessageIdText): Promise<readonly HeldAnswer[]> {
  const [from, to] = [0, 255].map((fill) => concat(idBytes(id), new Uint8Array(33).fill(fill)))
  const held = await heldBetween(reads, from as Uint8Array, to as Uint8Array)
  return held.sort((a, b) => (a.message.clock < b.message.clock ? -1 : 1))
}

/** The changes that keep one more. */
export async function holding(reads: Reads, held: HeldAnswer): Promise<readonly Change[]> {
  const all = await heldBetween(reads, new Uint8Array(0), new Uint8Array(65).fill(255))
  const others = all.filter(({ message }) => message.id !== held.message.id)
  const rank = ({ isExpected, heardAtMs }: HeldAnswer): number =>
    (isExpected ? held.heardAtMs : 0) + heardAtMs
  const byAge = [...others, held].sort((a, b) => rank(b) - rank(a))
  const stale = byAge.filter(({ heardAtMs }) => held.heardAtMs - heardAtMs > HELD_FOR_MS)
  const tooManyOfOne = byAge
    .filter(({ message }) => equal(message.author, held.message.author))
    .slice(MAX_HELD_ANSWERS_OF_ONE)
  const gone = new Set([...stale, ...tooManyOfOne])
  const tooMany = byAge.filter((one) => !gone.has(one)).slice(MAX_HELD_ANSWERS)
  return [putHeld(held), ...[...gone, ...tooMany].map(deleteHeld)]
}
