/** Programs of a benchmark: processes of their own that are told things and answer. */
import { type ChildProcess, fork } from 'node:child_process'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'

const LIMIT_MS = 300_000

export interface Program {
  /** What the program says next; one message is for one caller. Rejects if it ends or says nothing for two minutes. */
  next<Answer>(): Promise<Answer>
  tell(message: unknown): void
  ask<Answer>(message: unknown): Promise<Answer>
  stop(): Promise<void>
}

export interface ProgramPlace {
  /** 0 .. 19: how much it lets others go first. */
  readonly niceness?: number
  /** For `node`. */
  readonly flags?: readonly string[]
}

export function startProgram(
  module: URL,
  options: object,
  { niceness = 0, flags = [] }: ProgramPlace = {},
): Program {
  const path = fileURLToPath(module)
  const args = [JSON.stringify(options)]
  const child = fork(path, args, {
    serialization: 'advanced',
    execArgv: [...process.execArgv, ...flags, ...profiling(path)],
  })
  if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness)
  return programOf(child, path)
}

function programOf(child: ChildProcess, path: string): Program {
  const said: unknown[] = []
  const waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = []
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let failure: Error | undefined
  child.on('message', (message) => {
    const first = waiting.shift()
    if (first) first.resolve(message)
    else said.push(message)
  })
  child.once('exit', (code, signal) => {
    failure = new Error(`${path} ended with ${code ?? signal}`)
    for (const { reject } of waiting.splice(0)) reject(failure)
  })
  const next = <Answer>(): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (said.length > 0) return resolve(said.shift() as Answer)
      if (failure) return reject(failure)
      const timer = setTimeout(() => reject(new Error(`${path} says nothing`)), LIMIT_MS)
      waiting.push({
        resolve(value) {
          clearTimeout(timer)
          resolve(value as Answer)
        },
        reject(error) {
          clearTimeout(timer)
          reject(error)
        },
      })
    })
  return {
    next,
    tell: (message) => void child.send(message as object),
    ask(message) {
      child.send(message as object)
      return next()
    },
    stop() {
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      return ended.then(() => clearTimeout(timer))
    },
  }
}

/** What {@link startProgram} gave this process. */
export function programOptions<Options>(): Options {
  return JSON.parse(process.argv[2] ?? '{}') as Options
}

/** Answers the program that started this one. */
export function say(message: unknown): void {
  process.send?.(message)
}

/** What this process is told, one by one. Ends the process with its parent. */
export function onTold(listener: (message: never) => void): void {
  process.on('message', listener as (message: unknown) => void)
  process.on('disconnect', () => process.exit())
}

/** Microseconds of processor time of this process since `from`. */
export function cpuMicros(from?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from)
  return user + system
}

/** Milliseconds on a clock that all processes of this machine share. */
export function sharedNowMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000
}

/** BENCH_PROFILE=node: a processor profile of the program of that name, left in the working directory. */
function profiling(path: string): readonly string[] {
  return process.env.BENCH_PROFILE !== undefined && path.endsWith(`/${process.env.BENCH_PROFILE}.ts`)
    ? (process.env.BENCH_FLAGS ?? '--cpu-prof --cpu-prof-interval=200').split(' ')
    : []
}
