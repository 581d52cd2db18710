/** `status chat`: a line typed is a line said. */
import { createInterface } from 'node:readline'
import { CodedError, to0xHex } from '@status-protocol/bytes'
import {
  type CommandEvent,
  type DeliveryEvent,
  type DeviceEvent,
  type GroupEvent,
  type HistoryProgressEvent,
  type Messenger,
  type MessengerEvent,
  parseChat,
  type SendOptions,
  type UndecryptableEvent,
} from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import { commandEventText } from '../command-line.ts'
import { emojiIn, imageIn, stickerIn } from '../content-flags.ts'
import { CliError } from '../error.ts'
import { groupLines, groupNoteText } from '../group-line.ts'
import { answeredBy, LOCKS, messageLine, reasonText } from '../message-line.ts'
import { isName, loadNames, type Names } from '../names.ts'
import { createScreen, type Screen, shortened } from '../screen.ts'
import type { Session } from '../session.ts'
import { securityNamed } from '../settings.ts'
import { terminalText } from '../terminal-text.ts'
import { chatAction, listChats } from './chats.ts'
import { contactAction } from './contact-actions.ts'
import { contactChangeText, contactLines } from './contacts.ts'
import { groupAction, unquoted } from './group.ts'
import { giveAddress, refuse } from './transactions.ts'

const HELP = [
  '/join #name          listen to a public chat and write there',
  '/to <key or name>    write to one person, end-to-end encrypted',
  '/add <key> [name]    remember a person, under a name of your own; /remove <key or name> forgets them',
  '/security <mode>     how you write to this person: ratchet, dh, whisper or default (ratchet as soon as possible)',
  '/contacts            the persons you remember, those who asked, those you blocked',
  '/request <key or name>  ask somebody to be a contact of yours',
  '/accept, /decline <key>  say yes or no to somebody who asked',
  '/block, /unblock <key or name>  nothing of theirs is read; /contacts-only on|off: in private nobody but contacts is',
  '/mute, /unmute, /archive, /unarchive, /leave [chat]  this chat, or another one; of a person wherever they write',
  '/deniable on|off     sign nothing of what you write to this person: nobody can prove it',
  '/group <what> ...    groups: list, view, create, invite, accept, decline, leave, kick, promote, step-down, rename; /group kick "Big Walk" bob',
  '/reply <text>        answer the last message of somebody else here',
  '/image <file>, /emoji <emoji>, /sticker <pack>:<hash>  say it with a picture (at most 300,000 bytes)',
  '/address <0x...>     answer the newest request for an address in this chat; /refuse says no to one, or to a request to pay',
  '/me                  your public key, for others to write to you',
  '/chats               your chats: what is unread, muted, archived',
  '/peers               who you are connected to',
  '/quit                leave (or Ctrl-D)',
  `${LOCKS.ratchet} private with forward secrecy, ${LOCKS.weaker} private without (a first contact); public chats can be read by all`,
].join('\n')

export interface ChatInput {
  /** Where lines go at the start. */
  readonly chat: string
}

/** One person at one terminal. */
interface Desk {
  readonly session: Session
  readonly messenger: Messenger
  readonly screen: Screen
  readonly names: Names
  /** Where lines go. */
  room: string
}

export async function chat(session: Session, { chat: first }: ChatInput): Promise<void> {
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY,
  })
  const lines = terminal[Symbol.asyncIterator]() // from now on: what comes before anybody listens is lost, its end too
  const { messenger } = session
  const names = await loadNames(messenger)
  const desk: Desk = { session, messenger, names, screen: createScreen(terminal), room: first }
  const { screen } = desk
  await enter(desk, first)
  await session.connect((text) => screen.print(`-- ${text}`))
  screen.print(
    `You are ${threeWordName(messenger.publicKey)}. You write in ${roomName(desk)}; /help for more.`,
  )
  void showEvents(session.events, desk)
  void showPeers(desk)
  screen.prompt(roomName(desk))
  try {
    for await (const line of lines) {
      const done = await obey(desk, line.trim())
      if (done) break
      screen.prompt(roomName(desk))
    }
  } finally {
    terminal.close()
  }
}

