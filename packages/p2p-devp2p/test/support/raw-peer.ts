import { connect, type Socket } from 'node:net'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { parseEnode } from '@status-protocol/p2p-devp2p'
import { seededRandom } from '@status-protocol/testkit'
import { encodeHello, type Hello } from '../../src/base/hello.ts'
import { baseCodes } from '../../src/base/messages.ts'
import { createFrameDecoder, type FrameDecoder } from '../../src/rlpx/frame-decoder.ts'
import { createFrameEncoder, type FrameEncoder } from '../../src/rlpx/frame-encoder.ts'
import { publicKeyOf, startHandshake } from '../../src/rlpx/handshake.ts'
import { createHandshakeReader } from '../../src/rlpx/handshake-packet.ts'
import { readCode } from '../../src/rlpx/message-code.ts'
import { idOf, SHH } from './cores.ts'

export interface RawMessage {
  readonly code: number
  /** As it was in the frame: compressed, if it was. */
  readonly payload: Uint8Array
}

/** A TCP connection of which everything can be seen: bytes, and when it ends. */
export class RawSocket {
  readonly socket: Socket
  /** Resolves when the other end has ended it. */
  readonly ended: Promise<void>
  bytesReceived = 0
  onData: (bytes: Uint8Array) => void = () => {}

  constructor(port: number, host = '127.0.0.1') {
    this.socket = connect({ port, host, noDelay: true })
    this.socket.on('error', () => {})
    this.socket.on('data', (bytes: Uint8Array) => {
      this.bytesReceived += bytes.length
      this.onData(bytes)
    })
    this.ended = new Promise((resolve) => this.socket.once('close', () => resolve()))
  }

  destroy(): void {
    this.socket.destroy()
  }
}

/**
 * A peer that shakes hands as everybody does and after that says exactly what it is told: other ids, codes and bodies than
 * a link core would. It answers nothing by itself.
 */
export class RawPeer {
  readonly raw: RawSocket
  readonly #encoder: FrameEncoder
  readonly #messages: RawMessage[] = []
  #wake: () => void = () => {}

  private constructor(raw: RawSocket, encoder: FrameEncoder, decoder: FrameDecoder, rest: Uint8Array) {
    this.raw = raw
    this.#encoder = encoder
    const read = (bytes: Uint8Array): void => {
      decoder.push(bytes)
      for (let step = decoder.next(2 ** 24); step.type !== 'more'; step = decoder.next(2 ** 24)) {
        if (step.type === 'refused') throw new Error(step.refusal)
        const code = readCode(step.body)
        if (!code) throw new Error('a frame without a code')
        this.#messages.push({ code: code.code, payload: step.body.subarray(code.length) })
      }
      this.#wake()
    }
    raw.onData = read
    read(rest)
    void raw.ended.then(() => this.#wake())
  }

  static async dial(enodeUrl: string, nodeKey: Uint8Array): Promise<RawPeer> {
    const enode = parseEnode(enodeUrl)
    const raw = new RawSocket(enode.tcpPort, enode.ip)
    const context = { crypto, random: seededRandom(nodeKey[0] as number), nodeKey }
    const remote = publicKeyOf(crypto, enode.peerId)
    if (!remote) throw new Error('no point')
    const started = startHandshake(context, remote)
    const reader = createHandshakeReader(context, 210)
    return new Promise((resolve, reject) => {
      raw.socket.once('close', () => reject(new Error('closed in the handshake')))
      raw.onData = (bytes) => {
        const step = reader.read(bytes)
        if (step.type === 'more') return
        const secrets = step.type === 'refused' ? undefined : started.finish(step.opened)
        if (!secrets || step.type === 'refused') return reject(new Error('no usable ack'))
        const [encoder, decoder] = [createFrameEncoder(crypto, secrets), createFrameDecoder(crypto, secrets)]
        resolve(new RawPeer(raw, encoder, decoder, step.rest.slice()))
      }
      raw.socket.write(started.auth)
    })
  }

  /** The handshake, and Hello both ways. */
  static async open(enodeUrl: string, nodeKey: Uint8Array, hello: Partial<Hello> = {}): Promise<RawPeer> {
    const peer = await RawPeer.dial(enodeUrl, nodeKey)
    peer.hello(nodeKey, hello)
    await peer.next(baseCodes.hello)
    return peer
  }

  hello(nodeKey: Uint8Array, changes: Partial<Hello> = {}): void {
    const nodeId = idOf(nodeKey)
    this.send(
      baseCodes.hello,
      encodeHello({ version: 5, clientName: 'raw', capabilities: [SHH], listenPort: 0, nodeId, ...changes }),
      false,
    )
  }

  /** `snappy` false: the payload goes out as it is. */
  send(code: number, payload: Uint8Array, snappy = true): void {
    const frame = this.#encoder.encode(code, payload, snappy)
    if (!frame) throw new Error('too big')
    this.raw.socket.write(frame)
  }

  /** The next message with this code; others are dropped. */
  async next(code: number): Promise<RawMessage> {
    for (;;) {
      const message = this.#messages.shift()
      if (message?.code === code) return message
      if (message) continue
      if (this.raw.socket.closed) throw new Error(`the connection ended before a message ${code}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  close(): void {
    this.raw.destroy()
  }
}
