import { CodedError } from '@status-protocol/bytes'

/** How the program ends; documented in README.md. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** Flags, arguments, values in them. */
  usage: 2,
  /** Data directory, account, password. */
  data: 3,
  /** No peer took the message in time, history is not complete, or no other device answered. */
  undelivered: 5,
} as const

export type CliErrorCode =
  | 'invalid-argument'
  | 'data-dir'
  | 'account-exists'
  | 'no-account'
  | 'wrong-password'
  | 'damaged-account'
  | 'invalid-mnemonic'
  | 'no-such-message'
  | 'undelivered'
  /** Nobody can be asked for history. */
  | 'no-mailserver'
  /** Some of the history did not come. */
  | 'incomplete'
  /** None of our devices, or several, as somebody named one. */
  | 'no-such-device'
  /** No other device of ours was there in time. */
  | 'no-answer'
  /** The node given with --whisper cannot be used. */
  | 'unreachable'
  /** By Ctrl-C or another signal, before it was done. */
  | 'stopped'
  /** Something that the demonstration expected did not happen. */
  | 'demo-failed'

const EXIT_OF: Readonly<Record<CliErrorCode, number>> = {
  'invalid-argument': EXIT.usage,
  'invalid-mnemonic': EXIT.usage,
  'no-such-message': EXIT.usage,
  'data-dir': EXIT.data,
  'account-exists': EXIT.data,
  'no-account': EXIT.data,
  'wrong-password': EXIT.data,
  'damaged-account': EXIT.data,
  undelivered: EXIT.undelivered,
  'no-mailserver': EXIT.undelivered,
  incomplete: EXIT.undelivered,
  'no-such-device': EXIT.usage,
  'no-answer': EXIT.undelivered,
  unreachable: EXIT.failed,
  stopped: EXIT.failed,
  'demo-failed': EXIT.failed,
}

/** An error that is explained to the person in one line. */
export class CliError extends CodedError<CliErrorCode> {
  get exitCode(): number {
    return EXIT_OF[this.code]
  }
}
