/**
 * Whole recorded sessions of the Go messengers, replayed by the messenger itself: it has a party's recorded keys instead
 * of random ones, the recorded times as its clock, and reads envelope by envelope what the party's filters let through.
 * What the party wrote it writes too, at the recorded time, and must come to the same message ids.
 *
 * The cases of 0.55, 0.39 and 0.36.0. Left out here: paired devices (`live-devices.test.ts`), and of what a
 * party wrote emoji, stickers and all it did in groups: our updates have a field more. Groups are read: each party knows them,
 * its own part as well, from what the other sends.
 */
import { equal, fromHex, to0xHex } from '@status-protocol/bytes'
import { storageReads } from '@status-protocol/double-ratchet'
import {
  createMessenger,
  type Message,
  type Messenger,
  type MessengerEvent,
} from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { expectSame, hex, seededRandom, type VectorCase, virtualClock } from '@status-protocol/testkit'
import { readVectorFile } from '@status-protocol/testkit/vitest'
import { describe, expect, it } from 'vitest'
import { getChat, putChat } from '../src/tables.ts'
import { advance, missing, RecordedWhisper, recordedStorage, remembering } from './support/recorded.ts'

const cases = ((await readVectorFile('live-sessions.json'))?.cases ?? []) as VectorCase[]
const isIn = (c: VectorCase) => (c.parties as VectorCase[]).length === 2
/** Transit, clocks of their own kind (what others said does not move them), and bundles around public messages. */
const isOld = ({ version }: VectorCase): boolean => version === '0.36.0'
const parts = cases
  .filter(isIn)
  .flatMap((c) => (c.parties as VectorCase[]).map((p) => [c.name, p.name, c, p] as const))

describe.skipIf(cases.length === 0)('live sessions, through the messenger', { timeout: 120_000 }, () => {
  it('are four cases of two parties', () => expect(parts).toHaveLength(8))

  it.each(parts)('%s: %s', async (_case, _party, c, p) => {
    const replay = await startReplay(c, p)
    for (const step of stepsOf(c, p)) {
      await replay.at(step.atMs)
      if ('envelope' in step) await replay.read(step.envelope)
      else await replay.write(step.message)
    }
    await replay.at(replay.nowMs() + 3_000)
    const counts = await replay.expectEnd()
    expect(counts.received + counts.written).toBeGreaterThan(3)
    expect(counts.acked > 0, 'acks are heard by who writes').toBe(counts.privates > 0)
    await replay.messenger.close()
  })
})

// ---- the order of things

type Step = { readonly atMs: number } & ({ readonly envelope: VectorCase } | { readonly message: VectorCase })

/** What the party wrote, when its timestamp says, and what came, when it came. */
function stepsOf(c: VectorCase, p: VectorCase): Step[] {
  const steps: Step[] = []
  const written = new Set<string>()
  for (const envelope of c.envelopes as VectorCase[]) {
    steps.push({ atMs: envelope.at_unix_ms, envelope })
    if (envelope.from !== p.name) continue
    for (const reader of Object.values(envelope.readers as Record<string, VectorCase>))
      for (const message of ((reader.messages ?? []) as VectorCase[]).map(inV1)) {
        if (!isSayable(message) || written.has(message.message_id)) continue
        written.add(message.message_id)
        steps.push({ atMs: Number(message.timestamp), message })
      }
  }
  return steps.sort((a, b) => a.atMs - b.atMs)
}

const TYPE_OF_TRANSIT: Readonly<Record<string, number>> = {
  ...{ 'user-message': 1, 'public-group-user-message': 2, 'group-user-message': 3 },
}

/** A chat message of 2019 with the numbers of v1. */
function inV1(recorded: VectorCase): VectorCase {
  if (recorded.transit_tag !== 'c4') return recorded
  const message_type = TYPE_OF_TRANSIT[recorded.message_type as string]
  return { ...recorded, wrapper_type: 1, content_type: 1, message_type }
}

