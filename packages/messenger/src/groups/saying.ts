/** What is said in groups: who may, what is kept until it is known whether they may, and how our own messages leave. */
import { equal, fromHex, type PublicKey, to0xHex, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  CHAT_MESSAGE_TYPES,
  type ChatMessage,
  chatMessage,
  groupChange,
  observeClock,
  toMessageId,
  validateMessage,
} from '@status-protocol/payload'
import type { Clock } from '@status-protocol/ports'
import type { SendOptions } from '../api.ts'
import { type ChatId, groupChat } from '../chat.ts'
import { type ClockBounds, clockBounds, timely } from '../clock-bounds.ts'
import { isBlocked } from '../contacts/relation.ts'
import { contentToSay, putImage, contentOf as readContent, textBeside } from '../content.ts'
import { MessengerError } from '../error.ts'
import type { Noted } from '../filing.ts'
import { type Generation, openPayload } from '../generations.ts'
import { noteUnread, noteWritten } from '../history/chat-state.ts'
import { boundedClock, messageFrom, type Rejection } from '../inbound.ts'
import type { Message, Security } from '../message.ts'
import { checkedText, deliveryEvent, elsewhereEvent } from '../outbound.ts'
import type { Sending } from '../sending.ts'
import type { Stage } from '../stage.ts'
import type { Statement } from '../statement.ts'
import { type ChatRecord, getChat, getMessage, putChat, putMessage } from '../tables.ts'
import type { Tracer } from '../trace.ts'
import type { Loaded } from './book.ts'
import { lastTimeOf } from './dates.ts'
import { isOfGeneration, nextTextClock, timeOf } from './legacy.ts'
import { noteGivenUp, noteWaiting } from './receipts.ts'
import {
  allHeld,
  deleteHeld,
  type Held,
  type HeldRecord,
  heldWrapper,
  putGroup,
  putHeld,
  putReceipt,
} from './tables.ts'
import { type Audience, audienceOf, type Tell, type Told } from './telling.ts'

/** BOUNDED: messages that are kept until an update comes, of all groups; the oldest goes, those of strangers first. */
export const MAX_HELD = 200
/** BOUNDED: of one author. */
export const MAX_HELD_OF_ONE = 20
/** BOUNDED: of each, as it came. */
const MAX_HELD_BYTES = 64 * 1024
const HELD_FOR_MS = 7 * 24 * 3_600_000

type Act = (act: () => void) => void
type Said = Pick<
  Statement,
  | 'author'
  | 'messageId'
  | 'wrapped'
  | 'security'
  | 'sentUnixSeconds'
  | 'judgedAtMs'
  | 'highestClock'
  | 'generation'
> & { readonly downgraded?: boolean }

export interface Saying {
  /** Something said in a group that may be known or not. `isCut`: not all events that came with it were looked at. */
  hear(
    stage: Stage,
    group: Loaded | undefined,
    heard: {
      readonly said: Said
      readonly id: ChatId
      readonly content: ChatMessage
      readonly isCut: boolean
    },
  ): Promise<Rejection | undefined>
  /** After a change of the group: what was kept for it may be shown now. */
  release(stage: Stage, group: Loaded): Promise<void>
  /** @throws MessengerError `invalid-text`, `invalid-security`, `too-large` */
  write(stage: Stage, group: Loaded, draft: Draft, afterwards: Act): Promise<Message>
}

export interface Draft {
  readonly chat: ChatRecord
  readonly text: string
  readonly options: SendOptions
}

/** Something that was kept. */
interface Read {
  readonly content: ChatMessage
  readonly generation: Generation
}

export interface SayingOptions {
  readonly publicKey: PublicKey
  readonly clock: Clock
  readonly crypto: CryptoProvider
  readonly trace: Tracer | undefined
  readonly tell: Tell
  /** Whether all of them have said that they see what we see. */
  isSharedBy(stage: Stage, group: Loaded, people: readonly PublicKey[]): Promise<boolean>
  readonly sending: Pick<Sending, 'isStrict' | 'canRatchet'>
  /** As the account sends where nothing else is chosen. */
  readonly security: Security
  newChat(id: ChatId): ChatRecord
  /** What is noted beside what others say. */
  noted(stage: Stage, message: Message): Promise<Noted>
}

