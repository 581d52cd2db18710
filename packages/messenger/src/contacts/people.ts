/**
 * People at work: requests and answers, what we say of ourselves and what others say, who is not listened to. States and
 * their edges are in `states.ts`.
 */
import { equal, type PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import { type ContactUpdate, validateClock } from '@status-protocol/payload'
import type { Clock } from '@status-protocol/ports'
import { oneToOneChat } from '../chat.ts'
import { timely } from '../clock-bounds.ts'
import type { Committer } from '../committer.ts'
import { noteAnswered } from '../deniable.ts'
import { MessengerError } from '../error.ts'
import { generationFor, type Understood, wrapUpdateIn } from '../generations.ts'
import type { Sending } from '../sending.ts'
import type { Stage } from '../stage.ts'
import type { Taker, Takers } from '../statement.ts'
import type { Timers } from '../timers.ts'
import { isAcquainted } from './admission.ts'
import type { Names } from './names.ts'
import { checkedProfile, getProfile, type ProfileChange, profileTold, putProfile } from './profile.ts'
import { allRelations, getRelation, putRelation, type Relation, stepRelation } from './relation.ts'
import { type ContactInput, isAdded } from './states.ts'

/** Contacts are told of our profile this often, though nothing changed: they may have missed it. As the clients do. */
export const CONTACT_UPDATE_EVERY_MS: number = 48 * 3_600_000
/** A no holds this long; after it the person may ask again. */
export const ASK_AGAIN_AFTER_MS: number = 7 * 24 * 3_600_000
/** So often in all; then a no is final, until we ask. */
export const MAX_ASKED_AGAIN = 3
/** That a person cannot be understood is told this often. */
const NOT_UNDERSTOOD_EVERY_MS = 24 * 3_600_000
/** Whether somebody is to be told is looked at after the start, then this often. */
const LOOK_AFTER_MS = 5_000
const LOOK_EVERY_MS = 600_000
/** People who are told at one time; the others follow. */
const MAX_TOLD_AT_ONCE = 50

type Afterwards = (act: () => void) => void

export interface People {
  readonly takers: Pick<Takers, 'contact-update'>
  /** Asks a person, or says yes or no to them. @throws MessengerError `no-such-request`, `blocked`, `outbox-full` */
  turn(stage: Stage, person: PublicKey, input: ContactInput, afterwards: Afterwards): Promise<void>
  /** Somebody wrote in payloads of this generation. */
  speaks(
    stage: Stage,
    person: PublicKey,
    said: Pick<Understood, 'generation' | 'countsHundredths'>,
  ): Promise<void>
  /** Something of theirs is of no generation that we know. */
  notUnderstood(stage: Stage, person: PublicKey): Promise<void>
  /** Somebody who is no contact wrote where only contacts are heard. */
  turnedAway(stage: Stage, person: PublicKey): Promise<void>
  /** @throws MessengerError `invalid-profile` */
  setProfile(stage: Stage, profile: ProfileChange, afterwards: Afterwards): Promise<void>
  /** Everybody whom we told of ourselves is told again: our devices are others now. */
  announce(stage: Stage, afterwards: Afterwards): Promise<void>
  /** Tells contacts what they have not heard, from now on. */
  start(): void
}

export interface PeopleOptions {
  readonly account: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey }
  readonly crypto: CryptoProvider
  readonly committer: Pick<Committer, 'insist'>
  readonly sending: Pick<Sending, 'tell'>
  readonly timers: Timers
  readonly clock: Clock
  readonly names: Names
  /** They are not to be heard any more, or again. */
  silence(person: PublicKey): void
  /** What waits for them goes to them no more. */
  cease(stage: Stage, person: PublicKey): Promise<void>
  /** Something that nobody waits for failed. */
  failed(): void
}

