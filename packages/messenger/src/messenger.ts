/** The driver: keeps the order of inputs, commits once for each, then lets the events be seen. */
import type { PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { type Change, type Clock, type Storage, systemClock } from '@status-protocol/ports'
import { partitionedDiscovery, WhisperError, type WhisperService } from '@status-protocol/whisper'
import { type Chat, type ChatId, oneToOneChat, parseChat } from './chat.ts'
import { type Courier, createCourier } from './courier.ts'
import { MessengerError } from './error.ts'
import type { MessageEvent, MessengerEvent, NewEvent } from './events.ts'
import { createFeed } from './feed.ts'
import { accept, judge, type Received, type Rejection, type Source } from './inbound.ts'
import type { DeliveryState, Message, MessageIdText } from './message.ts'
import { advance, compose, MAX_OUTBOX } from './outbound.ts'
import { createQueue } from './queue.ts'
import { createRouter } from './routing.ts'
import {
  allChats,
  allContacts,
  allOutbox,
  type ChatRecord,
  type ContactRecord,
  deleteChat,
  getChat,
  getMessage,
  lastSeq,
  type OutboxRecord,
  pageOfMessages,
  putChat,
  putContact,
  putEvents,
} from './tables.ts'

export interface MessengerOptions {
  /** Who we are; an `Account` of `@status-protocol/trust` fits. */
  readonly account: { readonly chatKey: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey } }
  /** This process alone writes to it. */
  readonly storage: Storage
  readonly whisper: WhisperService
  readonly clock?: Clock
  readonly crypto?: CryptoProvider
}

export interface PageOptions {
  /** The oldest message of the page before; default: the newest there is. */
  readonly before?: MessageIdText
  /** 1 to 1,000; default 50. */
  readonly limit?: number
}

/** An account at work. Chats are `#name`, a public key in any of its text forms, or a {@link Chat}. */
export interface Messenger {
  readonly publicKey: PublicKey
  /** Listens to a public chat, from now on and after every restart. */
  join(chat: string): Promise<Chat>
  leave(chat: string): Promise<void>
  chats(): Promise<readonly Chat[]>
  addContact(publicKey: PublicKey, name?: string): Promise<void>
  contacts(): Promise<readonly ContactRecord[]>
  /**
   * Says something. When it resolves the message is stored and will be sent, also after a crash; what becomes of it
   * comes as `delivery` events.
   *
   * @throws MessengerError `invalid-chat`, `invalid-text`, `not-joined`, `outbox-full`
   */
  send(chat: string, text: string, options?: { readonly responseTo?: MessageIdText }): Promise<Message>
  /** Answers a message in its chat. */
  reply(event: MessageEvent, text: string): Promise<Message>
  /** Messages in the order of (clock, id), the newest last. */
  messages(chat: string, page?: PageOptions): Promise<readonly Message[]>
  /** What happens from now on, or all that happened after `after`, as far back as events are kept. */
  events(options?: { readonly after?: bigint }): AsyncIterable<MessengerEvent>
  /** How many payloads were kept out of all chats since the start, by reason. */
  rejected(): ReadonlyMap<Rejection, number>
  close(): Promise<void>
}

