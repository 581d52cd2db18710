/**
 * A conformance suite is a list of named cases that throw when they fail; it knows no test runner:
 *
 * ```ts
 * describe.each(...) // or:
 * for (const { name, run } of storageConformance(makeStore)) it(name, run)
 * ```
 */
export interface ConformanceCase {
  readonly name: string
  run(): Promise<void>
}

/** @throws Error with `message` unless the condition holds */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

/** Compares by value; bytes as hex, bigint by its digits. @throws Error showing both */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [show(actual), show(expected)]
  if (got !== wanted) throw new Error(`${what}: expected ${wanted}, got ${got}`)
}

/** @throws Error unless the promise rejects or the function throws an error with this code */
export async function checkRejects(run: () => unknown, code: string, what: string): Promise<void> {
  try {
    await run()
  } catch (error) {
    checkEqual((error as { code?: unknown }).code, code, what)
    return
  }
  throw new Error(`${what}: expected an error with code ${code}, got none`)
}

function show(value: unknown): string {
  return (
    JSON.stringify(value, (_key, v: unknown) => {
      if (v instanceof Uint8Array)
        return `0x${Array.from(v, (b) => b.toString(16).padStart(2, '0')).join('')}`
      if (typeof v === 'bigint') return `${v}n`
      return v
    }) ?? String(value)
  )
}
