/**
 * The stores: durable commits a second one by one and 500 at a time, rows a second of a range, gets a second, time to open.
 * Beside what was recorded for the engine alone (Node 20, 2 shared cores, 2026-11). Disks differ more than processors do.
 *
 *   node --conditions=@status-protocol/source --import tsx bench/storage.ts [seconds per measurement]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change, Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { createSqliteStorage, DATABASE_FILE } from '@status-protocol/storage-sqlite'

const SECONDS = Number(process.argv[2] ?? 2)
const [ROWS, BATCH] = [20_000, 500]
const RECORDED = { 'sqlite one by one': 4500, 'sqlite 500 at a time': 91_000, 'sqlite range': 349_000 }

const value = Uint8Array.from({ length: 300 }, (_, i) => i & 255)

/** In the order of time, as messages are. */
function keyOf(i: number): Uint8Array {
  const key = new Uint8Array(40)
  new DataView(key.buffer).setUint32(0, i)
  return key
}

/** As hashes are: every entry of a batch is on another page, each of which is encrypted and written. */
const scattered = (i: number) => keyOf(Math.imul(i, 0x9e3779b1))

const put = (table: string, key: Uint8Array): Change => ({ put: [table, key, value] })

/** Calls `step` until the time is over; returns what it counted, a second. */
async function rate(step: () => Promise<number>): Promise<number> {
  const started = performance.now()
  let [count, elapsed] = [0, 0]
  while (elapsed < SECONDS * 1000) {
    count += await step()
    elapsed = performance.now() - started
  }
  return count / (elapsed / 1000)
}

function report(name: string, perSecond: number): void {
  const recorded = (RECORDED as Record<string, number>)[name]
  const beside = recorded ? `   engine alone: ${recorded.toLocaleString('en')}` : ''
  console.log(`${name.padEnd(34)} ${Math.round(perSecond).toLocaleString('en').padStart(12)} /s${beside}`)
}

async function measure(name: string, storage: Storage): Promise<void> {
  let next = 0
  report(
    `${name} one by one`,
    await rate(async () => {
      await storage.commit([put('message', keyOf(next++))])
      return 1
    }),
  )
  // The same rows again after a while: what is measured is writing, not growing.
  for (const [kind, table, order] of [
    ['', 'batch', keyOf],
    [', scattered', 'scattered', scattered],
  ] as const)
    report(
      `${name} 500 at a time${kind}`,
      await rate(async () => {
        await storage.commit(Array.from({ length: BATCH }, () => put(table, order(next++ % ROWS))))
        return BATCH
      }),
    )
  await storage.commit(Array.from({ length: ROWS }, (_, i) => put('batch', keyOf(i))))
  report(
    `${name} range`,
    await rate(async () => {
      let rows = 0
      for await (const _ of storage.range('batch', new Uint8Array(0), new Uint8Array(41).fill(255), ROWS))
        rows++
      return rows
    }),
  )
  report(
    `${name} get`,
    await rate(async () => {
      for (let i = 0; i < 1000; i++) await storage.get('batch', keyOf(i * 17))
      return 1000
    }),
  )
}

await measure('memory', createMemoryStorage())

const directory = mkdtempSync(join(tmpdir(), 'bench-storage-'))
try {
  const key = new Uint8Array(32).fill(7)
  const storage = await createSqliteStorage({ directory, key })
  await measure('sqlite', storage)
  await storage.close()

  const started = performance.now()
  const again = await createSqliteStorage({ directory, key })
  const opened = performance.now() - started
  const megabytes = statSync(join(directory, DATABASE_FILE)).size / 1e6
  console.log(`sqlite opens ${megabytes.toFixed(0)} MB in ${opened.toFixed(0)} ms`)
  const before = performance.now()
  await again.rekey(new Uint8Array(32).fill(8))
  console.log(`sqlite changes the key of it in ${(performance.now() - before).toFixed(0)} ms`)
  await again.close()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
