/**
 * The recorded session of a person with one device and one with two (0.55), replayed by the messenger for each of the three
 * devices: pairing, sync, what is said on one is on the other, what is acknowledged to one is known on both. See
 * `live-sessions.test.ts` for the way of it.
 */
import { equal, fromHex, to0xHex } from '@status-protocol/bytes'
import { storageReads } from '@status-protocol/double-ratchet'
import { createMessenger, type MessengerEvent } from '@status-protocol/messenger'
import { expectSame, hex, type VectorCase, virtualClock } from '@status-protocol/testkit'
import { readVectorFile } from '@status-protocol/testkit/vitest'
import { describe, expect, it } from 'vitest'
import { advance, RecordedRandom, RecordedWhisper, recordedStorage, remembering } from './support/recorded.ts'

const cases = ((await readVectorFile('live-sessions.json'))?.cases ?? []) as VectorCase[]
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

const PAIR = 4
const CHAT = 1
const CONTACT = 12
const PUBLIC_CHAT = 14

/** What the party wrote, when its clock says, what else it did, when that was heard, and what came, when it came. */
function stepsOf(c: VectorCase, p: VectorCase): Step[] {
  const steps: Step[] = []
  const said = new Set<string>()
  for (const envelope of c.envelopes as VectorCase[]) {
    steps.push({ atMs: envelope.at_unix_ms, envelope })
    if (envelope.from !== p.name) continue
    for (const reader of Object.values(envelope.readers as Record<string, VectorCase>))
      for (const message of (reader.messages ?? []) as VectorCase[])
        if (!said.has(message.message_id)) {
          said.add(message.message_id)
          const isChat = message.wrapper_type === CHAT
          steps.push({ atMs: isChat ? Number(message.clock) : envelope.at_unix_ms - 1, said: message })
        }
  }
  return steps.sort((a, b) => a.atMs - b.atMs)
}

// ---- one device

async function startReplay(c: VectorCase, p: VectorCase) {
  const parties = c.parties as VectorCase[]
  const nameOf = new Map(parties.map((party) => [party.installation_id as string, party.name as string]))
  const partyOf = (name: string) => parties.find((party) => party.name === name) as VectorCase
  const isOurs = (name: string) => partyOf(name).identity_public_key === p.identity_public_key
  const other = parties.find(({ name }) => !isOurs(name)) as VectorCase
  const otherKey = hex(other.identity_public_key)
  const otherId = to0xHex(otherKey)
  const sibling = parties.find(({ name }) => name !== p.name && isOurs(name))
  const pairing = (c.envelopes as VectorCase[]).find(
    ({ kind, from }) => kind === 'pairing' && from === p.name,
  )?.readers[p.name].messages[0] as VectorCase | undefined

  const clock = virtualClock((c.envelopes as VectorCase[])[0]?.at_unix_ms - 2_000)
  const storage = await recordedStorage(p)
  const service = new RecordedWhisper()
  const keys = new RecordedRandom(p)
  const messenger = await createMessenger({
    account: {
      chatKey: {
        privateKey: hex(p.identity_private_key),
        publicKey: hex(p.identity_public_key) as never,
      },
    },
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
  if (pairing)
    await messenger.devices.setMetadata(p.installation_id, {
      name: pairing.name,
      deviceType: pairing.device_type,
    })
  await advance(clock, 5)
  const reads = storageReads(storage)
  const sessionsWith = async (identity: Uint8Array) =>
    (await reads.installations(identity as never)).flatMap(({ id, sessions }) =>
      sessions.length > 0 ? [id] : [],
    )
  const acked = new Set<string>()
  /** Data sync id -> message id, of what our person said to the other one. */
  const messageOf = new Map<string, string>()
  for (const { from, readers } of c.envelopes as VectorCase[]) {
    const { messages = [], mvds } = (readers[other.name] ?? {}) as VectorCase
    if (isOurs(from) && mvds?.message_ids?.length === messages.length)
      for (const [i, message] of (messages as VectorCase[]).entries())
        if (message.wrapper_type === CHAT) messageOf.set(mvds.message_ids[i], message.message_id)
  }
  const known = new Set<string>()
  let hasSynced = false

  /** Sessions that the party begins with whatever it writes next: with installations that it knows, and has none with. */
  const expectBeginnings = async (first: string | undefined): Promise<void> => {
    const begun = [...(await sessionsWith(otherKey)), ...(await sessionsWith(hex(p.identity_public_key)))]
    const open = (p.sessions as VectorCase[])
      .filter(({ role }) => role === 'initiator')
      .map((session) => session.their_installation_id as string)
      .filter((id) => !begun.includes(id) && known.has(id))
    keys.beginning = [...open.filter((id) => id === first), ...open.filter((id) => id !== first)]
    keys.rewind()
  }

  return {
    nowMs: () => clock.wallMs(),
    at: (atMs: number) => advance(clock, atMs - clock.wallMs()),
    close: () => messenger.close(),

    async read(envelope: VectorCase): Promise<void> {
      const verdict = envelope.readers[p.name] as VectorCase
      const from = partyOf(envelope.from)
      const isRead = verdict.verdict !== 'not-for-me'
      // To be told of somebody's bundle the party must have opened a chat with them.
      if (envelope.kind === 'contact-code' && isRead && !isOurs(from.name)) await messenger.join(otherId)
      await advance(clock, 1)
      keys.reading = from.installation_id
      const matched = service.give(envelope)
      await advance(clock, 5)
      keys.reading = undefined
      if (from.name === p.name) return // our own echo: the messenger wrote it itself
      expectSame(matched > 0, isRead, `whether envelope ${envelope.hash} is heard`)
      if (isRead) known.add(from.installation_id)
      await expectBeginnings(from.installation_id)
      if (envelope.kind === 'pairing' && isRead) await expectPaired(verdict.messages[0])
      for (const message of (verdict.messages ?? []) as VectorCase[])
        if (message.wrapper_type === CHAT) await expectShown(message)
      const { acks = [], message_ids = [] } = (verdict.mvds ?? {}) as Record<string, string[]>
      for (const id of message_ids)
        expectSame((await storage.get('mvds-seen', fromHex(id))) !== undefined, true, `${id} is in data sync`)
      for (const ack of acks) {
        const message = messageOf.get(ack)
        if (!message) continue
        acked.add(message)
        const own = await messenger.message(`0x${message}` as never)
        expectSame(own?.delivery, 'delivered', `delivery of ${message} after ack in ${envelope.hash}`)
      }
    },

    /** Does what the recorded device did, as far as a person does it. */
    async act(said: VectorCase): Promise<void> {
      await expectBeginnings(undefined)
      if (said.wrapper_type === PAIR) await messenger.devices.pair()
      if (said.wrapper_type === PUBLIC_CHAT) await messenger.join(`#${said.public_chat}`)
      if (said.wrapper_type === CONTACT) {
        await messenger.addContact(hex(said.contact.slice(2)) as never)
        if (!hasSynced) expect(await messenger.devices.sync()).toMatchObject({ chats: 2, contacts: 1 })
        hasSynced = true
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
      for (const session of p.sessions as VectorCase[]) await expectState(session)
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

  async function expectState(session: VectorCase): Promise<void> {
    const from = partyOf(nameOf.get(session.their_installation_id) as string)
    const ratchet = (await reads.installations(hex(from.identity_public_key) as never))
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
      `final state of ${p.name} with ${from.name}`,
    )
  }
}