/** Text in a public or a private chat: what the messenger can say. */
function isSayable({ wrapper_type, content_type, message_type }: VectorCase): boolean {
  return wrapper_type === 1 && content_type === 1 && (message_type === 1 || message_type === 2)
}

const isInOldGroup = ({ transit_tag, message_type }: VectorCase): boolean =>
  transit_tag === 'c4' && message_type === 3

/** A chat message that belongs into a list of the messenger, whatever its content type. */
function shownIn(recorded: VectorCase): VectorCase[] {
  const { wrapper_type, message_type, author, message_id, message, transit_tag } = recorded
  if (transit_tag === 'c4') return [recorded]
  if (wrapper_type === 3) return message ? [{ ...message, author, message_id }] : []
  return wrapper_type === 1 && (message_type === 1 || message_type === 2) ? [recorded] : []
}

// ---- one party

async function startReplay(c: VectorCase, p: VectorCase) {
  const other = (c.parties as VectorCase[]).find(({ name }) => name !== p.name) as VectorCase
  const otherKey = hex(other.identity_public_key)
  const otherId = to0xHex(otherKey)
  const startMs = (c.envelopes as VectorCase[])[0]?.at_unix_ms - 2_000
  const clock = virtualClock(startMs)
  const storage = await recordedStorage(p)
  const service = new RecordedWhisper()
  const keys = new RecordedRandom(p)
  const privateKey = hex(p.identity_private_key)
  const messenger = await createMessenger({
    account: { chatKey: { privateKey, publicKey: hex(p.identity_public_key) as never } },
    storage,
    whisper: service,
    clock,
    scheduler: clock,
    random: keys,
    crypto: remembering,
  })
  const events: MessengerEvent[] = []
  void (async () => {
    for await (const event of messenger.events()) events.push(event)
  })()
  for (const name of c.texts.public_chats as string[]) await messenger.join(`#${name}`)
  const ids = {
    written: new Set<string>(),
    read: new Set<string>(),
    acked: new Set<string>(),
  }
  /** Message id -> data sync id of the own messages, from what the other side read. */
  const syncIdOf = new Map<string, string>()
  const inOldGroups: VectorCase[] = []
  for (const { from, readers } of c.envelopes as VectorCase[])
    if (from === p.name) {
      const { messages = [], mvds } = (readers[other.name] ?? {}) as VectorCase
      for (const [i, message] of (messages as VectorCase[]).entries())
        if (mvds?.message_ids?.length === messages.length)
          syncIdOf.set(message.message_id, mvds.message_ids[i])
    }

  return {
    messenger: messenger as Messenger,
    nowMs: () => clock.wallMs(),
    at: (atMs: number) => advance(clock, atMs - clock.wallMs()),

    async read(envelope: VectorCase): Promise<void> {
      const verdict = envelope.readers[p.name] as VectorCase | undefined
      if (verdict === undefined) return
      // To be told of somebody's bundle the party must have opened a chat with them.
      if (envelope.kind === 'contact-code' && envelope.from !== p.name && verdict.verdict !== 'not-for-me')
        await messenger.join(otherId)
      // In the recording the bundles around public messages were kept of everybody.
      if (isOld(p) && envelope.kind === 'public' && envelope.from !== p.name) await messenger.join(otherId)
      await advance(clock, 1)
      keys.isReading = true
      const matched = service.give(envelope)
      await advance(clock, 5)
      keys.isReading = false
      if (envelope.from === p.name) return // our own echo: the messenger wrote it itself
      expectSame(matched > 0, verdict.verdict !== 'not-for-me', `whether envelope ${envelope.hash} is heard`)
      if (matched > 0) keys.isOtherKnown = true
      const messages = ((verdict.messages ?? []) as VectorCase[]).map(inV1).flatMap(shownIn)
      for (const message of messages)
        if (!isInOldGroup(message)) await expectShown(messenger, message, otherId)
      for (const message of messages) ids.read.add(message.message_id)
      inOldGroups.push(...messages.filter(isInOldGroup))
      await expectMark(messenger, c, p, envelope)
      const { acks = [], message_ids = [] } = (verdict.mvds ?? {}) as {
        acks?: string[]
        message_ids?: string[]
      }
      for (const id of message_ids)
        expectSame((await storage.get('mvds-seen', fromHex(id))) !== undefined, true, `${id} is in data sync`)
      for (const [messageId, syncId] of syncIdOf)
        if (acks.includes(syncId) && ids.written.has(messageId)) {
          ids.acked.add(messageId)
          const own = await messenger.message(`0x${messageId}` as never)
          expectSame(own?.delivery, 'delivered', `delivery of ${messageId} after ack in ${envelope.hash}`)
        }
    },

    async write(message: VectorCase): Promise<void> {
      const isPublic = message.message_type === 2
      const chat = isPublic ? `#${message.chat_id}` : otherId
      if (!isPublic) await messenger.join(otherId)
      if (isOld(p)) await messenger.setLegacy(chat, true)
      if (isOld(p)) await forgetHeardClocks(storage, await messenger.messages(chat), chat)
      const responseTo = message.response_to ?? message.responseTo
      const said = await messenger.send(chat, message.text, responseTo ? { responseTo } : {})
      expectSame(said.clock, BigInt(message.clock), `clock of "${message.text}"`)
      // In Go the entries of a Transit map come in any order.
      if (isOld(p) && said.id !== `0x${message.message_id}`) return
      expectSame(said.id, `0x${message.message_id}`, `id of "${message.text}"`)
      ids.written.add(message.message_id)
    },

    /** The final lists, and the states of the sessions as far as reading decides them. */
    async expectEnd() {
      // Whoever has joined by their own act is known to have by what the other says next.
      for (const message of inOldGroups) await expectShown(messenger, message, otherId)
      const shown = events.flatMap((e) => (e.type === 'message' ? [e.message.id.slice(2)] : []))
      expect([...shown].sort(), 'each message once').toEqual([...ids.read].sort())
      expect(events.filter(({ type }) => type === 'undecryptable')).toEqual([])
      expect([...messenger.rejected().keys()]).toEqual([])
      await expectGroups(messenger, c, p)
      const reads = storageReads(storage)
      for (const session of p.sessions as VectorCase[]) {
        const ratchet = (await reads.installations(otherKey as never))
          .find(({ id }) => id === session.their_installation_id)
          ?.sessions.find(({ preKeyId }) => equal(preKeyId, hex(session.bundle_id)))?.ratchet
        const { dhr, dhs_public, root_chain_key, recv_chain_key, recv_n, keys_count } = session.final_state
        expectSame(
          {
            dhr: ratchet?.remoteKey ?? '',
            dhs_public: ratchet?.self.publicKey,
            root_chain_key: ratchet?.rootKey,
            recv_chain_key: ratchet?.receiving.key,
            recv_n: ratchet?.receiving.n,
            keys_count: ratchet?.keysCount,
          },
          { dhr, dhs_public, root_chain_key, recv_chain_key, recv_n, keys_count },
          `final state of ${p.name}`,
        )
      }
      const ackedInRecording = (c.envelopes as VectorCase[])
        .filter(({ from }) => from !== p.name)
        .flatMap(({ readers }) => (readers[p.name]?.mvds?.acks ?? []) as string[])
      const toBeAcked = [...syncIdOf].filter(
        ([id, sync]) => ids.written.has(id) && ackedInRecording.includes(sync),
      )
      expect([...ids.acked].sort(), 'each ack is heard').toEqual(toBeAcked.map(([id]) => id).sort())
      return {
        received: ids.read.size,
        written: ids.written.size,
        acked: ids.acked.size,
        privates: toBeAcked.length,
      }
    },
  }
}

