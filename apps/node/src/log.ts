/**
 * Logs on standard error: JSON lines for programs, plain lines for people.
 *
 * A module logs through `log.child({ module })` and gets the level that `--log-level` gives it. Three things hold for
 * every line, whoever writes it: no bytes and nothing under a secret's name gets out, foreign text is cut and cannot steer
 * a terminal, and one message is written at most so often, however fast somebody makes it happen.
 */
import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import pretty from 'pino-pretty'
import type { Config } from './config.ts'
import { NodeError } from './error.ts'
import { type LogLevels, type LogModule, parseLogLevels } from './log-levels.ts'
import { createRateLimiter, type RateLimit } from './rate.ts'
import { inert } from './terminal-text.ts'

export type { Logger } from 'pino'

/** Of one message at one level. What is held back is counted in `suppressed` of the next line. */
export const LOG_RATE: RateLimit = { burst: 100, perSecond: 10 }

/** Names of fields whose values are never written, in whatever case. */
const SECRET = /(secret|password|mnemonic|token|privatekey|nodekey|symkey|^key)$/i
const DEEPEST = 4

/** @throws NodeError `invalid-config` */
export function createLog({ json, logLevel }: Pick<Config, 'json' | 'logLevel'>): Logger {
  const levels = parseLogLevels(logLevel)
  if (typeof levels === 'string') throw new NodeError('invalid-config', `--log-level: ${levels}`)
  // sync: the last lines of a process that ends are the ones that matter
  const lines = pino.destination({ dest: 2, sync: true })
  lines.on('error', () => undefined) // nobody reads them any more
  if (json) return logTo(lines, levels)
  const people = pretty({
    destination: lines,
    translateTime: 'SYS:HH:MM:ss',
    colorize: process.stderr.isTTY,
    singleLine: true,
  })
  return logTo(people, levels)
}

/** `nowMs`: monotonic. */
export function logTo(
  destination: DestinationStream,
  levels: LogLevels,
  nowMs: () => number = () => performance.now(),
): Logger {
  const options: LoggerOptions = {
    base: null,
    level: levels.level,
    onChild(child) {
      const { module } = child.bindings() as { module?: LogModule }
      if (module) child.level = levels.modules[module] ?? levels.level
    },
    serializers: { err: errorFields },
    formatters: { log: (fields) => cleaned(fields, 0) as Record<string, unknown> },
    hooks: { logMethod: rated(nowMs) },
  }
  const root = pino(options, destination)
  const log = root.child({ module: 'node' })
  // a child of `log` itself would say both modules in each line
  log.child = (bindings, more) => root.child({ module: 'node', ...bindings }, more)
  return log
}

function rated(nowMs: () => number): NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']> {
  const limiter = createRateLimiter(LOG_RATE)
  return function (args, method, level) {
    const [first, second] = args as [unknown, unknown?]
    const message = typeof first === 'string' ? first : String(second ?? '')
    const suppressed = limiter.take(`${level} ${message}`, nowMs())
    if (suppressed === undefined) return
    if (suppressed === 0) method.apply(this, args)
    else if (typeof first === 'string') method.apply(this, [{ suppressed }, first])
    else {
      const fields = first instanceof Error ? { err: first } : (first as object)
      method.apply(this, [{ ...fields, suppressed }, message])
    }
  }
}

function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return inert(value)
  if (value instanceof Uint8Array) return `[${value.length} bytes]`
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  if (depth === DEEPEST) return '[...]'
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => cleaned(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET.test(name) && item !== undefined ? '[secret]' : cleaned(item, depth + 1),
    ]),
  )
}

/** What errors carry beside this may be anything. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return cleaned(error, 0)
  const { name, message, stack } = error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return { type: name, ...code, message: inert(message), stack }
}
