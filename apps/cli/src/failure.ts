/** How the program says that something went wrong: one line on standard error, for people or for scripts, and an exit code. */
import { CodedError } from '@status-protocol/bytes'
import { SqliteStorageError } from '@status-protocol/storage-sqlite'
import { type Command, CommanderError } from 'commander'
import { CliError, EXIT } from './error.ts'
import { oneLine } from './terminal-text.ts'

export interface Failure {
  /** Stable, for scripts. */
  readonly code: string
  /** For people: one line, safe for a terminal. */
  readonly message: string
  readonly exitCode: number
}

/** What went wrong, of anything that was thrown. Undefined: nothing did, or it was told already. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) return undefined
  const exitCode = exitCodeOf(error)
  if (!(error instanceof CodedError)) {
    const message = error instanceof Error ? error.message : String(error)
    return { code: 'failed', message: oneLine(`${message} (--debug shows more)`), exitCode }
  }
  const hint = NEXT_STEPS[error.code]
  return { code: error.code, message: oneLine(hint ? `${error.message} (${hint})` : error.message), exitCode }
}

/** {@link failureOf} as a line. */
export function failureText({ code, message }: Omit<Failure, 'exitCode'>, json: boolean): string {
  return json ? JSON.stringify({ error: { code, message } }) : `status: ${message}`
}

/** How the program ends after this. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof CliError) return error.exitCode
  if (error instanceof SqliteStorageError) return EXIT.data
  if (!(error instanceof CodedError)) return EXIT.failed
  if (EXPORT_PROBLEMS.has(error.code)) return EXIT.data
  return error.code.startsWith('invalid-') || NAMES_NOTHING.has(error.code) ? EXIT.usage : EXIT.failed
}

const EXPORT_PROBLEMS: ReadonlySet<string> = new Set([
  'not-an-export',
  'too-new',
  'wrong-password',
  'damaged-export',
])

/** What was typed means nobody and nothing. */
const NAMES_NOTHING: ReadonlySet<string> = new Set([
  'not-joined',
  'no-such-message',
  'no-such-device',
  'no-such-group',
  'no-such-contact',
  'no-such-request',
])

/** What the libraries cannot know: how it is done here. */
const NEXT_STEPS: Readonly<Record<string, string>> = {
  'not-joined': 'status chats shows yours',
  'no-such-request': 'status contacts shows who asked',
  blocked: 'status contacts unblock',
}

/** Lets each command say what is wrong with how it was typed, and where its own help is. Call it when all are declared. */
export function explainUsage(command: Command, json: () => boolean, path = command.name()): void {
  command.configureOutput({
    outputError: (text, write) => {
      const message = oneLine(
        `${text.replace(/^error: /, '').trim()}${unquoted(text)} (${path} --help shows what there is)`,
      )
      write(`${failureText({ code: 'invalid-argument', message }, json())}\n`)
    },
  })
  for (const child of command.commands) explainUsage(child, json, `${path} ${child.name()}`)
}

/** Shells take what follows a `#` for a comment. */
function unquoted(text: string): string {
  return /argument missing$|missing required argument/.test(text.trim()) &&
    /'(chat|--(to|chat) <chat>)'|option '--(to|chat)/.test(text)
    ? "; a public chat stands in quotes, '#name'"
    : ''
}
