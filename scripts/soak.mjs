// Full-size loads, kill loops and fuzz runs: node scripts/soak.mjs [name ...] (minutes to hours).
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, root, run, runSource } from './lib/workspace.mjs'

const inherit = ['ignore', 'inherit', 'inherit']
const folder = join(root, 'soak')
const SOAKS = {
  /** Every fuzz test of the unit run, with 1,000,000 inputs per decoder instead of 10,000. */
  fuzz: () =>
    run('vitest', ['run', '--project', 'unit', '-t', 'fuzz', '--testTimeout=3600000'], {
      stdio: inherit,
      env: { FUZZ_COUNT: process.env.FUZZ_COUNT ?? '1000000' },
    }),
  /**
   * Sessions as a model and over a bad network: 5,000 runs of each instead of 20 and 60, and each way of crashing. The same
   * with whole messengers: 300 runs instead of 2, and a crash at every single commit.
   */
  sessions: () =>
    run(
      'vitest',
      [
        'run',
        '--project',
        'unit',
        'packages/double-ratchet/test/model',
        'packages/double-ratchet/test/conversation.property',
        'packages/messenger/test/sessions-model',
        'packages/messenger/test/crash',
        'packages/messenger/test/device-c',
        '--testTimeout=7200000',
      ],
      {
        stdio: inherit,
        env: {
          SESSION_RUNS: process.env.SESSION_RUNS ?? '5000',
          PROPERTY_RUNS: process.env.PROPERTY_RUNS ?? '5000',
          MESSENGER_RUNS: process.env.MESSENGER_RUNS ?? '300',
          CRASH_EVERY: process.env.CRASH_EVERY ?? '1',
          CRASH_ROUNDS: process.env.CRASH_ROUNDS ?? '50',
        },
      },
    ),
  /** The kill test of the end-to-end run, with 1,000 kills of a client instead of 20. */
  kills: () =>
    run('vitest', ['run', '--project', 'e2e', 'kills'], {
      stdio: inherit,
      env: { CLIENT_KILLS: process.env.CLIENT_KILLS ?? '1000' },
    }),
  /** Three virtual days away with 500 messages instead of 45, over two mailservers of which one dies. */
  away: () =>
    run('vitest', ['run', '--project', 'e2e', 'away'], {
      stdio: inherit,
      env: { AWAY_MESSAGES: process.env.AWAY_MESSAGES ?? '500' },
    }),
  /** The database without power, 1,000 times instead of 12. */
  'power-cuts': () =>
    run('vitest', ['run', '--project', 'unit', 'packages/storage-sqlite/test/power-loss'], {
      stdio: inherit,
      env: { POWER_CUTS: process.env.POWER_CUTS ?? '1000' },
    }),
  /** The change of a password, killed and without power, 500 times each instead of 6. */
  'password-kills': () =>
    run('vitest', ['run', '--project', 'unit', 'apps/cli/test/account-file', '-t', 'at any point'], {
      stdio: inherit,
      env: { PASSWORD_KILLS: process.env.PASSWORD_KILLS ?? '500' },
    }),
  /**
   * Kills of an archive that is written, over SQLite and, where it is installed, PostgreSQL: 1,000 instead of 20 and 5; and
   * of `status-node --mailserver` itself over both: 1,000 instead of 3.
   */
  'archive-kills': () => {
    const writing = run(
      'vitest',
      ['run', '--project', 'unit', '-t', 'every confirmed envelope', '--testTimeout=7200000'],
      {
        stdio: inherit,
        env: {
          ARCHIVE_KILLS: process.env.ARCHIVE_KILLS ?? '1000',
          POSTGRES_KILLS: process.env.POSTGRES_KILLS ?? '1000',
        },
      },
    )
    if (writing.status !== 0) return writing
    return run('vitest', ['run', '--project', 'e2e', 'mailserver-kills'], {
      stdio: inherit,
      env: { NODE_KILLS: process.env.NODE_KILLS ?? '1000' },
    })
  },
  /** The measurements of the mailserver's archive in SQLite with 10,000,000 envelopes instead of 1,000,000, with their goals. */
  archive: () =>
    runSource([join(root, 'bench', 'archive.ts')], {
      stdio: inherit,
      env: {
        ARCHIVE_ENVELOPES: process.env.ARCHIVE_ENVELOPES ?? '10000000',
        ARCHIVE_STORES: process.env.ARCHIVE_STORES ?? 'sqlite',
      },
    }),
}
for (const file of existsSync(folder) ? readdirSync(folder) : [])
  if (file.endsWith('.ts'))
    SOAKS[file.slice(0, -3)] = () => runSource([join(folder, file)], { stdio: inherit })

const asked = process.argv.slice(2).filter((arg) => arg !== '--')
const unknown = asked.filter((name) => !Object.hasOwn(SOAKS, name))
if (unknown.length > 0) {
  console.error(`there is no soak ${unknown.join(', ')}; there are ${Object.keys(SOAKS).join(', ')}`)
  process.exit(2)
}
ensureBuilt()
for (const name of asked.length > 0 ? asked : Object.keys(SOAKS)) {
  const started = Date.now()
  const { status } = SOAKS[name]()
  console.error(
    `soak ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${Math.round((Date.now() - started) / 1000)} s)`,
  )
  if (status !== 0) process.exitCode = 1
}
