/** Node records over discovery v4 (EIP-868). */
import { equal, toHex } from '@status-protocol/bytes'
import { decodeNodeRecord, type NodeRecord, recordAddresses } from '../enr.ts'
import { P2pError } from '../error.ts'
import type { TableNode } from '../kademlia/node.ts'
import type { UdpAddress } from '../udp.ts'
import type { Context } from './context.ts'
import type { DiscoveryRecordResponse } from './message.ts'

export interface Records {
  /** Asks for the record of a node of the table. */
  ask(node: TableNode, done: (record: NodeRecord | undefined) => void): void
  take(message: DiscoveryRecordResponse, peerId: Uint8Array, from: UdpAddress): void
}

export function createRecords(context: Context): Records {
  const { table, requests, counts } = context

  const read = (bytes: Uint8Array): NodeRecord | undefined => {
    try {
      return decodeNodeRecord(bytes, context.own)
    } catch (error) {
      if (error instanceof P2pError) return undefined
      throw error
    }
  }

  return {
    ask(node, done) {
      const answered = () => done(table.get(node.peerId)?.record)
      const running = requests.get('enr', node)
      const message = { type: 'enr-request', expirationUnixSeconds: context.expiration() } as const
      if (running) requests.join(running, answered)
      else context.ask({ kind: 'enr', node, message }, answered)
    },
    take(message, peerId, from) {
      const request = requests.get('enr', { key: toHex(peerId), ip: from.ip, udpPort: from.port })
      if (!request || !equal(request.hash, message.requestHash)) {
        counts.unproven++
        return
      }
      requests.take(request)
      const fresh = read(message.record)
      const known = table.get(peerId)
      if (fresh && known && equal(fresh.peerId, peerId) && fresh.seq >= (known.record?.seq ?? 0n)) {
        const said = recordAddresses(fresh)
        // about another address than the one that has answered, a record proves nothing
        const tcpPort = said.ip === known.ip && said.tcpPort !== undefined ? said.tcpPort : known.tcpPort
        const node = { ...known, tcpPort, record: fresh }
        table.add(node)
        context.emit({ type: 'node', node })
      }
      request.done({ type: 'record' })
    },
  }
}
