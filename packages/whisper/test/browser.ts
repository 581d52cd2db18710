/** What runs in a real browser beside the vectors: mining, on the page and on Web Workers that load this same bundle. */
import type { ConformanceCase } from '@status-protocol/ports/testing'
import { portableMiner } from '../src/miner.ts'
import { minerConformance } from '../src/testing/miner-conformance.ts'
import { createWebMiner } from '../src/web/miner.ts'
import '../src/web/miner-thread.ts'

const failures: string[] = []

export const cases: readonly ConformanceCase[] = [
  ...named('portable miner', minerConformance({ open: () => portableMiner })),
  ...named(
    'web miner',
    minerConformance({
      open: () =>
        createWebMiner({
          threads: 2,
          startWorker: () => new Worker(import.meta.url, { type: 'module' }),
          onThreadFailed: (error) => failures.push(error.message),
        }),
      close: (miner) => miner.close(),
    }),
  ),
  {
    name: 'web miner: its workers started',
    async run() {
      if (failures.length > 0) throw new Error(failures.join('; '))
    },
  },
]

function named(kind: string, suite: readonly ConformanceCase[]): ConformanceCase[] {
  return suite.map(({ name, run }) => ({ name: `${kind}: ${name}`, run }))
}
