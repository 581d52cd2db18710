/** The driver: keeps the order of inputs, commits once for each, then lets the outputs go and the events be seen. */
import { equal, type PublicKey, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import { type Clock, type Random, type Storage, systemClock } from '@status-protocol/ports'
import {
  type Scheduler,
  systemScheduler,
  type WhisperMessage,
  type WhisperService,
} from '@status-protocol/whisper'
import { type Chat, oneToOneChat, parseChat } from './chat.ts'
import { type Consignment, createCourier, type Fate } from './courier.ts'
import { MessengerError } from './error.ts'
import type { MessageEvent, MessengerEvent } from './events.ts'
import { createFeed } from './feed.ts'
import { accept, judge, type Received, type Rejection, type Source } from './inbound.ts'
import { loadInstallationId } from './installation-id.ts'
import { createListeners } from './listeners.ts'
import type { DeliveryState, Message, MessageIdText } from './message.ts'
import { advance, advanceMessage, compose, MAX_ATTEMPTS, MAX_OUTBOX } from './outbound.ts'
import {
  allParcels,
  deleteParcel,
  nextParcelNumber,
  PARCEL_LIFETIME_MS,
  type Parcel,
  putParcel,
} from './parcel.ts'
import { createPrivateLine } from './private-line.ts'
import { createQueue } from './queue.ts'
import { createRouter } from './routing.ts'
import { createStage, type Stage } from './stage.ts'
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
  putMessage,
  putOutbox,
} from './tables.ts'

export interface MessengerOptions {
  /** Who we are; an `Account` of `@status-protocol/trust` fits. */
  readonly account: { readonly chatKey: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey } }
  /** This process alone writes to it: two on one store would use message keys twice. */
  readonly storage: Storage
  readonly whisper: WhisperService
  /**
   * How private messages are sent: `ratchet` (default; X3DH and Double Ratchet, acknowledged by data sync; the first one to
   * a person whose bundle is not known yet goes as `dh`), or `whisper` (encrypted by the Whisper layer alone; for stores
   * that do not outlive the process).
   */
  readonly security?: 'ratchet' | 'whisper'
  readonly clock?: Clock
  readonly scheduler?: Scheduler
  readonly random?: Random
  readonly crypto?: CryptoProvider
}

export interface PageOptions {
  /** The oldest message of the page before; default: the newest there is. */
  readonly before?: MessageIdText
  /** 1 to 1,000; default 50. */
  readonly limit?: number
}

export interface SendOptions {
  readonly responseTo?: MessageIdText
}

/** An account at work. Chats are `#name` or a public key in any of its text forms. */
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
  send(chat: string, text: string, options?: SendOptions): Promise<Message>
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

/** The contact code is published first this long after the start, then this often; as the Go clients do. */
const CONTACT_CODE_AFTER_MS = 120_000
const CONTACT_CODE_EVERY_MS = 6 * 3_600_000
const PRIVATE: Source = { kind: 'private' }

