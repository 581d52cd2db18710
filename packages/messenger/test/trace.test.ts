/** What the optional trace tells about a message on its way through the layers. */
import { toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { createMessenger, type Messenger, type MessengerTrace } from '@status-protocol/messenger'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { createWhisper, partitionedDiscovery, publicChat, type Whisper } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { afterEach, expect, it } from 'vitest'

const random = seededRandom(11)
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface Person {
  readonly messenger: Messenger
  readonly whisper: Whisper
  readonly privateKey: Uint8Array
  readonly steps: MessengerTrace[]
  readonly heard: string[]
}

async function person(): Promise<Person> {
  const privateKey = random.bytes(32)
  const account = { chatKey: { privateKey, publicKey: crypto.publicKey(privateKey) } }
  const [whisper, steps, heard]: [Whisper, MessengerTrace[], string[]] = [createWhisper(), [], []]
  const messenger = await createMessenger({
    account,
    storage: createMemoryStorage(),
    whisper: whisper.service,
    trace: (step) => void steps.push(step),
  })
  void (async () => {
    for await (const event of messenger.events())
      heard.push(event.type === 'message' ? event.message.text : event.type === 'delivery' ? event.state : '')
  })()
  closing.push(async () => {
    await messenger.close()
    await whisper.close()
  })
  return { messenger, whisper, privateKey, steps, heard }
}

async function pair(): Promise<[Person, Person]> {
  const [alice, bob] = [await person(), await person()]
  const { a, b } = createMemoryLinkPair()
  void alice.whisper.attach(a)
  void bob.whisper.attach(b)
  return [alice, bob]
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; !condition(); await new Promise((r) => setTimeout(r, 5)))
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`)
}

const keyOf = (p: Person) => `0x${toHex(p.messenger.publicKey)}`
const stepsOf = (p: Person, id: string) =>
  p.steps.filter((step) =>
    'messageId' in step ? step.messageId === id : step.messageIds.includes(id as never),
  )
const only = <Type extends MessengerTrace['type']>(p: Person, type: Type, id: string) => {
  const found = stepsOf(p, id).find((step) => step.type === type)
  if (!found) throw new Error(`no step ${type} of ${id}`)
  return found as Extract<MessengerTrace, { type: Type }>
}

async function say(from: Person, to: Person, text: string): Promise<string> {
  const { id } = await from.messenger.send(keyOf(to), text)
  await until(() => to.heard.includes(text), text)
  await until(() => from.heard.at(-1) === 'delivered', `${text} is acknowledged`)
  return id
}

it('follows a private message through payload, data sync, session and Whisper', async () => {
  const [alice, bob] = await pair()
  const hello = await say(alice, bob, 'hello Bob')
  expect(stepsOf(alice, hello).map(({ type }) => type)).toEqual(['composed', 'synced', 'encrypted', 'posted'])

  const composed = only(alice, 'composed', hello)
  expect(composed).toMatchObject({ chat: keyOf(bob), textBytes: 9 })
  expect(only(alice, 'synced', hello).syncId).toHaveLength(32)
  const encrypted = only(alice, 'encrypted', hello)
  expect(encrypted).toMatchObject({ session: 'dh', devices: 0, acks: 0, to: bob.messenger.publicKey })
  expect(composed.wrapperBytes).toBeGreaterThan(composed.textBytes)
  expect(encrypted.syncBytes).toBeGreaterThan(composed.wrapperBytes)
  expect(encrypted.protocolMessageBytes).toBeGreaterThan(encrypted.syncBytes)
  const posted = only(alice, 'posted', hello)
  expect(posted).toMatchObject({ way: 'partitioned', powTarget: 0.002, ttlSeconds: 15 })
  expect(posted.payloadBytes).toBe(encrypted.protocolMessageBytes)
  expect(posted.topic).toEqual(partitionedDiscovery(bob.messenger.publicKey).topic)

  const received = only(bob, 'received', hello)
  expect(received).toMatchObject({ envelope: posted.envelope, topic: posted.topic, security: 'dh' })
  expect(received.atMs).toBeGreaterThanOrEqual(composed.atMs)
})

it('tells how a session begins and goes on, and when the topic is a negotiated one', async () => {
  const [alice, bob] = await pair()
  await say(alice, bob, 'first contact')
  const answer = await say(bob, alice, 'an answer')
  const third = await say(alice, bob, 'a third one')
  expect(only(bob, 'encrypted', answer)).toMatchObject({ session: 'x3dh', devices: 1 })
  expect(only(alice, 'encrypted', third)).toMatchObject({ session: 'ratchet', devices: 1 })
  expect(only(alice, 'posted', third).way).toBe('negotiated')
  expect(only(bob, 'received', third).security).toBe('ratchet')
})

it('follows a public message, which has no session', async () => {
  const [alice, bob] = await pair()
  for (const { messenger } of [alice, bob]) await messenger.join('#status')
  const { id } = await alice.messenger.send('#status', 'hello all')
  await until(() => bob.heard.includes('hello all'), 'the message')
  expect(stepsOf(alice, id).map(({ type }) => type)).toEqual(['composed', 'posted'])
  expect(only(alice, 'posted', id).payloadBytes).toBe(only(alice, 'composed', id).wrapperBytes)
  expect(only(alice, 'posted', id)).toMatchObject({
    way: 'public',
    topic: (await publicChat('status')).topic,
  })
  expect(only(bob, 'received', id).security).toBe('whisper')
})

it('holds neither text nor secret keys', async () => {
  const [alice, bob] = await pair()
  await say(alice, bob, 'nobody else may read this')
  await say(bob, alice, 'nor this answer')
  const told = JSON.stringify([...alice.steps, ...bob.steps], (_, value: unknown) =>
    value instanceof Uint8Array ? `${toHex(value)} ${new TextDecoder().decode(value)}` : value,
  )
  expect(told).toContain('ratchet')
  for (const secret of ['nobody', 'answer', toHex(alice.privateKey), toHex(bob.privateKey)])
    expect(told).not.toContain(secret)
})
