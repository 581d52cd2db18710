/**
 * A person on our client and one on status-go 0.36.0 of 2019-11-27, whose payloads are Transit, through our relay and through
 * statusd: what each says, first contact both ways, history. Opt-in.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { startStatusd as startMailserver } from '../../../packages/mailserver/test/support/statusd.ts'
import { type GoMessenger, startGoMessenger, startStatusd, stopGoPeers } from '../../node/test/go-peers.ts'
import { seesJoined, theirs } from './go-groups.ts'
import { linkedGo, linkedPerson, linkGo } from './go-scene.ts'
import { type Person, startPerson, startRelay, stopAll, until } from './programs.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await stopGoPeers()
  await stopAll()
  for (const end of ends.splice(0).reverse()) await end()
})

const binary = process.env.MESSENGER_PEER_036
const messengers = [
  { version: '0.36.0', binary: binary ?? '' },
  { version: '0.36.2', binary: process.env.MESSENGER_PEER_0362 ?? '' },
]
const relays = [
  { name: 'our relay', start: startRelay },
  { name: 'statusd 0.36.0', binary: process.env.STATUSD_036 },
  { name: 'statusd', binary: process.env.STATUSD },
].flatMap(({ name, start, binary }) => {
  if (start) return [{ name, start: () => start() as Promise<{ enode: string }> }]
  return binary ? [{ name, start: () => startStatusd(binary) as Promise<{ enode: string }> }] : []
})

/** As the peer of 2019 shows what it read. */
interface GoMessage {
  readonly text: string
  readonly contentType: string
  readonly messageType: string
  readonly clock: number
  readonly timestamp: number
  readonly contentChatId: string
  readonly contentText: string
  readonly responseTo: string
}

const A_MINUTE = 60_000
const WITHIN = 30_000

/** A clock or a time is not further from `then` than the test may take. */
const near = (value: number, then: number) => Math.abs(value - then) < WITHIN

