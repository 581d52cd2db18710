/** Datagrams inside one process: what is sent arrives in a later microtask, or as `carry` has it. */
import { P2pError } from './error.ts'
import { formatHostPort } from './ip.ts'
import type { UdpAddress, UdpTransport } from './udp.ts'

export interface MemoryUdp {
  /** The sockets of the machine at this literal address. */
  transport(ip: string): UdpTransport
}

/**
 * @param options.carry decides what becomes of a datagram: `deliver` now, later, twice or never. For loss, delay, firewalls
 */
export function createMemoryUdp(
  options: {
    readonly carry?: (datagram: {
      readonly from: UdpAddress
      readonly to: UdpAddress
      readonly bytes: Uint8Array
      deliver(): void
    }) => void
  } = {},
): MemoryUdp {
  const carry = options.carry ?? (({ deliver }) => queueMicrotask(deliver))
  const sockets = new Map<string, (bytes: Uint8Array, from: UdpAddress) => void>()
  let nextPort = 40_000
  return {
    transport: (ip) => ({
      async bind(at, received) {
        const address = { ip, port: at.port === 0 ? nextPort++ : at.port }
        const key = formatHostPort(ip, address.port)
        if (sockets.has(key)) throw new P2pError('listen-failed', `listen: ${key} is in use`)
        sockets.set(key, received)
        return {
          address,
          send(bytes, to) {
            const copy = bytes.slice()
            const deliver = () => sockets.get(formatHostPort(to.ip, to.port))?.(copy, address)
            carry({ from: address, to, bytes: copy, deliver })
          },
          close: async () => void sockets.delete(key),
        }
      },
    }),
  }
}
