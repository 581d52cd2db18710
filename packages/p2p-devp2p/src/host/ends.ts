/** What the end of a connection says of the peer. */
import { type DisconnectReason, disconnectReasons } from '../base/disconnect.ts'
import type { ConnectionEnd } from './connection.ts'

const HOPELESS_REASONS: ReadonlySet<DisconnectReason> = new Set([
  disconnectReasons.uselessPeer,
  disconnectReasons.incompatibleVersion,
  disconnectReasons.invalidIdentity,
  disconnectReasons.unexpectedIdentity,
  disconnectReasons.self,
])
const HOPELESS_CAUSES: ReadonlySet<string> = new Set([
  'bad-handshake',
  'identity-mismatch',
  'self',
  'useless-peer',
])

/** What only a peer that breaks the protocol on purpose or by a fault brings about, once it has proven its id. */
const BREACH_CAUSES: ReadonlySet<string> = new Set([
  ...['bad-hello', 'identity-mismatch', 'bad-compression', 'too-big', 'unknown-code'],
])

export function isBreach({ by, cause }: ConnectionEnd): boolean {
  return by === 'us' && BREACH_CAUSES.has(cause)
}

/** The connection was made and died before anybody proved who it is: something between may be in the way. */
const MUTE_CAUSES: ReadonlySet<string> = new Set(['connection-lost', 'bad-handshake', 'handshake-timeout'])

export function saysNothingOfPeer({ cause }: ConnectionEnd): boolean {
  return MUTE_CAUSES.has(cause)
}

export function isHopeless({ reason, cause }: ConnectionEnd): boolean {
  return HOPELESS_REASONS.has(reason) || HOPELESS_CAUSES.has(cause)
}
