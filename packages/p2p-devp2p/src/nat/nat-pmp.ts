/**
 * NAT-PMP (RFC 6886), its packets. Requests and answers are 2 - 16 bytes over UDP, the router listens on port 5351.
 *
 * ```
 * request   version(1) = 0 || op(1): 0 external address, 1 map UDP, 2 map TCP
 *           || [reserved(2) || internal port(2) || external port(2) || lease in seconds(4)]
 * answer    version(1) || op + 128(1) || result(2) || seconds since its start(4) || address(4)
 *                                      or || internal port(2) || external port(2) || lease in seconds(4)
 * ```
 */
import type { PortWish } from './port-mapper.ts'

export const PMP_PORT = 5_351
const RESULTS = [
  'success',
  'unsupported version',
  'refused',
  'network failure',
  'out of resources',
  'unsupported operation',
]

export type PmpAnswer =
  | { readonly type: 'address'; readonly ip: string }
  | {
      readonly type: 'mapping'
      readonly protocol: 'tcp' | 'udp'
      readonly port: number
      readonly externalPort: number
      readonly leaseSeconds: number
    }
  | { readonly type: 'refused'; readonly op: number; readonly why: string }

export function pmpAddressRequest(): Uint8Array {
  return new Uint8Array(2)
}

export function pmpMapRequest({ protocol, port, externalPort, leaseSeconds }: PortWish): Uint8Array {
  const bytes = new Uint8Array(12)
  const view = new DataView(bytes.buffer)
  view.setUint8(1, protocol === 'udp' ? 1 : 2)
  view.setUint16(4, port)
  view.setUint16(6, externalPort)
  view.setUint32(8, leaseSeconds)
  return bytes
}

/** Undefined: no answer of this protocol. */
export function readPmpAnswer(bytes: Uint8Array): PmpAnswer | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < 8 || bytes[0] !== 0 || (bytes[1] as number) < 128) return undefined
  const [op, result] = [(bytes[1] as number) - 128, view.getUint16(2)]
  if (result !== 0) return { type: 'refused', op, why: RESULTS[result] ?? `result ${result}` }
  if (op === 0 && bytes.length >= 12) return { type: 'address', ip: bytes.slice(8, 12).join('.') }
  if ((op !== 1 && op !== 2) || bytes.length < 16) return undefined
  const [port, externalPort] = [view.getUint16(8), view.getUint16(10)]
  return {
    type: 'mapping',
    ...{ protocol: op === 1 ? 'udp' : 'tcp', port, externalPort, leaseSeconds: view.getUint32(12) },
  }
}
