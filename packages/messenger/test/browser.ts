/**
 * Run in Chromium beside the golden files: people over Whisper nodes that links in memory join, with stores that last
 * (IndexedDB), encrypted. An iframe is the second tab.
 */
import { to0xHex } from '@status-protocol/bytes'
import { systemRandom } from '@status-protocol/crypto'
import { createMessenger, type Messenger, type MessengerEvent } from '@status-protocol/messenger'
import { type ConformanceCase, check, checkEqual, checkRejects } from '@status-protocol/ports/testing'
import {
  aesGcmCipher,
  createIndexedDbStorage,
  type IndexedDbStorage,
} from '@status-protocol/storage-indexeddb'
import { type Account, accountFromMnemonic, generateMnemonic } from '@status-protocol/trust'
import { createWhisper, type Whisper } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'

interface Person {
  readonly database: string
  readonly account: Account
  readonly id: string
  storage: IndexedDbStorage
  whisper: Whisper
  messenger: Messenger
  /** Of all runs. */
  readonly events: MessengerEvent[]
}

let people = 0

async function person(): Promise<Person> {
  const account = accountFromMnemonic(generateMnemonic(systemRandom))
  const made = {
    database: `messenger ${people++}`,
    account,
    id: to0xHex(account.chatKey.publicKey),
    events: [] as MessengerEvent[],
  } as Person
  await start(made)
  return made
}

const storeOf = ({ database, account }: Person) =>
  createIndexedDbStorage({ name: database, cipher: aesGcmCipher({ key: account.databaseKey.privateKey }) })

async function start(who: Person): Promise<void> {
  who.storage = await storeOf(who)
  who.whisper = createWhisper()
  who.messenger = await createMessenger({
    account: who.account,
    storage: who.storage,
    whisper: who.whisper.service,
  })
  const { messenger } = who
  void (async () => {
    for await (const event of messenger.events()) who.events.push(event)
  })()
}

async function stop({ messenger, whisper, storage }: Person): Promise<void> {
  await messenger.close()
  await whisper.close()
  await storage.close()
}

function connect(a: Person, b: Person): void {
  const ends = createMemoryLinkPair()
  void a.whisper.attach(ends.a)
  void b.whisper.attach(ends.b)
}

