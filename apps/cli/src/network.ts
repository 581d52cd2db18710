/** How messages leave this process: over links of our own, or through a node that we use over JSON-RPC. */
import { to0xHex, toHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost, type Host, parseEnode } from '@status-protocol/p2p-devp2p'
import { watchNetwork } from '@status-protocol/p2p-devp2p/node'
import type { RemoteWhisper } from '@status-protocol/rpc'
import { connectRemoteWhisper } from '@status-protocol/rpc/node'
import {
  clockWarning,
  createWhisper,
  type EnvelopeHash,
  type PooledEnvelope,
  WhisperError,
  type WhisperEvent,
  type WhisperLink,
  type WhisperService,
} from '@status-protocol/whisper'
import { createNodeMiner } from '@status-protocol/whisper/miner-node'
import { CliError } from './error.ts'
import type { Logger } from './log.ts'
import { NO_MAIL_THROUGH_A_NODE, type Settings } from './settings.ts'
import { CLIENT_NAME } from './version.ts'

export interface Network {
  readonly whisper: WhisperService
  /** Whether anybody hears us when this is made. */
  readonly isOnline: boolean
  /** What our own node knows of an envelope, if there is one. */
  pooled(hash: EnvelopeHash): PooledEnvelope | undefined
  /**
   * Connects, if that is not done yet.
   *
   * @param guard a link to a mailserver as our node is to see it
   */
  start(guard: (link: WhisperLink) => WhisperLink): Promise<void>
  peers(): readonly NetworkPeer[]
  /** Whether anybody to connect to was given at the start, or a mailserver since. */
  hasAddresses(): boolean
  /** @throws CliError `invalid-argument` */
  addPeer(enode: string): void
  /** Whether there was one. @throws CliError `invalid-argument` */
  removePeer(enode: string): boolean
  /** Enodes of those who are asked for what was missed. */
  mailservers(): readonly string[]
  /** A peer that is asked for what was missed. @throws CliError `invalid-argument` */
  addMailserver(enode: string): void
  /** Whether it was one. @throws CliError `invalid-argument` */
  removeMailserver(enode: string): boolean
  /** Links from now on, after one `up` for each that is there already. */
  events(): AsyncIterable<PeerEvent>
  close(): Promise<void>
}

export interface NetworkPeer {
  /** 0x and 128 hex digits; of a node over JSON-RPC: where it is. */
  readonly id: string
  readonly address?: string
}

export interface PeerEvent {
  /** Of a node over JSON-RPC: where it is. */
  readonly enode: string
  readonly state: 'up' | 'down'
}

/** @throws CliError `unreachable` */
export function openNetwork(settings: Settings, log: Logger): Promise<Network> | Network {
  return settings.whisper === undefined
    ? ownNetwork(settings, log)
    : remoteNetwork(settings.whisper, settings.whisperToken, log)
}

function ownNetwork(settings: Settings, log: Logger): Network {
  const miner = createNodeMiner()
  const whisper = createWhisper({ miner, log: (event) => logWhisper(event, log) })
  let host: Host | undefined
  let endWatch: () => void = () => {}
  /** Node id in hex -> enode. UNBOUNDED: the person's list. */
  const mailservers = new Map(settings.mailservers.map((enode) => [idOf(enode), enode]))
  return {
    whisper: whisper.service,
    isOnline: false, // until a link is up
    pooled: (hash) => whisper.envelope(hash),
    async start(guard) {
      host = await createHost({
        // Links are not bound to the account: a relay must not learn who it carries for.
        nodeKey: generatePrivateKey(defaultProvider, systemRandom),
        peers: [...settings.peers, ...settings.mailservers],
        subprotocols: [
          {
            ...whisper.subprotocol,
            run: (link: WhisperLink) =>
              whisper.attach(mailservers.has(toHex(link.peerId)) ? guard(link) : link),
          },
        ],
        clientName: CLIENT_NAME,
      })
      endWatch = watchNetwork(() => host?.redialNow())
      if (settings.peers.length + settings.mailservers.length === 0)
        log.warn('no peer given: messages wait until one is added (--peer enode://...)')
    },
    peers: () =>
      (host?.peers() ?? []).map(({ peerId, ip }) => ({
        id: to0xHex(peerId),
        ...(ip === undefined ? {} : { address: ip }),
      })),
    hasAddresses: () => settings.peers.length + mailservers.size > 0,
    addPeer: (enode) => host?.addPeer(enode),
    removePeer: (enode) => host?.removePeer(enode) ?? false,
    mailservers: () => [...mailservers.values()],
    addMailserver(enode) {
      mailservers.set(idOf(enode), enode)
      host?.removePeer(enode) // a link that is there already is none of a mailserver
      host?.addPeer(enode)
    },
    removeMailserver(enode) {
      if (!mailservers.delete(idOf(enode))) return false
      host?.removePeer(enode)
      return true
    },
    events: () => linkEvents(host),
    async close() {
      endWatch()
      await whisper.close()
      await host?.close()
      await miner.close()
    },
  }
}

