// A PostgreSQL of its own for tests and benchmarks: on a free port of 127.0.0.1, in a temporary folder, removed afterwards.
//   node scripts/postgres.mjs COMMAND ...     runs COMMAND with POSTGRES_URL set
// Uses the newest of /usr/lib/postgresql/*/bin (Debian: apt-get install postgresql) or POSTGRES_BIN. Started by root it
// runs as the user `postgres`: the server refuses to run as root.
import { spawn } from 'node:child_process'
import { startPostgres } from './lib/postgres.mjs'

const [command, ...rest] = process.argv.slice(2)
if (!command) {
  console.error('usage: node scripts/postgres.mjs COMMAND ...')
  process.exit(2)
}
const server = await startPostgres()
const child = spawn(command, rest, { stdio: 'inherit', env: { ...process.env, POSTGRES_URL: server.url } })
child.on('exit', async (code) => {
  await server.stop()
  process.exit(code ?? 1)
})
