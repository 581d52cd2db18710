/** The transport that a host has unless it is given one, on Node. */
import { tcpTransport } from './node/tcp.ts'
import type { Transport } from './transport.ts'

export function defaultTransport(): Transport | undefined {
  return tcpTransport()
}
