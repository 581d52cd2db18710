/** Chats as a person names them, and what it means to take part in one. */
import { equal, type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { Storage } from '@status-protocol/ports'
import type { Assembly } from './assembly.ts'
import { type Chat, parseChat } from './chat.ts'
import { MessengerError } from './error.ts'
import type { Stage } from './stage.ts'
import { type ChatRecord, getChat } from './tables.ts'

export interface Entrance {
  /**
   * A chat of ours: anything but a private one with ourselves, which nobody would ever acknowledge.
   *
   * @throws MessengerError `invalid-chat`, `closed`
   */
  chatNamed(text: string): Chat
  /** The same with what is stored of it. @throws MessengerError `not-joined` too, for a public chat */
  chatFor(stage: Pick<Storage, 'get'>, text: string): Promise<ChatRecord>
  /** @throws MessengerError `invalid-chat`, `closed` */
  personNamed(key: PublicKey): PublicKey
  /** The person takes part in it by their own choice, and its other person is no stranger. */
  enter(stage: Stage, record: ChatRecord): Promise<ChatRecord>
  meet(stage: Stage, chat: Chat): Promise<void>
}

export function createEntrance(
  parts: Pick<Assembly, 'publicKey' | 'strangers' | 'newChat' | 'expectOpen'>,
): Entrance {
  const { publicKey, strangers, newChat, expectOpen } = parts
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

  const enter = async (stage: Stage, record: ChatRecord): Promise<ChatRecord> => {
    await meet(stage, record.chat)
    return entered(record)
  }
  const meet = async (stage: Stage, chat: Chat): Promise<void> => {
    if (chat.kind === 'one-to-one') await strangers.meet(stage, chat.publicKey)
  }

  const personNamed = (key: PublicKey): PublicKey => {
    const chat = chatNamed(to0xHex(key))
    return chat.kind === 'one-to-one' ? chat.publicKey : key
  }

  return { chatNamed, chatFor, personNamed, enter, meet }
}

/** A chat that a person takes part in by their own choice. */
export function entered({ unasked: _unasked, left: _left, ...record }: ChatRecord): ChatRecord {
  return record
}
