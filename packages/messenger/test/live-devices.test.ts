/**
 * The recorded session of a person with one device and one with two (0.55), replayed by the messenger for each of the three
 * devices: pairing, sync, what is said on one is on the other, what is acknowledged to one is known on both. See
 * `live-sessions.test.ts` for the way of it. What Go says of itself with fewer fields than ours (pairing, the sync of
 * everything) has other ids here; what the other devices make of the recorded one counts.
 */
import { fromHex, to0xHex } from '@status-protocol/bytes'
import { expectSame, hex, type VectorCase } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { getSyncMessage } from '../src/tables.ts'
import { liveCases, startParty, syncIdsOf } from './support/live-party.ts'
import { advance } from './support/recorded.ts'

const cases = await liveCases()
const isIn = (c: VectorCase) =>
  new Set((c.parties as VectorCase[]).map((p) => p.identity_public_key)).size <
  (c.parties as VectorCase[]).length
const parts = cases
  .filter(isIn)
  .flatMap((c) => (c.parties as VectorCase[]).map((p) => [c.name, p.name, c, p] as const))

describe.skipIf(cases.length === 0)(
  'a live session of several devices, through the messenger',
  { timeout: 120_000 },
  () => {
    it('is one case of three devices', () => expect(parts).toHaveLength(3))

    it.each(parts)('%s: %s', async (_case, _party, c, p) => {
      const replay = await startReplay(c, p)
      for (const step of stepsOf(c, p)) {
        await replay.at(step.atMs)
        if ('envelope' in step) await replay.read(step.envelope)
        else await replay.act(step.said)
      }
      await replay.at(replay.nowMs() + 3_000)
      await replay.expectEnd()
      await replay.close()
    })
  },
)

// ---- the order of things

type Step = { readonly atMs: number } & ({ readonly envelope: VectorCase } | { readonly said: VectorCase })

const [CHAT, UPDATE, PAIR, CONTACT, PUBLIC_CHAT] = [1, 2, 4, 12, 14]

/** What the party wrote, when its clock says, what else it did, when that was heard, and what came, when it came. */
function stepsOf(c: VectorCase, p: VectorCase): Step[] {
  const steps: Step[] = []
  const said = new Set<string>()
  for (const envelope of c.envelopes as VectorCase[]) {
    steps.push({ atMs: envelope.at_unix_ms, envelope })
    if (envelope.from !== p.name) continue
    for (const [reader, { messages = [] }] of Object.entries(envelope.readers as Record<string, VectorCase>))
      for (const message of messages as VectorCase[])
        if (!said.has(message.message_id)) {
          said.add(message.message_id)
          const isExact = message.wrapper_type === CHAT || message.wrapper_type === UPDATE
          const atMs = isExact ? Number(message.clock) : envelope.at_unix_ms - 1
          steps.push({ atMs, said: { ...message, reader } })
        }
  }
  return steps.sort((a, b) => a.atMs - b.atMs)
}

// ---- one device

