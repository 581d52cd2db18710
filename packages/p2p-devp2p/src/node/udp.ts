/** {@link UdpTransport} over `node:dgram`. Sends to literal addresses alone: nothing is ever looked up. */
import { createSocket, type Socket } from 'node:dgram'
import { P2pError } from '../error.ts'
import { canonicalIp, formatHostPort } from '../ip.ts'
import type { TransportAddress } from '../transport-address.ts'
import type { UdpAddress, UdpSocket, UdpTransport } from '../udp.ts'

/** The kernel keeps this much for us while we are busy. */
const RECEIVE_BUFFER_BYTES: number = 1024 * 1024

export function udpTransport(): UdpTransport {
  return { bind }
}

function bind(
  at: TransportAddress,
  received: (bytes: Uint8Array, from: UdpAddress) => void,
): Promise<UdpSocket> {
  const type = at.host.includes(':') ? 'udp6' : 'udp4'
  const socket = createSocket({ type, lookup: refuseNames })
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      socket.close()
      const where = formatHostPort(at.host, at.port)
      const why = error.code === 'EADDRINUSE' ? 'the port is in use' : (error.code ?? 'unknown reason')
      const text = `listen: cannot listen on ${where} (UDP): ${why}`
      reject(new P2pError('listen-failed', text, { cause: error.code }))
    }
    socket.once('error', failed)
    socket.on('message', (bytes, { address, port }) => {
      const ip = canonicalIp(address.replace(/%.*$/, ''))
      // not a Buffer: what `slice` gives of one is no copy
      const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
      if (ip !== undefined && port > 0) received(plain, { ip, port })
    })
    socket.bind({ address: at.host, port: at.port }, () => {
      socket.off('error', failed)
      // a packet that cannot be sent (no route, too many) is a packet that is lost
      socket.on('error', () => {})
      growBuffer(socket)
      resolve(new DatagramSocket(socket))
    })
  })
}

class DatagramSocket implements UdpSocket {
  readonly address: UdpAddress
  readonly #socket: Socket
  #closed: Promise<void> | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    const { address, port } = socket.address()
    this.address = { ip: canonicalIp(address) ?? address, port }
  }

  send(bytes: Uint8Array, to: UdpAddress): void {
    if (this.#closed) return
    try {
      this.#socket.send(bytes, to.port, to.ip, () => {})
    } catch {
      // lost
    }
  }

  close(): Promise<void> {
    this.#closed ??= new Promise((resolve) => this.#socket.close(() => resolve()))
    return this.#closed
  }
}

function growBuffer(socket: Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
  } catch {
    // the system's own size then
  }
}

/** `node:dgram` hands every address to a look-up, literal ones too. */
function refuseNames(host: string, ...rest: readonly unknown[]): void {
  const done = rest.at(-1) as (error: Error | null, address: string, family: number) => void
  const ip = canonicalIp(host)
  if (ip === undefined) done(new Error(`${host}: not a literal address`), '', 0)
  else done(null, host, host.includes(':') ? 6 : 4)
}
