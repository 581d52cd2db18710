/**
 * Golden cases as plain suites, independent of a test runner: the same suite runs under vitest, from
 * `pnpm test:vectors` and in a browser.
 *
 * ```ts
 * export const ecies: VectorSuite = {
 *   file: 'ecies.json',
 *   kinds: {
 *     shared_secret: {
 *       expected: ['shared_secret'],
 *       check(c) { expectHex(ecdh(hex(c.private_key), hex(c.public_key)), c.shared_secret, 'shared_secret') },
 *     },
 *   },
 * }
 * ```
 */

/** One case of a file, as JSON has it. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is the file's; checks read the fields they name
export type VectorCase = Record<string, any>

export interface VectorFile {
  readonly cases: readonly VectorCase[]
  // biome-ignore lint/suspicious/noExplicitAny: constants and tables differ from file to file
  readonly [key: string]: any
}

export interface VectorKind {
  /**
   * Paths (`a.b`, `steps.*.verdict`) of the fields whose values `check` asserts. The self-test flips each of those that
   * a case has, one at a time, and `check` must notice. Every case must have at least one of them.
   */
  readonly expected: readonly string[]
  /**
   * Paths below `expected` that are inputs or notes, not assertions, and so are not flipped; each with its reason.
   */
  readonly notExpected?: Readonly<Record<string, string>>
  /** Throws where our answer is not the recorded one. */
  check(c: VectorCase, file: VectorFile): void | Promise<void>
}

export interface VectorSuite {
  readonly file: string
  /** The kind of a case; `c.kind` unless said. */
  kindOf?(c: VectorCase): string
  readonly kinds: Readonly<Record<string, VectorKind>>
}

/** @throws Error naming the file and the kind when the suite does not know it */
export function kindFor(suite: VectorSuite, c: VectorCase): VectorKind {
  const name = suite.kindOf?.(c) ?? String(c.kind)
  const kind = Object.hasOwn(suite.kinds, name) ? suite.kinds[name] : undefined
  if (!kind)
    throw new Error(`${suite.file}: unknown kind "${name}"; known are ${Object.keys(suite.kinds).join(', ')}`)
  return kind
}

/** What to call case number `index` in reports. */
export function caseTitle(c: VectorCase, index: number): string {
  return [`#${index}`, c.kind, c.name].filter((part) => part !== undefined).join(' ')
}

/** One changed copy of a case. */
export interface Flip {
  /** Which field was changed, as a path with indexes. */
  readonly path: string
  readonly flipped: VectorCase
}

/** Every copy of the case with one expected leaf changed. Leaves: text, numbers, booleans, null, empty lists and objects. */
export function* flips(kind: VectorKind, c: VectorCase): Generator<Flip> {
  const skipped = Object.keys(kind.notExpected ?? {}).map((p) => p.split('.'))
  const seen = new Set<string>()
  for (const pattern of kind.expected)
    for (const path of leaves(c, pattern.split('.'), [])) {
      const name = path.join('.')
      if (seen.has(name) || skipped.some((s) => matches(s, path))) continue
      seen.add(name)
      yield { path: name, flipped: withFlipped(c, path) as VectorCase }
    }
}

function* leaves(value: unknown, pattern: readonly string[], at: readonly string[]): Generator<string[]> {
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value)
    const [first, ...rest] = pattern
    if (first === undefined) {
      if (keys.length === 0) yield [...at]
      for (const key of keys) yield* leaves((value as Record<string, unknown>)[key], [], [...at, key])
    } else if (first === '*') {
      for (const key of keys) yield* leaves((value as Record<string, unknown>)[key], rest, [...at, key])
    } else if (Object.hasOwn(value, first)) {
      yield* leaves((value as Record<string, unknown>)[first], rest, [...at, first])
    }
  } else if (pattern.length === 0 && value !== undefined) {
    yield [...at]
  }
}

/** A pattern matches a path that starts with it. */
function matches(pattern: readonly string[], path: readonly string[]): boolean {
  return pattern.length <= path.length && pattern.every((part, i) => part === '*' || part === path[i])
}

function withFlipped(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return flipLeaf(value)
  const copy: unknown = Array.isArray(value) ? [...value] : { ...(value as object) }
  const fields = copy as Record<string, unknown>
  fields[key] = withFlipped(fields[key], rest)
  return copy
}

function flipLeaf(value: unknown): unknown {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return value + 1
  if (value === null) return 'flipped'
  if (typeof value === 'string') return flipText(value)
  if (Array.isArray(value)) return ['flipped']
  return { flipped: true }
}

/** Changes the last character within its class, so that hex stays hex and a number stays a number. */
function flipText(text: string): string {
  if (text === '') return '00'
  const last = text.charCodeAt(text.length - 1)
  const isDigit = last >= 48 && last <= 57
  const isHexLetter = last >= 97 && last <= 102
  if (isDigit) return text.slice(0, -1) + (text.endsWith('9') ? '8' : String.fromCharCode(last + 1))
  if (isHexLetter) return text.slice(0, -1) + (text.endsWith('f') ? 'e' : String.fromCharCode(last + 1))
  return `${text}~`
}

export interface VectorResult {
  readonly file: string
  readonly checked: number
  readonly total: number
  readonly flips: number
  readonly failures: readonly string[]
}

/** Runs all cases of a file; with `selfTest`, all flips as well. Never throws. */
export async function runVectorSuite(
  suite: VectorSuite,
  file: VectorFile,
  { selfTest = false }: { readonly selfTest?: boolean } = {},
): Promise<VectorResult> {
  const failures: string[] = []
  let [checked, flipCount] = [0, 0]
  for (const [index, c] of file.cases.entries()) {
    const title = `${suite.file} ${caseTitle(c, index)}`
    try {
      await kindFor(suite, c).check(c, file)
      checked++
    } catch (error) {
      failures.push(`${title}: ${messageOf(error)}`)
      continue
    }
    if (!selfTest) continue
    const { unnoticed, count } = await unnoticedFlips(suite, file, c)
    flipCount += count
    if (count === 0) failures.push(`${title}: none of its fields is asserted`)
    for (const path of unnoticed) failures.push(`${title}: a change of ${path} was not noticed`)
  }
  return { file: suite.file, checked, total: file.cases.length, flips: flipCount, failures }
}

/** Paths of the expected fields whose change `check` overlooks. */
export async function unnoticedFlips(
  suite: VectorSuite,
  file: VectorFile,
  c: VectorCase,
): Promise<{ readonly unnoticed: readonly string[]; readonly count: number }> {
  const kind = kindFor(suite, c)
  const unnoticed: string[] = []
  let count = 0
  for (const { path, flipped } of flips(kind, c)) {
    count++
    try {
      await kind.check(flipped, file)
      unnoticed.push(path)
    } catch {
      // noticed
    }
  }
  return { unnoticed, count }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
