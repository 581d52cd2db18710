/** What JSON-RPC asks of the node's links: `net`, `web3` and `admin`, as geth answers. */
import { to0xHex, toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { type Host, nodeAddress, P2pError, type Peer, parseEnode } from '@status-protocol/p2p-devp2p'
import { type HostHandlers, RpcError } from '@status-protocol/rpc'
import type { Whisper } from '@status-protocol/whisper'
import { formatHostPort } from './host-port.ts'
import type { Network } from './p2p/network.ts'
import { CLIENT_NAME } from './version.ts'

/** The id of the Ethereum main network, which all nodes of Status give. */
const NETWORK_ID = '1'

export function hostHandlers(host: Host, whisper: Whisper, network: Network): HostHandlers {
  return {
    net_version: () => NETWORK_ID,
    net_listening: () => host.listenAddress !== undefined,
    net_peerCount: () => `0x${host.peers().length.toString(16)}`,
    web3_clientVersion: () => CLIENT_NAME,
    web3_sha3: ([data]) => to0xHex(defaultProvider.keccak256(data)),
    admin_nodeInfo: () => nodeInfo(host, whisper, network),
    admin_peers: () => {
      const scores = new Map(network.pool?.scores().map(({ peerId, score }) => [toHex(peerId), score]))
      return host.peers().map((peer) => {
        const score = scores.get(toHex(peer.peerId))
        return { ...peerInfo(whisper, peer), ...(score !== undefined && { score }) }
      })
    },
    admin_addPeer: ([enode]) => {
      checked(enode, () => host.addPeer(enode))
      return true
    },
    admin_removePeer: ([enode]) => {
      checked(enode, () => host.removePeer(enode))
      return true
    },
    admin_addTrustedPeer: ([enode]) => {
      checked(enode, () => host.setTrusted(enode, true))
      return true
    },
    admin_removeTrustedPeer: ([enode]) => {
      checked(enode, (peerId) => {
        host.setTrusted(enode, false)
        whisper.untrust(peerId)
      })
      return true
    },
  }
}

/** 64 bytes of an enode with or without an address. @throws P2pError */
export function peerIdOf(enode: string): Uint8Array {
  return parseEnode(enode).peerId
}

function nodeInfo(
  host: Host,
  whisper: Whisper,
  { enode, enr }: Network,
): Awaited<ReturnType<HostHandlers['admin_nodeInfo']>> {
  const { ip = '', tcpPort, udpPort } = parseEnode(enode)
  return {
    id: toHex(nodeAddress(host.peerId)),
    name: CLIENT_NAME,
    enode,
    ...(enr !== undefined && { enr }),
    ip,
    ports: { discovery: udpPort, listener: tcpPort },
    listenAddr: host.listenAddress ?? '',
    protocols: { shh: { version: 6, minPow: whisper.minPow, maxMessageSize: whisper.maxMessageBytes } },
  }
}

function peerInfo(whisper: Whisper, peer: Peer): Awaited<ReturnType<HostHandlers['admin_peers']>>[number] {
  const id = toHex(peer.peerId)
  const shh = whisper.peers().find(({ peerId }) => toHex(peerId) === id)
  const { ip, port = 0 } = peer
  return {
    enode: peer.enode ?? `enode://${id}${ip === undefined ? '' : `@${formatHostPort(ip, 0)}`}`,
    id: toHex(nodeAddress(peer.peerId)),
    name: peer.clientName,
    caps: [...peer.capabilities],
    network: {
      localAddress: peer.localAddress ?? '',
      remoteAddress: ip === undefined ? '' : formatHostPort(ip, port),
      inbound: peer.direction === 'inbound',
      trusted: peer.isTrusted,
      static: peer.isStatic,
    },
    protocols: {
      shh: shh
        ? { version: 6, minPow: shh.minPow, lightNode: shh.lightNode, trusted: shh.trusted }
        : 'handshake',
    },
    transport: peer.transport,
  }
}

/** What the caller got wrong is the caller's to read. */
function checked(enode: string, run: (peerId: Uint8Array) => unknown): void {
  try {
    run(peerIdOf(enode))
  } catch (error) {
    if (error instanceof P2pError) throw new RpcError('invalid-argument', `invalid enode: ${error.message}`)
    throw error
  }
}
