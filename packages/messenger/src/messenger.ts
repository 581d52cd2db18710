/** The driver: starts what the parts do by themselves, and offers what a person does. */
import { to0xHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import type { Messenger, MessengerOptions } from './api.ts'
import { type Assembly, assemble } from './assembly.ts'
import { createCommands } from './commands/commands.ts'
import { chooseSecurity, dropContact } from './contacts/contacts.ts'
import { createRequests, expectUnblocked } from './contacts/requests.ts'
import { chooseDeniable } from './deniable.ts'
import { createEntrance, entered } from './entrance.ts'
import { MessengerError } from './error.ts'
import { chooseLegacy } from './generations.ts'
import { noteWritten } from './history/chat-state.ts'
import { createChatStates } from './history/person.ts'
import { allParcels } from './parcel.ts'
import { DISCOVERY_NAME, namesOf, PRIVATE_NAME } from './routing.ts'
import { allChats, allOutbox, type ChatRecord, getChat, getRoute, putChat } from './tables.ts'

/** Starts an account: listens to its chats, takes up what was not sent when it stopped. */
export async function createMessenger(options: MessengerOptions): Promise<Messenger> {
  const parts = await assemble(options)
  const messenger = surfaceOf(parts, options)
  try {
    await start(parts)
  } catch (error) {
    await messenger.close()
    throw error
  }
  return messenger
}

function surfaceOf(parts: Assembly, options: MessengerOptions): Messenger {
  const { publicKey, clock, storage, committer, hearing, hear, sending, names, people, newChat } = parts
  const { groups, mail, history, failed } = parts
  const { input } = committer
  const entrance = createEntrance(parts)
  const { chatNamed, chatFor, personNamed, enter, meet } = entrance
  const requests = createRequests({
    ...{ storage, input, people, names, clock },
    ...{ newChat, chatNamed, enter, hear, isCompany: parts.isCompany },
  })
  const commands = createCommands({
    account: options.account.chatKey,
    security: options.security ?? 'ratchet',
    crypto: options.crypto ?? defaultProvider,
    ...{ clock, input, sending, copy: parts.deviceSync.copy, progress: parts.progress },
    ...{ entrance, hear, failed },
  })

  const messenger: Messenger = {
    publicKey,
    devices: parts.devices,
    mail: mail.facet,
    groups: groups.facet,
    commands,

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
      await input(async (stage, afterwards) => {
        const record = await getChat(stage, chat.id)
        const gone = mail.left(chat)
        afterwards(() => hearing.stop(chat))
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
      if (isLegacy && chat.kind === 'one-to-one') hearDiscovery(parts)
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

    events: ({ after } = {}) => parts.feed.after(after ?? committer.seq),
    rejected: () => parts.rejected,
    dropped: () => parts.dropped,
    underway: async () => (await allParcels(storage)).length + (await allOutbox(storage)).length,
    setOnline: sending.setOnline,
    close: parts.close,
  }
  return messenger
}

/** What was not sent is taken up, all that is ours is listened to, and what recurs begins. */
async function start(parts: Assembly): Promise<void> {
  const { publicKey, signer, storage, committer, sending, router, listeners, intake, deviceSync } = parts
  await sending.dropStale()
  await committer.refresh()
  const chats = await allChats(storage)
  const topics = [router.partitioned(publicKey).topic]
  listeners.listen(PRIVATE_NAME, { topics, keyPair: signer }, intake.receivePrivate)
  if (chats.some(({ chat, legacy }) => chat.kind === 'one-to-one' && legacy)) hearDiscovery(parts)
  const ours = chats.filter(({ unasked, left }) => !unasked && !left)
  await hearKept(parts, ours)
  await committer.insist(deviceSync.start)
  if (await deviceSync.hasOthers(storage)) parts.hearOwn()
  sending.publishContactCode()
  parts.upkeep.start()
  parts.people.start()
}

/**
 * Where topic and key are known. The others each cost two slow derivations, thousands of them minutes: after a first sync
 * that was cut short they are heard one after the other, the liveliest chat first, while the messenger is at work.
 */
async function hearKept({ storage, hear, failed }: Assembly, chats: readonly ChatRecord[]): Promise<void> {
  const others: ChatRecord[] = []
  for (const record of chats) {
    const routes = await Promise.all(namesOf(record.chat).map((name) => getRoute(storage, name)))
    if (routes.every((route) => route !== undefined)) await hear(record.chat)
    else others.push(record)
  }
  others.sort((a, b) => (a.lastClock === b.lastClock ? 0 : a.lastClock > b.lastClock ? -1 : 1))
  const hearOthers = async (): Promise<void> => {
    for (const { chat } of others) await hear(chat)
  }
  hearOthers().catch(failed)
}

/** Where people of 2019 write first: everybody's first messages pass by there. */
function hearDiscovery({ publicKey, signer, router, listeners, intake }: Assembly): void {
  const topics = [router.discovery(publicKey).topic]
  listeners.listen(DISCOVERY_NAME, { topics, keyPair: signer }, intake.receivePrivate)
}
