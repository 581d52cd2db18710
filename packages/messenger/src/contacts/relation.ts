/**
 * What is known of a person beside the name that we gave them: where we stand with each other, what they say of themselves.
 *
 * | table | key | value |
 * |---|---|---|
 * | relation | public key(65) | Relation; none for whom nothing but {@link NO_RELATION} is known |
 * | blocked | public key(65) | 01: their state is `blocked` |
 */
import type { PublicKey } from '@status-protocol/bytes'
import type { PayloadGeneration } from '@status-protocol/payload'
import type { Change, Storage } from '@status-protocol/ports'
import { decodeRecord, encodeRecord } from '../record.ts'
import type { Reads, Stage } from '../stage.ts'
import { type ContactInput, type ContactState, nextContactState } from './states.ts'

export interface Relation {
  readonly publicKey: PublicKey
  readonly state: ContactState
  /** By our clock; of the last change of `state`. */
  readonly sinceMs: number
  /** What they said of themselves last. */
  readonly told?: Told
  /** By our clock: when we last told them of ourselves. */
  readonly toldAtMs?: number
  /** The payloads that they wrote in last; absent: v1, or not known. */
  readonly generation?: PayloadGeneration
  /** Their clocks count hundredths of milliseconds, as those of the mobile client of 2019 did. */
  readonly countsHundredths?: true
  /** By our clock: when it was last told that something of theirs could not be understood. */
  readonly notUnderstoodAtMs?: number
  /** How often they have asked again after a no. */
  readonly askedAgain?: number
}

/** What a person says of themselves; nothing of it is verified. */
export interface Told {
  /** Of the contact update; lower ones are older. */
  readonly clock: bigint
  readonly name?: string
  /** A `data:` URL of an image, checked. */
  readonly picture?: string
}

const EMPTY = new Uint8Array(0)
const HIGHEST = new Uint8Array(66).fill(255)

type Gets = Pick<Storage, 'get'>

export async function getRelation(storage: Gets, publicKey: PublicKey): Promise<Relation> {
  const value = await storage.get('relation', publicKey)
  return value ? decodeRecord(value) : { publicKey, state: 'none', sinceMs: 0 }
}

/** The record, and the row by which intake knows without reading it whom it need not listen to. */
export function putRelation(relation: Relation): readonly Change[] {
  const { publicKey, state } = relation
  const { told, generation, notUnderstoodAtMs } = relation
  const isKnown = state !== 'none' || [told, generation, notUnderstoodAtMs].some((fact) => fact !== undefined)
  return [
    isKnown ? { put: ['relation', publicKey, encodeRecord(relation)] } : { del: ['relation', publicKey] },
    state === 'blocked' ? { put: ['blocked', publicKey, Uint8Array.of(1)] } : { del: ['blocked', publicKey] },
  ]
}

export async function allRelations(storage: Reads): Promise<Relation[]> {
  const found: Relation[] = []
  for await (const [, value] of storage.range('relation', EMPTY, HIGHEST, Number.MAX_SAFE_INTEGER))
    found.push(decodeRecord(value))
  return found
}

export async function isBlocked(storage: Gets, publicKey: PublicKey): Promise<boolean> {
  return (await storage.get('blocked', publicKey)) !== undefined
}

/** In hex. BOUNDED by whom the person blocks. */
export async function allBlocked(storage: Reads): Promise<PublicKey[]> {
  const found: PublicKey[] = []
  for await (const [key] of storage.range('blocked', EMPTY, HIGHEST, Number.MAX_SAFE_INTEGER))
    found.push(key as PublicKey)
  return found
}

/** What leads to another state, by whom and when. */
export interface Step {
  readonly input: ContactInput
  readonly by: 'us' | 'them'
  readonly nowMs: number
}

/** Stages the next state and its event, if it is another one. Undefined: there is no such edge. */
export function stepRelation(
  stage: Stage,
  before: Relation,
  { input, by, nowMs }: Step,
): Relation | undefined {
  const state = nextContactState(before.state, input)
  if (!state || state === before.state) return state && before
  const relation: Relation = { ...before, state, sinceMs: nowMs }
  const change = { kind: 'state', before: before.state, state, by } as const
  stage.add({
    changes: putRelation(relation),
    events: [{ type: 'contact', publicKey: before.publicKey, change }],
  })
  return relation
}

/** What a stranger asked goes with everything else that is kept of them; a choice of ours stays. */
export async function forgetRequest(stage: Stage, person: PublicKey): Promise<void> {
  const { state } = await getRelation(stage, person)
  if (state === 'received' || state === 'none') stage.add({ changes: [{ del: ['relation', person] }] })
}
