import { CodedError } from '@status-protocol/bytes'

export type PostgresArchiveErrorCode =
  /** An argument is not what it should be. */
  | 'invalid-argument'
  /** No connection: no server there, or it does not let us in. `details.cause` is the system's or the server's code. */
  | 'unreachable'
  /** A newer version of this package made the tables. */
  | 'too-new'
  /** The server refused or broke off a statement; `details.cause` is its SQLSTATE. */
  | 'failed'
  /** An entry is no envelope. */
  | 'corrupt'
  | 'closed'

/** What this package throws; `code` is one of {@link PostgresArchiveErrorCode}. Never holds a connection string. */
export class PostgresArchiveError extends CodedError<PostgresArchiveErrorCode> {}

/** Runs `action`; what the driver or the server says becomes a {@link PostgresArchiveError}, without its text. */
export async function translated<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw translate(error)
  }
}

function translate(error: unknown): unknown {
  if (error instanceof PostgresArchiveError || !(error instanceof Error)) return error
  const cause = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  if (cause !== undefined && (/^E[A-Z]+$/.test(cause) || /^(08|28|3D|57P)/.test(cause)))
    return new PostgresArchiveError('unreachable', `PostgreSQL cannot be reached (${cause})`, { cause })
  if (cause !== undefined && /^[0-9A-Z]{5}$/.test(cause))
    return new PostgresArchiveError('failed', `PostgreSQL refused a statement (SQLSTATE ${cause})`, { cause })
  if (/terminated|timeout|ended/i.test(error.message))
    return new PostgresArchiveError('unreachable', 'PostgreSQL closed the connection', { cause: 'closed' })
  return error
}
