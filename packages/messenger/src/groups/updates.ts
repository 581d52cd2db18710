/** Updates of groups as they come: signed events, and mostly something said. Who passes them on need not be who signed them. */
import { equal, type PublicKey, to0xHex, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  foldGroup,
  GROUP_EVENT_TYPES,
  groupViewHash,
  MAX_GROUP_EVENTS,
  MAX_NEW_EVENTS_PER_UPDATE,
  type MembershipUpdate,
  type OpenedGroupEvent,
} from '@status-protocol/payload'
import type { Clock } from '@status-protocol/ports'
import { type ChatId, isGroupId } from '../chat.ts'
import type { Stage } from '../stage.ts'
import type { Statement, Taker } from '../statement.ts'
import type { Strangers } from '../strangers.ts'
import { type Book, type Loaded, type Merged, wasEverMember } from './book.ts'
import type { Healing, Shown } from './healing.ts'
import type { Invitations } from './invitations.ts'
import { isOfGeneration, openEvents } from './legacy.ts'
import type { Saying } from './saying.ts'

export interface UpdatesOptions {
  readonly publicKey: PublicKey
  readonly clock: Clock
  readonly crypto: CryptoProvider
  readonly book: Book
  readonly strangers: Pick<Strangers, 'includes'>
  readonly invitations: Invitations
  readonly healing: Healing
  readonly saying: Saying
  /** Stages what follows from a change: the chat, what is told of it. */
  changed(
    stage: Stage,
    before: Loaded | undefined,
    after: Loaded,
    afterwards: (act: () => void) => void,
  ): Promise<void>
}

export function createUpdateTaker(options: UpdatesOptions): Taker<MembershipUpdate> {
  const { publicKey, clock, crypto, book, healing, saying } = options

  return async (stage, said, afterwards) => {
    const { author, message: update } = said
    if (!isGroupId(update.chatId)) return 'wrong-chat'
    const id = update.chatId as ChatId
    const before = await book.load(stage, id)
    if (before && !isOfGeneration(before, said.generation)) return 'invalid-group'
    const isStranger = !hasStanding(before, to0xHex(author)) && (await isStrange(stage, author))
    const maxNewEvents = isStranger ? MAX_NEW_EVENTS_PER_UPDATE : MAX_GROUP_EVENTS
    const opened = openEvents(said, before, { crypto, maxNewEvents })
    // Whatever their clocks say: those were signed, and whoever drops them for good never sees this group.
    const fit = opened.events.filter(isFit)
    const isCut = opened.refused.length > 0 || fit.length < opened.events.length
    const merged = mergedOf(id, before, fit)
    if (!merged) return 'invalid-group'
    if (!before && merged.membership === 'left') return 'not-joined'
    if (!equal(author, publicKey) && !isOfTheGroup(merged, to0xHex(author))) return 'not-a-member'

    const after = await keep(stage, { id, before, merged, said })
    if (after !== before) {
      await options.changed(stage, before, after, afterwards)
      await saying.release(stage, after)
    }
    const shown = shownBy(said, after, fit)
    await healing.compare(stage, after, shown, afterwards)
    if (update.asksView) await healing.answer(stage, after, shown, afterwards)
    return update.message && saying.hear(stage, after, { said, id, content: update.message, isCut })
  }

  /** Undefined if nobody has created the group; `before` itself if nothing is new. */
  function mergedOf(
    id: ChatId,
    before: Loaded | undefined,
    events: readonly OpenedGroupEvent[],
  ): Merged | Loaded | undefined {
    const known = new Set(before?.events.map((event) => event.id))
    const isNews = events.some((event) => !known.has(event.id))
    return before && !isNews ? before : book.merge(id, before, events)
  }

  async function keep(
    stage: Stage,
    change: {
      readonly id: ChatId
      readonly before: Loaded | undefined
      readonly merged: Merged | Loaded
      readonly said: Pick<Statement, 'author' | 'generation'>
    },
  ): Promise<Loaded> {
    const { id, before, merged } = change
    const { author, generation } = change.said
    if (!('all' in merged)) return merged
    const record = before?.record ?? {
      id,
      toldBy: author,
      ...(generation === 'v1' ? {} : { generation }),
      ...((await isStrange(stage, author)) ? { isStrange: true as const } : {}),
    }
    const after = book.save(stage, before, merged, { ...record, heardAtMs: clock.wallMs() })
    await options.invitations.makeRoom(stage, after)
    return after
  }

  async function isStrange(stage: Stage, author: PublicKey): Promise<boolean> {
    return !equal(author, publicKey) && options.strangers.includes(stage, author)
  }

  /** What its author sees: by their own word, or by the events they sent, which are all they have. */
  function shownBy(
    { author, message: update, sentUnixSeconds }: Statement<MembershipUpdate>,
    group: Loaded,
    events: readonly OpenedGroupEvent[],
  ): Shown {
    const sent = new Set(events.map(({ id }) => id))
    const missing = group.view.accepted.filter(({ id }) => !sent.has(id))
    const isSame = missing.length === 0 && !group.view.rejected.some(({ id }) => sent.has(id))
    const hash = (): string => {
      if (update.view?.length === 32) return toHex(update.view)
      if (isSame) return group.hash
      return toHex(groupViewHash(foldGroup(update.chatId, events).accepted, { crypto }))
    }
    const isOwnWord = update.view?.length === 32
    return {
      author,
      hash: hash(),
      isOwnWord,
      missing: update.events.length > 0 ? missing : [],
      sentUnixSeconds,
    }
  }
}

/** Of strangers not as many signatures are looked at: they cost us more than them. */
function hasStanding(group: Loaded | undefined, author: string): boolean {
  return group !== undefined && wasEverMember(group, author)
}

/**
 * Bytes of an event beside its list of members, and of each of those. Who only joins or leaves would otherwise make the
 * group as large as they like, and with it everything that is said there.
 */
const MAX_EVENT_BYTES = 1_024
const MAX_MEMBER_BYTES = 140

function isFit({ type, clock, members, signed, generation }: OpenedGroupEvent): boolean {
  if (clock === 0n) return false
  if (generation === 'v0') return true // opening a list has looked at its size
  const hasList = type === GROUP_EVENT_TYPES.membersAdded || type === GROUP_EVENT_TYPES.adminsAdded
  return signed.length <= MAX_EVENT_BYTES + (hasList ? members.length : 1) * MAX_MEMBER_BYTES
}

function isOfTheGroup(merged: Merged | Loaded, author: string): boolean {
  return 'all' in merged
    ? wasEverMember({ state: merged.state, view: merged.all }, author)
    : wasEverMember(merged, author)
}
