/** The driver: keeps the order of inputs, commits once for each, then lets the outputs go and the events be seen. */
import { equal, type PublicKey, to0xHex, utf8 } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider, systemRandom } from '@status-protocol/crypto'
import { type Change, type Clock, type Random, type Storage, systemClock } from '@status-protocol/ports'
import {
  type Scheduler,
  systemScheduler,
  type WhisperMessage,
  type WhisperService,
} from '@status-protocol/whisper'
import { type Chat, oneToOneChat, parseChat } from './chat.ts'
import {
  type Consignment,
  createCourier,
  type Fate,
  POW_TARGET,
  type Posted,
  TTL_SECONDS,
} from './courier.ts'
import { MessengerError } from './error.ts'
import type { MessageEvent, MessengerEvent } from './events.ts'
import { createFeed } from './feed.ts'
import { createHearing, MAX_STRANGERS } from './hearing.ts'
import { type History, openHistory } from './history.ts'
import { accept, judge, type Received, type Rejection, type Source } from './inbound.ts'
import { loadInstallationId } from './installation-id.ts'
import { createListeners } from './listeners.ts'
import type { DeliveryState, Message, MessageIdText, Security } from './message.ts'
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
import { noteRead, privateMessageId, wasRead } from './read-messages.ts'
import { createRouter } from './routing.ts'
import { createStage, type Stage } from './stage.ts'
import { guarded, isStorageFailure } from './store.ts'
import {
  allChats,
  allOutbox,
  type ChatRecord,
  type ContactRecord,
  getChat,
  getMessage,
  getRoute,
  isInOutbox,
  lastSeq,
  type OutboxRecord,
  putChat,
  putContact,
  putEvents,
  putMessage,
  putOutbox,
  putRoute,
} from './tables.ts'
import { createTimers } from './timers.ts'
import type { MessengerTrace, PostedTrace, Tracer } from './trace.ts'

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
  /** Told what every layer does with each message: sizes, topics, ids and times. Must not throw. Default: nobody is. */
  readonly trace?: (step: MessengerTrace) => void
}

export interface SendOptions {
  readonly responseTo?: MessageIdText
}

/** An account at work. Chats are `#name` or a public key in any of its text forms. */
export interface Messenger extends History {
  readonly publicKey: PublicKey
  /** Listens to a public chat, from now on and after every restart. */
  join(chat: string): Promise<Chat>
  leave(chat: string): Promise<void>
  addContact(publicKey: PublicKey, name?: string): Promise<void>
  /**
   * Says something. When it resolves the message is stored and will be sent, also after a crash; what becomes of it
   * comes as `delivery` events.
   *
   * @throws MessengerError `invalid-chat`, `invalid-text`, `not-joined`, `outbox-full`
   */
  send(chat: string, text: string, options?: SendOptions): Promise<Message>
  /** Answers a message in its chat. */
  reply(event: MessageEvent, text: string): Promise<Message>
  /** What happens from now on, or all that happened after `after`, as far back as events are kept. */
  events(options?: { readonly after?: bigint }): AsyncIterable<MessengerEvent>
  /** How many payloads were kept out of all chats since the start, by reason. */
  rejected(): ReadonlyMap<Rejection, number>
  close(): Promise<void>
}

/** The contact code is published first this long after the start, then this often; as the Go clients do. */
const CONTACT_CODE_AFTER_MS = 120_000
const CONTACT_CODE_EVERY_MS = 6 * 3_600_000
/** Timers are set at most this far ahead: the clock may be moved meanwhile, the machine may sleep. */
const LONGEST_SLEEP_MS = 60_000
/** A store that failed is asked again after this long, and so often in all for what came from the network. */
const STORE_RETRY_MS = 1_000
const STORE_ATTEMPTS = 5
const PRIVATE: Source = { kind: 'private' }

