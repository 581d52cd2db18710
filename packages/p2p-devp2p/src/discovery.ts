/**
 * Where nodes come from: discovery v4, DNS lists, static lists, another network. Whoever wants nodes pulls them; who does
 * not pull makes no source search, ask or resolve anything.
 */
import { utf8 } from '@status-protocol/bytes'
import { encodeRlp, rlpBytes, rlpElements, rlpSpan } from '@status-protocol/bytes/rlp'
import type { Enode } from './enode.ts'
import type { NodeRecord } from './enr.ts'

export interface DiscoveredNode {
  readonly enode: Enode
  /** Verified. Absent: the source has none. */
  readonly record?: NodeRecord
  /** What it is said to do: `relay`, `mailserver`. Empty: not known. */
  readonly roles: readonly string[]
  /** {@link Discovery.name} of where it comes from. */
  readonly source: string
}

export interface Discovery {
  readonly name: string
  /**
   * Nodes as they are found, repeats allowed; ends when there will be no more, or when `signal` does. Never rejects: what
   * goes wrong on the way is tried again by the source. Any number of readers.
   */
  find(signal: AbortSignal): AsyncIterable<DiscoveredNode>
  /** Ends all searches. Again: no effect. */
  close(): Promise<void>
}

/** Entry of a node record under which a node says what it does: an RLP list of names, ours. */
export const ROLES_KEY = 'roles'
const MAX_ROLES = 8
const ROLE = /^[a-z][a-z0-9-]{0,23}$/

/** For `entries` of `signNodeRecord`. Names that are none (lower case letters, digits, `-`; at most 24) are left out. */
export function rolesEntry(roles: readonly string[]): readonly [key: string, rlp: Uint8Array] {
  return [ROLES_KEY, encodeRlp(roles.filter((role) => ROLE.test(role)).map((role) => utf8(role)))]
}

/** At most 8 names; none if the record has no such entry. */
export function recordRoles(record: NodeRecord): readonly string[] {
  const rlp = record.entries.get(ROLES_KEY)
  const span = rlp && rlpSpan(rlp)
  if (!rlp || !span?.isList) return []
  return rlpElements(rlp, span)
    .slice(0, MAX_ROLES)
    .filter((element) => !element.isList)
    .map((element) => String.fromCharCode(...rlpBytes(rlp, element)))
    .filter((role) => ROLE.test(role))
}
