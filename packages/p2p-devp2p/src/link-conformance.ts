import type { ConformanceCase } from '@status-protocol/ports/testing'
import type { Capability } from './capabilities.ts'
import type { Link } from './link.ts'

/** Two ends of one connection that share the capability asked for. */
export interface LinkPair {
  /** The end that dialled. */
  readonly a: Link
  /** The end that was dialled. */
  readonly b: Link
  /** Ends whatever is left of it. */
  dispose(): Promise<void>
}

/**
 * What every implementation of {@link Link} does. `makePair` connects two fresh nodes that both offer `capability` (and
 * whatever else) and resolves when both ends are open.
 */
export function linkConformance(
  _makePair: (capability: Capability) => Promise<LinkPair>,
): readonly ConformanceCase[] {
  return []
}
