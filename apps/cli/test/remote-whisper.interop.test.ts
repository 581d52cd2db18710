/** A person whose messages statusd or geth carries over JSON-RPC, and one who has links to it. Opt-in. */
import { afterEach, describe, expect, it } from 'vitest'
import { type GoNode, startGeth, startStatusd, stopGoPeers } from '../../node/test/go-peers.ts'
import { type Person, startPerson, stopAll, until } from './programs.ts'

afterEach(async () => {
  await stopAll()
  await stopGoPeers()
})

const nodes = [
  {
    name: 'statusd over its socket',
    binary: process.env.STATUSD,
    start: startStatusd,
    at: (node: GoNode) => node.ipc,
  },
  {
    name: 'statusd over HTTP',
    binary: process.env.STATUSD,
    start: startStatusd,
    at: (node: GoNode) => node.url,
  },
  { name: 'geth over HTTP', binary: process.env.GETH, start: startGeth, at: (node: GoNode) => node.url },
]

const heard = (person: Person, text: string) =>
  until(() => person.messages.some((m) => m.text === text), text)

for (const { name, binary, start, at } of nodes)
  describe.skipIf(!binary)(`status --whisper, ${name}`, () => {
    it('chats publicly and privately', async () => {
      const node = await start(binary as string)
      const alice = await startPerson({ args: ['--whisper', at(node) as string] })
      const bob = await startPerson({ peers: [node.enode] })
      for (const person of [alice, bob]) {
        await until(() => person.peers.at(-1)?.state === 'up', 'the way to the others')
        await person.rpc.call['chat.join']({ chat: '#through-go' })
      }
      for (const [from, to] of [
        [alice, bob],
        [bob, alice],
      ] as const) {
        const who = from === alice ? 'alice' : 'bob'
        await from.rpc.call['chat.send']({ to: '#through-go', text: `${who} to all` })
        await heard(to, `${who} to all`)
        const { messageId } = await from.rpc.call['chat.send']({ to: to.publicKey, text: `${who} to one` })
        await heard(to, `${who} to one`)
        const state = () => from.deliveries.filter((d) => d.messageId === messageId).at(-1)?.state
        await until(() => state() === 'delivered', 'it is acknowledged')
      }
      expect(alice.messages.map(({ security }) => security)).toContain('ratchet')
    })
  })
