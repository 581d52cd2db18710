/** `status chats`, and what it does in a chat (`/mute`, `/archive`, ...): how each chat stands, and what you decide about it. */
import { to0xHex } from '@status-protocol/bytes'
import { type Chat, type ChatState, type Messenger, parseChat } from '@status-protocol/messenger'
import type { Command } from 'commander'
import { chatLines } from '../chat-line.ts'
import { CliError } from '../error.ts'
import { checkedName, loadNames, type Names } from '../names.ts'
import { shortened } from '../screen.ts'
import { chatStateView } from '../serve/history-view.ts'
import type { Session } from '../session.ts'
import type { Flags, Settings } from '../settings.ts'
import type { WithSession } from '../with-session.ts'

/** What there is to do, and what each needs. */
const CHATS_HELP = [
  'list                       all chats: unread, muted, archived',
  'join <#name>               listen to a public chat',
  'leave <chat>               listen no more; what was said stays',
  'mute <chat or person>      messages come without a sound; of a person wherever they write',
  'unmute <chat or person>',
  'archive <chat>             put it away until somebody writes; with mute, for good',
  'unarchive <chat>',
  'seen <chat>                everything in it was read',
  'deniable <person> on|off   sign nothing of what you write there: nobody can prove it; only this program reads that',
] as const

type Act = (messenger: Messenger, chat: Chat, name: string, words: readonly string[]) => Promise<string>

const ACTIONS: Readonly<Record<string, Act>> = {
  join: async (messenger, { id }, name) => {
    await messenger.join(id)
    return `you listen to ${name}`
  },
  leave: async (messenger, { id }, name) => {
    await known(messenger, id)
    await messenger.leave(id)
    return `you left ${name}; what was said there stays`
  },
  mute: async (messenger, chat, name) => {
    if (chat.kind !== 'one-to-one') await known(messenger, chat.id)
    await messenger.mute(chat.id)
    return `${name} is muted`
  },
  unmute: async (messenger, { id }, name) => {
    await messenger.unmute(id)
    return `${name} is not muted`
  },
  archive: async (messenger, { id }, name) => {
    await messenger.setArchived(id, true)
    return `${name} is archived until somebody writes there`
  },
  unarchive: async (messenger, { id }, name) => {
    await messenger.setArchived(id, false)
    return `${name} is not archived`
  },
  seen: async (messenger, { id }, name) => {
    await messenger.markSeen(id)
    return `everything in ${name} was read`
  },
  deniable: async (messenger, { id }, name, words) => {
    const on = isOn(words, 'deniable <person>')
    await messenger.setDeniable(id, on)
    return on
      ? `what you write to ${name} is signed by nobody: this program alone reads it. You can write so once they have written to you or accepted you as a contact, and all their devices have answered`
      : `what you write to ${name} is signed, as before`
  },
}

/** What to say when it is done. @throws CliError `invalid-argument`; MessengerError */
export async function chatAction(
  messenger: Messenger,
  names: Names,
  words: readonly string[],
): Promise<{ readonly chat: Chat; readonly said: string }> {
  const act = actIn(words)
  const [, text = '', ...rest] = words
  const chat = parseChat(names.chatNamed(text))
  return { chat, said: await act(messenger, chat, names.ofChat(chat), rest) }
}

/** @throws CliError `invalid-argument` */
function actIn([action = '', ...words]: readonly string[]): Act {
  const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  if (!act || words.length === 0 || (action !== 'deniable' && words.length > 1))
    throw new CliError('invalid-argument', expected(action, act))
  if (action === 'deniable') isOn(words.slice(1), 'deniable <person>')
  checkedName(words[0] as string)
  return act
}

/** `on` or `off`. @throws CliError `invalid-argument` */
export function isOn([word, ...more]: readonly string[], what: string): boolean {
  if ((word === 'on' || word === 'off') && more.length === 0) return word === 'on'
  const got = word === undefined ? 'nothing' : JSON.stringify(shortened([word, ...more].join(' '), 40))
  throw new CliError('invalid-argument', `${what}: expected on or off, got ${got}`)
}

/** @throws CliError `invalid-argument`: a mistyped name is not muted in silence */
async function known(messenger: Pick<Messenger, 'chats'>, id: string): Promise<void> {
  if ((await messenger.chats()).some((chat) => chat.id === id)) return
  throw new CliError('invalid-argument', `${shortened(id, 60)} is none of your chats: chats lists them`)
}

/** `mute <chat or person>      messages ...` without the why. */
const USAGES = CHATS_HELP.map((line) => line.split(/ {2,}/, 1)[0] as string)

function expected(action: string, act: Act | undefined): string {
  const usage = USAGES.find((line) => line.split(' ', 1)[0] === action)
  return act && usage
    ? `expected: chats ${usage} (quotes make one name of several words)`
    : `chats: expected ${USAGES.map((line) => line.split(' ', 1)[0]).join(', ')}, got ${JSON.stringify(shortened(action, 40))}`
}

/** All chats, a line each: those with the newest messages first. */
export async function listChats(messenger: Messenger, names: Names): Promise<readonly string[]> {
  return chatLines(await messenger.chatStates(), names, await messenger.groups.list())
}

async function chats(
  { messenger }: Session,
  words: readonly string[],
  { json }: { readonly json: boolean },
): Promise<void> {
  const names = await loadNames(messenger)
  const line = (state: ChatState): string => JSON.stringify(chatStateView(state))
  if (isList(words)) {
    if (!json) return console.log((await listChats(messenger, names)).join('\n'))
    for (const state of await messenger.chatStates()) console.log(line(state))
    return
  }
  const { chat, said } = await chatAction(messenger, names, words)
  const state = (await messenger.chatStates()).find(({ chat: { id } }) => id === chat.id)
  console.log(!json ? said : state ? line(state) : JSON.stringify({ chat: idOf(chat) }))
}

const isList = (words: readonly string[]): boolean =>
  words.length === 0 || (words.length === 1 && words[0] === 'list')

const idOf = (chat: Chat): string => (chat.kind === 'one-to-one' ? to0xHex(chat.publicKey) : chat.id)

/** Declares the command: none of it needs a peer. */
export function declareChats(command: Command, withSession: WithSession): void {
  command
    .description('Your chats: what is unread, and muting, archiving, leaving them.')
    .argument('[words...]', 'what to do')
    .addHelpText('after', `\nWhat to do:\n  ${CHATS_HELP.join('\n  ')}`)
    .action((words: readonly string[], flags: Flags) => {
      if (!isList(words)) actIn(words)
      const run = (session: Session, settings: Settings): Promise<void> => chats(session, words, settings)
      return withSession({ ...flags, logLevel: 'error' }, run, {
        fetchesHistory: false,
        createsAccount: false,
      })
    })
}
