import * as root from '@status-protocol/p2p-devp2p'
import * as ethereumjs from '@status-protocol/p2p-devp2p/ethereumjs'
import * as node from '@status-protocol/p2p-devp2p/node'
import * as testing from '@status-protocol/p2p-devp2p/testing'
import { expect, it } from 'vitest'

it('offers these values and no others', () => {
  const names = Object.entries({ root, node, ethereumjs, testing }).map(([entry, values]) => [
    entry,
    Object.keys(values).sort(),
  ])
  expect(Object.fromEntries(names)).toEqual({
    root: [
      'DEFAULT_TRANSPORT_ORDER',
      'MAX_DISCOVERY_PACKET_BYTES',
      'MAX_RECORD_BYTES',
      'P2pError',
      'ROLES_KEY',
      'combineTransports',
      'createDiscv4',
      'createDiscv5',
      'createDnsDiscovery',
      'createHost',
      'createLinkCore',
      'createMemoryNetwork',
      'createMemoryUdp',
      'createNat',
      'createPeerPool',
      'createStaticNodes',
      'createUdpDiscovery',
      'decodeDiscoveryPacket',
      'decodeNodeRecord',
      'defaultDnsDiscoveryLimits',
      'defaultHostLimits',
      'defaultPeerPoolLimits',
      'disconnectReasonText',
      'disconnectReasons',
      'encodeDiscoveryPacket',
      'enodeOfRecord',
      'formatEnode',
      'formatNodeRecord',
      'formatTransportUrl',
      'formatTreeLink',
      'makeTree',
      'nodeAddress',
      'parseEnode',
      'parseNatMode',
      'parseNodeRecord',
      'parseTransportUrl',
      'parseTreeLink',
      'recordAddresses',
      'recordRoles',
      'rolesEntry',
      'signNodeRecord',
      'systemHostClock',
    ],
    node: [
      'WRITE_BUFFER_BYTES',
      'findRouters',
      'pmpMapper',
      'systemResolveTxt',
      'tcpTransport',
      'udpTransport',
      'watchNetwork',
    ],
    ethereumjs: ['createEthereumjsHost'],
    testing: ['discoveryConformance', 'linkConformance'],
  })
})
