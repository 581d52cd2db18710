import { getSystemErrorMap } from 'node:util'

/** Why the system refused, with its code: `ENOENT: no such file or directory`. */
export function reasonOf(error: unknown): string {
  const { code, errno } = (error ?? {}) as NodeJS.ErrnoException
  const words = errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]
  return [code ?? 'unknown error', ...(words === undefined ? [] : [words])].join(': ')
}
