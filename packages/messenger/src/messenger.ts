/** The driver: puts the parts together, and offers what a person does. */
import { equal, type PublicKey, to0xHex, toHex } from '@status-protocol/bytes'
import { defaultProvider, systemRandom } from '@status-protocol/crypto'
import { type Clock, type Storage, systemClock } from '@status-protocol/ports'
import { systemScheduler } from '@status-protocol/whisper'
import type { Dropped, Messenger, MessengerOptions } from './api.ts'
import { type Chat, oneToOneChat, parseChat } from './chat.ts'
import { createCommitter } from './committer.ts'
import { createConsignments } from './consignments.ts'
import { chooseSecurity, dropContact } from './contacts/contacts.ts'
import { createNames } from './contacts/names.ts'
import { createPeople } from './contacts/people.ts'
import { allBlocked, isBlocked } from './contacts/relation.ts'
import { createRequests, expectUnblocked } from './contacts/requests.ts'
import { createCourier } from './courier.ts'
import { chooseDeniable } from './deniable.ts'
import { createDeviceSync } from './device-sync/device-sync.ts'
import { createDevices } from './devices.ts'
import { MessengerError } from './error.ts'
import { createFeed } from './feed.ts'
import { createFiling } from './filing.ts'
import { chooseLegacy } from './generations.ts'
import { createGroups } from './groups/create-groups.ts'
import { createHearing } from './hearing.ts'
import { noteWritten } from './history/chat-state.ts'
import { createChatStates } from './history/person.ts'
import { openHistory } from './history.ts'
import type { Rejection } from './inbound.ts'
import { loadInstallationId } from './installation-id.ts'
import { createIntake } from './intake.ts'
import { createListeners } from './listeners.ts'
import { createMail } from './mail/mail.ts'
import { noteGaveUp } from './own-message.ts'
import { allParcels } from './parcel.ts'
import { createPrivateLine, type GivenUp } from './private-line.ts'
import { createRemarks } from './remarks.ts'
import { createRouter, DISCOVERY_NAME, PRIVATE_NAME } from './routing.ts'
import { createSending } from './sending.ts'
import { createStage, type Stage } from './stage.ts'
import { guarded } from './store.ts'
import { createStrangers, MAX_STRANGERS } from './strangers.ts'
import {
  allChats,
  allOutbox,
  type ChatRecord,
  getChat,
  getRoute,
  MAX_EVENTS,
  putChat,
  putRoute,
} from './tables.ts'
import { createTimers } from './timers.ts'
import type { Tracer } from './trace.ts'
import { createUpkeep } from './upkeep.ts'

