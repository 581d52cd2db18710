/**
 * People of ours with a mailserver of status-go between them: what was said while one was away comes from there. Opt-in:
 * STATUSD, STATUSD_B, STATUSD_C ... name statusd binaries (0.36 to 0.55).
 */
import { afterEach, describe, expect, it } from 'vitest'
import { startStatusd } from '../../../packages/mailserver/test/support/statusd.ts'
import { type Person, startPerson, stopAll, until } from './programs.ts'

const binaries = Object.entries(process.env).flatMap(([name, value]) =>
  /^STATUSD(_[A-Z0-9]+)?$/.test(name) && value ? [[value.split('/').at(-1) as string, value] as const] : [],
)
/** Then it is in no pool any more. */
const EXPIRED_MS = 20_000

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await stopAll()
  for (const end of ends.splice(0).reverse()) await end()
})

describe.skipIf(binaries.length === 0)('history from a mailserver of status-go', { timeout: 180_000 }, () => {
  it.each(binaries)('%s: in public and in private, all of it, once', async (_name, binary) => {
    const server = await startStatusd(binary, { mailserver: true })
    ends.push(server.stop)
    const nobody = await startPerson()
    const [bobDir, bobKey] = [nobody.dataDir, nobody.publicKey]
    await nobody.stop()

    const alice = await startPerson({ peers: [server.enode] })
    await until(() => alice.peers.at(-1)?.state === 'up', "Alice's link")
    await alice.rpc.call['chat.join']({ chat: '#interop' })
    const texts = ['one', 'two', 'three', 'four', 'five']
    const ids: string[] = []
    for (const text of texts)
      for (const to of ['#interop', bobKey])
        ids.push((await alice.rpc.call['chat.send']({ to, text: `${text} ${to.slice(0, 4)}` })).messageId)
    const isThere = (id: string) =>
      alice.deliveries.some(({ messageId, state }) => messageId === id && state === 'relayed')
    await until(() => ids.every(isThere), 'the mailserver has all of it')
    await alice.stop()
    await new Promise((resolve) => setTimeout(resolve, EXPIRED_MS))

    const bob = await startPerson({ dataDir: bobDir, args: ['--mailserver', server.enode] })
    await until(() => fetches(bob) === 1, 'the first fetch')
    await bob.rpc.call['chat.join']({ chat: '#interop' })
    await until(() => fetches(bob) === 2, 'the fetch after joining')
    expect(bob.history.map(({ change }) => change)).not.toContain('server-failed')
    for (const chat of ['#interop', alice.publicKey]) {
      const { messages } = await bob.rpc.call['chat.messages']({ chat })
      const prefix = chat === '#interop' ? '#int' : '0x04'
      expect(messages.map(({ text }) => text)).toEqual(texts.map((text) => `${text} ${prefix}`))
    }
    expect(bob.messages).toHaveLength(10)
    const again = await bob.rpc.call['history.fetch']({ since: Math.floor(Date.now() / 1_000) - 7_200 })
    expect(again).toMatchObject({ complete: true, messages: 0, missing: [] })
  })
})

const fetches = ({ history }: Person): number => history.filter(({ change }) => change === 'done').length
