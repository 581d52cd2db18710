#!/usr/bin/env node
/** `status`: commands are declared here, each does its work in a file of its own. */
import { readFileSync } from 'node:fs'
import { parseChat } from '@status-protocol/messenger'
import { Command } from 'commander'
import { declareAccount } from './account-commands.ts'
import { chat } from './commands/chat.ts'
import { declareChats } from './commands/chats.ts'
import { declareContacts } from './commands/contact-actions.ts'
import { contacts } from './commands/contacts.ts'
import { demo } from './commands/demo.ts'
import { checkDevices, devices } from './commands/devices.ts'
import { exportChat } from './commands/export.ts'
import { declareGroup } from './commands/group.ts'
import { history } from './commands/history.ts'
import { listen } from './commands/listen.ts'
import { messages } from './commands/messages.ts'
import { checkSearch, type SearchFlags, search } from './commands/search.ts'
import { declareSend } from './commands/send.ts'
import { serve } from './commands/serve.ts'
import { messageIdIn } from './content-flags.ts'
import { MAX_DECOYS } from './decoys.ts'
import { CliError, EXIT } from './error.ts'
import { addExamples } from './examples.ts'
import { exitCodeOf, explainUsage, failureOf, failureText } from './failure.ts'
import { ago, collect, decoys, page, positive, seconds, seq } from './flag-values.ts'
import { checkedName, isName } from './names.ts'
import { createTraceFeed } from './serve/trace-feed.ts'
import { type Flags, settingsFrom, withoutWarnings } from './settings.ts'
import { withHistory, withSession, withStorage } from './with-session.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const program = new Command('status')
  .description('Chat over the Status Protocol: no server can read you or tell who you talk to.')
  .version(version)
  .exitOverride()

withCommon(program.command('chat'))
  .description('Chat in the terminal.')
  .argument('[chat]', '#name, a public key, or the name of a contact or a group', '#status')
  .action((room: string, flags: Flags) => {
    checkedName(room)
    if (flags.json)
      throw new CliError(
        'invalid-argument',
        'chat is for people; for programs: listen --json, send, serve --stdio',
      )
    return withSession(flags, (session) => chat(session, { chat: room }), {
      ...{ connectsLater: true, isEndless: true },
      createsAccount: !isName(room), // nobody has a name there
    })
  })

declareSend(withCommon(program.command('send')), seconds, withSession)

withCommon(program.command('listen'))
  .description('Print what arrives, private messages included, until Ctrl-C.')
  .argument('[chats...]', 'public chats to listen to, #name')
  .option('--count <n>', 'end after so many messages', positive)
  .action((chats: string[], flags: Flags & { count?: number }) => {
    for (const room of chats) parseChat(room)
    return withSession(
      flags,
      (session, { json }) =>
        listen(
          session,
          { chats, json, ...(flags.count ? { count: flags.count } : {}) },
          {
            print: (line) => console.log(line),
            tell: process.stderr.isTTY ? (line) => console.error(line) : undefined,
          },
        ),
      { isEndless: true },
    )
  })

withCommon(program.command('serve'))
  .description('Serve a program over JSON-RPC 2.0 until its end of standard input.')
  .requiredOption('--stdio', 'one JSON text a line on standard input and output')
  .option('--after <seq>', 'tell first what happened after this event, as far back as events are kept', seq)
  .option('--trace', 'tell what each layer does with a message')
  .action((flags: Flags & { after?: bigint; trace?: boolean }) => {
    const trace = flags.trace ? createTraceFeed() : undefined
    const options = { ...(flags.after === undefined ? {} : { after: flags.after }), trace }
    return withSession(
      flags,
      (session) => serve(session, { input: process.stdin, output: process.stdout, ...options }),
      { isEndless: true, ...(trace && { trace: trace.tell }) },
    )
  })

