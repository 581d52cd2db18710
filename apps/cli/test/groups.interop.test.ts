/** A group of people on our client and people on status-go: roles, texts both ways, leaving. Opt-in. */
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
import { type Person, startRelay, stopAll, until } from './programs.ts'

afterEach(async () => {
  await stopGoPeers()
  await stopAll()
})

const binaries = [process.env.MESSENGER_PEER, process.env.MESSENGER_PEER_B].filter(
  (binary) => binary !== undefined,
)

describe.skipIf(binaries.length === 0)('groups with the Go messenger', { timeout: 180_000 }, () => {
  for (const [index, binary] of binaries.entries()) {
    it(`messenger ${index + 1}: a group of ours`, async () => {
      const { go, us, other } = await scene(binary)
      const { group } = await us.rpc.call['group.create']({
        name: 'ours',
        members: [go.publicKey, other.publicKey],
      })
      await until(async () => (await theirs(go, group))?.members.length === 3, 'they are invited')
      await go.call('confirmJoin', { chatId: group })
      await until(() => seesJoined(us, group, go.publicKey), 'we see them join')
      await until(async () => (await ours(other, group)) !== undefined, 'the third is invited')
      await other.rpc.call['group.accept']({ group })
      await until(() => seesJoined(us, group, other.publicKey), 'we see the third join')
      await until(() => theySeeJoined(go, group, other.publicKey), 'they see the third join')

      const { messageId } = await us.rpc.call['chat.send']({ to: group, text: 'hello from TypeScript' })
      await until(() => go.heard.some(({ text }) => text === 'hello from TypeScript'), 'they read us')
      expect(go.heard.at(-1)).toMatchObject({ chatId: group, from: us.publicKey })
      await until(async () => (await receiptsOf(us, messageId)) === 2, 'both have it')
      await go.call('send', { chatId: group, text: 'hello from Go' })
      for (const person of [us, other])
        await until(() => person.messages.some(({ text }) => text === 'hello from Go'), 'we read them')
      expect(us.messages.at(-1)).toMatchObject({ chat: group, author: go.publicKey })

      await us.rpc.call['group.promote']({ group, members: [go.publicKey] })
      await until(async () => (await roleAt(go, group, go.publicKey))?.admin === true, 'they are admin')
      await us.rpc.call['group.rename']({ group, name: 'ours and theirs' })
      await until(async () => (await theirs(go, group))?.name === 'ours and theirs', 'they see the name')
      await go.call('removeMember', { chatId: group, member: other.publicKey })
      await until(async () => (await ours(other, group))?.membership === 'left', 'the third is removed')
      await until(async () => (await ours(us, group))?.members.length === 2, 'we see that')
      await us.rpc.call['group.leave']({ group })
      await until(async () => (await theirs(go, group))?.members.length === 1, 'they see us leave')
      expect((await ours(us, group))?.rejected).toEqual([])
      expect((await us.rpc.call['stats.rejected']({})).rejected).toEqual({})
    })

    it(`messenger ${index + 1}: a group of theirs`, async () => {
      const { go, us, other } = await scene(binary)
      const made = await go.call<{ chats: GoChat[] }>('createGroup', {
        name: 'theirs',
        members: [us.publicKey],
      })
      const group = made.chats[0]?.id as string
      await until(async () => (await ours(us, group))?.membership === 'invited', 'we are invited')
      await go.call('send', { chatId: group, text: 'do come in' })
      await us.rpc.call['group.accept']({ group })
      await until(() => theySeeJoined(go, group, us.publicKey), 'they see us join')
      await us.rpc.call['chat.send']({ to: group, text: 'thank you' })
      await until(() => go.heard.some(({ text }) => text === 'thank you'), 'they read us')
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
      expect((await ours(us, group))?.rejected).toEqual([])
      expect((await us.rpc.call['stats.rejected']({})).rejected).toEqual({})
    })
  }
})

async function scene(binary: string): Promise<{ go: GoMessenger; us: Person; other: Person }> {
  const { enode } = await startRelay()
  const go = await linkedGo(binary, enode)
  return { go, us: await linkedPerson(enode), other: await linkedPerson(enode) }
}
