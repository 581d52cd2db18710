/** Where there are no sockets a host has to be given a transport. */
import type { Transport } from './transport.ts'

export function defaultTransport(): Transport | undefined {
  return undefined
}
