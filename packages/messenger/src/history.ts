/** What is stored, for reading: nothing here listens, sends or writes. */
import { toHex } from '@status-protocol/bytes'
import type { Storage } from '@status-protocol/ports'
import { type Chat, type ChatId, parseChat } from './chat.ts'
import { type Contact, listContacts, listPeople, type Person } from './contacts/contacts.ts'
import { allBlocked } from './contacts/relation.ts'
import { getImage } from './content.ts'
import { MessengerError } from './error.ts'
import { allGroups } from './groups/tables.ts'
import type { Message, MessageIdText } from './message.ts'
import type { Picture } from './pictures.ts'
import { guarded } from './store.ts'
import { allChats, getChat, getMessage, pageOfMessages } from './tables.ts'

export interface PageOptions {
  /** The oldest message of the page before; default: the newest there is. */
  readonly before?: MessageIdText
  /** 1 to 1,000; default 50. */
  readonly limit?: number
}

export interface History {
  chats(): Promise<readonly Chat[]>
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
}

/** The chats of an account without the account at work: sends nothing, so nothing that waits is disturbed. */
export function openHistory(anyStorage: Storage): History {
  const storage = guarded(anyStorage)
  const message = async (id: MessageIdText): Promise<Message | undefined> =>
    /^0x[0-9a-f]{64}$/.test(id) ? getMessage(storage, id) : undefined

  return {
    chats: async () => (await allChats(storage)).flatMap(({ chat, left }) => (left ? [] : [chat])),
    contacts: () => listContacts(storage),
    groupNames: async () => {
      const groups = (await allGroups(storage)).filter(({ membership }) => membership !== 'left')
      return new Map(groups.map(({ id, name }) => [id, name]))
    },
    contactRequests: () => listPeople(storage, 'received'),
    blocked: () => listPeople(storage, 'blocked'),
    message,
    image: async (id) => ((await message(id))?.content?.kind === 'image' ? getImage(storage, id) : undefined),
    async messages(text, { before, limit = 50 } = {}) {
      const chat = parseChat(text)
      if (chat.kind === 'group' && !(await getChat(storage, chat.id)))
        throw new MessengerError('no-such-group', `there is no group ${chat.id.slice(0, 48)}`)
      if (chat.kind === 'public' && !(await getChat(storage, chat.id)))
        throw new MessengerError('not-joined', `join ${chat.id} before you write or read there`)
      const anchor = before === undefined ? undefined : await message(before)
      if (before !== undefined && anchor?.chat !== chat.id)
        throw new MessengerError(
          'no-such-message',
          `there is no message ${before.slice(0, 70)} in ${chat.id}`,
        )
      const bounded = Math.min(Math.max(1, Math.floor(limit) || 1), 1000)
      const hidden = new Set((await allBlocked(storage)).map((key) => toHex(key)))
      return pageOfMessages(storage, chat.id, {
        ...{ limit: bounded, isShown: ({ author }) => !hidden.has(toHex(author)) },
        ...(anchor ? { before: anchor } : {}),
      })
    },
  }
}
