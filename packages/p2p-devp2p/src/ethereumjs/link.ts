import type { Socket } from 'node:net'
import type { Peer } from '@ethereumjs/devp2p'
import { type DisconnectReason, disconnectReasons } from '../base/disconnect.ts'
import type { Capability } from '../capabilities.ts'
import { type Packet, PacketQueue } from '../host/packet-queue.ts'
import { canonicalIp } from '../ip.ts'
import type { Link } from '../link.ts'
import { snappyCompress } from '../snappy.ts'

export type SendMessage = (code: number, payload: Uint8Array) => void

/** Frames have a size of three bytes; this leaves room for what compression adds to noise. */
const MAX_PACKET_BYTES = 14_000_000
const WRITE_BUFFER_BYTES: number = 256 * 1024
const RECEIVE_BUFFER_BYTES: number = 512 * 1024
const PACKET_OVERHEAD_BYTES = 128

/** What is used of the library's peer beyond its types. */
interface PeerInside {
  readonly _socket: Socket
}

/**
 * One connection of the library as a link. What it lacks and can be had from its socket is added here: back-pressure in both
 * directions, one write per message, no Nagle.
 */
export class EthereumjsLink implements Link {
  readonly capability: Capability
  readonly trusted: boolean = false
  readonly maxPacketBytes: number = MAX_PACKET_BYTES
  readonly closed: Promise<number>
  readonly #peer: Peer
  readonly #socket: Socket
  readonly #send: SendMessage
  readonly #queue: PacketQueue
  #isTaken = false
  #isClosed = false
  #resolveClosed: (reason: number) => void = () => {}
  #whenDrained: (() => void)[] = []
  #waitingBytes = 0

  constructor({ name, version, length }: Capability, peer: Peer, send: SendMessage) {
    this.capability = { name, version, length }
    this.#peer = peer
    this.#send = send
    this.#socket = (peer as unknown as PeerInside)._socket
    this.#queue = new PacketQueue((packet) => this.#pulled(packet))
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.#socket.setNoDelay(true)
    this.#socket.on('drain', () => this.#wake())
    this.#socket.once('close', () => this.#end(disconnectReasons.networkError, false))
    peer.events.once('close', (reason: DisconnectReason | undefined) =>
      this.#end(reason ?? disconnectReasons.networkError, false),
    )
  }

  /** As the peer says in Hello: the library does not compare it with the handshake when the peer has dialled. */
  get peerId(): Uint8Array {
    return this.#peer.getId()?.slice() ?? new Uint8Array(64)
  }

  get ip(): string {
    const address = this.#socket.remoteAddress ?? ''
    return canonicalIp(address) ?? address
  }

  send(code: number, body: Uint8Array): 'ok' | 'full' | 'closed' {
    if (this.#isClosed || !Number.isInteger(code) || code < 0 || code >= this.capability.length)
      return 'closed'
    if (body.length > this.maxPacketBytes) return 'closed'
    if (this.#socket.writableLength >= WRITE_BUFFER_BYTES) return 'full'
    const isCompressed = (this.#peer.getHelloMessage()?.protocolVersion ?? 0) >= 5
    // header and body are two writes of the library: one for the socket
    this.#socket.cork()
    this.#send(code, isCompressed ? snappyCompress(body) : body.slice())
    this.#socket.uncork()
    return 'ok'
  }

  drained(): Promise<void> {
    if (this.#isClosed || this.#socket.writableLength < WRITE_BUFFER_BYTES) return Promise.resolve()
    return new Promise((resolve) => this.#whenDrained.push(resolve))
  }

  packets(): AsyncIterable<Packet> {
    return {
      [Symbol.asyncIterator]: (): AsyncIterator<Packet> => {
        if (this.#isTaken) return { next: async () => ({ done: true, value: undefined }) }
        this.#isTaken = true
        return this.#queue
      },
    }
  }

  close(reason: DisconnectReason): void {
    if (this.#isClosed) return
    this.#peer.disconnect(reason as Parameters<Peer['disconnect']>[0])
    this.#end(reason, true)
    this.#socket.resume()
    this.#socket.end()
  }

  /** A message from the library, already decompressed (without a limit). */
  deliver(code: number, body: Uint8Array): void {
    if (!this.#queue.push({ code, body })) return
    this.#waitingBytes += body.length + PACKET_OVERHEAD_BYTES
    if (this.#waitingBytes > RECEIVE_BUFFER_BYTES) this.#socket.pause()
  }

  #pulled(packet: Packet): void {
    this.#waitingBytes -= packet.body.length + PACKET_OVERHEAD_BYTES
    if (this.#waitingBytes <= RECEIVE_BUFFER_BYTES / 2 && this.#socket.isPaused()) this.#socket.resume()
  }

  #wake(): void {
    for (const resolve of this.#whenDrained.splice(0)) resolve()
  }

  #end(reason: DisconnectReason, byUs: boolean): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#queue.end(byUs)
    this.#wake()
    this.#resolveClosed(reason)
  }
}
