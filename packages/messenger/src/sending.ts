/** All that leaves: messages into data sync or the outbox, the ticks of data sync, parcels, our bundle. */
import { equal, type PublicKey, to0xHex, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { messageId, type Message as Payload, wrap } from '@status-protocol/payload'
import type { Clock, Storage } from '@status-protocol/ports'
import type { SendOptions } from './api.ts'
import type { GivenUp } from './arrival.ts'
import type { Chat } from './chat.ts'
import type { Committer } from './committer.ts'
import type { Consignments } from './consignments.ts'
import type { Courier } from './courier.ts'
import { expectAnswered } from './deniable.ts'
import { MessengerError } from './error.ts'
import { countsHundredths, generationFor } from './generations.ts'
import type { Input } from './input.ts'
import type { Message, MessageIdText, Security } from './message.ts'
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
import type { PrivateLine } from './private-line.ts'
import type { Stage } from './stage.ts'
import {
  allOutbox,
  type ChatRecord,
  changeMessage,
  getContact,
  getMessage,
  type OnlyAs,
  type OutboxRecord,
  putOutbox,
} from './tables.ts'
import type { Timers } from './timers.ts'
import type { Tracer } from './trace.ts'

/** The contact code is published first this long after the start, then this often; as the Go clients do. */
const CONTACT_CODE_AFTER_MS = 120_000
const CONTACT_CODE_EVERY_MS = 6 * 3_600_000
/** Timers are set at most this far ahead: the clock may be moved meanwhile, the machine may sleep. */
const LONGEST_SLEEP_MS = 60_000
/** A tick that failed is tried again after this long. */
const RETRY_MS = 1_000

export interface Sending {
  /** Writes a message into a chat that we take part in. Runs as part of an input. */
  write(stage: Stage, draft: Draft, afterwards: (act: () => void) => void): Promise<Message>
  /**
   * Says something that is no message of a private chat to some people, through data sync, as it was chosen for each of
   * them (as `dh` where that is `whisper`: it is to be acknowledged). For whom it cannot be written so yet, it waits. Runs as
   * part of an input. The id that all of them know it by.
   *
   * @throws MessengerError `outbox-full`; PayloadError
   */
  tell(stage: Stage, telling: Telling, afterwards: (act: () => void) => void): Promise<MessageIdText>
  /** Forward secrecy or nothing was chosen for this person: until their keys are known, what they are told waits. */
  isStrict(stage: Stage, to: PublicKey): Promise<boolean>
  /** Their keys are known. */
  canRatchet(stage: Stage, to: PublicKey): Promise<boolean>
  /** Says something once to whichever device of a person reads it: without forward secrecy, and not acknowledged. */
  tellAnyDevice(
    stage: Stage,
    to: PublicKey,
    said: Payload | Uint8Array,
    afterwards: (act: () => void) => void,
  ): Promise<void>
  /** Stages something to be sent once, and sends it after the commit. */
  post(stage: Stage, parcel: Omit<Parcel, 'number'>, afterwards: (act: () => void) => void): void
  /** Data sync has something to send then. */
  wakeAt(atMs: number | undefined): void
  /** Takes up what is stored and not carried: after a start, after a commit that failed and may have been applied. */
  takeUp(): Promise<void>
  /** Parcels of an earlier process that are too old to be of use go; data sync sends what was in them again. */
  dropStale(): Promise<void>
  /** Publishes our bundle from time to time. */
  publishContactCode(): void
  setOnline(isOnline: boolean): void
  isOnline(): boolean
  /** Nothing is carried any more of this message or parcel. */
  readonly left: { outbox(id: MessageIdText): void; parcel(number: bigint): void }
}

export interface Draft {
  /** The person takes part in it. */
  readonly chat: ChatRecord
  readonly text: string
  readonly options: SendOptions
}

export interface Telling {
  /** 65 bytes each. */
  readonly to: readonly PublicKey[]
  /** What is said, or the signed wrapper of what was said before. */
  readonly said: Payload | Uint8Array
  /** Whether it is a stored message of ours, whose delivery follows. */
  readonly isMessage?: boolean
}

export interface SendingOptions {
  readonly account: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey }
  /** For whom nothing else was chosen. */
  readonly security: Security
  readonly isOnline: boolean
  readonly storage: Storage
  readonly committer: Pick<Committer, 'input' | 'insist'>
  readonly line: PrivateLine
  readonly courier: Courier
  consignments(): Consignments
  readonly timers: Timers
  readonly clock: Clock
  readonly crypto: CryptoProvider
  readonly trace: Tracer | undefined
  /** Tells our other devices what was said in a private chat. */
  copy(stage: Stage, wrapped: Uint8Array, afterwards: (act: () => void) => void): Promise<void>
  /** Data sync gave up on something. */
  gaveUp(stage: Stage, given: GivenUp): Promise<void>
  /** Something that nobody waits for failed. */
  failed(): void
}

