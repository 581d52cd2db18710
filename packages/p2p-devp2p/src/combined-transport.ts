import { P2pError } from './error.ts'
import type { Transport } from './transport.ts'
import { formatTransportUrl } from './transport-address.ts'

/** Several transports as one: each address goes to the first that carries its protocol. */
export function combineTransports(...transports: readonly Transport[]): Transport {
  const protocolsOf = ({ protocols = ['tcp'] }: Transport) => protocols
  const carrier = (protocol: string) =>
    transports.find((transport) => protocolsOf(transport).some((own) => own === protocol))
  return {
    protocols: [...new Set(transports.flatMap(protocolsOf))],
    async dial(to, signal) {
      const transport = carrier(to.protocol ?? 'tcp')
      if (!transport) throw new Error(`${formatTransportUrl(to)}: no transport here carries that`)
      return transport.dial(to, signal)
    },
    async listen(at, accept) {
      const transport = carrier(at.protocol ?? 'tcp')
      if (transport) return transport.listen(at, accept)
      throw new P2pError('listen-failed', `listen: no transport here carries ${formatTransportUrl(at)}`)
    },
  }
}
