/**
 * Members who see another group than we do. Everybody sends all events with everything they say, and clients of this
 * implementation a hash of what those come to: whoever lacks something shows it with the next thing they say, and is told.
 */
import { type PublicKey, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { groupChange, type OpenedGroupEvent } from '@status-protocol/payload'
import type { Clock } from '@status-protocol/ports'
import { type Allowance, createAllowances } from '../allowance.ts'
import type { Stage } from '../stage.ts'
import { type Loaded, wasEverMember } from './book.ts'
import { isAhead } from './dates.ts'
import { timeOf } from './legacy.ts'
import { deletePeer, deletePerson, getPeer, groupsOf, type PeerRecord, putPeer, putPerson } from './tables.ts'
import { isTooLarge, type Tell } from './telling.ts'

/** What somebody does not know that is younger than this may be under way to them; not what is from far ahead. */
const UNDER_WAY_MS = 30_000n
/** Of those who are not concerned themselves so many tell; twice as many each time that it did not help. */
const TELLERS = 3
/** How often one person is told what they miss, or what we see because they ask: each time that may be a whole group. */
const TOLD: Allowance = { atOnce: 10, everyMs: 30_000 }
const MAX_REMEMBERED = 1_000
/** BOUNDED: groups that somebody is told of at once, when they are heard again. */
const MAX_AT_ONCE = 20

/** What an update has shown of its author. */
export interface Shown {
  readonly author: PublicKey
  /** In hex: what they see, by their own word or by the events they sent. */
  readonly hash: string
  /** It is their own word. */
  readonly isOwnWord: boolean
  /** Events that count for us, and that they did not send. */
  readonly missing: readonly OpenedGroupEvent[]
  readonly sentUnixSeconds: number
}

export interface Healing {
  /** Compares, and tells the author what they miss; nothing to those who never were in the group. */
  compare(stage: Stage, group: Loaded, shown: Shown, afterwards: (act: () => void) => void): Promise<void>
  /** They asked: what we see, with all events if that is not what they see. */
  answer(stage: Stage, group: Loaded, shown: Shown, afterwards: (act: () => void) => void): Promise<void>
  /** Whether all of them have said that they see what we see. */
  isSharedBy(stage: Stage, group: Loaded, people: readonly PublicKey[]): Promise<boolean>
  /** Data sync gave up on something for this person. */
  missed(stage: Stage, person: PublicKey): Promise<void>
  /** This person is heard again. */
  returned(stage: Stage, person: PublicKey, afterwards: (act: () => void) => void): Promise<void>
}

export interface HealingOptions {
  readonly publicKey: PublicKey
  readonly crypto: CryptoProvider
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly tell: Tell
  load(stage: Stage, id: Loaded['record']['id']): Promise<Loaded | undefined>
}

export function createHealing({ publicKey, crypto, clock, load, ...options }: HealingOptions): Healing {
  const self = to0xHex(publicKey)
  const allowances = createAllowances(TOLD, MAX_REMEMBERED, clock)
  /** What nobody here asked for: a group that is too large to be told stops nothing else. */
  const tell = async (...telling: Parameters<Tell>): Promise<void> => {
    await options.tell(...telling).catch((error: unknown) => {
      if (!isTooLarge(error)) throw error
    })
  }

  const compare: Healing['compare'] = async (stage, group, shown, afterwards) => {
    const { id } = group.record
    const { author, hash, isOwnWord } = shown
    const from = to0xHex(author)
    if (!wasEverMember(group, from)) return
    const peer = await getPeer(stage, id, author)
    const note = (type: 'diverged' | 'healed') =>
      stage.add({ changes: [], events: [{ type: 'group', chat: id, change: { type, with: author } }] })
    const view = isOwnWord ? { view: hash } : {}
    if (hash === group.hash) {
      if (isOwnWord && (peer?.view !== hash || peer.noticed > 0 || peer.isDiverged))
        stage.add({ changes: [putPeer(id, author, { noticed: 0, ...view })] })
      else if (!isOwnWord && peer) stage.add({ changes: [deletePeer(id, author)] })
      if (peer?.isDiverged) note('healed')
      return
    }
    if (isUnderWay(shown)) return
    if (!peer?.isDiverged) note('diverged')
    const pair = `${group.hash} ${hash}`
    const { noticed = 0, told } = peer ?? {}
    const isTeller = told !== pair && concernsUs(group, shown, noticed) && allowances.of(from).take()
    const next: PeerRecord = isTeller
      ? { noticed: 0, told: pair, isDiverged: true, ...view }
      : { noticed: noticed + 1, ...(told ? { told } : {}), isDiverged: true, ...view }
    stage.add({ changes: [putPeer(id, author, next)] })
    if (isTeller) await tellOf(stage, group, from, { asksView: true }, afterwards)
  }

  const isUnderWay = ({ missing, sentUnixSeconds }: Shown): boolean => {
    const sentMs = sentUnixSeconds * 1000
    const isYoung = (event: OpenedGroupEvent): boolean =>
      timeOf(event, sentMs) > BigInt(sentMs) - UNDER_WAY_MS && !isAhead(event, sentMs)
    return missing.length > 0 && missing.every(isYoung)
  }

  /** Whoever signed what they miss tells it; of the others a few, everybody knows which. */
  const concernsUs = (group: Loaded, { author, hash, missing }: Shown, noticed: number): boolean => {
    if (missing.some(({ from }) => from === self)) return true
    const others = group.state.joined.filter((key) => key !== to0xHex(author))
    if (!others.includes(self)) return false
    const rank = (key: string): string => toHex(crypto.keccak256(utf8(`${hash} ${key}`)))
    const own = rank(self)
    return others.filter((key) => rank(key) < own).length < TELLERS * 2 ** Math.min(noticed, 8)
  }

  /** To somebody who was removed: up to that, and nothing of what came later. */
  const tellOf = async (
    stage: Stage,
    group: Loaded,
    to: string,
    { asksView }: { readonly asksView?: boolean },
    afterwards: (act: () => void) => void,
  ): Promise<void> => {
    const isMember = group.state.members.includes(to)
    if (isMember) {
      await tell(
        stage,
        group,
        { to: [to], isBetweenUs: to !== self, ...(asksView ? { asksView } : {}) },
        afterwards,
      )
      return
    }
    const { accepted } = group.view
    const last = accepted.findLastIndex(
      (event) => groupChange(event).kind === 'member-removed' && event.members[0] === to,
    )
    if (last < 0) return
    await tell(stage, group, { to: [to], isBetweenUs: true, events: accepted.slice(0, last + 1) }, afterwards)
  }

  return {
    compare,

    async answer(stage, group, { author, hash }, afterwards) {
      const to = to0xHex(author)
      // Who is only invited gives nobody a sign of being there.
      if (group.membership !== 'joined' && to !== self) return
      if (!group.state.members.includes(to) || !allowances.of(to).take()) return
      const events = { events: hash === group.hash ? [] : group.view.accepted }
      await tell(stage, group, { to: [to], isBetweenUs: to !== self, ...events }, afterwards)
    },

    async isSharedBy(stage, { record: { id }, hash }, people) {
      for (const person of people) if ((await getPeer(stage, id, person))?.view !== hash) return false
      return true
    },

    async missed(stage, person) {
      const ids = await groupsOf(stage, 'group-person', person, Number.MAX_SAFE_INTEGER)
      stage.add({ changes: ids.map((id) => putPerson('group-missed', person, id)) })
    },

    async returned(stage, person, afterwards) {
      for (const id of await groupsOf(stage, 'group-missed', person, MAX_AT_ONCE)) {
        stage.add({ changes: [deletePerson('group-missed', person, id)] })
        const group = await load(stage, id)
        if (group?.membership === 'joined') await tellOf(stage, group, to0xHex(person), {}, afterwards)
      }
    },
  }
}
