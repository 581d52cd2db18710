import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
import type { DiscoveredNode, Discovery } from './discovery.ts'
import { formatEnode } from './enode.ts'

/** A source that can find some nodes. */
export interface DiscoverySubject {
  readonly discovery: Discovery
  /** Enode URLs of nodes that it finds, one at least. It may find others as well. */
  readonly expected: readonly string[]
  /** What the nodes of `expected` say that they do; absent: nothing is said. */
  readonly roles?: readonly string[]
  /** Names that {@link DiscoveredNode.source} may have; absent: that of the source. */
  readonly sources?: readonly string[]
  /** Ends whatever is left of it. Called after `close` of the source as well. */
  dispose(): Promise<void>
}

/** All that is expected is there within this time. */
const FOUND_MS = 20_000
/** What is said to end, ends within this time. */
const ENDED_MS = 2_000

/**
 * What every implementation of {@link Discovery} does, over whatever network it uses. Takes real time.
 *
 * ```ts
 * for (const { name, run } of discoveryConformance(makeSource)) it(name, run)
 * ```
 */
export function discoveryConformance(make: () => Promise<DiscoverySubject>): readonly ConformanceCase[] {
  const withSource = (name: string, run: (subject: DiscoverySubject) => Promise<void>): ConformanceCase => ({
    name,
    async run() {
      const subject = await make()
      try {
        await run(subject)
      } finally {
        await subject.dispose()
      }
    },
  })

  return [
    withSource('finds the nodes that are there, and what they do', async (subject) => {
      const { discovery, sources = [discovery.name] } = subject
      check(discovery.name.length > 0, 'the source has a name')
      for (const { enode, record, source } of await findAll(subject)) {
        check(sources.includes(source), `source: expected one of ${sources.join()}, got ${source}`)
        if (record) checkEqual(record.peerId, enode.peerId, 'whose record it is')
      }
    }),
    withSource('any number of readers find them, each at its own pace', async (subject) => {
      const { discovery } = subject
      const slow = discovery.find(new AbortController().signal)[Symbol.asyncIterator]()
      const first = await within(FOUND_MS, slow.next(), 'the first node')
      check(first.done !== true, 'there is one')
      await Promise.all([findAll(subject), findAll(subject)])
      await within(ENDED_MS, Promise.resolve(slow.return?.()), 'the end of a reader that has left')
    }),
    withSource('a reader who leaves can come back', async (subject) => {
      for (let i = 0; i < 3; i++)
        for await (const _ of subject.discovery.find(new AbortController().signal)) break
      await findAll(subject)
    }),
    withSource('a signal ends a reader, whether it waits or not', async ({ discovery }) => {
      const never = new AbortController()
      never.abort()
      checkEqual(await readAll(discovery, never.signal), 0, 'nodes for a signal that was there before')
      const end = new AbortController()
      const reading = readAll(discovery, end.signal)
      await pause(50)
      end.abort()
      await within(ENDED_MS, reading, 'the end after the signal')
    }),
    withSource('close ends all readers, now and later, and may be called twice', async ({ discovery }) => {
      const forever = new AbortController().signal
      const readers = [readAll(discovery, forever), readAll(discovery, forever)]
      await pause(50)
      await within(ENDED_MS, Promise.all([discovery.close(), discovery.close()]), 'close')
      await within(ENDED_MS, Promise.all(readers), 'the end of the readers')
      checkEqual(await within(ENDED_MS, readAll(discovery, forever), 'the end'), 0, 'nodes after close')
      await within(ENDED_MS, discovery.close(), 'close for the third time')
    }),
    withSource('close ends a reader that is in the middle of a node', async ({ discovery }) => {
      const reader = discovery.find(new AbortController().signal)[Symbol.asyncIterator]()
      await within(FOUND_MS, reader.next(), 'the first node')
      await within(ENDED_MS, discovery.close(), 'close')
      for (let i = 0; ; i++) {
        const { done } = await within(ENDED_MS, reader.next(), 'the next one')
        if (done) break
        check(i < 1_000, 'the end comes')
      }
    }),
  ]
}

/** What was last said of each node that is expected, once all of it is as expected. */
async function findAll({
  discovery,
  expected,
  roles = [],
}: DiscoverySubject): Promise<readonly DiscoveredNode[]> {
  /** By enode URL. */
  const found = new Map<string, DiscoveredNode>()
  const wanted = roles.join()
  const isThere = (url: string): boolean => found.get(url)?.roles.join() === wanted
  const end = new AbortController()
  const search = async (): Promise<void> => {
    for await (const node of discovery.find(end.signal)) {
      found.set(formatEnode(node.enode), node)
      if (expected.every(isThere)) return
    }
  }
  try {
    await within(FOUND_MS, search(), 'the nodes that are there')
  } finally {
    end.abort()
  }
  const missing = expected.filter((url) => !isThere(url))
  checkEqual(missing, [], `nodes that were not found as they are, of ${[...found.keys()].join()}`)
  return expected.flatMap((url) => found.get(url) ?? [])
}

/** How many there were, when there are no more. */
async function readAll(discovery: Discovery, signal: AbortSignal): Promise<number> {
  let count = 0
  for await (const _ of discovery.find(signal)) {
    count++
    // who reads everything that there is at once would leave no turn to anybody else
    await pause(0)
  }
  return count
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
