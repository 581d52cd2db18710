/** What the parts of the core share: who we are, what is known, and the call that is going on. */
import { toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { nodeAddress } from '../enode.ts'
import type { NodeRecord } from '../enr.ts'
import type { KademliaCoreOptions, KademliaOutput, Now } from '../kademlia/core.ts'
import { createFailures, type Failures } from '../kademlia/failures.ts'
import type { TableNode } from '../kademlia/node.ts'
import { createNodeTable, type NodeTable } from '../kademlia/node-table.ts'
import { createEndpointVotes, type EndpointVotes } from '../nat/endpoint-votes.ts'
import type { UdpAddress } from '../udp.ts'
import type { DiscoveryEndpoint } from './endpoint.ts'
import { createEndpointProofs, type EndpointProofs, endpointKey } from './endpoint-proofs.ts'
import type { DiscoveryMessage } from './message.ts'
import { encodeDiscoveryPacket } from './packet.ts'
import { type Answer, createRequests, type Request, type Requests } from './requests.ts'

/** Packets are good for this long, as go-ethereum has it. */
export const EXPIRATION_SECONDS = 20
/** An answer that takes longer is none. */
const ANSWER_MS = 1_000

export interface Identity {
  readonly nodeKey: Uint8Array
  readonly crypto: CryptoProvider
  /** 64 bytes. */
  readonly peerId: Uint8Array
  /** Its hex. */
  readonly key: string
}

export class Context {
  readonly own: Identity
  readonly table: NodeTable
  readonly proofs: EndpointProofs = createEndpointProofs()
  readonly requests: Requests = createRequests()
  readonly votes: EndpointVotes
  readonly failures: Failures
  readonly counts: { received: number; sent: number; flooded: number; unreadable: number; unproven: number } =
    {
      ...{ received: 0, sent: 0, flooded: 0, unreadable: 0, unproven: 0 },
    }
  record: NodeRecord
  endpoint: DiscoveryEndpoint
  /** Of the call that is going on. */
  now: Now = { monotonicMs: 0, wallMs: 0 }
  #out: KademliaOutput[] = []

  constructor(options: Omit<KademliaCoreOptions, 'random' | 'flood'>) {
    const { nodeKey, crypto } = options
    const peerId = crypto.publicKey(nodeKey).slice(1)
    this.own = { nodeKey, crypto, peerId, key: toHex(peerId) }
    this.table = createNodeTable(nodeAddress(peerId, { crypto }))
    this.failures = createFailures(this.table)
    this.votes = options.votes ?? createEndpointVotes()
    this.record = options.record
    this.endpoint = options.endpoint
  }

  /** Everything that `run` brings about. */
  during(now: Now, run: () => void): readonly KademliaOutput[] {
    const out: KademliaOutput[] = []
    this.now = now
    this.#out = out
    run()
    return out
  }

  emit(output: KademliaOutput): void {
    this.#out.push(output)
  }

  encode(message: DiscoveryMessage, padTo = 0): { readonly bytes: Uint8Array; readonly hash: Uint8Array } {
    return encodeDiscoveryPacket(message, { nodeKey: this.own.nodeKey, crypto: this.own.crypto, padTo })
  }

  sendBytes(bytes: Uint8Array, to: UdpAddress): void {
    this.counts.sent++
    this.emit({ type: 'send', to, bytes })
  }

  send(message: DiscoveryMessage, to: UdpAddress): void {
    this.sendBytes(this.encode(message).bytes, to)
  }

  /** Sends a question; `done` is told its answer, at once if there are too many already. */
  ask(
    question: Pick<Request, 'kind' | 'node'> & {
      readonly message: DiscoveryMessage
      readonly padTo?: number
      readonly isForStranger?: boolean
    },
    done: (answer: Answer) => void,
  ): void {
    const { kind, node, message, padTo, isForStranger = false } = question
    const { bytes, hash } = this.encode(message, padTo)
    const sentAtMs = this.now.monotonicMs
    const endsAtMs = sentAtMs + ANSWER_MS
    const request = { kind, node, hash, sentAtMs, endsAtMs, isForStranger, neighbours: [], done }
    if (this.requests.add(request)) this.sendBytes(bytes, addressOf(node))
    else done({ type: 'none' })
  }

  expiration(): bigint {
    return BigInt(Math.floor(this.now.wallMs / 1_000) + EXPIRATION_SECONDS)
  }

  isProven(key: string, at: UdpAddress): boolean {
    return this.proofs.isProven(key, at, this.now.monotonicMs)
  }
}

export function addressOf({ ip, udpPort }: Pick<TableNode, 'ip' | 'udpPort'>): UdpAddress {
  return { ip, port: udpPort }
}

/** A node at one address. */
export function nameAt(key: string, at: UdpAddress): string {
  return `${key} ${endpointKey(at)}`
}
