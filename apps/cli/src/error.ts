import { CodedError } from '@status-protocol/bytes'

/** How the program ends; documented in README.md. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** Flags, arguments, values in them. */
  usage: 2,
  /** Data directory, account, password. */
  data: 3,
  /** No peer took the message in time. */
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
  | 'undelivered'

/** An error that is explained to the person in one line. */
export class CliError extends CodedError<CliErrorCode> {
  get exitCode(): number {
    if (this.code === 'invalid-argument' || this.code === 'invalid-mnemonic') return EXIT.usage
    return this.code === 'undelivered' ? EXIT.undelivered : EXIT.data
  }
}
