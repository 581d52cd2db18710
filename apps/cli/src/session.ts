/** The composition: host, Whisper and messenger of one account. */
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import {
  createMessenger,
  type Messenger,
  type MessengerEvent,
  type MessengerTrace,
} from '@status-protocol/messenger'
import { createHost, type Host } from '@status-protocol/p2p-devp2p'
import { createWhisper, type PooledEnvelope } from '@status-protocol/whisper'
import { createNodeMiner } from '@status-protocol/whisper/miner-node'
import { loadOrCreateAccount } from './account-store.ts'
import { createLog, type Logger } from './log.ts'
import { openStorage } from './open-storage.ts'
import type { Settings } from './settings.ts'
import { CLIENT_NAME } from './version.ts'

export interface Session {
  readonly messenger: Messenger
  /** All that happens since the start; for one reader. */
  readonly events: AsyncIterable<MessengerEvent>
  readonly host: Host
  readonly log: Logger
  /** Links from now on, after one `up` for each that is there already. */
  peerEvents(): AsyncIterable<PeerEvent>
  close(): Promise<void>
}

export interface PeerEvent {
  readonly enode: string
  readonly state: 'up' | 'down'
}

export interface SessionOptions {
  readonly logLevel?: string
  /** Told what each layer does; of a posted envelope also what our node knows. */
  readonly trace?: (step: MessengerTrace, pooled: PooledEnvelope | undefined) => void
}

/** Opens the account of the data directory (made at the first start) and connects to the peers. */
export async function openSession(
  settings: Settings,
  { logLevel = 'warn', trace }: SessionOptions,
): Promise<Session> {
  const log = createLog(logLevel, settings)
  const { account, isNew, isProtected } = await loadOrCreateAccount(settings)
  if (isNew) sayIsNew(settings, isProtected)
  const { storage, isDurable, close: closeStorage } = await openStorage(settings.dataDir, account, log)
  const miner = createNodeMiner()
  const whisper = createWhisper({ miner })
  const messenger = await createMessenger({
    account,
    storage,
    whisper: whisper.service,
    security: isDurable ? 'ratchet' : 'whisper',
    online: false, // until a link is up
    ...(trace && {
      trace: (step) => trace(step, step.type === 'posted' ? whisper.envelope(step.envelope) : undefined),
    }),
  })
  // Taken before the first link is up: what comes in while a command gets ready is not missed.
  const events = messenger.events()
  const host = await createHost({
    // Links are not bound to the account: a relay must not learn who it carries for.
    nodeKey: generatePrivateKey(defaultProvider, systemRandom),
    peers: settings.peers,
    subprotocols: [whisper.subprotocol],
    clientName: CLIENT_NAME,
  })
  void tellOnline(host, messenger)
  if (settings.peers.length === 0)
    log.warn('no peer given: messages wait until one is added (--peer enode://...)')

  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await messenger.close()
    await whisper.close()
    await host.close()
    await miner.close()
    await closeStorage()
  }
  return {
    messenger,
    events,
    host,
    log,
    peerEvents: () => peerEvents(host),
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** What is written while no peer is there waits for one. */
async function tellOnline(host: Host, messenger: Messenger): Promise<void> {
  for await (const { type } of host.events())
    if (type === 'link-up' || type === 'link-down') messenger.setOnline(host.peers().length > 0)
}

async function* peerEvents(host: Host): AsyncIterable<PeerEvent> {
  for await (const event of host.events()) {
    if (event.type !== 'link-up' && event.type !== 'link-down') continue
    const enode = event.peer.enode ?? `enode://${Buffer.from(event.peer.peerId).toString('hex')}`
    yield { enode, state: event.type === 'link-up' ? 'up' : 'down' }
  }
}

function sayIsNew({ dataDir }: Settings, isProtected: boolean): void {
  const advice = isProtected ? '' : ' It has no password; --password-file gives a new one.'
  process.stderr.write(
    `A new account was made in ${dataDir}.${advice} Its words: status account show --mnemonic --data-dir ${dataDir}\n`,
  )
}
