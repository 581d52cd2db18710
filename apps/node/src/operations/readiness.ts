/** Whether a node does what it is there for. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../data-dir.ts'

export interface Readiness {
  readonly ready: boolean
  /** `archive`: of a mailserver. */
  readonly checks: Readonly<Record<'listening' | 'dataDir' | 'peers', Check> & { readonly archive?: Check }>
}

export interface Check {
  readonly ok: boolean
  readonly detail: string
}

export interface ReadinessSource {
  readonly dataDir: string
  /** Fewer make it not ready. */
  readonly minPeers: number
  /** Where peers connect; undefined: nowhere, or not any more. */
  listening(): string | undefined
  peers(): number
  /** Of a mailserver: why its archive does not work, if so. */
  archiveProblem?(): Promise<string | undefined>
}

/** The data directory is tried at most once in this time, however often somebody asks. */
const TRY_INTERVAL_MS = 5_000

export function createReadiness(
  source: ReadinessSource,
  nowMs: () => number = () => performance.now(),
): () => Promise<Readiness> {
  let tried:
    | {
        readonly atMs: number
        readonly dataDir: Promise<Check>
        readonly archive: Promise<Check> | undefined
      }
    | undefined

  return async () => {
    if (tried === undefined || nowMs() - tried.atMs >= TRY_INTERVAL_MS)
      tried = {
        atMs: nowMs(),
        dataDir: tryToWrite(source.dataDir),
        archive: source.archiveProblem?.().then(judgeArchive),
      }
    const address = source.listening()
    const peers = source.peers()
    const checks = {
      listening: { ok: address !== undefined, detail: address ?? 'no longer' },
      dataDir: await tried.dataDir,
      peers: { ok: peers >= source.minPeers, detail: `${peers} of at least ${source.minPeers}` },
      ...(tried.archive && { archive: await tried.archive }),
    }
    return { ready: Object.values(checks).every(({ ok }) => ok), checks }
  }
}

function judgeArchive(problem: string | undefined): Check {
  return { ok: problem === undefined, detail: problem ?? 'works' }
}

/** Writes a file and removes it. */
export async function tryToWrite(dataDir: string): Promise<Check> {
  const path = join(dataDir, `write-test-${process.pid}`)
  try {
    await writeFile(path, 'x', { mode: 0o600 })
    await rm(path)
    return { ok: true, detail: 'writable' }
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined)
    return { ok: false, detail: `cannot be written (${codeOf(error)})` }
  }
}