export function createSaying(options: SayingOptions): Saying {
  const { publicKey, clock, crypto, trace, tell, sending } = options
  const self = to0xHex(publicKey)

  const hear: Saying['hear'] = async (stage, group, { said, id, content, isCut }) => {
    const verdict = validateMessage(timely(content, said.judgedAtMs).message, said.judgedAtMs)
    if (!verdict.ok) return verdict.reason
    if (content.messageType !== CHAT_MESSAGE_TYPES.privateGroup || content.chatId !== id) return 'wrong-chat'
    if (!group) return hold(stage, id, said)
    if (!isOfGeneration(group, said.generation)) return 'wrong-chat'
    const place = placeOf(group, to0xHex(said.author), content)
    if (place === 'shown') return show(stage, group, said, content)
    if (place === 'kept') return hold(stage, id, said, { isExpected: true })
    return place === 'not-a-member' && isCut ? hold(stage, id, said) : place
  }

  /** What was written before its author joined is not theirs to say, even if they have joined since. */
  const placeOf = (
    group: Loaded,
    author: string,
    { clock }: ChatMessage,
  ): 'shown' | 'kept' | 'not-a-member' | 'not-joined' => {
    if (group.membership === 'left') return 'not-joined'
    if (!group.state.joined.includes(author))
      return group.state.members.includes(author) ? 'kept' : 'not-a-member'
    if (group.membership === 'invited') return 'kept'
    return clock >= joinedAt(group, author, options.clock.wallMs()) ? 'shown' : 'not-a-member'
  }

  const show = async (
    stage: Stage,
    group: Loaded,
    said: Omit<Said, 'wrapped'>,
    asSaid: ChatMessage,
  ): Promise<Rejection | undefined> => {
    if (await getMessage(stage, said.messageId)) return undefined
    const { message: content, claimedClock } = timely(asSaid, said.judgedAtMs)
    const read = readContent(content)
    if (!read.ok) return read.reason
    const chat = groupChat(group.record.id)
    const { author, security, downgraded, highestClock } = said
    const messageId = toMessageId(fromHex(said.messageId))
    const judged = messageFrom({ messageId }, content, {
      author,
      chat,
      self: publicKey,
      security,
      claimedClock,
    })
    const isDowngraded =
      downgraded ||
      (security !== 'ratchet' && (await getChat(stage, to0xHex(author) as ChatId))?.hasRatchet === true)
    const { message, muted } = await options.noted(stage, {
      ...judged,
      ...(judged.own
        ? stateOfCopy(
            await audienceOf(
              stage,
              group.state.joined.filter((key) => key !== self),
            ),
          )
        : {}),
      ...(read.content && { content: read.content }),
      ...(isDowngraded ? { downgraded: true } : {}),
    })
    const known = (await getChat(stage, chat.id)) ?? options.newChat(chat.id)
    const { record, changes: unread } = noteUnread(known, message, muted)
    const late = message.clock < record.lastClock
    stage.add({
      changes: [
        ...putMessage(message),
        ...(read.image ? [putImage(message.id, read.image)] : []),
        ...unread,
        putChat({
          ...record,
          lastClock: late ? record.lastClock : boundedClock(message.clock, record.lastClock, highestClock),
        }),
      ],
      events: message.own
        ? [elsewhereEvent(message, chat, late)]
        : [{ type: 'message', chat: chat.id, message, security, late, ...(muted && { muted }) }],
    })
    return undefined
  }

  /** Strangers do not crowd out members. */
  const hold = async (
    stage: Stage,
    chat: ChatId,
    said: Said,
    known: Pick<HeldRecord, 'isExpected'> = {},
  ): Promise<Rejection | undefined> => {
    const { author, messageId, wrapped, security, downgraded = false, sentUnixSeconds } = said
    if (wrapped.length > MAX_HELD_BYTES) return 'not-a-member'
    const nowMs = clock.wallMs()
    const held: Held = {
      chat,
      author,
      messageId,
      record: { security, downgraded, sentUnixSeconds, heardAtMs: nowMs, ...known },
    }
    const all = [...(await allHeld(stage)).filter((other) => other.messageId !== messageId), held]
    const rank = ({ record }: Held): number => (record.isExpected ? nowMs : 0) + record.heardAtMs
    const byAge = all.sort((a, b) => rank(b) - rank(a))
    const stale = byAge.filter(({ record }) => nowMs - record.heardAtMs > HELD_FOR_MS)
    const tooManyOfOne = byAge.filter((other) => equal(other.author, author)).slice(MAX_HELD_OF_ONE)
    const gone = new Set([...stale, ...tooManyOfOne, ...byAge.slice(MAX_HELD)])
    stage.add({ changes: [...putHeld(held, wrapped), ...[...gone].flatMap(deleteHeld)] })
    return undefined
  }

  return {
    hear,

    async release(stage, group) {
      const kept = await allHeld(stage, group.record.id)
      const blocked = new Set<string>()
      for (const { author } of kept) if (await isBlocked(stage, author)) blocked.add(to0xHex(author))
      const found: (Read & { readonly held: Held })[] = []
      for (const held of kept) {
        const read = readHeld(held, await heldWrapper(stage, held))
        if (read) found.push({ held, ...read })
      }
      const byClock = found.sort((a, b) => (a.content.clock < b.content.clock ? -1 : 1))
      for (const { held, content, generation } of byClock) {
        const isOurs = isOfGeneration(group, generation)
        const place = isOurs ? placeOf(group, to0xHex(held.author), content) : 'wrong-chat'
        if (place === 'kept') continue
        stage.add({ changes: deleteHeld(held) })
        const { author, messageId, record } = held
        if (place === 'shown' && !blocked.has(to0xHex(held.author)))
          await show(
            stage,
            group,
            { ...record, ...boundsOfHeld(record), author, messageId, generation },
            content,
          )
      }
    },

    async write(stage, group, { chat, text, options: asked }, afterwards) {
      if (asked.security)
        throw new MessengerError(
          'invalid-security',
          `a group message goes to each member as it was chosen for them: expected nothing, got "${asked.security}"`,
        )
      const { id } = group.record
      const nowMs = clock.wallMs()
      const last = observeClock(chat.lastClock, lastTimeOf(group, nowMs))
      const place = nextTextClock(group, last, nowMs)
      const signedAt = clockToSign(group, place, joinedAt(group, self, nowMs))
      const after = signedAt === place ? group : { ...group, record: { ...group.record, saidAt: signedAt } }
      if (after !== group) stage.add({ changes: [putGroup(after.record)] })
      const said = asked.content && contentToSay(asked.content)
      const content = chatMessage({
        chatId: id,
        messageType: CHAT_MESSAGE_TYPES.privateGroup,
        text: checkedText(textBeside(text, asked.content)),
        ...said?.fields,
        clock: signedAt,
        timestamp: nowMs,
        ...(asked.responseTo ? { responseTo: asked.responseTo } : {}),
      })
      const to = group.state.joined.filter((key) => key !== self)
      const audience = await audienceOf(stage, to)
      const { people } = audience
      const { id: messageId, bytes, missed } = await send(stage, after, { to, audience, content }, afterwards)
      // As others show it: it does not stand ahead of the time.
      const claimedClock = timely(content, nowMs).claimedClock
      const ownWord = claimedClock === undefined ? content : { ...content, clock: place }
      const message: Message = {
        ...messageFrom({ messageId: toMessageId(fromHex(messageId)) }, ownWord, {
          author: publicKey,
          chat: chat.chat,
          self: publicKey,
          security: options.security,
          claimedClock,
        }),
        ...(said ? { content: said.content } : {}),
        ...firstState(audience),
        receipts: { of: people.length, have: 0, failed: 0 },
      }
      stage.add({
        changes: [
          putChat({ ...noteWritten(chat), lastClock: message.clock }),
          ...putMessage(message),
          ...(said?.image ? [putImage(messageId, said.image)] : []),
          ...people.map((person) => putReceipt(messageId, person, { installations: [] })),
        ],
        events: [deliveryEvent(message, message.delivery ?? 'queued', chat.chat, message.deliveryReason)],
      })
      for (const person of people)
        if ((await sending.isStrict(stage, person)) && !(await sending.canRatchet(stage, person)))
          noteWaiting(stage, message, person)
      for (const person of missed) {
        const stored = await getMessage(stage, messageId)
        if (stored) await noteGivenUp(stage, stored, person, 'too many messages wait for them already')
      }
      trace?.({
        type: 'composed',
        messageId,
        chat: id,
        textBytes: utf8(text).length,
        wrapperBytes: bytes,
      })
      return (await getMessage(stage, messageId)) ?? message
    },
  }

  /**
   * With all events of the group, as the Go clients do, unless everybody has said that they see what we see: then alone.
   * Whoever never said so is asked, once for every view.
   */
  async function send(
    stage: Stage,
    group: Loaded,
    message: {
      readonly to: readonly string[]
      readonly audience: Audience
      readonly content: ChatMessage
    },
    afterwards: Act,
  ): Promise<Told> {
    const { to, audience, content } = message
    const isPlain = await options.isSharedBy(stage, group, audience.people)
    const asksView = !isPlain && group.record.asked !== group.hash
    if (asksView) stage.add({ changes: [putGroup({ ...group.record, asked: group.hash })] })
    return tell(stage, group, { to, audience, message: content, isPlain, asksView }, afterwards)
  }

  function readHeld({ record }: Held, wrapped: Uint8Array | undefined): Read | undefined {
    const { sentUnixSeconds } = record
    const opened = wrapped && openPayload(wrapped, { crypto, sentUnixSeconds })
    if (!opened) return undefined
    const { message, generation } = opened
    const content = message.type === 'membership-update' ? message.message : message
    return content?.type === 'chat' ? { content, generation } : undefined
  }
}

