/** One person with our client and with status-go 0.36.0 or 0.36.2 of 2019: both know each other, sync, and have what either says. Opt-in. */
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

const binaries = [
  { version: '0.36.0', binary: process.env.MESSENGER_PEER_036 ?? '' },
  { version: '0.36.2', binary: process.env.MESSENGER_PEER_0362 ?? '' },
]

interface GoInstallation {
  readonly id: string
  readonly enabled: boolean
  readonly metadata?: { readonly name: string; readonly deviceType: string }
}

/** What the application of 2019 told its other devices: contacts, account, a public chat. */
function syncOf({ contact = '', chat = '' }): string {
  const contacts = contact
    ? `,"${contact}",["^ ","~:public-key","${contact}","~:name","Carol","~:photo-path","","~:last-updated",${Date.now()},` +
      '"~:system-tags",["~#set",["~:contact/added"]],"~:pending?",false]'
    : ''
  const chats = chat ? `,"~:public?",true,"~:chat-id","${chat}"` : ''
  return Buffer.from(`["~#p1",[["^ "${contacts}],["^ "],["^ "${chats}]]]`).toString('hex')
}

for (const { version, binary } of binaries)
  describe.skipIf(!binary)(`status-go ${version} as another device of ours`, { timeout: 240_000 }, () => {
    it('pairs, syncs both ways, has what we say and we what it says', async () => {
      const { enode } = await startRelay()
      const dataDir = temporaryDirectory()
      const { stdout } = await runCli(['account', 'create', '--json', '--data-dir', dataDir])
      const { mnemonic } = JSON.parse(stdout) as { mnemonic: string }
      const key = Buffer.from(accountFromMnemonic(mnemonic).chatKey.privateKey).toString('hex')
      const goId = randomUUID()
      const go = await startGoMessenger(binary, key, goId)
      const [bob, carol] = [await startGoMessenger(binary), await startGoMessenger(binary)]
      const us = await startPerson({ peers: [enode], dataDir })
      expect(go.publicKey).toBe(us.publicKey)
      for (const one of [go, bob]) await linkGo(one, enode)
      await until(() => us.peers.at(-1)?.state === 'up', 'our link')
      const ourId = (await us.rpc.call['device.info']({})).installationId

      // Each makes itself known, and is enabled.
      await go.call('pair', { name: 'gopher', deviceType: 'android', fcmToken: 'token' })
      const ours = async () =>
        (await us.rpc.call['device.list']({})).devices.find(({ installationId }) => installationId === goId)
      await until(async () => (await ours())?.name === 'gopher', 'we know Go')
      expect(await ours()).toMatchObject({ enabled: false, deviceType: 'android' })
      await us.rpc.call['device.enable']({ installationId: goId })
      await us.rpc.call['device.setName']({ name: 'ours', deviceType: 'desktop' })
      await us.rpc.call['device.pair']({})
      const theirs = async () =>
        ((await go.call<GoInstallation[]>('installations')) ?? []).find(({ id }) => id === ourId)
      await until(async () => (await theirs())?.metadata?.name === 'ours', 'Go knows us')
      expect(await theirs()).toMatchObject({ enabled: false, metadata: { deviceType: 'desktop' } })
      await go.call('enableInstallation', { id: ourId })

      // What each has.
      await us.rpc.call['chat.join']({ chat: '#ours-first' })
      await us.rpc.call['contact.add']({ publicKey: bob.publicKey, name: 'Bob' })
      await us.rpc.call['device.sync']({})
      const told = (what: string) => () =>
        go.raw.some(({ text }) => text.includes('~#p1') && text.includes(what))
      await until(told('"~:chat-id","ours-first"'), 'Go is told what we joined')
      await until(told(`"${bob.publicKey}"`), 'Go is told whom we added')
      expect(
        go.raw.filter(({ text }) => text.includes('~#p1')).every(({ from }) => from === us.publicKey),
      ).toBe(true)
      await go.call('sendRawDirect', { pubkey: us.publicKey, payload: syncOf({ chat: 'gos-first' }) })
      const weHave = async () =>
        (await us.rpc.call['chat.list']({})).chats.some(({ chat }) => chat === '#gos-first')
      await until(weHave, 'we join what Go joined')
      await go.call('sendRawDirect', { pubkey: us.publicKey, payload: syncOf({ contact: carol.publicKey }) })
      const weKnow = async () =>
        (await us.rpc.call['contact.list']({})).contacts.some(
          ({ publicKey }) => publicKey === carol.publicKey,
        )
      await until(weKnow, 'we add whom Go added')

      // What is said on one is on the other, what Bob says on both.
      await bob.call('sendDirect', { pubkey: us.publicKey, text: 'hello, both of you' })
      await until(() => us.messages.some((m) => m.text === 'hello, both of you'), 'we know what Bob speaks')
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
      await until(async () => (await copy()) !== undefined, 'we have it')
      expect(await copy()).toMatchObject({ own: true, author: us.publicKey })
      const { repeated: _repeated, ...rejected } = (await us.rpc.call['stats.rejected']({})).rejected
      expect(rejected).toEqual({})
    })
  })
