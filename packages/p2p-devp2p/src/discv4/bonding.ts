/**
 * Ping and Pong: endpoint proof in both directions.
 *
 * An address that has proven nothing gets at most one packet for each of its own, and none that is larger than what came:
 * it is pinged first, and its own Ping is answered when the answer to ours has come. Our own first Pings are long enough
 * that two nodes of this kind get out of that: the Ping that comes back is as long, and may be answered by a Pong at once.
 */
import { equal, toHex } from '@status-protocol/bytes'
import { isRelayable, type TableNode, tableNode } from '../kademlia/node.ts'
import type { UdpAddress } from '../udp.ts'
import { addressOf, type Context, EXPIRATION_SECONDS, nameAt } from './context.ts'
import type { DiscoveryMessage, DiscoveryPing, DiscoveryPong } from './message.ts'
import type { DiscoveryPacket } from './packet.ts'
import type { Records } from './records.ts'
import type { Answer } from './requests.ts'

const VERSION = 4
/** Above the length of any Pong over IPv6. */
const PADDED_PING_BYTES = 192
/** How long a node that has answered our Ping may take to ping us, before we ask it something all the same. */
const COURTESY_MS = 500
/** Pings of strangers that wait for their proof; the oldest goes first. */
const MAX_UNANSWERED = 256

export interface Bonding {
  takePing(
    packet: DiscoveryPacket & { readonly message: DiscoveryPing },
    from: UdpAddress,
    size: number,
  ): void
  takePong(packet: DiscoveryPacket & { readonly message: DiscoveryPong }, from: UdpAddress): void
  ping(node: TableNode, done: (answer: Answer) => void): void
  /** `done`: whether it is there; if so, it has had the chance to find out that we are. */
  bond(node: TableNode, done: (isThere: boolean) => void): void
  nextMs(): number | undefined
  tick(): void
}

