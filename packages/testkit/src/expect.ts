/** Assertions for vector suites: no test runner, messages that name the field. */
import { fromHex, toHex } from '@status-protocol/bytes'

/** Bytes of a hex field; `0x` is accepted. @throws when the field is no hex text, naming what came */
export function hex(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw new Error(`expected a hex text, got ${JSON.stringify(value)}`)
  return fromHex(value)
}

/** @throws unless the bytes are the hex of the field */
export function expectHex(actual: Uint8Array | undefined, expected: unknown, field: string): void {
  const got = actual === undefined ? undefined : toHex(actual)
  if (got !== expected) throw new Error(`${field}: expected ${String(expected)}, got ${got}`)
}

/** Compares as JSON has it: bytes count as hex, bigint as decimal text, key order and undefined fields do not count. */
export function expectSame(actual: unknown, expected: unknown, field: string): void {
  const [got, wanted] = [canonical(actual), canonical(expected)]
  if (got === wanted) return
  const [expectedPart, gotPart] = aroundFirstDifference(wanted, got)
  throw new Error(`${field}: expected ${expectedPart}, got ${gotPart}`)
}

const SHOWN_CHARS = 300

/** Long values are cut to where they begin to differ. */
function aroundFirstDifference(a: string, b: string): readonly [string, string] {
  if (a.length <= SHOWN_CHARS && b.length <= SHOWN_CHARS) return [a, b]
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const from = Math.max(0, at - SHOWN_CHARS / 3)
  const part = (text: string): string =>
    `${from > 0 ? '...' : ''}${text.slice(from, from + SHOWN_CHARS)}${text.length > from + SHOWN_CHARS ? '...' : ''}`
  return [part(a), part(b)]
}

/** @throws unless the condition holds */
export function expectThat(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message)
}

function canonical(value: unknown): string {
  return JSON.stringify(normalise(value)) ?? 'undefined'
}

function normalise(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value)
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(normalise)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, v]) => v !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([k, v]) => [k, normalise(v)]),
    )
  return value
}
