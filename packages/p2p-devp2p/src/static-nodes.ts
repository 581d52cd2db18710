/** {@link Discovery} from a list: bootnodes, the nodes of a fleet. */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { DiscoveredNode, Discovery } from './discovery.ts'
import { parseEnode } from './enode.ts'

/**
 * All nodes of the list once, then no more.
 *
 * @param options.roles what they do: `['mailserver']`
 * @throws P2pError `invalid-argument` for what is no enode URL
 */
export function createStaticNodes(
  enodes: readonly string[],
  options: { readonly roles?: readonly string[]; readonly crypto?: CryptoProvider } = {},
): Discovery {
  const { roles = [] } = options
  const nodes: readonly DiscoveredNode[] = enodes.map((text) => ({
    ...{ enode: parseEnode(text, options), roles, source: 'static' },
  }))
  let isClosed = false
  return {
    name: 'static',
    async *find(signal) {
      for (const node of nodes) {
        if (signal.aborted || isClosed) return
        yield node
      }
    },
    async close() {
      isClosed = true
    },
  }
}
