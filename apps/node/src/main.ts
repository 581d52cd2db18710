#!/usr/bin/env node
/** `status-node`: flags in, a running node, an exit code that says how it ended. */
import { Command, InvalidArgumentError } from 'commander'
import {
  type Config,
  DEFAULT_HTTP,
  DEFAULT_METRICS,
  DEFAULT_RETENTION,
  DEFAULT_WS,
  readConfig,
} from './config.ts'
import { examine } from './doctor/doctor.ts'
import { diagnosisText } from './doctor/print.ts'
import { EXIT } from './error.ts'
import { addExamples } from './examples.ts'
import { exitCodeOf, explainUsage, failureOf, failureText } from './failure.ts'
import { idleFlags } from './idle-flags.ts'
import { endOnDefects, logWarnings, outliveReaders, untilStopped } from './lifecycle.ts'
import { createLog } from './log.ts'
import { addArchiveCommands } from './mail/command.ts'
import { startNode } from './node.ts'
import { addPeerCommands } from './p2p/command.ts'
import { createReporter } from './report.ts'
import { DEFAULT_MODULES } from './rpc-modules.ts'
import { checkTrace, recentSteps, traceOf, traceText } from './trace/command.ts'
import { VERSION } from './version.ts'

let showsStack = process.argv.includes('--debug')
let wantsJson = process.argv.includes('--json')

const program = new Command('status-node')
  .description('A relay of the Status Protocol: carries envelopes that it cannot read.')
  .version(VERSION)
  .exitOverride()
  .optionsGroup('Network:')
  .option('--listen <host:port>', 'where peers connect (default 0.0.0.0:30303; port 0: any free one)')
  .option('--advertise-ip <address>', 'the address in the enode, if others reach the node by another one')
  .option('--peer <enode>', 'a node to stay connected to; repeatable', collect)
  .option(
    '--trusted-peer <enode>',
    'may connect over the limit and send direct messages; repeatable',
    collect,
  )
  .option(
    '--bootnodes <nodes>',
    'whom to ask for peers: enode://... or enr:...; with commas between them, repeatable',
    collect,
  )
  .option('--dns-discovery <enrtree>', 'lists of peers: enrtree://key@domain; repeatable', collect)
  .option(
    '--discovery [versions]',
    'look for peers over UDP, and be found: v4, v5, v4,v5, none (default: v4, with --bootnodes)',
  )
  .option('--no-discovery', 'use neither bootnodes nor lists, as --discovery none')
  .option('--nat <way>', 'map ports on the router: any, none (default), upnp, pmp, pmp:IP, extip:IP')
  .option('--transport <list>', 'ways to peers, what is tried first first (default tcp,wss,ws)')
  .option('--listen-ws <url>', 'take peers over WebSocket too: ws://127.0.0.1:8080/p2p')
  .option('--advertise-via <url>', 'how others get there: wss://relay.example/p2p; repeatable', collect)
  .option(
    '--trusted-proxy <address>',
    'a web server in front that says who connects (X-Forwarded-For): 127.0.0.1, 10.0.0.0/8; repeatable',
    collect,
  )
  .option('--proxy <url>', 'dial through socks5://[user:password@]127.0.0.1:9050')
  .option('--min-pow <number>', 'refuse envelopes with less proof of work (default 0.002)', number)
  .option('--max-peers <n>', 'how many peers at once (default 50)', number)
  .optionsGroup('Whisper:')
  .option('--light', 'take only what the own filters want, carry nothing for others')
  .option('--rate-limit-ip <n>', 'packets a second from one IP address (default 0: no limit)', number)
  .option('--rate-limit-peer <n>', 'packets a second from one peer (default 0: no limit)', number)
  .option('--rate-limit-topic <n>', 'envelopes a second of one topic from one peer (default 0)', number)
  .option(
    '--rate-limit-tolerance <n>',
    'packets above a limit in a minute before a peer is dropped (default 0: it is only slowed down)',
    number,
  )
  .option('--privacy-delay <ms>', 'hold each envelope back at random, at most 10000 (default 0)', number)
  .option('--older-pow-peer <enode>', 'may count proof of work by the older rule; repeatable', collect)
  .option('--clock-correction', 'judge the times of envelopes by a clock that peers correct (default)')
  .option('--no-clock-correction', "judge them by this machine's clock alone")
  .optionsGroup('JSON-RPC:')
  .option('--http [host:port]', `over HTTP (default ${DEFAULT_HTTP})`)
  .option('--ws [host:port]', `over WebSocket (default ${DEFAULT_WS}; the address of --http: on one port)`)
  .option('--ipc [path]', 'over a Unix socket, all methods (default status-node.ipc in the data directory)')
  .option('--rpc-modules <list>', `over HTTP and WebSocket (default ${DEFAULT_MODULES.join()}; also admin)`)
  .option('--rpc-host <name>', 'a host name that HTTP and WebSocket are asked by; repeatable', collect)
  .option('--rpc-origin <origin>', 'web pages that may ask, https://example.org; repeatable', collect)
  .option('--rpc-unsafe-keys', 'private and symmetric keys also over HTTP and WebSocket')
  .optionsGroup('Mailserver:')
  .option('--mailserver', 'keep envelopes, and give them to clients that were away')
  .option(
    '--archive <store>',
    "sqlite (default): in the data directory; postgres: where libpq's variables say",
  )
  .option('--archive-url-file <file>', 'instead of these: holds postgres://user:password@host/database')
  .option(
    '--mail-password-file <file>',
    'what requests are encrypted with (default: as all clients of Status)',
  )
  .option(
    '--retention <time>',
    `how long envelopes are kept: 12h, 30d, forever (default ${DEFAULT_RETENTION})`,
  )
  .option('--archive-max-bytes <size>', 'the oldest go beyond this: 20GB (default: no limit)')
  .option('--archive-topics <list>', 'keep only these: 0x5c6c9b56,#status (default: all)')
  .option(
    '--sync-from <enode>',
    'a mailserver to fill the archive from, again and again; repeatable',
    collect,
  )
  .optionsGroup('Operations:')
  .option('--metrics [host:port]', `/metrics, /health and /ready over HTTP (default ${DEFAULT_METRICS})`)
  .option('--metrics-host <name>', 'a host name that these are asked by; repeatable', collect)
  .option('--ready-peers <n>', 'be ready only with so many peers (default 0)', number)
  .option(
    '--trace-envelopes [steps]',
    'remember the last steps of envelopes, for status-node trace (default 10000)',
    number,
  )
  .option('--json', 'print events as JSON lines, logs too')
  .option(
    '--log-level <levels>',
    'silent, error, warn, info (default), debug, trace; by module: info,p2p=debug,whisper=warn',
  )
  .option('--debug', 'print the stack of an error')
  .optionsGroup('Files:')
  .option('--data-dir <path>', "where the node's identity is kept (default ~/.local/share/status-node)")
  .option(
    '--config <file>',
    'JSON with the same settings: { "listen": "0.0.0.0:30303", "peer": ["enode://..."] }',
  )
  .optionsGroup('Options:')
  .addHelpText(
    'after',
    `
Examples:
  status-node                                         relay on port 30303
  status-node --listen 127.0.0.1:0 --json             for scripts: the first line is the ready event
  status-node --peer enode://... --config node.json   joins a network
  status-node --metrics --log-level info,p2p=debug    watched by Prometheus, each connection in the log
  status-node --bootnodes enode://... --nat any       finds peers, is found behind a router
  status-node bootnode --listen 0.0.0.0:30301         tells nodes of each other, and nothing else
  status-node --mailserver --retention 7d             keeps a week for those who were away
  status-node archive backup /backups/archive.db      a copy while the node works
  status-node doctor --config node.json               why does it not work?
  status-node trace 0x...                             where did that envelope go?

Exit codes: 0 stopped as asked, 1 failed, 2 flags or configuration, 3 data directory, 4 address cannot be listened on,
5 doctor found something that has to be mended. An error is one line on standard error, with --json an object.`,
  )
  .action(() => {
    const [unknown] = program.args
    if (unknown !== undefined) program.error(`error: unknown command '${unknown}'`, { exitCode: 2 })
    return main(settings())
  })

