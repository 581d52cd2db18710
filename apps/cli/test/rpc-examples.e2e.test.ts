/** Runs docs/cli-rpc.md: what the page shows of `status serve --stdio` is what it does. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { NOTIFICATIONS } from '../src/serve/notifications.ts'
import { ROUTES } from '../src/serve/routes.ts'
import { lasts } from './lasting.ts'
import { CLI_MAIN, startRelay, stopAll, temporaryDirectory, until } from './programs.ts'

const PAGE = readFileSync(new URL('../../../docs/cli-rpc.md', import.meta.url), 'utf8')

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
type JsonObject = { readonly [key: string]: Json }

interface Line {
  readonly text: string
  readonly who: string
  readonly kind: '$' | '-->' | '<--'
  readonly content: string
}

const LINES = linesOf(section('A conversation'))
const jsonLines = LINES.filter(({ kind }) => kind !== '$').map(
  ({ content }) => JSON.parse(content) as JsonObject,
)

const running: Program[] = []
afterEach(async () => {
  for (const program of running.splice(0)) await program.stop()
  await stopAll()
})

describe('the examples of docs/cli-rpc.md', () => {
  it('show every method and every notification that two programs can be made to give', () => {
    const shown = new Set(jsonLines.map(({ method }) => method))
    const methods = Object.keys(ROUTES).filter((name) => !shown.has(name))
    expect(methods, 'methods without an example').toEqual([])
    const notifications = Object.keys(NOTIFICATIONS).filter((name) => !shown.has(name))
    expect(notifications, 'notifications without an example').toEqual(['undecryptable'])
  })

  it.skipIf(!lasts)('are what the program says', async () => {
    const relay = await startRelay({ args: ['--mailserver'] })
    const values = new Map<string, Json>([
      ['enode', relay.enode],
      ['directory', temporaryDirectory()],
      ['directory of bob', temporaryDirectory()],
      ['directory of carol', temporaryDirectory()],
    ])
    const programs = new Map<string, Program>()
    for (const line of LINES) {
      const program = programs.get(line.who)
      if (line.kind === '$') {
        await program?.stop()
        programs.set(line.who, startProgram(argumentsOf(line.content, values)))
      } else if (!program) throw new Error(`nobody was started for: ${line.text}`)
      else if (line.kind === '-->') program.write(filled(JSON.parse(line.content) as Json, values))
      else await expectSaid(program, JSON.parse(line.content) as JsonObject, values, line.text)
    }
    for (const { said } of running)
      for (const { method, params } of said) {
        const declared = NOTIFICATIONS[method as keyof typeof NOTIFICATIONS]
        if (method !== undefined)
          expect(declared?.params.safeParse(params).error, String(method)).toBeUndefined()
      }
  })
})

interface Program {
  /** Everything so far, in order. */
  readonly said: JsonObject[]
  /** Of {@link said}, what an example has shown already. */
  readonly used: Set<JsonObject>
  write(request: Json): void
  stop(): Promise<void>
}

function startProgram(args: readonly string[]): Program {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [...CLI_MAIN, ...args])
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const said: JsonObject[] = []
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line) as JsonObject))
  const program: Program = {
    said,
    used: new Set(),
    write: (request) => void child.stdin.write(`${JSON.stringify(request)}\n`),
    async stop() {
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(timer)
    },
  }
  running.push(program)
  return program
}

/** An answer is the one with its id and must fit; a notification may come among others. */
async function expectSaid(program: Program, wanted: JsonObject, values: Map<string, Json>, text: string) {
  const isCandidate = (said: JsonObject) =>
    !program.used.has(said) && said.method === wanted.method && said.id === wanted.id
  const fits = (said: JsonObject) => wanted.id !== undefined || bindings(wanted, said, values) !== undefined
  const find = () => program.said.find((said) => isCandidate(said) && fits(said))
  const shown = () => program.said.map((said) => JSON.stringify(said)).join('\n')
  await until(() => find() !== undefined, text).catch(() => {
    throw new Error(`the page says\n${text}\nthe program says\n${shown()}`)
  })
  const said = find() as JsonObject
  const bound = bindings(wanted, said, values)
  expect(bound, `the page says\n${text}\nthe program says\n${JSON.stringify(said)}`).toBeDefined()
  for (const [name, value] of bound ?? []) values.set(name, value)
  program.used.add(said)
}

/** What the placeholders of `wanted` stand for in `said`, or undefined if they differ elsewhere. */
function bindings(
  wanted: Json,
  said: Json,
  values: ReadonlyMap<string, Json>,
): Map<string, Json> | undefined {
  const found = new Map(values)
  const compare = (want: Json | undefined, got: Json | undefined): boolean => {
    if (want === undefined || got === undefined) return false
    const name = placeholder(want)
    if (name !== undefined) {
      if (!found.has(name)) found.set(name, got)
      return found.get(name) === got
    }
    if (typeof want !== 'object' || want === null || typeof got !== 'object' || got === null)
      return want === got
    const keys = new Set([...Object.keys(want), ...Object.keys(got)])
    if (Array.isArray(want) !== Array.isArray(got)) return false
    return [...keys].every((key) => compare((want as JsonObject)[key], (got as JsonObject)[key]))
  }
  return compare(wanted, said) ? found : undefined
}

function placeholder(value: Json): string | undefined {
  return typeof value === 'string' ? /^<([^<>]+)>$/.exec(value)?.[1] : undefined
}

function filled(value: Json, values: ReadonlyMap<string, Json>): Json {
  const name = placeholder(value)
  if (name !== undefined) return known(name, values)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, values))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, values)]))
}

function argumentsOf(command: string, values: ReadonlyMap<string, Json>): string[] {
  const [program, ...args] = command.match(/<[^<>]+>|\S+/g) ?? []
  expect(program).toBe('status')
  return args.map((arg) => String(filled(arg, values)))
}

function known(name: string, values: ReadonlyMap<string, Json>): Json {
  const value = values.get(name)
  if (value === undefined) throw new Error(`nothing has said yet what <${name}> is`)
  return value
}

function section(title: string): string {
  const start = PAGE.indexOf(`\n## ${title}\n`)
  const end = PAGE.indexOf('\n## ', start + 1)
  return PAGE.slice(start, end)
}

function linesOf(text: string): Line[] {
  const blocks = [...text.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, block]) => block as string)
  return blocks
    .flatMap((block) => block.split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, who = '', kind, content] = /^(?:(\w+) )?(\$|-->|<--) (.*)$/.exec(line) ?? []
      if (kind === undefined || content === undefined)
        throw new Error(`not a line of a conversation: ${line}`)
      return { text: line, who, kind: kind as Line['kind'], content }
    })
}
