/** What a node can be told: by flags, by a configuration file, by defaults, in this order of precedence. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import {
  parseEnode,
  parseNatMode,
  parseNodeRecord,
  parseTransportUrl,
  parseTreeLink,
} from '@status-protocol/p2p-devp2p'
import { socksConnect } from '@status-protocol/p2p-devp2p/socks'
import { clientAddresses } from '@status-protocol/p2p-devp2p/websocket'
import type { Topic } from '@status-protocol/whisper'
import { z } from 'zod'
import { reasonOf } from './data-dir.ts'
import { NodeError } from './error.ts'
import { isHostAndPort } from './host-port.ts'
import { DEFAULT_LOG_LEVEL, parseLogLevels } from './log-levels.ts'
import { bytesOf, secondsOf, topicOf } from './mail/settings.ts'
import { checkTogether } from './p2p/settings.ts'
import { DEFAULT_MODULES, RPC_MODULES } from './rpc-modules.ts'
import { inert } from './terminal-text.ts'
import { DEFAULT_TRACED_STEPS, MAX_TRACED_STEPS } from './trace/ring.ts'
import { checkWhisper } from './whisper-settings.ts'

/** The port is that of statusd's metrics. */
export const DEFAULT_METRICS = '127.0.0.1:9305'

const STEPS = `expected 1 .. ${MAX_TRACED_STEPS} steps, true or false`
const isStepCount = (value: number) => Number.isInteger(value) && value >= 1 && value <= MAX_TRACED_STEPS

/** The ports are those of geth. */
export const DEFAULT_HTTP = '127.0.0.1:8545'
export const DEFAULT_WS = '127.0.0.1:8546'

const hostAndPort = z.string().superRefine((text, context) => {
  if (!isHostAndPort(text))
    context.addIssue({
      code: 'custom',
      message: `expected host:port, for example 0.0.0.0:30303, got ${JSON.stringify(text)}`,
    })
})

/** `true`: there; an address: there; `false`: nowhere. */
const addressOr = (normal: string) =>
  z
    .union([z.boolean(), hostAndPort], { error: 'expected host:port, true or false' })
    .default(false)
    .transform((value) => (value === true ? normal : value === false ? undefined : value))

const modules = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))], {
    error: 'expected names with commas between them, shh,net,web3',
  })
  .superRefine((names, context) => {
    const unknown = names.find((name) => !RPC_MODULES.includes(name))
    if (unknown !== undefined)
      context.addIssue({
        code: 'custom',
        message: `there is no module ${JSON.stringify(unknown)}; there are ${RPC_MODULES.join(', ')}`,
      })
  })

const enode = z.string().superRefine((text, context) => {
  const fault = enodeFault(text)
  if (fault) context.addIssue({ code: 'custom', message: fault })
})

/** What `read` makes of a text, or what was expected. */
const readAs = <T>(read: (text: string) => T | undefined, expected: string) =>
  z.string({ error: `expected ${expected}` }).transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({
      code: 'custom',
      message: `expected ${expected}, got ${JSON.stringify(text.slice(0, 40))}`,
    })
    return z.NEVER
  })

/** A text that `parse` takes. Its error is ours to show. */
const checkedBy = (parse: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    const fault = faultOf(() => parse(text))
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  })

/** A list, or its items with commas between them. */
const listOf = <T>(item: z.ZodType<T, string>) =>
  z
    .union([z.array(z.string()), z.string()], { error: 'expected a list' })
    .transform((list) => [list].flat().flatMap((text) => text.split(',')))
    .pipe(z.array(item).max(100))

/** Of one second; 0: none. */
const rateLimit = z.number().int({ error: 'expected a whole number' }).min(0).default(0)

const VERSIONS = ['v4', 'v5'] as const
const VERSION_LIST = 'v4, v5 or both with a comma between them, or none'

/** True: version 4; `none` or false: nothing. */
const discovery = z
  .preprocess(
    (value) => (value === true ? ['v4'] : value === false || value === 'none' ? [] : value),
    listOf(readAs((text) => VERSIONS.find((known) => known === text), VERSION_LIST)),
  )
  .optional()

const TRANSPORTS = ['tcp', 'wss', 'ws'] as const
const TRANSPORT_LIST = 'each of tcp, wss, ws at most once, what is tried first first'

