/**
 * Node discovery v5.1 as a machine of datagrams: what came in, what goes out, no sockets, no timers, no clock.
 *
 * Everything but the opening of a session is sealed. Nodes are known by records alone, so what a node does (its roles) is known
 * as soon as it is. Topics are not here: they are not part of what is spoken in any network that we know of.
 *
 * Not here: when to search (the driver's), what a node is worth (the pool's).
 */
import { equal, toHex } from '@status-protocol/bytes'
import { P2pError } from '../error.ts'
import type { KademliaCore, KademliaCoreOptions } from '../kademlia/core.ts'
import { createFloodGate, defaultFloodLimits } from '../kademlia/flood-gate.ts'
import { isRelayable, tableNode } from '../kademlia/node.ts'
import { randomIndex } from '../random-index.ts'
import type { UdpAddress } from '../udp.ts'
import type { Call } from './calls.ts'
import { type Caller, Context } from './context.ts'
import { type Discv5Message, decodeDiscv5Message } from './message.ts'
import { createOpening } from './opening.ts'
import { type Discv5Packet, decodeDiscv5Packet, isDiscv5Packet } from './packet.ts'
import { createSearch } from './search.ts'
import { nameAt } from './sessions.ts'

export function createDiscv5Core(options: KademliaCoreOptions): KademliaCore {
  const { crypto, random } = options
  const context = new Context(options)
  const opening = createOpening(context)
  const search = createSearch(context)
  const isAdmitted = createFloodGate({ ...defaultFloodLimits, ...options.flood })
  const { table, sessions, calls, counts, own, failures, votes } = context

  const receive = (bytes: Uint8Array, at: UdpAddress): void => {
    counts.received++
    if (!isAdmitted(at, !sessions.knows(at), context.now.monotonicMs)) {
      counts.flooded++
      return
    }
    const packet = orUndefined(() => decodeDiscv5Packet(bytes, own.id, crypto))
    if (packet?.type === 'whoareyou') opening.takeChallenge(packet, at)
    else if (packet && !equal(packet.sourceId, own.id)) take(packet, callerOf(packet.sourceId, at))
    else counts.unreadable++
  }

  const take = (packet: Exclude<Discv5Packet, { type: 'whoareyou' }>, from: Caller): void => {
    if (packet.type === 'handshake') {
      const opened = opening.takeHandshake(packet, from)
      if (!opened) return
      if (opened.node) search.settle(opened.node)
      read(opened.plaintext, from)
      return
    }
    const { nonce, sealed, authenticated } = packet
    const { receiveKey, olderReceiveKey } = context.session(from.name) ?? {}
    const open = (key: Uint8Array | undefined) => key && crypto.aesGcmOpen(key, nonce, sealed, authenticated)
    const plaintext = open(receiveKey) ?? open(olderReceiveKey)
    if (plaintext) read(plaintext, from)
    else {
      counts.unproven++
      opening.challenge(nonce, from)
    }
  }

  const read = (plaintext: Uint8Array, from: Caller): void => {
    const message = orUndefined(() => decodeDiscv5Message(plaintext))
    if (!message) counts.unreadable++
    else if (message.type === 'ping') takePing(message, from)
    else if (message.type === 'findnode') search.takeFindNode(message, from)
    else if (message.type === 'talk-request')
      context.reply({ type: 'talk-response', requestId: message.requestId }, from)
    else takeAnswer(message, from)
  }

  const takePing = (message: Discv5Message & { readonly type: 'ping' }, from: Caller): void => {
    const { requestId, recordSeq } = message
    const { ip, port } = from.at
    context.reply({ type: 'pong', requestId, recordSeq: context.record.seq, ip, port }, from)
    const known = table.all().find(({ address }) => equal(address, from.id))
    if (known?.record && known.ip === ip && known.udpPort === port && recordSeq > known.record.seq)
      search.askRecord(known, () => {}, true)
  }

  const takeAnswer = (
    message: Discv5Message & { readonly type: 'pong' | 'nodes' | 'talk-response' },
    from: Caller,
  ): void => {
    const call = calls.byRequest(message.requestId)
    if (call?.name !== from.name || (message.type === 'nodes') !== (call.distances !== undefined)) {
      counts.unproven++
      return
    }
    if (message.type === 'nodes') search.takeNodes(message, call)
    else if (message.type === 'pong') takePong(message, call, from.at)
  }

  const takePong = (
    { ip, port, recordSeq }: Discv5Message & { readonly type: 'pong' },
    call: Call,
    from: UdpAddress,
  ): void => {
    calls.take(call)
    const nowMs = context.now.monotonicMs
    if (isRelayable(ip, from.ip) && port > 0) votes.vote(from.ip, { ip, port }, nowMs)
    const { node } = call
    search.settle(node)
    if (recordSeq > (table.get(node.peerId)?.record?.seq ?? node.record?.seq ?? -1n))
      search.askRecord(node, () => {})
    call.done({ type: 'pong', rttMs: nowMs - call.sentAtMs, recordSeq })
  }

  return {
    name: 'discv5',
    get record() {
      return context.record
    },
    table,
    get counts() {
      return { ...counts }
    },
    get sizes() {
      return { requests: calls.size, proofs: sessions.size, nodes: table.all().length }
    },
    isMine: (bytes) => isDiscv5Packet(bytes, own.id, crypto),
    receive: (bytes, from, now) => context.during(now, () => receive(bytes, from)),
    wakeAtMs: () => calls.nextEndMs(),
    tick: (now) =>
      context.during(now, () => {
        for (const { records, done } of calls.expired(context.now.monotonicMs))
          done(records.length > 0 ? { type: 'nodes', records } : { type: 'none' })
      }),
    ping: (node, now, done = () => {}) =>
      context.during(now, () =>
        context.ask(node, { type: 'ping' }, (answer) =>
          done(answer.type === 'pong' ? answer.rttMs : undefined),
        ),
      ),
    lookup: (target, start, now, done) => context.during(now, () => search.lookup(target, start, done)),
    requestRecord: (node, now, done) => context.during(now, () => search.askRecord(node, done)),
    revalidate: (now) =>
      context.during(now, () => {
        const nodes = table.all()
        const node = nodes[randomIndex(random, nodes.length)]
        if (!node) return
        context.ask(node, { type: 'ping' }, (answer) => {
          if (answer.type !== 'pong') failures.failed(node)
        })
      }),
    setRecord(record) {
      context.record = record
    },
    nodeOf({ peerId, ip, udpPort, tcpPort }) {
      if (ip === undefined || udpPort === 0) return undefined
      return tableNode({ peerId, ip, udpPort, tcpPort }, crypto)
    },
  }
}

function callerOf(id: Uint8Array, at: UdpAddress): Caller {
  return { id, at, name: nameAt(toHex(id), at) }
}

/** Where others' bytes cannot be read. */
function orUndefined<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof P2pError) return undefined
    throw error
  }
}
