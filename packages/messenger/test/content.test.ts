/** What is said besides text: stickers, images, emoji, what is not known; muted, flagged, limited. */
import { to0xHex } from '@status-protocol/bytes'
import { CONTENT_TYPES, chatMessage, IMAGE_FORMATS, wrapPayload } from '@status-protocol/payload'
import { threeWordName } from '@status-protocol/trust'
import { publicChat } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { contentOf } from '../src/content.ts'
import { createPublicLimits, MAX_PUBLIC_PER_MINUTE } from '../src/public-limits.ts'
import { SMALL_PNG, say } from './support/saying.ts'
import { type Person, quickCrypto, textsHeard, World } from './support/world.ts'

let world: World
afterEach(() => world?.close())

async function two(seed: number): Promise<{ alice: Person; bob: Person }> {
  world = new World(seed)
  const [alice, bob] = [await world.person('alice'), await world.person('bob')]
  world.join(alice, bob)
  for (const { messenger } of [alice, bob]) await messenger.join('#status')
  await world.run(200)
  return { alice, bob }
}
const shown = async ({ messenger }: Person, chat: string) =>
  (await messenger.messages(chat)).map(({ text, content }) => ({ text, content }))
const nowMs = () => BigInt(world.clock.wallMs())

describe('messages that are not plain text', () => {
  it('arrive as they were said, in public and in private', async () => {
    const { alice, bob } = await two(401)
    const hash = 'e30101701220fa3cf75c3fe84964b807e666c92ae1ac69e498aa8d8f9817dc55a72147f9404a'
    for (const chat of ['#status', bob.id]) {
      await alice.messenger.send(chat, '\u{1f6a2}', { content: { kind: 'emoji' } })
      await alice.messenger.send(chat, 'waves', { content: { kind: 'status' } })
      await alice.messenger.send(chat, '', { content: { kind: 'sticker', pack: 4, hash } })
      const { id } = await alice.messenger.send(chat, 'look', {
        content: { kind: 'image', bytes: SMALL_PNG },
      })
      const there = chat === '#status' ? chat : alice.id
      await world.until(async () => (await shown(bob, there)).length === 4, 'all four')
      const expected = [
        { text: '\u{1f6a2}', content: { kind: 'emoji' } },
        { text: 'waves', content: { kind: 'status' } },
        { text: 'Sticker', content: { kind: 'sticker', pack: 4, hash } },
        { text: 'look', content: { kind: 'image', imageType: 'image/png', bytes: SMALL_PNG.length } },
      ]
      expect(await shown(bob, there)).toEqual(expected)
      expect(await shown(alice, chat)).toEqual(expected)
      for (const { messenger } of [alice, bob])
        expect(await messenger.image(id)).toEqual({ type: 'image/png', bytes: SMALL_PNG })
    }
  })

  it('are checked before they are sent', async () => {
    const { alice } = await two(402)
    const large = new Uint8Array(300_001)
    large.set(SMALL_PNG)
    for (const content of [
      { kind: 'image', bytes: new Uint8Array(9) },
      { kind: 'image', bytes: large },
      { kind: 'sticker', pack: -1, hash: 'ab' },
      { kind: 'sticker', pack: 1, hash: 'no hex' },
    ] as const)
      await expect(alice.messenger.send('#status', 'x', { content })).rejects.toMatchObject({
        code: 'invalid-content',
      })
    await expect(alice.messenger.send('#status', ' ', { content: { kind: 'emoji' } })).rejects.toMatchObject({
      code: 'invalid-text',
    })
  })

  it('are images only if they begin like one, of bounded size, whatever they say of their format', () => {
    const image = (payload: Uint8Array, format: number = IMAGE_FORMATS.png) =>
      contentOf(
        chatMessage({ chatId: 'status', text: 'x', clock: 1, timestamp: 1, image: { payload, format } }),
      )
    expect(image(SMALL_PNG, 99)).toMatchObject({ ok: true, content: { imageType: 'image/png' } })
    expect(image(new Uint8Array(20))).toEqual({ ok: false, reason: 'image-format-unknown' })
    expect(image(new Uint8Array(300_001))).toEqual({ ok: false, reason: 'image-too-large' })
    for (const [type, ...bytes] of [
      ['image/jpeg', 0xff, 0xd8, 0xff],
      ['image/gif', 0x47, 0x49, 0x46],
      ['image/webp', 0x52, 0x49, 0x46, 0x46, 0, 0, 0, 0, 0x57, 0x45, 0x42, 0x50],
    ] as const)
      expect(image(Uint8Array.from(bytes))).toMatchObject({ content: { imageType: type } })
  })

  it('of a content type that is not known keep their text', () => {
    const message = chatMessage({ chatId: 'status', text: 'x', clock: 1, timestamp: 1, contentType: 50 })
    expect(contentOf(message)).toEqual({ ok: true, content: { kind: 'unknown', type: 50 } })
    const system = { ...message, contentType: CONTENT_TYPES.systemPrivateGroup }
    expect(contentOf(system)).toEqual({ ok: true })
  })
})

