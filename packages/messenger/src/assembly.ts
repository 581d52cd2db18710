/** All parts of a messenger, put together: what each needs of the others, and nothing of what a person does. */
import { equal, type PublicKey, toHex } from '@status-protocol/bytes'
import { defaultProvider, systemRandom } from '@status-protocol/crypto'
import { type Clock, type Storage, systemClock } from '@status-protocol/ports'
import { type KeyId, systemScheduler } from '@status-protocol/whisper'
import type { Dropped, Messenger, MessengerOptions } from './api.ts'
import type { GivenUp } from './arrival.ts'
import { type Chat, oneToOneChat } from './chat.ts'
import { createProgress, type Progress } from './commands/progress.ts'
import { createCommandTaking } from './commands/taking.ts'
import { type Committer, createCommitter } from './committer.ts'
import { createConsignments } from './consignments.ts'
import { createNames, type Names } from './contacts/names.ts'
import { createPeople, type People } from './contacts/people.ts'
import { allBlocked, isBlocked } from './contacts/relation.ts'
import { createCourier } from './courier.ts'
import { createDeviceSync, type Devicing } from './device-sync/device-sync.ts'
import { createDevices } from './devices.ts'
import { MessengerError } from './error.ts'
import { createFeed, type Feed } from './feed.ts'
import { createFiling } from './filing.ts'
import { createGroups, type GroupsPart } from './groups/create-groups.ts'
import { createHearing, type Hearing } from './hearing.ts'
import { type History, openHistory } from './history.ts'
import type { Rejection } from './inbound.ts'
import { loadInstallationId } from './installation-id.ts'
import { createIntake, type Intake } from './intake.ts'
import { createListeners, type Listeners } from './listeners.ts'
import { createMail, type MailPart } from './mail/mail.ts'
import { noteGaveUp } from './own-message.ts'
import { createPrivateLine } from './private-line.ts'
import { createRemarks } from './remarks.ts'
import { createRouter, type Router } from './routing.ts'
import { createSending, type Sending } from './sending.ts'
import { createStage, type Stage } from './stage.ts'
import { guarded } from './store.ts'
import { createStrangers, MAX_STRANGERS, type Strangers } from './strangers.ts'
import { allChats, type ChatRecord, getChat, getRoute, MAX_EVENTS, putRoute } from './tables.ts'
import { createTimers } from './timers.ts'
import type { Tracer } from './trace.ts'
import { createUpkeep } from './upkeep.ts'

export interface Assembly {
  readonly publicKey: PublicKey
  readonly clock: Clock
  readonly storage: Storage
  readonly committer: Committer
  readonly router: Router
  readonly listeners: Listeners
  readonly intake: Intake
  readonly hearing: Hearing
  readonly strangers: Strangers
  readonly sending: Sending
  readonly names: Names
  readonly people: People
  readonly groups: GroupsPart
  /** Of transaction commands. */
  readonly progress: Progress
  readonly devices: Messenger['devices']
  readonly deviceSync: Devicing
  readonly mail: MailPart
  readonly history: History
  readonly feed: Feed
  readonly upkeep: { start(): void }
  /** The key that signs envelopes, as Whisper knows it. */
  readonly signer: KeyId
  readonly rejected: ReadonlyMap<Rejection, number>
  readonly dropped: ReadonlyMap<Dropped, number>
  /** Something that nobody waits for failed. */
  failed(): void
  newChat(chat: Chat): ChatRecord
  /** Listens to a chat, unless it is one with somebody blocked. */
  hear(chat: Chat): Promise<void>
  /** Listens to our own other devices. */
  hearOwn(): void
  /** Whether they are with us in a group that we joined. */
  isCompany(person: PublicKey): Promise<boolean>
  /** @throws MessengerError `closed` */
  expectOpen(): void
  close(): Promise<void>
}