export function createPeople(options: PeopleOptions): People {
  const { account, crypto, committer, sending, timers, clock, names } = options

  const turn: People['turn'] = async (stage, person, input, afterwards) => {
    const before = await getRelation(stage, person)
    const relation = stepRelation(stage, forgiven(before, input), { input, by: 'us', nowMs: clock.wallMs() })
    if (!relation) throw impossible(before, input)
    afterwards(names.changed)
    if (input === 'block') await options.cease(stage, person)
    if (input === 'block') afterwards(() => options.silence(person))
    const isFirst = before.state !== relation.state
    if (input === 'request' || input === 'accept') await tell(stage, relation, afterwards, isFirst)
  }

  /** A yes or a request of ours ends what was counted. */
  const forgiven = (relation: Relation, input: ContactInput): Relation => {
    const { askedAgain: _askedAgain, ...others } = relation
    return input === 'request' || input === 'accept' || input === 'unblock' ? others : relation
  }

  /** Our contact update, to one person: it is request, answer and news in one. */
  const tell = async (
    stage: Stage,
    relation: Relation,
    afterwards: Afterwards,
    isRequest = false,
  ): Promise<void> => {
    const { name = '', picture = '' } = await getProfile(stage)
    const nowMs = clock.wallMs()
    const clockValue = BigInt(Math.max(nowMs, (relation.toldAtMs ?? 0) + 1))
    const update: ContactUpdate = {
      type: 'contact-update',
      clock: clockValue,
      ensName: name,
      profileImage: picture,
    }
    const generation = await generationFor(stage, oneToOneChat(relation.publicKey))
    const said = wrapUpdateIn(generation, update, isRequest, { identity: account, crypto })
    await sending.tell(stage, { to: [relation.publicKey], said }, afterwards)
    stage.add({ changes: putRelation({ ...relation, toldAtMs: Number(clockValue) }) })
  }

  // --- what they say -------------------------------------------------------------------------------------------------------

  const takeUpdate: Taker<ContactUpdate> = async (stage, { author, message: said, judgedAtMs }) => {
    const { message } = timely(said, judgedAtMs)
    const verdict = validateClock(message.clock, judgedAtMs)
    if (!verdict.ok) return verdict.reason
    if (equal(author, account.publicKey)) return undefined // one of our own devices speaks of us: `devices` knows what that means
    const before = await getRelation(stage, author)
    if (before.told && message.clock <= before.told.clock) return 'outdated'
    const profile = profileTold(message.ensName, message.profileImage)
    if (!profile) return 'profile-unfit'
    const heard = { ...before, told: { clock: message.clock, ...profile } }
    const mayAsk = askedAgain(heard)
    if (!mayAsk) return 'asked-too-often'
    stage.add({ changes: putRelation(mayAsk) })
    await noteAnswered(stage, author)
    stepRelation(stage, mayAsk, { input: 'ask', by: 'them', nowMs: clock.wallMs() })
    if (isAdded(before.state)) await noteProfile(stage, before, heard)
    return undefined
  }

  /** After a no they are heard again only after some time, and not for ever; undefined: not now. */
  const askedAgain = (relation: Relation): Relation | undefined => {
    if (relation.state !== 'dismissed') return relation
    const times = relation.askedAgain ?? 0
    const isTooSoon = clock.wallMs() - relation.sinceMs < ASK_AGAIN_AFTER_MS
    return isTooSoon || times >= MAX_ASKED_AGAIN ? undefined : { ...relation, askedAgain: times + 1 }
  }

  const noteProfile = async (
    stage: Stage,
    before: Relation,
    { publicKey, told }: Relation,
  ): Promise<void> => {
    const { name, picture } = told ?? {}
    if (before.told?.name === name && before.told?.picture === picture) return
    const warnings = await names.warningsOf(name ?? '', publicKey)
    const change = {
      kind: 'profile',
      ...(name !== undefined && { name }),
      hasPicture: picture !== undefined,
      ...(warnings.length > 0 && { warnings }),
    } as const
    stage.add({ changes: [], events: [{ type: 'contact', publicKey, change }] })
  }

  // --- how they say it -----------------------------------------------------------------------------------------------------

  const speaks: People['speaks'] = async (stage, publicKey, { generation, countsHundredths }) => {
    const before = await getRelation(stage, publicKey)
    const isSame = (before.generation ?? 'v1') === generation
    const counts = generation === 'v0' && (countsHundredths ?? before.countsHundredths === true)
    if (isSame && counts === (before.countsHundredths === true)) return
    const { generation: _before, countsHundredths: _counted, ...others } = before
    const heard = { ...others, generation, ...(counts ? { countsHundredths: true as const } : {}) }
    stage.add({ changes: putRelation(generation === 'v1' ? others : heard) })
    if (isSame) return
    // Of strangers it is remembered and not told: they could fill the events with it.
    if (await isAcquainted(stage, publicKey))
      stage.add({
        changes: [],
        events: [{ type: 'contact', publicKey, change: { kind: 'generation', generation } }],
      })
  }

  const notUnderstood: People['notUnderstood'] = async (stage, publicKey) => {
    const before = await getRelation(stage, publicKey)
    const nowMs = clock.wallMs()
    const isTold = nowMs - (before.notUnderstoodAtMs ?? Number.NEGATIVE_INFINITY) < NOT_UNDERSTOOD_EVERY_MS
    if (isTold || !(await isAcquainted(stage, publicKey))) return
    stage.add({
      changes: putRelation({ ...before, notUnderstoodAtMs: nowMs }),
      events: [{ type: 'contact', publicKey, change: { kind: 'not-understood' } }],
    })
  }

  const turnedAway: People['turnedAway'] = async (stage, person) => {
    const relation = askedAgain(await getRelation(stage, person))
    if (relation) stepRelation(stage, relation, { input: 'ask', by: 'them', nowMs: clock.wallMs() })
  }

  // --- what we say ---------------------------------------------------------------------------------------------------------

  const lookAfter = (delayMs: number): void =>
    timers.set('contact updates', delayMs, () => {
      lookAfter(LOOK_EVERY_MS)
      committer.insist(tellAll).catch(options.failed)
    })

  const tellAll = async (stage: Stage, afterwards: Afterwards): Promise<void> => {
    const { changedAtMs } = await getProfile(stage)
    const isOld = clock.wallMs() - CONTACT_UPDATE_EVERY_MS
    const due = (await allRelations(stage)).filter(
      ({ state, toldAtMs = 0 }) => isAdded(state) && (toldAtMs < changedAtMs || toldAtMs <= isOld),
    )
    for (const relation of due.slice(0, MAX_TOLD_AT_ONCE))
      await tell(stage, relation, afterwards).catch((error: unknown) => {
        // Too much waits for this person already: they are told when it does not.
        if (!(error instanceof MessengerError) || error.code !== 'outbox-full') throw error
      })
    if (due.length > MAX_TOLD_AT_ONCE) afterwards(() => lookAfter(LOOK_AFTER_MS))
  }

  return {
    takers: { 'contact-update': takeUpdate },
    turn,
    turnedAway,
    speaks,
    notUnderstood,
    async setProfile(stage, profile, afterwards) {
      stage.add({ changes: [putProfile({ ...checkedProfile(profile), changedAtMs: clock.wallMs() })] })
      afterwards(() => lookAfter(0))
    },
    async announce(stage, afterwards) {
      stage.add({ changes: [putProfile({ ...(await getProfile(stage)), changedAtMs: clock.wallMs() })] })
      afterwards(() => lookAfter(0))
    },
    start: () => lookAfter(LOOK_AFTER_MS),
  }
}

function impossible({ state }: Relation, input: ContactInput): MessengerError {
  if (state === 'blocked') return new MessengerError('blocked', 'this person is blocked: unblock them first')
  if (input === 'unblock') return new MessengerError('no-such-contact', 'this person is not blocked')
  return new MessengerError('no-such-request', 'this person has not asked, or was answered already')
}