async function startReplay(c: VectorCase, p: VectorCase) {
  const party = await startParty(c, p)
  const { messenger, storage, clock, events, partyOf } = party
  const isOurs = (name: string) => partyOf(name).identity_public_key === p.identity_public_key
  const other = (c.parties as VectorCase[]).find(({ name }) => !isOurs(name)) as VectorCase
  const otherKey = hex(other.identity_public_key)
  const otherId = to0xHex(otherKey)
  const sibling = (c.parties as VectorCase[]).find(({ name }) => name !== p.name && isOurs(name))
  const pairing = (c.envelopes as VectorCase[]).find(
    ({ kind, from }) => kind === 'pairing' && from === p.name,
  )?.readers[p.name].messages[0] as VectorCase | undefined
  if (pairing)
    await messenger.devices.setMetadata(p.installation_id, {
      name: pairing.name,
      deviceType: pairing.device_type,
    })
  await advance(clock, 5)
  const acked = new Set<string>()
  /** Message id -> data sync id, of what our person's devices said to the other one. */
  const syncIdOf = syncIdsOf(c, isOurs, other.name)
  let hasSynced = false

  return {
    nowMs: () => clock.wallMs(),
    at: party.at,
    close: () => messenger.close(),

    async read(envelope: VectorCase): Promise<void> {
      const verdict = envelope.readers[p.name] as VectorCase
      const from = partyOf(envelope.from)
      const isRead = verdict.verdict !== 'not-for-me'
      // To be told of somebody's bundle the party must have opened a chat with them.
      if (envelope.kind === 'contact-code' && isRead && !isOurs(from.name)) await messenger.join(otherId)
      const matched = await party.hear(envelope)
      if (from.name === p.name) return // our own echo: the messenger wrote it itself
      expectSame(matched > 0, isRead, `whether envelope ${envelope.hash} is heard`)
      await party.expectBeginnings(from.installation_id)
      if (envelope.kind === 'pairing' && isRead) await expectPaired(verdict.messages[0])
      for (const message of (verdict.messages ?? []) as VectorCase[])
        if (message.wrapper_type === CHAT) await expectShown(message)
      const { acks = [], message_ids = [] } = (verdict.mvds ?? {}) as Record<string, string[]>
      for (const id of message_ids)
        expectSame((await storage.get('mvds-seen', fromHex(id))) !== undefined, true, `${id} is in data sync`)
      for (const [id, syncId] of syncIdOf) {
        const own = acks.includes(syncId) ? await messenger.message(`0x${id}` as never) : undefined
        if (!own) continue
        acked.add(id)
        expectSame(own.delivery, 'delivered', `delivery of ${id} after ack in ${envelope.hash}`)
      }
    },

    /** Does what the recorded device did, as far as a person does it. */
    async act(said: VectorCase): Promise<void> {
      await party.expectBeginnings()
      if (said.wrapper_type === PAIR) await messenger.devices.pair()
      if (said.wrapper_type === PUBLIC_CHAT) await messenger.join(`#${said.public_chat}`)
      if (said.wrapper_type === CONTACT) {
        await messenger.addContact(hex(said.contact.slice(2)) as never)
        if (!hasSynced) expect(await messenger.devices.sync()).toMatchObject({ chats: 2, contacts: 1 })
        hasSynced = true
      }
      if (said.wrapper_type === UPDATE && said.reader === other.name) {
        await messenger.requestContact(otherKey as never)
        const syncId = fromHex(syncIdOf.get(said.message_id) as string)
        expect(await getSyncMessage(storage, syncId), 'our contact update is theirs').toBeDefined()
      }
      if (said.wrapper_type !== CHAT) return
      const own = await messenger.send(otherId, said.text)
      expectSame(own.id, `0x${said.message_id}`, `id of "${said.text}"`)
      expectSame(own.clock, BigInt(said.clock), `clock of "${said.text}"`)
    },

    async expectEnd(): Promise<void> {
      const stored = p.final.stored_messages as VectorCase[]
      expect(
        (await messenger.messages(otherId)).map(({ id, text, author, clock: at }) => ({
          message_id: id.slice(2),
          text,
          author: to0xHex(author).slice(2),
          clock: Number(at),
        })),
      ).toEqual(
        stored.map(({ message_id, text, author, clock: at }) => ({ message_id, text, author, clock: at })),
      )
      const chats = (p.final.chats as VectorCase[])
        .filter(({ active }) => active)
        .map(({ id, type }) => (type === 2 ? `#${id}` : id))
      expect((await messenger.chats()).map(({ id }) => id).sort()).toEqual(chats.sort())
      const heard = events.flatMap((e) => (e.type === 'message' ? [e.message.id] : []))
      expect(heard, 'each message of the other person once').toEqual(
        stored.filter(({ author }) => author !== p.identity_public_key).map((m) => `0x${m.message_id}`),
      )
      if (sibling) expect(await messenger.contacts()).toMatchObject([{ publicKey: otherKey }])
      expect(acked.size, 'acknowledgements are heard on each device').toBe(2)
      expect(events.filter(({ type }) => type === 'undecryptable')).toEqual([])
      expect([...messenger.rejected()]).toEqual([])
      const named = { name: 'bob.stateofus.eth' }
      if (sibling) expect(await messenger.profile(), 'what the other device says of us').toEqual(named)
      else expect(await messenger.contactRequests()).toMatchObject([{ publicKey: otherKey, profile: named }])
      await party.expectStates()
    },
  }

  /** The other device is shown, and its owner enables it. */
  async function expectPaired(said: VectorCase): Promise<void> {
    const list = async () =>
      (await messenger.devices.list()).find((d) => d.installationId === said.installation_id)
    expect(await list()).toMatchObject({ name: said.name, deviceType: said.device_type, enabled: false })
    await messenger.devices.setEnabled(said.installation_id, true)
  }

  async function expectShown(message: VectorCase): Promise<void> {
    const stored = await messenger.message(`0x${message.message_id}` as never)
    expectSame(
      stored && {
        text: stored.text,
        clock: stored.clock,
        author: stored.author,
        chat: stored.chat,
        own: stored.own,
      },
      {
        text: message.text,
        clock: BigInt(message.clock),
        author: message.author,
        chat: otherId,
        own: message.author === p.identity_public_key,
      },
      `message ${message.message_id}`,
    )
  }
}
