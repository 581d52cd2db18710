/** `status contacts`, and `/request`, `/accept`, ... in a chat: what a person does about people. */
import type { PublicKey } from '@status-protocol/bytes'
import type { Messenger } from '@status-protocol/messenger'
import { publicKeyToText, threeWordName } from '@status-protocol/trust'
import type { Command } from 'commander'
import { CliError } from '../error.ts'
import { isName, loadNames, type Names, parseOther } from '../names.ts'
import { shortened } from '../screen.ts'
import { contactView, personView } from '../serve/contact-view.ts'
import type { Session } from '../session.ts'
import { type Flags, type Settings, securityNamed, withoutWarnings } from '../settings.ts'
import type { WithSession } from '../with-session.ts'
import { isOn } from './chats.ts'
import { securityText } from './contacts.ts'
import { untilTold } from './told.ts'

/** What there is to do, and what each needs. */
const CONTACTS_HELP = [
  'list                        whom you remember, who asked, whom you blocked',
  'add <key> [name]            remember somebody under a name of your own; they do not hear of it',
  'request <person> [name]     ask to be contacts of each other; again greets them again',
  'accept <person> [name]      say yes to somebody who asked',
  'decline <person>            say no; they are not told',
  'block <person>              nothing of theirs is read any more',
  'unblock <person>            as if they had never been met',
  'remove <person>             forget them; what was said stays',
  'security <person> <mode>    how you write to them: ratchet (or not at all), dh, whisper, default',
  'only [on|off]               hear nobody in private but contacts and those you wrote to',
] as const

interface Doing {
  readonly messenger: Messenger
  readonly names: Names
  readonly person: PublicKey
  readonly words: readonly string[]
}
type Act = (doing: Doing) => Promise<string>

const ACTIONS: Readonly<Record<string, Act>> = {
  add: async ({ messenger, names, person, words }) => {
    await messenger.addContact(person, nameFrom(words))
    await names.refresh()
    return `${names.of(person)} is in your contacts: ${threeWordName(person)}`
  },
  request: async ({ messenger, names, person, words }) => {
    await messenger.requestContact(person, nameFrom(words))
    await names.refresh()
    return (await stateOf(messenger, person)) === 'mutual'
      ? `${names.of(person)} and you are contacts of each other`
      : `${names.of(person)} is asked`
  },
  accept: async ({ messenger, names, person, words }) => {
    await messenger.acceptContact(person, nameFrom(words))
    await names.refresh()
    return `${names.of(person)} and you are contacts of each other`
  },
  decline: async ({ messenger, names, person }) => {
    await messenger.dismissContact(person)
    return `you said no to ${names.of(person)}, who is not told`
  },
  block: async ({ messenger, names, person }) => {
    const name = names.of(person)
    await messenger.block(person)
    return `${name} is blocked: nothing of theirs is read`
  },
  unblock: async ({ messenger, names, person }) => {
    await messenger.unblock(person)
    return `${names.of(person)} is not blocked any more`
  },
  remove: async ({ messenger, names, person }) => {
    const name = names.of(person)
    return (await messenger.removeContact(person))
      ? `${name} is no contact any more`
      : `${name} was no contact`
  },
  security: async ({ messenger, names, person, words }) => {
    const security = securityNamed(words[0] ?? '', 'security <person>')
    await messenger.setSecurity(person, security === 'default' ? undefined : security)
    return securityText(names.of(person), security)
  },
}

/** How many words may follow the person. */
const MORE_WORDS: Readonly<Record<string, number>> = {
  add: Infinity,
  request: Infinity,
  accept: Infinity,
  security: 1,
}
/** The others hear of these. */
const TELLING: ReadonlySet<string> = new Set(['request', 'accept'])
/** Names for the same: as the protocol's clients call it. */
const ALSO: Readonly<Record<string, string>> = { dismiss: 'decline', deny: 'decline', forget: 'remove' }

interface Done {
  readonly said: string
  readonly person?: PublicKey
  /** Somebody hears of it. */
  readonly isTold: boolean
}

/** @throws CliError `invalid-argument`, saying what to do; MessengerError */
export async function contactAction(
  messenger: Messenger,
  names: Names,
  [asked = '', ...words]: readonly string[],
): Promise<Done> {
  const { action, act } = actionIn([asked, ...words])
  if (!act) return { said: await contactsOnly(messenger, words), isTold: false }
  const [text = '', ...rest] = words
  const person = parseOther(names.chatNamed(text), messenger.publicKey)
  return { said: await act({ messenger, names, person, words: rest }), person, isTold: TELLING.has(action) }
}

