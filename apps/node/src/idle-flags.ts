/** Flags that do nothing because another one is missing: whoever gave them expects something else than what they get. */
import type { Config } from './config.ts'

const NEEDS: readonly {
  readonly flags: readonly string[]
  readonly what: string
  readonly isThere: (config: Config) => boolean
}[] = [
  {
    flags: ['archive', 'archiveUrlFile', 'mailPasswordFile', 'retention', 'archiveMaxBytes', 'archiveTopics'],
    what: '--mailserver',
    isThere: ({ mailserver }) => mailserver,
  },
  {
    flags: ['rpcModules', 'rpcHost', 'rpcOrigin', 'rpcUnsafeKeys'],
    what: '--http or --ws',
    isThere: ({ http, ws }) => http !== undefined || ws !== undefined,
  },
  { flags: ['metricsHost'], what: '--metrics', isThere: ({ metrics }) => metrics !== undefined },
]

/** A line for each. @param given the flags that were typed */
export function idleFlags(given: Readonly<Record<string, unknown>>, config: Config): readonly string[] {
  return NEEDS.filter(({ isThere }) => !isThere(config)).flatMap(({ flags, what }) =>
    flags
      .filter((flag) => given[flag] !== undefined)
      .map(
        (flag) =>
          `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} does nothing without ${what}`,
      ),
  )
}
