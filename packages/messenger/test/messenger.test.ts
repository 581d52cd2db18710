/** Two messengers over Whisper nodes joined by a link in memory. */
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { createMessenger, type Messenger, type MessengerEvent } from '@status-protocol/messenger'
import { chatMessage, wrap } from '@status-protocol/payload'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { createWhisper, publicChat, type Whisper } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { afterEach, describe, expect, it } from 'vitest'

const random = seededRandom(5)
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

function account() {
  const privateKey = random.bytes(32)
  return { chatKey: { privateKey, publicKey: crypto.publicKey(privateKey) } }
}

interface Person {
  readonly messenger: Messenger
  readonly whisper: Whisper
  readonly storage: Storage
  readonly account: ReturnType<typeof account>
  readonly events: MessengerEvent[]
}

async function person(
  given: { storage?: Storage; account?: ReturnType<typeof account> } = {},
): Promise<Person> {
  const whisper = createWhisper()
  const storage = given.storage ?? createMemoryStorage()
  const who = given.account ?? account()
  const messenger = await createMessenger({ account: who, storage, whisper: whisper.service })
  const events: MessengerEvent[] = []
  void (async () => {
    for await (const event of messenger.events()) events.push(event)
  })()
  closing.push(async () => {
    await messenger.close()
    await whisper.close()
  })
  return { messenger, whisper, storage, account: who, events }
}

