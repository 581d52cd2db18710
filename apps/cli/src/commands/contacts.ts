/** `status contacts`: the persons you remember, and what you chose for each. */
import type { Contacts, History, Security } from '@status-protocol/messenger'
import { publicKeyToText, threeWordName } from '@status-protocol/trust'
import { LOCKS } from '../message-line.ts'
import { loadNames, parsePerson } from '../names.ts'
import { contactView } from '../serve/contact-view.ts'
import { terminalText } from '../terminal-text.ts'

export async function contacts(
  history: History,
  { json }: { readonly json: boolean },
): Promise<readonly string[]> {
  if (!json) return contactLines(history)
  return (await history.contacts()).map((contact) => JSON.stringify(contactView(contact)))
}

export interface ContactChange {
  /** A key, or the name of a contact. */
  readonly person: string
  /** `default` takes a choice back. */
  readonly security?: Security | 'default'
  readonly remove?: boolean
}

/** What to print when it is done. @throws CliError, MessengerError `no-such-contact` */
export async function changeContact(
  history: Pick<History, 'contacts' | 'groupNames'>,
  contacts: Contacts,
  { person, security, remove }: ContactChange,
): Promise<string> {
  const names = await loadNames(history)
  const publicKey = parsePerson(names.chatNamed(person))
  const name = names.of(publicKey)
  if (remove)
    return (await contacts.removeContact(publicKey))
      ? `${name} is no contact any more`
      : `${name} was no contact`
  if (security) await contacts.setSecurity(publicKey, security === 'default' ? undefined : security)
  return securityText(name, security)
}

/** What a choice means, in words. */
export function securityText(name: string, security: Security | 'default' | undefined): string {
  if (security === 'ratchet')
    return `${LOCKS.ratchet} what you write to ${name} has forward secrecy, or is not sent`
  if (security === 'dh') return `${LOCKS.weaker} what you write to ${name} has no forward secrecy (dh)`
  if (security === 'whisper')
    return `${LOCKS.weaker} what you write to ${name} is encrypted by Whisper alone and not acknowledged`
  return `what you write to ${name} has forward secrecy as soon as their keys are known`
}

/** `Bob (Darkorange Blue Bubblefish) zQ3s...`: who is named also by the words that nobody can choose. */
export async function contactLines(history: Pick<History, 'contacts'>): Promise<readonly string[]> {
  const lines = (await history.contacts()).map(({ publicKey, name, usesRatchet, security }) => {
    const words = threeWordName(publicKey)
    const lock = usesRatchet ? ` ${LOCKS.ratchet}` : ''
    const chosen = security ? ` (you write with ${security})` : ''
    return `${name ? `${terminalText(name)} (${words})` : words} ${publicKeyToText(publicKey)}${lock}${chosen}`
  })
  return lines.length > 0 ? lines : ['No contacts yet.']
}
