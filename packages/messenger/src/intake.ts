/** What is received, on its way into the store: who it is from, which layer opens it, what it changes. */
import { equal, type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { InstallationNews } from '@status-protocol/double-ratchet'
import { CHAT_MESSAGE_TYPES } from '@status-protocol/payload'
import type { Clock } from '@status-protocol/ports'
import type { WhisperMessage } from '@status-protocol/whisper'
import { type Allowance, createAllowances } from './allowance.ts'
import type { Arrival, GivenUp } from './arrival.ts'
import { type Chat, oneToOneChat } from './chat.ts'
import { believable, clockBounds, highestClock } from './clock-bounds.ts'
import { isAcquainted } from './contacts/admission.ts'
import type { People } from './contacts/people.ts'
import { isBlocked } from './contacts/relation.ts'
import { putImage } from './content.ts'
import type { Devicing } from './device-sync/device-sync.ts'
import { noteNews } from './devices.ts'
import type { Filing } from './filing.ts'
import { tellsGeneration } from './generations.ts'
import {
  type Authored,
  authored,
  judgeAuthored,
  type Received,
  type Rejection,
  type Source,
} from './inbound.ts'
import type { Input } from './input.ts'
import type { Reading } from './listeners.ts'
import type { MessageIdText, Security } from './message.ts'
import { noteDelivered } from './own-message.ts'
import type { Parcel } from './parcel.ts'
import type { PrivateLine } from './private-line.ts'
import { isProbe } from './probing.ts'
import { createPublicLimits } from './public-limits.ts'
import { publicMessageIn } from './public-message.ts'
import { noteRead, privateMessageId, wasRead } from './read-messages.ts'
import type { Stage } from './stage.ts'
import { type Takers, takeStatement } from './statement.ts'
import type { Strangers } from './strangers.ts'
import { type ChatRecord, getChat, putChat } from './tables.ts'
import type { Tracer } from './trace.ts'

export interface Intake {
  /** What a filter of a public chat lets through. */
  receivePublic(source: Source): Reading
  /** What is for our key. */
  readonly receivePrivate: Reading
  /** What is on the topic that only this person and we know. */
  receiveNegotiated(person: PublicKey): Reading
  /** What is on the contact-code topic of a person. */
  receiveContactCode(of: PublicKey): Reading
}

export interface IntakeOptions {
  readonly publicKey: PublicKey
  readonly crypto: CryptoProvider
  readonly clock: Clock
  readonly line: PrivateLine
  readonly trace: Tracer | undefined
  count(reason: Rejection, times?: number): void
  newChat(chat: Chat): ChatRecord
  readonly filing: Filing
  readonly people: Pick<People, 'speaks' | 'notUnderstood'>
  readonly publicPerMinute: number | undefined
  readonly strangers: Strangers
  /** Who takes the private messages that are no chat messages. */
  readonly takers: Takers
  /** Our other devices. */
  readonly own: Pick<Devicing, 'isEcho' | 'isFromOurs' | 'isProven' | 'takeMessage'>
  /** Data sync gave up on something. */
  gaveUp(stage: Stage, given: GivenUp): Promise<void>
  /** This person is heard, maybe after a long time; what they acknowledged is noted. */
  returned(stage: Stage, from: PublicKey, afterwards: (act: () => void) => void): Promise<void>
  /** What was kept of these strangers is gone. */
  forgotten(people: readonly PublicKey[]): void
  /** Stages something to be sent. */
  post(stage: Stage, parcel: Omit<Parcel, 'number'>, afterwards: (act: () => void) => void): void
  /** A private message was read and committed. */
  heard(from: PublicKey): void
  /** Data sync wants its next epoch then. */
  wakeAt(atMs: number | undefined): void
}

/**
 * Envelopes that nobody signed and that no session opens, on the topic of one person: whoever knows the negotiated secret
 * makes them, and each costs us a thousand steps of a chain at worst.
 */
const UNSIGNED_UNREAD: Allowance = { atOnce: 60, everyMs: 1_000 }
const MAX_REMEMBERED = 1_000

const PRIVATE: Source = { kind: 'private' }

interface Sender {
  /** When data sync began to carry it. */
  readonly appendedSeconds?: bigint | undefined
  /** Which of the sender's installations wrote, by its own word. */
  readonly installationId?: string
  /** Nothing was said in a message whose outside we know. */
  readonly isNothing?: boolean
}

export function createIntake(options: IntakeOptions): Intake {
  const { publicKey, crypto, line, trace, count, newChat, strangers, own } = options
  const unread = createAllowances(UNSIGNED_UNREAD, MAX_REMEMBERED, options.clock)
  const limits = createPublicLimits(options.publicPerMinute)

  /** The id of a message that has a place in a chat, the first time or again. */
  const take = async (
    stage: Stage,
    asSent: Received & Sender,
    source: Source,
    afterwards: (act: () => void) => void,
  ): Promise<MessageIdText | undefined> => {
    const nowMs = options.clock.wallMs()
    const received = believable(asSent, nowMs)
    const said = await opened(stage, received, source)
    if (!said.ok) return void count(said.reason)
    if (source.kind === 'private' && !said.deniable && !isPrivateChat(said.message))
      return takeOther(stage, said, received, afterwards)
    const isOwnCopy = source.kind === 'private' && equal(said.author, publicKey)
    if (isOwnCopy && !(await own.isProven(stage, received))) return void count('not-own-device')
    const judgement = judgeAuthored(said, received, source, { self: publicKey, nowMs })
    if (!judgement.ok) return void count(judgement.reason)
    const { message, chat, image } = judgement
    const bounds = { highestClock: highestClock(received, nowMs) }
    if (isOwnCopy) {
      const record = await getChat(stage, chat.id)
      if (image) stage.add({ changes: [putImage(message.id, image)] })
      const { payload: wrapped, appendedSeconds = 0n } = received
      const copy = { message, chat: record ?? newChat(chat), wrapped, appendedSeconds, ...bounds }
      return own.takeMessage(stage, copy, afterwards)
    }
    const filed = await options.filing.file(stage, message, { image, isArchived: received.direct, ...bounds })
    if (typeof filed === 'string') return void count(filed)
    return filed && !message.own ? message.id : undefined
  }

  /** Of whatever generation; of people that is remembered, in private. */
  const opened = async (stage: Stage, received: Received & Sender, source: Source) => {
    const { signer: from } = received
    const id = source.kind === 'public' ? source.chat.id : from && oneToOneChat(from).id
    const isLegacy = (id && (await getChat(stage, id))?.legacy) === true
    const said = authored({ ...received, isLegacy }, { crypto })
    const isOthers = source.kind === 'private' && from && !equal(from, publicKey)
    if (
      said.ok &&
      isOthers &&
      !isProbe(said) &&
      tellsGeneration(said, publicKey) &&
      (await isNewest(stage, from, said))
    )
      await options.people.speaks(stage, from, said)
    if (said.ok) return said
    if (isOthers && said.reason === 'not-understood' && !received.isNothing)
      await options.people.notUnderstood(stage, from)
    // 0.36.0 puts what it says in public into a ProtocolMessage.
    const payload = source.kind === 'public' ? publicMessageIn(received.payload) : undefined
    return payload ? authored({ ...received, payload, isLegacy }, { crypto }) : said
  }

  /** Anybody can post again what somebody wrote long ago, and history comes in any order: by clocks that are signed. */
  const isNewest = async (
    stage: Stage,
    from: PublicKey,
    { message, generation }: Authored,
  ): Promise<boolean> => {
    const last = (await getChat(stage, oneToOneChat(from).id))?.lastClock ?? 0n
    // What is no message of a chat has no clock in Transit.
    const said = 'clock' in message && (message.type === 'chat' || generation === 'v1') ? message.clock : 0n
    return said >= last
  }

  const takeOther = async (
    stage: Stage,
    opened: Authored,
    received: Received & Sender,
    afterwards: (act: () => void) => void,
  ): Promise<undefined> => {
    const { payload, sentUnixSeconds, appendedSeconds, installationId } = received
    const { security = 'whisper', downgraded = false } = received
    if (isProbe(opened)) return
    const { author, message, messageId, generation } = opened
    const said = {
      author,
      message,
      generation,
      messageId: to0xHex(messageId) as MessageIdText,
      wrapped: payload,
      security,
      downgraded,
      installationId,
      sentUnixSeconds,
      appendedSeconds,
      ...clockBounds(received, options.clock.wallMs()),
    }
    const rejection = await takeStatement(options.takers, stage, said, afterwards)
    if (rejection) count(rejection)
  }

  const isPrivateChat = (message: Authored['message']): boolean =>
    message.type === 'chat' && message.messageType !== CHAT_MESSAGE_TYPES.privateGroup

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
    (source: Source): Reading =>
    (message) =>
    async (stage, afterwards) => {
      const unheard = await unheardInPublic(stage, message, source)
      if (unheard) return count(unheard)
      const staged = stage.changes.length
      const taken = await take(stage, message, source, afterwards)
      traceReceived(message, 'whisper', [taken])
      const { signer, sentUnixSeconds } = message
      // History brings what was heard already, too: that must not take the place of what was not.
      if (taken && signer && source.kind === 'public' && stage.changes.length === staged)
        limits.repeated(source.chat.id, signer, sentUnixSeconds)
      if (taken) await learnInPublic(stage, message, afterwards)
    }

  /** 0.36.0 has its bundle around what it says in public: of people we have to do with it is kept. */
  const learnInPublic = async (
    stage: Stage,
    { signer: from, payload }: WhisperMessage,
    afterwards: (act: () => void) => void,
  ): Promise<void> => {
    if (from && publicMessageIn(payload) && (await isAcquainted(stage, from)))
      await takeNews(stage, from, await line.learn(stage, from, payload), afterwards)
  }

  /** Asked before anything is opened. */
  const unheardInPublic = async (
    stage: Stage,
    { signer: author, sentUnixSeconds }: WhisperMessage,
    source: Source,
  ): Promise<Rejection | undefined> => {
    if (!author || source.kind !== 'public' || equal(author, publicKey)) return undefined
    if (await isBlocked(stage, author)) return 'blocked'
    return limits.takes(source.chat.id, author, sentUnixSeconds) ? undefined : 'rate-limited'
  }

  const receivePrivate: Reading = (message) => async (stage, afterwards) => {
    const { signer: from } = message
    if (!from) return count('unsigned-envelope')
    await receiveFrom(from, message, stage, afterwards)
  }

  /** Only the two of us can write there; what is signed by anybody else is none of our business. */
  const receiveNegotiated =
    (person: PublicKey): Reading =>
    (message) =>
    async (stage, afterwards) => {
      if (!message.signer) return receiveUnsigned(person, message, stage, afterwards)
      if (equal(message.signer, person)) return receiveFrom(person, message, stage, afterwards)
    }

  const receiveFrom = async (
    from: PublicKey,
    message: WhisperMessage,
    ...[stage, afterwards]: Parameters<Input<void>>
  ): Promise<void> => {
    const isOwn = equal(from, publicKey)
    if (isOwn && own.isEcho(message.payload)) return // we read our own envelopes on negotiated topics
    if (await isBlocked(stage, from)) return count('blocked')
    const id = privateMessageId(from, message.payload, crypto)
    if (await wasRead(stage, id)) return count('repeated')
    const isStranger = !isOwn && (await strangers.includes(stage, from))
    const arrival = await line.receive(stage, from, message.payload, { isStranger })
    await takeNews(stage, from, arrival, afterwards)
    if (arrival.ok) await takeHeard(stage, { message, from, id }, arrival, afterwards)
    else await takeUnopened(stage, message, from, arrival, afterwards)
    if (!isStranger) return
    const gone = await strangers.note(stage, from)
    afterwards(() => options.forgotten(gone))
  }

  /** Deniable: a session alone says whose it is. What it does not open leaves no trace, and is not answered. */
  const receiveUnsigned = async (
    person: PublicKey,
    message: WhisperMessage,
    ...[stage, afterwards]: Parameters<Input<void>>
  ): Promise<void> => {
    if (await isBlocked(stage, person)) return count('blocked')
    if (await own.isFromOurs(stage, message.payload)) return // theirs must not wait for what a device of ours wrote
    const id = privateMessageId(person, message.payload, crypto)
    if (await wasRead(stage, id)) return count('repeated')
    if (await strangers.includes(stage, person)) return count('unsigned-envelope')
    const allowed = unread.of(to0xHex(person))
    if (!allowed.isLeft()) return count('unsigned-envelope')
    const arrival = await line.receive(stage, person, message.payload, { isUnsigned: true })
    if (arrival.ok) {
      await takeNews(stage, person, arrival, afterwards)
      await takeHeard(stage, { message, from: person, id, isUnsigned: true }, arrival, afterwards)
    } else {
      allowed.take()
      count(arrival.reason === 'not-addressed' ? 'not-addressed' : 'unsigned-envelope')
    }
  }

  const takeNews = async (
    stage: Stage,
    from: PublicKey,
    { news, wakeAtMs }: { readonly news: readonly InstallationNews[]; readonly wakeAtMs: number | undefined },
    afterwards: (act: () => void) => void,
  ): Promise<void> => {
    await noteNews(stage, from, news, publicKey)
    afterwards(() => options.wakeAt(wakeAtMs))
  }

  const takeHeard = async (
    stage: Stage,
    {
      message,
      from,
      id,
      isUnsigned = false,
    }: {
      readonly message: WhisperMessage
      readonly from: PublicKey
      readonly id: Uint8Array
      readonly isUnsigned?: boolean
    },
    arrival: Extract<Arrival, { ok: true }>,
    afterwards: (act: () => void) => void,
  ): Promise<void> => {
    await noteRead(stage, id)
    const { bodies, appendedSeconds, security, downgraded, installationId } = arrival
    const author = isUnsigned ? { sessionOf: from } : { signer: from }
    const sender = {
      ...author,
      sentUnixSeconds: message.sentUnixSeconds,
      direct: message.direct,
      security,
      downgraded,
      installationId,
    }
    const taken: (MessageIdText | undefined)[] = []
    for (const [i, payload] of bodies.entries())
      taken.push(
        await take(stage, { ...sender, payload, appendedSeconds: appendedSeconds[i] }, PRIVATE, afterwards),
      )
    for (const { reason, count: times } of arrival.refused) count(reason, times)
    traceReceived(message, security, taken)
    if (security === 'ratchet') await noteRatchet(stage, from)
    for (const own of arrival.acked) await noteDelivered(stage, own, from, arrival.installationId)
    for (const given of arrival.gaveUp) await options.gaveUp(stage, given)
    await options.returned(stage, from, afterwards)
    afterwards(() => options.heard(from))
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
    { reason, answers, isHealing: healing }: Extract<Arrival, { ok: false }>,
    afterwards: (act: () => void) => void,
  ): Promise<void> => {
    if (reason === 'malformed' || reason === 'no-payload') {
      const downgraded = await line.hasUsedRatchet(stage, from)
      const received = { ...message, isNothing: reason === 'no-payload', downgraded }
      return traceReceived(message, 'whisper', [await take(stage, received, PRIVATE, afterwards)])
    }
    for (const answer of answers) options.post(stage, answer, afterwards)
    if (reason === 'not-addressed') return count('not-addressed')
    if (reason === 'not-paired') return count('not-own-device')
    if (reason === 'key-gone') return count('repeated')
    count('undecryptable')
    await noteRead(stage, privateMessageId(from, message.payload, crypto))
    // Of strangers only the number is told: they could fill the events with it.
    if (await getChat(stage, oneToOneChat(from).id))
      stage.add({ changes: [], events: [{ type: 'undecryptable', from, reason, healing }] })
  }

  /** A bundle of somebody we know: from now on we can begin with forward secrecy. */
  const receiveContactCode =
    (of: PublicKey): Reading =>
    ({ signer: from, payload }) =>
    async (stage, afterwards) => {
      if (!from || !equal(from, of) || (await isBlocked(stage, from))) return
      await takeNews(stage, from, await line.learn(stage, from, payload), afterwards)
    }

  return { receivePublic, receivePrivate, receiveNegotiated, receiveContactCode }
}
