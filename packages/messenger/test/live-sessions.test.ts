/**
 * Whole recorded sessions of the Go messengers, replayed by the messenger itself: it has a party's recorded keys instead
 * of random ones, the recorded times as its clock, and reads envelope by envelope what the party's filters let through.
 * What the party wrote and did it writes and does too, at the recorded time, and must come to the same message ids. Not to
 * those of group updates: ours have a field more, and in Transit maps were in any order; there what comes of it counts.
 *
 * The cases of 0.55, 0.39 and 0.36.0; `live-devices.test.ts` has the one of several devices.
 */
import { fromHex, to0xHex } from '@status-protocol/bytes'
import type { Message } from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { expectSame, hex, type VectorCase } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { getChat, putChat } from '../src/tables.ts'
import { liveCases, startParty, syncIdsOf } from './support/live-party.ts'

const cases = await liveCases()
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
      else if ('message' in step) await replay.write(step.message)
      else await replay.act(step.group)
    }
    await replay.at(replay.nowMs() + 3_000)
    const counts = await replay.expectEnd()
    expect(counts.received + counts.written).toBeGreaterThan(3)
    expect(counts.acked > 0, 'acks are heard by who writes').toBe(counts.privates > 0)
    await replay.close()
  })
})

// ---- the order of things

type Step = { readonly atMs: number } & (
  | { readonly envelope: VectorCase }
  | { readonly message: VectorCase }
  /** A group as the other party saw it after what was done. */
  | { readonly group: VectorCase }
)

/** What the party wrote, when its timestamp says, what it did in groups, just before that was heard, and what came, when it came. */
function stepsOf(c: VectorCase, p: VectorCase): Step[] {
  const steps: Step[] = []
  const written = new Set<string>()
  for (const envelope of c.envelopes as VectorCase[]) {
    const { at_unix_ms: atMs } = envelope
    steps.push({ atMs, envelope })
    if (envelope.from !== p.name) continue
    for (const reader of Object.values(envelope.readers as Record<string, VectorCase>))
      for (const message of ((reader.messages ?? []) as VectorCase[]).flatMap(shownIn)) {
        if (written.has(message.message_id)) continue
        written.add(message.message_id)
        steps.push({ atMs: Number(message.timestamp), message })
      }
    const said = Object.values(envelope.readers as Record<string, VectorCase>).flatMap(
      (r) => r.messages ?? [],
    )
    for (const { after_envelope, group_chats } of (c.events ?? []) as VectorCase[])
      if (after_envelope === envelope.hash && said.every(({ message }) => !message))
        for (const group of (group_chats ?? []) as VectorCase[]) steps.push({ atMs: atMs - 5, group })
  }
  return steps.sort((a, b) => a.atMs - b.atMs)
}

const TYPE_OF_TRANSIT: Readonly<Record<string, number>> = {
  ...{ 'user-message': 1, 'public-group-user-message': 2, 'group-user-message': 3 },
}
const [STICKER, EMOJI, SYSTEM] = [2, 4, 6]
const [PUBLIC, GROUP] = [2, 3]

/** The chat messages in it, with the numbers of v1. */
function shownIn(recorded: VectorCase): VectorCase[] {
  const { wrapper_type, author, message_id, message, transit_tag } = recorded
  const message_type = TYPE_OF_TRANSIT[recorded.message_type as string]
  if (transit_tag === 'c4') return [{ ...recorded, content_type: 1, message_type }]
  if (wrapper_type === 3) return message ? [{ ...message, author, message_id }] : []
  return wrapper_type === 1 ? [recorded] : []
}

// ---- one party

