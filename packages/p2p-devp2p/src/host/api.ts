/** What a host can do. */
import type { DisconnectReason } from '../base/disconnect.ts'
import type { Enode } from '../enode.ts'
import type { HostEvent, Peer } from './events.ts'
import type { InboundRefusal } from './inbound-gate.ts'
import type { DialVerdict } from './policy.ts'

/** A node of a devp2p network. */
export interface Host {
  /** 64 bytes: ours. */
  readonly peerId: Uint8Array
  /** How others name and dial us; without an address if we do not listen. */
  readonly enode: string
  /** `host:port` with the real port; undefined if we do not listen. */
  readonly listenAddress: string | undefined
  /** All of them, those of other transports than TCP as URLs. */
  readonly listenAddresses: readonly string[]
  /**
   * What happens from now on, after a `link-up` for every link that is up already. Any number of readers; each may fall
   * behind by `maxQueuedEvents`, after that a `gap` tells how many are missing. Ends when the host is closed.
   */
  events(): AsyncIterableIterator<HostEvent, undefined>
  /** Whose links are up. */
  peers(): readonly Peer[]
  /** Adds a static peer: dialled at once, and again for ever. @throws P2pError `invalid-argument` */
  addPeer(enode: string): void
  /** Forgets a static peer and ends its link. Whether there was either. @throws P2pError `invalid-argument` */
  removePeer(enode: string): boolean
  /**
   * Dials a peer once. What comes of it is told by the events `link-up` and `dial-failed`.
   *
   * @throws P2pError `invalid-argument`
   */
  dial(enode: Enode | string): DialVerdict
  /** Ends the link to a peer, "requested" unless said. A static peer is dialled again. Whether there was one. */
  disconnect(peer: string, reason?: DisconnectReason): boolean
  /** The network is back, or another one: all static peers that are not connected are dialled at once. */
  redialNow(): void
  /**
   * Keeps a peer (enode URL or peer id) or a literal address (of IPv6 its /64) out for a while and ends what there is of it.
   * A banned peer is told "useless peer". At most 4,096 bans at a time; beyond, the one that ends first is given up.
   *
   * @throws P2pError `invalid-argument`
   */
  ban(target: string, durationMs: number, why?: string): void
  /** Whether there was one. @throws P2pError `invalid-argument` */
  unban(target: string): boolean
  bans(): readonly HostBan[]
  /** Lets a peer in above the limit and marks its links `trusted`, those that are up too; `false` takes it back. */
  setTrusted(enode: string, trusted: boolean): void
  /** What is going on besides links that are up, and who was turned away so far. */
  stats(): HostStats
  /** Takes leave of everybody (quitting), lets what is queued go out for a moment, stops listening. */
  close(): Promise<void>
}

export interface HostBan {
  /** Peer id in hex, or address. */
  readonly target: string
  readonly remainingMs: number
  readonly why: string
}

export interface HostStats {
  readonly up: number
  readonly pendingInbound: number
  readonly pendingOutbound: number
  /** Connections that were closed before their first byte was read. */
  readonly refused: Readonly<Record<InboundRefusal, number>>
  /** Connections of others that were read from and ended before a link came of them: garbage, silence, too many peers. */
  readonly failedInbound: number
}
