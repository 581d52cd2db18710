/** What every command that needs an account or the network is told. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseEnode } from '@status-protocol/p2p-devp2p'
import { CliError } from './error.ts'
import { reasonOf } from './reason.ts'

export interface Settings {
  readonly dataDir: string
  readonly password: string | undefined
  readonly peers: readonly string[]
  /** Enodes of those who are asked for what was missed. */
  readonly mailservers: readonly string[]
  /** What they are asked with, if it is not what all of Status use. */
  readonly mailPassword: string | undefined
  /** How many mailservers have to answer for a stretch of time. */
  readonly mailCopies: number
  /** Topics of nobody that they are asked for beside ours. */
  readonly mailDecoys: number
  /** The node whose `shh_*` methods carry our messages, instead of links of our own. */
  readonly whisper: string | undefined
  /** What that node wants to be told. */
  readonly whisperToken: string | undefined
  readonly json: boolean
}

export interface Flags {
  readonly dataDir?: string
  readonly passwordFile?: string
  readonly peer?: readonly string[]
  readonly mailserver?: readonly string[]
  readonly mailPasswordFile?: string
  readonly mailCopies?: number
  readonly mailDecoys?: number
  readonly whisper?: string
  readonly whisperTokenFile?: string
  readonly json?: boolean
  readonly logLevel?: string
}

/** That there is no peer matters to nobody who only looks. */
export const withoutWarnings = (flags: Flags): Flags =>
  flags.logLevel === 'warn' ? { ...flags, logLevel: 'error' } : flags

/** @throws CliError `invalid-argument`, `data-dir` */
export function settingsFrom(flags: Flags, env: NodeJS.ProcessEnv = process.env): Settings {
  const passwordFile = flags.passwordFile ?? env.STATUS_PASSWORD_FILE
  const tokenFile = flags.whisperTokenFile ?? env.STATUS_WHISPER_TOKEN_FILE
  if (flags.whisper !== undefined && flags.peer?.length)
    throw new CliError('invalid-argument', '--peer: the node given with --whisper has its own peers')
  const mailservers = mailserversIn(flags, env)
  const mailPasswordFile = flags.mailPasswordFile ?? env.STATUS_MAIL_PASSWORD_FILE
  if (flags.whisper !== undefined && flags.mailserver?.length)
    throw new CliError('invalid-argument', NO_MAIL_THROUGH_A_NODE)
  const { mailCopies = 1, mailDecoys = 0 } = flags
  if (mailservers.length > 0 && mailservers.length < mailCopies)
    throw new CliError(
      'invalid-argument',
      `--mail-copies ${mailCopies}: expected as many --mailserver, got ${mailservers.length}`,
    )
  if (flags.whisper === '')
    throw new CliError('invalid-argument', '--whisper: expected ws://, http:// or an IPC path, got nothing')
  if (flags.dataDir === '')
    throw new CliError('invalid-argument', '--data-dir: expected a directory, got nothing')
  return {
    ...{ mailCopies, mailDecoys },
    mailservers:
      flags.whisper === undefined ? mailservers.map((one) => checkedEnode(one, '--mailserver')) : [],
    mailPassword: mailPasswordFile ? secretIn(mailPasswordFile, 'mail password file') : undefined,
    whisper: flags.whisper,
    whisperToken: tokenFile ? secretIn(tokenFile, 'token file') : undefined,
    dataDir: flags.dataDir ?? (env.STATUS_DATA_DIR || defaultDataDir(env)),
    password:
      passwordFile === undefined || passwordFile === '' ? undefined : secretIn(passwordFile, 'password file'),
    peers: (flags.peer ?? []).map((one) => checkedEnode(one)),
    json: flags.json ?? false,
  }
}

/** Why history needs links of our own. */
export const NO_MAIL_THROUGH_A_NODE =
  '--mailserver: not with --whisper: a node that carries messages does not tell which part of the history it got, so nobody could know what is missing; use --peer and --mailserver'

/** Flags go before what the environment says. */
function mailserversIn(flags: Flags, env: NodeJS.ProcessEnv): readonly string[] {
  if (flags.mailserver?.length) return flags.mailserver
  return (env.STATUS_MAILSERVERS ?? '').split(/[\s,]+/).filter((text) => text !== '')
}

/** The text itself. @throws CliError `invalid-argument`, saying what is wrong with it */
export function checkedEnode(text: string, flag = '--peer'): string {
  try {
    if (parseEnode(text).tcpPort > 0) return text
  } catch (error) {
    throw new CliError(
      'invalid-argument',
      `${flag}: ${error instanceof Error ? error.message : 'not an enode'}`,
    )
  }
  throw new CliError(
    'invalid-argument',
    `${flag}: expected an enode with address and port, enode://...@host:port`,
  )
}

const SECURITIES = ['ratchet', 'dh', 'whisper', 'default'] as const

/** @throws CliError `invalid-argument`, saying what there is */
export function securityNamed(text: string, flag: string): (typeof SECURITIES)[number] {
  const found = SECURITIES.find((name) => name === text)
  if (found) return found
  throw new CliError(
    'invalid-argument',
    `${flag}: expected ${SECURITIES.join(', ')}, got ${JSON.stringify(text.slice(0, 40))}`,
  )
}

/** The first line of a file that holds a secret. @throws CliError `invalid-argument` */
export function secretIn(path: string, what: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new CliError('invalid-argument', `${what} ${path} cannot be read (${reasonOf(error)})`)
  }
  const line = text.split(/\r?\n/, 1)[0] ?? ''
  if (line === '') throw new CliError('invalid-argument', `${what} ${path}: its first line is empty`)
  return line
}

/** ` --data-dir PATH`, as it is typed, where it is not the one that needs no naming. */
export function dataDirFlag(dataDir: string, env: NodeJS.ProcessEnv = process.env): string {
  if (dataDir === defaultDataDir(env)) return ''
  const isPlain = /^[\w./~+:@%,=-]+$/.test(dataDir)
  return ` --data-dir ${isPlain ? dataDir : `'${dataDir.replaceAll("'", "'\\''")}'`}`
}

function defaultDataDir(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? homedir(), 'status')
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'status')
}