/** One typed line. Resolves to true when the person wants to leave; says what went wrong and goes on otherwise. */
async function obey(desk: Desk, line: string): Promise<boolean> {
  const { messenger, screen, session, room } = desk
  const [command = '', ...words] = line.split(/\s+/)
  const rest = words.join(' ')
  try {
    if (line === '') return false
    if (!line.startsWith('/')) await messenger.send(room, line)
    else if (command === '/quit') return true
    else if (command === '/join' || command === '/to') await enter(desk, rest)
    else if (command === '/security') screen.print(`-- ${await chooseSecurity(desk, words[0] ?? '')}`)
    else if (command === '/contacts') screen.print((await contactLines(messenger)).join('\n'))
    else if (PEOPLE_COMMANDS.has(command))
      await people(desk, [command.slice(1), ...peopleWords(command, words)])
    else if (command === '/contacts-only') await people(desk, ['only', ...words])
    else if (CHAT_COMMANDS.has(command)) await chats(desk, command.slice(1), rest)
    else if (Object.hasOwn(SAYING, command))
      await messenger.send(room, ...(await (SAYING[command] as Saying)(desk, rest)))
    else if (command === '/deniable') await chats(desk, 'deniable', room, words)
    else if (command === '/group') screen.print(await group(desk, words))
    else if (command === '/address') await giveAddress(messenger, room, words[0] ?? '')
    else if (command === '/refuse') await refuse(messenger, room)
    else if (command === '/me') screen.print(to0xHex(messenger.publicKey))
    else if (command === '/chats') screen.print((await listChats(messenger, desk.names)).join('\n'))
    else if (command === '/peers') screen.print(peersText(session))
    else screen.print(command === '/help' ? HELP : `There is no ${terminalText(command)}.\n${HELP}`)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    screen.print(error.message)
  }
  return false
}

const PEOPLE_COMMANDS: ReadonlySet<string> = new Set(
  ['add', 'remove', 'request', 'accept', 'decline', 'dismiss', 'block', 'unblock'].map((name) => `/${name}`),
)
const CHAT_COMMANDS: ReadonlySet<string> = new Set(
  ['mute', 'unmute', 'archive', 'unarchive', 'leave'].map((name) => `/${name}`),
)

type Saying = (desk: Desk, rest: string) => Promise<[text: string, options: SendOptions]>

/** What is said in other ways than by a line of text. */
const SAYING: Readonly<Record<string, Saying>> = {
  '/reply': async ({ messenger, room }, text) => {
    const page = await messenger.messages(room)
    const answered = page.findLast(({ own }) => !own)
    if (answered) return [text, { responseTo: answered.id }]
    throw new CliError('invalid-argument', 'nobody else has written here yet: there is nothing to answer')
  },
  '/image': async (_desk, path) => ['', { content: imageIn(path, '/image') }],
  '/sticker': async (_desk, text) => ['', { content: stickerIn(text, '/sticker') }],
  '/emoji': async (_desk, text) => [text, { content: emojiIn(text, '/emoji') }],
}