/** As status-go keeps it. */
export const DEFAULT_RETENTION = '30d'

/** Null: for ever. */
const retention = readAs(
  (text) => (text === 'forever' ? null : secondsOf(text)),
  'a time like 30d, 12h or 90m, or forever',
)
const topicList: z.ZodType<Topic[], string | string[]> = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))], { error: 'expected topics' })
  .pipe(z.array(readAs(topicOf, 'topics like 0x5c6c9b56, or public chats like #status')).min(1).max(10_000))

export const CONFIG = z.strictObject({
  listen: hostAndPort.default('0.0.0.0:30303'),
  advertiseIp: z
    .string()
    .refine((text) => isIP(text) !== 0, { error: 'expected an IP address, 203.0.113.9 or 2001:db8::9' })
    .optional(),
  peer: z.array(enode).max(100).default([]),
  trustedPeer: z.array(enode).max(100).default([]),
  bootnodes: listOf(checkedBy(parseBootnode)).prefault([]),
  dnsDiscovery: listOf(checkedBy((text) => parseTreeLink(text))).prefault([]),
  discovery,
  nat: checkedBy(parseNatMode).prefault('none').transform(parseNatMode),
  transport: listOf(readAs((text) => TRANSPORTS.find((known) => known === text), TRANSPORT_LIST))
    .refine((list) => new Set(list).size === list.length && list.length > 0, {
      error: `expected ${TRANSPORT_LIST}`,
    })
    .prefault([...TRANSPORTS]),
  listenWs: checkedBy(webSocketUrl).optional(),
  advertiseVia: listOf(checkedBy((text) => parseTransportUrl(text))).prefault([]),
  trustedProxy: listOf(checkedBy((text) => clientAddresses([text]))).prefault([]),
  proxy: checkedBy(socksConnect).optional(),
  minPow: z.number().min(0).max(1_000_000).default(0.002),
  maxPeers: z.number().int().min(1).max(10_000).default(50),
  light: z.boolean().default(false),
  rateLimitIp: rateLimit,
  rateLimitPeer: rateLimit,
  rateLimitTopic: rateLimit,
  rateLimitTolerance: rateLimit,
  privacyDelay: z.number().min(0).max(10_000).default(0),
  olderPowPeer: z.array(enode).max(100).default([]),
  clockCorrection: z.boolean().default(true),
  dataDir: z.string().min(1).default(defaultDataDir()),
  metrics: addressOr(DEFAULT_METRICS),
  metricsHost: z.array(z.string().min(1).max(255)).max(100).default([]),
  http: addressOr(DEFAULT_HTTP),
  ws: addressOr(DEFAULT_WS),
  ipc: z
    .union([z.boolean(), z.string().min(1)], { error: 'expected a path, true or false' })
    .default(false)
    .transform((value) => (value === false ? undefined : value)),
  rpcModules: modules.default([...DEFAULT_MODULES]),
  rpcHost: z.array(z.string().min(1).max(255)).max(100).default([]),
  rpcOrigin: z.array(z.string().min(1).max(255)).max(100).default([]),
  rpcUnsafeKeys: z.boolean().default(false),
  mailserver: z.boolean().default(false),
  archive: z.enum(['sqlite', 'postgres'], { error: 'expected sqlite or postgres' }).default('sqlite'),
  archiveUrlFile: z.string().min(1).optional(),
  mailPasswordFile: z.string().min(1).optional(),
  retention: retention.prefault(DEFAULT_RETENTION).transform((seconds) => seconds ?? undefined),
  archiveMaxBytes: z
    .union([z.number().int().min(1), readAs(bytesOf, 'a size like 20GB or 500MB')], {
      error: 'expected a size like 20GB or 500MB',
    })
    .optional(),
  archiveTopics: topicList.optional(),
  syncFrom: z.array(enode).max(10).default([]),
  readyPeers: z.number().int().min(0).max(10_000).default(0),
  traceEnvelopes: z
    .union([z.boolean(), z.number()], { error: STEPS })
    .refine((value) => typeof value === 'boolean' || isStepCount(value), { error: STEPS })
    .default(false)
    .transform((value) => (value === true ? DEFAULT_TRACED_STEPS : value === false ? undefined : value)),
  json: z.boolean().default(false),
  logLevel: z
    .string()
    .superRefine((text, context) => {
      const levels = parseLogLevels(text)
      if (typeof levels === 'string') context.addIssue({ code: 'custom', message: levels })
    })
    .default(DEFAULT_LOG_LEVEL),
  debug: z.boolean().default(false),
})