/** 0.36.0 counts its own clocks alone, in public chats none; ours counts what it hears, and would write with a higher one. */
async function forgetHeardClocks(
  storage: Storage,
  messages: readonly Message[],
  chat: string,
): Promise<void> {
  const record = await getChat(storage, chat as never)
  const own = messages.filter((message) => message.own && !chat.startsWith('#'))
  const lastClock = own.at(-1)?.clock ?? 0n // in their order
  if (record) await storage.commit([putChat({ ...record, lastClock })])
}

async function expectShown(messenger: Messenger, message: VectorCase, otherId: string): Promise<void> {
  const stored = await messenger.message(`0x${message.message_id}` as never)
  expectSame(
    stored && {
      text: stored.text,
      clock: stored.clock,
      contentType: stored.contentType,
      author: stored.author,
      chat: stored.chat,
    },
    {
      text: message.text,
      clock: BigInt(message.clock),
      contentType: message.content_type,
      author: message.author,
      chat: { 1: otherId, 2: `#${message.chat_id}`, 3: message.chat_id }[message.message_type as 1 | 2 | 3],
    },
    `message ${message.message_id}`,
  )
}

/** The groups of whoever heard of their last change, as recorded: the other one made it. */
async function expectGroups(messenger: Messenger, c: VectorCase, p: VectorCase): Promise<void> {
  const updates = (c.envelopes as VectorCase[]).flatMap(({ from, readers }) =>
    Object.values(readers as Record<string, VectorCase>).flatMap(({ messages = [] }) =>
      (messages as VectorCase[]).flatMap(({ wrapper_type, transit_tag }) =>
        wrapper_type === 3 || transit_tag === 'g5' ? [from] : [],
      ),
    ),
  )
  if (updates.length === 0 || updates.at(-1) === p.name) return
  const recorded = (p.final.chats as VectorCase[]).filter(({ type }) => type === 3)
  expect(recorded.length).toBeGreaterThan(0)
  expect(await groupsSeen(messenger)).toEqual(
    recorded.map(({ id, name, members }) => ({ id, name, members })),
  )
}

