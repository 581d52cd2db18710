/**
 * What the sync of our devices stores.
 *
 * | table | key | value |
 * |---|---|---|
 * | device-sync | `chat`, `contact` or `profile`, space, id | Entry: what our devices agree on, and since when |
 * | device | installation id, UTF-8 | DeviceRecord: what another device of ours said of itself |
 * | meta | `device` | OwnDevice: what this one is called |
 * | meta | `device-clock` | clock(8): the highest that our devices have used |
 */
import { fromBigInt, toBigInt, utf8 } from '@status-protocol/bytes'
import type { Change } from '@status-protocol/ports'
import { decodeRecord, encodeRecord } from '../record.ts'
import type { Reads } from '../stage.ts'

type Gets = Pick<Reads, 'get'>

/** One chat, one other person, or the own profile, as the devices of a person keep it. */
export interface Subject {
  readonly kind: 'chat' | 'contact' | 'profile'
  readonly id: string
}

export interface Entry {
  /** Lamport clock of our devices: the higher one counts. */
  readonly clock: bigint
  /** See `facts.ts`; empty: it is not there (any more). */
  readonly value: string
}

/** Wrappers of 2019; see `generations.ts`. */
export type LegacyForm = 'v0' | 'v0.36'

/** What another device of ours said of itself. */
export interface DeviceRecord {
  /** Of the message that said it. */
  readonly clock: bigint
  /** 1: it reads what only ours write; see `PairInstallation.syncForm`. */
  readonly syncForm: number
  /** It speaks Transit: what is told to it is in its own words. */
  readonly legacy?: LegacyForm
}

/** What this device is called; its other half is the installation id. */
export interface DeviceName {
  readonly name: string
  readonly deviceType: string
}

const [NAME_KEY, CLOCK_KEY] = [utf8('device'), utf8('device-clock')]
const HIGHEST = new Uint8Array(200).fill(255)

const keyOf = ({ kind, id }: Subject): Uint8Array => utf8(`${kind} ${id}`)

export const putEntry = (subject: Subject, entry: Entry): Change => ({
  put: ['device-sync', keyOf(subject), encodeRecord({ ...subject, ...entry })],
})

export async function getEntry(reads: Gets, subject: Subject): Promise<Entry | undefined> {
  const value = await reads.get('device-sync', keyOf(subject))
  return value && decodeRecord<Entry>(value)
}

export async function allEntries(reads: Reads): Promise<(Subject & Entry)[]> {
  const found: (Subject & Entry)[] = []
  for await (const [, value] of reads.range(
    'device-sync',
    new Uint8Array(0),
    HIGHEST,
    Number.MAX_SAFE_INTEGER,
  ))
    found.push(decodeRecord(value))
  return found
}

export const putDevice = (installationId: string, record: DeviceRecord): Change => ({
  put: ['device', utf8(installationId), encodeRecord(record)],
})

export async function getDevice(reads: Gets, installationId: string): Promise<DeviceRecord | undefined> {
  const value = await reads.get('device', utf8(installationId))
  return value && decodeRecord<DeviceRecord>(value)
}

export const putDeviceName = (name: DeviceName): Change => ({ put: ['meta', NAME_KEY, encodeRecord(name)] })

export async function getDeviceName(reads: Gets): Promise<DeviceName | undefined> {
  const value = await reads.get('meta', NAME_KEY)
  return value && decodeRecord<DeviceName>(value)
}

export const putDeviceClock = (clock: bigint): Change => ({ put: ['meta', CLOCK_KEY, fromBigInt(clock, 8)] })

export async function getDeviceClock(reads: Gets): Promise<bigint> {
  return toBigInt((await reads.get('meta', CLOCK_KEY)) ?? new Uint8Array(0))
}