withCommon(program.command('history'))
  .description('Fetch from mailservers what was missed, and say how it goes.')
  .option(
    '--since <time>',
    'how far back it is to be complete, from now on: 90m, 12h, 7d, 2w; at most 30d',
    ago,
  )
  .option('--chat <chat>', 'only this: #name, a public key, the name of a contact; repeatable', collect)
  .option('--timeout <seconds>', 'how long to wait for a mailserver', seconds, 30)
  .action((flags: Flags & { since?: number; chat?: string[]; timeout: number }) => {
    if (settingsFrom(flags).mailservers.length === 0)
      throw new CliError('invalid-argument', 'history: name a mailserver with --mailserver enode://...')
    for (const one of flags.chat ?? []) checkedName(one)
    const since = flags.since
    return withSession(
      flags,
      (session, { json }) =>
        history(
          session,
          {
            ...{ chats: flags.chat ?? [], json, timeoutMs: flags.timeout * 1000 },
            ...(since !== undefined && { sinceUnixSeconds: Math.floor(Date.now() / 1000) - since }),
          },
          {
            print: (line) => console.log(line),
            show: process.stderr.isTTY ? (line) => process.stderr.write(`\r${line}\u001b[K`) : undefined,
          },
        ),
      { fetchesHistory: false, connectsLater: true },
    )
  })

withAccount(program.command('messages'))
  .description('Print stored messages of a chat, the newest last.')
  .argument('<chat>', '#name, a public key, or the name of a contact')
  .option('--limit <n>', 'how many, at most 1000', page, 50)
  .option('--before <id>', 'those before this message')
  .option('--save-images <directory>', 'write the images among them there, each as <id>.png, .jpg, ...')
  .action((room: string, flags: Flags & { limit: number; before?: string; saveImages?: string }) => {
    checkedName(room)
    if (flags.before !== undefined) messageIdIn(flags.before, '--before')
    return withHistory(flags, async (history, { json }) => {
      const { limit, before, saveImages } = flags
      const found = await messages(history, {
        ...{ chat: room, json, limit },
        ...(before === undefined ? {} : { before }),
        ...(saveImages === undefined ? {} : { saveImages }),
      })
      for (const line of found.lines) console.log(line)
      if (found.before && !json) console.error(`Older ones: --before ${found.before}`)
      if (found.lines.length === 0 && !json) console.error('Nothing is stored of this chat.')
    })
  })

withAccount(program.command('search'))
  .description('Find stored messages by their words, the newest last.')
  .argument('<text>', 'words, or beginnings of words; case and accents do not count')
  .option('--chat <chat>', 'only in this one: #name, a public key, or the name of a contact')
  .option('--author <person>', 'only what they said: a public key, or the name of a contact')
  .option('--since <date>', 'only from then on: 2026-11-22, or with a time, 2026-11-22T18:00')
  .option('--until <date>', 'only before then')
  .option('--limit <n>', 'how many, at most 1000', page, 50)
  .option('--before <id>', 'go on after this one, the oldest that was shown')
  .action((text: string, flags: Flags & SearchFlags) => {
    checkSearch({ ...flags, text })
    return withHistory(flags, async (history, { json }) => {
      const found = await search(history, { ...flags, text, json })
      for (const line of found.lines) console.log(line)
      if (found.before && !json) console.error(`Older ones: --before ${found.before}`)
      if (found.lines.length === 0 && !json) console.error('Nothing was found.')
    })
  })

withAccount(program.command('export'))
  .description('Write a chat to standard output, a JSON object a line, the oldest message first.')
  .requiredOption('--chat <chat>', '#name, a public key, or the name of a contact')
  .action((flags: Flags & { chat: string }) => {
    checkedName(flags.chat)
    return withHistory(flags, (history) => exportChat(history, flags.chat, process.stdout))
  })

declareContacts(withCommon(program.command('contacts')), {
  withSession,
  list: (flags) =>
    withHistory(flags, async (history, settings) => {
      for (const line of await contacts(history, settings)) console.log(line)
    }),
})
declareChats(withAccount(program.command('chats')), withSession)