describe('messages of a type that is not known', () => {
  it('are named, in private and in public', async () => {
    const { alice, bob } = await two(405)
    const wrapped = wrapPayload(Uint8Array.of(8, 1), 23, alice.account.chatKey, { crypto: quickCrypto })
    await say(world, alice, bob, wrapped)
    const { topic, symmetricKey } = await publicChat('status', { crypto: quickCrypto })
    await alice.whisper.service.post({
      to: { symKey: symmetricKey },
      topic,
      payload: wrapped,
      signer: await alice.whisper.service.addKeyPair(alice.account.chatKey.privateKey),
    })
    await world.run(1_000)
    const named = {
      text: 'message of type 23, which this version does not know',
      content: { kind: 'unknown', type: 23 },
    }
    expect(await shown(bob, alice.id)).toEqual([named])
    // The same words of the same author are one message, wherever they came first.
    const elsewhere = wrapPayload(Uint8Array.of(8, 2), 23, alice.account.chatKey, { crypto: quickCrypto })
    await alice.whisper.service.post({
      to: { symKey: symmetricKey },
      topic,
      payload: elsewhere,
      signer: await alice.whisper.service.addKeyPair(alice.account.chatKey.privateKey),
    })
    await world.run(1_000)
    expect(await shown(bob, '#status')).toEqual([named])
  })
})

describe('muted chats and people', () => {
  it('are told without a sound, others as before', async () => {
    const { alice, bob } = await two(406)
    await bob.messenger.mute(alice.id)
    await alice.messenger.send('#status', 'one')
    await alice.messenger.send(bob.id, 'two')
    await world.until(() => textsHeard(bob).length === 2, 'both')
    await bob.messenger.unmute(alice.id)
    await bob.messenger.mute('#status')
    await alice.messenger.send('#status', 'three')
    await alice.messenger.send(bob.id, 'four')
    await world.until(() => textsHeard(bob).length === 4, 'both')
    const muted = bob.events.flatMap((e) =>
      e.type === 'message' ? [[e.message.text, e.muted === true]] : [],
    )
    expect(Object.fromEntries(muted)).toEqual({ one: true, two: true, three: true, four: false })
  })
})

describe('names and texts that mislead', () => {
  it('are flagged and not altered', async () => {
    const { alice, bob } = await two(407)
    const carol = await world.person('carol')
    world.join(carol, bob)
    await bob.messenger.addContact(alice.messenger.publicKey, 'Alice')
    const claims = [
      { ensName: '\u0410lice', text: 'I am \u202egnihton\u202c', warnings: ['bidi', 'look-alike'] },
      {
        ensName: threeWordName(alice.messenger.publicKey).toUpperCase(),
        text: 'a',
        warnings: ['look-alike'],
      },
      { ensName: threeWordName(bob.messenger.publicKey), text: 'b', warnings: ['look-alike'] },
      { ensName: 'al\u200bice', text: 'c', warnings: ['look-alike'] },
      { ensName: 'alice\u200f', text: 'd', warnings: ['bidi', 'look-alike'] },
      { ensName: 'carol', text: 'e \u05d0\u200f', warnings: undefined },
    ]
    for (const { ensName, text } of claims)
      await say(
        world,
        carol,
        bob,
        chatMessage({
          ...{ chatId: to0xHex(bob.messenger.publicKey), text, ensName },
          ...{ clock: nowMs(), timestamp: nowMs() },
        }),
      )
    const seen = (await bob.messenger.messages(carol.id)).map(({ text, claimedName, warnings }) => ({
      ...{ ensName: claimedName, text, warnings },
    }))
    expect(seen).toEqual(claims)
    await say(
      world,
      alice,
      bob,
      chatMessage({
        ...{ chatId: to0xHex(bob.messenger.publicKey), text: 'me', ensName: 'Alice' },
        ...{ clock: nowMs(), timestamp: nowMs() },
      }),
    )
    expect((await bob.messenger.messages(alice.id))[0]?.warnings, 'their own name').toBeUndefined()
  })
})

describe('what one person may say in a public chat', () => {
  it('is limited for each minute in which it was sent, in whatever order it comes', () => {
    const limits = createPublicLimits(3)
    const [a, b] = [new Uint8Array(65).fill(1), new Uint8Array(65).fill(2)]
    const takes = (author: Uint8Array, minute: number, chat = '#x') =>
      limits.takes(chat as never, author, minute * 60 + 5)
    expect([1, 2, 3, 4].map(() => takes(a, 10))).toEqual([true, true, true, false])
    expect(takes(b, 10)).toBe(true)
    expect(takes(a, 10, '#y')).toBe(true)
    expect([9, 11, 8, 8, 8, 8].map((minute) => takes(a, minute))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ])
    for (let i = 0; i < 20_000; i++) limits.takes('#x' as never, Uint8Array.of(i >> 8, i), 0)
    expect(takes(a, 10), 'forgotten: the memory is bounded').toBe(true)
  })

  it('and more is counted, not shown; others are heard', async () => {
    const { alice, bob } = await two(408)
    const carol = await world.person('carol')
    world.join(carol, bob)
    await carol.messenger.join('#status')
    await world.run(200)
    await world.run(60_000 - (world.clock.wallMs() % 60_000) + 1_000, 500)
    for (let i = 0; i < 150; i++) await alice.messenger.send('#status', `flood ${i}`)
    await carol.messenger.send('#status', 'can you hear me?')
    await world.until(() => textsHeard(bob).includes('can you hear me?'), 'carol')
    await world.run(3_000)
    expect(textsHeard(bob).filter((text) => text.startsWith('flood'))).toHaveLength(MAX_PUBLIC_PER_MINUTE)
    expect(bob.messenger.rejected().get('rate-limited')).toBe(150 - MAX_PUBLIC_PER_MINUTE)
  })
})
