/**
 * One node to a data directory: two with one identity would take each other's connections.
 *
 * Whoever wants the directory listens on a socket of its own in it, then looks for others: where somebody answers, it
 * withdraws. Both do it in this order, so that of two at least one sees the other. The socket of a process that is gone,
 * `kill -9` included, refuses to answer and never will again, so that it can be removed by anybody at any time. This holds
 * between containers that share a volume, where process ids say nothing; between machines that share a file system it
 * does not. Whoever asks gets one line of JSON about the owner: what `status-node doctor` knows of a running node.
 *
 * Beside `lockDirectory` of storage-sqlite, because a relay needs no SQLite.
 */
import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, lstatSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeOf, makeDataDir } from './data-dir.ts'
import { NodeError } from './error.ts'

export interface DataDirLock {
  /** Again: no effect. */
  release(): Promise<void>
}

/** What the owner of a data directory says of itself; `pid` is 0 if it does not answer. */
export type OwnerState = { readonly pid: number } & Readonly<Record<string, unknown>>

/** Longest path of a socket on macOS; Linux has 107. */
const MAX_SOCKET_PATH_BYTES = 103
const ASK_TIMEOUT_MS = 2_000
const MAX_ANSWER_CHARS = 64 * 1024
/** Of several that come at once each withdraws and comes back after a random part of this, doubled each time. */
const BACKOFF_MS = 20
const ATTEMPTS = 8

/**
 * Makes this the only node on the directory, which is made if need be.
 *
 * @param state told to whoever asks, each time anew
 * @throws NodeError `locked` with the owner's process id if it is known, `data-dir`
 */
export async function lockDataDir(dataDir: string, state: () => object = () => ({})): Promise<DataDirLock> {
  makeDataDir(dataDir)
  for (let attempt = 0; ; attempt++) {
    const candidate = await stand(dataDir, state)
    const other = await otherThan(candidate, dataDir)
    if (other === undefined) {
      candidate.holds = true
      return candidate
    }
    await candidate.release()
    if (other.holds !== false || attempt === ATTEMPTS) throw inUse(dataDir, other.pid)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * BACKOFF_MS * 2 ** attempt))
  }
}

/** Who has the directory, if a node does and it can be looked into. */
export async function ownerOf(dataDir: string): Promise<OwnerState | undefined> {
  const owner = await otherThan(undefined, dataDir).catch(() => undefined)
  if (owner === undefined) return undefined
  const { holds, ...state } = owner
  return state
}

interface Candidate extends DataDirLock {
  readonly path: string
  holds: boolean
  release: () => Promise<void>
}

/** Where the sockets of a directory are. */
interface Place {
  readonly directory: string
  readonly prefix: string
  /** Others can write there too. */
  readonly isShared?: boolean
}

async function stand(dataDir: string, state: () => object): Promise<Candidate> {
  for (const place of placesOf(dataDir)) {
    const id = randomBytes(4).toString('hex')
    const path = pathIn(place, `${id}.sock`)
    // others see a socket only once somebody answers on it
    const hidden = pathIn(place, `${id}.new`)
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES) continue
    const candidate: Candidate = { path, holds: false, release: () => Promise.resolve() }
    const server = await listen(dataDir, hidden, () => ({ ...state(), holds: candidate.holds }))
    if (server === undefined) continue
    if (!isPipe(path)) renameSync(hidden, path)
    candidate.release = () => {
      rmSync(path, { force: true })
      return new Promise((resolve) => server.close(() => resolve()))
    }
    return candidate
  }
  throw new NodeError(
    'data-dir',
    `data directory ${dataDir} cannot be locked: there can be no sockets in it nor in ${tmpdir()}; choose another with --data-dir`,
  )
}

/** Undefined: there can be no sockets there. */
function listen(dataDir: string, path: string, state: () => object): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(`${JSON.stringify({ pid: process.pid, ...state() })}\n`, () => socket.destroySoon())
    })
    server.maxConnections = 16
    server.once('error', (error) => {
      const code = codeOf(error)
      if (code === 'EADDRINUSE' && isPipe(path)) reject(inUse(dataDir, 0))
      else if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL'].includes(code)) resolve(undefined)
      else
        reject(
          new NodeError(
            'data-dir',
            `data directory ${dataDir} cannot be written (${code}); check its owner and permissions or choose another with --data-dir`,
          ),
        )
    })
    server.listen({ path }, () => {
      if (!isPipe(path)) chmodSync(path, 0o600)
      server.unref()
      resolve(server)
    })
  })
}

/** Another node on the directory: one that has it rather than one that wants it. Removes what those left that are gone. */
async function otherThan(self: Candidate | undefined, dataDir: string): Promise<OwnerState | undefined> {
  let found: OwnerState | undefined
  for (const path of placesOf(dataDir).flatMap(socketsIn)) {
    if (path === self?.path) continue
    const other = await ask(path)
    if (other === undefined) rmSync(path, { force: true })
    else if (other.holds !== false) return other
    else found = other
  }
  return found
}

function socketsIn(place: Place): readonly string[] {
  if (isPipe(place.directory)) return [pathIn(place, '')]
  if (!existsSync(place.directory)) return []
  return readdirSync(place.directory)
    .filter((name) => name.startsWith(`${place.prefix}-`) && name.endsWith('.sock'))
    .map((name) => join(place.directory, name))
    .filter((path) => !place.isShared || isOwn(path))
}

/** Anybody can put a socket of any name into a directory for temporary files. */
function isOwn(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.()
}

/** Undefined: nobody listens. A silent owner is an owner. */
function ask(path: string): Promise<OwnerState | undefined> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(path)
    const done = (owner: OwnerState | undefined) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(owner)
    }
    const timer = setTimeout(() => done({ pid: 0 }), ASK_TIMEOUT_MS)
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      answer += text
      if (answer.length > MAX_ANSWER_CHARS) done({ pid: 0 })
    })
    socket.on('end', () => done(parseOwner(answer)))
    socket.on('error', (error) => {
      const isGone = ['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].includes(codeOf(error))
      done(isGone ? undefined : { pid: 0 })
    })
  })
}

function parseOwner(text: string): OwnerState {
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number')
      return value as OwnerState
  } catch {}
  return { pid: 0 }
}

function inUse(dataDir: string, pid: number): NodeError {
  const owner =
    pid === 0 ? 'another node' : pid === process.pid ? 'this process already' : `another node, process ${pid}`
  return new NodeError(
    'locked',
    `data directory ${dataDir} is in use by ${owner}: stop it, or choose another with --data-dir`,
    pid === 0 ? {} : { pid },
  )
}

/**
 * In the directory; where that cannot be, in the one for temporary files under a name made of its path. On Windows pipes
 * have names of their own, and only one process can listen on one.
 */
function placesOf(dataDir: string): readonly Place[] {
  const digest = createHash('sha256').update(realPath(dataDir)).digest('hex').slice(0, 32)
  if (process.platform === 'win32') return [{ directory: PIPES, prefix: `status-node-${digest}` }]
  return [
    { directory: dataDir, prefix: 'lock' },
    { directory: tmpdir(), prefix: `status-node-${digest}`, isShared: true },
  ]
}

const PIPES = '\\\\.\\pipe\\'

function pathIn({ directory, prefix }: Place, name: string): string {
  return isPipe(directory) ? directory + prefix : join(directory, `${prefix}-${name}`)
}

function isPipe(path: string): boolean {
  return path.startsWith(PIPES)
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
