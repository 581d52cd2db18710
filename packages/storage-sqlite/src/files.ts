import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates the directory and its parents, readable by their owner alone, to last. Those that exist stay as they are. One by one:
 * `mkdir` of Node with `recursive` never returns where nothing can be made, as under /proc.
 */
export function ensureDirectory(path: string): void {
  const isThere = () => statSync(path, { throwIfNoEntry: false })?.isDirectory()
  if (isThere()) return
  ensureDirectory(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!isThere()) throw error // else somebody else was quicker
  }
  syncDirectory(dirname(path))
}

/** An empty file, readable by its owner alone; SQLite gives the files beside it the same mode. */
export function createFile(path: string): void {
  closeSync(openSync(path, 'wx', 0o600))
}

/** Puts `from` in the place of `to`: after a crash at any point one of the two is there, whole. */
export function moveIntoPlace(from: string, to: string): void {
  const file = openSync(from, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(from, to)
  syncDirectory(dirname(to))
}

/** A copy that is there whole or not at all. */
export function copyIntoPlace(from: string, to: string): void {
  const unfinished = `${to}.unfinished`
  rmSync(unfinished, { force: true })
  copyFileSync(from, unfinished)
  moveIntoPlace(unfinished, to)
}

/** The first bytes of a file, fewer if it is shorter. */
export function headOf(path: string, length: number): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const head = new Uint8Array(length)
    return head.subarray(0, readSync(file, head, 0, length, 0))
  } finally {
    closeSync(file)
  }
}

export function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}

/** Makes the names in a directory durable. Windows has no such call and needs none. */
function syncDirectory(path: string): void {
  if (process.platform === 'win32') return
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
