/**
 * The state of a conversation, loaded before a transition and carried from one to the next.
 *
 * Transitions are synchronous and pure: `(conversation, input, context) -> { conversation, changes, outputs }`. Who
 * drives them commits the changes, then lets the outputs go; a conversation whose changes were not committed is dropped
 * and loaded again.
 */
import { equal, type PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import type { Change, Random } from '@status-protocol/ports'
import { DoubleRatchetError } from '../error.ts'
import { checkedCompress } from '../keys.ts'
import {
  encodeInstallation,
  INSTALLATIONS_TABLE,
  type Installation,
  installationKey,
} from './installation.ts'
import { encodeOwnPreKeys, OWN_PRE_KEYS_KEY, OWN_TABLE, type OwnPreKey } from './own-pre-keys.ts'
import { encodePeerState, PEERS_TABLE, type PeerState } from './peer-state.ts'
import type { SessionReads } from './reads.ts'
import type { Self } from './self.ts'

export interface Conversation {
  readonly self: Self
  /** 65 bytes; our own key in a conversation with our other devices. */
  readonly peer: PublicKey
  /** {@link peer}, 33 bytes. */
  readonly peerKey: Uint8Array
  /** The peer's; our other ones if the peer is ourselves. */
  readonly installations: readonly Installation[]
  /** Our other installations. */
  readonly ownInstallations: readonly Installation[]
  /** Oldest first. */
  readonly ownPreKeys: readonly OwnPreKey[]
  /** Absent if there is nothing to remember of the peer yet. */
  readonly peerState?: PeerState
}

/** What transitions are given from outside. */
export interface ConversationContext {
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: number
  readonly random: Random
  /**
   * Draws the iv of each message; without it the iv follows from the message's key, as clients have it. Wherever state is
   * stored: a store that went back to a backup writes with keys that were used, and this keeps the two messages apart.
   */
  readonly ivs?: Random | undefined
  readonly crypto?: CryptoProvider
}

export interface Transition<Outputs> {
  readonly conversation: Conversation
  /** To commit, all of them, before any output is acted on. */
  readonly changes: readonly Change[]
  readonly outputs: Outputs
}

/** All that a transition needs. Without a peer: for public messages. @throws DoubleRatchetError `invalid-key` */
export async function loadConversation(
  reads: SessionReads,
  self: Self,
  peer: PublicKey = self.publicKey,
  { crypto = defaultProvider }: { readonly crypto?: CryptoProvider } = {},
): Promise<Conversation> {
  const peerKey = checkedCompress(crypto, peer, 'peer')
  const ownInstallations = await reads.installations(self.publicKey)
  const isSelf = equal(peerKey, self.identity.publicKey)
  const peerState = await reads.peerState?.(peer)
  return {
    self,
    peer: peer.slice(),
    peerKey,
    installations: isSelf ? ownInstallations : await reads.installations(peer),
    ownInstallations,
    ownPreKeys: await reads.ownPreKeys(),
    ...(peerState ? { peerState } : {}),
  }
}

export function isWithSelf({ self, peerKey }: Conversation): boolean {
  return equal(peerKey, self.identity.publicKey)
}

/** @internal */
export function withInstallations(
  conversation: Conversation,
  installations: readonly Installation[],
): Conversation {
  if (installations === conversation.installations) return conversation
  const own = isWithSelf(conversation) ? { ownInstallations: installations } : {}
  return { ...conversation, installations, ...own }
}

/** @internal */
export function withPeerState(conversation: Conversation, peerState: PeerState): Conversation {
  return { ...conversation, peerState }
}

/** The list with one installation replaced or added. @internal */
export function withInstallation(
  installations: readonly Installation[],
  changed: Installation,
): readonly Installation[] {
  const at = installations.findIndex(({ id }) => id === changed.id)
  if (at < 0) return [...installations, changed]
  return installations[at] === changed ? installations : installations.with(at, changed)
}

/** @internal */
export function transition<Outputs>(
  before: Conversation,
  after: Conversation,
  outputs: Outputs,
): Transition<Outputs> {
  return { conversation: after, changes: changesBetween(before, after), outputs }
}

function changesBetween(before: Conversation, after: Conversation): readonly Change[] {
  const key = ({ id }: Installation) => installationKey(after.peerKey, id)
  const gone = before.installations.filter((was) => !after.installations.some(({ id }) => id === was.id))
  const changed = after.installations.filter((now) => !before.installations.includes(now))
  const changes: Change[] = gone.map((was) => ({ del: [INSTALLATIONS_TABLE, key(was)] }))
  for (const now of changed) changes.push({ put: [INSTALLATIONS_TABLE, key(now), encodeInstallation(now)] })
  if (after.ownPreKeys !== before.ownPreKeys)
    changes.push({ put: [OWN_TABLE, OWN_PRE_KEYS_KEY, encodeOwnPreKeys(after.ownPreKeys)] })
  if (after.peerState !== before.peerState)
    changes.push(
      after.peerState
        ? { put: [PEERS_TABLE, after.peerKey, encodePeerState(after.peerState)] }
        : { del: [PEERS_TABLE, after.peerKey] },
    )
  return changes
}

/** @throws DoubleRatchetError `invalid-argument` @internal */
export function toolsOf({ nowMs, random, ivs, crypto = defaultProvider }: ConversationContext): {
  readonly nowMs: number
  readonly random: Random
  readonly ivs: Random | undefined
  readonly crypto: CryptoProvider
} {
  return { nowMs: wholeMs(nowMs), random, ivs, crypto }
}

/** @throws DoubleRatchetError `invalid-argument` @internal */
export function wholeMs(nowMs: number): number {
  if (!Number.isFinite(nowMs) || nowMs < 0 || nowMs >= 2 ** 48)
    throw new DoubleRatchetError('invalid-argument', `nowMs: expected milliseconds since 1970, got ${nowMs}`)
  return Math.floor(nowMs)
}
