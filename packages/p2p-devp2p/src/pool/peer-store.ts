/**
 * Proven peers over a restart: table `p2p.peers`, one entry a peer.
 *
 * ```
 * peer id(64) -> RLP [1, enode, [role, ..], successes, up seconds, last up (unix s), latency (ms), 100 + reputation, its time]
 * ```
 */
import { BytesError, CodedError, fromUtf8, toHex, utf8 } from '@status-protocol/bytes'
import { encodeRlp, readRlpUint, rlpBytes, rlpElements, rlpSpan, rlpUint } from '@status-protocol/bytes/rlp'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Change } from '@status-protocol/ports'
import { formatEnode, parseEnode } from '../enode.ts'
import { freshPeer, type KnownPeer } from './peer-book.ts'

export const PEERS_TABLE = 'p2p.peers'
const VERSION = 1

export function putPeer(peer: KnownPeer): Change {
  const value = encodeRlp([
    ...[rlpUint(VERSION), utf8(formatEnode(peer.enode)), peer.roles.map((role) => utf8(role))],
    ...[peer.successes, peer.upSeconds, peer.lastUpUnixSeconds, peer.latencyMs].map(uint),
    ...[100 + peer.reputation, peer.reputationAtUnixSeconds].map(uint),
  ])
  return { put: [PEERS_TABLE, peer.enode.peerId, value] }
}

/** Undefined: written by another version, or spoilt. */
export function readPeer(
  id: Uint8Array,
  value: Uint8Array,
  options: { readonly crypto?: CryptoProvider } = {},
): KnownPeer | undefined {
  try {
    const [version, text, roles, ...numbers] = rlpElements(value, rlpSpan(value))
    if (!version || !text || !roles || numbers.length < 6) return undefined
    const read = numbers.map((span) => Number(readRlpUint(rlpBytes(value, span))))
    const [successes, upSeconds, lastUp, latencyMs, reputation, reputationAt] = read as [
      ...[number, number, number, number, number, number],
    ]
    const enode = parseEnode(fromUtf8(rlpBytes(value, text)), options)
    if (Number(readRlpUint(rlpBytes(value, version))) !== VERSION) return undefined
    if (toHex(enode.peerId) !== toHex(id) || reputation > 200) return undefined
    const names = rlpElements(value, roles).map((span) => fromUtf8(rlpBytes(value, span)))
    return {
      ...freshPeer(toHex(id), enode, names, 'cache'),
      ...{ successes, upSeconds, latencyMs, lastUpUnixSeconds: lastUp },
      ...{ reputation: reputation - 100, reputationAtUnixSeconds: reputationAt },
    }
  } catch (error) {
    if (error instanceof BytesError || error instanceof CodedError) return undefined
    throw error
  }
}

function uint(value: number): Uint8Array {
  return rlpUint(Math.max(0, Math.round(value)))
}