/** A name of several words is one, but where a name of ours follows the key. */
function peopleWords(command: string, words: readonly string[]): readonly string[] {
  const text = words.join(' ')
  const takesName = ['/add', '/request', '/accept'].includes(command) && !isName(words[0] ?? '')
  return takesName || /["']/.test(text) ? unquoted(text) : [text]
}

async function people({ messenger, names, screen }: Desk, words: readonly string[]): Promise<void> {
  const { said } = await contactAction(messenger, names, words)
  await names.refresh()
  screen.print(`-- ${said}`)
}

/** Of this chat, where none is named. */
async function chats(
  desk: Desk,
  action: string,
  named: string,
  words: readonly string[] = [],
): Promise<void> {
  const { messenger, names, screen, room } = desk
  const asked = [action, named === '' ? room : named.replace(/^(["'])(.*)\1$/, '$2'), ...words]
  screen.print(`-- ${(await chatAction(messenger, names, asked)).said}`)
}

async function group({ messenger, names }: Desk, words: readonly string[]): Promise<string> {
  const found = await groupAction(messenger, names, unquoted(words.join(' ')))
  await names.refresh()
  return found.flatMap((one) => groupLines(one, names)).join('\n') || 'No groups yet.'
}

async function enter(desk: Desk, chat: string): Promise<void> {
  desk.room = (await desk.messenger.join(desk.names.chatNamed(chat))).id
}

/** Of the person whose chat this is; nothing that they send changes it. */
async function chooseSecurity({ messenger, names, room }: Desk, text: string): Promise<string> {
  const chat = parseChat(room)
  if (chat.kind === 'public')
    throw new CliError('invalid-argument', `${chat.id} is read by everybody who knows its name`)
  if (chat.kind === 'group')
    throw new CliError('invalid-argument', 'a group message goes to each member as it was chosen for them')
  return (await contactAction(messenger, names, ['security', chat.id, securityNamed(text, '/security')])).said
}

function roomName({ room, names }: Desk): string {
  const chat = parseChat(room)
  if (chat.kind === 'group') return names.ofGroup(chat.id)
  return chat.kind === 'public' ? room : names.of(chat.publicKey)
}

function peersText({ network }: Session): string {
  const peers = network.peers()
  if (peers.length === 0)
    return 'No peer: what you write waits. Start with --peer enode://... (status-node prints it).'
  return peers.map(({ id, address }) => (address ? `${id.slice(0, 18)}... ${address}` : id)).join('\n')
}

async function showEvents(events: AsyncIterable<MessengerEvent>, desk: Desk): Promise<void> {
  const { screen, names } = desk
  for await (const event of events) {
    if (event.type === 'message') {
      screen.print(messageLine(event.message, names, await answeredBy(desk.messenger, event.message)))
      void desk.messenger.markSeen(event.chat, event.message.id).catch(() => undefined) // it is on the screen
    } else if (event.type === 'delivery') await (event.elsewhere ? showOwn : showDelivery)(event, desk)
    else if (event.type === 'group') await showGroup(event, desk)
    else if (event.type === 'device') showDevice(event, desk)
    else if (event.type === 'history') showHistory(event, desk)
    else if (event.type === 'contact') screen.print(`-- ${contactChangeText(event, names)}`)
    else if (event.type === 'command') await showCommand(event, desk)
    else if (event.type === 'undecryptable') showUndecryptable(event, desk)
  }
}

function showUndecryptable({ from, reason, healing }: UndecryptableEvent, { screen, names }: Desk): void {
  const next = healing ? '; our keys were sent, what follows can be read' : ''
  screen.print(`-- a private message of ${names.of(from)} cannot be read (${reason})${next}`)
}

/** That keys were renewed, as each device does once a day, needs nobody's attention. */
function showDevice({ of, installationId, change, enabled }: DeviceEvent, { screen, names }: Desk): void {
  if (change === 'pre-key') return
  const which = terminalText(shortened(installationId, 40))
  const unused = enabled ? '' : ', not enabled'
  screen.print(
    `-- ${change === 'new' ? 'a new device' : 'a device is back'} of ${names.of(of)}: ${which}${unused}`,
  )
}

/** What came says so itself; that something did not come does not. */
function showHistory({ change }: HistoryProgressEvent, { screen }: Desk): void {
  if (change.type === 'done' && change.messages > 0)
    screen.print(`-- ${change.messages} messages that you missed are here`)
  if (change.type === 'failed')
    screen.print(
      `-- something of what you missed is not here yet (${terminalText(change.reason)}); it will be asked for again`,
    )
}

async function showCommand(event: CommandEvent, { messenger, screen, names }: Desk): Promise<void> {
  const [begun, answer] = [await messenger.message(event.messageId), await messenger.message(event.answer)]
  if (!begun || !answer) return
  const who = answer.own ? 'You' : names.of(answer.author)
  screen.print(`-- ${commandEventText(event, who, begun.text)}`)
}

async function showGroup({ chat, change }: GroupEvent, { screen, names }: Desk): Promise<void> {
  await names.refresh()
  screen.print(`-- ${names.ofGroup(chat)}: ${groupNoteText(change, names)}`)
}

/** What we said on another device of ours. */
async function showOwn({ messageId, to }: DeliveryEvent, desk: Desk): Promise<void> {
  const { messenger, screen, names } = desk
  const message = await messenger.message(messageId)
  if (!message) return
  const whom = to ? `, to ${names.of(to)}` : ''
  const line = messageLine(message, names, await answeredBy(messenger, message))
  screen.print(`${line} (on another device${whom})`)
}

/** Only how it ended: what is on its way needs nobody's attention. */
async function showDelivery({ state, messageId, to, reason }: DeliveryEvent, desk: Desk): Promise<void> {
  if (state !== 'delivered' && state !== 'failed' && state !== 'unaddressed') return
  const message = await desk.messenger.message(messageId)
  const text = terminalText(shortened((message?.text ?? '').replace(/\s+/g, ' '), 40))
  const whom = to ? ` to ${desk.names.of(to)}` : ''
  const lock = message?.security === 'ratchet' ? LOCKS.ratchet : LOCKS.weaker
  desk.screen.print(
    state === 'delivered'
      ? `-- \u2713 ${lock} delivered${whom}: ${text}`
      : `-- \u2717 not delivered${whom} (${reasonText(reason ?? 'given up')}): ${text}`,
  )
}

async function showPeers({ session, screen }: Desk): Promise<void> {
  for await (const { state, enode } of session.peerEvents())
    screen.print(
      `-- ${state === 'up' ? 'connected to' : 'lost'} ${enode.replace(/^enode:\/\/(.{8}).*@/, '$1...@')}`,
    )
}
