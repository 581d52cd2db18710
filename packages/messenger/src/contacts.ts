/** What a person decides about the people they remember. */
import type { PublicKey } from '@status-protocol/bytes'
import type { Storage } from '@status-protocol/ports'
import { oneToOneChat } from './chat.ts'
import { MessengerError } from './error.ts'
import type { Security } from './message.ts'
import { createStage, type Stage } from './stage.ts'
import { guarded } from './store.ts'
import { allContacts, type ContactRecord, deleteContact, getChat, getContact, putContact } from './tables.ts'

/** A person remembered. */
export interface Contact extends ContactRecord {
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
export function openContacts(anyStorage: Storage): Contacts {
  const storage = guarded(anyStorage)
  const committed = async <T>(run: (stage: Stage) => Promise<T>): Promise<T> => {
    const stage = createStage(storage)
    const result = await run(stage)
    await storage.commit(stage.changes)
    return result
  }
  return {
    setSecurity: (publicKey, security) => committed((stage) => chooseSecurity(stage, publicKey, security)),
    removeContact: (publicKey) => committed((stage) => dropContact(stage, publicKey)),
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

export async function dropContact(stage: Stage, publicKey: PublicKey): Promise<boolean> {
  if (!(await getContact(stage, publicKey))) return false
  stage.add({ changes: [deleteContact(publicKey)] })
  return true
}

export async function listContacts(storage: Storage): Promise<readonly Contact[]> {
  const contacts = await allContacts(storage)
  return Promise.all(
    contacts.map(async (contact) => {
      const chat = await getChat(storage, oneToOneChat(contact.publicKey).id)
      return { ...contact, usesRatchet: chat?.hasRatchet === true }
    }),
  )
}
