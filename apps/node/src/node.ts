/** The composition: a devp2p host that runs Whisper on its links. */
import { networkInterfaces } from 'node:os'
import { toHex } from '@status-protocol/bytes'
import { createHost, type Host, P2pError } from '@status-protocol/p2p-devp2p'
import type { Handlers } from '@status-protocol/rpc'
import { createWhisper, MAX_PACKET_BYTES, type Whisper } from '@status-protocol/whisper'
import { createNodeMiner } from '@status-protocol/whisper/miner-node'
import type { Config } from './config.ts'
import { logHost, logWhisper } from './connection-log.ts'
import { lockDataDir } from './data-dir-lock.ts'
import { NodeError } from './error.ts'
import { createLifecycle, DRAIN_MS, type Lifecycle, settled } from './lifecycle.ts'
import type { Logger } from './log.ts'
import { closeMailRole, type MailRole, startMailRole } from './mail/role.ts'
import { ARCHIVE_ROUTES, archiveHandlers } from './mail/routes.ts'
import { createSyncDriver } from './mail/sync.ts'
import { loadNodeKey } from './node-key.ts'
import { startOperations } from './operations/operations.ts'
import { type Network, startNetwork } from './p2p/network.ts'
import { looksForPeers } from './p2p/settings.ts'
import { transportOf } from './p2p/transport.ts'
import { type RpcAddresses, type RunningRpc, startRpc } from './rpc.ts'
import { createTraceRing, type TraceRing } from './trace/ring.ts'
import { TRACE_ROUTES, traceHandlers } from './trace/routes.ts'
import { CLIENT_NAME, VERSION } from './version.ts'
import { admitOlderPow, whisperSettings } from './whisper-settings.ts'

/** A configuration names at most 100 peers; others come by JSON-RPC. */
const MAX_TOLD_PEERS = 200
/** What a peer loses that breaks the protocol; at -100 it is banned. */
const BREACH_POINTS = -25
/** Whisper hands on what is new after at most 20 ms. */
const FLUSH_MS = 40

/** Beside those that every node of the network has. */
const OWN_ROUTES = { ...TRACE_ROUTES, ...ARCHIVE_ROUTES }

export interface RunningNode {
  /** As others reach it, as far as that is known now. */
  readonly enode: string
  /** `host:port` with the real port. */
  readonly listenAddress: string
  /** `host:port` of /metrics, /health and /ready, if there are. */
  readonly metricsAddress: string | undefined
  /** Of JSON-RPC, as far as it is served. */
  readonly rpcAddresses: RpcAddresses
  readonly host: Host
  /** How it is found, and finds others. */
  readonly network: Network
  readonly whisper: Whisper
  /** With `mailserver`. */
  readonly mail: MailRole | undefined
  /** The last steps of envelopes, with `traceEnvelopes`. */
  readonly trace: TraceRing | undefined
  peerEvents(): AsyncIterable<PeerEvent>
  close(): Promise<void>
}

export interface PeerEvent {
  readonly state: 'up' | 'down'
  readonly enode: string
  readonly clientName: string
  readonly direction: 'inbound' | 'outbound'
  /** Why it is down, for people. */
  readonly reason?: string
}

/** @throws NodeError `data-dir`, `locked`, `node-key`, `listen`, `archive` */
export async function startNode(config: Config, log: Logger): Promise<RunningNode> {
  const lifecycle = createLifecycle(log)
  try {
    return await start(config, log, lifecycle)
  } catch (error) {
    await lifecycle.close()
    throw error
  }
}

