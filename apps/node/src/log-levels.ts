/** `info,p2p=debug,whisper=warn`: a level for everything, and others for modules. */

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Who writes log lines; `module` in each of them. */
export const LOG_MODULES = ['node', 'p2p', 'whisper', 'rpc', 'metrics', 'mail'] as const
export type LogModule = (typeof LOG_MODULES)[number]

export interface LogLevels {
  /** Of modules that are not named. */
  readonly level: LogLevel
  readonly modules: Readonly<Partial<Record<LogModule, LogLevel>>>
}

export const DEFAULT_LOG_LEVEL: LogLevel = 'info'

/** @returns a sentence where the text says nothing that there is */
export function parseLogLevels(text: string): LogLevels | string {
  let level: LogLevel = DEFAULT_LOG_LEVEL
  const modules: Partial<Record<LogModule, LogLevel>> = {}
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [left = '', right] = part.split('=', 2)
    const wanted = right ?? left
    if (!isOneOf(LOG_LEVELS, wanted))
      return `expected one of ${LOG_LEVELS.join(', ')}, got ${JSON.stringify(wanted.slice(0, 40))}`
    if (right === undefined) level = wanted
    else if (isOneOf(LOG_MODULES, left)) modules[left] = wanted
    else return `there is no module ${JSON.stringify(left.slice(0, 40))}; there are ${LOG_MODULES.join(', ')}`
  }
  return { level, modules }
}

function isOneOf<T extends string>(list: readonly T[], text: string): text is T {
  return (list as readonly string[]).includes(text)
}
