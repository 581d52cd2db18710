/** What discovery needs of the thing that carries datagrams: `node/udp.ts`, or memory. */
import type { TransportAddress } from './transport-address.ts'

export interface UdpAddress {
  /** Literal address in its one spelling. */
  readonly ip: string
  readonly port: number
}

export interface UdpTransport {
  /** @throws P2pError `listen-failed` */
  bind(at: TransportAddress, received: (bytes: Uint8Array, from: UdpAddress) => void): Promise<UdpSocket>
}

export interface UdpSocket {
  /** With the real port. */
  readonly address: UdpAddress
  /** Takes the bytes; they arrive or not. Never throws. */
  send(bytes: Uint8Array, to: UdpAddress): void
  close(): Promise<void>
}
