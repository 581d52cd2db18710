/** What stands below the help of each command: how it is typed. */
import type { Command } from 'commander'

const WHOLE = `
Examples:
  status chat '#status' --peer enode://...      a chat in the terminal; makes an account at the first start
  status send --to '#ci' 'build 42 is green' --peer enode://...   says one thing; reads standard input without a text
  status listen '#ci' --json --peer enode://... | jq .text   prints what arrives
  status messages '#ci' --limit 10              what is stored
  status history --since 7d --mailserver enode://...   fetches what was missed
  status contacts request zQ3s... Bob --peer enode://...   asks somebody; status contacts shows who asked you
  status chats                                  what is unread; status chats --help shows what else there is
  status devices --pair --peer enode://...      makes this device known to your others
  status group create hiking bob carol --peer enode://...   a group; status group --help shows what else there is
  status search 'build green' --chat '#ci'      what was said
  status account show                           who you are
  status demo                                   a relay and three people on this machine
  status serve --stdio --peer enode://...       JSON-RPC for bots and programs (docs/cli-rpc.md)

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 account or data directory, 5 no peer took the message, or history is not complete.`

/** By command. Each has some: {@link addExamples} sees to it. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  chat: [
    "status chat '#status' --peer enode://...",
    'status chat Bob --peer enode://... --mailserver enode://...   with what was missed',
  ],
  send: [
    "status send --to '#ci' 'build 42 is green' --peer enode://...",
    'status send --to Bob --security ratchet --peer enode://... < note.txt',
    'status send --to Bob --image cat.png --peer enode://...',
    'status send --to Bob --reply-to 0x... Yes. --peer enode://...   the id: status messages Bob --json',
  ],
  listen: [
    "status listen '#ci' --json --peer enode://... | jq .text",
    "status listen '#ci' --count 1 --peer enode://...   ends after one message",
  ],
  serve: [
    'status serve --stdio --peer enode://...   what to say to it: docs/cli-rpc.md',
    'status serve --stdio --after 42 --peer enode://...   begins with what came after event 42',
  ],
  history: [
    'status history --mailserver enode://...   since the last time',
    "status history --since 7d --chat '#ci' --mailserver enode://...",
  ],
  messages: [
    "status messages '#ci' --limit 10",
    'status messages Bob --json',
    'status messages Bob --save-images pictures',
  ],
  search: [
    "status search 'build green' --chat '#ci'",
    'status search hik --author Bob --since 2026-11-01   words that begin so',
  ],
  export: ["status export --chat '#ci' > ci.jsonl"],
  contacts: [
    'status contacts --json',
    'status contacts request zQ3s... Bob --peer enode://...   asks, and calls them Bob here',
    'status contacts accept zQ3s... --peer enode://...   or decline; status contacts shows who asked',
    'status contacts block Bob',
    'status contacts only on   in private you hear nobody but contacts and those you wrote to',
    'status contacts security Bob ratchet   with forward secrecy or not at all, from now on',
  ],
  chats: [
    'status chats   what is unread, muted, archived',
    "status chats mute '#status'",
    "status chats archive 'Big Walk'",
    'status chats deniable Bob on   nothing of what you write to Bob is signed',
  ],
  devices: [
    'status devices   shows them',
    'status devices --pair --name laptop --peer enode://...   on both at the same time',
    'status devices --enable 3f2a --peer enode://...   on each, with the id of the other',
    'status devices --sync --peer enode://...',
  ],
  group: [
    'status group create hiking Bob zQ3s... --peer enode://...',
    "status group rename hiking 'Big Walk' --peer enode://...",
    "status group kick 'Big Walk' Bob --peer enode://...",
  ],
  demo: ['status demo', 'status demo --json | jq .'],
  account: ['status account create', 'status account show --json'],
  'account create': ['status account create --password-file ./password --data-dir ./alice'],
  'account show': ['status account show', 'status account show --mnemonic   to write the words down'],
  'account import': [
    'status account import < words.txt',
    'status account import me.statusex --password-file ./password',
  ],
  'account export': [
    'status account export me.statusex --password-file ./password',
    'status account export - --file-password-file p | ssh other status account import - --file-password-file p',
  ],
  'account password': [
    'status account password --new-password-file ./next   where there was none',
    'status account password --password-file ./old --new-password-file ./next',
    'status account password --password-file ./old --remove',
  ],
}

/** Call it when all commands are declared. @throws Error if one has none: a mistake of whoever declared it */
export function addExamples(program: Command): void {
  program.addHelpText('after', WHOLE)
  addBelow(program, '')
}

function addBelow(parent: Command, prefix: string): void {
  for (const command of parent.commands) {
    const path = `${prefix}${command.name()}`
    const lines = EXAMPLES[path]
    if (!lines) throw new Error(`examples.ts has no example of "status ${path}"`)
    command.addHelpText('after', `\nExamples:\n  ${lines.join('\n  ')}`)
    addBelow(command, `${path} `)
  }
}
