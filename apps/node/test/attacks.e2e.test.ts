import { existsSync, readFileSync } from 'node:fs'
import { toHex, utf8 } from '@status-protocol/bytes'
import { publicChat } from '@status-protocol/whisper'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attempt, garbage, halfOpen, type PacketAttack, packetAttacks } from './attackers.ts'
import { whisperPeer } from './peers.ts'
import { type NodeProcess, startNode, stopAll, until } from './programs.ts'

const PACKETS = 200
/** Of the node's process, which has some 100 MiB when nothing happens. */
const MAX_RSS_MIB = 400

let node: NodeProcess
let honest: Awaited<ReturnType<typeof honestPair>>
let attacks: readonly PacketAttack[] = []

beforeAll(async () => {
  node = await startNode()
  honest = await honestPair(node.ready.enode)
  attacks = await packetAttacks(Math.floor(Date.now() / 1000))
}, 60_000)
afterAll(stopAll)

describe('a node under attack', () => {
  it('ends the links of those who break the protocol', async () => {
    const { enode } = node.ready
    for (const attack of attacks.filter(({ isBreach }) => isBreach))
      expect([attack.name, await attempt(enode, attack, 1)]).toEqual([attack.name, 'ended'])
    await honest.stillTalk()
  })

  it('reads on past what is only useless', async () => {
    const { enode } = node.ready
    for (const attack of attacks.filter(({ isBreach }) => !isBreach))
      expect([attack.name, await attempt(enode, attack, PACKETS)]).toEqual([attack.name, 'lives'])
    await honest.stillTalk()
  })

  it('hangs up on bytes that are no handshake', async () => {
    await Promise.all(Array.from({ length: 20 }, () => garbage(node.ready.enode)))
    await honest.stillTalk()
  })

  // other systems have one loopback address: there the newcomer is refused as the flood's next connection
  it.skipIf(process.platform !== 'linux')(
    'lets newcomers in beside 1,000 half-open sockets and slow handshakes, and closes those',
    async () => {
      const { enode } = node.ready
      const floods = [halfOpen(enode, 1_000), halfOpen(enode, 50, { drip: true })]
      await whisperPeer(enode)
      await honest.stillTalk()
      await until(() => floods.every((sockets) => sockets.open() === 0), 'the node closes all of them')
      for (const flood of floods) flood.close()
    },
  )

  it('delivers every honest message while they all attack at once, and stays within its memory', async () => {
    const { enode } = node.ready
    const onslaught = Promise.all(
      attacks.map((attack) => attempt(enode, attack, attack.isBreach ? 1 : PACKETS)),
    )
    for (let i = 0; i < 20; i++) await honest.post()
    await onslaught
    await honest.stillTalk()
    expect(rssMiB(node.pid)).toBeLessThan(MAX_RSS_MIB)
    expect(await node.stop()).toBe(0)
  })
})

/** Two nodes that know nothing of the attack and talk through the one under it. */
async function honestPair(enode: string) {
  const [alice, bob] = await Promise.all([whisperPeer(enode), whisperPeer(enode)])
  const { symmetricKey: symKey, topic } = await publicChat('under attack')
  const posted: string[] = []
  const arrived = new Set<string>()
  void (async () => {
    for await (const { hash } of bob.whisper.service.subscribe({ topics: [topic], symKey }))
      arrived.add(toHex(hash))
  })()
  const post = async () => {
    const payload = utf8(`message ${posted.length}`)
    posted.push(toHex(await alice.whisper.service.post({ to: { symKey }, topic, payload, ttlSeconds: 60 })))
  }
  return {
    post,
    /** One more message, and all so far have arrived. */
    async stillTalk() {
      await post()
      await until(() => posted.every((hash) => arrived.has(hash)), 'all honest messages arrive')
    },
  }
}

/** 0 where the system does not say. */
function rssMiB(pid: number): number {
  const file = `/proc/${pid}/status`
  const kilobytes = existsSync(file) ? /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined
  return Number(kilobytes ?? 0) / 1024
}