function logWhisper(event: WhisperEvent, log: Logger): void {
  if (event.type === 'clock') {
    const warning = clockWarning(event.report)
    if (warning !== undefined) log.warn(warning)
    else log.info('the clock of this machine is right again')
  } else if (event.type === 'defect') log.error({ err: event.error }, 'a link ended because of a defect')
  else if (event.type === 'dropped') log.debug({ detail: event.detail }, 'a peer was dropped')
}

async function* linkEvents(host: Host | undefined): AsyncIterable<PeerEvent> {
  if (!host) return
  for await (const event of host.events()) {
    if (event.type !== 'link-up' && event.type !== 'link-down') continue
    const enode = event.peer.enode ?? `enode://${Buffer.from(event.peer.peerId).toString('hex')}`
    yield { enode, state: event.type === 'link-up' ? 'up' : 'down' }
  }
}

async function remoteNetwork(at: string, token: string | undefined, log: Logger): Promise<Network> {
  if (isOpenToOthers(at))
    log.warn(
      `${at}: your keys travel there without encryption; use wss://, https:// or a tunnel to this machine`,
    )
  const remote = await connected(at, token)
  const refuseMail = (): never => {
    throw new CliError('invalid-argument', NO_MAIL_THROUGH_A_NODE)
  }
  const refuse = (): never => {
    throw new CliError('invalid-argument', `peers are those of the node at ${at}: give them to it`)
  }
  return {
    whisper: remote,
    isOnline: true,
    pooled: () => undefined,
    start: async () => undefined,
    peers: () => (remote.isConnected ? [{ id: at }] : []),
    hasAddresses: () => true,
    addPeer: refuse,
    removePeer: refuse,
    mailservers: () => [],
    addMailserver: refuseMail,
    removeMailserver: refuseMail,
    events: () => remoteEvents(remote, at, log),
    close: () => remote.close(),
  }
}

const idOf = (enode: string): string => toHex(parseEnode(enode).peerId)

/** @param connected node ids of those that can be asked now */
export function mailserversOf(
  network: Network,
  connected: readonly Uint8Array[],
): { enode: string; connected: boolean }[] {
  const there = new Set(connected.map((peerId) => toHex(peerId)))
  return network.mailservers().map((enode) => ({ enode, connected: there.has(idOf(enode)) }))
}

async function connected(at: string, token: string | undefined): Promise<RemoteWhisper> {
  try {
    return await connectRemoteWhisper({ at, token })
  } catch (error) {
    if (error instanceof WhisperError) throw new CliError('unreachable', `--whisper ${at}: ${error.message}`)
    throw error
  }
}

/** Neither encrypted nor within this machine. */
function isOpenToOthers(at: string): boolean {
  const host = /^(?:http|ws):\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(at)?.[1]
  return host !== undefined && !/^(localhost|127\.[\d.]+|\[::1\])$/i.test(host)
}

async function* remoteEvents(remote: RemoteWhisper, at: string, log: Logger): AsyncIterable<PeerEvent> {
  const events = remote.events()
  if (remote.isConnected) yield { enode: at, state: 'up' }
  for await (const event of events) {
    if (event.type === 'connected') yield { enode: at, state: 'up' }
    else if (event.type === 'filter-failed')
      log.error({ reason: event.reason }, 'the node does not let us listen')
    else {
      log.warn({ reason: event.reason, reconnectInMs: event.reconnectInMs }, 'the node is gone')
      yield { enode: at, state: 'down' }
    }
  }
}
