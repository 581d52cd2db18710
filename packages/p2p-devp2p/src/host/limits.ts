import { P2pError } from '../error.ts'
import type { LinkLimits } from '../link.ts'
import { defaultLinkLimits } from '../rlpx/link-settings.ts'

/** Bounds of a host, beside those of each connection. */
export interface HostLimits extends LinkLimits {
  /** Links at the same time. Trusted and static peers come on top of it. */
  readonly maxPeers: number
  /** Connections that others opened and that have not finished their handshake. */
  readonly maxPendingInbound: number
  /** Connections that we open at the same time, until their handshake is finished. */
  readonly maxPendingOutbound: number
  /** Connections that one address (IPv4; IPv6: its /64) has opened to us, whatever their state. Local ones are exempt. */
  readonly maxInboundPerIp: number
  /** The same for a whole IPv4 /24 or IPv6 /48. Local ones are exempt. */
  readonly maxInboundPerSubnet: number
  /**
   * Of `maxPeers`, places that only links which we dialled may take: whoever fills all others with identities of their own
   * does not choose all our peers.
   */
  readonly reservedOutbound: number
  /**
   * A peer that broke the protocol after the handshake is kept out for this long, by its id. Static and trusted peers are
   * exempt. 0: nobody.
   */
  readonly breachBanMs: number
  /** One address may try to connect once in this time. Local ones are exempt. */
  readonly inboundIntervalMs: number
  /** From the start of a dial until the transport is connected. */
  readonly dialTimeoutMs: number
  /** A static peer that is gone is dialled again after half of this to all of it; doubled for every failure in a row. */
  readonly redialMinMs: number
  /** Where the doubling ends. */
  readonly redialMaxMs: number
  /** A link that has been up for this long was a success: the next failure counts as the first. */
  readonly stableAfterMs: number
  /** How long a closing connection may take to get rid of what is queued, the Disconnect last. */
  readonly flushTimeoutMs: number
  /** A peer that takes nothing of what waits for it for this long is dropped. */
  readonly writeTimeoutMs: number
  /** Bodies that wait for a subprotocol; above it nothing more is read from that peer. */
  readonly receiveBufferBytes: number
  /** Events that wait for one reader; beyond, the oldest are dropped and counted. */
  readonly maxQueuedEvents: number
}

export const defaultHostLimits: HostLimits = {
  ...defaultLinkLimits,
  maxPeers: 50,
  maxPendingInbound: 50,
  maxPendingOutbound: 16,
  maxInboundPerIp: 8,
  maxInboundPerSubnet: 16,
  reservedOutbound: 0,
  breachBanMs: 600_000,
  inboundIntervalMs: 30_000,
  dialTimeoutMs: 10_000,
  redialMinMs: 1_000,
  redialMaxMs: 30_000,
  stableAfterMs: 10_000,
  flushTimeoutMs: 1_000,
  writeTimeoutMs: 120_000,
  receiveBufferBytes: 512 * 1024,
  maxQueuedEvents: 1_000,
}

/** @throws P2pError `invalid-argument` naming the limit */
export function checkHostLimits(limits: Partial<HostLimits> | undefined): HostLimits {
  const merged: HostLimits = { ...defaultHostLimits, ...limits }
  for (const [name, value] of Object.entries(merged))
    if (typeof value !== 'number' || !(value >= 0))
      throw new P2pError('invalid-argument', `limits.${name}: expected a number that is not negative`)
  if (merged.redialMaxMs < merged.redialMinMs)
    throw new P2pError('invalid-argument', 'limits.redialMaxMs: expected at least limits.redialMinMs')
  if (merged.reservedOutbound > merged.maxPeers)
    throw new P2pError('invalid-argument', 'limits.reservedOutbound: expected at most limits.maxPeers')
  return merged
}
