/** What every command that needs an account or the network is told. */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseEnode } from '@status-protocol/p2p-devp2p'
import { CliError } from './error.ts'

export interface Settings {
  readonly dataDir: string
  readonly password: string | undefined
  readonly peers: readonly string[]
  readonly json: boolean
}

export interface Flags {
  readonly dataDir?: string
  readonly passwordFile?: string
  readonly peer?: readonly string[]
  readonly json?: boolean
  readonly logLevel?: string
}

/** @throws CliError `invalid-argument`, `data-dir` */
export function settingsFrom(flags: Flags, env: NodeJS.ProcessEnv = process.env): Settings {
  const passwordFile = flags.passwordFile ?? env.STATUS_PASSWORD_FILE
  return {
    dataDir: flags.dataDir ?? env.STATUS_DATA_DIR ?? defaultDataDir(env),
    password: passwordFile === undefined || passwordFile === '' ? undefined : readPassword(passwordFile),
    peers: (flags.peer ?? []).map(checkedEnode),
    json: flags.json ?? false,
  }
}

/** The text itself. @throws CliError `invalid-argument`, saying what is wrong with it */
export function checkedEnode(text: string): string {
  try {
    if (parseEnode(text).tcpPort > 0) return text
  } catch (error) {
    throw new CliError(
      'invalid-argument',
      `--peer: ${error instanceof Error ? error.message : 'not an enode'}`,
    )
  }
  throw new CliError(
    'invalid-argument',
    '--peer: expected an enode with address and port, enode://...@host:port',
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

/** The file's first line. */
function readPassword(path: string): string {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    throw new CliError('invalid-argument', `password file ${path} cannot be read (${code})`)
  }
  const password = text.split(/\r?\n/, 1)[0] ?? ''
  if (password === '')
    throw new CliError('invalid-argument', `password file ${path}: its first line is empty`)
  return password
}

function defaultDataDir(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return join(env.LOCALAPPDATA ?? homedir(), 'status')
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'status')
}
