/**
 * The nodes that are known, by distance: Kademlia over keccak256 of the peer id, as discovery v4 has it. Pure.
 *
 * The distance of two nodes is the position of the first bit in which their addresses differ, 0 .. 256. Half of all nodes
 * are at 256, a quarter at 255 and so on, so that 17 buckets of 16 nodes each are enough: 240 and closer, 241, .. 256.
 * Who is in a bucket stays as long as it answers: newcomers wait. So nobody can push out honest nodes.
 */
import { toHex } from '@status-protocol/bytes'
import { addressGroup } from '../host/address-group.ts'
import type { TableNode } from './node.ts'

export const BUCKET_SIZE = 16
export const BUCKETS = 17
const REPLACEMENTS = 10
const CLOSEST_BUCKET_DISTANCE: number = 256 - BUCKETS + 1
/** Nodes of one IPv4 /24 or IPv6 /48 in one bucket, and in the whole table. */
const MAX_SUBNET_IN_BUCKET = 2
const MAX_SUBNET_IN_TABLE = 10

export interface NodeTable {
  /** BOUNDED by 17 buckets of 16. */
  all(): readonly TableNode[]
  get(peerId: Uint8Array): TableNode | undefined
  /** Takes a node whose endpoint is proven; `waiting`: as a replacement, because its bucket is full. */
  add(node: TableNode): 'added' | 'waiting' | 'refused'
  /** Drops it; the youngest replacement of its bucket comes in its place. */
  remove(peerId: Uint8Array): void
  /** The `count` nodes that are closest to the 32-byte address. */
  closest(address: Uint8Array, count: number): readonly TableNode[]
  /** How many distances have a node. */
  filledBuckets(): number
}

interface Bucket {
  nodes: TableNode[]
  /** The youngest last. */
  waiting: TableNode[]
}

export function createNodeTable(ownAddress: Uint8Array): NodeTable {
  const buckets: Bucket[] = Array.from({ length: BUCKETS }, () => ({ nodes: [], waiting: [] }))

  const bucketOf = (address: Uint8Array): Bucket => {
    const distance = logDistance(ownAddress, address)
    return buckets[Math.max(0, distance - CLOSEST_BUCKET_DISTANCE)] as Bucket
  }
  const all = (): TableNode[] => buckets.flatMap(({ nodes }) => nodes)
  const indexIn = (nodes: readonly TableNode[], peerId: Uint8Array): number => {
    const key = toHex(peerId)
    return nodes.findIndex((node) => node.key === key)
  }

  /** Whether its network has room for one more. */
  const hasRoom = (bucket: Bucket, node: TableNode): boolean => {
    const { subnet, isLocal } = addressGroup(node.ip)
    if (isLocal) return true
    const count = (nodes: readonly TableNode[]) =>
      nodes.filter((other) => other.key !== node.key && addressGroup(other.ip).subnet === subnet).length
    return count(bucket.nodes) < MAX_SUBNET_IN_BUCKET && count(all()) < MAX_SUBNET_IN_TABLE
  }

  return {
    all,
    get(peerId) {
      const key = toHex(peerId)
      return all().find((node) => node.key === key)
    },
    add(node) {
      const bucket = bucketOf(node.address)
      const at = indexIn(bucket.nodes, node.peerId)
      if (!hasRoom(bucket, node)) return 'refused'
      if (at >= 0) {
        bucket.nodes[at] = node
        return 'added'
      }
      bucket.waiting = bucket.waiting.filter(({ key }) => key !== node.key)
      if (bucket.nodes.length < BUCKET_SIZE) {
        bucket.nodes.push(node)
        return 'added'
      }
      bucket.waiting.push(node)
      if (bucket.waiting.length > REPLACEMENTS) bucket.waiting.shift()
      return 'waiting'
    },
    remove(peerId) {
      for (const bucket of buckets) {
        const key = toHex(peerId)
        bucket.waiting = bucket.waiting.filter((node) => node.key !== key)
        const at = indexIn(bucket.nodes, peerId)
        if (at < 0) continue
        bucket.nodes.splice(at, 1)
        const next = bucket.waiting.pop()
        if (next && hasRoom(bucket, next)) bucket.nodes.push(next)
      }
    },
    closest: (address, count) => sortByDistance(all(), address).slice(0, count),
    filledBuckets: () => buckets.filter(({ nodes }) => nodes.length > 0).length,
  }
}

/** 0 (equal) .. 256. */
export function logDistance(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) ^ (b[i] as number)
    if (x !== 0) return (a.length - i) * 8 - (Math.clz32(x) - 24)
  }
  return 0
}

export function sortByDistance<T extends { readonly address: Uint8Array }>(
  nodes: readonly T[],
  target: Uint8Array,
): T[] {
  return [...nodes].sort((a, b) => {
    for (let i = 0; i < target.length; i++) {
      const t = target[i] as number
      const difference = ((a.address[i] as number) ^ t) - ((b.address[i] as number) ^ t)
      if (difference !== 0) return difference
    }
    return 0
  })
}
