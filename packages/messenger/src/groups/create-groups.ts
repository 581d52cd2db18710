/** Group chats: what a person does, what members send, and what is told of both. */
import { equal, type PublicKey, to0xHex, toHex } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import {
  groupChange,
  groupChatId,
  type OpenedGroupEvent,
  type Message as Payload,
} from '@status-protocol/payload'
import type { Clock, Random, Storage } from '@status-protocol/ports'
import { type ChatId, groupChat, isGroupId } from '../chat.ts'
import type { Names } from '../contacts/names.ts'
import { MessengerError } from '../error.ts'
import type { Noted } from '../filing.ts'
import type { Insist } from '../input.ts'
import type { Message, Security } from '../message.ts'
import type { Sending } from '../sending.ts'
import { createStage, type Stage } from '../stage.ts'
import type { Statement, Taker, Takers } from '../statement.ts'
import type { Strangers } from '../strangers.ts'
import { type ChatRecord, getChat, putChat } from '../tables.ts'
import type { Tracer } from '../trace.ts'
import { type Action, intentOf, intentsOfCreation, isDone, signIntents } from './actions.ts'
import { createBook, keyOfCreator, keysOf, type Loaded } from './book.ts'
import { dated } from './dates.ts'
import { type Group, type Groups, keyOf, MAX_GROUP_MEMBERS, type Receipt } from './group.ts'
import { createHealing } from './healing.ts'
import { createInvitations } from './invitations.ts'
import { areMobile, chooseGeneration, expectGeneration, isOfGeneration } from './legacy.ts'
import { createGroupNaming } from './naming.ts'
import { notesOf } from './notes.ts'
import { createSaying, type Draft } from './saying.ts'
import { allGroups, allPeers, allReceipts, type GroupRecord, groupsOf } from './tables.ts'
import { createTell, isTooLarge } from './telling.ts'
import { createUpdateTaker } from './updates.ts'

type Act = (act: () => void) => void

/** What the rest of the messenger needs of groups. */
export interface GroupsPart {
  readonly facet: Groups
  readonly takers: Takers
  /** Says something in a group that we joined. @throws MessengerError `no-such-group`, `not-joined` and more */
  write(stage: Stage, id: ChatId, draft: Omit<Draft, 'chat'>, afterwards: Act): Promise<Message>
  /** Tells our other devices of all groups that we are in or invited to. */
  tellOwn(stage: Stage, afterwards: Act): Promise<void>
  /** Whether somebody is with us in a group that we joined: no stranger. */
  isCompany(stage: Stage, person: PublicKey): Promise<boolean>
  /** Data sync gave up on something for this person. */
  missed(stage: Stage, person: PublicKey): Promise<void>
  /** This person is heard again. */
  returned(stage: Stage, person: PublicKey, afterwards: Act): Promise<void>
  /** Whom to listen to for a group that we joined. */
  company(stage: Stage, id: ChatId): Promise<readonly PublicKey[]>
}

export interface GroupsOptions {
  readonly account: { readonly privateKey: Uint8Array; readonly publicKey: PublicKey }
  readonly security: Security
  readonly storage: Storage
  readonly input: Insist
  readonly sending: Pick<Sending, 'tell' | 'isStrict' | 'canRatchet'>
  readonly strangers: Pick<Strangers, 'includes' | 'meet'>
  readonly names: Pick<Names, 'warningsOf'>
  readonly clock: Clock
  readonly random: Random
  readonly crypto: CryptoProvider
  readonly trace: Tracer | undefined
  newChat(chat: ReturnType<typeof groupChat>): ChatRecord
  /** What is noted beside what others say. */
  noted(stage: Stage, message: Message): Promise<Noted>
  /** Listens to these people, from now on. Returns at once. */
  hear(people: readonly PublicKey[]): void
  /** Tells our other devices. */
  copy(stage: Stage, wrapped: Uint8Array, afterwards: Act): Promise<void>
  /** Whether something of ours was said on a device that may speak for us. */
  isProven(stage: Stage, said: Statement): Promise<boolean>
  dropped(what: 'invitations', count: number): void
  /** @throws MessengerError `closed` */
  expectOpen(): void
}

