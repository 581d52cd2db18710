/** What is proven of others: sessions with nodes at endpoints, and the challenges that may become sessions. Pure. */

import { endpointKey } from '../discv4/endpoint-proofs.ts'
import type { NodeRecord } from '../enr.ts'
import type { UdpAddress } from '../udp.ts'

export interface Session {
  readonly sendKey: Uint8Array
  readonly receiveKey: Uint8Array
  /**
   * Of the session before: when two nodes begin at the same time, each answers under what the other began, and takes that
   * for the one that counts.
   */
  readonly olderReceiveKey: Uint8Array | undefined
  /** Messages that we have sealed, so that no nonce comes twice. */
  sent: number
}

export interface Challenge {
  /** What is to be signed. */
  readonly data: Uint8Array
  /** What we know of the node; absent: its record has to come with the answer. */
  readonly record: NodeRecord | undefined
  readonly atMs: number
}

/** Then a new handshake is asked for. */
const SESSION_MS: number = 24 * 3_600_000
/** Beyond, the session that was used the longest ago is forgotten. */
const MAX_SESSIONS = 2_048
const CHALLENGE_MS = 1_000
/** Strangers with invented addresses share these; who was challenged first goes first. */
const MAX_CHALLENGED = 256
/** Of one node at one endpoint: somebody else may knock in its name, and must not keep it out by that. */
const MAX_CHALLENGES_OF_ONE = 4

export interface Sessions {
  /** `name`: the node at its endpoint, {@link nameAt}. */
  get(name: string, nowMs: number): Session | undefined
  put(name: string, at: UdpAddress, keys: Pick<Session, 'sendKey' | 'receiveKey'>, nowMs: number): void
  /** Somebody at this address has a session. */
  knows(at: UdpAddress): boolean
  /** Those that may still be answered. */
  challenges(name: string, nowMs: number): readonly Challenge[]
  putChallenge(name: string, challenge: Challenge): void
  dropChallenge(name: string, challenge: Challenge): void
  readonly size: number
}

/** A node, by the hex of its id, at one address. */
export function nameAt(id: string, at: UdpAddress): string {
  return `${id} ${endpointKey(at)}`
}

export function createSessions(): Sessions {
  /** The one that was used last at the end. BOUNDED by {@link MAX_SESSIONS}. */
  const sessions = new Map<
    string,
    { readonly session: Session; readonly endpoint: string; readonly atMs: number }
  >()
  /** Endpoints with the number of their sessions. BOUNDED as `sessions`. */
  const endpoints = new Map<string, number>()
  /** BOUNDED by {@link MAX_CHALLENGED}, each list by {@link MAX_CHALLENGES_OF_ONE}. */
  const challenged = new Map<string, readonly Challenge[]>()

  const drop = (name: string): void => {
    const entry = sessions.get(name)
    if (!entry) return
    sessions.delete(name)
    const left = (endpoints.get(entry.endpoint) ?? 1) - 1
    if (left > 0) endpoints.set(entry.endpoint, left)
    else endpoints.delete(entry.endpoint)
  }

  return {
    get(name, nowMs) {
      const entry = sessions.get(name)
      if (!entry) return undefined
      if (nowMs - entry.atMs >= SESSION_MS) {
        drop(name)
        return undefined
      }
      sessions.delete(name)
      sessions.set(name, entry)
      return entry.session
    },
    put(name, at, { sendKey, receiveKey }, nowMs) {
      const olderReceiveKey = sessions.get(name)?.session.receiveKey
      drop(name)
      const endpoint = endpointKey(at)
      const session = { sendKey, receiveKey, olderReceiveKey, sent: 0 }
      sessions.set(name, { session, endpoint, atMs: nowMs })
      endpoints.set(endpoint, (endpoints.get(endpoint) ?? 0) + 1)
      const [oldest] = sessions.keys()
      if (sessions.size > MAX_SESSIONS && oldest !== undefined) drop(oldest)
    },
    knows: (at) => endpoints.has(endpointKey(at)),
    challenges: (name, nowMs) =>
      (challenged.get(name) ?? []).filter(({ atMs }) => nowMs - atMs < CHALLENGE_MS),
    putChallenge(name, challenge) {
      const others = challenged.get(name) ?? []
      challenged.delete(name)
      challenged.set(name, [...others, challenge].slice(-MAX_CHALLENGES_OF_ONE))
      const [oldest] = challenged.keys()
      if (challenged.size > MAX_CHALLENGED && oldest !== undefined) challenged.delete(oldest)
    },
    dropChallenge(name, challenge) {
      const others = (challenged.get(name) ?? []).filter((one) => one !== challenge)
      if (others.length > 0) challenged.set(name, others)
      else challenged.delete(name)
    },
    get size() {
      return sessions.size + challenged.size
    },
  }
}
