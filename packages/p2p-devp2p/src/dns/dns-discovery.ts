/**
 * {@link Discovery} from DNS node lists (EIP-1459). Every entry is checked against its hash, every root against the key in its
 * URL, so whoever answers the queries can leave nodes out but cannot put any in. The resolver comes from outside: this module
 * resolves nothing by itself and works where DNS goes over HTTPS or through a proxy.
 */

import { toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { type DiscoveredNode, type Discovery, recordRoles } from '../discovery.ts'
import { enodeOfRecord, type NodeRecord } from '../enr.ts'
import { type HostClock, systemHostClock } from '../host/host-clock.ts'
import { randomIndex } from '../random-index.ts'
import { sleep } from '../sleep.ts'
import { parseTreeLink, readTreeEntry, readTreeRoot, type TreeLink, type TreeRoot } from './entry.ts'

/** The TXT records of a name, each with its strings put together. Rejects if there is no answer. */
export type ResolveTxt = (name: string, signal: AbortSignal) => Promise<readonly string[]>

export interface DnsDiscoveryOptions {
  /** `enrtree://<key>@<domain>`, at least one. */
  readonly trees: readonly string[]
  readonly resolveTxt: ResolveTxt
  readonly limits?: Partial<DnsDiscoveryLimits>
  /** In which order records are taken; may be seeded. */
  readonly random?: Random
  readonly clock?: HostClock
  readonly crypto?: CryptoProvider
}

export interface DnsDiscoveryLimits {
  /** Entries of all trees that are kept for one reader; what is beyond is not looked at. */
  readonly maxEntries: number
  /** Trees, those that are linked to among them. */
  readonly maxTrees: number
  /** Between two queries. */
  readonly queryIntervalMs: number
  readonly queryTimeoutMs: number
  /** Where no root could be read, as without a network: tried again after this, then twice as long, up to `recheckMs`. */
  readonly retryMs: number
  /** Trees are read again after this. */
  readonly recheckMs: number
}

export const defaultDnsDiscoveryLimits: DnsDiscoveryLimits = {
  maxEntries: 5_000,
  maxTrees: 16,
  queryIntervalMs: 300,
  queryTimeoutMs: 5_000,
  retryMs: 10_000,
  recheckMs: 1_800_000,
}

/** @throws P2pError `invalid-argument` */
export function createDnsDiscovery(options: DnsDiscoveryOptions): Discovery {
  const crypto = options.crypto ?? defaultProvider
  const trees = options.trees.map((url) => parseTreeLink(url, { crypto }))
  const closed = new AbortController()
  const settings: Settings = {
    ...{ crypto, resolveTxt: options.resolveTxt, random: options.random ?? systemRandom },
    clock: options.clock ?? systemHostClock,
    limits: { ...defaultDnsDiscoveryLimits, ...options.limits },
  }
  return {
    name: 'dns',
    find: (signal) => walk(trees, settings, AbortSignal.any([signal, closed.signal])),
    close: async () => closed.abort(),
  }
}

interface Settings {
  readonly crypto: CryptoProvider
  readonly resolveTxt: ResolveTxt
  readonly random: Random
  readonly clock: HostClock
  readonly limits: DnsDiscoveryLimits
}

/** Something to resolve: an entry of a tree. */
interface Pending {
  readonly tree: TreeLink
  readonly hash: string
}

/** One reader's way through all trees, again and again; entries in random order, each once until the tree changes. */
async function* walk(
  trees: readonly TreeLink[],
  settings: Settings,
  signal: AbortSignal,
): AsyncGenerator<DiscoveredNode, void> {
  const { limits, clock, random, crypto } = settings
  /** By URL. BOUNDED by maxTrees. */
  const known = new Map(trees.slice(0, limits.maxTrees).map((tree) => [treeKey(tree), tree]))
  /** The highest number seen of a tree: older roots are not taken. BOUNDED by maxTrees. */
  const seqs = new Map<string, bigint>()
  let retryMs = limits.retryMs
  while (!signal.aborted) {
    const startedMs = clock.monotonicMs()
    let hasRoot = false
    /** Entries that have been read or are to be read in this round. BOUNDED by maxEntries. */
    const seen = new Set<string>()
    /** Trees whose root has been read in this round. BOUNDED by maxTrees. */
    const begun = new Set<string>()
    const pending: Pending[] = []
    const enqueue = (tree: TreeLink, hash: string) => {
      const key = `${hash.toUpperCase()}.${tree.domain}`
      if (seen.has(key) || seen.size >= limits.maxEntries) return
      seen.add(key)
      pending.push({ tree, hash })
    }
    for (;;) {
      for (const [key, tree] of known) {
        if (begun.has(key) || signal.aborted) continue
        begun.add(key)
        const root = await resolveRoot(tree, seqs.get(key) ?? 0n, settings, signal)
        if (!root) continue
        seqs.set(key, root.seq)
        hasRoot = true
        enqueue(tree, root.recordsHash)
        enqueue(tree, root.linksHash)
      }
      const next = takeRandom(pending, random)
      if (!next || signal.aborted) break
      const entry = await resolveEntry(next, settings, signal)
      if (entry?.type === 'branch') for (const child of entry.children) enqueue(next.tree, child)
      else if (entry?.type === 'link' && known.size < limits.maxTrees)
        known.set(treeKey(entry.link), entry.link)
      else if (entry?.type === 'record') yield discovered(entry.record)
    }
    if (hasRoot) {
      retryMs = limits.retryMs
      const restMs = limits.recheckMs - (clock.monotonicMs() - startedMs)
      await sleep(clock, Math.max(limits.queryIntervalMs, restMs), signal)
    } else {
      await sleep(clock, Math.min(retryMs, limits.recheckMs), signal)
      retryMs = Math.min(retryMs * 2, limits.recheckMs)
    }
  }

  function treeKey({ publicKey, domain }: TreeLink): string {
    return `${toHex(crypto.keccak256(publicKey)).slice(0, 16)} ${domain}`
  }
}

async function resolveRoot(
  tree: TreeLink,
  minSeq: bigint,
  settings: Settings,
  signal: AbortSignal,
): Promise<TreeRoot | undefined> {
  const texts = await query(tree.domain, settings, signal)
  const roots = texts.flatMap((text) => readTreeRoot(text, tree.publicKey, settings) ?? [])
  return roots.find(({ seq }) => seq >= minSeq)
}

async function resolveEntry({ tree, hash }: Pending, settings: Settings, signal: AbortSignal) {
  const texts = await query(`${hash}.${tree.domain}`, settings, signal)
  for (const text of texts) {
    const entry = readTreeEntry(text, hash, settings)
    if (entry) return entry
  }
  return undefined
}

/** TXT records that are looked at of one name. */
const MAX_TEXTS = 16

/** Nothing, if there is no answer in time. */
async function query(name: string, settings: Settings, signal: AbortSignal): Promise<readonly string[]> {
  const { clock, limits, resolveTxt } = settings
  await sleep(clock, limits.queryIntervalMs, signal)
  if (signal.aborted) return []
  const timeout = new AbortController()
  const cancel = clock.schedule(limits.queryTimeoutMs, () => timeout.abort())
  const over = AbortSignal.any([signal, timeout.signal])
  const given = new Promise<readonly string[]>((resolve) => {
    over.addEventListener('abort', () => resolve([]), { once: true })
  })
  const asked = (async () => (await resolveTxt(name, over)).slice(0, MAX_TEXTS))().catch(() => [])
  try {
    return await Promise.race([asked, given])
  } finally {
    cancel()
  }
}

function takeRandom<T>(items: T[], random: Random): T | undefined {
  return items.splice(randomIndex(random, items.length), 1)[0]
}

function discovered(record: NodeRecord): DiscoveredNode {
  return { enode: enodeOfRecord(record), record, roles: recordRoles(record), source: 'dns' }
}
