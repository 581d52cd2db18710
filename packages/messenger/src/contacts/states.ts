/** Where we stand with a person, and what leads from there to where: docs/contacts.md has the picture. Pure. */

export type ContactState =
  /** Neither has asked. */
  | 'none'
  /** We have asked, they have not answered. */
  | 'sent'
  /** They have asked, we have not answered. */
  | 'received'
  /** Both have asked: contacts of each other. */
  | 'mutual'
  /** They have asked, and we said no, or took our yes back. */
  | 'dismissed'
  /** Nothing of theirs is read any more. */
  | 'blocked'

export type ContactInput =
  /** We ask them, or greet them again. */
  | 'request'
  /** We say yes to what they asked. */
  | 'accept'
  /** We say no to it. */
  | 'dismiss'
  /** They ask, or greet us again: a contact update with a higher clock came. */
  | 'ask'
  /** We forget them. */
  | 'remove'
  | 'block'
  | 'unblock'

/** Every edge there is; what is not in it is refused. */
export const CONTACT_EDGES: Readonly<
  Record<ContactState, Readonly<Partial<Record<ContactInput, ContactState>>>>
> = {
  none: { request: 'sent', ask: 'received', remove: 'none', block: 'blocked' },
  sent: { request: 'sent', ask: 'mutual', remove: 'none', block: 'blocked' },
  received: {
    request: 'mutual',
    accept: 'mutual',
    dismiss: 'dismissed',
    ask: 'received',
    remove: 'dismissed',
    block: 'blocked',
  },
  mutual: { request: 'mutual', ask: 'mutual', remove: 'dismissed', block: 'blocked' },
  dismissed: {
    request: 'mutual',
    accept: 'mutual',
    ask: 'received',
    remove: 'dismissed',
    block: 'blocked',
  },
  blocked: { block: 'blocked', unblock: 'none' },
}

/** Where an input leads; undefined: nowhere, it means nothing in this state. */
export function nextContactState(state: ContactState, input: ContactInput): ContactState | undefined {
  return CONTACT_EDGES[state][input]
}

/** Whether we told them that they are a contact of ours: they hear of our profile. */
export function isAdded(state: ContactState): boolean {
  return state === 'sent' || state === 'mutual'
}
