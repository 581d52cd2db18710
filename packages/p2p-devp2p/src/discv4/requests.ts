/** Questions that wait for their answer: one of a kind per node and endpoint. Pure. */

import type { TableNode } from '../kademlia/node.ts'
import type { DiscoveryNeighbour } from './endpoint.ts'
import { endpointKey } from './endpoint-proofs.ts'

export type Answer =
  | { readonly type: 'pong'; readonly rttMs: number }
  | { readonly type: 'neighbours'; readonly nodes: readonly DiscoveryNeighbour[] }
  | { readonly type: 'record' }
  | { readonly type: 'none' }

export interface Request {
  readonly kind: 'ping' | 'findnode' | 'enr'
  readonly node: TableNode
  /** Of the packet. */
  readonly hash: Uint8Array
  readonly sentAtMs: number
  readonly endsAtMs: number
  /** A stranger's Ping is the reason: the first to go when there are too many. */
  readonly isForStranger: boolean
  /** What has come so far of an answer in several packets. BOUNDED by 16. */
  readonly neighbours: DiscoveryNeighbour[]
  done(answer: Answer): void
}

/** Beyond, the oldest question that a stranger brought about is given up; if there is none, nothing is asked. */
const MAX_REQUESTS = 512

export interface Requests {
  get(kind: Request['kind'], node: Pick<TableNode, 'key' | 'ip' | 'udpPort'>): Request | undefined
  /** False: too many. */
  add(request: Request): boolean
  /** One more who waits for the answer; so it is not a stranger's any more. BOUNDED by the lookups and their owner. */
  join(request: Request, done: Request['done']): void
  /** Takes it out; `done` is the caller's to call. */
  take(request: Request): void
  /** Takes out those whose time is over. */
  expired(nowMs: number): readonly Request[]
  nextEndMs(): number | undefined
  readonly size: number
}

export function createRequests(): Requests {
  /** In the order of asking. BOUNDED by {@link MAX_REQUESTS}. */
  const requests = new Map<string, Request>()
  const nameOf = (kind: Request['kind'], { key, ip, udpPort }: Pick<TableNode, 'key' | 'ip' | 'udpPort'>) =>
    `${kind} ${key} ${endpointKey({ ip, port: udpPort })}`

  return {
    get: (kind, node) => requests.get(nameOf(kind, node)),
    add(request) {
      if (requests.size >= MAX_REQUESTS) {
        const victim = [...requests].find(([, { isForStranger }]) => isForStranger)
        if (!victim) return false
        requests.delete(victim[0])
      }
      requests.set(nameOf(request.kind, request.node), request)
      return true
    },
    join(request, done) {
      const both = (answer: Answer) => {
        request.done(answer)
        done(answer)
      }
      requests.set(nameOf(request.kind, request.node), { ...request, isForStranger: false, done: both })
    },
    take: ({ kind, node }) => void requests.delete(nameOf(kind, node)),
    expired(nowMs) {
      const over = [...requests].filter(([, { endsAtMs }]) => endsAtMs <= nowMs)
      for (const [name] of over) requests.delete(name)
      return over.map(([, request]) => request)
    },
    nextEndMs() {
      let next: number | undefined
      for (const { endsAtMs } of requests.values()) if (next === undefined || endsAtMs < next) next = endsAtMs
      return next
    },
    get size() {
      return requests.size
    },
  }
}
