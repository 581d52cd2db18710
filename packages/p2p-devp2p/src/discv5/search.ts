/** FindNode and Nodes: asking for nodes at distances, and being asked. */
import { equal } from '@status-protocol/bytes'
import { nodeAddress } from '../enode.ts'
import type { NodeRecord } from '../enr.ts'
import { createLookup, LOOKUP_SIZE } from '../kademlia/lookup.ts'
import { isRelayable, type TableNode } from '../kademlia/node.ts'
import { logDistance } from '../kademlia/node-table.ts'
import type { Call } from './calls.ts'
import { addressOf, type Caller, type Context } from './context.ts'
import { nodeAt, relayedNode } from './endpoint.ts'
import type { Discv5Message } from './message.ts'
import { readRecord } from './opening.ts'
import { MAX_PACKET_BYTES } from './packet.ts'

/** Packets that are read of one answer. */
const MAX_PACKETS = 5
/** Distances that one question is answered for. */
const MAX_ASKED_DISTANCES = 16
/** Distances that one question of ours asks for: more than the 3 that others take, or small networks stay in parts. */
const ASKED_DISTANCES = 8
/** iv, header, tag, type, and around the records two list headers, the request id and the total. */
const BYTES_AROUND_RECORDS = 16 + 23 + 32 + 16 + 1 + 3 + 9 + 2 + 3

export interface Search {
  /** Answers one who has a session. */
  takeFindNode(message: Discv5Message & { readonly type: 'findnode' }, from: Caller): void
  takeNodes(message: Discv5Message & { readonly type: 'nodes' }, call: Call): void
  /** The current record of a node. */
  askRecord(node: TableNode, done: (record: NodeRecord | undefined) => void, isForStranger?: boolean): void
  lookup(target: Uint8Array, start: readonly TableNode[], done: (nodes: readonly TableNode[]) => void): void
  /** It has just answered, there. */
  settle(node: TableNode): void
}

export function createSearch(context: Context): Search {
  const { own, table, failures, calls } = context
  const { crypto } = own

  const settle = (node: TableNode): void => {
    failures.answered(node)
    const known = table.get(node.peerId)
    const isNewer = (node.record?.seq ?? -1n) > (known?.record?.seq ?? -1n)
    const merged =
      known?.record && !isNewer ? { ...node, tcpPort: known.tcpPort, record: known.record } : node
    // without a record it cannot be told to others
    if (!merged.record || table.add(merged) === 'refused') return
    if (known?.ip !== node.ip || isNewer) context.emit({ type: 'node', node: merged })
  }

  const askRecord: Search['askRecord'] = (node, done, isForStranger = false) =>
    context.ask(
      node,
      { type: 'findnode', distances: [0] },
      (answer) => {
        if (answer.type === 'none') failures.failed(node)
        const records = answer.type === 'nodes' ? answer.records : []
        const record = records.find(({ peerId }) => equal(peerId, node.peerId))
        if (record) {
          const at = addressOf(node)
          // about another address than the one that has answered, a record proves nothing
          settle(nodeAt(record, at, crypto) ?? { ...node, record })
        }
        done(record)
      },
      isForStranger,
    )

  /** The nodes of an answer that may be believed. */
  const believed = (records: readonly NodeRecord[], sender: TableNode): readonly TableNode[] =>
    records.flatMap((record) => {
      if (equal(record.peerId, own.peerId)) return []
      const known = table.get(record.peerId)
      if (known?.record && known.record.seq >= record.seq) return [known]
      return relayedNode(record, addressOf(sender), crypto) ?? []
    })

  const find = (
    node: TableNode,
    target: Uint8Array,
    done: (nodes: readonly TableNode[] | undefined) => void,
  ): void => {
    if (!node.record) {
      askRecord(node, (record) => (record ? find({ ...node, record }, target, done) : done(undefined)))
      return
    }
    const distances = distancesFor(target, node.address)
    context.ask(node, { type: 'findnode', distances }, (answer) => {
      if (answer.type !== 'nodes') {
        failures.failed(node)
        done(undefined)
        return
      }
      settle(node)
      done(believed(answer.records, node))
    })
  }

  /** Whether others would look for it, by its record, where it has answered us, and may. */
  const isTold = (node: TableNode, to: Caller): node is TableNode & { readonly record: NodeRecord } =>
    isRelayable(node.ip, to.at.ip) &&
    node.record !== undefined &&
    nodeAt(node.record, addressOf(node), crypto) !== undefined

  return {
    settle,
    askRecord,

    takeFindNode({ requestId, distances }, from) {
      // in the order in which they are asked for: the first ones are wanted most
      const wanted = [...new Set(distances.slice(0, MAX_ASKED_DISTANCES))]
      const rankOf = ({ address }: TableNode) => wanted.indexOf(logDistance(address, own.id))
      const near = table
        .all()
        .filter((node) => rankOf(node) >= 0 && !equal(node.address, from.id))
        .sort((a, b) => rankOf(a) - rankOf(b))
      /** BOUNDED by {@link LOOKUP_SIZE}. */
      const told: Uint8Array[] = []
      for (const node of near)
        if (told.length < LOOKUP_SIZE && isTold(node, from)) told.push(node.record.bytes)
      const groups = inPackets([...(wanted.includes(0) ? [context.record.bytes] : []), ...told])
      for (const records of groups)
        context.reply({ type: 'nodes', requestId, total: groups.length, records }, from)
    },

    takeNodes({ total, records }, call) {
      call.packets++
      for (const bytes of records.slice(0, LOOKUP_SIZE - call.records.length)) {
        const record = readRecord(bytes, context)
        if (record && call.distances?.includes(logDistance(record.nodeAddress, call.node.address)))
          call.records.push(record)
      }
      if (call.packets < Math.min(total, MAX_PACKETS) && call.records.length < LOOKUP_SIZE) return
      calls.take(call)
      call.done({ type: 'nodes', records: call.records })
    },

    lookup(target, start, done) {
      const address = nodeAddress(target, own)
      const near = table.closest(address, LOOKUP_SIZE)
      const lookup = createLookup(address, near.length > 0 ? near : start)
      let isOver = false
      const step = (): void => {
        for (const node of lookup.next())
          find(node, address, (nodes) => {
            lookup.answered(table.get(node.peerId) ?? node, nodes)
            step()
          })
        if (!lookup.isDone || isOver) return
        isOver = true
        done(lookup.result)
      }
      step()
    },
  }
}

/** The distance of the target from the node, and those around it, where the next closer ones are. */
function distancesFor(target: Uint8Array, node: Uint8Array): readonly number[] {
  const distance = logDistance(target, node)
  const distances = [distance]
  for (let i = 1; distances.length < ASKED_DISTANCES; i++) {
    if (distance + i <= 256) distances.push(distance + i)
    if (distance - i > 0 && distances.length < ASKED_DISTANCES) distances.push(distance - i)
  }
  return distances
}

/** At least one packet, if need be an empty one. */
function inPackets(records: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const packets: Uint8Array[][] = [[]]
  let room: number = MAX_PACKET_BYTES - BYTES_AROUND_RECORDS
  for (const record of records) {
    if (record.length > room) {
      packets.push([])
      room = MAX_PACKET_BYTES - BYTES_AROUND_RECORDS
    }
    packets.at(-1)?.push(record)
    room -= record.length
  }
  return packets
}
