/** One task after the other: what an input read is still true when its commit is written. */
export interface Queue {
  run<T>(task: () => Promise<T>): Promise<T>
  /** Resolves when everything that was queued before is done. */
  idle(): Promise<void>
}

export function createQueue(): Queue {
  let tail: Promise<unknown> = Promise.resolve()
  const run = <T>(task: () => Promise<T>): Promise<T> => {
    const result = tail.then(task)
    tail = result.catch(() => undefined)
    return result
  }
  return { run, idle: () => run(async () => undefined) }
}
