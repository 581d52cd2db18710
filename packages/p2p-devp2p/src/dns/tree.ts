/** Making a DNS node list (EIP-1459): the TXT records of a tree. */
import type { CryptoProvider } from '@status-protocol/crypto'
import { formatNodeRecord, type NodeRecord } from '../enr.ts'
import { signTreeRoot, treeEntryHash } from './entry.ts'

/** As go-ethereum has it: so that an entry fits into one DNS answer over UDP. */
const MAX_CHILDREN = 13

/**
 * All names with their text, the root under the domain itself.
 *
 * @param options.links URLs of other trees
 * @throws P2pError `invalid-argument`
 */
export function makeTree(options: {
  readonly domain: string
  readonly seq: bigint
  readonly records: readonly NodeRecord[]
  readonly links?: readonly string[]
  readonly privateKey: Uint8Array
  readonly crypto?: CryptoProvider
}): ReadonlyMap<string, string> {
  const { domain, seq, records, links = [] } = options
  const entries = new Map<string, string>()
  const add = (text: string): string => {
    const hash = treeEntryHash(text, options)
    entries.set(`${hash}.${domain}`, text)
    return hash
  }
  const subtree = (texts: readonly string[]): string => {
    let hashes = texts.map(add)
    while (hashes.length !== 1 || texts.length === 0) {
      const groups = Array.from({ length: Math.max(1, Math.ceil(hashes.length / MAX_CHILDREN)) }, (_, i) =>
        hashes.slice(i * MAX_CHILDREN, (i + 1) * MAX_CHILDREN),
      )
      hashes = groups.map((group) => add(`enrtree-branch:${group.join(',')}`))
      if (texts.length === 0) break
    }
    return hashes[0] as string
  }
  const root = { recordsHash: subtree(records.map(formatNodeRecord)), linksHash: subtree(links), seq }
  return new Map([[domain, signTreeRoot(root, options)], ...entries])
}