/** What is to be done, without an act for `only`. @throws CliError `invalid-argument` */
function actionIn([asked = '', ...words]: readonly string[]): {
  readonly action: string
  readonly act?: Act | undefined
} {
  const action = Object.hasOwn(ALSO, asked) ? (ALSO[asked] as string) : asked
  if (action === 'only') {
    if (words.length > 0) isOn(words, 'only')
    return { action }
  }
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  if (act && words.length > 0 && words.length <= 1 + (MORE_WORDS[action] ?? 0)) return { action, act }
  throw new CliError('invalid-argument', expected(action, act))
}

async function contactsOnly(messenger: Messenger, words: readonly string[]): Promise<string> {
  if (words.length > 0) await messenger.setContactsOnly(isOn(words, 'only'))
  return (await messenger.isContactsOnly())
    ? 'in private you hear contacts and people you wrote to; of others only that they ask'
    : 'in private you hear everybody but whom you blocked'
}

const MAX_NAME_CHARS = 100

/** @throws CliError `invalid-argument`: nobody could be found by it */
function nameFrom(words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined
  const name = words.join(' ').trim()
  if (name !== '' && name.length <= MAX_NAME_CHARS && isName(name)) return name
  throw new CliError(
    'invalid-argument',
    `expected a name of 1 to ${MAX_NAME_CHARS} characters that does not begin with #, 0x or zQ3s, got ${JSON.stringify(shortened(name, 40))}`,
  )
}

/** `accept <person> [name]      say yes ...` without the why. */
const USAGES = CONTACTS_HELP.map((line) => line.split(/ {2,}/, 1)[0] as string)

function expected(action: string, act: Act | undefined): string {
  const usage = USAGES.find((line) => line.split(' ', 1)[0] === action)
  return act && usage
    ? `expected: contacts ${usage} (a contact's name, or a key; quotes make one name of several words)`
    : `contacts: expected ${USAGES.map((line) => line.split(' ', 1)[0]).join(', ')}, got ${JSON.stringify(shortened(action, 40))}`
}

async function stateOf(messenger: Messenger, person: PublicKey): Promise<string | undefined> {
  const key = publicKeyToText(person)
  const found = (await messenger.contacts()).find(({ publicKey }) => publicKeyToText(publicKey) === key)
  return found?.state
}

async function contacts(session: Session, words: readonly string[], { json }: Settings): Promise<void> {
  const { messenger } = session
  const { said, person, isTold } = await contactAction(messenger, await loadNames(messenger), words)
  console.log(json ? JSON.stringify(await viewOf(messenger, person)) : said)
  if (!isTold) return
  await session.connect()
  await untilTold(session, 'they are told')
}

/** The person as they stand now; of the account: whether only contacts are heard. */
async function viewOf(messenger: Messenger, person: PublicKey | undefined): Promise<object> {
  if (!person) return { contactsOnly: await messenger.isContactsOnly() }
  const key = publicKeyToText(person)
  const isThem = (one: { readonly publicKey: PublicKey }): boolean => publicKeyToText(one.publicKey) === key
  const contact = (await messenger.contacts()).find(isThem)
  if (contact) return contactView(contact)
  const others = [...(await messenger.contactRequests()), ...(await messenger.blocked())]
  return personView(others.find(isThem) ?? { publicKey: person, state: 'none' })
}

interface Declaring {
  readonly withSession: WithSession
  /** What is stored, without connecting to anybody. */
  list(flags: Flags): Promise<void>
}

interface OwnFlags {
  readonly security?: string
  readonly remove?: boolean
}

/** Declares the command. */
export function declareContacts(command: Command, { withSession, list }: Declaring): void {
  command
    .description('People: whom you remember, who asked, whom you blocked; and what you do about them.')
    .argument('[words...]', 'what to do; <person> is the name of a contact, or a public key')
    .option('--security <mode>', 'contacts <person> --security <mode>: the same as contacts security')
    .option('--remove', 'contacts <person> --remove: the same as contacts remove')
    .addHelpText('after', `\nWhat to do:\n  ${CONTACTS_HELP.join('\n  ')}`)
    .action((words: readonly string[], flags: Flags & OwnFlags) => {
      const asked = withFlags(words, flags)
      if (asked.length === 0 || (asked[0] === 'list' && asked.length === 1)) return list(flags)
      const isTold = TELLING.has(actionIn(asked).action)
      return withSession(
        isTold ? flags : withoutWarnings(flags),
        (session, settings) => contacts(session, asked, settings),
        { createsAccount: false, connectsLater: true },
      )
    })
}

/** `Bob --security dh` as `security Bob dh`. @throws CliError `invalid-argument` */
function withFlags(words: readonly string[], { security, remove }: OwnFlags): readonly string[] {
  if (security === undefined && !remove) return words
  const [person, ...more] = words
  if (person === undefined || more.length > 0 || (remove && security !== undefined))
    throw new CliError('invalid-argument', 'contacts: name one person with --security or --remove')
  return security === undefined
    ? ['remove', person]
    : ['security', person, securityNamed(security, '--security')]
}
