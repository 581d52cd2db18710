import type { TableNode } from './node.ts'
import type { NodeTable } from './node-table.ts'

/** After so many unanswered questions in a row a node leaves the table. */
const MAX_FAILURES = 3
/** Failures are remembered of so many nodes. */
const MAX_FAILING = 512

/** Who does not answer leaves the table. */
export interface Failures {
  /** One more question unanswered. */
  failed(node: TableNode): void
  answered(node: TableNode): void
}

export function createFailures(table: Pick<NodeTable, 'remove'>): Failures {
  /** Questions that went unanswered, in a row. BOUNDED by {@link MAX_FAILING}. */
  const failures = new Map<string, number>()
  return {
    failed(node) {
      const count = (failures.get(node.key) ?? 0) + 1
      failures.delete(node.key)
      if (count >= MAX_FAILURES) table.remove(node.peerId)
      else failures.set(node.key, count)
      const [oldest] = failures.keys()
      if (failures.size > MAX_FAILING && oldest !== undefined) failures.delete(oldest)
    },
    answered: (node) => void failures.delete(node.key),
  }
}
