/** Who there is in a simulation, and what is on its way between them. */
import type { Sealed } from '@status-protocol/double-ratchet'
import type { CrashingStorage } from './crashing-storage.ts'
import type { Party } from './party.ts'

export interface Device {
  readonly name: string
  readonly person: Person
  readonly party: Party
  readonly storage: CrashingStorage
  skewMs: number
  /** Texts that were read with forward secrecy and stored. */
  readonly opened: Set<string>
  /** By name of another device: when what was last heard from it was written. */
  readonly heard: Map<string, number>
}

export interface Person {
  readonly identity: Uint8Array
  devices: Device[]
  installations: number
}

/** One copy of a message on its way to one device. */
export interface Copy {
  readonly text: string
  readonly from: Device
  readonly to: Device
  readonly sealed: Sealed
  readonly sentMs: number
  /** By name of another device: when what the sender had last heard from it was written. */
  readonly heard: ReadonlyMap<string, number>
  readonly unsigned: boolean
}

export interface Outcomes {
  opened: number
  refused: Map<string, number>
  crashes: number
  answers: number
  thefts: number
  /** Messages that a thief opened; and those of sessions with somebody who was robbed, after a full round trip. */
  exposed: number
  healed: number
}
