/** A person on our client and a person on status-go in a public chat, through our relay and through statusd. Opt-in. */
import { afterEach, describe, expect, it } from 'vitest'
import { startGoMessenger, startStatusd, stopGoPeers } from '../../node/test/go-peers.ts'
import { startPerson, startRelay, stopAll, until } from './programs.ts'

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
