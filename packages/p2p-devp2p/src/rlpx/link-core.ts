import type { LinkCore, LinkCoreOptions } from '../link.ts'

/**
 * A connection to one peer, before its first byte.
 *
 * @throws P2pError `invalid-argument` when an option cannot be used; nothing throws after that
 */
export function createLinkCore(_options: LinkCoreOptions): LinkCore {
  throw new Error('in the making')
}
