/**
 * How many packets are looked at: reading one costs a signature, which is what a flood is after. Pure.
 *
 * Each address has a bucket of its own; strangers (who have proven nothing) share another one, so that a flood from many
 * addresses, invented ones most likely, leaves those alone who are known.
 */
import { addressGroup } from '../host/address-group.ts'
import type { UdpAddress } from '../udp.ts'

export interface FloodLimits {
  /** Packets of one address (IPv6: /64) a second, in the long run; local ones are exempt. */
  readonly perAddressPerSecond: number
  /** Packets of all that have proven nothing a second, in the long run. */
  readonly strangersPerSecond: number
}

export const defaultFloodLimits: FloodLimits = { perAddressPerSecond: 40, strangersPerSecond: 400 }
/** Seconds of quiet that are credited at most. */
const BURST_SECONDS = 3
/** Beyond, the address that was quiet the longest is forgotten. */
const MAX_ADDRESSES = 2_048

interface Bucket {
  tokens: number
  atMs: number
}

export function createFloodGate(
  limits: FloodLimits,
): (from: UdpAddress, isStranger: boolean, nowMs: number) => boolean {
  /** By address, the one that sent last at the end. BOUNDED by {@link MAX_ADDRESSES}. */
  const buckets = new Map<string, Bucket>()
  const strangers: Bucket = { tokens: limits.strangersPerSecond * BURST_SECONDS, atMs: 0 }

  return (from, isStranger, nowMs) => {
    const { key, isLocal } = addressGroup(from.ip)
    if (!isLocal) {
      const rate = limits.perAddressPerSecond
      const bucket = buckets.get(key) ?? { tokens: rate * BURST_SECONDS, atMs: nowMs }
      buckets.delete(key)
      buckets.set(key, bucket)
      const [oldest] = buckets.keys()
      if (buckets.size > MAX_ADDRESSES && oldest !== undefined) buckets.delete(oldest)
      if (!take(bucket, rate, nowMs)) return false
    }
    return !isStranger || take(strangers, limits.strangersPerSecond, nowMs)
  }
}

function take(bucket: Bucket, perSecond: number, nowMs: number): boolean {
  bucket.tokens = Math.min(
    perSecond * BURST_SECONDS,
    bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond,
  )
  bucket.atMs = nowMs
  if (bucket.tokens < 1) return false
  bucket.tokens--
  return true
}
