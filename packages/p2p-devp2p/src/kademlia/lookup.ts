/** One search for the nodes that are closest to a target: asks the closest that it knows for closer ones. Pure. */

import type { TableNode } from './node.ts'
import { sortByDistance } from './node-table.ts'

/** Asked at the same time. */
const ALPHA = 3
/** Nodes that are looked for, and the most that one answer may add. */
export const LOOKUP_SIZE = 16
/** Candidates that are kept: the closest. */
const MAX_CANDIDATES = 64
/** Asked in all. Some 30 are enough in a network of millions; liars are not followed for ever. */
const MAX_ASKED = 48

export interface Lookup {
  /** Whom to ask now. {@link answered} is owed for each. */
  next(): readonly TableNode[]
  /** What the node says; none if it did not answer. */
  answered(node: TableNode, nodes: readonly TableNode[] | undefined): void
  readonly isDone: boolean
  /** The closest that have answered. */
  readonly result: readonly TableNode[]
}

export function createLookup(target: Uint8Array, start: readonly TableNode[]): Lookup {
  /** Closest first. BOUNDED by {@link MAX_CANDIDATES}. */
  let candidates: TableNode[] = []
  /** BOUNDED by {@link MAX_ASKED}. */
  const asked = new Set<string>()
  /** BOUNDED as `asked`. */
  const alive: TableNode[] = []
  let asking = 0

  const learn = (nodes: readonly TableNode[]) => {
    const known = new Set(candidates.map(({ key }) => key))
    const fresh = nodes.filter(({ key }) => !known.has(key) && !asked.has(key))
    candidates = sortByDistance([...candidates, ...fresh], target).slice(0, MAX_CANDIDATES)
  }
  const waiting = (): TableNode[] => {
    if (asked.size >= MAX_ASKED) return []
    const best = sortByDistance([...alive, ...candidates], target).slice(0, LOOKUP_SIZE)
    return best.filter(({ key }) => !asked.has(key))
  }
  learn(start)

  return {
    next() {
      const nodes = waiting().slice(0, Math.max(0, Math.min(ALPHA - asking, MAX_ASKED - asked.size)))
      for (const { key } of nodes) asked.add(key)
      candidates = candidates.filter(({ key }) => !asked.has(key))
      asking += nodes.length
      return nodes
    },
    answered(node, nodes) {
      asking--
      if (!nodes) return
      alive.push(node)
      learn(nodes)
    },
    get isDone() {
      return asking === 0 && waiting().length === 0
    },
    get result() {
      return sortByDistance(alive, target).slice(0, LOOKUP_SIZE)
    },
  }
}
