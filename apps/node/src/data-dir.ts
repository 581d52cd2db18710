/** Where the node keeps what lasts; readable by its owner alone. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { getSystemErrorMap } from 'node:util'
import { NodeError } from './error.ts'

/** Makes it unless it is there. @throws NodeError `data-dir` */
export function makeDataDir(path: string): void {
  try {
    makeAll(path)
  } catch (error) {
    const why = existsSync(path) ? 'is no directory' : `cannot be made (${reasonOf(error)})`
    throw new NodeError('data-dir', `data directory ${path} ${why}; choose another with --data-dir`)
  }
}

/** One by one: `mkdir` of Node with `recursive` never returns where nothing can be made, as under /proc. */
function makeAll(path: string): void {
  const isThere = () => statSync(path, { throwIfNoEntry: false })?.isDirectory()
  if (isThere()) return
  makeAll(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!isThere()) throw error // else somebody else was quicker
  }
}

/** The code, and what it means: `EACCES: permission denied` */
export function reasonOf(error: unknown): string {
  const { errno } = (error ?? {}) as NodeJS.ErrnoException
  const words = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]
  return words === undefined ? codeOf(error) : `${codeOf(error)}: ${words}`
}

/** `EACCES`, `ENOSPC`, ... */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException)?.code ?? 'unknown error'
}
