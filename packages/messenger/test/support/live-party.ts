/** One party of a recorded live session, as the messenger plays it: its keys, its clock, its node, and how it ends. */
import { equal } from '@status-protocol/bytes'
import { type Installation, storageReads } from '@status-protocol/double-ratchet'
import { createMessenger, type Messenger, type MessengerEvent } from '@status-protocol/messenger'
import type { Storage } from '@status-protocol/ports'
import { expectSame, hex, type VectorCase, type VirtualClock, virtualClock } from '@status-protocol/testkit'
import { readVectorFile } from '@status-protocol/testkit/vitest'
import { advance, RecordedRandom, RecordedWhisper, recordedStorage, remembering } from './recorded.ts'

export interface LiveParty {
  readonly messenger: Messenger
  readonly storage: Storage
  readonly clock: VirtualClock
  readonly service: RecordedWhisper
  readonly keys: RecordedRandom
  readonly events: readonly MessengerEvent[]
  partyOf(name: string): VectorCase
  /** Until that time. */
  at(ms: number): Promise<void>
  /** What came, read with the recorded keys; the filters that it went through. */
  hear(envelope: VectorCase): Promise<number>
  /** Sessions that the party begins with whatever it writes next: with installations that it knows, and has none with. */
  expectBeginnings(first?: string): Promise<void>
  /** The states of the sessions, as far as reading decides them. */
  expectStates(): Promise<void>
}

export async function liveCases(): Promise<readonly VectorCase[]> {
  return ((await readVectorFile('live-sessions.json'))?.cases ?? []) as VectorCase[]
}

export async function startParty(c: VectorCase, p: VectorCase): Promise<LiveParty> {
  const parties = c.parties as VectorCase[]
  const partyOf = (name: string) => parties.find((party) => party.name === name) as VectorCase
  const clock = virtualClock((c.envelopes as VectorCase[])[0]?.at_unix_ms - 2_000)
  const storage = await recordedStorage(p)
  const service = new RecordedWhisper()
  const keys = new RecordedRandom(p)
  const messenger = await createMessenger({
    account: {
      chatKey: { privateKey: hex(p.identity_private_key), publicKey: hex(p.identity_public_key) as never },
    },
    ...{ storage, whisper: service, clock, scheduler: clock, random: keys, crypto: remembering },
  })
  const events: MessengerEvent[] = []
  void (async () => {
    for await (const event of messenger.events()) events.push(event)
  })()
  const known = new Set<string>()
  const installationsOf = (party: VectorCase): Promise<readonly Installation[]> =>
    storageReads(storage).installations(hex(party.identity_public_key) as never)

  return {
    ...{ messenger, storage, clock, service, keys, events, partyOf },
    at: (ms) => advance(clock, ms - clock.wallMs()),
    async hear(envelope) {
      const from = partyOf(envelope.from).installation_id
      await advance(clock, 1)
      keys.reading = from
      const matched = service.give(envelope)
      await advance(clock, 5)
      keys.reading = undefined
      if (envelope.from !== p.name && matched > 0) known.add(from)
      return matched
    },
    async expectBeginnings(first) {
      const all = (await Promise.all(parties.map(installationsOf))).flat()
      const begun = all.flatMap(({ id, sessions }) => (sessions.length > 0 ? [id] : []))
      const open = (p.sessions as VectorCase[])
        .filter(({ role }) => role === 'initiator')
        .map((session) => session.their_installation_id as string)
        .filter((id) => !begun.includes(id) && known.has(id))
      keys.beginning = [...open.filter((id) => id === first), ...open.filter((id) => id !== first)]
      keys.rewind()
    },
    async expectStates() {
      for (const session of p.sessions as VectorCase[]) {
        const id = session.their_installation_id as string
        const from = parties.find((party) => party.installation_id === id) as VectorCase
        const ratchet = (await installationsOf(from))
          .find((installation) => installation.id === id)
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
    },
  }
}

/** Data sync id of each message that these parties wrote to the other one, as that one read it. */
export function syncIdsOf(
  c: VectorCase,
  isFrom: (name: string) => boolean,
  reader: string,
): Map<string, string> {
  const found = new Map<string, string>()
  for (const { from, readers } of c.envelopes as VectorCase[]) {
    const { messages = [], mvds } = (readers[reader] ?? {}) as VectorCase
    if (isFrom(from) && mvds?.message_ids?.length === messages.length)
      for (const [i, message] of (messages as VectorCase[]).entries())
        found.set(message.message_id, mvds.message_ids[i])
  }
  return found
}
