/**
 * Groups of 2019: people on our client and people on status-go 0.36.0 or 0.36.2, made by either, told in Transit. Opt-in.
 *
 * The Go library of the time kept no groups, the application did: the peer does it as that did.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { type GoMessenger, stopGoPeers } from '../../node/test/go-peers.ts'
import {
  type GoChat,
  memberAt,
  ours,
  receiptsOf,
  roleAt,
  seesJoined,
  theirs,
  theySeeJoined,
} from './go-groups.ts'
import { linkedGo, linkedPerson } from './go-scene.ts'
import { type Person, startPerson, startRelay, stopAll, until } from './programs.ts'

afterEach(async () => {
  await stopGoPeers()
  await stopAll()
})

const binaries = [
  { version: '0.36.0', generation: 'v0', binary: process.env.MESSENGER_PEER_036 ?? '' },
  { version: '0.36.2', generation: 'v0.36', binary: process.env.MESSENGER_PEER_0362 ?? '' },
]
for (const { version, generation, binary } of binaries)
  describe.skipIf(!binary)(`groups with status-go ${version}`, { timeout: 180_000 }, () => {
    it('a group of ours: text both ways, roles, name, one removed, we leave', async () => {
      const { go, us, other } = await scene(binary)
      // What they speak is known of who wrote, of the other it has to be said.
      await go.call('sendDirect', { pubkey: us.publicKey, text: 'let us make a group' })
      await until(() => us.messages.length === 1, 'we read them')
      const made = { name: 'ours <of> "2019"', members: [go.publicKey, other.publicKey] }
      await expect(us.rpc.call['group.create'](made)).rejects.toThrow(/generation/)
      const { group } = await us.rpc.call['group.create']({ ...made, generation: 'legacy' })
      expect((await ours(us, group))?.generation).toBe(generation)
      await until(async () => (await theirs(go, group))?.members.length === 3, 'they are invited')
      expect(await theirs(go, group)).toMatchObject({ name: 'ours <of> "2019"' })
      expect(await roleAt(go, group, us.publicKey)).toMatchObject({ admin: true, joined: true })
      await go.call('confirmJoin', { chatId: group })
      await until(() => seesJoined(us, group, go.publicKey), 'we see them join')
      await until(async () => (await ours(other, group)) !== undefined, 'the third is invited')
      await other.rpc.call['group.accept']({ group })
      await until(() => seesJoined(us, group, other.publicKey), 'we see the third join')
      await until(() => theySeeJoined(go, group, other.publicKey), 'they see the third join')
      await until(() => seesJoined(other, group, go.publicKey), 'the third sees them join')

      const { messageId } = await us.rpc.call['chat.send']({ to: group, text: 'hello from TypeScript' })
      await until(() => go.heard.some(({ text }) => text === 'hello from TypeScript'), 'they read us')
      const [heard] = await go.call<{ id: string; messageType: string | number }[]>('messages', {
        chatId: group,
      })
      expect(heard).toMatchObject({
        id: messageId,
        messageType: version === '0.36.0' ? 'group-user-message' : 2,
      })
      await until(async () => (await receiptsOf(us, messageId)) === 2, 'both have it')
      await go.call('send', { chatId: group, text: 'hello from Go' })
      for (const person of [us, other])
        await until(() => person.messages.some(({ text }) => text === 'hello from Go'), 'we read them')
      expect(us.messages.at(-1)).toMatchObject({ chat: group, author: go.publicKey })

      await us.rpc.call['group.promote']({ group, members: [go.publicKey] })
      await until(async () => (await roleAt(go, group, go.publicKey))?.admin === true, 'they are admin')
      await us.rpc.call['group.rename']({ group, name: 'ours and theirs' })
      await until(async () => (await theirs(go, group))?.name === 'ours and theirs', 'they see the name')
      await go.call('changeGroupName', { chatId: group, name: 'theirs & ours' })
      await until(async () => (await ours(other, group))?.name === 'theirs & ours', 'the third sees theirs')
      await go.call('removeMember', { chatId: group, member: other.publicKey })
      await until(async () => (await ours(other, group))?.membership === 'left', 'the third is removed')
      await until(async () => (await ours(us, group))?.members.length === 2, 'we see that')
      await us.rpc.call['group.leave']({ group })
      await until(async () => (await theirs(go, group))?.members.length === 1, 'they see us leave')
      await nothingRefused(go, [us, other], group)
    })

    for (const style of ['library', 'app'] as const)
      it(`a group of theirs, made as the ${style} did: we join, become admin, invite, rename, they leave`, async () => {
        const { go, us, other } = await scene(binary)
        const made = await go.call<{ chats: GoChat[] }>('createGroup', {
          ...{ name: 'theirs', style },
          members: [us.publicKey],
        })
        const group = made.chats[0]?.id as string
        await until(async () => (await ours(us, group))?.membership === 'invited', 'we are invited')
        await go.call('confirmJoin', { chatId: group })
        await until(() => seesJoined(us, group, go.publicKey), 'we see them join')
        await go.call('send', { chatId: group, text: 'do come in' })
        await us.rpc.call['group.accept']({ group })
        await until(() => theySeeJoined(go, group, us.publicKey), 'they see us join')
        const { messageId } = await us.rpc.call['chat.send']({ to: group, text: 'thank you' })
        await until(() => go.heard.some(({ text }) => text === 'thank you'), 'they read us')
        await until(async () => (await receiptsOf(us, messageId)) === 1, 'they have it')
        await go.call('send', { chatId: group, text: 'sit down' })
        await until(() => us.messages.some(({ text }) => text === 'sit down'), 'we read them')

        await go.call('addAdmins', { chatId: group, members: [us.publicKey] })
        await until(async () => (await memberAt(us, group, us.publicKey))?.role === 'admin', 'we are admin')
        await us.rpc.call['group.invite']({ group, members: [other.publicKey] })
        await until(async () => (await theirs(go, group))?.members.length === 3, 'they see whom we invite')
        await until(async () => (await ours(other, group))?.membership === 'invited', 'the third is invited')
        await other.rpc.call['group.decline']({ group })
        await until(async () => (await theirs(go, group))?.members.length === 2, 'they see the third decline')
        await us.rpc.call['group.rename']({ group, name: 'of us all' })
        await until(async () => (await theirs(go, group))?.name === 'of us all', 'they see the name')
        await go.call('leaveGroup', { chatId: group })
        await until(async () => (await ours(us, group))?.members.length === 1, 'we see them leave')
        await nothingRefused(go, [us, other], group)
      })

    it('two of them and one of us: all see the same, whoever changes it', async () => {
      const { enode } = await startRelay()
      const [go, second] = [await linkedGo(binary, enode), await linkedGo(binary, enode)]
      const us = await startPerson({ peers: [enode] })
      await until(() => us.peers.at(-1)?.state === 'up', 'our link')
      const made = await go.call<{ chats: GoChat[] }>('createGroup', {
        name: 'three',
        members: [us.publicKey, second.publicKey],
      })
      const group = made.chats[0]?.id as string
      await go.call('confirmJoin', { chatId: group })
      await until(async () => (await ours(us, group))?.membership === 'invited', 'we are invited')
      await us.rpc.call['group.accept']({ group })
      await until(async () => (await theirs(second, group)) !== undefined, 'the second is invited')
      await until(() => theySeeJoined(second, group, us.publicKey), 'the second sees us join')
      await second.call('confirmJoin', { chatId: group })
      await until(() => seesJoined(us, group, second.publicKey), 'we see the second join')
      for (const { publicKey } of [go, second]) await until(() => seesJoined(us, group, publicKey), 'joined')
      await us.rpc.call['chat.send']({ to: group, text: 'to both' })
      for (const one of [go, second])
        await until(() => one.heard.some(({ text }) => text === 'to both'), 'they read us')
      await second.call('send', { chatId: group, text: 'from the second' })
      await until(() => us.messages.some(({ text }) => text === 'from the second'), 'we read it')
      await until(() => go.heard.some(({ text }) => text === 'from the second'), 'so does the first')
      await go.call('removeMember', { chatId: group, member: us.publicKey })
      await until(async () => (await ours(us, group))?.membership === 'left', 'we are removed')
      await go.call('send', { chatId: group, text: 'among us' })
      await until(() => second.heard.some(({ text }) => text === 'among us'), 'they go on')
      expect(us.messages.map(({ text }) => text)).toEqual(['from the second'])
    })
  })

async function scene(binary: string): Promise<{ go: GoMessenger; us: Person; other: Person }> {
  const { enode } = await startRelay()
  const go = await linkedGo(binary, enode)
  return { go, us: await linkedPerson(enode), other: await linkedPerson(enode) }
}

async function nothingRefused(go: GoMessenger, people: readonly Person[], group: string): Promise<void> {
  for (const person of people) {
    expect((await ours(person, group))?.rejected ?? []).toEqual([])
    expect((await person.rpc.call['stats.rejected']({})).rejected).toEqual({})
  }
  expect(go.complaints).toEqual([])
}
