/** Run in Chromium beside the golden files: two people over Whisper nodes that a link in memory joins. */
import { to0xHex } from '@status-protocol/bytes'
import { systemRandom } from '@status-protocol/crypto'
import { createMessenger, type Messenger } from '@status-protocol/messenger'
import { type ConformanceCase, checkEqual } from '@status-protocol/ports/testing'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { accountFromMnemonic, generateMnemonic } from '@status-protocol/trust'
import { createWhisper, type Whisper } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'

interface Person {
  readonly whisper: Whisper
  readonly messenger: Messenger
}

async function withTwo(run: (alice: Person, bob: Person) => Promise<void>): Promise<void> {
  const people = await Promise.all(['alice', 'bob'].map(person))
  const [alice, bob] = people as [Person, Person]
  const { a, b } = createMemoryLinkPair()
  void alice.whisper.attach(a)
  void bob.whisper.attach(b)
  try {
    await run(alice, bob)
  } finally {
    for (const { messenger, whisper } of people) {
      await messenger.close()
      await whisper.close()
    }
  }
}

async function person(): Promise<Person> {
  const whisper = createWhisper()
  const account = accountFromMnemonic(generateMnemonic(systemRandom))
  const storage = createMemoryStorage()
  return { whisper, messenger: await createMessenger({ account, storage, whisper: whisper.service }) }
}

/** The next `count` messages, as their texts and securities. */
async function heard(messenger: Messenger, count: number): Promise<string[]> {
  const texts: string[] = []
  for await (const event of messenger.events({ after: 0n })) {
    if (event.type !== 'message') continue
    texts.push(`${event.message.text} (${event.message.security})`)
    if (texts.length === count) break
  }
  return texts
}

export const cases: readonly ConformanceCase[] = [
  {
    name: 'two people talk in public',
    run: () =>
      withTwo(async (alice, bob) => {
        await alice.messenger.join('#status')
        await bob.messenger.join('#status')
        await alice.messenger.send('#status', 'hello')
        checkEqual(await heard(bob.messenger, 1), ['hello (whisper)'], 'what bob heard')
      }),
  },
  {
    name: 'two people talk in private, by the ratchet as soon as they know each other',
    run: () =>
      withTwo(async (alice, bob) => {
        const [toAlice, toBob] = [to0xHex(alice.messenger.publicKey), to0xHex(bob.messenger.publicKey)]
        await alice.messenger.send(toBob, 'hello')
        checkEqual(await heard(bob.messenger, 1), ['hello (dh)'], 'what bob heard')
        await bob.messenger.send(toAlice, 'and hello')
        checkEqual(await heard(alice.messenger, 1), ['and hello (ratchet)'], 'what alice heard')
      }),
  },
]