/** Starts an account: listens to its chats, takes up what was not sent when it stopped. */
export async function createMessenger(options: MessengerOptions): Promise<Messenger> {
  const { account, whisper, security = 'ratchet', clock = systemClock } = options
  const { scheduler = systemScheduler, random = systemRandom, crypto = defaultProvider } = options
  const { privateKey, publicKey } = account.chatKey
  const storage = guarded(options.storage)
  const installationId = await loadInstallationId(storage, random)
  const trace: Tracer | undefined =
    options.trace && ((step) => options.trace?.({ ...step, atMs: clock.wallMs() }))
  const line = createPrivateLine({ privateKey, installationId, storage, clock, random, crypto, trace })
  const router = createRouter(privateKey, crypto, (name) => getRoute(storage, name))
  const history = openHistory(storage)
  const feed = createFeed(storage)
  const inputs = createQueue()
  const rejected = new Map<Rejection, number>()
  const count = (reason: Rejection): void => void rejected.set(reason, (rejected.get(reason) ?? 0) + 1)
  const listeners = createListeners(whisper, {
    overflowed: () => count('overflow'),
    failed: () => count('failed'),
  })
  const signer = await whisper.addKeyPair(privateKey)
  const timers = createTimers(scheduler)
  const courier = createCourier(whisper, signer, timers.pause)
  /** Number of the newest event. */
  let seq = await lastSeq(storage)
  /** A commit failed: what is stored now is only known after another look. */
  let isStale = false
  let parcelNumber = 0n
  /** What the courier has of `outbox` and `parcel`. BOUNDED by those tables: by MAX_OUTBOX and by what data sync sends. */
  const carried = { outbox: new Set<MessageIdText>(), parcels: new Set<bigint>() }
  let closed = false

  // --- one input, one commit ---------------------------------------------------------------------------------------

  /**
   * Runs an input on its own stage, commits what it staged, and only then what it asks to be done afterwards. If the
   * commit fails, memory is as if the input had not been; ratchets and data sync are read from the store every time.
   */
  const input = async <T>(run: Input<T>): Promise<T> => {
    expectOpen()
    return inputs.run(async () => {
      if (isStale) await lookAgain()
      const stage = createStage(storage)
      const acts: (() => void)[] = []
      const result = await run(stage, (act) => void acts.push(act))
      const numbered = putEvents(seq, stage.events)
      const changes = [...stage.changes, ...numbered.changes]
      if (changes.length > 0) await commit(changes)
      seq += BigInt(stage.events.length)
      if (stage.events.length > 0) feed.wake()
      for (const act of acts) act()
      return result
    })
  }

  const commit = async (changes: readonly Change[]): Promise<void> => {
    try {
      await storage.commit(changes)
    } catch (error) {
      isStale = true
      lookAgainSoon()
      throw error
    }
  }

  const lookAgainSoon = (): void =>
    timers.set('look again', STORE_RETRY_MS, () => {
      input(async () => undefined).catch(lookAgainSoon)
    })

  /** After a start, or after a commit that failed and may have been applied: memory is made from what is stored. */
  const lookAgain = async (): Promise<void> => {
    seq = await lastSeq(storage)
    const [unsent, parcels] = [await allOutbox(storage), await allParcels(storage)]
    const newest = nextParcelNumber(parcels)
    parcelNumber = newest > parcelNumber ? newest : parcelNumber
    isStale = false
    for (const record of unsent) if (!carried.outbox.has(record.messageId)) carryOutbox(record)
    for (const parcel of parcels) if (!carried.parcels.has(parcel.number)) carryParcel(parcel)
    feed.wake()
    wakeAt(clock.wallMs())
  }

  /** An input that nobody outside waits for: a store that fails for a moment costs time, no message. */
  const insist = async <T>(run: Input<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await input(run)
      } catch (error) {
        if (closed || attempt === STORE_ATTEMPTS || !isStorageFailure(error)) throw error
        await timers.pause(STORE_RETRY_MS)
      }
    }
  }

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
      insist(async (stage, afterwards) => {
        const message = await getMessage(stage, current.messageId)
        if (!message || !(await isInOutbox(stage, current.messageId))) {
          afterwards(() => carried.outbox.delete(current.messageId))
          return undefined
        }
        const { outbox, ...outcome } = advance(message, current, state, reason)
        stage.add(outcome)
        afterwards(() => {
          if (outbox) current = outbox
          else carried.outbox.delete(current.messageId)
        })
        return outbox
      })
    return {
      payload: record.wrapped,
      route: async () =>
        record.chat.kind === 'public'
          ? router.publicChat(record.chat.name)
          : router.partitioned(record.chat.publicKey),
      async sent(posted) {
        const way = record.chat.kind === 'public' ? 'public' : 'partitioned'
        tracePosted(posted, { way, messageIds: [record.messageId], payloadBytes: record.wrapped.length })
        return (await report('sent')) !== undefined
      },
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
      insist(async (stage, afterwards) => {
        if (isDone) stage.add({ changes: [deleteParcel(parcel)] })
        if (isDone) afterwards(() => carried.parcels.delete(parcel.number))
        if (state) for (const id of parcel.messageIds) await advanceOwn(stage, id, state)
      })
    return {
      payload: parcel.payload,
      route: () => routeOf(parcel),
      async sent(posted) {
        const { way, messageIds, payload } = parcel
        tracePosted(posted, { way: way.kind, messageIds, payloadBytes: payload.length })
        await report('sent', false)
        return true
      },
      settled: async (fate) => void (await report(fate === 'confirmed' ? 'relayed' : 'expired', true)),
      failed: () => report(undefined, true),
    }
  }

  const tracePosted = (
    posted: Posted,
    what: Pick<PostedTrace, 'way' | 'messageIds' | 'payloadBytes'>,
  ): void => trace?.({ type: 'posted', ...posted, ...what, powTarget: POW_TARGET, ttlSeconds: TTL_SECONDS })

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
    afterwards(() => carryParcel(parcel))
  }

  const carryParcel = (parcel: Parcel): void => {
    carried.parcels.add(parcel.number)
    courier.send(consignmentOfParcel(parcel))
  }
  const carryOutbox = (record: OutboxRecord): void => {
    carried.outbox.add(record.messageId)
    courier.send(consignmentOf(record))
  }

  /** The tick of data sync: what is due is encrypted and becomes parcels, in one commit. */
  const epoch = (): Promise<void> =>
    input(async (stage, afterwards) => {
      const { parcels, gaveUp, wakeAtMs } = await line.epoch(stage)
      for (const parcel of parcels) {
        post(stage, parcel, afterwards)
        for (const id of parcel.messageIds) await noteSecurity(stage, id, parcel)
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

  const publishContactCode: Input<void> = async (stage, afterwards) =>
    post(stage, await line.contactCode(stage), afterwards)

  // --- on the way in -----------------------------------------------------------------------------------------------

  /** The id of a message that has a place in a chat, the first time or again. */
  const take = async (
    stage: Stage,
    received: Received,
    source: Source,
  ): Promise<MessageIdText | undefined> => {
    const judgement = judge(received, source, { self: publicKey, crypto })
    if (!judgement.ok) return void count(judgement.reason)
    const { message, chat } = judgement
    const record = await getChat(stage, chat.id)
    if (chat.kind === 'public' && (!record || record.left)) return undefined // left while this was under way
    if (!(await getMessage(stage, message.id)))
      stage.add(accept(message, { chat: record ?? { ...newChat(chat), unasked: true } }))
    return message.own ? undefined : message.id
  }

  const traceReceived = (
    { hash, topic, payload }: WhisperMessage,
    security: Security,
    taken: readonly (MessageIdText | undefined)[],
  ): void => {
    const messageIds = taken.filter((id) => id !== undefined)
    if (messageIds.length > 0)
      trace?.({ type: 'received', envelope: hash, topic, messageIds, payloadBytes: payload.length, security })
  }

  const receivePublic =
    (source: Source) =>
    (message: WhisperMessage): Promise<void> =>
      insist(async (stage) => traceReceived(message, 'whisper', [await take(stage, message, source)]))

  const receivePrivate = async (message: WhisperMessage): Promise<void> => {
    const { signer: from, payload, sentUnixSeconds } = message
    if (!from) return count('unsigned-envelope')
    if (equal(from, publicKey)) return // we read our own envelopes on negotiated topics
    await insist(async (stage, afterwards) => {
      const id = privateMessageId(from, payload, crypto)
      if (await wasRead(stage, id)) return count('repeated')
      const arrival = await line.receive(stage, from, payload)
      if (!arrival.ok) return takeUnopened(stage, message, from, arrival.reason)
      await noteRead(stage, id)
      const { bodies, security } = arrival
      const taken: (MessageIdText | undefined)[] = []
      for (const body of bodies)
        taken.push(await take(stage, { payload: body, signer: from, sentUnixSeconds, security }, PRIVATE))
      traceReceived(message, security, taken)
      if (security === 'ratchet') await noteRatchet(stage, from)
      for (const id of arrival.acked) await advanceOwn(stage, id, 'delivered')
      for (const id of arrival.gaveUp) await advanceOwn(stage, id, 'failed', 'never acknowledged')
      afterwards(() => {
        wakeAt(arrival.wakeAtMs)
        hearing.toStranger(from)
      })
    })
  }

  /** Acknowledgements count too: whoever can write them with forward secrecy can write messages with it. */
  const noteRatchet = async (stage: Stage, from: PublicKey): Promise<void> => {
    const chat = await getChat(stage, oneToOneChat(from).id)
    if (chat && !chat.hasRatchet) stage.add({ changes: [putChat({ ...chat, hasRatchet: true })] })
  }

  /** No ProtocolMessage at all: security mode `whisper`. Otherwise one that is not for us, or that we have no key for. */
  const takeUnopened = async (
    stage: Stage,
    message: WhisperMessage,
    from: PublicKey,
    reason: string,
  ): Promise<void> => {
    if (reason === 'malformed' || reason === 'no-payload')
      return traceReceived(message, 'whisper', [await take(stage, message, PRIVATE)])
    if (reason === 'not-addressed') return count('not-addressed')
    if (reason === 'key-gone') return count('repeated')
    count('undecryptable')
    await noteRead(stage, privateMessageId(from, message.payload, crypto))
    // Of strangers only the number is told: they could fill the events with it.
    if (await getChat(stage, oneToOneChat(from).id))
      stage.add({ changes: [], events: [{ type: 'undecryptable', from, reason }] })
  }

  /** A bundle of somebody we know: from now on we can begin with forward secrecy. */
  const receiveContactCode =
    (of: PublicKey) =>
    async ({ signer: from, payload }: WhisperMessage): Promise<void> => {
      if (from && equal(from, of)) await insist((stage) => line.learn(stage, from, payload))
    }

  const hearing = createHearing({
    listeners,
    router,
    async keep(name, route) {
      if (!(await getRoute(storage, name)))
        await input(async (stage) => stage.add({ changes: [putRoute(name, route)] }))
    },
    publicReceiver: (chat) => receivePublic({ kind: 'public', chat }),
    contactCodeReceiver: receiveContactCode,
    privateReceiver: receivePrivate,
  })

  const hear = (chat: Chat): Promise<void> =>
    chat.kind === 'public' ? hearing.toPublic(chat) : hearing.toPerson(chat.publicKey)

  // --- state -------------------------------------------------------------------------------------------------------

  const newChat = (chat: Chat): ChatRecord => ({ chat, joinedAtMs: clock.wallMs(), lastClock: 0n })

  const chatFor = async (stage: Pick<Storage, 'get'>, text: string): Promise<ChatRecord> => {
    expectOpen()
    const chat = chatNamed(text)
    const record = await getChat(stage, chat.id)
    if (record && !(chat.kind === 'public' && record.left)) return record
    if (chat.kind === 'public')
      throw new MessengerError('not-joined', `join ${chat.id} before you write or read there`)
    return newChat(chat)
  }

  /** A chat of ours: anything but a private one with ourselves, which nobody would ever acknowledge. */
  const chatNamed = (text: string): Chat => {
    const chat = parseChat(text)
    if (chat.kind === 'one-to-one' && equal(chat.publicKey, publicKey))
      throw new MessengerError('invalid-chat', 'a private chat is with somebody else, got the own public key')
    return chat
  }

  const expectOpen = (): void => {
    if (closed) throw new MessengerError('closed', 'the messenger was closed')
  }

  let wakesAtMs = Number.POSITIVE_INFINITY
  const wakeAt = (atMs: number | undefined): void => {
    if (closed || atMs === undefined || atMs >= wakesAtMs) return
    wakesAtMs = atMs
    const delayMs = Math.min(Math.max(0, atMs - clock.wallMs()), LONGEST_SLEEP_MS)
    timers.set('epoch', delayMs, () => {
      wakesAtMs = Number.POSITIVE_INFINITY
      epoch().catch(() => wakeAt(clock.wallMs() + STORE_RETRY_MS))
    })
  }

  const publishContactCodeAfter = (delayMs: number): void =>
    timers.set('contact code', delayMs, () => {
      publishContactCodeAfter(CONTACT_CODE_EVERY_MS)
      insist(publishContactCode).catch(() => count('failed'))
    })

  const messenger: Messenger = {
    publicKey,

    async join(text) {
      expectOpen()
      const chat = chatNamed(text)
      await input(async (stage) => {
        const record = await getChat(stage, chat.id)
        if (!record || record.unasked || record.left)
          stage.add({ changes: [putChat(entered(record ?? newChat(chat)))] })
      })
      await hear(chat)
      return chat
    },

    async leave(text) {
      expectOpen()
      const chat = chatNamed(text)
      hearing.stop(chat)
      await input(async (stage) => {
        const record = await getChat(stage, chat.id)
        if (record) stage.add({ changes: [putChat({ ...record, left: true, unasked: true })] })
      })
    },

    chats: history.chats,

    async addContact(key, name) {
      expectOpen()
      const chat = chatNamed(to0xHex(key))
      const contact: ContactRecord = {
        publicKey: key.slice(),
        addedAtMs: clock.wallMs(),
        ...(name ? { name } : {}),
      }
      await input(async (stage) => {
        const record = (await getChat(stage, chat.id)) ?? newChat(chat)
        stage.add({ changes: [putContact(contact), putChat(entered(record))] })
      })
      await hear(chat)
    },

    contacts: history.contacts,

    send: (text, content, { responseTo } = {}) =>
      input(async (stage, afterwards) => {
        const chat = await chatFor(stage, text)
        const isPublic = chat.chat.kind === 'public'
        const composed = compose(
          {
            chat: entered(chat),
            text: content,
            security: isPublic ? 'whisper' : security,
            ...(responseTo ? { responseTo } : {}),
          },
          { privateKey, publicKey, nowMs: clock.wallMs(), crypto },
        )
        stage.add(composed)
        const { message, outbox } = composed
        if (!isPublic) afterwards(() => void hear(chat.chat).catch(() => count('failed')))
        trace?.({
          type: 'composed',
          messageId: message.id,
          chat: message.chat,
          textBytes: utf8(content).length,
          wrapperBytes: outbox.wrapped.length,
        })
        if (chat.chat.kind === 'one-to-one' && security === 'ratchet') {
          const dueMs = await line.append(stage, chat.chat.publicKey, outbox.wrapped, message.id)
          afterwards(() => wakeAt(dueMs))
          return message
        }
        if (carried.outbox.size >= MAX_OUTBOX)
          throw new MessengerError('outbox-full', `${MAX_OUTBOX} messages are waiting to be sent already`)
        stage.add({ changes: [putOutbox(outbox)] })
        afterwards(() => carryOutbox(outbox))
        return message
      }),

    reply: (event, text) => messenger.send(event.chat, text, { responseTo: event.message.id }),

    message: history.message,

    async messages(text, page) {
      await chatFor(storage, text)
      return history.messages(text, page)
    },

    events: ({ after } = {}) => feed.after(after ?? seq),

    rejected: () => rejected,

    async close() {
      closed = true
      timers.close()
      listeners.close()
      courier.close()
      await inputs.idle()
      feed.close()
    },
  }

  const start = async (): Promise<void> => {
    for (const parcel of await allParcels(storage)) await dropIfStale(parcel)
    await inputs.run(lookAgain)
    const chats = await allChats(storage)
    const topics = [router.partitioned(publicKey).topic]
    listeners.listen('private', { topics, keyPair: signer }, receivePrivate)
    for (const { chat, unasked, left } of chats) if (!unasked && !left) await hear(chat)
    for (const { chat } of lastStrangers(chats))
      if (chat.kind === 'one-to-one') hearing.toStranger(chat.publicKey)
    publishContactCodeAfter(CONTACT_CODE_AFTER_MS)
  }

  const dropIfStale = async (parcel: Parcel): Promise<void> => {
    if (clock.wallMs() - parcel.madeAtMs < PARCEL_LIFETIME_MS) return
    await input(async (stage) => stage.add({ changes: [deleteParcel(parcel)] }))
  }

  try {
    await start()
  } catch (error) {
    await messenger.close()
    throw error
  }
  return messenger
}

/** What an input does: reads and stages on `stage`, and says what is to be done once that is committed. */
type Input<T> = (stage: Stage, afterwards: (act: () => void) => void) => Promise<T>

/** The person takes part in it by their own choice. */
function entered({ unasked: _unasked, left: _left, ...record }: ChatRecord): ChatRecord {
  return record
}

function lastStrangers(chats: readonly ChatRecord[]): readonly ChatRecord[] {
  const strangers = chats.filter(({ chat, unasked }) => chat.kind === 'one-to-one' && unasked)
  return strangers.sort((a, b) => (a.lastClock < b.lastClock ? -1 : 1)).slice(-MAX_STRANGERS)
}