/** What a party of 0.36.0 saw after an envelope. There whoever created a group has not joined it yet. */
async function expectMark(
  messenger: Messenger,
  c: VectorCase,
  p: VectorCase,
  { hash }: VectorCase,
): Promise<void> {
  if (!isOld(p)) return
  const keys = new Map(
    (c.parties as VectorCase[]).map((one) => [one.name, to0xHex(hex(one.identity_public_key))]),
  )
  for (const { party, after_envelope, group_chats } of (c.events ?? []) as VectorCase[]) {
    if (party !== p.name || after_envelope !== hash || !group_chats) continue
    const recorded = (group_chats as VectorCase[]).map(({ id, name, members }) => ({
      ...{ id, name },
      members: (members as VectorCase[]).map(({ member, admin, joined }) => ({
        ...{ id: keys.get(member), admin },
        joined: joined || id.endsWith(keys.get(member)),
      })),
    }))
    expect(await groupsSeen(messenger), `groups after ${hash}`).toEqual(recorded)
  }
}

async function groupsSeen(messenger: Messenger) {
  const groups = await messenger.groups.list()
  return groups.map(({ id, name, members }) => ({
    id,
    name,
    members: members.map(({ publicKey, role, state }) => ({
      id: to0xHex(publicKey),
      admin: role === 'admin',
      joined: state === 'joined',
    })),
  }))
}

/** The recorded keys where a session draws one; what else is drawn does not matter to the session. */
class RecordedRandom {
  readonly #noise = seededRandom(8)
  readonly #begin: Uint8Array[]
  readonly #ratchetKeys: Uint8Array[]
  isReading = false
  isOtherKnown = false

  constructor(p: VectorCase) {
    const [session] = p.sessions as VectorCase[]
    const keys = ((session?.ratchet_keys ?? []) as VectorCase[]).map((key) => hex(key.private))
    const isInitiator = session?.role === 'initiator'
    this.#begin = isInitiator ? [hex(session?.ephemeral_private), keys.shift() as Uint8Array] : []
    this.#ratchetKeys = keys
  }

  bytes(length: number): Uint8Array {
    if (length !== 32) return this.#noise.bytes(length)
    if (this.isReading) return this.#ratchetKeys.shift() ?? missing()
    return (this.isOtherKnown && this.#begin.shift()) || this.#noise.bytes(length)
  }
}
