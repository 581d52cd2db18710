import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import type { Config } from './config.ts'

export type { Logger } from 'pino'

/** Logs on standard error: JSON lines for programs, plain lines for people. */
export function createLog({ json, logLevel }: Pick<Config, 'json' | 'logLevel'>): Logger {
  const options = { level: logLevel, base: null }
  if (json) return pino(options, pino.destination({ dest: 2, sync: true }))
  return pino(
    options,
    pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss', colorize: process.stderr.isTTY }),
  )
}