/** Starts an account: listens to its chats, takes up what was not sent when it stopped. */
export async function createMessenger(options: MessengerOptions): Promise<Messenger> {
  const { account, storage, whisper, clock = systemClock, crypto = defaultProvider } = options
  const { privateKey, publicKey } = account.chatKey
  const feed = createFeed(storage)
  const inputs = createQueue()
  const router = createRouter(crypto)
  const rejected = new Map<Rejection, number>()
  const listening = new Map<ChatId | 'private', () => void>()
  const signer = await whisper.addKeyPair(privateKey)
  let seq = await lastSeq(storage)
  let waiting = 0
  let closed = false

  const commit = async (changes: readonly Change[], events: readonly NewEvent[]): Promise<void> => {
    if (changes.length === 0) return
    const numbered = putEvents(seq, events)
    await storage.commit([...changes, ...numbered.changes])
    seq += BigInt(events.length)
    if (events.length > 0) feed.wake()
  }

  const courier: Courier = createCourier({
    whisper,
    signer,
    router,
    report: (record, state, reason) => inputs.run(() => advanceDelivery(record, state, reason)),
  })

  const advanceDelivery = async (
    record: OutboxRecord,
    state: DeliveryState,
    reason: string | undefined,
  ): Promise<OutboxRecord | undefined> => {
    const message = await getMessage(storage, record.messageId)
    if (!message) return undefined
    const { changes, events, outbox } = advance(message, record, state, reason)
    await commit(changes, events)
    if (!outbox) waiting--
    return outbox
  }

  const receive = async (received: Received, source: Source): Promise<void> => {
    const judgement = judge(received, source, { self: publicKey, crypto })
    if (!judgement.ok) {
      count(judgement.reason)
      return
    }
    await inputs.run(async () => {
      const { message, chat } = judgement
      if (await getMessage(storage, message.id)) return
      const record = (await getChat(storage, chat.id)) ?? newChat(chat)
      const { changes, events } = accept(message, { chat: record })
      await commit(changes, events)
    })
  }

  const count = (reason: Rejection): void => {
    rejected.set(reason, (rejected.get(reason) ?? 0) + 1)
  }

  const newChat = (chat: Chat): ChatRecord => ({ chat, joinedAtMs: clock.wallMs(), lastClock: 0n })

  /**
   * Reads one filter until told to stop. A flood that we cannot keep up with ends a subscription: then it is taken up
   * again and counted, since something was missed.
   */
  const listen = (
    id: ChatId | 'private',
    source: Source,
    filter: Parameters<WhisperService['subscribe']>[0],
  ): void => {
    if (listening.has(id)) return
    const iterator = whisper.subscribe(filter)[Symbol.asyncIterator]()
    listening.set(id, () => void iterator.return?.())
    const read = async (): Promise<void> => {
      for (;;) {
        const next = await iterator.next()
        if (next.done || closed) return
        await receive(next.value, source)
      }
    }
    void read().catch((error: unknown) => {
      listening.delete(id)
      if (closed || !(error instanceof WhisperError) || error.code !== 'slow-reader') return
      count('overflow')
      listen(id, source, filter)
    })
  }

  const listenToPublic = async (chat: Extract<Chat, { kind: 'public' }>): Promise<void> => {
    const { to } = await router.routeTo(chat)
    if ('symmetricKey' in to)
      listen(chat.id, { kind: 'public', chat }, { topics: [to.topic], symKey: to.symmetricKey })
  }

  const chatFor = async (text: string): Promise<ChatRecord> => {
    expectOpen()
    const chat = parseChat(text)
    const record = await getChat(storage, chat.id)
    if (record) return record
    if (chat.kind === 'public')
      throw new MessengerError('not-joined', `join ${chat.id} before you write or read there`)
    return newChat(chat)
  }

  const expectOpen = (): void => {
    if (closed) throw new MessengerError('closed', 'the messenger was closed')
  }

  const messenger: Messenger = {
    publicKey,

    async join(text) {
      expectOpen()
      const chat = parseChat(text)
      await inputs.run(async () => {
        if (!(await getChat(storage, chat.id))) await commit([putChat(newChat(chat))], [])
      })
      if (chat.kind === 'public') await listenToPublic(chat)
      return chat
    },

    async leave(text) {
      expectOpen()
      const { id } = parseChat(text)
      listening.get(id)?.()
      listening.delete(id)
      await inputs.run(() => commit([deleteChat(id)], []))
    },

    async chats() {
      return (await allChats(storage)).map(({ chat }) => chat)
    },

    async addContact(key, name) {
      expectOpen()
      const { id } = oneToOneChat(key)
      const contact: ContactRecord = { publicKey: key, addedAtMs: clock.wallMs(), ...(name ? { name } : {}) }
      await inputs.run(async () => {
        const chat = (await getChat(storage, id)) ?? newChat(oneToOneChat(key))
        await commit([putContact(contact), putChat(chat)], [])
      })
    },

    contacts: () => allContacts(storage),

    send: (text, content, { responseTo } = {}) =>
      inputs.run(async () => {
        const chat = await chatFor(text)
        if (waiting >= MAX_OUTBOX)
          throw new MessengerError('outbox-full', `${MAX_OUTBOX} messages are waiting to be sent already`)
        const composed = compose(
          { chat, text: content, ...(responseTo ? { responseTo } : {}) },
          { privateKey, publicKey, nowMs: clock.wallMs(), crypto },
        )
        await commit(composed.changes, composed.events)
        waiting++
        courier.send(composed.outbox)
        return composed.message
      }),

    reply: (event, text) => messenger.send(event.chat, text, { responseTo: event.message.id }),

    async messages(text, { before, limit = 50 } = {}) {
      const { chat } = await chatFor(text)
      const anchor = before === undefined ? undefined : await getMessage(storage, before)
      if (before !== undefined && anchor?.chat !== chat.id)
        throw new MessengerError(
          'no-such-message',
          `there is no message ${before.slice(0, 70)} in ${chat.id}`,
        )
      const bounded = Math.min(Math.max(1, Math.floor(limit)), 1000)
      return pageOfMessages(storage, chat.id, { limit: bounded, ...(anchor ? { before: anchor } : {}) })
    },

    events: ({ after } = {}) => feed.after(after ?? seq),

    rejected: () => rejected,

    async close() {
      closed = true
      for (const stop of listening.values()) stop()
      listening.clear()
      courier.close()
      await inputs.idle()
      feed.close()
    },
  }

  listen(
    'private',
    { kind: 'private' },
    { topics: [partitionedDiscovery(publicKey, { crypto }).topic], keyPair: signer },
  )
  for (const { chat } of await allChats(storage)) if (chat.kind === 'public') await listenToPublic(chat)
  const unsent = await allOutbox(storage)
  waiting = unsent.length
  for (const record of unsent) courier.send(record)
  return messenger
}
