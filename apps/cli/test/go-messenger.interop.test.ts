/** A person on our client and a person on status-go in a public chat, through our relay and through statusd. Opt-in. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startGoMessenger, startStatusd, stopGoPeers } from '../../node/test/go-peers.ts'
import { linkedGo, linkedPerson, weAndGo } from './go-scene.ts'
import { runCli, startPerson, startRelay, stopAll, temporaryDirectory, until } from './programs.ts'

afterEach(async () => {
  await stopGoPeers()
  await stopAll()
})

const messengers = [process.env.MESSENGER_PEER, process.env.MESSENGER_PEER_B].filter(
  (binary) => binary !== undefined,
)
const relays = [
  { name: 'our relay', start: startRelay },
  { name: 'statusd', binary: process.env.STATUSD, start: () => startStatusd(process.env.STATUSD as string) },
].filter((relay) => !('binary' in relay) || relay.binary !== undefined)

describe.skipIf(messengers.length === 0)('public chat with the Go messenger', () => {
  for (const [index, binary] of messengers.entries())
    for (const { name, start } of relays)
      it(`messenger ${index + 1} through ${name}: text both ways, replies known`, async () => {
        const { enode } = await start()
        const go = await startGoMessenger(binary)
        await go.call('addPeer', { enode })
        const us = await startPerson({ peers: [enode] })
        await until(() => us.peers.at(-1)?.state === 'up', 'our link')
        for (let n = 0; n === 0; n = (await go.call<unknown[]>('peers')).length)
          await new Promise((resolve) => setTimeout(resolve, 100))
        await us.rpc.call['chat.join']({ chat: '#interop' })
        await go.call('joinPublic', { name: 'interop' })

        const { messageId } = await us.rpc.call['chat.send']({
          to: '#interop',
          text: 'hello from TypeScript',
        })
        await until(() => go.heard.length > 0, 'the Go person reads us')
        expect(go.heard[0]).toMatchObject({
          chatId: 'interop',
          text: 'hello from TypeScript',
          from: us.publicKey,
        })

        await go.call('sendPublic', {
          name: 'interop',
          text: 'hello from Go',
          message: { responseTo: messageId },
        })
        await until(() => us.messages.length > 0, 'we read the Go person')
        expect(us.messages[0]).toMatchObject({
          chat: '#interop',
          text: 'hello from Go',
          author: go.publicKey,
        })
        await until(() => us.deliveries.at(-1)?.state === 'relayed', 'the relay confirms')
        expect((await us.rpc.call['stats.rejected']({})).rejected).toEqual({})
      })
})

describe.skipIf(messengers.length === 0)('private chat with the Go messenger', () => {
  for (const [index, binary] of messengers.entries())
    for (const first of ['we', 'they'] as const)
      it(`messenger ${index + 1}, ${first} begin: X3DH, ratchet turns, acknowledged`, async () => {
        const { go, us } = await weAndGo(binary)
        await us.rpc.call['chat.join']({ chat: go.publicKey })
        const ids: string[] = []
        const say = async (text: string) =>
          void ids.push((await us.rpc.call['chat.send']({ to: go.publicKey, text })).messageId)
        const theySay = (text: string) => go.call('sendDirect', { pubkey: us.publicKey, text })
        for (let turn = 0; turn < 3; turn++)
          for (const who of first === 'we' ? ['we', 'they'] : ['they', 'we']) {
            const text = `turn ${turn} ${who}`
            await (who === 'we' ? say(text) : theySay(text))
            if (who === 'we') await until(() => go.heard.some((m) => m.text === text), `they read "${text}"`)
            else await until(() => us.messages.some((m) => m.text === text), `we read "${text}"`)
          }

        expect(go.heard.map((m) => m.text)).toEqual([0, 1, 2].map((turn) => `turn ${turn} we`))
        expect(go.heard.every((m) => m.from === us.publicKey)).toBe(true)
        expect(us.messages.map((m) => m.text)).toEqual([0, 1, 2].map((turn) => `turn ${turn} they`))
        expect(us.messages.every((m) => m.author === go.publicKey && m.chat === go.publicKey)).toBe(true)
        expect(us.messages.at(-1)?.security).toBe('ratchet')
        for (const id of ids)
          await until(
            () => us.deliveries.some((d) => d.messageId === id && d.state === 'delivered'),
            'acknowledged',
          )
      })

  for (const [index, binary] of messengers.entries())
    it(`messenger ${index + 1}: reads what we send as dh, whisper or ratchet, chosen message by message`, async () => {
      const { go, us } = await weAndGo(binary)
      await us.rpc.call['chat.join']({ chat: go.publicKey })
      await us.rpc.call['chat.send']({ to: go.publicKey, text: 'first contact' })
      await until(() => go.heard.length === 1, 'they read the first contact')
      await go.call('sendDirect', { pubkey: us.publicKey, text: 'with forward secrecy' })
      await until(() => us.messages.length === 1, 'we read their answer')
      expect(us.messages[0]?.security).toBe('ratchet')

      for (const security of ['ratchet', 'dh', 'whisper', 'dh', 'ratchet'] as const) {
        const before = go.heard.length
        const { messageId } = await us.rpc.call['chat.send']({
          to: go.publicKey,
          text: `as ${security}`,
          security,
        })
        await until(() => go.heard.length > before, `they read it as ${security}`)
        expect(go.heard.at(-1)).toMatchObject({ text: `as ${security}`, from: us.publicKey })
        const end = security === 'whisper' ? 'relayed' : 'delivered'
        await until(
          () => us.deliveries.some((d) => d.messageId === messageId && d.state === end),
          `as ${security} is ${end}`,
        )
        const { message } = await us.rpc.call['message.get']({ messageId })
        expect(message.security).toBe(security)
      }
      await go.call('sendDirect', { pubkey: us.publicKey, text: 'as before' })
      await until(() => us.messages.length === 2, 'we read them')
      expect(us.messages[1]?.security, 'nothing that we sent changes what they send').toBe('ratchet')
      expect(go.heard).toHaveLength(6)
    })
})

describe.skipIf(messengers.length === 0)('a device that was lost', () => {
  for (const [index, binary] of messengers.entries())
    it(`messenger ${index + 1}: they install anew, and are reached with forward secrecy`, async () => {
      const key = randomBytes(32).toString('hex')
      const { enode } = await startRelay()
      const before = await linkedGo(binary, enode, key)
      const us = await linkedPerson(enode)
      await before.call('joinOneToOne', { pubkey: us.publicKey })
      await us.rpc.call['contact.add']({ publicKey: before.publicKey })
      await before.call('sendDirect', { pubkey: us.publicKey, text: 'hello' })
      await until(() => us.messages.length === 1, 'we read them')
      const send = async (text: string) =>
        (await us.rpc.call['chat.send']({ to: before.publicKey, text, security: 'ratchet' })).messageId
      await send('hello yourself')
      await until(() => before.heard.length === 1, 'they read us')
      await before.kill()

      const anew = await linkedGo(binary, enode, key)
      expect(anew.publicKey).toBe(before.publicKey)
      await anew.call('joinOneToOne', { pubkey: us.publicKey })
      const id = await send('are you still there?')
      await until(
        () => anew.heard.some(({ text }) => text === 'are you still there?'),
        'they read it',
        180_000,
      )
      await until(
        () => us.deliveries.some((d) => d.messageId === id && d.state === 'delivered'),
        'acknowledged',
      )
      const { message } = await us.rpc.call['message.get']({ messageId: id })
      expect(message.security).toBe('ratchet')
      const { devices } = await us.rpc.call['device.list']({ publicKey: anew.publicKey })
      expect(devices).toHaveLength(2)
    }, 300_000)

  for (const [index, binary] of messengers.entries())
    for (const [how, speaksFirst] of [
      ['with the phrase', 'they'],
      ['with the phrase', 'we'],
      ['from an export', 'they'],
      ['from an export', 'we'],
    ] as const)
      it(`messenger ${index + 1}: we install anew ${how}, ${speaksFirst} speak first: both read each other again`, async () => {
        const { enode } = await startRelay()
        const go = await linkedGo(binary, enode)
        const first = temporaryDirectory()
        const created = await runCli(['account', 'create', '--json', '--data-dir', first])
        const { mnemonic } = JSON.parse(created.stdout) as { mnemonic: string }
        const before = await linkedPerson(enode, first)
        await go.call('joinOneToOne', { pubkey: before.publicKey })
        for (let turn = 0; turn < 2; turn++) {
          await before.rpc.call['chat.send']({ to: go.publicKey, text: `before ${turn}` })
          await until(() => go.heard.length > turn, 'they read us')
          await go.call('sendDirect', { pubkey: before.publicKey, text: `before ${turn}` })
          await until(() => before.messages.length > turn, 'we read them')
        }
        expect(before.messages.at(-1)?.security).toBe('ratchet')

        const second = join(temporaryDirectory(), 'anew')
        if (how === 'from an export') await before.stop()
        else await before.kill()
        const file = join(temporaryDirectory(), 'account.export')
        const moved = how === 'from an export' ? await moveAccount(first, file, second) : undefined
        const imported =
          moved ?? (await runCli(['account', 'import', '--data-dir', second], { input: mnemonic }))
        expect(imported.code, imported.stderr).toBe(0)

        const us = await linkedPerson(enode, second)
        expect(us.publicKey).toBe(before.publicKey)
        // They write on the topic of the two, which nobody can listen to who does not know that there are two.
        if (how === 'with the phrase' && speaksFirst === 'they')
          await us.rpc.call['contact.add']({ publicKey: go.publicKey })
        const theyReach = async (text: string) => {
          await go.call('sendDirect', { pubkey: us.publicKey, text })
          await until(() => us.messages.some((m) => m.text === text), `we read "${text}"`, 120_000)
        }
        const weReach = async (text: string) => {
          const { messageId } = await us.rpc.call['chat.send']({ to: go.publicKey, text })
          await until(() => go.heard.some((m) => m.text === text), `they read "${text}"`, 120_000)
          await until(
            () => us.deliveries.some((d) => d.messageId === messageId && d.state === 'delivered'),
            `"${text}" is acknowledged`,
            120_000,
          )
        }
        for (let turn = 0; turn < 2; turn++)
          for (const reach of speaksFirst === 'we' ? [weReach, theyReach] : [theyReach, weReach])
            await reach(`${reach === weReach ? 'we' : 'they'} again, ${turn}`)
        expect(us.messages.at(-1)?.security, 'with forward secrecy, as before').toBe('ratchet')
      }, 400_000)
})

/** By `account export` and `account import`. */
async function moveAccount(from: string, file: string, to: string): ReturnType<typeof runCli> {
  const passwordFile = `${file}.password`
  writeFileSync(passwordFile, 'for the journey')
  const sealed = ['--file-password-file', passwordFile]
  const exported = await runCli(['account', 'export', file, '--data-dir', from, ...sealed])
  if (exported.code !== 0) return exported
  return runCli(['account', 'import', file, '--data-dir', to, ...sealed])
}
