/**
 * devp2p: nodes, the connections between them, and what is said on those before a subprotocol has its turn.
 *
 * ```ts
 * import { createHost } from '@status-protocol/p2p-devp2p'
 * const host = await createHost({ nodeKey, listen: '127.0.0.1:30303', subprotocols: [whisper.subprotocol], peers: ['enode://...'] })
 * for await (const event of host.events()) console.log(event.type)
 * ```
 *
 * - {@link createHost}: a whole node, TCP on Node or any {@link Transport}
 * - {@link createLinkCore}: one connection as a machine of bytes, without a socket
 * - {@link parseEnode}, {@link decodeNodeRecord}, {@link decodeDiscoveryPacket}: names, records and packets of discovery v4
 *
 * Beside it: `./node` (TCP), `./ethereumjs` (links carried by `@ethereumjs/devp2p`), `./testing` (conformance of links).
 */
export { type DisconnectReason, disconnectReasons, disconnectReasonText } from './base/disconnect.ts'
export type { Hello } from './base/hello.ts'
export type { Capability, SharedCapability } from './capabilities.ts'
export { combineTransports } from './combined-transport.ts'
export {
  type DiscoveredNode,
  type Discovery,
  ROLES_KEY,
  recordRoles,
  rolesEntry,
} from './discovery.ts'
export type {
  DiscoveryEndpoint,
  DiscoveryNeighbour,
} from './discv4/endpoint.ts'
export type {
  DiscoveryFindNode,
  DiscoveryMessage,
  DiscoveryNeighbours,
  DiscoveryPing,
  DiscoveryPong,
  DiscoveryRecordRequest,
  DiscoveryRecordResponse,
} from './discv4/message.ts'
export {
  type DiscoveryPacket,
  decodeDiscoveryPacket,
  encodeDiscoveryPacket,
  MAX_DISCOVERY_PACKET_BYTES,
} from './discv4/packet.ts'
export {
  createDnsDiscovery,
  type DnsDiscoveryLimits,
  type DnsDiscoveryOptions,
  defaultDnsDiscoveryLimits,
  type ResolveTxt,
} from './dns/dns-discovery.ts'
export { formatTreeLink, parseTreeLink, type TreeLink } from './dns/entry.ts'
export { makeTree } from './dns/tree.ts'
export { type Enode, formatEnode, nodeAddress, parseEnode } from './enode.ts'
export {
  decodeNodeRecord,
  enodeOfRecord,
  formatNodeRecord,
  MAX_RECORD_BYTES,
  type NodeRecord,
  parseNodeRecord,
  type RecordAddresses,
  recordAddresses,
  signNodeRecord,
} from './enr.ts'
export { P2pError, type P2pErrorCode } from './error.ts'
export type { Host, HostBan, HostStats } from './host/api.ts'
export type { ConnectionEndCause } from './host/connection.ts'
export type { HostEvent, Peer } from './host/events.ts'
export { createHost } from './host/host.ts'
export { type HostClock, systemHostClock } from './host/host-clock.ts'
export type { InboundRefusal } from './host/inbound-gate.ts'
export { defaultHostLimits, type HostLimits } from './host/limits.ts'
export type { HostOptions } from './host/options.ts'
export type { DialVerdict } from './host/policy.ts'
export type { Subprotocol } from './host/subprotocol.ts'
export type {
  Advertised,
  DiscoveryVersion,
  UdpDiscovery,
  UdpDiscoveryOptions,
} from './kademlia/api.ts'
export type { DiscoveryCounts, DiscoverySizes } from './kademlia/core.ts'
export type { FloodLimits } from './kademlia/flood-gate.ts'
export { createDiscv4, createDiscv5, createUdpDiscovery } from './kademlia/udp-discovery.ts'
export type {
  Link,
  LinkCloseCause,
  LinkClosed,
  LinkCore,
  LinkCoreOptions,
  LinkLimits,
  LinkOpen,
  LinkOutput,
  LinkState,
  SendRefusal,
} from './link.ts'
export { createMemoryNetwork, type MemoryNetwork } from './memory-transport.ts'
export { createMemoryUdp, type MemoryUdp } from './memory-udp.ts'
export { createNat, type Nat, type NatOptions, type NatState } from './nat/nat.ts'
export { type NatMode, parseNatMode } from './nat/nat-mode.ts'
export type { PortMapper, PortWish } from './nat/port-mapper.ts'
export {
  defaultPeerPoolLimits,
  type PeerPool,
  type PeerPoolLimits,
  type PeerPoolOptions,
  type PeerScore,
  type PoolStatus,
} from './pool/api.ts'
export type { Wanted } from './pool/choice.ts'
export { createPeerPool } from './pool/pool.ts'
export { createLinkCore } from './rlpx/link-core.ts'
export { createStaticNodes } from './static-nodes.ts'
export type {
  ByteStream,
  ByteStreamHandler,
  Transport,
  TransportListener,
} from './transport.ts'
export {
  DEFAULT_TRANSPORT_ORDER,
  formatTransportUrl,
  parseTransportUrl,
  type TransportAddress,
  type TransportProtocol,
} from './transport-address.ts'
export type { UdpAddress, UdpSocket, UdpTransport } from './udp.ts'