/** Starts an account: listens to its chats, takes up what was not sent when it stopped. */
export async function createMessenger(options: MessengerOptions): Promise<Messenger> {
  const { account, storage, whisper, security = 'ratchet', clock = systemClock } = options
  const { scheduler = systemScheduler, random = systemRandom, crypto = defaultProvider } = options
  const { privateKey, publicKey } = account.chatKey
  const installationId = await loadInstallationId(storage, random)
  const line = createPrivateLine({ privateKey, installationId, storage, clock, random, crypto })
  const router = createRouter(privateKey, crypto)
  const feed = createFeed(storage)
  const inputs = createQueue()
  const rejected = new Map<Rejection, number>()
  const count = (reason: Rejection): void => void rejected.set(reason, (rejected.get(reason) ?? 0) + 1)
  const listeners = createListeners(whisper, () => count('overflow'))
  const signer = await whisper.addKeyPair(privateKey)
  const courier = createCourier(whisper, signer)
  const timers = new Map<string, () => void>() // BOUNDED: one a name, and there are two
  let seq = await lastSeq(storage)
  let parcelNumber = 0n
  let waiting = 0
  let closed = false

  // --- one input, one commit ---------------------------------------------------------------------------------------

  /** Runs an input on its own stage, commits what it staged, and only then what it asks to be done afterwards. */
  const input = <T>(run: (stage: Stage, afterwards: (act: () => void) => void) => Promise<T>): Promise<T> =>
    inputs.run(async () => {
      const stage = createStage(storage)
      const acts: (() => void)[] = []
      const result = await run(stage, (act) => void acts.push(act))
      const numbered = putEvents(seq, stage.events)
      const changes = [...stage.changes, ...numbered.changes]
      if (changes.length > 0) await storage.commit(changes)
      seq += BigInt(stage.events.length)
      if (stage.events.length > 0) feed.wake()
      for (const act of acts) act()
      return result
    })

  const advanceOwn = async (
    stage: Stage,
    id: MessageIdText,
    state: DeliveryState,
    reason?: string,
  ): Promise<void> => {
    const message = await getMessage(stage, id)
    if (message) stage.add(advanceMessage(message, parseChat(message.chat), state, reason))
  }

  // --- on the way out ----------------------------------------------------------------------------------------------

  /** A public message, or a private one in mode `whisper`: sealed again until a peer has it. */
  const consignmentOf = (record: OutboxRecord): Consignment => {
    let current = record
    const report = (state: DeliveryState, reason?: string): Promise<OutboxRecord | undefined> =>
      input(async (stage) => {
        const message = await getMessage(stage, current.messageId)
        if (!message) return undefined
        const { outbox, ...outcome } = advance(message, current, state, reason)
        stage.add(outcome)
        if (outbox) current = outbox
        else waiting--
        return outbox
      })
    return {
      payload: record.wrapped,
      route: async () =>
        record.chat.kind === 'public'
          ? router.publicChat(record.chat.name)
          : router.partitioned(record.chat.publicKey),
      sent: async () => (await report('sent')) !== undefined,
      async settled(fate: Fate) {
        if (fate === 'confirmed') return void (await report('relayed'))
        const expired = await report('expired')
        if (expired && expired.attempts < MAX_ATTEMPTS) return consignmentOf(expired)
        if (expired) await report('failed', `no peer took it in ${MAX_ATTEMPTS} attempts`)
        return undefined
      },
      failed: async (reason) => void (await report('failed', reason)),
    }
  }

  /** A ProtocolMessage: posted once. What data sync misses an acknowledgement for comes again in another one. */
  const consignmentOfParcel = (parcel: Parcel): Consignment => {
    const report = (state: DeliveryState | undefined, isDone: boolean): Promise<void> =>
      input(async (stage) => {
        if (isDone) stage.add({ changes: [deleteParcel(parcel)] })
        if (state) for (const id of parcel.messageIds) await advanceOwn(stage, id, state)
      })
    return {
      payload: parcel.payload,
      route: () => routeOf(parcel),
      sent: async () => {
        await report('sent', false)
        return true
      },
      settled: async (fate) => void (await report(fate === 'confirmed' ? 'relayed' : 'expired', true)),
      failed: () => report(undefined, true),
    }
  }

  const routeOf = async ({ way }: Parcel) => {
    if (way.kind === 'contact-code') return router.contactCode(publicKey)
    return way.kind === 'negotiated' ? router.negotiated(way.to) : router.partitioned(way.to)
  }

  const post = (
    stage: Stage,
    unnumbered: Omit<Parcel, 'number'>,
    afterwards: (act: () => void) => void,
  ): void => {
    const parcel = { ...unnumbered, number: parcelNumber++ }
    stage.add({ changes: [putParcel(parcel)] })
    afterwards(() => courier.send(consignmentOfParcel(parcel)))
  }

  /** The tick of data sync: what is due is encrypted and becomes parcels, in one commit. */
  const epoch = (): Promise<void> =>
    input(async (stage, afterwards) => {
      const { parcels, gaveUp, wakeAtMs } = await line.epoch(stage)
      for (const parcel of parcels) {
        post(stage, parcel, afterwards)
        for (const id of parcel.messageIds) await noteSecurity(stage, id, parcel)
        if (parcel.way.kind !== 'contact-code') afterwards(listenNegotiated(parcel.way.to))
      }
      for (const id of gaveUp) await advanceOwn(stage, id, 'failed', 'never acknowledged')
      afterwards(() => wakeAt(wakeAtMs))
    })

  const noteSecurity = async (
    stage: Stage,
    id: MessageIdText,
    parcel: Omit<Parcel, 'number'>,
  ): Promise<void> => {
    const message = await getMessage(stage, id)
    if (message && message.security !== parcel.security)
      stage.add({ changes: putMessage({ ...message, security: parcel.security }) })
  }

  const publishContactCode = (): Promise<void> =>
    input(async (stage, afterwards) => post(stage, await line.contactCode(stage), afterwards))

  // --- on the way in -----------------------------------------------------------------------------------------------

  const take = async (stage: Stage, received: Received, source: Source): Promise<void> => {
    const judgement = judge(received, source, { self: publicKey, crypto })
    if (!judgement.ok) return count(judgement.reason)
    const { message, chat } = judgement
    if (await getMessage(stage, message.id)) return
    stage.add(accept(message, { chat: (await getChat(stage, chat.id)) ?? newChat(chat) }))
  }

  const receivePublic =
    (source: Source) =>
    (message: WhisperMessage): Promise<void> =>
      input((stage) => take(stage, message, source))

  const receivePrivate = async (message: WhisperMessage): Promise<void> => {
    const { signer: from, payload, sentUnixSeconds } = message
    if (!from) return count('unsigned-envelope')
    if (equal(from, publicKey)) return // we read our own envelopes on negotiated topics
    await input(async (stage, afterwards) => {
      const arrival = await line.receive(stage, from, payload)
      if (!arrival.ok) return takeUnopened(stage, message, from, arrival.reason)
      for (const body of arrival.bodies)
        await take(
          stage,
          { payload: body, signer: from, sentUnixSeconds, security: arrival.security },
          PRIVATE,
        )
      for (const id of arrival.acked) await advanceOwn(stage, id, 'delivered')
      for (const id of arrival.gaveUp) await advanceOwn(stage, id, 'failed', 'never acknowledged')
      afterwards(() => wakeAt(arrival.wakeAtMs))
      afterwards(listenNegotiated(from))
    })
  }

  /** No ProtocolMessage at all: security mode `whisper`. Otherwise one that is not for us, or that we have no key for. */
  const takeUnopened = async (
    stage: Stage,
    message: WhisperMessage,
    from: PublicKey,
    reason: string,
  ): Promise<void> => {
    if (reason === 'malformed' || reason === 'no-payload') return take(stage, message, PRIVATE)
    if (reason === 'not-addressed') return count('not-addressed')
    count('undecryptable')
    stage.add({ changes: [], events: [{ type: 'undecryptable', from, reason }] })
  }

  /** A bundle of somebody we know: from now on we can begin with forward secrecy. */
  const receiveContactCode =
    (of: PublicKey) =>
    async ({ signer: from, payload }: WhisperMessage): Promise<void> => {
      if (from && equal(from, of))
        await input(async (stage) => void (await line.receive(stage, from, payload)))
    }

  const listenToPublic = async (chat: Extract<Chat, { kind: 'public' }>): Promise<void> => {
    const { topic, symmetricKey } = await router.publicChat(chat.name)
    listeners.listen(
      chat.id,
      { topics: [topic], symKey: symmetricKey },
      receivePublic({ kind: 'public', chat }),
    )
  }

  const listenToPerson = async (person: PublicKey): Promise<void> => {
    const code = await router.contactCode(person)
    const filter = { topics: [code.topic], symKey: code.symmetricKey }
    listeners.listen(`contact code ${toHex(person)}`, filter, receiveContactCode(person))
    const { topic, symmetricKey } = await router.negotiated(person)
    listeners.listen(
      negotiatedName(person),
      { topics: [topic], symKey: symmetricKey, src: person },
      receivePrivate,
    )
  }

  const negotiatedName = (person: PublicKey): string => `negotiated ${toHex(person)}`
  const listenNegotiated = (person: PublicKey) => (): void => {
    if (!listeners.has(negotiatedName(person))) void listenToPerson(person).catch(() => undefined)
  }

  // --- state -------------------------------------------------------------------------------------------------------

  const newChat = (chat: Chat): ChatRecord => ({ chat, joinedAtMs: clock.wallMs(), lastClock: 0n })

  const chatFor = async (stage: Pick<Storage, 'get'>, text: string): Promise<ChatRecord> => {
    expectOpen()
    const chat = parseChat(text)
    const record = await getChat(stage, chat.id)
    if (record) return record
    if (chat.kind === 'public')
      throw new MessengerError('not-joined', `join ${chat.id} before you write or read there`)
    return newChat(chat)
  }

  const expectOpen = (): void => {
    if (closed) throw new MessengerError('closed', 'the messenger was closed')
  }

  const setTimer = (name: string, delayMs: number, task: () => Promise<void>): void => {
    timers.get(name)?.()
    if (closed) return
    const run = (): void => void task().catch(() => undefined)
    timers.set(name, scheduler.schedule(Math.max(0, delayMs), run))
  }

  let wakesAtMs = Number.POSITIVE_INFINITY
  const wakeAt = (atMs: number | undefined): void => {
    if (atMs === undefined || atMs >= wakesAtMs) return
    wakesAtMs = atMs
    setTimer('epoch', atMs - clock.wallMs(), () => {
      wakesAtMs = Number.POSITIVE_INFINITY
      return epoch()
    })
  }

  const publishContactCodeAfter = (delayMs: number): void =>
    setTimer('contact code', delayMs, async () => {
      await publishContactCode()
      publishContactCodeAfter(CONTACT_CODE_EVERY_MS)
    })

  const messenger: Messenger = {
    publicKey,

    async join(text) {
      expectOpen()
      const chat = parseChat(text)
      await input(async (stage) => {
        if (!(await getChat(stage, chat.id))) stage.add({ changes: [putChat(newChat(chat))] })
      })
      await (chat.kind === 'public' ? listenToPublic(chat) : listenToPerson(chat.publicKey))
      return chat
    },

    async leave(text) {
      expectOpen()
      const { id } = parseChat(text)
      listeners.stop(id)
      await input(async (stage) => stage.add({ changes: [deleteChat(id)] }))
    },

    async chats() {
      return (await allChats(storage)).map(({ chat }) => chat)
    },

    async addContact(key, name) {
      expectOpen()
      const chat = oneToOneChat(key)
      const contact: ContactRecord = { publicKey: key, addedAtMs: clock.wallMs(), ...(name ? { name } : {}) }
      await input(async (stage) => {
        const record = (await getChat(stage, chat.id)) ?? newChat(chat)
        stage.add({ changes: [putContact(contact), putChat(record)] })
      })
      await listenToPerson(key)
    },

    contacts: () => allContacts(storage),

    send: (text, content, { responseTo } = {}) =>
      input(async (stage, afterwards) => {
        const chat = await chatFor(stage, text)
        const isPublic = chat.chat.kind === 'public'
        const composed = compose(
          {
            chat,
            text: content,
            security: isPublic ? 'whisper' : security,
            ...(responseTo ? { responseTo } : {}),
          },
          { privateKey, publicKey, nowMs: clock.wallMs(), crypto },
        )
        stage.add(composed)
        const { message, outbox } = composed
        if (chat.chat.kind === 'one-to-one' && security === 'ratchet') {
          const dueMs = await line.append(stage, chat.chat.publicKey, outbox.wrapped, message.id)
          afterwards(() => wakeAt(dueMs))
          return message
        }
        if (waiting >= MAX_OUTBOX)
          throw new MessengerError('outbox-full', `${MAX_OUTBOX} messages are waiting to be sent already`)
        stage.add({ changes: [putOutbox(outbox)] })
        waiting++
        afterwards(() => courier.send(consignmentOf(outbox)))
        return message
      }),

    reply: (event, text) => messenger.send(event.chat, text, { responseTo: event.message.id }),

    async messages(text, { before, limit = 50 } = {}) {
      const { chat } = await chatFor(storage, text)
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
      for (const cancel of timers.values()) cancel()
      listeners.close()
      courier.close()
      await inputs.idle()
      feed.close()
    },
  }

  const start = async (): Promise<void> => {
    const topics = [router.partitioned(publicKey).topic]
    listeners.listen('private', { topics, keyPair: signer }, receivePrivate)
    for (const { chat } of await allChats(storage))
      await (chat.kind === 'public' ? listenToPublic(chat) : listenToPerson(chat.publicKey))
    const unsent = await allOutbox(storage)
    waiting = unsent.length
    for (const record of unsent) courier.send(consignmentOf(record))
    const parcels = await allParcels(storage)
    parcelNumber = nextParcelNumber(parcels)
    for (const parcel of parcels) await takeUpParcel(parcel)
    wakeAt(clock.wallMs())
    publishContactCodeAfter(CONTACT_CODE_AFTER_MS)
  }

  const takeUpParcel = async (parcel: Parcel): Promise<void> => {
    const isFresh = clock.wallMs() - parcel.madeAtMs < PARCEL_LIFETIME_MS
    if (isFresh) courier.send(consignmentOfParcel(parcel))
    else await input(async (stage) => stage.add({ changes: [deleteParcel(parcel)] }))
  }

  await start()
  return messenger
}