program
  .command('doctor')
  .description('Look at ports, clock, data directory, disk and peers: what is wrong, and what to do.')
  .action(async () => {
    const config = settings()
    const diagnosis = await examine(config)
    console.log(config.json ? JSON.stringify(diagnosis) : diagnosisText(diagnosis))
    if (!diagnosis.ok) process.exit(EXIT.unwell)
  })

program
  .command('trace')
  .description('Which way an envelope took through a running node that has --ipc and --trace-envelopes.')
  .argument('[hash]', 'of the envelope: 0x and 64 hex digits; without it the last steps of all')
  .option('--recent <steps>', 'how many of the last steps', number, 50)
  .action(async (hash: string | undefined, { recent }: { recent: number }) => {
    checkTrace(hash, recent)
    const { json, ...source } = settings()
    const trace = hash === undefined ? await recentSteps(recent, source) : await traceOf(hash, source)
    console.log(json ? JSON.stringify(trace) : traceText(trace))
    if (hash !== undefined && trace.steps.length === 0) process.exit(EXIT.failed)
  })

program.helpCommand('help [command]', 'Show the help of a command.')
addPeerCommands(program, settings)
addArchiveCommands(program, settings)
addExamples(program)
explainUsage(program, () => wantsJson)
program.allowExcessArguments() // of the node alone, no command of it: what is too much is a command that there is not

/** Of flags and file. A file can ask for JSON and the stack of errors too. */
function settings(): Config {
  const config = readConfig(program.opts())
  showsStack ||= config.debug
  wantsJson ||= config.json
  return config
}

async function main(config: Config): Promise<void> {
  const log = createLog(config)
  endOnDefects(log)
  logWarnings(log)
  for (const line of idleFlags(program.opts(), config)) log.warn(line)
  const report = createReporter(config)
  const node = await startNode(config, log)
  report.ready(node)
  void (async () => {
    for await (const event of node.peerEvents()) report.peer(event)
  })()
  await untilStopped(node)
}

function collect(value: string, all: readonly string[] = []): readonly string[] {
  return [...all, value]
}

function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || Number.isNaN(value)) throw new InvalidArgumentError('expected a number.')
  return value
}

/** Tells what went wrong. @returns how the program ends */
function explain(error: unknown): number {
  const failure = failureOf(error)
  if (failure && showsStack) console.error(error)
  else if (failure) console.error(failureText(failure, wantsJson))
  return exitCodeOf(error)
}

outliveReaders()
try {
  await program.parseAsync()
  process.exit(EXIT.ok)
} catch (error) {
  process.exit(explain(error))
}
