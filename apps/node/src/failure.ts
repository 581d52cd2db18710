/** How the program says that something went wrong: one line on standard error, for people or for scripts, and an exit code. */
import { CodedError } from '@status-protocol/bytes'
import { type Command, CommanderError } from 'commander'
import { EXIT, NodeError } from './error.ts'
import { inert } from './terminal-text.ts'

export interface Failure {
  /** Stable, for scripts. */
  readonly code: string
  /** For people: one line, safe for a terminal. */
  readonly message: string
}

/** More than any message of ours. */
const MAX_MESSAGE_CHARS = 2_000

/** Of anything that was thrown. Undefined: it was told already. */
export function failureOf(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) return undefined
  if (error instanceof CodedError) return { code: error.code, message: line(error.message) }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'failed', message: line(`${message} (--debug shows more)`) }
}

export function failureText({ code, message }: Failure, json: boolean): string {
  return json ? JSON.stringify({ error: { code, message } }) : `status-node: ${message}`
}

/** How the program ends after this. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  return error instanceof NodeError ? error.exitCode : EXIT.failed
}

/** Lets each command say what is wrong with how it was typed, and where its own help is. Call it when all are declared. */
export function explainUsage(command: Command, json: () => boolean, path = command.name()): void {
  command.configureOutput({
    outputError: (text, write) => {
      const message = line(`${text.replace(/^error: /, '').trim()} (${path} --help shows what there is)`)
      write(`${failureText({ code: 'invalid-config', message }, json())}\n`)
    },
  })
  for (const child of command.commands) explainUsage(child, json, `${path} ${child.name()}`)
}

const line = (text: string): string =>
  inert(text.replace(/\s*[\r\n]\s*/g, ' '), { maxChars: MAX_MESSAGE_CHARS })