async function withTwo(run: (alice: Person, bob: Person) => Promise<void>): Promise<void> {
  const [alice, bob] = [await person(), await person()]
  connect(alice, bob)
  try {
    await run(alice, bob)
  } finally {
    for (const who of [alice, bob]) {
      await stop(who)
      indexedDB.deleteDatabase(who.database)
    }
  }
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let left = 2_000; !isSo(); left--) {
    check(left > 0, `did not happen within 20 s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const heard = ({ events }: Person): string[] =>
  events.flatMap((event) =>
    event.type === 'message'
      ? [`${event.message.text} (${event.security}${event.message.downgraded ? ', downgraded' : ''})`]
      : [],
  )
const states = ({ events }: Person, id: string): string[] =>
  events.flatMap((event) => (event.type === 'delivery' && event.messageId === id ? [event.state] : []))

async function delivered(
  from: Person,
  to: Person,
  ...said: Parameters<Messenger['send']> extends [string, ...infer Rest] ? Rest : never
) {
  const { id } = await from.messenger.send(to.id, ...said)
  await until(() => states(from, id).includes('delivered'), `${said[0]} is delivered`)
  return id
}

async function lists(alice: Person, bob: Person) {
  const list = async (who: Person, chat: string) =>
    (await who.messenger.messages(chat)).map(({ id, text }) => `${id} ${text}`)
  return [await list(alice, bob.id), await list(bob, alice.id)] as const
}

export const cases: readonly ConformanceCase[] = [
  {
    name: 'two people talk in public',
    run: () =>
      withTwo(async (alice, bob) => {
        for (const { messenger } of [alice, bob]) await messenger.join('#status')
        const { id } = await alice.messenger.send('#status', 'hello')
        await until(() => heard(bob).length === 1, 'bob hears it')
        checkEqual(heard(bob), ['hello (whisper)'], 'what bob heard')
        await until(() => states(alice, id).includes('relayed'), 'relayed')
        checkEqual(states(alice, id), ['queued', 'sent', 'relayed'], 'what alice was told')
      }),
  },
  {
    name: 'two people talk in private: first contact, the ratchet, delivered, in one order',
    run: () =>
      withTwo(async (alice, bob) => {
        const first = await delivered(alice, bob, 'hello')
        await delivered(bob, alice, 'and hello', { responseTo: first })
        await delivered(alice, bob, 'how are you?')
        checkEqual(heard(bob), ['hello (dh)', 'how are you? (ratchet)'], 'what bob heard')
        checkEqual(heard(alice), ['and hello (ratchet)'], 'what alice heard')
        checkEqual(states(alice, first), ['queued', 'sent', 'relayed', 'delivered'], 'what alice was told')
        const [ours, theirs] = await lists(alice, bob)
        checkEqual(theirs, ours, 'the list of the other')
      }),
  },
  {
    name: 'a hundred private messages each way at the same time arrive once each',
    run: () =>
      withTwo(async (alice, bob) => {
        const all = Array.from({ length: 100 }, (_, i) => i)
        await Promise.all(
          all.flatMap((i) => [alice.messenger.send(bob.id, `a${i}`), bob.messenger.send(alice.id, `b${i}`)]),
        )
        await until(() => heard(alice).length >= 100 && heard(bob).length >= 100, 'all of them')
        const texts = (who: Person) =>
          heard(who)
            .map((line) => line.split(' ')[0])
            .sort()
        checkEqual(texts(bob), all.map((i) => `a${i}`).sort(), 'what bob heard')
        checkEqual(texts(alice), all.map((i) => `b${i}`).sort(), 'what alice heard')
      }),
  },
  {
    name: 'a conversation goes on from the store: same sessions, same messages, nothing twice',
    run: () =>
      withTwo(async (alice, bob) => {
        await delivered(alice, bob, 'one')
        await delivered(bob, alice, 'two')
        await stop(bob)
        const { id } = await alice.messenger.send(bob.id, 'while you were away')
        await stop(alice)
        for (const who of [alice, bob]) await start(who)
        connect(alice, bob)
        await until(() => states(alice, id).includes('delivered'), 'delivered after the restart')
        await delivered(bob, alice, 'back again')
        checkEqual(heard(bob), ['one (dh)', 'while you were away (ratchet)'], 'what bob heard')
        checkEqual(heard(alice), ['two (ratchet)', 'back again (ratchet)'], 'what alice heard')
        const [ours, theirs] = await lists(alice, bob)
        checkEqual(theirs, ours, 'the list of the other')
        checkEqual(ours.length, 4, 'messages')
      }),
  },
  {
    name: 'security is chosen for a message and for a contact, and less than before is told as downgraded',
    run: () =>
      withTwo(async (alice, bob) => {
        await delivered(alice, bob, 'one')
        await delivered(bob, alice, 'two')
        await delivered(alice, bob, 'three', { security: 'ratchet' })
        await delivered(alice, bob, 'four', { security: 'dh' })
        await alice.messenger.addContact(bob.messenger.publicKey)
        await alice.messenger.setSecurity(bob.messenger.publicKey, 'whisper')
        await alice.messenger.send(bob.id, 'five')
        await until(() => heard(bob).length === 4, 'the fifth')
        const expected = [
          'one (dh)',
          'three (ratchet)',
          'four (dh, downgraded)',
          'five (whisper, downgraded)',
        ]
        checkEqual(heard(bob), expected, 'what bob heard')
      }),
  },
  {
    name: 'two tabs on one account: the second is told so, and goes on where the first one was closed',
    run: () =>
      withTwo(async (alice, bob) => {
        await delivered(alice, bob, 'from the first tab')
        const tab = await openTab()
        const secondTab = () => {
          const { indexedDB, IDBKeyRange, navigator } = tab.contentWindow as Window & typeof globalThis
          const cipher = aesGcmCipher({ key: alice.account.databaseKey.privateKey })
          return createIndexedDbStorage({
            name: alice.database,
            cipher,
            indexedDB,
            IDBKeyRange,
            locks: navigator.locks,
          })
        }
        await checkRejects(secondTab, 'locked', 'the second tab')
        await delivered(alice, bob, 'the first tab goes on')
        await stop(alice)
        const storage = await secondTab()
        const whisper = createWhisper()
        const messenger = await createMessenger({ account: alice.account, storage, whisper: whisper.service })
        const second = { ...alice, events: [], storage, whisper, messenger }
        void (async () => {
          for await (const event of messenger.events()) (second.events as MessengerEvent[]).push(event)
        })()
        connect(second, bob)
        await delivered(second, bob, 'from the second tab')
        await stop(second)
        tab.remove()
        await start(alice)
        checkEqual(
          (await alice.messenger.messages(bob.id)).map(({ text }) => text),
          ['from the first tab', 'the first tab goes on', 'from the second tab'],
          'what the first tab reads',
        )
      }),
  },
]

async function openTab(): Promise<HTMLIFrameElement> {
  const frame = document.createElement('iframe')
  const loaded = new Promise((resolve) => {
    frame.onload = resolve
  })
  frame.src = '/?second-tab'
  document.body.append(frame)
  await loaded
  return frame
}
