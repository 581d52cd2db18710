import type { Server, Socket } from 'node:net'
import { type Capabilities, type Peer, RLPx, type RLPxOptions } from '@ethereumjs/devp2p'
import { utf8 } from '@status-protocol/bytes'
import { checkCapabilities } from '../capabilities.ts'
import { formatEnode, parseEnode } from '../enode.ts'
import { P2pError } from '../error.ts'
import type { Subprotocol } from '../host/subprotocol.ts'
import { splitHostPort } from '../ip.ts'
import { EthereumjsLink, type SendMessage } from './link.ts'

export interface EthereumjsHostOptions {
  /** 32 bytes: this node's identity. */
  readonly nodeKey: Uint8Array
  readonly subprotocols: readonly Subprotocol[]
  /** `host:port`, port 0: any free one. Absent: only dials. */
  readonly listen?: string
  readonly clientName?: string
  /** Default 25. */
  readonly maxPeers?: number
}

/** As much of a host as the library gives: no static peers, no redial. */
export interface EthereumjsHost {
  readonly enode: string
  /** One attempt. Resolves when TCP is connected; the link comes later or not at all. */
  dial(enode: string): Promise<void>
  close(): Promise<void>
}

/** What is used of the library beyond its types, in one place. */
interface PeerInside {
  readonly _socket: Socket
  getProtocols(): readonly unknown[]
}

/** @throws P2pError `invalid-argument`, `listen-failed` */
export async function createEthereumjsHost(options: EthereumjsHostOptions): Promise<EthereumjsHost> {
  const { nodeKey, subprotocols } = options
  checkCapabilities(subprotocols)
  const rlpx = new RLPx(nodeKey, {
    capabilities: subprotocols.map(capabilityOf),
    clientId: utf8(options.clientName ?? 'StatusProtocol/ethereumjs'),
    maxPeers: options.maxPeers ?? 25,
    listenPort: null,
    // declared as required, needed only to replace its cryptography
    common: undefined as never,
  } satisfies RLPxOptions)
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  }
  const server = (rlpx as unknown as { readonly _server: Server })._server
  server.on('connection', track)
  rlpx.events.on('error', () => {})
  rlpx.events.on('peer:error', () => {})
  rlpx.events.on('peer:added', (peer: Peer) => {
    const inside = peer as unknown as PeerInside
    track(inside._socket)
    for (const protocol of inside.getProtocols()) if (protocol instanceof Carrier) protocol.run()
  })
  if (options.listen !== undefined) await listen(rlpx, server, options.listen)

  return {
    get enode() {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const ip = typeof address === 'object' && address !== null ? { ip: address.address } : {}
      return formatEnode({ peerId: rlpx.id, ...ip, tcpPort: port, udpPort: port })
    },
    async dial(text) {
      const { peerId, ip, tcpPort } = parseEnode(text)
      if (ip === undefined) throw new P2pError('invalid-argument', 'enode: expected one with an address')
      await rlpx.connect({ id: peerId, address: ip, tcpPort })
    },
    async close() {
      const stopped = server.listening
        ? new Promise<void>((resolve) => server.once('close', () => resolve()))
        : undefined
      rlpx.destroy()
      // the library ends sockets two seconds later, those of failed handshakes never
      for (const socket of sockets) socket.end(() => socket.destroy())
      await stopped
    },
  }
}

function listen(rlpx: RLPx, server: Server, at: string): Promise<void> {
  const address = splitHostPort(at)
  if (!address) throw new P2pError('invalid-argument', 'listen: expected host:port')
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve())
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new P2pError('listen-failed', `listen: cannot listen on ${at}`, { cause: error.code })),
    )
    rlpx.listen(address.port, address.host)
  })
}

/** The library makes one of these for every connection that shares the capability; it is told nothing but messages. */
class Carrier {
  readonly #subprotocol: Subprotocol
  readonly #link: EthereumjsLink

  constructor(subprotocol: Subprotocol, peer: Peer, send: SendMessage) {
    this.#subprotocol = subprotocol
    this.#link = new EthereumjsLink(subprotocol, peer, send)
  }

  run(): void {
    const failed = () => this.#link.close(0x10)
    try {
      Promise.resolve(this.#subprotocol.run(this.#link)).catch(failed)
    } catch {
      failed()
    }
  }

  _handleMessage(code: number, body: Uint8Array): void {
    this.#link.deliver(code, body)
  }
}

function capabilityOf(subprotocol: Subprotocol): Capabilities {
  const { name, version, length } = subprotocol
  class OfSubprotocol extends Carrier {
    constructor(_version: number, peer: Peer, send: SendMessage) {
      super(subprotocol, peer, send)
    }
  }
  // the base class that it asks for is not exported; what it calls is there
  return { name, version, length, constructor: OfSubprotocol as unknown as Capabilities['constructor'] }
}
