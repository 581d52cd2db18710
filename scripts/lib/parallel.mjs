// Programs side by side, as many as there are processors.
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'

/** As Promise.all over `items.map(work)`, a few at a time. */
export async function inParallel(items, work) {
  const results = []
  const waiting = [...items.entries()]
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1])
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return results
}

/** Runs a program to its end. @returns {Promise<{ status: number | string | null, stdout: string, stderr: string }>} */
export function output(command, args, options) {
  return new Promise((resolve) => {
    const child = execFile(command, args, { maxBuffer: 64 << 20, ...options }, (error, stdout, stderr) =>
      resolve({ status: error ? (error.code ?? error.signal) : 0, stdout, stderr }),
    )
    child.stdin?.end()
  })
}
