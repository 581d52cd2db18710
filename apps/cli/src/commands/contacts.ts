/** The persons you remember, those who asked and those you blocked, in words; `contact-actions.ts` has what is done about them. */
import type { ContactEvent, ContactState, History, Person, Security } from '@status-protocol/messenger'
import { publicKeyToText, threeWordName } from '@status-protocol/trust'
import { LOCKS } from '../message-line.ts'
import type { Names } from '../names.ts'
import { contactView, personView } from '../serve/contact-view.ts'
import { columns } from '../table.ts'
import { terminalText } from '../terminal-text.ts'
import { WARNING_TEXTS } from '../warnings.ts'

export async function contacts(
  history: History,
  { json }: { readonly json: boolean },
): Promise<readonly string[]> {
  if (!json) return contactLines(history)
  const others = [...(await history.contactRequests()), ...(await history.blocked())]
  return [
    ...(await history.contacts()).map((contact) => JSON.stringify(contactView(contact))),
    ...(await unlisted(history, others)).map((person) => JSON.stringify(personView(person))),
  ]
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

/** `Bob  contacts  Darkorange Blue Bubblefish  zQ3s...`: who is named also by the words that nobody can choose. */
export async function contactLines(
  history: Pick<History, 'contacts' | 'contactRequests' | 'blocked'>,
): Promise<readonly string[]> {
  const rows = (await history.contacts()).map((contact) => {
    const { usesRatchet, security } = contact
    return personRow(contact, [
      ...(usesRatchet ? [LOCKS.ratchet] : []),
      ...(security ? [`(you write with ${security})`] : []),
    ])
  })
  const others = [...(await history.contactRequests()), ...(await history.blocked())]
  for (const person of await unlisted(history, others)) rows.push(personRow(person))
  return rows.length > 0 ? columns(rows) : ['No contacts yet.']
}

/** Those who are no contacts. */
async function unlisted(
  history: Pick<History, 'contacts'>,
  people: readonly Person[],
): Promise<readonly Person[]> {
  const listed = new Set((await history.contacts()).map(({ publicKey }) => publicKeyToText(publicKey)))
  return people.filter(({ publicKey }) => !listed.has(publicKeyToText(publicKey)))
}

function personRow(
  { publicKey, state, name = '-', profile, warnings = [] }: Person,
  marks: readonly string[] = [],
): readonly string[] {
  const says = profile?.name ? [`says "${terminalText(profile.name)}"`] : []
  const remarks = [...marks, ...says, ...warnings.map((warning) => `(${WARNING_TEXTS[warning]})`)]
  return [
    terminalText(name),
    STATE_TEXTS[state],
    threeWordName(publicKey),
    publicKeyToText(publicKey),
    remarks.join(' '),
  ]
}

const STATE_TEXTS: Readonly<Record<ContactState, string>> = {
  none: 'remembered',
  sent: 'asked, no answer yet',
  received: 'has asked you: accept or decline',
  mutual: 'contacts of each other',
  dismissed: 'has asked, you said no',
  blocked: 'blocked',
}

const GENERATION_TEXTS = { v1: '2020', 'v0.36': 'December 2019', v0: '2019 (Transit)' } as const

/** What has changed, in words. */
export function contactChangeText({ publicKey, change }: ContactEvent, names: Pick<Names, 'of'>): string {
  const who = names.of(publicKey)
  if (change.kind === 'profile')
    return `${who} says of themselves: ${change.name ? `"${terminalText(change.name)}"` : 'no name'}${change.hasPicture ? ', and shows a picture' : ''}${(change.warnings ?? []).map((warning) => ` (${WARNING_TEXTS[warning]})`).join('')}`
  if (change.kind === 'generation')
    return `${who} writes in payloads of ${GENERATION_TEXTS[change.generation]}, and is written to in them`
  if (change.kind === 'not-understood') return `something of ${who} cannot be understood by this version`
  if (change.state === 'received')
    return `${who} asks to be a contact of yours: /accept or /decline ${publicKeyToText(publicKey)}`
  if (change.state === 'mutual') return `${who} and you are contacts of each other`
  if (change.state === 'sent') return `${who} was asked`
  if (change.state === 'blocked') return `${who} is blocked`
  return change.state === 'dismissed'
    ? `you said no to ${who}`
    : `${who} is neither a contact nor blocked now`
}
