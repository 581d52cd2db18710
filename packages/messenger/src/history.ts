/** What is stored, for reading: nothing here listens, sends or writes. */
import { toHex } from '@status-protocol/bytes'
import type { Storage } from '@status-protocol/ports'
import { type Chat, type ChatId, parseChat } from './chat.ts'
import { type Contact, listContacts, listPeople, type Person } from './contacts/contacts.ts'
import { allBlocked } from './contacts/relation.ts'
import { getImage } from './content.ts'
import { MessengerError } from './error.ts'
import { allGroups } from './groups/tables.ts'
import { type ChatState, listChatStates } from './history/chat-state.ts'
import { messagesAfter, messagesBefore, type Place } from './history/paging.ts'
import { findMessages, type SearchOptions } from './history/search.ts'
import type { Message, MessageIdText } from './message.ts'
import type { Picture } from './pictures.ts'
import { guarded } from './store.ts'
import { allChats, getChat, getMessage } from './tables.ts'

/** At most one of `before`, `after` and `around`; without any of them the newest messages there are. */
export interface PageOptions {
  /** Those before this message, or with a lower clock than this. */
  readonly before?: MessageIdText | bigint
  /** Those after this message, or with a higher clock than this. */
  readonly after?: MessageIdText | bigint
  /** This message, half of the page before and half after it. */
  readonly around?: MessageIdText
  /** 1 to 1,000; default 50. */
  readonly limit?: number
}

export interface History {
  chats(): Promise<readonly Chat[]>
  /** What the person has seen of each chat, and where they put it; the chats with the newest messages first. */
  chatStates(): Promise<readonly ChatState[]>
  contacts(): Promise<readonly Contact[]>
  /** What the groups are called that we are in or invited to. Their admins choose names: two may be the same. */
  groupNames(): Promise<ReadonlyMap<ChatId, string>>
  /** Who asked to be a contact of yours and was not answered; in contacts-only mode also who wrote. */
  contactRequests(): Promise<readonly Person[]>
  /** Whom you blocked. */
  blocked(): Promise<readonly Person[]>
  /** One message, wherever it is. */
  message(id: MessageIdText): Promise<Message | undefined>
  /** The image of a message that has one. */
  image(id: MessageIdText): Promise<Picture | undefined>
  /**
   * Messages in the order of (clock, id), the newest last, without those of people you blocked.
   *
   * @throws MessengerError `invalid-chat`, `not-joined`, `no-such-message`
   */
  messages(chat: string, page?: PageOptions): Promise<readonly Message[]>
  /**
   * Every message of a chat from the oldest on, a page of them in memory: to write them somewhere.
   *
   * @throws MessengerError `invalid-chat`, `not-joined`, when it is read
   */
  allMessages(chat: string): AsyncIterable<Message>
  /**
   * Messages with all of these words, the newest first, also of chats that were left. A word may be the beginning of one;
   * case and accents do not count; what is typed without spaces has to stand together. Empty: every message.
   *
   * @throws MessengerError `invalid-chat`, `no-such-message`
   */
  search(text: string, options?: SearchOptions): Promise<readonly Message[]>
}

const PAGE = 500

/** The chats of an account without the account at work: sends nothing, so nothing that waits is disturbed. */
export function openHistory(anyStorage: Storage): History {
  const storage = guarded(anyStorage)
  const message = async (id: MessageIdText): Promise<Message | undefined> =>
    /^0x[0-9a-f]{64}$/.test(id) ? getMessage(storage, id) : undefined
  const chatNamed = async (text: string): Promise<Chat> => {
    const chat = parseChat(text)
    if (chat.kind === 'group' && !(await getChat(storage, chat.id)))
      throw new MessengerError('no-such-group', `there is no group ${chat.id.slice(0, 48)}`)
    if (chat.kind === 'public' && !(await getChat(storage, chat.id)))
      throw new MessengerError('not-joined', `join ${chat.id} before you write or read there`)
    return chat
  }
  const messageOf = async (id: MessageIdText, chat?: Chat): Promise<Message> => {
    const found = await message(id)
    if (found && (!chat || found.chat === chat.id)) return found
    const where = chat ? ` in ${chat.id}` : ''
    throw new MessengerError('no-such-message', `there is no message ${id.slice(0, 70)}${where}`)
  }

  const shown = async (): Promise<((message: Message) => boolean) | undefined> => {
    const hidden = new Set((await allBlocked(storage)).map((key) => toHex(key)))
    return hidden.size === 0 ? undefined : ({ author }) => !hidden.has(toHex(author))
  }

  return {
    chats: async () => (await allChats(storage)).flatMap(({ chat, left }) => (left ? [] : [chat])),
    chatStates: () => listChatStates(storage),
    contacts: () => listContacts(storage),
    groupNames: async () => {
      const groups = (await allGroups(storage)).filter(({ membership }) => membership !== 'left')
      return new Map(groups.map(({ id, name }) => [id, name]))
    },
    contactRequests: () => listPeople(storage, 'received'),
    blocked: () => listPeople(storage, 'blocked'),
    message,
    image: async (id) => ((await message(id))?.content?.kind === 'image' ? getImage(storage, id) : undefined),

    async messages(text, { before, after, around, limit: asked } = {}) {
      const chat = await chatNamed(text)
      const [limit, isShown] = [bounded(asked), await shown()]
      const placeOf = async (place: MessageIdText | bigint): Promise<Place> =>
        typeof place === 'bigint' ? place : messageOf(place, chat)
      if (around !== undefined) {
        const middle = await messageOf(around, chat)
        const half = Math.floor(limit / 2)
        const older = await messagesBefore(storage, chat.id, middle, { limit: half, isShown })
        const newer = await messagesAfter(storage, chat.id, middle, { limit: limit - 1 - half, isShown })
        return [...older, middle, ...newer]
      }
      const page = { limit, isShown }
      if (after !== undefined) return messagesAfter(storage, chat.id, await placeOf(after), page)
      return messagesBefore(storage, chat.id, before === undefined ? undefined : await placeOf(before), page)
    },

    async *allMessages(text) {
      const { id } = await chatNamed(text)
      const page = { limit: PAGE, isShown: await shown() }
      for (let last: Message | undefined; ; ) {
        const found = await messagesAfter(storage, id, last, page)
        yield* found
        last = found.at(-1)
        if (found.length < PAGE) return
      }
    },

    async search(text, { chat, author, fromMs, toMs, before, limit } = {}) {
      return findMessages(storage, {
        text,
        chat: chat === undefined ? undefined : parseChat(chat).id,
        author,
        fromMs,
        toMs,
        before: before === undefined ? undefined : await messageOf(before),
        limit: bounded(limit),
        isShown: await shown(),
      })
    },
  }
}

const bounded = (limit = 50): number => Math.min(Math.max(1, Math.floor(limit) || 1), 1000)
