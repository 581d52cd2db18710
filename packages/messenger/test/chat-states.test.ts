/** What was seen, muted and put away; and clocks that somebody moved far ahead. */
import { chatMessage, wrap } from '@status-protocol/payload'
import { seededRandom, type VirtualClock, virtualClock } from '@status-protocol/testkit'
import type { Post } from '@status-protocol/whisper'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ChatId } from '../src/chat.ts'
import type { MessageIdText } from '../src/message.ts'
import { createRouter } from '../src/routing.ts'
import { getChat, putChat, putMessage, putUnread } from '../src/tables.ts'
import { type Scripted, scripted } from './support/scripted.ts'
import { quickCrypto } from './support/world.ts'

const random = seededRandom(77)
const key = random.bytes(32)
const author = { privateKey: key, publicKey: quickCrypto.publicKey(key) }
const router = createRouter(key, quickCrypto, async () => undefined)

let clock: VirtualClock
let alice: Scripted
let post: (text: string, clock: bigint) => Promise<Post>

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
}
const now = (): bigint => BigInt(clock.wallMs())
const said = async (text: string, at: bigint, how = {}): Promise<void> => {
  alice.hear(await post(text, at), author.publicKey, how)
  await settled()
}
const state = async () => (await alice.messenger.chatStates()).find(({ chat }) => chat.id === '#room')
const ids = async (): Promise<readonly MessageIdText[]> =>
  (await alice.messenger.messages('#room', { limit: 1000 })).map(({ id }) => id)

beforeEach(async () => {
  clock = virtualClock()
  alice = await scripted(71, clock)
  alice.sealsAtOnce = true
  await alice.messenger.join('#room')
  const { topic, symmetricKey } = await router.publicChat('room')
  post = async (text, at) => ({
    to: { symKey: symmetricKey },
    topic,
    payload: wrap(chatMessage({ chatId: 'room', text, clock: at, timestamp: at }), author),
    ttlSeconds: 10,
    powTarget: 0,
  })
})

describe('unread', () => {
  it('counts what others say, until the person has seen it, or some of it', async () => {
    for (let i = 1; i <= 5; i++) await said(`${i}`, now() + BigInt(i))
    await alice.messenger.send('#room', 'own')
    expect(await state()).toMatchObject({ unread: 5, muted: false, archived: false })
    const third = (await ids())[2] as MessageIdText
    expect(await alice.messenger.markSeen('#room', third)).toBe(2)
    expect(await alice.messenger.markSeen('#room', third)).toBe(2)
    expect(await state()).toMatchObject({ unread: 2 })
    expect(await alice.messenger.markSeen('#room')).toBe(0)
    await settled()
    const told = alice.events.filter(({ type }) => type === 'chat')
    expect(told).toMatchObject([{ unread: 2 }, { unread: 0 }])
  })

  it('counts what comes late, below what was seen', async () => {
    await said('second', now() + 2n)
    expect(await alice.messenger.markSeen('#room')).toBe(0)
    await said('first', now() + 1n)
    expect(await state()).toMatchObject({ unread: 1 })
    expect(alice.events.filter((event) => event.type === 'message').map(({ late }) => late)).toEqual([
      false,
      true,
    ])
    const [first, second] = await ids()
    expect(await alice.messenger.markSeen('#room', first)).toBe(0)
    await said('zeroth', now())
    expect(await alice.messenger.markSeen('#room', second)).toBe(0)
  })

  it('counts nothing twice, nor what is own, and outlives the process', async () => {
    const again = await post('hello', now() + 1n)
    for (let i = 0; i < 3; i++) alice.hear(again, author.publicKey)
    await settled()
    alice.hear(alice.posts.at(-1)?.post ?? again, alice.publicKey)
    await settled()
    expect(await state()).toMatchObject({ unread: 1 })
    await alice.restart()
    expect(await state()).toMatchObject({ unread: 1 })
  })

  it('more than one commit takes', async () => {
    await said('first', now())
    const [first] = await alice.messenger.messages('#room')
    const record = await getChat(alice.storage, '#room' as ChatId)
    if (!first || !record) return expect.unreachable()
    const more = Array.from({ length: 1203 }, (_, i) => ({
      ...first,
      id: `0x${i.toString(16).padStart(64, '0')}` as MessageIdText,
      clock: first.clock + 1n + BigInt(i),
    }))
    const stored = more.flatMap((message) => [...putMessage(message), putUnread(message)])
    await alice.storage.commit([...stored, putChat({ ...record, unread: 1204 })])
    expect(await alice.messenger.markSeen('#room', more.at(-4)?.id)).toBe(3)
    expect(await state()).toMatchObject({ unread: 3 })
  })

  it('what is not there is refused', async () => {
    const nothing = `0x${'0'.repeat(64)}` as MessageIdText
    await expect(alice.messenger.markSeen('#room', nothing)).rejects.toMatchObject({
      code: 'no-such-message',
    })
    await expect(alice.messenger.markSeen('#elsewhere')).rejects.toMatchObject({ code: 'not-joined' })
    await expect(alice.messenger.setArchived('nobody', true)).rejects.toMatchObject({ code: 'invalid-chat' })
  })
})

