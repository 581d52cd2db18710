/** Mailservers in the world of the tests: real ones, over links in memory, that can be cut and tampered with. */
import { createMailserver, type EnvelopeArchive } from '@status-protocol/mailserver'
import type { HistoryChange, MessengerEvent } from '@status-protocol/messenger'
import { createMemoryArchive } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { createWhisper, type Whisper, type WhisperLink } from '@status-protocol/whisper'
import { createMemoryLinkPair, type PacketInTransit } from '@status-protocol/whisper/testing'
import { type Person, quickCrypto, type World } from './world.ts'

export interface TestMailserver {
  readonly archive: EnvelopeArchive
  readonly whisper: Whisper
  /** Requests that came. */
  asked: number
  /** Joins a person as any other node. */
  join(person: Person): WhisperLink
  /** Joins a person who asks it; `carry` is the way of packets. Returns its end of the link. */
  serve(person: Person, carry?: (packet: PacketInTransit) => void): WhisperLink
}

let servers = 0

export async function mailserver(
  world: World,
  archive: EnvelopeArchive = createMemoryArchive(),
): Promise<TestMailserver> {
  const number = ++servers
  const parts = { clock: world.clock, scheduler: world.clock, crypto: quickCrypto }
  const server = await createMailserver({
    ...{ ...parts, archive, password: 'status-offline-inbox', minPow: 0 },
    limits: { requestBurst: 100_000 },
  })
  const whisper = createWhisper({
    ...{ ...parts, random: seededRandom(number), minPow: 0, beforeConfirm: server.beforeConfirm },
    mail: {
      ...server.mail,
      request(from, request) {
        test.asked++
        return server.mail.request(from, request)
      },
    },
  })
  const pair = (person: Person, carry?: (packet: PacketInTransit) => void) =>
    createMemoryLinkPair({
      a: { id: new Uint8Array(64).fill(number) },
      b: { id: idOf(person) },
      ...(carry && { carry }),
    })
  const test: TestMailserver = {
    ...{ archive, whisper, asked: 0 },
    join(person) {
      const { a, b } = pair(person)
      void whisper.attach(a)
      void person.whisper.attach(b)
      return a
    },
    serve(person, carry) {
      const { a, b } = pair(person, carry)
      void whisper.attach(a)
      void person.whisper.attach(person.messenger.mail.guard(b))
      return a
    },
  }
  return test
}

export const changesOf = (events: readonly MessengerEvent[]): HistoryChange[] =>
  events.flatMap((event) => (event.type === 'history' ? [event.change] : []))

/** How often a fetch has ended. */
export const ends = ({ events }: Person): number =>
  changesOf(events).filter(({ type }) => type === 'done' || type === 'failed').length

function idOf({ name }: Person): Uint8Array {
  const id = new Uint8Array(64).fill(0xee)
  id.set(new TextEncoder().encode(name).subarray(0, 64))
  return id
}
