import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import { CliError } from './error.ts'

export type { Logger } from 'pino'

const LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace']

/** Logs on standard error. @throws CliError `invalid-argument` */
export function createLog(level: string, { json }: { readonly json: boolean }): Logger {
  if (!LEVELS.includes(level))
    throw new CliError('invalid-argument', `--log-level: expected one of ${LEVELS.join(', ')}, got ${level}`)
  const options = { level, base: null }
  if (json) return pino(options, pino.destination({ dest: 2, sync: true }))
  return pino(
    options,
    pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss', colorize: process.stderr.isTTY }),
  )
}
