import type { Capability } from '../capabilities.ts'
import type { Link } from '../link.ts'

/** What runs on top of a host's connections: one {@link run} for every peer that has it too. */
export interface Subprotocol extends Capability {
  /**
   * Called once for every link, when it is up. Throwing or rejecting ends the connection (subprotocol error); returning
   * does not, `link.close` does.
   */
  run(link: Link): unknown
}