export function createSending(options: SendingOptions): Sending {
  const { account, storage, committer, line, courier, timers, clock, crypto, trace } = options
  /** What the courier has of `outbox` and `parcel`. BOUNDED by those tables: by MAX_OUTBOX and by what data sync sends. */
  const carried = { outbox: new Set<MessageIdText>(), parcels: new Set<bigint>() }
  /** Written, not committed yet. BOUNDED by the inputs of one commit. */
  let writing = 0
  let parcelNumber = 0n
  let isOnline = options.isOnline
  courier.hold(!isOnline)

  // --- messages --------------------------------------------------------------------------------------------------------

  const write: Sending['write'] = async (stage, { chat: before, text, options: asked }, afterwards) => {
    const chat = before.deniable ? await expectAnswered(stage, before) : before
    const way = chat.deniable ? DENIABLY : await wayFor(stage, chat.chat, asked.security)
    const { deniable = false } = chat
    if (deniable && asked.security && asked.security !== 'ratchet')
      throw new MessengerError(
        'invalid-security',
        `this chat is deniable: expected "ratchet" or nothing, got "${asked.security}"`,
      )
    const generation = deniable ? 'v1' : await generationFor(stage, chat.chat, chat)
    const composed = compose(
      {
        chat,
        generation,
        inHundredths: await countsHundredths(stage, chat.chat, generation),
        text,
        security: way.security,
        deniable,
        content: asked.content,
        ...(asked.responseTo ? { responseTo: asked.responseTo } : {}),
      },
      { ...account, nowMs: clock.wallMs(), crypto },
    )
    stage.add(composed)
    const { message, outbox } = composed
    trace?.({
      type: 'composed',
      messageId: message.id,
      chat: message.chat,
      textBytes: utf8(text).length,
      wrapperBytes: outbox.wrapped.length,
    })
    const isSynced = chat.chat.kind === 'one-to-one' && way.isSynced
    if (isSynced) {
      const { publicKey: to } = chat.chat
      const { onlyAs } = way
      const dueMs = await line.append(stage, { to, wrapped: outbox.wrapped, messageId: message.id, onlyAs })
      afterwards(() => wakeAt(dueMs))
    }
    // After the message, as Go does: other devices look for its name in the second of their copy and in the one before.
    // Signed, it would prove what nobody is to prove.
    if (chat.chat.kind === 'one-to-one' && !deniable) await options.copy(stage, outbox.wrapped, afterwards)
    if (isSynced) return message
    const isLegacyPublic = chat.chat.kind === 'public' && generation === 'v0'
    const sealed = isLegacyPublic ? { sealed: await line.publicly(stage, outbox.wrapped) } : {}
    putInOutbox(stage, { ...outbox, ...sealed }, afterwards)
    return message
  }

  const tell: Sending['tell'] = async (stage, { to, said, isMessage = false }, afterwards) => {
    const wrapped = said instanceof Uint8Array ? said : wrap(said, account, { crypto })
    const id = to0xHex(messageId(account.publicKey, wrapped, { crypto })) as MessageIdText
    for (const person of to) {
      const { security, onlyAs } = await privateWay(stage, person, undefined)
      const dueMs = await line.append(stage, {
        to: person,
        wrapped,
        messageId: isMessage ? id : undefined,
        onlyAs: security === 'whisper' ? 'dh' : onlyAs,
        waits: true,
      })
      afterwards(() => wakeAt(dueMs))
    }
    return id
  }

  const tellAnyDevice: Sending['tellAnyDevice'] = async (stage, to, said, afterwards) => {
    const wrapped = said instanceof Uint8Array ? said : wrap(said, account, { crypto })
    for (const parcel of await line.toAnyDevice(stage, to, wrapped)) post(stage, parcel, afterwards)
  }

  const putInOutbox = (stage: Stage, outbox: OutboxRecord, afterwards: (act: () => void) => void): void => {
    if (carried.outbox.size + writing >= MAX_OUTBOX)
      throw new MessengerError('outbox-full', `${MAX_OUTBOX} messages are waiting to be sent already`)
    writing++
    stage.add({ changes: [putOutbox(outbox)] })
    afterwards(() => {
      writing--
      carryOutbox(outbox)
    })
  }

  /** The message's own choice, or else the one for the contact, or else that of the whole account. Nobody else has a say. */
  const wayFor = async (stage: Stage, chat: Chat, asked: Security | undefined): Promise<Way> => {
    if (chat.kind === 'public') {
      if (asked && asked !== 'whisper')
        throw new MessengerError(
          'invalid-security',
          `a public chat is read by everybody who knows its name: expected "whisper" or nothing, got "${asked}"`,
        )
      return { security: 'whisper', isSynced: false, onlyAs: undefined }
    }
    if (chat.kind === 'group') return { security: options.security, isSynced: true, onlyAs: undefined }
    return privateWay(stage, chat.publicKey, asked)
  }

  const privateWay = async (stage: Stage, person: PublicKey, asked: Security | undefined): Promise<Way> => {
    if (equal(person, account.publicKey)) return TO_OURSELVES
    const chosen = asked ?? (await getContact(stage, person))?.security
    const security = chosen ?? options.security
    const onlyAs = chosen === 'ratchet' ? 'ratchet' : security === 'dh' ? 'dh' : undefined
    return { security, isSynced: security !== 'whisper', onlyAs }
  }

  const carryParcel = (parcel: Parcel): void => {
    carried.parcels.add(parcel.number)
    courier.send(options.consignments().ofParcel(parcel))
  }
  const carryOutbox = (record: OutboxRecord): void => {
    carried.outbox.add(record.messageId)
    courier.send(options.consignments().ofOutbox(record))
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

  // --- data sync -------------------------------------------------------------------------------------------------------

  /** The tick: what is due is encrypted and becomes parcels, in one commit. */
  const epoch: Input<void> = async (stage, afterwards) => {
    const { parcels, gaveUp, wakeAtMs } = await line.epoch(stage)
    for (const parcel of parcels) {
      post(stage, parcel, afterwards)
      for (const id of parcel.messageIds) await noteSecurity(stage, id, parcel)
    }
    for (const given of gaveUp) await options.gaveUp(stage, given)
    afterwards(() => wakeAt(wakeAtMs))
  }

  const noteSecurity = async (
    stage: Stage,
    id: MessageIdText,
    { security }: Omit<Parcel, 'number'>,
  ): Promise<void> => {
    const message = await getMessage(stage, id)
    const isStronger = message?.receipts && security === 'ratchet' // of a group's members the weakest counts
    if (message && message.security !== security && !isStronger)
      stage.add({ changes: [changeMessage({ ...message, security })] })
  }

  let wakesAtMs = Number.POSITIVE_INFINITY
  const wakeAt = (atMs: number | undefined): void => {
    if (atMs === undefined || atMs >= wakesAtMs) return
    wakesAtMs = atMs
    const delayMs = Math.min(Math.max(0, atMs - clock.wallMs()), LONGEST_SLEEP_MS)
    timers.set('epoch', delayMs, () => {
      if (!isOnline) return // wakesAtMs stays in the past: the next one sets the timer
      wakesAtMs = Number.POSITIVE_INFINITY
      committer.input(epoch).catch(() => wakeAt(clock.wallMs() + RETRY_MS))
    })
  }

  // --- the network, as far as somebody told -------------------------------------------------------------------------------

  const setOnline = (now: boolean): void => {
    if (now === isOnline) return
    isOnline = now
    courier.hold(!isOnline)
    if (!isOnline) return
    if (isCodeDue) publishContactCodeAfter(CONTACT_CODE_AFTER_MS)
    wakesAtMs = Number.POSITIVE_INFINITY
    wakeAt(clock.wallMs())
    committer.insist(returned).catch(options.failed)
  }

  const returned: Input<void> = async (stage, afterwards) => {
    const atMs = await line.returned(stage)
    afterwards(() => wakeAt(atMs))
  }

  /** It was time to publish our bundle, and nobody was there. */
  let isCodeDue = false
  const publishContactCodeAfter = (delayMs: number): void =>
    timers.set('contact code', delayMs, () => {
      publishContactCodeAfter(CONTACT_CODE_EVERY_MS)
      isCodeDue = !isOnline
      if (isOnline) committer.insist(publish).catch(options.failed)
    })

  const publish: Input<void> = async (stage, afterwards) =>
    post(stage, await line.contactCode(stage), afterwards)

  return {
    write,
    tell,
    isStrict: async (stage, to) => (await privateWay(stage, to, undefined)).onlyAs === 'ratchet',
    canRatchet: line.canRatchet,
    tellAnyDevice,
    post,
    wakeAt,
    async takeUp() {
      writing = 0
      const [unsent, parcels] = [await allOutbox(storage), await allParcels(storage)]
      const newest = nextParcelNumber(parcels)
      parcelNumber = newest > parcelNumber ? newest : parcelNumber
      for (const record of unsent) if (!carried.outbox.has(record.messageId)) carryOutbox(record)
      for (const parcel of parcels) if (!carried.parcels.has(parcel.number)) carryParcel(parcel)
      wakeAt(clock.wallMs())
    },
    async dropStale() {
      for (const parcel of await allParcels(storage))
        if (clock.wallMs() - parcel.madeAtMs >= PARCEL_LIFETIME_MS)
          await committer.input(async (stage) => {
            stage.add({ changes: [deleteParcel(parcel)] })
            for (const id of parcel.messageIds) await advanceOwn(stage, id, 'expired')
          })
    },
    publishContactCode: () => publishContactCodeAfter(CONTACT_CODE_AFTER_MS),
    setOnline,
    isOnline: () => isOnline,
    left: {
      outbox: (id) => void carried.outbox.delete(id),
      parcel: (number) => void carried.parcels.delete(number),
    },
  }
}

/** Our other devices: what is not for a device that we have enabled waits. */
const TO_OURSELVES: Way = { security: 'ratchet', isSynced: true, onlyAs: 'ratchet' }
const DENIABLY: Way = { security: 'ratchet', isSynced: true, onlyAs: 'deniable' }

interface Way {
  readonly security: Security
  /** Through data sync and ProtocolMessages. */
  readonly isSynced: boolean
  readonly onlyAs: OnlyAs
}
