// Nodes with real sockets on loopback that know one bootnode: they have to become one network, and stay one when a third of
// them and the bootnode go without a word.
//   node scripts/soak.mjs overlay       OVERLAY_NODES=30 OVERLAY_VERSIONS=v5 (v4, v5 or v4,v5)
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import {
  createHost,
  createPeerPool,
  createUdpDiscovery,
  type DiscoveryVersion,
  type Host,
  type PeerPool,
  parseEnode,
  type UdpDiscovery,
} from '@status-protocol/p2p-devp2p'
import { udpTransport } from '@status-protocol/p2p-devp2p/node'

interface Node {
  readonly host: Host
  readonly discovery: UdpDiscovery
  readonly pool: PeerPool
}

const NODES = Number(process.env.OVERLAY_NODES ?? 30)
const VERSIONS = (process.env.OVERLAY_VERSIONS ?? 'v4').split(',') as DiscoveryVersion[]
const WANTED = 3
const nothing = { name: 'soak', version: 1, length: 1, run: () => {} }
const nodes: Node[] = []

for (let n = 0; n < NODES; n++) nodes.push(await start(nodes[0]?.discovery.enode))
await become('together', 60)
const gone = nodes.splice(0, Math.floor(NODES / 3))
await Promise.all(gone.map(stop))
console.log(`${gone.length} of ${NODES} have gone, the bootnode among them`)
await become('together again', 120)
await Promise.all(nodes.map(stop))

async function start(bootnode: string | undefined): Promise<Node> {
  const nodeKey = generatePrivateKey(defaultProvider, systemRandom)
  const host = await createHost({ nodeKey, subprotocols: [nothing], listen: '127.0.0.1:0' })
  const { tcpPort } = parseEnode(host.enode)
  const discovery = await createUdpDiscovery({
    versions: VERSIONS,
    ...{ nodeKey, udp: udpTransport(), listen: '127.0.0.1:0', advertise: { ip: '127.0.0.1', tcpPort } },
    bootnodes: bootnode === undefined ? [] : [bootnode],
  })
  const pool = await createPeerPool({ host, discoveries: [discovery], wanted: { relay: WANTED } })
  return { host, discovery, pool }
}

async function stop({ host, discovery, pool }: Node): Promise<void> {
  await Promise.all([pool.close(), discovery.close(), host.close()])
}

async function become(what: string, withinSeconds: number): Promise<void> {
  const began = performance.now()
  for (;;) {
    const seconds = (performance.now() - began) / 1_000
    // who was dialled by everybody has nobody left to dial
    const satisfied = nodes.filter(
      ({ pool, host }) =>
        (pool.status().roles.relay?.up ?? 0) >= WANTED || host.peers().length >= nodes.length - 1,
    ).length
    if (reachable() === nodes.length && satisfied === nodes.length) {
      console.log(`${nodes.length} nodes are ${what} after ${seconds.toFixed(1)} s`)
      return
    }
    if (seconds > withinSeconds) {
      console.error(`${reachable()} of ${nodes.length} can be reached, ${satisfied} have all they want`)
      process.exit(1)
    }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/** How many can be reached from the first over links. */
function reachable(): number {
  const idOf = (peerId: Uint8Array) => Buffer.from(peerId).toString('hex')
  const links = new Map(
    nodes.map(({ host }) => [idOf(host.peerId), host.peers().map((peer) => idOf(peer.peerId))]),
  )
  const seen = new Set<string>()
  const rest = nodes.slice(0, 1).map(({ host }) => idOf(host.peerId))
  for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
    if (seen.has(id) || !links.has(id)) continue
    seen.add(id)
    rest.push(...(links.get(id) ?? []))
  }
  return seen.size
}
