/** Updates of a group on their way out: all its events, and mostly something said, signed and put into data sync. */
import { fromHex, type PublicKey, to0xHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  type ChatMessage,
  type MembershipUpdate,
  type OpenedGroupEvent,
  wrap,
} from '@status-protocol/payload'
import type { Clock } from '@status-protocol/ports'
import { isBlocked } from '../contacts/relation.ts'
import { MessengerError } from '../error.ts'
import type { MessageIdText } from '../message.ts'
import type { Sending } from '../sending.ts'
import { createStage, type Stage } from '../stage.ts'
import { keysOf, type Loaded } from './book.ts'
import { isAhead } from './dates.ts'
import { MAX_GROUP_MEMBERS, MAX_GROUP_UPDATE_BYTES } from './group.ts'
import { wrapLegacy } from './legacy.ts'
import { deletePerson, getPeer, putPerson } from './tables.ts'

export interface Telling {
  /** Keys as events have them; ourselves left out. */
  readonly to: readonly string[]
  /** The same people, where it was looked up already who of them is blocked. */
  readonly audience?: Audience
  /** Default: all that count, but see {@link readable}. */
  readonly events?: readonly OpenedGroupEvent[]
  readonly message?: ChatMessage
  /** They are to tell what they see. */
  readonly asksView?: boolean
  /** The message alone, with our view: all see what we see. */
  readonly isPlain?: boolean
  /** Our own other devices have no part in it. */
  readonly isBetweenUs?: boolean
  /** With our view, though not with all events. */
  readonly showsView?: boolean
}

/** Whom something is for. */
export interface Audience {
  readonly people: readonly PublicKey[]
  readonly blocked: readonly PublicKey[]
}

export async function audienceOf(stage: Stage, to: readonly string[]): Promise<Audience> {
  const [people, blocked]: [PublicKey[], PublicKey[]] = [[], []]
  for (const person of keysOf(to)) ((await isBlocked(stage, person)) ? blocked : people).push(person)
  return { people, blocked }
}

export interface Told {
  /** By which all who are told know it. */
  readonly id: MessageIdText
  /** Of the wrapper. */
  readonly bytes: number
  /** Those who have too much waiting already. */
  readonly missed: readonly PublicKey[]
}

export type Tell = (
  stage: Stage,
  group: Loaded,
  telling: Telling,
  afterwards: (act: () => void) => void,
) => Promise<Told>

export interface TellOptions {
  readonly account: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey }
  readonly sending: Pick<Sending, 'tell'>
  readonly crypto: CryptoProvider
  readonly clock: Pick<Clock, 'wallMs'>
  /** Tells our other devices. */
  copy(stage: Stage, wrapped: Uint8Array, afterwards: (act: () => void) => void): Promise<void>
}

/**
 * One signed wrapper for everybody, so that all know it by one id. Whoever is blocked gets nothing: what they answer would not be
 * read. They are told what the group came to when they are heard again.
 *
 * @throws MessengerError `too-large`
 */
export function createTell({ account, sending, clock, crypto, copy }: TellOptions): Tell {
  const self = to0xHex(account.publicKey)

  /**
   * All events that count. Go clients refuse a whole update, with what is said in it, when one event in it is more than two
   * minutes ahead: unless all are known to be of this implementation (they have told their view), those events are left out,
   * which the view that goes along shows to those who can ask for them. What we did goes along, and all that it stands on: if
   * that is ahead, then the whole group is, or our clock is slow.
   */
  const readable = async (
    stage: Stage,
    { record, view: { accepted } }: Loaded,
    to: readonly string[],
  ): Promise<readonly OpenedGroupEvent[]> => {
    const nowMs = clock.wallMs()
    const own = accepted.findLastIndex(({ from }) => from === self)
    const count = accepted.findIndex((event, index) => index > own && isAhead(event, nowMs))
    if (record.generation || count <= 0) return accepted
    for (const person of keysOf(to.filter((key) => key !== self)))
      if ((await getPeer(stage, record.id, person))?.view === undefined) return accepted.slice(0, count)
    return accepted
  }

  return async (
    stage,
    group,
    { to, audience, events: asked, message, asksView, isPlain, isBetweenUs, showsView = false },
    afterwards,
  ) => {
    const { id: chatId, generation } = group.record
    const events = asked ?? (await readable(stage, group, to))
    if (to.length > MAX_GROUP_MEMBERS)
      throw new MessengerError(
        'too-large',
        `a group has at most ${MAX_GROUP_MEMBERS} members here, this one has ${to.length}`,
      )
    // In 2019 what is said goes alone.
    const isWhole = (!asked || asked === group.view.accepted) && !(generation && message)
    const view = fromHex(group.hash, 32)
    const update: MembershipUpdate = {
      type: 'membership-update',
      chatId,
      events: events.map(({ signed }) => signed),
      ...(message && { message }),
      ...(isWhole || events.length === 0 || showsView ? { view } : {}),
      ...(asksView && { asksView: true }),
    }
    const wrapped = generation
      ? wrapLegacy(
          group,
          { generation, events, message },
          { identity: account, crypto, nowMs: clock.wallMs() },
        )
      : wrap(isPlain && message ? { ...message, view } : update, account, { crypto })
    if (wrapped.length > MAX_GROUP_UPDATE_BYTES)
      throw new MessengerError(
        'too-large',
        `an update of a group, its events and what is said in it, has at most ${MAX_GROUP_UPDATE_BYTES} bytes, this one would have ${wrapped.length}`,
      )
    const { people, blocked } =
      audience ??
      (await audienceOf(
        stage,
        to.filter((key) => key !== self),
      ))
    stage.add({ changes: blocked.map((person) => putPerson('group-missed', person, chatId)) })
    if (!isBetweenUs) await copy(stage, wrapped, afterwards)
    return tellAll(stage, { to: people, wrapped, isMessage: message !== undefined })

    /** All at once; where somebody's queue is full, one by one. */
    async function tellAll(
      stage: Stage,
      telling: { to: readonly PublicKey[]; wrapped: Uint8Array; isMessage: boolean },
    ): Promise<Told> {
      const { to, wrapped: said, isMessage } = telling
      const id = await attempt(stage, to)
      if (id) return { id, bytes: said.length, missed: [] }
      const missed: PublicKey[] = []
      for (const person of to) if (!(await attempt(stage, [person]))) missed.push(person)
      stage.add({ changes: missed.map((person) => putPerson('group-missed', person, chatId)) })
      return { id: (await attempt(stage, [])) as MessageIdText, bytes: said.length, missed }

      async function attempt(stage: Stage, to: readonly PublicKey[]): Promise<MessageIdText | undefined> {
        const trial = createStage(stage)
        try {
          const id = await sending.tell(trial, { to, said, isMessage }, afterwards)
          if (isWhole)
            trial.add({ changes: to.map((person) => deletePerson('group-missed', person, chatId)) })
          stage.absorb(trial)
          return id
        } catch (error) {
          if (error instanceof MessengerError && error.code === 'outbox-full') return undefined
          throw error
        }
      }
    }
  }
}

/** Whether it was not told because there is too much of it: others may make a group so large that nobody can tell it. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof MessengerError && error.code === 'too-large'
}
