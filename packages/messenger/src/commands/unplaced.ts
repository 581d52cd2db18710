/**
 * Commands that another device of ours began with a client that does not say whom they are for, as Go clients do not. Whoever it was
 * acknowledges the message, to all our devices, by a name that is made of the message and the two of us: that tells the chat.
 *
 * | table | key | value |
 * |---|---|---|
 * | command-unplaced | its id(32) | Unplaced |
 */
import type { PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Change, Clock } from '@status-protocol/ports'
import { earlyAcknowledgers, isEarlyAck } from '../device-sync/early-acks.ts'
import { idsOfOriginal } from '../device-sync/own-copy.ts'
import { decodeRecord, encodeRecord } from '../record.ts'
import type { Reads, Stage } from '../stage.ts'
import type { Statement } from '../statement.ts'
import { idBytes } from '../tables.ts'
import type { CommandMessage } from './command.ts'

/** BOUNDED: commands that are kept so; the oldest go. */
export const MAX_UNPLACED = 20
const KEPT_FOR_MS = 7 * 24 * 3_600_000

export interface Unplaced {
  readonly said: Statement<CommandMessage>
  /** By our clock. */
  readonly heardAtMs: number
}

export interface UnplacedOptions {
  readonly publicKey: PublicKey
  readonly crypto: CryptoProvider
  readonly clock: Pick<Clock, 'wallMs'>
}

type Said = Statement<CommandMessage>

const deleteUnplaced = ({ said }: Unplaced): Change => ({
  del: ['command-unplaced', idBytes(said.messageId)],
})

async function allUnplaced(reads: Reads): Promise<Unplaced[]> {
  const found: Unplaced[] = []
  const [from, to] = [new Uint8Array(0), new Uint8Array(33).fill(255)]
  for await (const [, value] of reads.range('command-unplaced', from, to, MAX_UNPLACED + 1))
    found.push(decodeRecord(value))
  return found.sort((a, b) => a.heardAtMs - b.heardAtMs)
}

/** Who has acknowledged it, if somebody has before it came. */
export async function recipientOf(
  reads: Reads,
  said: Said,
  options: UnplacedOptions,
): Promise<PublicKey | undefined> {
  for (const person of await earlyAcknowledgers(reads))
    if (await hasAcknowledged(reads, person, said, options)) return person
  return undefined
}

/** Keeps it until somebody has. */
export async function keepUnplaced(stage: Stage, said: Said, { clock }: UnplacedOptions): Promise<void> {
  const heardAtMs = clock.wallMs()
  const others = (await allUnplaced(stage)).filter((one) => one.said.messageId !== said.messageId)
  const fresh = others.filter((one) => heardAtMs - one.heardAtMs <= KEPT_FOR_MS).slice(1 - MAX_UNPLACED)
  stage.add({
    changes: [
      ...others.filter((one) => !fresh.includes(one)).map(deleteUnplaced),
      { put: ['command-unplaced', idBytes(said.messageId), encodeRecord({ said, heardAtMs })] },
    ],
  })
}

/** Those that this person has acknowledged. They are not kept any more. */
export async function takeUnplaced(
  stage: Stage,
  person: PublicKey,
  options: UnplacedOptions,
): Promise<readonly Said[]> {
  const found: Said[] = []
  for (const one of await allUnplaced(stage)) {
    if (!(await hasAcknowledged(stage, person, one.said, options))) continue
    stage.add({ changes: [deleteUnplaced(one)] })
    found.push(one.said)
  }
  return found
}

async function hasAcknowledged(
  reads: Reads,
  by: PublicKey,
  { wrapped, appendedSeconds = 0n }: Said,
  { publicKey: self, crypto }: UnplacedOptions,
): Promise<boolean> {
  for (const id of idsOfOriginal(by, { wrapped, appendedSeconds }, { self, crypto }))
    if (await isEarlyAck(reads, { by, id })) return true
  return false
}
