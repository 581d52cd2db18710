/** What the process has to have: a recent Node.js, enough file descriptors. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type Finding, fail, ok, skipped } from './finding.ts'

/** `engines` of package.json. */
const NEEDED_NODE = [20, 19] as const
/** Handshakes, clients of JSON-RPC, files, what Node.js itself has open. */
const OTHER_DESCRIPTORS = 256

/** `version`: without v, such as 20.19.1. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isNew = major > NEEDED_NODE[0] || (major === NEEDED_NODE[0] && minor >= NEEDED_NODE[1])
  if (isNew) return ok('node-version', `Node.js ${version}`)
  return fail(
    'node-version',
    `Node.js ${version}; ${NEEDED_NODE.join('.')} or newer is needed`,
    'install a newer Node.js, from https://nodejs.org or with your package manager',
  )
}

/** `limit`: undefined if it is not known. */
export function judgeDescriptors(limit: number | undefined, maxPeers: number): Finding {
  const needed = maxPeers + OTHER_DESCRIPTORS
  if (limit === undefined)
    return skipped('file-descriptors', `the limit is not known; ${needed} are needed for ${maxPeers} peers`)
  if (limit >= needed)
    return ok('file-descriptors', `limit ${limit}, ${needed} are needed for ${maxPeers} peers`)
  return fail(
    'file-descriptors',
    `limit ${limit}, but ${needed} are needed for ${maxPeers} peers`,
    `raise it (ulimit -n ${2 * needed}; LimitNOFILE=${2 * needed} in a systemd unit) or lower --max-peers`,
  )
}

/** Of this process, so of a node started from here. */
export async function descriptorLimit(): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined
  try {
    const line = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
    if (line) return line[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line[1])
  } catch {}
  const text = await output('sh', ['-c', 'ulimit -n'])
  if (text === 'unlimited') return Number.POSITIVE_INFINITY
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

/** What a program prints, or undefined if there is none, it fails or takes long. */
export function output(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: 2_000, maxBuffer: 64 * 1024 }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim()),
    )
  })
}
