/** A client that is killed with SIGKILL at random moments: nothing lost, nothing doubled. CLIENT_KILLS=1000 for the soak. */
import { seededRandom } from '@status-protocol/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import { type Person, startPerson, startRelay, stopAll } from './programs.ts'

const KILLS = Number(process.env.CLIENT_KILLS ?? 20)
const random = seededRandom(Number(process.env.SEED ?? 7))

afterEach(stopAll)

describe.skipIf(!lasts)('a client killed at random moments', () => {
  it(`${KILLS} kills while both sides talk: every message that was accepted arrives exactly once`, {
    timeout: 60_000 + KILLS * 20_000,
    retry: 0,
  }, async () => {
    const relay = await startRelay()
    const bob = await startPerson({ peers: [relay.enode] })
    let alice = await startPerson({ peers: [relay.enode] })
    const { dataDir, publicKey } = alice
    const said = { alice: [] as string[], bob: [] as string[] }
    let number = 0

    const speak = async (person: Person, to: string, accepted: string[]): Promise<void> => {
      const text = `message ${number++}`
      await person.rpc.call['chat.send']({ to, text }).then(
        () => accepted.push(text),
        () => undefined, // killed before it answered: it may or may not have been stored
      )
    }
    for (let kill = 0; kill < KILLS; kill++) {
      const talk = (async () => {
        for (let i = 0; i < 4; i++)
          await Promise.all([speak(alice, bob.publicKey, said.alice), speak(bob, publicKey, said.bob)])
      })()
      await new Promise((resolve) => setTimeout(resolve, random.int(1500)))
      await alice.kill()
      await talk
      alice = await startPerson({ peers: [relay.enode], dataDir })
      expect(alice.publicKey).toBe(publicKey)
    }

    const textsAt = async (person: Person, chat: string, isOwn: boolean): Promise<string[]> =>
      (await allMessages(person, chat)).filter((m) => m.own === isOwn).map((m) => m.text)
    const has = (all: string[], wanted: string[]) => {
      const there = new Set(all)
      return wanted.every((text) => there.has(text))
    }
    await untilAsync(
      async () => has(await textsAt(bob, publicKey, false), said.alice),
      "Bob has Alice's messages",
    )
    await untilAsync(
      async () => has(await textsAt(alice, bob.publicKey, false), said.bob),
      "Alice has Bob's messages",
    )

    for (const [person, chat] of [
      [bob, publicKey],
      [alice, bob.publicKey],
    ] as const) {
      const messages = await allMessages(person, chat)
      expect(new Set(messages.map((m) => m.messageId)).size, 'nothing is doubled').toBe(messages.length)
      const texts = messages.map((m) => m.text)
      expect(new Set(texts).size).toBe(texts.length)
    }
    expect(await textsAt(bob, publicKey, false), 'Bob has just what Alice has stored').toEqual(
      await textsAt(alice, bob.publicKey, true),
    )
    expect(
      (await bob.rpc.call['stats.rejected']({})).rejected.undecryptable ?? 0,
      'no session was lost',
    ).toBe(0)
  })
})

/** Page by page. */
async function allMessages(person: Person, chat: string) {
  const read = async (before?: string) =>
    (await person.rpc.call['chat.messages']({ chat, limit: 1000, ...(before ? { before } : {}) })).messages
  let page = await read()
  const all = [...page]
  for (let guard = 0; page.length === 1000 && guard < 1000; guard++) {
    page = await read(page[0]?.messageId)
    all.unshift(...page)
  }
  return all
}

/** Data sync waits longer before each time it sends: what was sent to somebody who was dead for long comes late. */
const LONGEST_WAIT_MS = 60_000 + KILLS * 6_000

async function untilAsync(condition: () => Promise<boolean>, what: string): Promise<void> {
  for (
    const deadline = Date.now() + LONGEST_WAIT_MS;
    !(await condition());
    await new Promise((r) => setTimeout(r, 200))
  )
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`)
}
