/** Contact requests, profiles and what is said besides text, with people on status-go. Opt-in. */
import { afterEach, describe, expect, it } from 'vitest'
import { startStatusd, stopGoPeers } from '../../node/test/go-peers.ts'
import { weAndGo } from './go-scene.ts'
import { type Person, startPerson, stopAll, until } from './programs.ts'

afterEach(async () => {
  await stopGoPeers()
  await stopAll()
})

const messengers = [process.env.MESSENGER_PEER, process.env.MESSENGER_PEER_B].filter(
  (binary) => binary !== undefined,
)
const PNG = 'iVBORw0KGgo='

interface GoContact {
  readonly id: string
  readonly name?: string
  readonly photoPath?: string
  readonly systemTags: readonly string[] | null
}

async function pair(binary: string) {
  const { go, us } = await weAndGo(binary)
  const seenByGo = async () =>
    (await go.call<GoContact[] | null>('contacts'))?.find(({ id }) => id === us.publicKey)
  const stateOf = async () => {
    const { contacts } = await us.rpc.call['contact.list']({})
    const { people } = await us.rpc.call['contact.requests']({})
    return [...contacts, ...people].find(({ publicKey }) => publicKey === go.publicKey)
  }
  return { go, us, seenByGo, stateOf }
}

describe.skipIf(messengers.length === 0)('contacts with the Go messenger', () => {
  for (const [index, binary] of messengers.entries()) {
    it(`messenger ${index + 1}: we ask, they see name and picture, they answer`, async () => {
      const { go, us, seenByGo, stateOf } = await pair(binary)
      await us.rpc.call['contact.profile']({ name: 'alice.stateofus.eth', picture: PNG })
      await us.rpc.call['contact.request']({ publicKey: go.publicKey })
      await until(async () => (await seenByGo())?.name === 'alice.stateofus.eth', 'they see who asks')
      const seen = await seenByGo()
      expect(seen?.photoPath).toBe(`data:image/png;base64,${PNG}`)
      expect(seen?.systemTags).toContain(':contact/request-received')

      await go.call('contactUpdate', {
        pubkey: us.publicKey,
        ensName: 'bob.stateofus.eth',
        profileImage: `data:image/png;base64,${PNG}`,
      })
      await until(async () => (await stateOf())?.state === 'mutual', 'they answer')
      expect((await stateOf())?.profile).toEqual({
        name: 'bob.stateofus.eth',
        picture: { type: 'image/png', bytes: 8 },
      })
      await us.rpc.call['contact.profile']({ name: 'alice' })
      await until(async () => (await seenByGo())?.name === 'alice', 'they hear of news')
      expect((await us.rpc.call['stats.rejected']({})).rejected).toEqual({})
    })

    it(`messenger ${index + 1}: they ask and are blocked; nothing of theirs is acknowledged`, async () => {
      const { go, us, stateOf } = await pair(binary)
      await go.call('contactUpdate', { pubkey: us.publicKey, ensName: 'bob', profileImage: '' })
      await until(async () => (await stateOf())?.state === 'received', 'they ask')
      await us.rpc.call['contact.block']({ publicKey: go.publicKey })
      await go.call('sendDirect', { pubkey: us.publicKey, text: 'do you hear me?' })
      await new Promise((resolve) => setTimeout(resolve, 4_000))
      expect(us.messages).toEqual([])
      await us.rpc.call['contact.unblock']({ publicKey: go.publicKey })
    })

    it(`messenger ${index + 1}: emoji and stickers both ways`, async () => {
      const { go, us } = await pair(binary)
      await us.rpc.call['chat.join']({ chat: go.publicKey })
      const hash = 'e30101701220fa3cf75c3fe84964b807e666c92ae1ac69e498aa8d8f9817dc55a72147f9404a'
      await us.rpc.call['chat.send']({ to: go.publicKey, text: '\u{1f6a2}', content: { kind: 'emoji' } })
      await us.rpc.call['chat.send']({
        to: go.publicKey,
        text: '',
        content: { kind: 'sticker', pack: 1, hash },
      })
      await us.rpc.call['chat.send']({
        to: go.publicKey,
        text: 'look',
        content: { kind: 'image', base64: PNG },
      })
      await until(() => go.heard.length === 3, 'they read all of it')
      expect(go.heard.map(({ text }) => text).sort()).toEqual(['Sticker', 'look', '\u{1f6a2}'])

      await go.call('sendDirect', {
        ...{ pubkey: us.publicKey, text: 'a sticker' },
        message: { contentType: 2, sticker: { pack: 2, hash } },
      })
      await until(() => us.messages.length === 1, 'we read their sticker')
      expect(us.messages[0]?.content).toEqual({ kind: 'sticker', pack: 2, hash })

      expect((await us.rpc.call['stats.rejected']({})).rejected).toEqual({})
    })
  }
})

describe.skipIf(!process.env.STATUSD_036)('chats for clients of 2019, through statusd 0.36.0', () => {
  it('public ones, and private ones on the discovery topic', async () => {
    const { enode } = await startStatusd(process.env.STATUSD_036 as string)
    const people: Person[] = []
    for (let i = 0; i < 2; i++) people.push(await startPerson({ peers: [enode] }))
    const [alice, bob] = people as [Person, Person]
    for (const { peers } of people) await until(() => peers.at(-1)?.state === 'up', 'a link')
    for (const { rpc } of people) await rpc.call['chat.join']({ chat: '#old-times' })
    await alice.rpc.call['chat.setLegacy']({ chat: '#old-times', legacy: true })
    await alice.rpc.call['chat.send']({ to: '#old-times', text: 'in the old way' })
    await until(() => bob.messages.length === 1, 'heard')
    await alice.rpc.call['chat.setLegacy']({ chat: bob.publicKey, legacy: true })
    await bob.rpc.call['chat.setLegacy']({ chat: alice.publicKey, legacy: true })
    const { messageId } = await alice.rpc.call['chat.send']({ to: bob.publicKey, text: 'hello' })
    await until(
      () => alice.deliveries.some((d) => d.messageId === messageId && d.state === 'delivered'),
      'delivered',
    )
    expect(bob.messages.map(({ text }) => text)).toEqual(['in the old way', 'hello'])
  })
})
