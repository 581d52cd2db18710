/** The driver: keeps the order of inputs, commits once for each, then lets the outputs go and the events be seen. */
import { equal, to0xHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider, systemRandom } from '@status-protocol/crypto'
import { type Change, type Storage, systemClock } from '@status-protocol/ports'
import { systemScheduler } from '@status-protocol/whisper'
import type { Messenger, MessengerOptions } from './api.ts'
import { type Chat, parseChat } from './chat.ts'
import { createConsignments } from './consignments.ts'
import { createCourier } from './courier.ts'
import { MessengerError } from './error.ts'
import { createFeed } from './feed.ts'
import { createHearing, MAX_STRANGERS } from './hearing.ts'
import { openHistory } from './history.ts'
import type { Rejection } from './inbound.ts'
import type { Input } from './input.ts'
import { loadInstallationId } from './installation-id.ts'
import { createIntake } from './intake.ts'
import { createListeners } from './listeners.ts'
import type { MessageIdText } from './message.ts'
import { compose, MAX_OUTBOX } from './outbound.ts'
import { advanceOwn } from './own-message.ts'
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
import { guarded, isStorageFailure } from './store.ts'
import {
  allChats,
  allOutbox,
  type ChatRecord,
  type ContactRecord,
  getChat,
  getMessage,
  getRoute,
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
import type { Tracer } from './trace.ts'

/** The contact code is published first this long after the start, then this often; as the Go clients do. */
const CONTACT_CODE_AFTER_MS = 120_000
const CONTACT_CODE_EVERY_MS = 6 * 3_600_000
/** Timers are set at most this far ahead: the clock may be moved meanwhile, the machine may sleep. */
const LONGEST_SLEEP_MS = 60_000
/** A store that failed is asked again after this long, and so often in all for what came from the network. */
const STORE_RETRY_MS = 1_000
const STORE_ATTEMPTS = 5

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

  const consignments = createConsignments({
    publicKey,
    router,
    trace,
    insist,
    left: {
      outbox: (id) => void carried.outbox.delete(id),
      parcel: (number) => void carried.parcels.delete(number),
    },
  })

  // --- on the way out ----------------------------------------------------------------------------------------------

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
    courier.send(consignments.ofParcel(parcel))
  }
  const carryOutbox = (record: OutboxRecord): void => {
    carried.outbox.add(record.messageId)
    courier.send(consignments.ofOutbox(record))
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

  const intake = createIntake({
    publicKey,
    crypto,
    line,
    trace,
    insist,
    count,
    newChat: (chat) => newChat(chat),
    heard(from, wakeAtMs) {
      wakeAt(wakeAtMs)
      hearing.toStranger(from)
    },
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
    privateReceiver: intake.receivePrivate,
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
    listeners.listen('private', { topics, keyPair: signer }, intake.receivePrivate)
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

/** The person takes part in it by their own choice. */
function entered({ unasked: _unasked, left: _left, ...record }: ChatRecord): ChatRecord {
  return record
}

function lastStrangers(chats: readonly ChatRecord[]): readonly ChatRecord[] {
  const strangers = chats.filter(({ chat, unasked }) => chat.kind === 'one-to-one' && unasked)
  return strangers.sort((a, b) => (a.lastClock < b.lastClock ? -1 : 1)).slice(-MAX_STRANGERS)
}