describe('muted and put away', () => {
  it('comes back with a message, unless it is muted', async () => {
    const { messenger } = alice
    await messenger.setArchived('#room', true)
    expect(await state()).toMatchObject({ archived: true })
    await said('hello', now())
    expect(await state()).toMatchObject({ archived: false, unread: 1 })
    await messenger.mute('#room')
    await messenger.setArchived('#room', true)
    await said('hello again', now() + 1n)
    expect(await state()).toMatchObject({ archived: true, muted: true, unread: 2 })
    await messenger.send('#room', 'here I am')
    expect(await state()).toMatchObject({ archived: false, muted: true })
    await messenger.unmute('#room')
    await messenger.unmute('#room')
    await alice.restart()
    expect(await state()).toMatchObject({ archived: false, muted: false, unread: 2 })
  })
})

describe('a clock far ahead', () => {
  const DAY_MS = 86_400_000n
  const nextClock = async (): Promise<bigint> => (await alice.messenger.send('#room', 'hi')).clock

  const shown = async () =>
    (await alice.messenger.messages('#room')).map(({ text, clock: at, claimedClock }) => [
      ...[text, at - now()],
      ...(claimedClock === undefined ? [] : [claimedClock - now()]),
    ])

  it('of an envelope that says that it is from then is not believed', async () => {
    const year = now() + 365n * DAY_MS
    await said('from the future', year, { sentUnixSeconds: Number(year / 1000n), direct: true })
    expect(await shown()).toEqual([['from the future', DAY_MS, 365n * DAY_MS]])
    expect((await nextClock()) - now()).toBeLessThanOrEqual(120_001n)
  })

  it('is not what an archive makes of a message by dating its envelope back', async () => {
    await said('yesterday', now() - DAY_MS, {
      sentUnixSeconds: Number((now() - 9n * DAY_MS) / 1000n),
      direct: true,
    })
    expect(await shown()).toEqual([['yesterday', -DAY_MS]])
  })

  it('that an archive hands over does not pull the chat along', async () => {
    const hour = now() + 3_600_000n
    await said('an hour ahead', hour, { sentUnixSeconds: Number(hour / 1000n), direct: true })
    expect(await ids()).toHaveLength(1)
    // What everybody else takes of somebody whose clock is right.
    expect((await nextClock()) - now()).toBeLessThanOrEqual(120_001n)
    await said('and honest', now() + 119_000n)
    expect((await nextClock()) - now()).toBeLessThanOrEqual(120_002n)
  })

  it('two minutes ahead of its envelope is as far as it goes', async () => {
    await said('just so', now() + 120_000n)
    await said('too far', now() + 120_001n)
    expect(await shown()).toEqual([
      ['too far', 0n, 120_001n],
      ['just so', 120_000n],
    ])
    expect(await nextClock()).toBe(now() + 120_001n)
  })
})