export function createBonding(context: Context, records: Records): Bonding {
  const { own, table, proofs, requests, votes, counts } = context
  /** Pings to answer as soon as their sender has proven its endpoint. BOUNDED by {@link MAX_UNANSWERED}. */
  const unanswered = new Map<
    string,
    { readonly hash: Uint8Array; readonly tcpPort: number; readonly atMs: number }
  >()
  /** Nodes that have answered and may be about to ping us. BOUNDED by the lookups, three each. */
  const courtesies: { readonly name: string; readonly atMs: number; readonly go: () => void }[] = []

  const pingMessage = (to: UdpAddress): DiscoveryPing => ({
    ...{ type: 'ping', version: VERSION, from: context.endpoint, recordSeq: context.record.seq },
    to: { ip: to.ip, udpPort: to.port, tcpPort: 0 },
    expirationUnixSeconds: context.expiration(),
  })
  /** Without what readers can do without: shorter than any Ping of go-ethereum. */
  const leanPingMessage = (to: UdpAddress): DiscoveryPing => {
    const { recordSeq: _, ...rest } = pingMessage(to)
    return { ...rest, from: { udpPort: 0, tcpPort: context.endpoint.tcpPort } }
  }
  const pongMessage = (pingHash: Uint8Array, to: UdpAddress): DiscoveryMessage => ({
    ...{ type: 'pong', to: { ip: to.ip, udpPort: to.port, tcpPort: 0 }, pingHash },
    ...{ expirationUnixSeconds: context.expiration(), recordSeq: context.record.seq },
  })

  const pong = (hash: Uint8Array, key: string, to: UdpAddress): void => {
    context.send(pongMessage(hash, to), to)
    proofs.ponged(key, to, context.now.monotonicMs)
    const at = courtesies.findIndex(({ name }) => name === nameAt(key, to))
    if (at >= 0) courtesies.splice(at, 1)[0]?.go()
  }

  /** It is there, at that address. */
  const settle = (node: TableNode, recordSeq: bigint | undefined): void => {
    context.failures.answered(node)
    const known = table.get(node.peerId)
    const merged = known?.record ? { ...node, record: known.record } : node
    if (table.add(merged) === 'refused') return
    if (known?.ip !== node.ip || known.tcpPort !== node.tcpPort) context.emit({ type: 'node', node: merged })
    if (recordSeq !== undefined && recordSeq > (merged.record?.seq ?? -1n)) records.ask(merged, () => {})
  }

  const remember = (name: string, hash: Uint8Array, tcpPort: number): void => {
    unanswered.delete(name)
    unanswered.set(name, { hash, tcpPort, atMs: context.now.monotonicMs })
    const [oldest] = unanswered.keys()
    if (unanswered.size > MAX_UNANSWERED && oldest !== undefined) unanswered.delete(oldest)
  }

  const ping = (node: TableNode, done: (answer: Answer) => void): void => {
    if (node.key === own.key) {
      done({ type: 'none' })
      return
    }
    const running = requests.get('ping', node)
    if (!running) {
      const message = pingMessage(addressOf(node))
      context.ask({ kind: 'ping', node, message, padTo: PADDED_PING_BYTES }, done)
      return
    }
    requests.join(running, done)
  }

  return {
    ping,

    takePing({ hash, peerId, message }, from, size) {
      const key = toHex(peerId)
      const { tcpPort } = message.from
      const node = tableNode({ peerId, ip: from.ip, udpPort: from.port, tcpPort }, own.crypto)
      if (context.isProven(key, from)) {
        pong(hash, key, from)
        settle(node, message.recordSeq)
        return
      }
      const asked = requests.get('ping', node)
      if (asked && !asked.isForStranger) {
        const answer = context.encode(pongMessage(hash, from)).bytes
        if (answer.length <= size) {
          context.sendBytes(answer, from)
          proofs.ponged(key, from, context.now.monotonicMs)
          return
        }
      }
      remember(nameAt(key, from), hash, tcpPort)
      if (asked) return
      const fitting = [pingMessage(from), leanPingMessage(from)].find(
        (one) => context.encode(one).bytes.length <= size,
      )
      if (!fitting) counts.unproven++
      else context.ask({ kind: 'ping', node, message: fitting, padTo: size, isForStranger: true }, () => {})
    },

    takePong({ peerId, message }, from) {
      const key = toHex(peerId)
      const request = requests.get('ping', { key, ip: from.ip, udpPort: from.port })
      if (!request || !equal(request.hash, message.pingHash)) {
        counts.unproven++
        return
      }
      requests.take(request)
      const nowMs = context.now.monotonicMs
      proofs.prove(key, from, nowMs)
      if (message.to.ip !== undefined && isRelayable(message.to.ip, from.ip))
        votes.vote(from.ip, { ip: message.to.ip, port: message.to.udpPort }, nowMs)
      const name = nameAt(key, from)
      const waiting = unanswered.get(name)
      unanswered.delete(name)
      if (waiting && nowMs - waiting.atMs < EXPIRATION_SECONDS * 1_000) pong(waiting.hash, key, from)
      const tcpPort = waiting?.tcpPort || request.node.tcpPort || (table.get(peerId)?.tcpPort ?? 0)
      settle({ ...request.node, tcpPort }, message.recordSeq)
      request.done({ type: 'pong', rttMs: nowMs - request.sentAtMs })
    },

    bond(node, done) {
      const at = addressOf(node)
      const believesUs = () => proofs.believesUs(node.key, at, context.now.monotonicMs)
      if (context.isProven(node.key, at) && believesUs()) {
        done(true)
        return
      }
      ping(node, (answer) => {
        if (answer.type !== 'pong' || believesUs()) {
          done(answer.type === 'pong')
          return
        }
        const atMs = context.now.monotonicMs + COURTESY_MS
        courtesies.push({ name: nameAt(node.key, at), atMs, go: () => done(true) })
      })
    },

    nextMs: () => (courtesies.length > 0 ? Math.min(...courtesies.map(({ atMs }) => atMs)) : undefined),
    tick() {
      const due = courtesies.filter(({ atMs }) => atMs <= context.now.monotonicMs)
      for (const courtesy of due) courtesies.splice(courtesies.indexOf(courtesy), 1)
      for (const { go } of due) go()
    },
  }
}
