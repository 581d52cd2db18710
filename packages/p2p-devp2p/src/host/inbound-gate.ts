/** Who is let in, by address, before anything is known of the peer. Pure; keeps what it needs to count. */
import type { AddressGroup } from './address-group.ts'
import type { HostLimits } from './limits.ts'

export type InboundRefusal =
  /** {@link HostLimits.inboundIntervalMs} has not passed since the last attempt from there. */
  | 'too-soon'
  /** {@link HostLimits.maxInboundPerIp} */
  | 'too-many-from-address'
  /** {@link HostLimits.maxInboundPerSubnet} */
  | 'too-many-from-subnet'
  | 'banned'
  /** {@link HostLimits.maxPendingInbound} */
  | 'too-many-pending'
  | 'closing'

type Verdict =
  | { readonly refused: InboundRefusal }
  | { readonly refused?: undefined; readonly evict?: number }

export interface InboundGate {
  /** Whether one more may come in from there; `evict`: in place of that pending one. Changes nothing. */
  enter(group: AddressGroup, nowMs: number): Verdict
  entered(id: number, group: AddressGroup, nowMs: number): void
  /** Its handshake is done. */
  settled(id: number): void
  left(id: number): void
  pending(): number
}

/** Addresses whose last attempt is remembered; the oldest is forgotten first. */
const MAX_REMEMBERED_ADDRESSES = 4_096

export function createInboundGate(
  limits: Pick<
    HostLimits,
    'maxPendingInbound' | 'maxInboundPerIp' | 'maxInboundPerSubnet' | 'inboundIntervalMs'
  >,
): InboundGate {
  /** In order of arrival. BOUNDED by maxPendingInbound. */
  const pending = new Map<number, string>()
  /** All that are in, the settled ones too. BOUNDED by the policy's connections. */
  const inside = new Map<number, AddressGroup>()
  /** In order of the attempts. BOUNDED by {@link MAX_REMEMBERED_ADDRESSES}. */
  const attempts = new Map<string, number>()

  return {
    enter(group, nowMs) {
      if (!group.isLocal) {
        const last = attempts.get(group.key)
        if (last !== undefined && nowMs - last < limits.inboundIntervalMs) return { refused: 'too-soon' }
        const near = countNear(inside, group)
        if (near.address >= limits.maxInboundPerIp) return { refused: 'too-many-from-address' }
        if (near.subnet >= limits.maxInboundPerSubnet) return { refused: 'too-many-from-subnet' }
      }
      if (pending.size < limits.maxPendingInbound) return {}
      const evict = oldestOfTheLoudest(pending, group.key)
      return evict === undefined ? { refused: 'too-many-pending' } : { evict }
    },
    entered(id, group, nowMs) {
      pending.set(id, group.key)
      inside.set(id, group)
      if (group.isLocal) return
      attempts.delete(group.key)
      attempts.set(group.key, nowMs)
      for (const [oldest, at] of attempts) {
        if (attempts.size <= MAX_REMEMBERED_ADDRESSES && nowMs - at < limits.inboundIntervalMs) break
        attempts.delete(oldest)
      }
    },
    settled(id) {
      pending.delete(id)
    },
    left(id) {
      pending.delete(id)
      inside.delete(id)
    },
    pending: () => pending.size,
  }
}

/**
 * Whoever holds the most places gives one up, so that silent connections from one address cannot keep others out. Nobody,
 * if the newcomer's address holds as many.
 */
function oldestOfTheLoudest(pending: ReadonlyMap<number, string>, newcomer: string): number | undefined {
  const counts = new Map<string, number>()
  for (const key of pending.values()) counts.set(key, (counts.get(key) ?? 0) + 1)
  let loudest: string | undefined
  let most = counts.get(newcomer) ?? 0
  for (const [key, count] of counts)
    if (count > most) {
      loudest = key
      most = count
    }
  if (loudest === undefined) return undefined
  for (const [id, key] of pending) if (key === loudest) return id
  return undefined
}

function countNear(
  groups: ReadonlyMap<number, AddressGroup>,
  wanted: AddressGroup,
): { readonly address: number; readonly subnet: number } {
  const count = { address: 0, subnet: 0 }
  for (const { key, subnet } of groups.values()) {
    if (key === wanted.key) count.address++
    if (subnet === wanted.subnet) count.subnet++
  }
  return count
}
