/**
 * What runs in a real browser beside the vectors: nodes over links in memory; mining, on the page and on Web Workers that
 * load this same bundle.
 */
import type { ConformanceCase } from '@status-protocol/ports/testing'
import { createWhisper } from '../src/index.ts'
import { portableMiner } from '../src/miner.ts'
import { minerConformance } from '../src/testing/miner-conformance.ts'
import { createMemoryLinkPair, whisperLinkConformance, whisperServiceConformance } from '../src/testing.ts'
import { createWebMiner } from '../src/web/miner.ts'
import '../src/web/miner-thread.ts'

const failures: string[] = []

export const cases: readonly ConformanceCase[] = [
  ...named(
    'links in memory',
    whisperLinkConformance(() => createMemoryLinkPair()),
  ),
  ...named('service of a node', whisperServiceConformance(twoServices)),
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

async function twoServices() {
  const nodes = [createWhisper(), createWhisper()] as const
  const { a, b } = createMemoryLinkPair()
  void nodes[0].attach(a)
  void nodes[1].attach(b)
  return {
    a: nodes[0].service,
    b: nodes[1].service,
    dispose: async () => {
      await Promise.all(nodes.map((node) => node.close()))
    },
  }
}

function named(kind: string, suite: readonly ConformanceCase[]): ConformanceCase[] {
  return suite.map(({ name, run }) => ({ name: `${kind}: ${name}`, run }))
}
