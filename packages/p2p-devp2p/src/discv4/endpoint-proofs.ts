/**
 * Endpoint proof: who has answered a Ping of ours at an address has shown that it receives there, and holds for 24 h. Only
 * then does it get answers that are larger than its questions. Pure.
 */
import type { UdpAddress } from '../udp.ts'

/** As go-ethereum has it. */
export const PROOF_MS: number = 24 * 3_600_000
/** Beyond, the one that was given the longest ago is given up. */
const MAX_PROOFS = 4_096

export interface EndpointProofs {
  /** `key`: hex of the peer id. */
  prove(key: string, at: UdpAddress, nowMs: number): void
  isProven(key: string, at: UdpAddress, nowMs: number): boolean
  /** We have answered its Ping. */
  ponged(key: string, at: UdpAddress, nowMs: number): void
  /** Whether it ought to take our questions. */
  believesUs(key: string, at: UdpAddress, nowMs: number): boolean
  /** It behaves as if it had forgotten us. */
  doubt(key: string, at: UdpAddress): void
  /** Somebody has proven this address. */
  knows(at: UdpAddress): boolean
  readonly size: number
}

export function createEndpointProofs(): EndpointProofs {
  /** When a peer has proven an endpoint, the latest at the end. BOUNDED by {@link MAX_PROOFS}. */
  const proven = new Map<string, { readonly atMs: number; readonly endpoint: string }>()
  /** When we have answered a peer at an endpoint, the latest at the end. BOUNDED by {@link MAX_PROOFS}. */
  const ponged = new Map<string, number>()
  /** Endpoints with the number of their proofs. BOUNDED as `proven`. */
  const endpoints = new Map<string, number>()
  const nameOf = (key: string, at: UdpAddress) => `${key} ${endpointKey(at)}`

  const drop = (name: string) => {
    const proof = proven.get(name)
    if (!proof) return
    proven.delete(name)
    const left = (endpoints.get(proof.endpoint) ?? 1) - 1
    if (left > 0) endpoints.set(proof.endpoint, left)
    else endpoints.delete(proof.endpoint)
  }

  return {
    prove(key, at, nowMs) {
      const [name, endpoint] = [nameOf(key, at), endpointKey(at)]
      drop(name)
      proven.set(name, { atMs: nowMs, endpoint })
      endpoints.set(endpoint, (endpoints.get(endpoint) ?? 0) + 1)
      const [oldest] = proven.keys()
      if (proven.size > MAX_PROOFS && oldest !== undefined) drop(oldest)
    },
    isProven(key, at, nowMs) {
      const name = nameOf(key, at)
      const proof = proven.get(name)
      if (proof && nowMs - proof.atMs < PROOF_MS) return true
      drop(name)
      return false
    },
    ponged(key, at, nowMs) {
      const name = nameOf(key, at)
      ponged.delete(name)
      ponged.set(name, nowMs)
      const [oldest] = ponged.keys()
      if (ponged.size > MAX_PROOFS && oldest !== undefined) ponged.delete(oldest)
    },
    believesUs(key, at, nowMs) {
      const atMs = ponged.get(nameOf(key, at))
      return atMs !== undefined && nowMs - atMs < PROOF_MS / 2
    },
    doubt: (key, at) => void ponged.delete(nameOf(key, at)),
    knows: (at) => endpoints.has(endpointKey(at)),
    get size() {
      return proven.size + ponged.size
    },
  }
}

export function endpointKey({ ip, port }: UdpAddress): string {
  return `${ip}|${port}`
}
