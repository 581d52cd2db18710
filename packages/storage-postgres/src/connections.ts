import pg from 'pg'
import { PostgresArchiveError, translated } from './error.ts'

/** Longest statement that reads. Each is bounded in rows: one that takes so long waits for something. */
const READ_TIMEOUT_MS = 60_000
const ATTEMPTS = 5
/** Deadlock, serialization failure: the server broke off one of several that stood in each other's way. */
export const IN_THE_WAY: readonly string[] = ['40P01', '40001']

type Action<T> = (client: pg.PoolClient) => Promise<T>

/**
 * The connections of one archive. Writing has its own: however many queries are under way, what comes in is stored.
 * Everything rejects with a PostgresArchiveError.
 */
export class Connections {
  readonly #reads: pg.Pool
  readonly #writes: pg.Pool
  readonly #processes = new WeakMap<pg.PoolClient, number>()
  #isClosed = false

  constructor(url: string | undefined, schema: string, most: number) {
    const writers = Math.max(1, Math.floor((most * 3) / 8))
    this.#writes = poolOf(url, schema, writers, '')
    this.#reads = poolOf(
      url,
      schema,
      Math.max(1, most - writers),
      ` -c statement_timeout=${READ_TIMEOUT_MS} -c default_transaction_read_only=on`,
    )
  }

  /** Not retried: only the caller knows whether that is harmless. */
  write<T>(action: Action<T>): Promise<T> {
    return this.#open(() => withClient(this.#writes, action))
  }

  /** Again, if the server broke it off for somebody else. Undefined when the signal fired before it was done. */
  read<T>(action: Action<T>): Promise<T>
  read<T>(action: Action<T>, signal: AbortSignal): Promise<T | undefined>
  read<T>(action: Action<T>, signal?: AbortSignal): Promise<T | undefined> {
    return again(() =>
      this.#open(() =>
        withClient(this.#reads, (client) => (signal ? this.#until(signal, client, action) : action(client))),
      ),
    )
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await Promise.all([this.#reads.end(), this.#writes.end()])
  }

  /** When the signal fires, the server stops working on it. */
  async #until<T>(signal: AbortSignal, client: pg.PoolClient, action: Action<T>): Promise<T | undefined> {
    if (signal.aborted) return undefined
    const pid = await this.#processOf(client)
    let cancelled: Promise<unknown> | undefined
    const cancel = () => {
      cancelled = this.#writes.query('SELECT pg_cancel_backend($1)', [pid]).catch(() => {})
    }
    signal.addEventListener('abort', cancel)
    if (signal.aborted) cancel()
    try {
      return await action(client)
    } catch (error) {
      if (!cancelled) throw error
      return undefined
    } finally {
      signal.removeEventListener('abort', cancel)
      await cancelled
      // Cancelling may come a moment late: it is this statement that it meets, not one of the next user.
      if (cancelled) await client.query('SELECT 1').catch(() => {})
    }
  }

  /** The server's process that works for this connection. */
  async #processOf(client: pg.PoolClient): Promise<number> {
    const known = this.#processes.get(client)
    if (known !== undefined) return known
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    const pid = rows[0]?.pid ?? 0
    this.#processes.set(client, pid)
    return pid
  }

  #open<T>(action: () => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(new PostgresArchiveError('closed', 'the archive is closed'))
    return translated(action)
  }
}

/** Until it is not broken off with one of these codes of the server. */
export async function again<T>(
  action: () => Promise<T>,
  codes: readonly string[] = IN_THE_WAY,
  attempts: number = ATTEMPTS,
): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await action()
    } catch (error) {
      if (attempt >= attempts || !codes.includes(sqlStateOf(error) ?? '')) throw error
    }
}

function sqlStateOf(error: unknown): string | undefined {
  const cause = error instanceof PostgresArchiveError ? error.details.cause : undefined
  return typeof cause === 'string' ? cause : undefined
}

function poolOf(url: string | undefined, schema: string, max: number, settings: string): pg.Pool {
  const pool = new pg.Pool({
    ...(url !== undefined && { connectionString: url }),
    max,
    connectionTimeoutMillis: 10_000,
    // Durable when it resolves, whatever the server's own setting.
    options: `-c search_path=${schema} -c synchronous_commit=on -c enable_sort=off -c enable_bitmapscan=off -c jit=off${settings}`,
  })
  // A connection that breaks is replaced by the next request; what was under way on it rejects by itself.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

async function withClient<T>(pool: pg.Pool, action: Action<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | boolean = true
  try {
    const result = await action(client)
    broken = false
    return result
  } catch (error) {
    // The connection goes back only if its transaction is over.
    broken = await client.query('ROLLBACK').then(
      () => false,
      () => true,
    )
    throw error
  } finally {
    client.release(broken)
  }
}
