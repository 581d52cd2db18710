/** FindNode and Neighbours: asking for nodes that are close to something, and being asked. */
import { equal, toHex } from '@status-protocol/bytes'
import { nodeAddress } from '../enode.ts'
import { canonicalIp } from '../ip.ts'
import { createLookup, LOOKUP_SIZE } from '../kademlia/lookup.ts'
import { isRelayable, type TableNode, tableNode } from '../kademlia/node.ts'
import type { UdpAddress } from '../udp.ts'
import type { Bonding } from './bonding.ts'
import { addressOf, type Context } from './context.ts'
import type { DiscoveryFindNode, DiscoveryNeighbours } from './message.ts'

/** As go-ethereum has it: ports below belong to other services. */
const MIN_RELAYED_PORT = 1_024
/** Nodes in one packet so that it stays below 1,280 bytes, IPv6 included. */
const NODES_IN_PACKET = 12

export interface Search {
  /** Answers one whose endpoint is proven. */
  takeFindNode(message: DiscoveryFindNode, peerId: Uint8Array, from: UdpAddress): void
  takeNeighbours(message: DiscoveryNeighbours, peerId: Uint8Array, from: UdpAddress): void
  lookup(target: Uint8Array, start: readonly TableNode[], done: (nodes: readonly TableNode[]) => void): void
}

export function createSearch(context: Context, bonding: Bonding): Search {
  const { own, table, proofs, requests, counts } = context

  /** The nodes of an answer that may be believed. */
  const believed = (nodes: DiscoveryNeighbours['nodes'], sender: TableNode): readonly TableNode[] =>
    nodes.flatMap(({ peerId, ip, udpPort, tcpPort }) => {
      const text = ip === undefined ? undefined : canonicalIp(ip)
      if (text === undefined || !isRelayable(text, sender.ip) || udpPort <= MIN_RELAYED_PORT) return []
      if (equal(peerId, own.peerId)) return []
      const known = table.get(peerId)
      if (known) return [known]
      const isPoint = own.crypto.parsePublicKey(Uint8Array.of(4, ...peerId)) !== undefined
      return isPoint ? [tableNode({ peerId, ip: text, udpPort, tcpPort }, own.crypto)] : []
    })

  /** Asks a node for others, after the proof of both endpoints. */
  const find = (
    node: TableNode,
    target: Uint8Array,
    done: (nodes: readonly TableNode[] | undefined) => void,
  ): void => {
    const failed = () => {
      context.failures.failed(node)
      done(undefined)
    }
    bonding.bond(node, (isThere) => {
      if (!isThere) {
        failed()
        return
      }
      if (requests.get('findnode', node)) {
        done(undefined)
        return
      }
      const message = { type: 'findnode', target, expirationUnixSeconds: context.expiration() } as const
      context.ask({ kind: 'findnode', node, message }, (answer) => {
        if (answer.type === 'neighbours') {
          done(believed(answer.nodes, node))
          return
        }
        // it may have forgotten us
        proofs.doubt(node.key, addressOf(node))
        failed()
      })
    })
  }

  return {
    takeFindNode({ target }, peerId, from) {
      const key = toHex(peerId)
      const near = table
        .closest(nodeAddress(target, own), LOOKUP_SIZE + 1)
        .filter((node) => node.key !== key && isRelayable(node.ip, from.ip))
        .slice(0, LOOKUP_SIZE)
        .map(({ peerId: id, ip, udpPort, tcpPort }) => ({ peerId: id, ip, udpPort, tcpPort }))
      const expirationUnixSeconds = context.expiration()
      for (let i = 0; i === 0 || i < near.length; i += NODES_IN_PACKET) {
        const nodes = near.slice(i, i + NODES_IN_PACKET)
        context.send({ type: 'neighbours', nodes, expirationUnixSeconds }, from)
      }
    },

    takeNeighbours({ nodes }, peerId, from) {
      const request = requests.get('findnode', { key: toHex(peerId), ip: from.ip, udpPort: from.port })
      if (!request) {
        counts.unproven++
        return
      }
      request.neighbours.push(...nodes.slice(0, LOOKUP_SIZE - request.neighbours.length))
      // a packet that has room left is the last one
      if (nodes.length >= NODES_IN_PACKET && request.neighbours.length < LOOKUP_SIZE) return
      requests.take(request)
      request.done({ type: 'neighbours', nodes: request.neighbours })
    },

    lookup(target, start, done) {
      const address = nodeAddress(target, own)
      const near = table.closest(address, LOOKUP_SIZE)
      const lookup = createLookup(address, near.length > 0 ? near : start)
      let isOver = false
      const step = (): void => {
        for (const node of lookup.next())
          find(node, target, (nodes) => {
            lookup.answered(node, nodes)
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
