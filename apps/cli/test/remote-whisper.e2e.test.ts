import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import {
  type Person,
  type Relay,
  runCli,
  startPerson,
  startRelay,
  stopAll,
  temporaryDirectory,
  until,
} from './programs.ts'

afterEach(stopAll)

const isUp = (person: Person) => until(() => person.peers.at(-1)?.state === 'up', 'the way to the others')
const textsOf = (person: Person, chat: string) =>
  person.messages.filter((m) => m.chat === chat).map((m) => m.text)
const fate = ({ deliveries }: Person, messageId: string) =>
  deliveries.filter((d) => d.messageId === messageId).at(-1)?.state

async function talk(one: Person, other: Person, word: string): Promise<void> {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    const say = (chat: string) =>
      from.rpc.call['chat.send']({
        to: chat,
        text: `${word} of ${from.publicKey.slice(0, 10)} to ${chat.slice(0, 10)}`,
      })
    const [, toAll, toOne] = [0, await say('#remote'), await say(to.publicKey)]
    await until(() => fate(from, toAll.messageId) === 'relayed', 'a public message is relayed')
    await until(() => fate(from, toOne.messageId) === 'delivered', 'a private message is delivered')
    for (const chat of ['#remote', from.publicKey])
      expect(textsOf(to, chat).at(-1)).toContain(`${word} of ${from.publicKey.slice(0, 10)}`)
  }
}

describe('a person whose messages a status-node carries, over JSON-RPC', () => {
  it.skipIf(!lasts)(
    'chats publicly and privately with one who has links, also when the node was started again',
    async () => {
      const near = await startRelay({ args: ['--ipc'] })
      const [alice, bob] = await Promise.all([
        startPerson({ args: ['--whisper', near.rpc.ipc as string] }),
        startPerson({ peers: [near.enode] }),
      ])
      await Promise.all([alice, bob].map(isUp))
      expect((await alice.rpc.call['peers.list']({})).peers).toEqual([{ id: near.rpc.ipc }])
      await expect(alice.rpc.call['peers.add']({ enode: near.enode })).rejects.toThrow('give them to it')
      for (const person of [alice, bob]) await person.rpc.call['chat.join']({ chat: '#remote' })
      await talk(alice, bob, 'first')

      await near.kill('SIGKILL')
      await until(() => alice.peers.at(-1)?.state === 'down', 'the node is gone')
      const { messageId } = await alice.rpc.call['chat.send']({ to: '#remote', text: 'said meanwhile' })
      await startRelay({ port: near.port, dataDir: near.dataDir, args: ['--ipc'] })
      await Promise.all([alice, bob].map(isUp))
      await until(() => fate(alice, messageId) === 'relayed', 'what was said meanwhile')
      await talk(alice, bob, 'second')
    },
  )

  it.each<[string, (relay: Relay) => string]>([
    ['WebSocket', ({ rpc }) => `ws://${rpc.ws}`],
    ['HTTP', ({ rpc }) => `http://${rpc.http}`],
  ])('sends over %s, if the node takes keys there', async (_how, at) => {
    const args = ['--http', '127.0.0.1:0', '--ws', '127.0.0.1:0']
    const shut = await startRelay({ args })
    // What is said to a node without peers is heard by nobody, and it tells so over WebSocket.
    const open = await startRelay({ args: [...args, '--rpc-unsafe-keys', '--peer', shut.enode] })
    const send = (relay: Relay) =>
      runCli(['send', '--to', '#ci', 'green', '--data-dir', temporaryDirectory(), '--whisper', at(relay)])
    const sent = await send(open)
    expect([sent.code, sent.stdout]).toEqual([0, expect.stringMatching(/^0x[0-9a-f]{64}\n$/)])
    const refused = await send(shut)
    expect([refused.code, refused.stdout]).toEqual([1, ''])
    expect(refused.stderr).toMatch(/status: .*shh_addPrivateKey is refused.*--rpc-unsafe-keys\n$/)
  })

  it('says in one line why the node cannot be used', async () => {
    const dataDir = temporaryDirectory()
    const where = join(dataDir, 'nothing.ipc')
    const { code, stderr } = await runCli(['listen', '#x', '--data-dir', dataDir, '--whisper', where])
    expect(code).toBe(1)
    expect(stderr).toContain(`status: --whisper ${where}: the remote node cannot be used`)
    const both = [
      'listen',
      '#x',
      '--data-dir',
      dataDir,
      '--whisper',
      where,
      '--peer',
      `enode://${'1'.repeat(128)}@1.2.3.4:5`,
    ]
    expect((await runCli(both)).code).toBe(2)
  })
})