export type Config = z.output<typeof CONFIG>

/** Flags that were given, over the file that they name, over defaults. @throws NodeError `invalid-config`, one line */
export function readConfig(flags: Readonly<Record<string, unknown>>): Config {
  const { config: file, ...given } = flags
  if (file === '') throw new NodeError('invalid-config', '--config: expected a file, got nothing')
  const fromFile = typeof file === 'string' ? readFile(file) : {}
  const parsed = CONFIG.safeParse({ ...fromFile, ...withoutUndefined(given) }, { reportInput: true })
  if (parsed.success) {
    checkTogether(parsed.data)
    checkWhisper(parsed.data)
    return parsed.data
  }
  throw new NodeError('invalid-config', explain(parsed.error))
}

function readFile(path: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason =
      error instanceof SyntaxError
        ? `is not JSON (${inert(error.message, { maxChars: 200 })})`
        : `cannot be read (${reasonOf(error)})`
    throw new NodeError('invalid-config', `configuration file ${path} ${reason}`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new NodeError(
    'invalid-config',
    `configuration file ${path}: expected an object, { "listen": "0.0.0.0:30303" }`,
  )
}

function explain(error: z.ZodError): string {
  const issue = error.issues[0]
  if (issue?.code === 'unrecognized_keys') return unknownKey(issue.keys[0] ?? '')
  const name = issue?.path[0]
  return `${name === undefined ? 'configuration' : `--${kebab(String(name))}`}: ${issue ? wordsOf(issue) : 'invalid'}`
}

/** Ours where we have them, else what was expected. */
function wordsOf(issue: z.core.$ZodIssue): string {
  const { input, message } = issue
  if (/^Invalid input: expected \w+, received \w+$/.test(message))
    return `expected ${'expected' in issue ? (KINDS[issue.expected] ?? issue.expected) : 'something else'}, got ${shown(input)}`
  if (issue.code === 'too_small' && message.startsWith('Too small'))
    return issue.origin === 'string'
      ? 'expected some text, got none'
      : `expected at least ${issue.minimum}${many(issue.origin)}, got ${shown(input)}`
  if (issue.code === 'too_big' && message.startsWith('Too big'))
    return `expected at most ${issue.maximum}${many(issue.origin)}, got ${shown(input)}`
  return message
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
}

const many = (origin: string): string =>
  origin === 'array' ? ' of them' : origin === 'string' ? ' characters' : ''

/** Not the whole of it. */
function shown(input: unknown): string {
  if (Array.isArray(input)) return `a list of ${input.length}`
  return (JSON.stringify(input) ?? 'nothing').slice(0, 40)
}

function unknownKey(key: string): string {
  const known = Object.keys(CONFIG.shape)
  const near = known.filter(
    (name) => key.length <= 60 && distance(name.toLowerCase(), key.toLowerCase()) <= 2,
  )
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known are ${known.join(', ')}`
  return `there is no setting ${JSON.stringify(key.slice(0, 60))}; ${hint}`
}

function enodeFault(text: string): string | undefined {
  return faultOf(() => parseEnode(text))
}

function parseBootnode(text: string): unknown {
  return text.startsWith('enr:') ? parseNodeRecord(text) : parseEnode(text)
}

function webSocketUrl(text: string): void {
  const { protocol } = parseTransportUrl(text, 'URL')
  if (protocol !== 'ws')
    throw new NodeError('invalid-config', 'expected ws://host:port/path: TLS is for a web server in front')
}

function faultOf(parse: () => unknown): string | undefined {
  try {
    parse()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'not what was expected'
  }
}

function defaultDataDir(): string {
  const base = process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share')
  return process.platform === 'win32'
    ? join(process.env.LOCALAPPDATA ?? homedir(), 'status-node')
    : join(base, 'status-node')
}

function withoutUndefined(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Levenshtein distance; both texts are short. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution))
    }
    row = next
  }
  return row[b.length] ?? 0
}
