/** Whether the data directory can hold what the node keeps, and whether only the node can read it. */
import { existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { OwnerState } from '../data-dir-lock.ts'
import { NodeError } from '../error.ts'
import { NODE_KEY_FILE, readNodeKey } from '../node-key.ts'
import { tryToWrite } from '../operations/readiness.ts'
import { type Finding, fail, ok, skipped, warn } from './finding.ts'

const MIB = 1024 * 1024
/** Below this an update or a log may be what fills the disk. */
const SCARCE_BYTES = 500 * MIB
const NO_BYTES = 20 * MIB

/** Changes nothing but for a file that it writes and removes. */
export async function checkDirectory(dataDir: string): Promise<readonly Finding[]> {
  const place = existing(dataDir)
  const isThere = place === resolve(dataDir) && statSync(place).isDirectory()
  return [
    await judgeWriting(dataDir, place, isThere),
    ...(isThere ? [judgeRights(dataDir), judgeKey(dataDir)] : []),
    judgeSpace(await freeBytes(place), place),
  ]
}

export function judgeLock(dataDir: string, owner: OwnerState | undefined): Finding {
  if (owner === undefined) return ok('lock', `no node runs on ${dataDir}`)
  const pid = owner.pid === 0 ? 'one that does not answer' : `process ${owner.pid}`
  const since = typeof owner.startedUnixMs === 'number' ? new Date(owner.startedUnixMs).toISOString() : ''
  if (owner.pid === 0)
    return warn(
      'lock',
      `a node has ${dataDir}: ${pid}`,
      'if it hangs, end it (ps and kill); its lock ends with it',
    )
  return ok('lock', `a node runs on ${dataDir}: ${pid}${since && `, since ${since}`}`)
}

async function judgeWriting(dataDir: string, place: string, isThere: boolean): Promise<Finding> {
  if (!statSync(place).isDirectory())
    return fail('data-dir', `${place} is no directory`, 'choose another with --data-dir')
  const { ok: can, detail } = await tryToWrite(place)
  if (!can)
    return fail(
      'data-dir',
      `${place} ${detail}`,
      `give it to the user of the node (sudo chown -R "$USER" '${place}'), free its disk, or choose another with --data-dir`,
    )
  return ok('data-dir', isThere ? `${dataDir} can be written` : `${dataDir} will be made in ${place}`)
}

function judgeRights(dataDir: string): Finding {
  if (process.platform === 'win32') return skipped('data-dir-rights', 'Windows keeps them elsewhere')
  const key = join(dataDir, NODE_KEY_FILE)
  if (existsSync(key) && (statSync(key).mode & 0o077) !== 0)
    return warn(
      'data-dir-rights',
      `others can read ${key}: whoever has it can pass for this node`,
      `chmod 600 '${key}'`,
    )
  if ((statSync(dataDir).mode & 0o022) !== 0)
    return warn('data-dir-rights', `others can write to ${dataDir}`, `chmod 700 '${dataDir}'`)
  return ok('data-dir-rights', 'only its owner can change it and read the key')
}

function judgeKey(dataDir: string): Finding {
  try {
    const key = readNodeKey(dataDir)
    key?.fill(0)
    return ok('node-key', key ? 'the identity of the node is there' : 'will be made at the first start')
  } catch (error) {
    if (!(error instanceof NodeError)) throw error
    return fail('node-key', error.message, 'restore it from a copy, or remove it to get a new identity')
  }
}

/** `free`: undefined if it is not known. */
export function judgeSpace(free: number | undefined, place: string): Finding {
  if (free === undefined) return skipped('disk', `how much is free at ${place} is not known`)
  const detail = `${Math.floor(free / MIB)} MiB are free at ${place}`
  const advice = 'free some, or choose another disk with --data-dir'
  if (free < NO_BYTES) return fail('disk', detail, advice)
  return free < SCARCE_BYTES ? warn('disk', detail, advice) : ok('disk', detail)
}

async function freeBytes(place: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(place)
    return bavail * bsize
  } catch {
    return undefined
  }
}

/** The directory, or the first one above it that is there. */
function existing(path: string): string {
  let place = resolve(path)
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place)
  return place
}
