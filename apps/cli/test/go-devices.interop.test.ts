/** One person with our client and a Go messenger, and a Go messenger to talk to. Opt-in. */
import { randomUUID } from 'node:crypto'
import { accountFromMnemonic } from '@status-protocol/trust'
import { afterEach, describe, expect, it } from 'vitest'
import { startGoMessenger, stopGoPeers } from '../../node/test/go-peers.ts'
import { linkGo } from './go-scene.ts'
import { runCli, startPerson, startRelay, stopAll, temporaryDirectory, until } from './programs.ts'

afterEach(async () => {
  await stopGoPeers()
  await stopAll()
})

const messengers = [process.env.MESSENGER_PEER, process.env.MESSENGER_PEER_B].filter(
  (binary) => binary !== undefined,
)

interface GoInstallation {
  readonly id: string
  readonly enabled: boolean
  readonly metadata?: { readonly name: string; readonly deviceType: string }
}

const eventually = async (isSo: () => Promise<boolean>, what: string): Promise<void> => {
  for (let n = 0; n < 600; n++) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`did not happen within 60 s: ${what}`)
}

describe.skipIf(messengers.length === 0)('a Go messenger as another device of ours', () => {
  for (const [index, binary] of messengers.entries())
    it(`messenger ${index + 1}: pairs, syncs both ways, has what we say and we what it says`, async () => {
      const { enode } = await startRelay()
      const dataDir = temporaryDirectory()
      const { stdout } = await runCli(['account', 'create', '--json', '--data-dir', dataDir])
      const { privateKey } = accountFromMnemonic(
        (JSON.parse(stdout) as { mnemonic: string }).mnemonic,
      ).chatKey
      const goId = randomUUID()
      const go = await startGoMessenger(binary, Buffer.from(privateKey).toString('hex'), goId)
      const bob = await startGoMessenger(binary)
      const us = await startPerson({ peers: [enode], dataDir })
      expect(go.publicKey).toBe(us.publicKey)
      await linkGo(go, enode)
      await linkGo(bob, enode)
      await until(() => us.peers.at(-1)?.state === 'up', 'our link')
      const ourId = (await us.rpc.call['device.info']({})).installationId

      await us.rpc.call['device.setName']({ name: 'ours', deviceType: 'desktop' })
      await us.rpc.call['device.pair']({})
      await go.call('setInstallationMetadata', { name: 'gopher', deviceType: 'mobile' })
      const theirs = async () =>
        ((await go.call<GoInstallation[]>('installations')) ?? []).find(({ id }) => id === ourId)
      await eventually(async () => (await theirs())?.metadata?.name === 'ours', 'Go knows us')
      expect(await theirs()).toMatchObject({
        enabled: false,
        metadata: { name: 'ours', deviceType: 'desktop' },
      })
      await go.call('enableInstallation', { id: ourId })
      await go.call('pair')
      const ours = async () =>
        (await us.rpc.call['device.list']({})).devices.find(({ installationId }) => installationId === goId)
      await eventually(async () => (await ours())?.name === 'gopher', 'we know Go')
      expect(await ours()).toMatchObject({ enabled: false, deviceType: 'mobile' })
      await us.rpc.call['device.enable']({ installationId: goId })

      // What each has, and what each does later.
      await us.rpc.call['chat.join']({ chat: '#ours-first' })
      await us.rpc.call['contact.add']({ publicKey: bob.publicKey, name: 'Bob' })
      await us.rpc.call['device.sync']({})
      const goHas = async (id: string) =>
        ((await go.call<{ id: string }[]>('chats')) ?? []).some((chat) => chat.id === id)
      await eventually(() => goHas('ours-first'), 'Go joins what we joined')
      const goKnows = async () =>
        ((await go.call<{ id: string; systemTags?: string[] }[]>('contacts')) ?? []).some(
          ({ id, systemTags }) => id === bob.publicKey && systemTags?.includes(':contact/added'),
        )
      await eventually(goKnows, 'Go adds whom we added')
      await go.call('joinPublic', { name: 'gos-first' })
      await go.call('syncDevices', { ensName: '', profileImage: '' })
      const weHave = async () =>
        (await us.rpc.call['chat.list']({})).chats.some(({ chat }) => chat === '#gos-first')
      await eventually(weHave, 'we join what Go joined')

      // What is said on one is on the other, what Bob says on both.
      await bob.call('joinOneToOne', { pubkey: us.publicKey })
      await us.rpc.call['chat.send']({ to: bob.publicKey, text: 'from ours' })
      await until(() => bob.heard.some((m) => m.text === 'from ours'), 'Bob reads us')
      await until(() => go.heard.some((m) => m.text === 'from ours'), 'Go has it too')
      expect(go.heard.find((m) => m.text === 'from ours')).toMatchObject({
        chatId: bob.publicKey,
        from: us.publicKey,
      })
      await bob.call('sendDirect', { pubkey: us.publicKey, text: 'to both of your devices' })
      await until(() => us.messages.some((m) => m.text === 'to both of your devices'), 'we read Bob')
      await until(() => go.heard.some((m) => m.text === 'to both of your devices'), 'Go reads Bob')
      await go.call('sendDirect', { pubkey: bob.publicKey, text: 'from Go' })
      await until(() => bob.heard.some((m) => m.text === 'from Go'), 'Bob reads Go')
      const copy = async () =>
        (await us.rpc.call['chat.messages']({ chat: bob.publicKey })).messages.find(
          (m) => m.text === 'from Go',
        )
      await eventually(
        async () => (await copy())?.delivery === 'delivered',
        'we have it, and that it is delivered',
      )
      expect(await copy()).toMatchObject({ own: true, author: us.publicKey })

      // What Go begins with Bob does not say whom it is for: Bob's acknowledgement does.
      await go.call('requestTransaction', {
        ...{ chatId: bob.publicKey, value: '12', contract: '' },
        address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
      })
      const begun = async () =>
        (await us.rpc.call['chat.messages']({ chat: bob.publicKey })).messages.find(
          ({ content }) => content?.kind === 'command',
        )
      await eventually(async () => (await begun())?.delivery === 'delivered', 'it is in the chat with Bob')
      expect(await begun()).toMatchObject({
        own: true,
        content: { command: 'request-transaction', value: '12' },
      })
      const { repeated: _repeated, ...rejected } = (await us.rpc.call['stats.rejected']({})).rejected
      expect(rejected).toEqual({})
    })
})
