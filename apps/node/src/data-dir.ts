/** Where the node keeps what lasts; readable by its owner alone. */
import { mkdirSync } from 'node:fs'
import { NodeError } from './error.ts'

/** Makes it unless it is there. @throws NodeError `data-dir` */
export function makeDataDir(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new NodeError(
      'data-dir',
      `data directory ${path} cannot be made (${codeOf(error)}); choose another with --data-dir`,
    )
  }
}

/** `EACCES`, `ENOSPC`, ... */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException)?.code ?? 'unknown error'
}