/** Nothing runs yet: see `messenger.ts` for what is started. */
export async function assemble(options: MessengerOptions): Promise<Assembly> {
  const { account, whisper, security = 'ratchet', online = true } = options
  const { scheduler = systemScheduler, random = systemRandom, crypto = defaultProvider } = options
  const clock = wholeMilliseconds(options.clock ?? systemClock)
  const { privateKey, publicKey } = account.chatKey
  const storage = guarded(options.storage)
  const installationId = await loadInstallationId(storage, random)
  const trace: Tracer | undefined =
    options.trace && ((step) => options.trace?.({ ...step, atMs: clock.wallMs() }))
  let closed = false
  const rejected = new Map<Rejection, number>()
  const count = (reason: Rejection, times = 1): void =>
    void rejected.set(reason, (rejected.get(reason) ?? 0) + times)
  const failed = (): void => count('failed')
  const gone = new Map<Dropped, number>()
  const dropped = (what: Dropped, number: number): void =>
    void (number > 0 && gone.set(what, (gone.get(what) ?? 0) + number))

  const timers = createTimers(scheduler)
  const feed = createFeed(storage)
  const names = createNames(storage, publicKey)
  const history = openHistory(storage)
  const { truncatedKeys = false } = options
  const line = createPrivateLine({
    ...{ privateKey, installationId, truncatedKeys, clock, random, crypto, trace },
  })
  const router = createRouter(privateKey, crypto, (name) => getRoute(storage, name))
  const strangers = createStrangers({
    storage,
    clock,
    isCompany: (stage, person) => groups.isCompany(stage, person),
    forget: line.forget,
    dropped,
  })
  const committer = await createCommitter({
    storage,
    timers,
    finish: (stage, afterwards) => deviceSync.finish(stage, afterwards),
    stored(before, after) {
      dropped('events', Number(beyondLimit(after) - beyondLimit(before)))
      feed.wake()
    },
    async lookAgain() {
      await strangers.load()
      await sending.takeUp()
      for (const { chat } of lastStrangers(await allChats(storage)))
        if (chat.kind === 'one-to-one' && !(await isBlocked(storage, chat.publicKey)))
          hearing.toStranger(chat.publicKey)
      names.changed()
      feed.wake()
    },
  })
  const { input, insist } = committer
  const hearOwn = (): void =>
    void hearing.toPerson(publicKey).catch(() => {
      if (!closed) failed()
    })
  const listeners = createListeners(whisper, {
    ...{ insist, failed, added: () => mail.listens() },
    overflowed() {
      count('overflow')
      mail.overflowed()
    },
  })
  const mail = createMail({
    ...{ options: options.mail ?? {}, publicKey, privateKey, storage, listeners, insist, timers, count },
    ...{ clock, scheduler, random, crypto, company: (id) => groups.company(createStage(storage), id) },
  })
  const signer = await whisper.addKeyPair(privateKey)
  const courier = createCourier(whisper, { signer, pause: timers.pause, mailservers: mail.servers })
  const sending = createSending({
    account: { privateKey, publicKey },
    security,
    isOnline: online,
    storage,
    committer,
    line,
    courier,
    timers,
    clock,
    crypto,
    trace,
    copy: (stage, wrapped, afterwards) => deviceSync.copy(stage, wrapped, afterwards),
    failed,
    gaveUp: (stage, given) => gaveUp(stage, given),
    consignments: () => consignments,
  })
  const consignments = createConsignments({
    publicKey,
    router,
    trace,
    insist,
    isOnline: sending.isOnline,
    left: sending.left,
    isBlocked: (person) => isBlocked(storage, person),
    isLegacy: async (person) => (await getChat(storage, oneToOneChat(person).id))?.legacy === true,
  })
  const newChat = (chat: Chat): ChatRecord => ({ chat, joinedAtMs: clock.wallMs(), lastClock: 0n })
  const deviceSync = createDeviceSync({
    account: { privateKey, publicKey },
    installationId,
    storage,
    clock,
    crypto,
    committer,
    sending,
    newChat,
    installations: async (reads) => (await line.devices(reads, publicKey)).installations,
    describe: (stage, id, metadata) => line.decide(stage, publicKey, { installationId: id, metadata }),
    meet: strangers.meet,
    hear: (chat) => hear(chat),
    isCompany: (person) => isCompany(person),
    stop: (chat) => hearing.stop(chat),
    silence: (person) => hearing.silence(person),
    cease: (stage, person) => cease(stage, person),
    namesChanged: names.changed,
    hearOwn,
    tellGroups: (stage, afterwards) => groups.tellOwn(stage, afterwards),
    dropped: (number) => dropped('device-messages', number),
    failed: () => void (closed || failed()),
  })
  const devices = createDevices({
    ...{ publicKey, storage, line, clock, input, deviceSync },
    announce: (stage, afterwards) => people.announce(stage, afterwards),
  })
  const upkeep = createUpkeep({
    ...{ line, timers, clock, insist, failed },
    isCompany: (stage, person) => groups.isCompany(stage, person),
  })
  const groups = createGroups({
    account: { privateKey, publicKey },
    security,
    storage,
    input,
    sending,
    strangers,
    names,
    clock,
    random,
    crypto,
    trace,
    newChat,
    noted: (stage, message) => filing.noted(stage, message),
    hear: (people) => void hearUnblocked(people).catch(failed),
    copy: deviceSync.copy,
    isProven: deviceSync.isProven,
    dropped,
    expectOpen: () => expectOpen(),
  })
  const isCompany = (person: PublicKey): Promise<boolean> => groups.isCompany(createStage(storage), person)
  const gaveUp = async (stage: Stage, given: GivenUp): Promise<void> => {
    await noteGaveUp(stage, given)
    await groups.missed(stage, given.to)
  }
  const cease = async (stage: Stage, person: PublicKey): Promise<void> => {
    for (const given of await line.cease(stage, person)) await noteGaveUp(stage, given, 'blocked')
    await groups.missed(stage, person)
  }
  const people = createPeople({
    account: { privateKey, publicKey },
    crypto,
    committer,
    sending,
    timers,
    clock,
    names,
    silence: (person) => hearing.silence(person),
    cease,
    failed,
  })
  const filing = createFiling({ newChat, names, people })
  const progress = createProgress({ clock, filing })
  const commandTaking = createCommandTaking({ publicKey, crypto, clock, progress, newChat, own: deviceSync })
  const intake = createIntake({
    publicKey,
    crypto,
    clock,
    line,
    strangers,
    takers: {
      ...{ ...deviceSync.takers, ...groups.takers },
      ...{ ...createRemarks(publicKey, filing), ...commandTaking.takers, ...people.takers },
      'contact-update': deviceSync.ofOthers(people.takers['contact-update']),
      'membership-update': filing.ofContacts(
        groups.takers['membership-update'],
        async (stage, person) => equal(person, publicKey) || groups.isCompany(stage, person),
      ),
    },
    own: deviceSync,
    gaveUp,
    async returned(stage, from, afterwards) {
      await groups.returned(stage, from, afterwards)
      await commandTaking.placed(stage, from, afterwards)
    },
    trace,
    count,
    newChat,
    filing,
    people,
    publicPerMinute: options.publicPerMinute,
    post: sending.post,
    heard: (from) => hearing.toStranger(from),
    wakeAt: sending.wakeAt,
    forgotten: (people) => people.forEach(hearing.forget),
  })
  const hearing = createHearing({
    listeners,
    router,
    async keep(name, route) {
      if (!(await getRoute(storage, name)))
        await input(async (stage) => stage.add({ changes: [putRoute(name, route)] }))
    },
    publicReceiver: (chat) => intake.receivePublic({ kind: 'public', chat }),
    contactCodeReceiver: intake.receiveContactCode,
    negotiatedReceiver: intake.receiveNegotiated,
  })
  const hearUnblocked = async (people: readonly PublicKey[]): Promise<void> => {
    const blocked = new Set((await allBlocked(storage)).map((key) => toHex(key)))
    hearing.toPeople(people.filter((key) => !blocked.has(toHex(key))))
  }
  const hear = async (chat: Chat): Promise<void> => {
    if (chat.kind === 'public') await hearing.toPublic(chat)
    else if (chat.kind === 'group') await hearUnblocked(await groups.company(createStage(storage), chat.id))
    else if (!(await isBlocked(storage, chat.publicKey))) await hearing.toPerson(chat.publicKey)
  }
  const expectOpen = (): void => {
    if (closed) throw new MessengerError('closed', 'the messenger was closed')
  }

  return {
    ...{
      publicKey,
      clock,
      storage,
      committer,
      router,
      listeners,
      intake,
      hearing,
      strangers,
      sending,
      names,
      people,
    },
    ...{
      groups,
      progress,
      devices,
      deviceSync,
      mail,
      history,
      feed,
      upkeep,
      signer,
      rejected,
      dropped: gone,
    },
    ...{ failed, newChat, hear, hearOwn, isCompany, expectOpen },
    async close() {
      closed = true
      const fetched = mail.close() // first: a page that nobody listens to any more is not read
      timers.close()
      listeners.close()
      courier.close()
      await fetched
      await committer.close()
      feed.close()
    },
  }
}

/** Times go into messages and tables as whole numbers; a clock may be finer. */
function wholeMilliseconds(clock: Clock): Clock {
  return { wallMs: () => Math.floor(clock.wallMs()), monotonicMs: () => clock.monotonicMs() }
}

function beyondLimit(seq: bigint): bigint {
  return seq > MAX_EVENTS ? seq - MAX_EVENTS : 0n
}

function lastStrangers(chats: readonly ChatRecord[]): readonly ChatRecord[] {
  const strangers = chats.filter(({ chat, unasked }) => chat.kind === 'one-to-one' && unasked)
  return strangers.sort((a, b) => (a.lastClock < b.lastClock ? -1 : 1)).slice(-MAX_STRANGERS)
}
