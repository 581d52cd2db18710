/** The composition: a devp2p host that runs Whisper on its links. */
import { networkInterfaces } from 'node:os'
import { createHost, type Host, type HostEvent, P2pError } from '@status-protocol/p2p-devp2p'
import { createWhisper, type Whisper } from '@status-protocol/whisper'
import type { Config } from './config.ts'
import { NodeError } from './error.ts'
import type { Logger } from './log.ts'
import { loadNodeKey } from './node-key.ts'
import { CLIENT_NAME } from './version.ts'

export interface RunningNode {
  readonly enode: string
  /** `host:port` with the real port. */
  readonly listenAddress: string
  readonly host: Host
  readonly whisper: Whisper
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

/** @throws NodeError `data-dir`, `node-key`, `listen` */
export async function startNode(config: Config, log: Logger): Promise<RunningNode> {
  const nodeKey = loadNodeKey(config.dataDir)
  const whisper = createWhisper({ minPow: config.minPow, log: (event) => logWhisper(log, event) })
  const host = await listen(config, nodeKey, whisper)
  void logHost(host, log)
  return {
    host,
    whisper,
    enode: host.enode,
    listenAddress: host.listenAddress ?? config.listen,
    peerEvents: () => peerEvents(host),
    async close() {
      await whisper.close()
      await host.close()
    },
  }
}

async function listen(config: Config, nodeKey: Uint8Array, whisper: Whisper): Promise<Host> {
  const isAnywhere = /^(0\.0\.0\.0|\[::\]):/.test(config.listen)
  const advertiseIp = isAnywhere ? ownAddress() : undefined
  try {
    return await createHost({
      nodeKey,
      listen: config.listen,
      peers: config.peer,
      trusted: config.trustedPeer,
      subprotocols: [whisper.subprotocol],
      clientName: CLIENT_NAME,
      limits: { maxPeers: config.maxPeers },
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

async function logHost(host: Host, log: Logger): Promise<void> {
  for await (const event of host.events()) log.debug(fieldsOf(event), event.type)
}

function fieldsOf(event: HostEvent): object {
  if (event.type === 'gap') return { dropped: event.dropped }
  if (event.type === 'dial-failed')
    return { cause: event.cause, detail: event.detail, redialInMs: event.redialInMs }
  const { ip, clientName, direction } = event.peer
  return {
    ip,
    clientName,
    direction,
    ...(event.type === 'link-down' ? { cause: event.cause, detail: event.detail } : {}),
  }
}

function logWhisper(log: Logger, event: { readonly type: string; readonly peerId?: Uint8Array }): void {
  const { peerId, ...rest } = event
  const peer = peerId && Buffer.from(peerId.subarray(0, 8)).toString('hex')
  log.debug({ ...rest, peer }, `whisper ${event.type}`)
}
