/** What a person decides about the people they remember. */
import type { PublicKey } from '@status-protocol/bytes'
import type { PayloadGeneration } from '@status-protocol/payload'
import { type Clock, type Storage, systemClock } from '@status-protocol/ports'
import { oneToOneChat } from '../chat.ts'
import { MessengerError } from '../error.ts'
import type { Security } from '../message.ts'
import { createStage, type Reads, type Stage } from '../stage.ts'
import { guarded } from '../store.ts'
import { allContacts, type ContactRecord, deleteContact, getChat, getContact, putContact } from '../tables.ts'
import { createNames, type NameWarning } from './names.ts'
import { type Profile, profileOf } from './profile.ts'
import { allRelations, getRelation, type Relation, stepRelation } from './relation.ts'
import type { ContactState } from './states.ts'

/** What is known of a person. */
export interface Person {
  /** 65 bytes. */
  readonly publicKey: PublicKey
  /** Where we stand with each other. */
  readonly state: ContactState
  /** Given by you, on this account's devices. */
  readonly name?: string
  /** What they say of themselves; not verified, and never in the place of a name that you gave. */
  readonly profile?: Profile
  /** The payloads that they wrote in last, where that was not v1. */
  readonly generation?: PayloadGeneration
  /** Of the name that they give themselves. */
  readonly warnings?: readonly NameWarning[]
}

/** A person remembered. */
export interface Contact extends ContactRecord, Person {
  readonly publicKey: PublicKey
  /** They have written with forward secrecy: anything weaker from them is marked as downgraded. */
  readonly usesRatchet: boolean
}

export interface Contacts {
  /**
   * Chooses how all that is written to this contact is encrypted, from now on and after restarts; a message may choose
   * for itself. Undefined takes the choice back. Nothing that the contact sends changes it.
   *
   * - `ratchet`: with forward secrecy or not at all: `send` throws `no-forward-secrecy` while their keys are not known.
   * - `dh`: for whichever of their devices reads it, without forward secrecy; acknowledged.
   * - `whisper`: by the Whisper layer alone; not acknowledged, `relayed` is the last that is heard of it.
   *
   * @throws MessengerError `no-such-contact`
   */
  setSecurity(publicKey: PublicKey, security: Security | undefined): Promise<void>
  /** Forgets name and choices. What was said stays until the chat is left. False: they were no contact. */
  removeContact(publicKey: PublicKey): Promise<boolean>
}

/** Contacts of an account that is not at work: sends nothing. For whoever owns the store. */
export function openContacts(anyStorage: Storage, clock: Clock = systemClock): Contacts {
  const storage = guarded(anyStorage)
  const committed = async <T>(run: (stage: Stage) => Promise<T>): Promise<T> => {
    const stage = createStage(storage)
    const result = await run(stage)
    await storage.commit(stage.changes)
    return result
  }
  return {
    setSecurity: (publicKey, security) => committed((stage) => chooseSecurity(stage, publicKey, security)),
    removeContact: (publicKey) => committed((stage) => dropContact(stage, publicKey, clock.wallMs())),
  }
}

/** @throws MessengerError `no-such-contact` */
export async function chooseSecurity(
  stage: Stage,
  publicKey: PublicKey,
  security: Security | undefined,
): Promise<void> {
  const contact = await getContact(stage, publicKey)
  if (!contact)
    throw new MessengerError('no-such-contact', 'this person is not among the contacts: add them first')
  const { security: _before, ...others } = contact
  stage.add({ changes: [putContact(security ? { ...others, security } : others)] })
}

/** False: they were no contact. */
export async function dropContact(stage: Stage, publicKey: PublicKey, nowMs: number): Promise<boolean> {
  if (!(await getContact(stage, publicKey))) return false
  stage.add({ changes: [deleteContact(publicKey)] })
  stepRelation(stage, await getRelation(stage, publicKey), { input: 'remove', by: 'us', nowMs })
  return true
}

/** Those remembered, but for whom we blocked. */
export async function listContacts(storage: Storage): Promise<readonly Contact[]> {
  const names = createNames(storage)
  const found: Contact[] = []
  for (const contact of await allContacts(storage)) {
    const publicKey = contact.publicKey as PublicKey
    const person = await personOf(await getRelation(storage, publicKey), names)
    const chat = await getChat(storage, oneToOneChat(publicKey).id)
    if (person.state !== 'blocked')
      found.push({ ...contact, ...person, usesRatchet: chat?.hasRatchet === true })
  }
  return found
}

/** Those with whom we stand so, whether we remember them or not. */
export async function listPeople(storage: Reads, state: ContactState): Promise<readonly Person[]> {
  const names = createNames(storage)
  const relations = (await allRelations(storage)).filter((relation) => relation.state === state)
  return Promise.all(
    relations.map(async (relation) => {
      const name = (await getContact(storage, relation.publicKey))?.name
      return { ...(await personOf(relation, names)), ...(name !== undefined && { name }) }
    }),
  )
}

async function personOf(
  { publicKey, state, told, generation }: Relation,
  names: Pick<ReturnType<typeof createNames>, 'warningsOf'>,
): Promise<Person> {
  const warnings = await names.warningsOf(told?.name ?? '', publicKey)
  return {
    publicKey,
    state,
    ...(told && { profile: profileOf(told) }),
    ...(generation && { generation }),
    ...(warnings.length > 0 && { warnings }),
  }
}
