/** What the parts of the core share: who we are, what is known, and the call that is going on. */
import { toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Random } from '@status-protocol/ports'
import { nodeAddress } from '../enode.ts'
import type { NodeRecord } from '../enr.ts'
import type { KademliaCoreOptions, KademliaOutput, Now } from '../kademlia/core.ts'
import { createFailures, type Failures } from '../kademlia/failures.ts'
import type { TableNode } from '../kademlia/node.ts'
import { createNodeTable, type NodeTable } from '../kademlia/node-table.ts'
import { createEndpointVotes, type EndpointVotes } from '../nat/endpoint-votes.ts'
import type { UdpAddress } from '../udp.ts'
import { type Answer, type Call, type Calls, createCalls } from './calls.ts'
import { type Discv5Message, encodeDiscv5Message } from './message.ts'
import { authdataOf, encodeDiscv5Packet, IV_BYTES, NONCE_BYTES } from './packet.ts'
import { createSessions, nameAt, type Session, type Sessions } from './sessions.ts'

/** An answer that takes longer is none; a handshake before it included. */
const ANSWER_MS = 1_000
const REQUEST_ID_BYTES = 8
/** Sealed by nobody: so long that it looks like a Ping. */
const RANDOM_MESSAGE_BYTES = 28
/** Questions that wait until a handshake with their node is through. */
const MAX_QUEUED = 256

export class Context {
  readonly own: {
    readonly nodeKey: Uint8Array
    readonly crypto: CryptoProvider
    /** 64 bytes. */
    readonly peerId: Uint8Array
    /** 32 bytes, keccak256 of it. */
    readonly id: Uint8Array
  }
  readonly random: Random
  readonly table: NodeTable
  readonly failures: Failures
  readonly votes: EndpointVotes
  readonly sessions: Sessions = createSessions()
  readonly calls: Calls = createCalls()
  readonly counts: { received: number; sent: number; flooded: number; unreadable: number; unproven: number } =
    { received: 0, sent: 0, flooded: 0, unreadable: 0, unproven: 0 }
  record: NodeRecord
  /** Of the call that is going on. */
  now: Now = { monotonicMs: 0, wallMs: 0 }
  #out: KademliaOutput[] = []
  /** Nodes with which a handshake is going on, with the questions that wait for its end. BOUNDED by the calls. */
  readonly #opening = new Map<string, (() => void)[]>()
  /** BOUNDED by {@link MAX_QUEUED}. */
  #queued = 0

  constructor(options: Omit<KademliaCoreOptions, 'endpoint' | 'flood'>) {
    const { nodeKey, crypto, random, record, votes } = options
    const peerId = crypto.publicKey(nodeKey).slice(1)
    this.own = { nodeKey, crypto, peerId, id: nodeAddress(peerId, { crypto }) }
    this.random = random
    this.table = createNodeTable(this.own.id)
    this.failures = createFailures(this.table)
    this.votes = votes ?? createEndpointVotes()
    this.record = record
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

  sendBytes(bytes: Uint8Array, to: UdpAddress): void {
    this.counts.sent++
    this.emit({ type: 'send', to, bytes })
  }

  session(name: string): Session | undefined {
    return this.sessions.get(name, this.now.monotonicMs)
  }

  /** Answers one who has a session. */
  reply(message: Discv5Message, to: Caller): void {
    const session = this.session(to.name)
    if (session) this.sendBytes(this.seal(encodeDiscv5Message(message), to.id, session).bytes, to.at)
  }

  /** Sends a question; `done` is told its answer, at once if there are too many already. */
  ask(
    node: TableNode,
    question:
      | { readonly type: 'ping' }
      | { readonly type: 'findnode'; readonly distances: readonly number[] },
    done: (answer: Answer) => void,
    isForStranger = false,
  ): void {
    const at = addressOf(node)
    const name = nameAt(toHex(node.address), at)
    const session = this.session(name)
    const waiting = this.#opening.get(name)
    if (!session && waiting) {
      if (this.#queued >= MAX_QUEUED) {
        done({ type: 'none' })
        return
      }
      this.#queued++
      waiting.push(() => {
        this.#queued--
        this.ask(node, question, done, isForStranger)
      })
      return
    }
    const requestId = this.random.bytes(REQUEST_ID_BYTES)
    const plaintext = encodeDiscv5Message(
      question.type === 'ping'
        ? { type: 'ping', requestId, recordSeq: this.record.seq }
        : { type: 'findnode', requestId, distances: question.distances },
    )
    const { bytes, nonce } = session ? this.seal(plaintext, node.address, session) : this.#knock(node.address)
    const sentAtMs = this.now.monotonicMs
    const call: Call = {
      ...{ requestId, node, name, plaintext, nonce, sentAtMs, endsAtMs: sentAtMs + ANSWER_MS, isForStranger },
      ...{ hasShakenHands: false, packets: 0, records: [] },
      ...(question.type === 'findnode' && { distances: question.distances }),
      done: (answer) => {
        done(answer)
        if (!session) this.#opened(name)
      },
    }
    if (!this.calls.add(call)) {
      done({ type: 'none' })
      return
    }
    if (!session) this.#opening.set(name, [])
    this.sendBytes(bytes, at)
  }

  seal(
    plaintext: Uint8Array,
    targetId: Uint8Array,
    session: Session,
  ): { readonly bytes: Uint8Array; readonly nonce: Uint8Array } {
    const { crypto, id } = this.own
    const nonce = this.nonceOf(session)
    const { bytes } = encodeDiscv5Packet(
      {
        ...{ type: 'message', targetId, nonce, iv: this.random.bytes(IV_BYTES) },
        authdata: authdataOf.message(id),
        seal: (authenticated) => crypto.aesGcmSeal(session.sendKey, nonce, plaintext, authenticated),
      },
      crypto,
    )
    return { bytes, nonce }
  }

  /** Counted, so that none comes twice under one key; the rest is random. */
  nonceOf(session: Session): Uint8Array {
    const nonce = this.random.bytes(NONCE_BYTES)
    new DataView(nonce.buffer, nonce.byteOffset).setUint32(0, session.sent++ >>> 0)
    return nonce
  }

  /** A message that nobody can read: who gets it asks who we are. */
  #knock(targetId: Uint8Array): { readonly bytes: Uint8Array; readonly nonce: Uint8Array } {
    const { crypto, id } = this.own
    const nonce = this.random.bytes(NONCE_BYTES)
    const { bytes } = encodeDiscv5Packet(
      {
        ...{ type: 'message', targetId, nonce, iv: this.random.bytes(IV_BYTES) },
        authdata: authdataOf.message(id),
        seal: () => this.random.bytes(RANDOM_MESSAGE_BYTES),
      },
      crypto,
    )
    return { bytes, nonce }
  }

  /** The first question to a node is answered, or will not be: the others go on. */
  #opened(name: string): void {
    const waiting = this.#opening.get(name) ?? []
    this.#opening.delete(name)
    for (const go of waiting) go()
  }
}

/** Who asks us something, or answers. */
export interface Caller {
  /** 32 bytes. */
  readonly id: Uint8Array
  readonly at: UdpAddress
  /** Both. */
  readonly name: string
}

export function addressOf({ ip, udpPort }: Pick<TableNode, 'ip' | 'udpPort'>): UdpAddress {
  return { ip, port: udpPort }
}