export function createGroups(options: GroupsOptions): GroupsPart {
  const { account, storage, input, strangers, clock, random, crypto } = options
  const { publicKey } = account
  const self = to0xHex(publicKey)
  const book = createBook({ publicKey, random, crypto })
  const naming = createGroupNaming(storage, options.names)
  const tell = createTell({ ...options, account, crypto })
  const newChat = (id: ChatId): ChatRecord => options.newChat(groupChat(id))
  const healing = createHealing({ publicKey, crypto, clock, tell, load: book.load })
  const { isSharedBy } = healing
  const saying = createSaying({ ...options, publicKey, tell, newChat, isSharedBy })
  const invitations = createInvitations({ book, dropped: options.dropped })

  /** What follows from a change, whoever made it. */
  const changed = async (
    stage: Stage,
    before: Loaded | undefined,
    after: Loaded,
    afterwards: Act,
  ): Promise<void> => {
    const { id } = after.record
    const { unasked: _unasked, left: _left, ...record } = (await getChat(stage, id)) ?? newChat(id)
    const marks = { joined: {}, invited: { unasked: true }, left: { unasked: true, left: true } } as const
    stage.add({
      changes: [putChat({ ...record, ...marks[after.membership] })],
      events: await naming.flagged(notesOf(before, after, { text: self, key: publicKey })),
    })
    afterwards(naming.changed)
    if (after.membership !== 'joined') return
    const people = othersOf(after)
    for (const person of people) await strangers.meet(stage, person)
    afterwards(() => options.hear(people))
  }

  const othersOf = ({ state }: Loaded): readonly PublicKey[] =>
    keysOf(state.members.filter((key) => key !== self))

  const loaded = async (stage: Stage, id: string): Promise<Loaded> => {
    options.expectOpen()
    const group = await book.load(stage, id as ChatId)
    if (!group) throw new MessengerError('no-such-group', `there is no group ${shown(id)}`)
    return group
  }

  /** Own events: stored, told to everybody whom they concern, all in one commit. */
  const publish = async (
    stage: Stage,
    change: {
      readonly id: ChatId
      readonly before: Loaded | undefined
      readonly generation?: GroupRecord['generation'] | undefined
    },
    events: readonly OpenedGroupEvent[],
    afterwards: Act,
  ): Promise<Group> => {
    const { id, before } = change
    const merged = book.merge(id, before, events)
    const counts = new Set(merged?.all.accepted.map((event) => event.id))
    if (!merged || events.some((event) => !counts.has(event.id)))
      throw new MessengerError('not-allowed', 'the rules of the group do not allow this')
    const { generation } = change
    const record = before?.record ?? { id, toldBy: publicKey, ...(generation && { generation }) }
    const after = book.save(stage, before, merged, { ...record, heardAtMs: clock.wallMs() })
    const { admins, members } = after.state
    const to = [...new Set([...admins, ...members, ...(before?.state.members ?? [])])].filter(
      (key) => key !== self,
    )
    await tell(stage, after, { to }, afterwards).catch((error: unknown) => {
      if (after.membership !== 'left' || !isTooLarge(error)) throw error
      // Whoever goes can always go.
      return tell(stage, after, { to: to.slice(0, MAX_GROUP_MEMBERS), events, showsView: true }, afterwards)
    })
    await changed(stage, before, after, afterwards) // last: strangers are counted in memory
    await saying.release(stage, after)
    return groupOf(stage, after)
  }

  const act = (id: string, action: Action): Promise<Group> =>
    input(async (stage, afterwards) => {
      const before = await loaded(stage, id)
      const intent = intentOf(action, before.state, self)
      const chat = await getChat(stage, before.record.id)
      const invited = 'members' in action ? action.members : []
      await expectGeneration(stage, before.record, action.type === 'invite' ? keysOf(invited) : [])
      const { generation } = before.record
      const events = dated(before, {
        lastSaid: chat?.lastClock ?? 0n,
        nowMs: clock.wallMs(),
        sign: (last) => signIntents(id, [intent], { ...context(last), generation }),
        merge: (signed) => book.merge(before.record.id, before, signed),
        isDone: (state) => isDone(action, state, self),
        target: action.type === 'kick' ? action.member : undefined,
      })
      return publish(stage, { id: before.record.id, before }, events, afterwards)
    })

  const context = (lastClock: bigint) => ({
    identity: account,
    lastClock,
    nowMs: clock.wallMs(),
    crypto,
  })

  const groupOf = async (stage: Stage, group: Loaded): Promise<Group> => {
    const { record, state, view, hash, membership } = group
    const peers = await allPeers(stage, record.id)
    const warnings = await naming.warningsOf(state.name, record.id)
    return {
      id: record.id,
      name: state.name,
      generation: record.generation ?? 'v1',
      ...(warnings.length > 0 && { warnings }),
      membership,
      createdBy: keyOfCreator(record.id),
      toldBy: record.toldBy,
      isStrange: record.isStrange === true,
      members: state.members.flatMap((text) => {
        const key = keyOf(text)
        if (!key) return []
        const role = state.admins.includes(text) ? 'admin' : 'member'
        return [{ publicKey: key, role, state: state.joined.includes(text) ? 'joined' : 'invited' }]
      }),
      rejected: view.rejected.map((event) => {
        const { kind, clock: at, members, name } = groupChange(event)
        return { by: keyOf(event.from) ?? publicKey, kind, clock: at, members, name }
      }),
      diverged: peers.flatMap(([person, { isDiverged }]) => (isDiverged ? [person] : [])),
      view: hash,
    }
  }

  const facet: Groups = {
    create: (name, members = [], { generation: asked } = {}) => {
      options.expectOpen()
      const intents = () => intentsOfCreation(name, members.map(textOf), self)
      return input(async (stage, afterwards) => {
        const id = groupChatId(publicKey, random) as ChatId
        const intended = intents()
        const generation = await chooseGeneration(stage, asked, members)
        const inHundredths = generation === 'v0' && (await areMobile(stage, members))
        const events = signIntents(id, intended, { ...context(0n), generation, inHundredths })
        return publish(stage, { id, generation, before: undefined }, events, afterwards)
      })
    },
    invite: (id, members) => act(id, { type: 'invite', members: members.map(textOf) }),
    accept: (id) => act(id, { type: 'accept' }),
    decline: (id) => act(id, { type: 'decline' }),
    leave: (id) => act(id, { type: 'leave' }),
    kick: (id, member) => act(id, { type: 'kick', member: textOf(member) }),
    promote: (id, members) => act(id, { type: 'promote', members: members.map(textOf) }),
    stepDown: (id) => act(id, { type: 'stepDown' }),
    rename: (id, name) => act(id, { type: 'rename', name }),
    async view(id) {
      const stage = createStage(storage)
      return groupOf(stage, await loaded(stage, id))
    },
    async list() {
      options.expectOpen()
      const stage = createStage(storage)
      const found: Group[] = []
      for (const { id } of await allGroups(stage)) found.push(await facet.view(id))
      return found
    },
    async receipts(id) {
      const stage = createStage(storage)
      const found: Receipt[] = []
      for (const [member, receipt] of await allReceipts(stage, id)) {
        const { installations, isGivenUp = false, needsKeys = false } = receipt
        const lacksKeys =
          needsKeys && installations.length === 0 && !(await options.sending.canRatchet(stage, member))
        found.push({ member, installations, isGivenUp, lacksKeys })
      }
      return found
    },
  }

  return {
    facet,
    takers: {
      'membership-update': proven(
        createUpdateTaker({
          publicKey,
          clock,
          crypto,
          book,
          strangers,
          invitations,
          healing,
          saying,
          changed,
        }),
      ),
      'group-message': proven(async (stage, said, afterwards) => {
        const { message: content, author, sentUnixSeconds } = said
        if (!isGroupId(content.chatId)) return 'wrong-chat'
        const group = await book.load(stage, content.chatId as ChatId)
        if (group && !isOfGeneration(group, said.generation)) return 'wrong-chat'
        if (group && content.view?.length === 32) {
          // Which events they lack is not known: the newest, most likely.
          const missing = group.view.accepted.slice(-1)
          const shown = { author, hash: toHex(content.view), isOwnWord: true, missing, sentUnixSeconds }
          await healing.compare(stage, group, shown, afterwards)
        }
        return saying.hear(stage, group, { said, id: content.chatId as ChatId, content, isCut: true })
      }),
    },
    async write(stage, id, draft, afterwards) {
      const group = await loaded(stage, id)
      if (group.membership !== 'joined')
        throw new MessengerError(
          'not-joined',
          group.membership === 'invited'
            ? 'accept the invitation before you write in this group'
            : 'you are not in this group any more',
        )
      const chat = (await getChat(stage, group.record.id)) ?? newChat(group.record.id)
      return saying.write(stage, group, { ...draft, chat }, afterwards)
    },
    async tellOwn(stage, afterwards) {
      for (const { id } of await allGroups(stage)) {
        const group = await book.load(stage, id)
        if (!group || group.membership === 'left') continue
        await tell(stage, group, { to: [] }, afterwards).catch((error: unknown) => {
          if (!isTooLarge(error)) throw error
        })
      }
    },
    isCompany: async (stage, person) => (await groupsOf(stage, 'group-person', person, 1)).length > 0,
    missed: healing.missed,
    returned: healing.returned,
    async company(stage, id) {
      const group = await book.load(stage, id)
      return group?.membership === 'joined' ? othersOf(group) : []
    },
  }

  /** What comes from ourselves was said on another device of ours, which must be one that we have enabled. */
  function proven<M extends Payload>(take: Taker<M>): Taker<M> {
    return async (stage, said, afterwards) =>
      equal(said.author, publicKey) && !(await options.isProven(stage, said))
        ? 'not-own-device'
        : take(stage, said, afterwards)
  }

  function textOf(key: PublicKey): string {
    const point = crypto.parsePublicKey(key)
    if (!point) throw new MessengerError('invalid-group', 'members: expected public keys of 65 bytes')
    return to0xHex(point)
  }
}

const shown = (id: string): string => JSON.stringify(id.slice(0, 48))
