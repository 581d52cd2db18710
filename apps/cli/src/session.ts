/** The composition: network, storage and messenger of one account. */
import {
  createMessenger,
  type Messenger,
  type MessengerEvent,
  type MessengerTrace,
} from '@status-protocol/messenger'
import type { PooledEnvelope } from '@status-protocol/whisper'
import { loadAccount, loadOrCreateAccount } from './account-store.ts'
import { decoyTopics } from './decoys.ts'
import { createLog, type Logger } from './log.ts'
import { type Network, openNetwork, type PeerEvent } from './network.ts'
import { openStorage } from './open-storage.ts'
import { dataDirFlag, type Settings } from './settings.ts'

export interface Session {
  readonly messenger: Messenger
  /** All that happens since the start; for one reader. */
  readonly events: AsyncIterable<MessengerEvent>
  readonly network: Network
  readonly log: Logger
  /**
   * Connects to the peers, if that is not done yet. Until then nobody is told anything.
   *
   * @param tell where nobody answers, instead of the log
   */
  connect(tell?: (text: string) => void): Promise<void>
  /** Links from now on, after one `up` for each that is there already. */
  peerEvents(): AsyncIterable<PeerEvent>
  close(): Promise<void>
}

export interface SessionOptions {
  readonly logLevel?: string
  /** Whether what was missed is fetched by itself. Default true. */
  readonly fetchesHistory?: boolean
  /** Whether there is an account afterwards where there was none: who asks about theirs wants to hear that it is not there. Default true. */
  readonly createsAccount?: boolean
  /** Told what each layer does; of a posted envelope also what our node knows. */
  readonly trace?: (step: MessengerTrace, pooled: PooledEnvelope | undefined) => void
}

/** Opens the account of the data directory, made at the first start. `connect` it when it is known what is wanted. */
export async function openSession(
  settings: Settings,
  { logLevel = 'warn', fetchesHistory = true, createsAccount = true, trace }: SessionOptions,
): Promise<Session> {
  const log = createLog(logLevel, settings)
  const opened = createsAccount ? await loadOrCreateAccount(settings) : await loadAccount(settings)
  const { account, isProtected } = opened
  if ('isNew' in opened && opened.isNew) sayIsNew(settings, isProtected, log)
  const { storage, isDurable, close: closeStorage } = await openStorage(settings.dataDir, opened, log)
  const network = await openNetwork(settings, log)
  const messenger = await createMessenger({
    account,
    storage,
    whisper: network.whisper,
    security: isDurable ? 'ratchet' : 'whisper',
    online: network.isOnline,
    mail: {
      automatic: fetchesHistory,
      copies: settings.mailCopies,
      decoys: decoyTopics(account.chatKey.privateKey, settings.mailDecoys),
      ...(settings.mailPassword !== undefined && { password: settings.mailPassword }),
    },
    ...(trace && {
      trace: (step) => trace(step, step.type === 'posted' ? network.pooled(step.envelope) : undefined),
    }),
  })
  // Taken before the first link is up: what comes in while a command gets ready is not missed.
  const events = messenger.events()
  let connecting: Promise<void> | undefined
  let closing: Promise<void> | undefined
  let isSilent: NodeJS.Timeout | undefined
  const connect = async (tell: (text: string) => void): Promise<void> => {
    await network.start((link) => messenger.mail.guard(link))
    void tellOnline(network, messenger)
    if (network.hasAddresses())
      isSilent = setTimeout(() => sayNobodyAnswers(network, settings, tell), ANSWER_MS)
  }
  const close = async (): Promise<void> => {
    clearTimeout(isSilent)
    await connecting?.catch(() => undefined)
    await messenger.close()
    await network.close()
    await closeStorage()
  }
  return {
    messenger,
    events,
    network,
    log,
    connect(tell = (text) => log.warn(text)) {
      connecting ??= connect(tell)
      return connecting
    },
    peerEvents: () => network.events(),
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** Whoever waits longer wants to know why. */
const ANSWER_MS = 5_000

function sayNobodyAnswers(
  network: Network,
  { peers, mailservers }: Settings,
  tell: (text: string) => void,
): void {
  const [first, ...more] = [...peers, ...mailservers]
  if (first === undefined || network.peers().length > 0) return
  const others = more.length > 0 ? ` nor ${more.length} more` : ''
  tell(`${first.slice(first.indexOf('@') + 1)}${others} does not answer; is a node up there? Still trying`)
}

/** What is written while no peer is there waits for one. */
async function tellOnline(network: Network, messenger: Messenger): Promise<void> {
  for await (const _ of network.events()) messenger.setOnline(network.peers().length > 0)
}

function sayIsNew({ dataDir, json }: Settings, isProtected: boolean, log: Logger): void {
  if (json) {
    log.warn({ dataDir, protected: isProtected }, 'a new account was made')
    return
  }
  const advice = isProtected ? '' : ' It has no password; status account password gives it one.'
  process.stderr.write(
    `A new account was made in ${dataDir}.${advice} Its words: status account show --mnemonic${dataDirFlag(dataDir)}\n`,
  )
}
