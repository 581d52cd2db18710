/** Good peers over a restart: the storage of the peer pool in one JSON file, written as a whole. */
import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromHex, toHex } from '@status-protocol/bytes'
import type { Change, Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { z } from 'zod'
import { codeOf } from '../data-dir.ts'
import type { Logger } from '../log.ts'

/** In the data directory. */
export const PEERS_FILE = 'peers.json'

const HEX = z.string().regex(/^(?:[0-9a-f]{2})*$/)
const FILE = z.object({
  version: z.literal(1),
  entries: z.array(z.tuple([z.string(), HEX, HEX])).max(10_000),
})

/** What cannot be read is left out, what cannot be written is told to the log: peers are found again. */
export async function openPeerCache(dataDir: string, log: Logger): Promise<Storage> {
  const path = join(dataDir, PEERS_FILE)
  const memory = createMemoryStorage()
  /** BOUNDED by what the pool keeps. */
  const entries = new Map<string, readonly [table: string, key: string, value: string]>()
  const apply = (change: Change): void => {
    const [table, key] = 'put' in change ? change.put : change.del
    const name = `${table} ${toHex(key)}`
    if ('put' in change) entries.set(name, [table, toHex(key), toHex(change.put[2])])
    else entries.delete(name)
  }
  const commit = async (changes: readonly Change[]): Promise<void> => {
    await memory.commit(changes)
    for (const change of changes) apply(change)
  }
  await commit(read(path, log))
  let writing: Promise<unknown> = Promise.resolve()
  return {
    get: (table, key) => memory.get(table, key),
    range: (...args) => memory.range(...args),
    async commit(changes) {
      await commit(changes)
      writing = writing.then(() => write(path, [...entries.values()], log))
      await writing
    },
  }
}

function read(path: string, log: Logger): readonly Change[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') log.warn({ path, code: codeOf(error) }, 'known peers cannot be read')
    return []
  }
  const parsed = FILE.safeParse(jsonOf(text))
  if (parsed.success)
    return parsed.data.entries.map(([table, key, value]) => ({ put: [table, fromHex(key), fromHex(value)] }))
  log.warn({ path }, 'known peers cannot be read: they are looked for anew')
  return []
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function write(path: string, entries: readonly (readonly string[])[], log: Logger): Promise<void> {
  const unfinished = `${path}.unfinished`
  try {
    await writeFile(unfinished, `${JSON.stringify({ version: 1, entries })}\n`, { mode: 0o600 })
    await rename(unfinished, path)
  } catch (error) {
    log.warn({ path, code: codeOf(error) }, 'known peers cannot be written')
  }
}