/** Starts an account: listens to its chats, takes up what was not sent when it stopped. */
export async function createMessenger(options: MessengerOptions): Promise<Messenger> {
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
    isLegacy: async (person) => (await getChat(storage, oneToOneChat(person).id))?.legacy === true,
  })
  const newChat = (chat: Chat): ChatRecord => ({ chat, joinedAtMs: clock.wallMs(), lastClock: 0n })
  const deviceSync = createDeviceSync({
    publicKey,
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
  const upkeep = createUpkeep({ line, timers, clock, insist, failed })
  const groups = createGroups({
    account: { privateKey, publicKey },
    security,
    storage,
    input,
    sending,
    strangers,
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
  const people = createPeople({
    account: { privateKey, publicKey },
    crypto,
    committer,
    sending,
    timers,
    clock,
    names,
    silence: (person) => hearing.silence(person),
    failed,
  })
  const filing = createFiling({ newChat, names, people })
  const intake = createIntake({
    publicKey,
    crypto,
    clock,
    line,
    strangers,
    takers: {
      ...{ ...deviceSync.takers, ...groups.takers },
      ...{ ...createRemarks(publicKey, filing), ...people.takers },
      'contact-update': deviceSync.ofOthers(people.takers['contact-update']),
      'membership-update': filing.ofContacts(
        groups.takers['membership-update'],
        async (stage, person) => equal(person, publicKey) || groups.isCompany(stage, person),
      ),
    },
    own: deviceSync,
    gaveUp,
    returned: groups.returned,
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

  // --- chats -----------------------------------------------------------------------------------------------------------

  const expectOpen = (): void => {
    if (closed) throw new MessengerError('closed', 'the messenger was closed')
  }

  /** A chat of ours: anything but a private one with ourselves, which nobody would ever acknowledge. */
  const chatNamed = (text: string): Chat => {
    expectOpen()
    const chat = parseChat(text)
    if (chat.kind === 'one-to-one' && equal(chat.publicKey, publicKey))
      throw new MessengerError('invalid-chat', 'a private chat is with somebody else, got the own public key')
    return chat
  }

  const chatFor = async (stage: Pick<Storage, 'get'>, text: string): Promise<ChatRecord> => {
    const chat = chatNamed(text)
    const record = await getChat(stage, chat.id)
    if (record && !(chat.kind === 'public' && record.left)) return record
    if (chat.kind === 'public')
      throw new MessengerError('not-joined', `join ${chat.id} before you write or read there`)
    return newChat(chat)
  }

  /** The person takes part in it by their own choice. */
  const enter = async (stage: Stage, record: ChatRecord): Promise<ChatRecord> => {
    await meet(stage, record.chat)
    return entered(record)
  }
  const entered = ({ unasked: _unasked, left: _left, ...record }: ChatRecord): ChatRecord => record
  const meet = async (stage: Stage, chat: Chat): Promise<void> => {
    if (chat.kind === 'one-to-one') await strangers.meet(stage, chat.publicKey)
  }

  const personNamed = (key: PublicKey): PublicKey => {
    const chat = chatNamed(to0xHex(key))
    return chat.kind === 'one-to-one' ? chat.publicKey : key
  }

  const requests = createRequests({
    ...{ storage, input, people, names, clock },
    ...{ newChat, chatNamed, enter, hear, isCompany: (person: PublicKey) => isCompany(person) },
  })

  const messenger: Messenger = {
    publicKey,
    devices,
    mail: mail.facet,
    groups: groups.facet,

    async join(text) {
      const chat = chatNamed(text)
      if (chat.kind === 'group') {
        const { membership } = await groups.facet.view(chat.id)
        if (membership === 'joined') return chat
        throw new MessengerError('not-joined', 'a group is joined by accepting an invitation')
      }
      await input(async (stage) => {
        const record = await getChat(stage, chat.id)
        const before = record?.left ? { ...record, joinedAtMs: clock.wallMs() } : record
        if (!record || record.unasked || record.left)
          stage.add({ changes: [putChat(await enter(stage, before ?? newChat(chat)))] })
      })
      await hear(chat)
      return chat
    },

    async leave(text) {
      const chat = chatNamed(text)
      if (chat.kind === 'group') return void (await groups.facet.leave(chat.id))
      hearing.stop(chat)
      await input(async (stage) => {
        const record = await getChat(stage, chat.id)
        const gone = mail.left(chat)
        if (record) stage.add({ changes: [putChat({ ...record, left: true, unasked: true }), ...gone] })
      })
    },

    async addContact(key, name) {
      const chat = chatNamed(to0xHex(key))
      await input((stage, afterwards) => requests.remember(stage, { key, name: name ?? '' }, afterwards))
      await hear(chat)
    },
    ...requests.surface,

    setSecurity: async (key, chosen) => {
      const person = personNamed(key)
      await input((stage) => chooseSecurity(stage, person, chosen))
    },
    setLegacy: async (text, isLegacy) => {
      const chat = chatNamed(text)
      await input(async (stage) => {
        const known = await getChat(stage, chat.id)
        const record = chooseLegacy(known ?? { ...newChat(chat), unasked: true }, isLegacy)
        stage.add({ changes: [putChat(record)] })
      })
      if (isLegacy && chat.kind === 'one-to-one') hearDiscovery()
    },
    setDeniable: async (text, isDeniable) => {
      const chat = chatNamed(text)
      await input(async (stage) => {
        const record = chooseDeniable((await getChat(stage, chat.id)) ?? newChat(chat), isDeniable)
        stage.add({ changes: [putChat(isDeniable ? await enter(stage, record) : record)] })
      })
      if (isDeniable) await hear(chat)
    },
    removeContact: async (key) => {
      const person = personNamed(key)
      return input((stage, afterwards) => {
        afterwards(names.changed)
        return dropContact(stage, person, clock.wallMs())
      })
    },

    send: (text, content, asked = {}) =>
      input(async (stage, afterwards) => {
        const named = chatNamed(text)
        if (named.kind === 'group')
          return groups.write(stage, named.id, { text: content, options: asked }, afterwards)
        const chat = await chatFor(stage, text)
        await expectUnblocked(stage, chat.chat)
        const draft = { chat: noteWritten(entered(chat)), text: content, options: asked }
        const message = await sending.write(stage, draft, afterwards)
        await meet(stage, chat.chat) // last: strangers are counted in memory, and what cannot be written meets nobody
        if (chat.chat.kind === 'one-to-one') afterwards(() => void hear(chat.chat).catch(failed))
        return message
      }),

    reply: (event, text) => messenger.send(event.chat, text, { responseTo: event.message.id }),

    ...history,
    ...createChatStates(input),

    async messages(text, page) {
      await chatFor(storage, text)
      return history.messages(text, page)
    },

    events: ({ after } = {}) => feed.after(after ?? committer.seq),
    rejected: () => rejected,
    dropped: () => gone,
    underway: async () => (await allParcels(storage)).length + (await allOutbox(storage)).length,
    setOnline: sending.setOnline,

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

  /** Where people of 2019 write first: everybody's first messages pass by there. */
  const hearDiscovery = (): void => {
    const topics = [router.discovery(publicKey).topic]
    listeners.listen(DISCOVERY_NAME, { topics, keyPair: signer }, intake.receivePrivate)
  }

  const start = async (): Promise<void> => {
    await sending.dropStale()
    await committer.refresh()
    const chats = await allChats(storage)
    const topics = [router.partitioned(publicKey).topic]
    listeners.listen(PRIVATE_NAME, { topics, keyPair: signer }, intake.receivePrivate)
    if (chats.some(({ chat, legacy }) => chat.kind === 'one-to-one' && legacy)) hearDiscovery()
    for (const { chat, unasked, left } of chats) if (!unasked && !left) await hear(chat)
    await insist(deviceSync.start)
    if (await deviceSync.hasOthers(storage)) hearOwn()
    sending.publishContactCode()
    upkeep.start()
    people.start()
  }

  try {
    await start()
  } catch (error) {
    await messenger.close()
    throw error
  }
  return messenger
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