async function start(config: Config, log: Logger, lifecycle: Lifecycle): Promise<RunningNode> {
  const startedUnixMs = Date.now()
  let node: RunningNode | undefined
  const lock = await lockDataDir(config.dataDir, () => ({
    ...{ version: VERSION, startedUnixMs },
    ...(node && ownerState(node)),
  }))
  lifecycle.onClose('lock', () => lock.release())
  const nodeKey = loadNodeKey(config.dataDir)
  const mail = await startMailRole(config, log.child({ module: 'mail' }), lifecycle)

  const sync = mail && createSyncDriver({ config, server: mail.server, log: log.child({ module: 'mail' }) })
  const whisperLog = log.child({ module: 'whisper' })
  const trace =
    config.traceEnvelopes === undefined ? undefined : createTraceRing(config.traceEnvelopes, Date.now)
  const miner = createNodeMiner({
    onThreadFailed: (err) =>
      log.warn({ err }, 'a mining thread failed; without any, proof of work slows everything else down'),
  })
  lifecycle.onClose('miner', () => miner.close())
  let rpc: RunningRpc | undefined
  let network: Network | undefined
  const whisper = createWhisper({
    miner,
    ...whisperSettings(config),
    log(event) {
      logWhisper(whisperLog, event)
      if (event.type === 'dropped') network?.pool?.report(event.peerId, BREACH_POINTS, event.detail)
    },
    mail: {
      ...mail?.server.mail,
      ...(sync && { syncResponse: sync.syncResponse }),
      requestComplete: (_from, outcome) => rpc?.mailRequests.completed(outcome),
    },
    ...(mail && { beforeConfirm: mail.beforeConfirm, posted: mail.posted }),
    ...(trace && { trace: trace.record }),
  })
  admitOlderPow(whisper, config)
  const host = await listen(config, nodeKey, whisper)
  if (config.listenWs !== undefined && config.advertiseVia.length > 0 && config.trustedProxy.length === 0)
    log.warn('peers over WebSocket all count as the web server in front; --trusted-proxy tells them apart')
  void logHost(host, log.child({ module: 'p2p' }))
  lifecycle.onClose('host', () => host.close())
  lifecycle.onClose('whisper', () => whisper.close())
  if (mail) lifecycle.onClose('mailserver', () => closeMailRole(mail))
  if (sync) {
    lifecycle.onClose('sync', () => sync.close())
    sync.start(whisper)
  }

  network = await startNetwork(host, {
    ...{ config, nodeKey, lifecycle, log: log.child({ module: 'p2p' }) },
    roles: [...(config.light ? [] : ['relay']), ...(mail ? ['mailserver'] : [])],
  })
  const operations = await startOperations({
    ...{ config, log, lifecycle, whisper, host, trace, mail, network },
    filteredBytes: () => rpc?.stats().filteredBytes ?? 0,
  })
  lifecycle.onClose('queues', () => drained(whisper))
  const handlers: Handlers<typeof OWN_ROUTES> = {
    ...traceHandlers(trace, () => host.peers()),
    ...archiveHandlers(mail),
  }
  rpc = await startRpc({
    ...{ config, whisper, host, network },
    log: log.child({ module: 'rpc' }),
    onCall: operations?.onCall,
    more: { routes: OWN_ROUTES, handlers },
  })
  lifecycle.onClose('rpc', () => rpc?.close())
  node = {
    host,
    network,
    whisper,
    mail,
    trace,
    metricsAddress: operations?.address,
    rpcAddresses: rpc.addresses,
    get enode() {
      return (network as Network).enode
    },
    listenAddress: host.listenAddress ?? config.listen,
    peerEvents: () => peerEvents(host),
    close: () => lifecycle.close(),
  }
  log.debug({ listen: node.listenAddress, dataDir: config.dataDir, version: VERSION }, 'started')
  return node
}

/** What the lock tells `status-node doctor`. Whom the node is connected to is told of configured peers only: BOUNDED by those. */
function ownerState(node: RunningNode): object {
  const { enode, listenAddress, metricsAddress, rpcAddresses, host, network, whisper } = node
  const { discovery, nat } = network
  const { envelopesReceived, envelopesExpired, refusals } = whisper.stats()
  const offTime = envelopesExpired + refusals['from-future'] + refusals['very-old']
  const configured = host.peers().filter(({ isStatic }) => isStatic)
  return {
    ...{ enode, listen: listenAddress, metrics: metricsAddress, ...rpcAddresses },
    ...(discovery && { discovery: { ...discovery.listenAddress, nodes: discovery.nodes().length } }),
    ...(nat && { nat: nat.state }),
    clockOffsetSeconds: whisper.clock().offsetSeconds,
    envelopes: { received: envelopesReceived, offTime },
    connected: configured.slice(0, MAX_TOLD_PEERS).map(({ peerId }) => toHex(peerId)),
  }
}

/** What was taken a moment ago goes on to other peers, as far as they read. */
async function drained(whisper: Whisper): Promise<void> {
  if (whisper.peers().length > 1) await new Promise((resolve) => setTimeout(resolve, FLUSH_MS))
  await settled(DRAIN_MS, () => whisper.stats().waitingPackets === 0)
}

async function listen(config: Config, nodeKey: Uint8Array, whisper: Whisper): Promise<Host> {
  const isAnywhere = /^(0\.0\.0\.0|\[::\]):/.test(config.listen)
  const advertiseIp = config.advertiseIp ?? (isAnywhere ? ownAddress() : undefined)
  try {
    return await createHost({
      nodeKey,
      listen: [config.listen, ...(config.listenWs === undefined ? [] : [config.listenWs])],
      ...(config.advertiseVia.length > 0 && { advertiseVia: config.advertiseVia }),
      ...transportOf(config),
      peers: [...config.peer, ...config.syncFrom],
      trusted: [...config.trustedPeer, ...config.syncFrom],
      subprotocols: [whisper.subprotocol],
      clientName: CLIENT_NAME,
      // nothing larger is swelled to its size: Whisper would end the link over it
      limits: {
        ...{ maxPeers: config.maxPeers, maxPacketBytes: MAX_PACKET_BYTES },
        // strangers who dial us do not push out those whom we have chosen
        reservedOutbound: looksForPeers(config) ? Math.floor(config.maxPeers / 3) : 0,
      },
      ...(advertiseIp === undefined ? {} : { advertiseIp }),
    })
  } catch (error) {
    if (!(error instanceof P2pError)) throw error
    if (error.code === 'listen-failed')
      throw new NodeError('listen', `${error.message}; choose another address with --listen`)
    throw new NodeError('invalid-config', error.message)
  }
}

/** The first address of this machine that is not loopback: what an enode says when the node listens everywhere. */
function ownAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address
}

async function* peerEvents(host: Host): AsyncIterable<PeerEvent> {
  for await (const event of host.events()) {
    if (event.type !== 'link-up' && event.type !== 'link-down') continue
    const { peer } = event
    yield {
      state: event.type === 'link-up' ? 'up' : 'down',
      enode: peer.enode ?? `enode://${Buffer.from(peer.peerId).toString('hex')}`,
      clientName: peer.clientName,
      direction: peer.direction,
      ...(event.type === 'link-down' ? { reason: event.detail } : {}),
    }
  }
}
