/**
 * A store of your own: one file to which every commit appends a line. The conformance suite of the port says whether the
 * layers can stand on it; run it in your own tests.
 */
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Change, isChange, type Storage } from '@status-protocol/ports'
import { storageConformance } from '@status-protocol/ports/testing'
import { createMemoryStorage } from '@status-protocol/storage-memory'

interface FileStorage extends Storage {
  readonly path: string
  close(): Promise<void>
}

/** All of it is in memory too: for small states. Opened by one process at a time. */
async function openFileStorage(path: string): Promise<FileStorage> {
  const memory = createMemoryStorage()
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n')
  lines.pop() // what follows the last line end: nothing, or a commit that was cut off
  for (const line of lines) await memory.commit(fromLine(line))

  const file = await open(path, 'a')
  await file.truncate(Buffer.byteLength(lines.map((line) => `${line}\n`).join('')))
  let last: Promise<void> = Promise.resolve()
  return {
    path,
    get: memory.get,
    range: memory.range,
    async commit(changes) {
      if (!changes.every(isChange)) throw new TypeError('commit: these are no changes')
      // One after the other. If the disk fails, what is in the file is uncertain: so do all that come later.
      last = last.then(async () => {
        await file.appendFile(`${toLine(changes)}\n`)
        await file.sync()
        await memory.commit(changes)
      })
      await last
    },
    async close() {
      await last.catch(() => {})
      await file.close()
    },
  }
}

function toLine(changes: readonly Change[]): string {
  const hex = (part: string | Uint8Array) =>
    typeof part === 'string' ? part : { hex: Buffer.from(part).toString('hex') }
  return JSON.stringify(
    changes.map((change) =>
      'put' in change ? ['put', ...change.put.map(hex)] : ['del', ...change.del.map(hex)],
    ),
  )
}

function fromLine(line: string): Change[] {
  type Part = { readonly hex: string }
  const bytes = (part: Part) => Uint8Array.from(Buffer.from(part.hex, 'hex'))
  const entries = JSON.parse(line) as ['put' | 'del', string, Part, Part][]
  return entries.map(([kind, table, key, value]) =>
    kind === 'put' ? { put: [table, bytes(key), bytes(value)] } : { del: [table, bytes(key)] },
  )
}

const folder = await mkdtemp(join(tmpdir(), 'store-of-your-own-'))
let files = 0
const suite = storageConformance({
  open: () => openFileStorage(join(folder, `${files++}`)),
  close: (storage) => (storage as FileStorage).close(),
  async reopen(storage) {
    await (storage as FileStorage).close()
    return openFileStorage((storage as FileStorage).path)
  },
})
for (const { name, run } of suite) {
  await run() // throws where the store breaks the contract
  console.log('ok:', name)
}
await rm(folder, { recursive: true })
