// One at a time, across processes: whoever comes second waits for the first.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A lock older than this belongs to nobody, even if a process of its number runs. */
const FORGOTTEN_AFTER_MS = 15 * 60_000
const POLL_MS = 50

/**
 * Runs `task` while holding the lock file `path`, which names its owner's process. The lock of a process that is gone is
 * taken over. `waiting(pid)` is called once if somebody else is at work.
 */
export function withLock(path, task, { waiting = () => {} } = {}) {
  mkdirSync(dirname(path), { recursive: true })
  let told = false
  while (!take(path)) {
    const owner = ownerOf(path)
    if (owner === undefined) continue
    if (isGone(owner, path)) {
      breakLock(path, owner)
      continue
    }
    if (!told) waiting(owner)
    told = true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
  }
  const release = () => ownerOf(path) === process.pid && rmSync(path, { force: true })
  process.once('exit', release)
  try {
    return task()
  } finally {
    process.removeListener('exit', release)
    release()
  }
}

/** The file appears with its content or not at all: nobody sees a lock without an owner. */
function take(path) {
  const own = `${path}.${process.pid}`
  writeFileSync(own, String(process.pid))
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(own, { force: true })
  }
}

function ownerOf(path) {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function isGone(pid, path) {
  const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {}
  if (mtimeMs !== undefined && Date.now() - mtimeMs > FORGOTTEN_AFTER_MS) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** Of several who see the same dead owner one gets the file; who got a living one's by mistake gives it back. */
function breakLock(path, owner) {
  const taken = `${path}.broken.${process.pid}`
  try {
    renameSync(path, taken)
    if (ownerOf(taken) !== owner) linkSync(taken, path)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  } finally {
    rmSync(taken, { force: true })
  }
}
