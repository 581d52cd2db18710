/** What persons are called: by the name that you gave them, else by the three words of their key. */
import { equal, type PublicKey, toHex } from '@status-protocol/bytes'
import { type Chat, type ChatId, type History, parseChat } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import { CliError } from './error.ts'
import { shortened } from './screen.ts'
import { terminalText } from './terminal-text.ts'

export interface Names {
  /** Safe for a terminal. */
  of(publicKey: PublicKey): string
  /** After contacts have changed. */
  refresh(): Promise<void>
  /** A group by the name that its admins gave it. Safe for a terminal. */
  ofGroup(id: ChatId): string
  /** A chat: `#name`, the name of its person, or that of its group. Safe for a terminal. */
  ofChat(chat: Chat): string
  /**
   * `#name`, keys and ids of groups as they are, the name of a contact or of a group as their key or id.
   *
   * @throws CliError `invalid-argument`: several have it, or nobody; MessengerError `invalid-chat`
   */
  chatNamed(text: string): string
  /** The same, if somebody or a group has this name. @throws CliError `invalid-argument`: several have it */
  named(text: string): string | undefined
}

export async function loadNames(
  history: Pick<History, 'contacts' | 'blocked' | 'groupNames'>,
): Promise<Names> {
  /** By key in hex. BOUNDED by the contacts. */
  const given = new Map<string, string>()
  /** BOUNDED by the groups. */
  let groups: ReadonlyMap<ChatId, string> = new Map()
  const refresh = async (): Promise<void> => {
    groups = await history.groupNames()
    given.clear()
    const people = [...(await history.contacts()), ...(await history.blocked())]
    for (const { publicKey, name } of people) if (name) given.set(toHex(publicKey), name)
  }
  await refresh()
  const named = (text: string): string | undefined => {
    const wanted = text.toLowerCase()
    const isCalledSo = ([, name]: readonly [string, string]) => name.toLowerCase() === wanted
    const contacts = [...given].filter(isCalledSo).map(([key]) => `0x${key}`)
    const found = [...contacts, ...[...groups].filter(isCalledSo).map(([id]) => id)]
    if (found.length > 1)
      throw new CliError(
        'invalid-argument',
        `${found.length} ${contacts.length === found.length ? 'contacts' : 'contacts and groups'} are called ${text}: give the public key or the id`,
      )
    return found[0]
  }
  const of = (publicKey: PublicKey): string =>
    terminalText(given.get(toHex(publicKey)) ?? threeWordName(publicKey))
  const ofGroup = (id: ChatId): string => terminalText(groups.get(id) ?? `group ${id.slice(0, 8)}`)
  return {
    named,
    refresh,
    of,
    ofGroup,
    ofChat(chat) {
      if (chat.kind === 'public') return chat.id
      return chat.kind === 'group' ? ofGroup(chat.id) : of(chat.publicKey)
    },
    // What is a chat by itself is that chat, whatever others call a group of theirs.
    chatNamed: (text) => (isName(text) ? named(text) : undefined) ?? checkedChat(text),
  }
}

/** What begins like a name of ours is one that nobody has. */
function checkedChat(text: string): string {
  if (!isName(text)) return text
  throw new CliError(
    'invalid-argument',
    text === ''
      ? 'name somebody: a contact, or a public key (0x04... or zQ3s...); contacts lists whom you know'
      : `nobody you know and no group is called ${JSON.stringify(shortened(text, 60))}: contacts and group list show what there is; a public chat is ${/^[a-z0-9-]{1,40}$/.test(text) ? `'#${text}'` : '#name'}`,
  )
}

/**
 * What can be told of a chat before anything is opened; who has a name, only the account knows.
 *
 * @throws CliError `invalid-argument`; MessengerError `invalid-chat`
 */
export function checkedName(text: string): void {
  if (text === '') checkedChat(text)
  if (!isName(text)) parseChat(text)
}

/** Not a public chat, a key or the id of a group, not even a wrong one. */
export function isName(text: string): boolean {
  return !/^(#|0x|zQ3s)|-0x[0-9a-f]{130}$/i.test(text)
}

/**
 * The person that a key in any of its text forms means.
 *
 * @param argument what the key was given as, for the error
 * @throws CliError `invalid-argument`
 */
export function parsePerson(text: string, argument?: string): PublicKey {
  const chat = isName(text) || text.startsWith('#') ? undefined : chatOf(text)
  if (chat?.kind === 'one-to-one') return chat.publicKey
  const got = chat ? 'the id of a group' : JSON.stringify(shortened(text, 40))
  throw new CliError(
    'invalid-argument',
    `${argument === undefined ? '' : `${argument}: `}expected a public key (0x04 and 128 hex digits, or zQ3s...), got ${got}`,
  )
}

/** The same of anybody but ourselves. @throws CliError `invalid-argument` */
export function parseOther(text: string, self: PublicKey, argument?: string): PublicKey {
  const person = parsePerson(text, argument)
  if (!equal(person, self)) return person
  throw new CliError(
    'invalid-argument',
    `${argument === undefined ? '' : `${argument}: `}expected the public key of somebody else, got our own`,
  )
}

function chatOf(text: string): Chat | undefined {
  try {
    return parseChat(text)
  } catch {
    return undefined
  }
}