async function scene(
  enode: string,
  flags: readonly string[] = [],
  program: string = binary as string,
): Promise<{ go: GoMessenger; us: Person }> {
  const key = randomBytes(32).toString('hex')
  const go = await startGoMessenger(program, key, randomUUID(), flags)
  await linkGo(go, enode)
  return { go, us: await linkedPerson(enode) }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const readBy = (go: GoMessenger, chatId: string) => go.call<GoMessage[]>('messages', { chatId })
const rejectedBy = async ({ rpc }: Person) => (await rpc.call['stats.rejected']({})).rejected

describe.skipIf(!binary)('public chat with a client of 2019', () => {
  for (const { name, start } of relays)
    it(`through ${name}: marked, both ways, as the library and as the application sent it`, async () => {
      const { go, us } = await scene((await start()).enode)
      await us.rpc.call['chat.join']({ chat: '#interop' })
      await us.rpc.call['chat.setLegacy']({ chat: '#interop', legacy: true })
      await go.call('joinPublic', { name: 'interop' })

      const before = Date.now()
      const { messageId } = await us.rpc.call['chat.send']({
        to: '#interop',
        text: 'from <us> & "you" \u{1f6a2}',
      })
      await until(() => go.heard.length === 1, 'they read us')
      expect(go.heard[0]).toMatchObject({ chatId: 'interop', from: us.publicKey })
      const [heard] = await readBy(go, 'interop')
      expect(heard).toMatchObject({
        ...{ id: messageId, text: 'from <us> & "you" \u{1f6a2}', contentText: 'from <us> & "you" \u{1f6a2}' },
        ...{ contentType: 'text/plain', messageType: 'public-group-user-message', contentChatId: 'interop' },
      })
      expect(near(heard?.clock ?? 0, before + A_MINUTE)).toBe(true)
      expect(near(heard?.timestamp ?? 0, before)).toBe(true)
      await until(
        () => us.deliveries.some((d) => d.messageId === messageId && d.state === 'relayed'),
        'relayed',
      )

      await go.call('sendPublic', { name: 'interop', text: 'from the library' })
      await until(() => us.messages.length === 1, 'we read it')
      await sleep(1_000) // its clock goes on when it has heard itself
      await go.call('sendPublic', {
        ...{ name: 'interop', text: 'from the application' },
        message: { asApplication: true },
      })
      await until(() => us.messages.length === 2, 'we read that too')
      expect(us.messages).toMatchObject([
        { chat: '#interop', text: 'from the library', author: go.publicKey },
        { chat: '#interop', text: 'from the application', author: go.publicKey },
      ])
      const { messages } = await us.rpc.call['chat.messages']({ chat: '#interop' })
      expect(messages.map(({ text }) => text)).toEqual([
        'from <us> & "you" \u{1f6a2}',
        'from the library',
        'from the application',
      ])
      const emoji = { kind: 'emoji' } as const
      await us.rpc.call['chat.send']({
        to: '#interop',
        text: '\u{1f6a2}',
        content: emoji,
        responseTo: messageId,
      })
      await until(() => go.heard.length === 2, 'they read the emoji')
      expect((await readBy(go, 'interop')).at(-1)).toMatchObject({
        contentType: 'emoji',
        responseTo: messageId,
      })
      expect(await rejectedBy(us)).toEqual({})
    })
})

describe.skipIf(!binary)('private chat with a client of 2019', () => {
  for (const { name, start } of relays)
    for (const discovery of ['partitioned', 'generic'] as const)
      for (const first of ['we', 'they'] as const)
        it(`through ${name}, it hears the ${discovery} topic, ${first} begin: X3DH, ratchet turns, delivered`, async () => {
          const { go, us } = await scene(
            (await start()).enode,
            discovery === 'generic' ? ['-generic-discovery'] : [],
          )
          await us.rpc.call['chat.join']({ chat: go.publicKey })
          await us.rpc.call['contact.add']({ publicKey: go.publicKey })
          if (first === 'we') await us.rpc.call['chat.setLegacy']({ chat: go.publicKey, legacy: true })
          // Somebody who hears the generic topic writes first messages on it; only marked chats listen there.
          else if (discovery === 'generic')
            await us.rpc.call['chat.setLegacy']({ chat: go.publicKey, legacy: true })
          const before = Date.now()
          const ids: string[] = []
          for (let turn = 0; turn < 3; turn++)
            for (const who of first === 'we' ? ['we', 'they'] : ['they', 'we']) {
              const text = `turn ${turn} ${who}`
              if (who === 'we')
                ids.push((await us.rpc.call['chat.send']({ to: go.publicKey, text })).messageId)
              else await go.call('sendDirect', { pubkey: us.publicKey, text })
              if (who === 'we')
                await until(() => go.heard.some((m) => m.text === text), `they read "${text}"`)
              else await until(() => us.messages.some((m) => m.text === text), `we read "${text}"`)
            }
          expect(go.heard.map(({ text }) => text)).toEqual([0, 1, 2].map((turn) => `turn ${turn} we`))
          expect(us.messages.map(({ text }) => text)).toEqual([0, 1, 2].map((turn) => `turn ${turn} they`))
          expect(us.messages.every((m) => m.author === go.publicKey && m.chat === go.publicKey)).toBe(true)
          expect(us.messages.at(-1)?.security).toBe('ratchet')
          for (const id of ids)
            await until(
              () => us.deliveries.some((d) => d.messageId === id && d.state === 'delivered'),
              'acknowledged',
            )
          const theirs = (await readBy(go, us.publicKey)).filter(({ text }) => text.endsWith('we'))
          for (const message of theirs) {
            expect(message).toMatchObject({ contentType: 'text/plain', messageType: 'user-message' })
            expect(near(message.clock, before + A_MINUTE)).toBe(true)
            expect(near(message.timestamp, before)).toBe(true)
          }
          const { messages } = await us.rpc.call['chat.messages']({ chat: go.publicKey })
          const order = first === 'we' ? ['we', 'they'] : ['they', 'we']
          expect(messages.map(({ text }) => text)).toEqual(
            [0, 1, 2].flatMap((turn) => order.map((who) => `turn ${turn} ${who}`)),
          )
          expect(messages.every(({ timestampMs }) => near(timestampMs, before))).toBe(true)
          expect(await rejectedBy(us)).toEqual({})
        })
})

/** Transit in the wrapper of 2019, of a kind that was never known. */
const riddle = (text: string) => Buffer.from(`["~#zz9",["${text}"]]`).toString('hex')

describe.skipIf(!binary)('who speaks what, with a client of 2019', () => {
  it('is found out when they write first, remembered, told, and answered in', async () => {
    const { enode } = await startRelay()
    const { go, us } = await scene(enode)
    await us.rpc.call['contact.add']({ publicKey: go.publicKey })
    await us.rpc.call['chat.send']({ to: go.publicKey, text: 'in words of 2020' })
    await go.call('sendDirect', { pubkey: us.publicKey, text: 'hello from 2019' })
    await until(() => us.messages.length === 1, 'we read them')
    expect(us.contacts.filter(({ kind }) => kind === 'generation')).toEqual([
      expect.objectContaining({ publicKey: go.publicKey, generation: 'v0' }),
    ])
    await us.stop()

    const again = await startPerson({ peers: [enode], dataDir: us.dataDir })
    await until(() => again.peers.at(-1)?.state === 'up', 'our link')
    const { contacts } = await again.rpc.call['contact.list']({})
    expect(contacts[0]).toMatchObject({ publicKey: go.publicKey, generation: 'v0' })
    const { messageId } = await again.rpc.call['chat.send']({ to: go.publicKey, text: 'in words of 2019' })
    await until(() => go.heard.length === 1, 'they read us')
    await until(
      () => again.deliveries.some((d) => d.messageId === messageId && d.state === 'delivered'),
      'acknowledged',
    )
    expect(go.heard.map(({ text }) => text)).toEqual(['in words of 2019'])
  })

  it('what of theirs we do not understand is told, once, and shown as no message', async () => {
    const { go, us } = await scene((await startRelay()).enode)
    await us.rpc.call['contact.add']({ publicKey: go.publicKey })
    for (const text of ['what is it?', 'and this?'])
      await go.call('sendRawDirect', { pubkey: us.publicKey, payload: riddle(text) })
    await until(async () => ((await rejectedBy(us))['not-understood'] ?? 0) === 2, 'both came')
    await go.call('sendDirect', { pubkey: us.publicKey, text: 'and something to read' })
    await until(() => us.messages.length === 1, 'the session goes on')
    expect(us.messages[0]?.text).toBe('and something to read')
    expect(us.contacts.filter(({ kind }) => kind === 'not-understood')).toEqual([
      expect.objectContaining({ publicKey: go.publicKey }),
    ])
  })

  it.skipIf(!process.env.MESSENGER_PEER)(
    'people of 2019 and of 2020 do not read each other, but each of them reads us',
    async () => {
      const { enode } = await startRelay()
      const { go: old, us } = await scene(enode)
      const newer = await startGoMessenger(process.env.MESSENGER_PEER as string)
      await linkGo(newer, enode)
      for (const [from, to] of [[old, newer] as const, [newer, old] as const])
        await from.call('sendDirect', { pubkey: to.publicKey, text: 'do you read me?' })
      for (const go of [old, newer]) {
        await us.rpc.call['chat.join']({ chat: go.publicKey })
        await go.call('sendDirect', { pubkey: us.publicKey, text: 'and you?' })
        await until(() => us.messages.some(({ author }) => author === go.publicKey), 'we read them')
        await us.rpc.call['chat.send']({ to: go.publicKey, text: 'I do' })
      }
      for (const go of [old, newer])
        await until(() => go.heard.some(({ text }) => text === 'I do'), 'they read us')
      await sleep(2_000)
      for (const go of [old, newer]) expect(go.heard.map(({ text }) => text)).toEqual(['I do'])
      expect(await rejectedBy(us)).toEqual({})
    },
  )

  for (const flags of [
    ['-no-datasync'],
    ['-no-v1', '-no-datasync'],
    ['-no-v1', '-no-datasync', '-generic-discovery'],
  ])
    it(`${flags.join(' ')}: an older application, both ways, in a marked chat`, async () => {
      const { go, us } = await scene((await startRelay()).enode, flags)
      await us.rpc.call['chat.join']({ chat: go.publicKey })
      await us.rpc.call['chat.setLegacy']({ chat: go.publicKey, legacy: true })
      await go.call('sendDirect', { pubkey: us.publicKey, text: 'from an old phone' })
      await until(() => us.messages.length === 1, 'we read them')
      expect(us.messages[0]).toMatchObject({ text: 'from an old phone', author: go.publicKey })
      await us.rpc.call['chat.send']({ to: go.publicKey, text: 'to an old phone' })
      await until(() => go.heard.length === 1, 'they read us')
      expect(go.heard[0]).toMatchObject({ text: 'to an old phone', from: us.publicKey })
      await go.call('sendDirect', { pubkey: us.publicKey, text: 'again' })
      await until(() => us.messages.length === 2, 'we read them again')
    })
})

/** Then it is in no pool any more. */
const EXPIRED_MS = 20_000
const servers = [process.env.STATUSD_036, process.env.STATUSD].filter((one) => one !== undefined)

for (const { version, binary } of messengers)
  describe.skipIf(!binary)(`history of chats with status-go ${version}`, { timeout: 240_000 }, () => {
    for (const [index, server] of servers.entries())
      it(`from mailserver ${index + 1}: we come back to what was said meanwhile, in public, in private and in a group`, async () => {
        const mail = await startMailserver(server, { mailserver: true })
        ends.push(mail.stop)
        const { go, us } = await scene(mail.enode, [], binary)
        await us.rpc.call['contact.add']({ publicKey: go.publicKey })
        await us.rpc.call['chat.join']({ chat: '#interop' })
        await go.call('sendDirect', { pubkey: us.publicKey, text: 'are you there?' })
        await until(() => us.messages.length === 1, 'we read them')
        const made = await us.rpc.call['group.create']({ name: 'of 2019', members: [go.publicKey] })
        const chatId = made.group
        await until(async () => (await theirs(go, chatId)) !== undefined, 'they are invited')
        await go.call('confirmJoin', { chatId })
        await until(() => seesJoined(us, chatId, go.publicKey), 'we see them join')
        await us.stop()
        const words = ['one', 'two', 'three']
        for (const text of words) {
          await go.call('sendPublic', { name: 'interop', text: `public ${text}` })
          await go.call('sendDirect', { pubkey: us.publicKey, text: `private ${text}` })
          await go.call('send', { chatId, text: `group ${text}` })
          await sleep(1_000)
        }
        await sleep(3_000)
        await go.kill()
        await sleep(EXPIRED_MS)

        const again = await startPerson({ dataDir: us.dataDir, args: ['--mailserver', mail.enode] })
        await until(() => again.history.some(({ change }) => change === 'done'), 'the fetch')
        const textsOf = async (chat: string) =>
          (await again.rpc.call['chat.messages']({ chat })).messages.map(({ text }) => text)
        expect(await textsOf('#interop')).toEqual(words.map((text) => `public ${text}`))
        expect(await textsOf(go.publicKey)).toEqual([
          'are you there?',
          ...words.map((text) => `private ${text}`),
        ])
        expect(await textsOf(chatId)).toEqual(words.map((text) => `group ${text}`))
        expect(again.history.map(({ change }) => change)).not.toContain('server-failed')
      })
  })

/** What the application of 2019 told its contacts. */
const contactOf = (tag: string, name: string) =>
  Buffer.from(`["~#${tag}",["${name}","","0x${'11'.repeat(20)}","",["^ "]]]`).toString('hex')

for (const { version, binary } of messengers)
  describe.skipIf(!binary)(`contacts with status-go ${version}`, () => {
    it('they ask, we answer, they hear of news; what they confirm makes us mutual', async () => {
      const { go, us } = await scene((await startRelay()).enode, [], binary)
      const stateOf = async () => {
        const { contacts } = await us.rpc.call['contact.list']({})
        const { people } = await us.rpc.call['contact.requests']({})
        return [...contacts, ...people].find(({ publicKey }) => publicKey === go.publicKey)
      }
      await go.call('sendDirect', { pubkey: us.publicKey, text: 'hello' })
      await until(() => us.messages.length === 1, 'we read them')
      await go.call('sendRawDirect', { pubkey: us.publicKey, payload: contactOf('c2', 'bob') })
      await until(async () => (await stateOf())?.state === 'received', 'they ask')
      expect((await stateOf())?.profile).toMatchObject({ name: 'bob' })
      await us.rpc.call['contact.profile']({ name: 'alice' })
      await us.rpc.call['contact.accept']({ publicKey: go.publicKey })
      await until(async () => (await stateOf())?.state === 'mutual', 'we accept')
      const told = (name: string) => () =>
        go.raw.some(
          ({ text, from }) =>
            /^\["~#c[236]"/.test(text) && text.includes(`"${name}"`) && from === us.publicKey,
        )
      await until(told('alice'), 'they are told')
      await us.rpc.call['contact.profile']({ name: 'alice of late' })
      await until(told('alice of late'), 'and of news')
      await go.call('sendRawDirect', { pubkey: us.publicKey, payload: contactOf('c6', 'bob of late') })
      await until(async () => (await stateOf())?.profile?.name === 'bob of late', 'we hear of theirs')
      expect(await rejectedBy(us)).toEqual({})
    })
  })

describe.skipIf(!process.env.MESSENGER_PEER_0362)('a client of 0.36.2', () => {
  it('is found out and answered in what it speaks; in public it is read', async () => {
    const { enode } = await startRelay()
    const go = await linkedGo(process.env.MESSENGER_PEER_0362 as string, enode)
    const us = await linkedPerson(enode)
    await us.rpc.call['contact.add']({ publicKey: go.publicKey })
    await us.rpc.call['chat.join']({ chat: '#interop' })
    const before = Date.now()
    for (let turn = 0; turn < 3; turn++) {
      await go.call('sendDirect', { pubkey: us.publicKey, text: `they ${turn}` })
      await until(() => us.messages.length === turn + 1, 'we read them')
      const { messageId } = await us.rpc.call['chat.send']({ to: go.publicKey, text: `we ${turn}` })
      await until(() => go.heard.length === turn + 1, 'they read us')
      await until(
        () => us.deliveries.some((d) => d.messageId === messageId && d.state === 'delivered'),
        'acknowledged',
      )
    }
    const { contacts } = await us.rpc.call['contact.list']({})
    expect(contacts[0]).toMatchObject({ publicKey: go.publicKey, generation: 'v0.36' })
    expect(us.messages.at(-1)?.security).toBe('ratchet')
    const { messages } = await us.rpc.call['chat.messages']({ chat: go.publicKey })
    expect(messages.map(({ text }) => text)).toEqual(['they 0', 'we 0', 'they 1', 'we 1', 'they 2', 'we 2'])
    for (const { clock } of await readBy(go, us.publicKey)) expect(near(clock, before)).toBe(true)
    await go.call('sendPublic', { name: 'interop', text: 'in public' })
    await until(() => us.messages.length === 4, 'we read that too')
    expect(await rejectedBy(us)).toEqual({})
  })
})