async function startReplay(c: VectorCase, p: VectorCase) {
  const other = (c.parties as VectorCase[]).find(({ name }) => name !== p.name) as VectorCase
  const otherKey = hex(other.identity_public_key) as never
  const otherId = to0xHex(otherKey)
  const party = await startParty(c, p)
  const { messenger, storage, clock, keys, events } = party
  const keyOf = new Map(
    (c.parties as VectorCase[]).map((one) => [one.name, to0xHex(hex(one.identity_public_key))]),
  )
  const self = keyOf.get(p.name) as string
  for (const name of c.texts.public_chats as string[]) await messenger.join(`#${name}`)
  const ids = {
    written: new Set<string>(),
    read: new Set<string>(),
    acked: new Set<string>(),
  }
  /** Message id -> data sync id of the own messages, from what the other side read. */
  const syncIdOf = syncIdsOf(c, (name) => name === p.name, other.name)
  const groupsSeen = async () =>
    (await messenger.groups.list()).map(({ id, name, members }) => ({
      id,
      name,
      members: members.map(({ publicKey, role, state }) => ({
        id: to0xHex(publicKey),
        admin: role === 'admin',
        joined: state === 'joined',
      })),
    }))

  return {
    nowMs: () => clock.wallMs(),
    at: party.at,
    close: () => messenger.close(),

    async read(envelope: VectorCase): Promise<void> {
      const verdict = envelope.readers[p.name] as VectorCase | undefined
      if (verdict === undefined) return
      // To be told of somebody's bundle the party must have opened a chat with them.
      if (envelope.kind === 'contact-code' && envelope.from !== p.name && verdict.verdict !== 'not-for-me')
        await messenger.join(otherId)
      // In the recording the bundles around public messages were kept of everybody.
      if (isOld(p) && envelope.kind === 'public' && envelope.from !== p.name) await messenger.join(otherId)
      const matched = await party.hear(envelope)
      if (envelope.from === p.name) return // our own echo: the messenger wrote it itself
      expectSame(matched > 0, verdict.verdict !== 'not-for-me', `whether envelope ${envelope.hash} is heard`)
      await party.expectBeginnings()
      for (const message of ((verdict.messages ?? []) as VectorCase[]).flatMap(shownIn)) {
        await expectShown(message)
        ids.read.add(message.message_id)
      }
      await expectMark(envelope)
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
      await party.expectBeginnings()
      const { message_type, content_type, text, sticker } = message
      const chat = chatOf(message)
      if (message_type !== GROUP && message_type !== PUBLIC) await messenger.join(otherId)
      if (isOld(p) && message_type !== GROUP) await messenger.setLegacy(chat, true)
      if (isOld(p)) await forgetHeardClocks(storage, await messenger.messages(chat), chat)
      const responseTo = message.response_to ?? message.responseTo
      const content =
        content_type === EMOJI
          ? { kind: 'emoji' as const }
          : content_type === STICKER && { kind: 'sticker' as const, ...sticker }
      const options = { ...(responseTo && { responseTo }), ...(content && { content }) }
      const said = await messenger.send(chat, text, options)
      expectSame(said.clock, BigInt(message.clock), `clock of "${text}"`)
      expectSame(said.contentType, content_type, `content type of "${text}"`)
      const isFree = isOld(p) || message_type === GROUP
      if (isFree && said.id !== `0x${message.message_id}`) return
      expectSame(said.id, `0x${message.message_id}`, `id of "${text}"`)
      ids.written.add(message.message_id)
    },

    /** Does what made the group as the other one saw it next. */
    async act({ id, name, members }: VectorCase): Promise<void> {
      await party.expectBeginnings()
      const { groups } = messenger
      const known = (await groupsSeen()).find((group) => group.id === id)
      const isIn = (members as VectorCase[]).some(({ member }) => member === p.name)
      if (!known) {
        expect(id.endsWith(self), 'only its creator does something with a group first').toBe(true)
        keys.uuid = hex(id.slice(0, 36).replaceAll('-', ''))
        const group = await groups.create(name, [otherKey], isOld(p) ? { generation: 'legacy' } : {})
        expectSame(group.id, id, 'id of the group')
      } else if (!isIn) await groups.leave(id)
      else if (known.name !== name) await groups.rename(id, name)
      else if (known.members.some((member) => member.id === self && !member.joined)) await groups.accept(id)
      else expect(isOld(p) && id.endsWith(self), 'its creator has to join it, there alone').toBe(true)
    },

    /** The final lists, and the states of the sessions as far as reading decides them. */
    async expectEnd() {
      const shown = events.flatMap((e) => (e.type === 'message' ? [e.message.id.slice(2)] : []))
      expect([...shown].sort(), 'each message once').toEqual([...ids.read].sort())
      expect(events.filter(({ type }) => type === 'undecryptable')).toEqual([])
      expect([...messenger.rejected().keys()]).toEqual([])
      const recorded = (p.final.chats as VectorCase[]).filter(({ type }) => type === 3)
      expect(await groupsSeen()).toEqual(recorded.map(({ id, name, members }) => ({ id, name, members })))
      await expectLists()
      await party.expectStates()
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

  /** All that is said, in its order, the texts that Go makes of changes of groups aside; 0.36.0 stores nothing. */
  async function expectLists(): Promise<void> {
    const recorded = (p.final.stored_messages as VectorCase[]).filter((message) => !isNotice(message))
    for (const id of new Set(recorded.map((message) => message.chat_id as string))) {
      const isGroup = (p.final.chats as VectorCase[]).some((chat) => chat.id === id && chat.type === GROUP)
      const chat = isGroup || id.startsWith('0x') ? id : `#${id}`
      const shown = ({ message_id, text, author, clock, content_type }: VectorCase) => ({
        ...{ text, author, clock, content_type },
        ...(isGroup ? {} : { message_id }),
      })
      const stored = (await messenger.messages(chat)).map((message) =>
        shown({
          ...{ message_id: message.id.slice(2), text: message.text, content_type: message.contentType },
          ...{ author: to0xHex(message.author).slice(2), clock: Number(message.clock) },
        }),
      )
      expect(stored, chat).toEqual(recorded.filter(({ chat_id }) => chat_id === id).map(shown))
    }
  }

  function chatOf({ message_type, chat_id }: VectorCase): string {
    if (message_type === GROUP) return chat_id
    return message_type === PUBLIC ? `#${chat_id}` : otherId
  }

  async function expectShown(message: VectorCase): Promise<void> {
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
        chat: chatOf(message),
      },
      `message ${message.message_id}`,
    )
  }

  /** What the party saw after an envelope. With 0.36.0 whoever created a group has not joined it yet. */
  async function expectMark({ hash }: VectorCase): Promise<void> {
    for (const { party, after_envelope, group_chats } of (c.events ?? []) as VectorCase[]) {
      if (party !== p.name || after_envelope !== hash || !group_chats) continue
      const recorded = (group_chats as VectorCase[]).map(({ id, name, members }) => ({
        ...{ id, name },
        members: (members as VectorCase[]).map(({ member, admin, joined }) => ({
          ...{ id: keyOf.get(member), admin },
          joined: joined || id.endsWith(keyOf.get(member)),
        })),
      }))
      expect(await groupsSeen(), `groups after ${hash}`).toEqual(recorded)
    }
  }
}

/** Of a change of a group, in words; 0.39 has no type for it. */
function isNotice({ content_type, text }: VectorCase): boolean {
  return content_type === SYSTEM || /^@0x04[0-9a-f]{128} /.test(text)
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