withCommon(program.command('devices'))
  .description('Show the devices of this account, pair another one, send it what this one has.')
  .option('--name <text>', 'what this device is called')
  .option('--type <text>', 'what it is: desktop, android, ...')
  .option('--pair', 'make this device known to the others, and wait for one that does the same')
  .option('--enable <id>', 'exchange messages, chats and contacts with a device; the start of its id will do')
  .option('--disable <id>', 'no more')
  .option('--sync', 'send chats and contacts to the devices that are enabled')
  .option('--timeout <seconds>', 'how long to wait for another device', seconds, 60)
  .action((flags: Flags & DevicesFlags) => {
    checkDevices(flags)
    const changes = ['name', 'type', 'pair', 'enable', 'disable', 'sync'].some((flag) => flag in flags)
    return withSession(
      changes ? flags : withoutWarnings(flags),
      (session, { json }) => {
        const { timeout, type: deviceType, ...input } = flags
        const all = { ...input, ...(deviceType === undefined ? {} : { deviceType }) }
        return devices(session, { ...all, timeoutMs: timeout * 1000, json }, (line) => console.log(line))
      },
      { connectsLater: true, createsAccount: changes },
    )
  })

declareGroup(withCommon(program.command('group')), withSession)

program
  .command('demo')
  .description(
    'Show everything at work: a relay and three people on this machine, gone without a trace afterwards.',
  )
  .option('--json', 'print JSON lines')
  .option('--timeout <seconds>', 'when to give up', seconds, 60)
  .option('--debug', 'print the stack of an error')
  .action((flags: { json?: boolean; timeout: number }) =>
    demo({ json: flags.json ?? false, timeoutMs: flags.timeout * 1000 }, (line) => console.log(line)),
  )

declareAccount(program.command('account'), { withAccount, withStorage, printed })
addExamples(program)
explainUsage(program, wantsJson)

interface DevicesFlags {
  readonly name?: string
  readonly type?: string
  readonly enable?: string
  readonly disable?: string
  readonly pair?: boolean
  readonly sync?: boolean
  readonly timeout: number
}

function withAccount(command: Command): Command {
  return command
    .option(
      '--data-dir <path>',
      'where the account is kept (or STATUS_DATA_DIR; default ~/.local/share/status)',
    )
    .option('--password-file <path>', 'a file with the password (or STATUS_PASSWORD_FILE)')
    .option('--json', 'print JSON for scripts')
    .option('--debug', 'print the stack of an error')
}

function withCommon(command: Command): Command {
  return withAccount(command)
    .option('--peer <enode>', 'a node to connect to; repeatable', collect)
    .option(
      '--mailserver <enode>',
      'a node to connect to that is asked for what was missed; repeatable (or STATUS_MAILSERVERS)',
      collect,
    )
    .option(
      '--mail-password-file <path>',
      'a file with the password of the mailservers (or STATUS_MAIL_PASSWORD_FILE)',
    )
    .option(
      '--mail-copies <n>',
      'how many mailservers have to answer for all of it, against those that have gaps (1)',
      positive,
    )
    .option(
      '--mail-decoys <n>',
      `topics of nobody that they are asked for beside ours, to hide which are ours; 50 cost 2 % of everybody's mail (0 to ${MAX_DECOYS}; 0)`,
      decoys,
    )
    .option(
      '--whisper <where>',
      'instead: a node that carries our messages, ws://..., http://... or an IPC path',
    )
    .option('--whisper-token-file <path>', 'a file with its token (or STATUS_WHISPER_TOKEN_FILE)')
    .option('--log-level <level>', 'silent, error, warn, info, debug; on standard error', 'warn')
}

/** Also of what cannot be parsed. */
function wantsJson(): boolean {
  return process.argv.includes('--json')
}

async function printed(text: Promise<string>): Promise<void> {
  console.log(await text)
}

/** Tells what went wrong. @returns how the program ends */
function explain(error: unknown): number {
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE') return EXIT.ok // who read has what they wanted
  const failure = failureOf(error)
  if (failure && process.argv.includes('--debug')) console.error(error)
  else if (failure) console.error(failureText(failure, wantsJson()))
  return exitCodeOf(error)
}

try {
  await program.parseAsync()
  process.exit(EXIT.ok)
} catch (error) {
  process.exit(explain(error))
}
