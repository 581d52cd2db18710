/** Questions that wait for their answer. Pure. */
import { toHex } from '@status-protocol/bytes'
import type { NodeRecord } from '../enr.ts'
import type { TableNode } from '../kademlia/node.ts'

export type Answer =
  | { readonly type: 'pong'; readonly rttMs: number; readonly recordSeq: bigint }
  | { readonly type: 'nodes'; readonly records: readonly NodeRecord[] }
  | { readonly type: 'none' }

export interface Call {
  readonly requestId: Uint8Array
  readonly node: TableNode
  /** The node at its endpoint. */
  readonly name: string
  /** What was asked, sealed anew when the other one wants a handshake first. */
  readonly plaintext: Uint8Array
  /** Distances of a FindNode; absent: a Ping. */
  readonly distances?: readonly number[]
  /** Of the packet that it went out with. */
  readonly nonce: Uint8Array
  readonly sentAtMs: number
  readonly endsAtMs: number
  /** A stranger is the reason: the first to go when there are too many. */
  readonly isForStranger: boolean
  /** A challenge has been answered; there is no second one. */
  hasShakenHands: boolean
  /** Packets of the answer that have come. */
  packets: number
  /** What has come so far of an answer in several packets. BOUNDED by 16. */
  readonly records: NodeRecord[]
  done(answer: Answer): void
}

/** Beyond, the oldest question that a stranger brought about is given up; if there is none, nothing is asked. */
const MAX_CALLS = 512

export interface Calls {
  byRequest(requestId: Uint8Array): Call | undefined
  byNonce(nonce: Uint8Array): Call | undefined
  /** False: too many. */
  add(call: Call): boolean
  /** Takes it out; `done` is the caller's to call. */
  take(call: Call): void
  /** Takes out those whose time is over. */
  expired(nowMs: number): readonly Call[]
  nextEndMs(): number | undefined
  readonly size: number
}

export function createCalls(): Calls {
  /** By request id, in the order of asking. BOUNDED by {@link MAX_CALLS}. */
  const calls = new Map<string, Call>()
  /** BOUNDED as `calls`. */
  const nonces = new Map<string, Call>()

  const take = (call: Call): void => {
    calls.delete(toHex(call.requestId))
    nonces.delete(toHex(call.nonce))
  }

  return {
    byRequest: (requestId) => calls.get(toHex(requestId)),
    byNonce: (nonce) => nonces.get(toHex(nonce)),
    add(call) {
      if (calls.size >= MAX_CALLS) {
        const victim = [...calls.values()].find(({ isForStranger }) => isForStranger)
        if (!victim) return false
        take(victim)
        victim.done({ type: 'none' })
      }
      calls.set(toHex(call.requestId), call)
      nonces.set(toHex(call.nonce), call)
      return true
    },
    take,
    expired(nowMs) {
      const over = [...calls.values()].filter(({ endsAtMs }) => endsAtMs <= nowMs)
      for (const call of over) take(call)
      return over
    },
    nextEndMs() {
      let next: number | undefined
      for (const { endsAtMs } of calls.values()) if (next === undefined || endsAtMs < next) next = endsAtMs
      return next
    },
    get size() {
      return calls.size
    },
  }
}
