/** What carries links: TCP and WebSockets, directly or through a proxy. */
import { combineTransports, type HostOptions } from '@status-protocol/p2p-devp2p'
import { tcpTransport } from '@status-protocol/p2p-devp2p/node'
import { socksConnect } from '@status-protocol/p2p-devp2p/socks'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/websocket'
import type { Config } from '../config.ts'

export function transportOf({
  transport: transportOrder,
  proxy,
  trustedProxy: trustedProxies,
}: Config): Required<Pick<HostOptions, 'transport' | 'transportOrder'>> {
  const through = proxy === undefined ? {} : { connect: socksConnect(proxy) }
  const webSockets = webSocketTransport({ ...through, trustedProxies })
  return { transport: combineTransports(tcpTransport(through), webSockets), transportOrder }
}
