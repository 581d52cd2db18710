/** `status chat`: a line typed is a line said. */
import { createInterface, type Interface } from 'node:readline'
import { CodedError, to0xHex } from '@status-protocol/bytes'
import type { MessageIdText, MessengerEvent } from '@status-protocol/messenger'
import { threeWordName } from '@status-protocol/trust'
import { messageLine } from '../message-line.ts'
import type { Session } from '../session.ts'
import { terminalText } from '../terminal-text.ts'

const HELP = [
  '/join #name        listen to a public chat and write there',
  '/to 0x04...        write to one person privately (Whisper encryption)',
  '/me                your public key, for others to write to you',
  '/chats             your chats',
  '/peers             who you are connected to',
  '/quit              leave (or Ctrl-D)',
].join('\n')

export interface ChatInput {
  /** Where lines go at the start. */
  readonly chat: string
}

export async function chat(session: Session, { chat: first }: ChatInput): Promise<void> {
  const terminal = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY,
  })
  const screen = createScreen(terminal)
  const events = session.events
  const room = { current: first }
  await enter(session, room, first)
  screen.print(
    `You are ${threeWordName(session.messenger.publicKey)}. You write in ${room.current}; /help for more.`,
  )
  void showEvents(events, screen)
  void showPeers(session, screen)
  screen.prompt(room.current)
  try {
    for await (const line of terminal) {
      const done = await obey(session, room, line.trim(), screen)
      if (done) break
      screen.prompt(room.current)
    }
  } finally {
    terminal.close()
  }
}

interface Screen {
  print(text: string): void
  prompt(chat: string): void
}

interface Room {
  current: string
}

/** Prints above the line that is being typed. */
function createScreen(terminal: Interface): Screen {
  const isTerminal = process.stdout.isTTY === true
  return {
    print(text) {
      if (isTerminal) process.stdout.write('\r\u001b[K')
      process.stdout.write(`${text}\n`)
      if (isTerminal) terminal.prompt(true)
    },
    prompt(chat) {
      if (!isTerminal) return
      terminal.setPrompt(`${chat.length > 24 ? `${chat.slice(0, 10)}...` : chat}> `)
      terminal.prompt()
    },
  }
}

/** One typed line. Resolves to true when the person wants to leave; says what went wrong and goes on otherwise. */
async function obey(session: Session, room: Room, line: string, screen: Screen): Promise<boolean> {
  const [command, ...rest] = line.split(/\s+/)
  try {
    if (line === '') return false
    if (!line.startsWith('/')) await session.messenger.send(room.current, line)
    else if (command === '/quit') return true
    else if (command === '/join' || command === '/to') await enter(session, room, rest[0] ?? '')
    else if (command === '/me') screen.print(to0xHex(session.messenger.publicKey))
    else if (command === '/chats')
      screen.print((await session.messenger.chats()).map(({ id }) => id).join('\n'))
    else if (command === '/peers') screen.print(peersText(session))
    else screen.print(command === '/help' ? HELP : `There is no ${terminalText(command ?? '')}.\n${HELP}`)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    screen.print(error.message)
  }
  return false
}

async function enter(session: Session, room: Room, chat: string): Promise<void> {
  room.current = (await session.messenger.join(chat)).id
}

function peersText({ host }: Session): string {
  const peers = host.peers()
  if (peers.length === 0)
    return 'No peer: what you write waits. Start with --peer enode://... (status-node prints it).'
  return peers.map((peer) => `${to0xHex(peer.peerId).slice(0, 18)}... ${peer.ip ?? ''}`).join('\n')
}

async function showEvents(events: AsyncIterable<MessengerEvent>, screen: Screen): Promise<void> {
  for await (const event of events) {
    if (event.type === 'message') screen.print(messageLine(event.message))
    else if (event.type === 'undecryptable')
      screen.print(`-- a private message of ${threeWordName(event.from)} cannot be read (${event.reason})`)
    else if (event.state === 'expired') screen.print(notice(event.messageId, 'no peer took it; trying again'))
    else if (event.state === 'failed')
      screen.print(notice(event.messageId, `not sent: ${event.reason ?? 'given up'}`))
  }
}

async function showPeers(session: Session, screen: Screen): Promise<void> {
  for await (const { state, enode } of session.peerEvents())
    screen.print(
      `-- ${state === 'up' ? 'connected to' : 'lost'} ${enode.replace(/^enode:\/\/(.{8}).*@/, '$1...@')}`,
    )
}

function notice(id: MessageIdText, text: string): string {
  return `-- message ${id.slice(0, 10)}...: ${text}`
}