function connect(a: Person, b: Person): void {
  const { a: left, b: right } = createMemoryLinkPair()
  void a.whisper.attach(left)
  void b.whisper.attach(right)
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; !condition(); await new Promise((r) => setTimeout(r, 5)))
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`)
}

const heard = (p: Person) => p.events.flatMap((e) => (e.type === 'message' ? [e.message.text] : []))
const states = (p: Person, id: string) =>
  p.events.flatMap((e) => (e.type === 'delivery' && e.messageId === id ? [e.state] : []))

describe('two messengers', () => {
  it('talk in public and in private, and hear what became of their messages', async () => {
    const [alice, bob] = [await person(), await person()]
    connect(alice, bob)
    for (const p of [alice, bob]) await p.messenger.join('#status')
    const said = await alice.messenger.send('#status', 'hello all')
    const whispered = await alice.messenger.send(
      `0x${Buffer.from(bob.messenger.publicKey).toString('hex')}`,
      'hello bob',
    )
    await until(() => bob.events.filter((e) => e.type === 'message').length === 2, 'both messages')
    await until(
      () => states(alice, said.id).includes('relayed') && states(alice, whispered.id).includes('delivered'),
      'confirmation and acknowledgement',
    )

    expect(heard(bob).sort()).toEqual(['hello all', 'hello bob'])
    expect(states(alice, said.id)).toEqual(['queued', 'sent', 'relayed'])
    expect(states(alice, whispered.id)).toEqual(['queued', 'sent', 'relayed', 'delivered'])
    expect(heard(alice), 'no echo of own messages').toEqual([])

    const event = bob.events.find((e) => e.type === 'message' && e.chat === '#status')
    if (event?.type !== 'message') throw new Error('no message event')
    await bob.messenger.reply(event, 'hello alice')
    await until(() => heard(alice).length === 1, 'the reply')
    const [one, two] = [await alice.messenger.messages('#status'), await bob.messenger.messages('#status')]
    expect(one.map((m) => [m.text, m.responseTo])).toEqual([
      ['hello all', undefined],
      ['hello alice', said.id],
    ])
    expect(two.map((m) => m.id)).toEqual(one.map((m) => m.id))
    expect(one[0]?.delivery).toBe('relayed')
  })

  it('show a message once, however often and in however many envelopes it comes', async () => {
    const [alice, bob] = [await person(), await person()]
    connect(alice, bob)
    await bob.messenger.join('#status')
    await alice.messenger.join('#status')
    const said = await alice.messenger.send('#status', 'once')
    await until(() => heard(bob).length === 1, 'the message')
    const [record] = await bob.messenger.messages('#status')
    expect(record?.id).toBe(said.id)
    // The same wrapper in an envelope of its own, as a resend after expiry makes it.
    const content = chatMessage({
      chatId: 'status',
      text: 'once',
      clock: said.clock,
      timestamp: said.timestampMs,
    })
    const payload = wrap(content, alice.account.chatKey)
    await alice.whisper.service.post({
      to: { symKey: (await publicChat('status')).symmetricKey },
      topic: (await publicChat('status')).topic,
      payload,
      signer: await alice.whisper.service.addKeyPair(alice.account.chatKey.privateKey),
    })
    await alice.messenger.send('#status', 'after')
    await until(() => heard(bob).length === 2, 'the one after')
    expect(heard(bob)).toEqual(['once', 'after'])
  })

  it('count what they keep out', async () => {
    const [alice, bob] = [await person(), await person()]
    connect(alice, bob)
    await bob.messenger.join('#status')
    const { topic, symmetricKey } = await publicChat('status')
    for (const payload of [random.bytes(50), new Uint8Array([1])])
      await alice.whisper.service.post({ to: { symKey: symmetricKey }, topic, payload })
    await until(
      () =>
        (bob.messenger.rejected().get('not-understood') ?? 0) +
          (bob.messenger.rejected().get('unsigned-envelope') ?? 0) ===
        2,
      'both are counted',
    )
    expect(heard(bob)).toEqual([])
  })
})

describe('a messenger over restarts', () => {
  it('sends what was queued when it stopped, and listens to its chats again', async () => {
    const [alice, bob] = [await person(), await person()]
    await alice.messenger.join('#status')
    await bob.messenger.join('#status')
    const said = await alice.messenger.send('#status', 'written while alone')
    await until(() => states(alice, said.id).includes('sent'), 'sealed')
    await alice.messenger.close()
    await alice.whisper.close()

    const again = await person(alice)
    connect(again, bob)
    await until(() => heard(bob).length === 1, 'the message of the first run')
    await bob.messenger.send('#status', 'welcome back')
    await until(() => heard(again).includes('welcome back'), 'the chat is listened to')
    expect((await again.messenger.messages('#status')).map((m) => m.text)).toEqual([
      'written while alone',
      'welcome back',
    ])
  })

  it('tells events again from any number on', async () => {
    const alice = await person()
    await alice.messenger.join('#status')
    for (let i = 0; i < 5; i++) await alice.messenger.send('#status', `n${i}`)
    const seqs: bigint[] = []
    for await (const { seq } of alice.messenger.events({ after: 0n })) {
      seqs.push(seq)
      if (seq >= 5n) break
    }
    expect(seqs).toEqual([1n, 2n, 3n, 4n, 5n])
    const resumed: bigint[] = []
    for await (const { seq } of alice.messenger.events({ after: 3n })) {
      resumed.push(seq)
      if (seq >= 5n) break
    }
    expect(resumed).toEqual([4n, 5n])
  })
})

describe('what a messenger refuses', () => {
  it('chats that are none, chats not joined, unknown messages', async () => {
    const { messenger } = await person()
    const code = (c: string) => expect.objectContaining({ code: c })
    await expect(messenger.send('#Upper', 'x')).rejects.toThrow(code('invalid-chat'))
    await expect(messenger.send('0x04', 'x')).rejects.toThrow(code('invalid-chat'))
    await expect(messenger.send('#never-joined', 'x')).rejects.toThrow(code('not-joined'))
    await messenger.join('#status')
    await expect(messenger.send('#status', '')).rejects.toThrow(code('invalid-text'))
    const before = `0x${'00'.repeat(32)}` as never
    await expect(messenger.messages('#status', { before })).rejects.toThrow(code('no-such-message'))
    await messenger.close()
    await expect(messenger.join('#status')).rejects.toThrow(code('closed'))
  })

  it('pages back in the order of (clock, id)', async () => {
    const { messenger } = await person()
    await messenger.join('#status')
    for (let i = 0; i < 25; i++) await messenger.send('#status', `n${i}`)
    const pages: string[] = []
    let page = await messenger.messages('#status', { limit: 10 })
    for (let guard = 0; page.length > 0 && guard < 9; guard++) {
      pages.unshift(...page.map((m) => m.text))
      page = await messenger.messages('#status', { limit: 10, before: page[0]!.id })
    }
    expect(pages).toEqual(Array.from({ length: 25 }, (_, i) => `n${i}`))
  })
})