/** A message that nobody else will get is not on its way to anybody. */
function firstState({ people, blocked }: Audience): Pick<Message, 'delivery' | 'deliveryReason'> {
  if (people.length > 0) return { delivery: 'queued' }
  const deliveryReason = blocked.length > 0 ? 'blocked' : 'nobody else has joined'
  return { delivery: 'unaddressed', deliveryReason }
}

/** Of what was written on another device of ours, as far as we see whom it went to. */
function stateOfCopy(audience: Audience): Pick<Message, 'delivery' | 'deliveryReason'> {
  return audience.people.length > 0 ? { delivery: 'sent' } : firstState(audience)
}

/**
 * Nothing counts that its author says before they joined. Who joined a group that is from ahead of our time says all that
 * they say from then on, until it has come.
 */
function clockToSign({ record: { saidAt = 0n } }: Loaded, place: bigint, joined: bigint): bigint {
  return place >= joined ? place : (saidAt > joined ? saidAt : joined) + 1n
}

/** The clock of the event by which somebody joined the last time. */
function joinedAt({ view, record }: Loaded, author: string, nowMs: number): bigint {
  const joining = view.accepted.findLast((event) => {
    const { kind, from } = groupChange(event)
    return (
      from === author && (kind === 'member-joined' || (kind === 'chat-created' && record.id.endsWith(from)))
    )
  })
  return joining ? timeOf(joining, nowMs) : 0n
}

/** Who handed it over is not known any more. */
function boundsOfHeld(record: HeldRecord): ClockBounds {
  return clockBounds({ ...record, direct: true }, record.heardAtMs)
}
