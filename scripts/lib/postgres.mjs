import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where `initdb` and `postgres` are, or undefined. */
export function findPostgres() {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  return [process.env.POSTGRES_BIN, ...versions.map((v) => join(root, v, 'bin'))].find(
    (folder) => folder && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  )
}

/** Starts a server; `url` is of its superuser, without a password. @throws Error where there is no PostgreSQL */
export async function startPostgres() {
  const bin = findPostgres()
  if (!bin)
    throw new Error('no PostgreSQL found: apt-get install postgresql, or name its folder in POSTGRES_BIN')
  const user = process.getuid?.() === 0 ? idsOf('postgres') : {}
  const folder = mkdtempSync(join(tmpdir(), 'status-postgres-'))
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } }
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'archive', '--auth=trust', '--no-sync', '-E', 'UTF8'],
    { ...options, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`)
  const port = await freePort()
  let server
  const run = async () => {
    server = spawn(
      join(bin, 'postgres'),
      ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'logging_collector=off'],
      { ...options, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    await ready(server)
  }
  await run()
  const exited = () =>
    new Promise((resolve) =>
      server.exitCode !== null || server.signalCode ? resolve() : server.once('exit', resolve),
    )
  return {
    url: `postgres://archive@127.0.0.1:${port}/postgres`,
    /** As a power cut would: no shutdown, recovery from the log at the next start. */
    async crash() {
      server.kill('SIGQUIT') // "immediate": the children too, nothing is written out
      await exited()
      // Its children may hold the shared memory a moment longer.
      for (let attempt = 1; ; attempt++)
        try {
          return await run()
        } catch (error) {
          if (attempt === 20) throw error
          await new Promise((resolve) => setTimeout(resolve, 250))
        }
    },
    async stop() {
      server.kill('SIGINT')
      await exited()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function ready(server) {
  return new Promise((resolve, reject) => {
    let text = ''
    server.stderr.on('data', (chunk) => {
      text += chunk
      if (text.includes('ready to accept connections')) resolve()
    })
    server.once('exit', () => reject(new Error(`postgres ended: ${text.slice(-500)}`)))
  })
}

function idsOf(name) {
  const id = (flag) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout)
  const [uid, gid] = [id('-u'), id('-g')]
  if (!uid) throw new Error(`no user ${name}; run this as another user than root`)
  return { uid, gid }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
    probe.on('error', reject)
  })
}
