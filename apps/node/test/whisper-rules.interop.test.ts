/** What peers ask of envelopes, with statusd and geth: proof of work, bloom filters, rate limits, light clients; and the time. Opt-in. */
import { type AddressInfo, connect, createServer } from 'node:net'
import { to0xHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost } from '@status-protocol/p2p-devp2p'
import {
  clockWarning,
  createWhisper,
  type Topic,
  topicFrom,
  type Whisper,
  type WhisperOptions,
} from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { peerIdOf } from '../src/rpc-handlers.ts'
import { type GoNode, startGeth, startStatusd, stopGoPeers } from './go-peers.ts'
import { startNode, stopAll } from './programs.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await stopAll()
  await stopGoPeers()
})

const [ONE, OTHER] = [topicFrom(Uint8Array.of(1, 2, 3, 0)), topicFrom(Uint8Array.of(200, 100, 50, 0))]
const KEY = new Uint8Array(32).fill(5)

interface Joined {
  readonly whisper: Whisper
  readonly go: GoNode
  readonly symKeyID: string
  /** What the Go node's messages carry, in its order. */
  readonly heard: string[]
}

async function join(go: GoNode, options: WhisperOptions = {}): Promise<Joined> {
  const whisper = createWhisper(options)
  const host = await createHost({
    nodeKey: generatePrivateKey(defaultProvider, systemRandom),
    peers: [go.enode],
    subprotocols: [whisper.subprotocol],
  })
  closing.push(
    () => whisper.close(),
    () => host.close(),
  )
  await until(() => whisper.peers().length === 1, 'the Whisper handshake')
  const symKeyID = await go.call<string>('shh_addSymKey', to0xHex(KEY))
  return { whisper, go, symKeyID, heard: [] }
}

function listen({ whisper, heard }: Joined, topic: Topic): void {
  const messages = whisper.service.subscribe({ topics: [topic], symKey: KEY })
  void (async () => {
    for await (const { payload } of messages) heard.push(new TextDecoder().decode(payload))
  })()
}

const goPosts = ({ go, symKeyID }: Joined, topic: Topic, text: string, ttl = 30) =>
  go.call('shh_post', {
    symKeyID,
    topic: to0xHex(topic),
    payload: to0xHex(utf8(text)),
    ...{ ttl, powTime: 5, powTarget: 0.002 },
  })

const wePost = ({ whisper }: Joined, topic: Topic, text: string, powTarget = 0.002) =>
  whisper.service.post({ to: { symKey: KEY }, topic, payload: utf8(text), ttlSeconds: 30, powTarget })

async function until(probe: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await probe()); await sleep(50))
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`)
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
/** More than two of the cycles of 300 ms in which Go nodes send. */
const CYCLES_MS = 1_000

const peers = [
  { name: 'statusd', binary: process.env.STATUSD, start: startStatusd },
  { name: 'geth', binary: process.env.GETH, start: startGeth },
]
for (const { name, binary, start } of peers)
  describe.skipIf(!binary)(`with ${name}`, () => {
    it('what it asks of envelopes is kept to, and what we ask it keeps to: proof of work', async () => {
      const joined = await join(await start(binary as string))
      const { whisper, go, heard } = joined
      listen(joined, ONE)
      await go.call('shh_setMinPoW', 0.5)
      await until(() => whisper.peers()[0]?.minPow === 0.5, 'packet 2')
      const [easy, hard] = [await wePost(joined, ONE, 'easy', 0), await wePost(joined, ONE, 'hard', 0.6)]
      await until(() => whisper.envelope(hard)?.own?.confirmedBy === 1, 'the one with enough work')
      expect(whisper.envelope(easy)?.own?.sentTo).toBe(0)
      await go.call('shh_setMinPoW', 0)
      await until(() => whisper.envelope(easy)?.own?.confirmedBy === 1, 'the other one')

      whisper.setMinPow(1e6)
      await sleep(CYCLES_MS)
      await goPosts(joined, ONE, 'from go')
      await sleep(CYCLES_MS)
      expect(heard.filter((text) => text === 'from go')).toEqual([])
      whisper.setMinPow(0)
      await until(() => heard.includes('from go'), 'it comes once we ask for less')
      expect(whisper.stats()).toMatchObject({ envelopesRefused: 0, linksDropped: 0, ownRefused: 0 })
      expect(whisper.peers()).toHaveLength(1)
    })

    it('we as a light client hear what our filters want, and are heard', async () => {
      const joined = await join(await start(binary as string), { lightClient: true })
      const { whisper, go, symKeyID, heard } = joined
      await goPosts(joined, ONE, 'before')
      await sleep(CYCLES_MS)
      expect(whisper.stats().envelopesReceived).toBe(0)
      listen(joined, ONE)
      await until(() => heard.includes('before'), 'what the new filter wants')
      await goPosts(joined, OTHER, 'for others')
      await goPosts(joined, ONE, 'after')
      await until(() => heard.includes('after'), 'what comes later')
      await sleep(CYCLES_MS)
      expect(whisper.stats()).toMatchObject({ envelopesReceived: 2, envelopesAccepted: 2 })
      const filter = { symKeyID, topics: [to0xHex(OTHER)], minPow: 0, allowP2P: true }
      const id = await go.call<string>('shh_newMessageFilter', filter)
      await wePost(joined, OTHER, 'from light')
      await until(async () => {
        const messages = await go.call<{ payload: string }[]>('shh_getFilterMessages', id)
        return messages.some(({ payload }) => payload === to0xHex(utf8('from light')))
      }, 'our own envelope there')
    })
  })

/** The same node at another loopback address, so that it is in a network of its own. */
async function seenAt(host: string, { enode }: GoNode): Promise<string> {
  const port = Number(enode.split(':').at(-1))
  const server = createServer((socket) => {
    const there = connect(port, '127.0.0.1')
    for (const [from, to] of [[socket, there] as const, [there, socket] as const])
      from.on('error', () => to.destroy()).pipe(to)
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  return enode.replace(/@.*$/, `@${host}:${(server.address() as AddressInfo).port}`)
}

describe.skipIf(!process.env.STATUSD)('with five statusd in different networks', () => {
  for (const behind of [40, -40])
    it(`a clock that is ${Math.abs(behind)} s ${behind > 0 ? 'behind' : 'ahead'} is corrected by them`, async () => {
      const nodes = await Promise.all(
        Array.from({ length: 5 }, () => startStatusd(process.env.STATUSD as string)),
      )
      const warnings: (string | undefined)[] = []
      const whisper = createWhisper({
        clock: { wallMs: () => Date.now() - behind * 1_000, monotonicMs: () => performance.now() },
        log: (event) => event.type === 'clock' && warnings.push(clockWarning(event.report)),
      })
      const host = await createHost({
        nodeKey: generatePrivateKey(defaultProvider, systemRandom),
        peers: await Promise.all(nodes.map((node, i) => seenAt(`127.${i + 1}.0.1`, node))),
        subprotocols: [whisper.subprotocol],
      })
      closing.push(
        () => whisper.close(),
        () => host.close(),
      )
      await until(() => whisper.peers().length === 5, 'the Whisper handshakes')
      const post = { topic: to0xHex(ONE), payload: '0x01', ttl: 10, powTime: 5, powTarget: 0.002 }
      await until(async () => {
        for (const go of nodes)
          await go.call('shh_post', { ...post, symKeyID: await go.call('shh_addSymKey', to0xHex(KEY)) })
        await sleep(CYCLES_MS)
        return whisper.clock().correctionSeconds !== 0
      }, 'a correction')
      expect(Math.abs(whisper.clock().correctionSeconds - behind)).toBeLessThanOrEqual(2)
      expect(warnings).toEqual([expect.stringMatching(/^your clock is off by (3[89]|4[012]) s: /)])
      const hash = await whisper.service.post({ to: { symKey: KEY }, topic: ONE, payload: utf8('in time') })
      await until(() => whisper.envelope(hash)?.own?.confirmedBy === 5, 'confirmed by all')
      expect(whisper.stats().ownRefused).toBe(0)
    })
})

describe.skipIf(!process.env.STATUSD)('with a limited statusd', () => {
  it('a light client of its kind gets what it asks for, and no more', async () => {
    const go = await startStatusd(process.env.STATUSD as string, { LightClient: true })
    const joined = await join(go)
    const { whisper, symKeyID } = joined
    expect(whisper.peers()[0]?.bloom?.every((byte) => byte === 0)).toBe(true)
    const hash = await wePost(joined, ONE, 'hello')
    await sleep(CYCLES_MS)
    expect(whisper.envelope(hash)?.own?.sentTo).toBe(0)
    await go.call('shh_newMessageFilter', { symKeyID, topics: [to0xHex(ONE)], minPow: 0, allowP2P: true })
    await until(() => whisper.envelope(hash)?.own?.confirmedBy === 1, 'what its filter wants')
    const other = await wePost(joined, OTHER, 'not for it')
    await sleep(CYCLES_MS)
    expect(whisper.envelope(other)?.own?.sentTo).toBe(0)
  })

  it('its rate limits are kept to: 150 messages in 10 s, and both ways, end no link', async ({ skip }) => {
    const limits = { EnableRateLimiter: true, RateLimitIP: 10, RateLimitPeerID: 5, RateLimitTolerance: 3 }
    const joined = await join(await startStatusd(process.env.STATUSD as string, limits), { minPow: 0 })
    const { whisper, heard } = joined
    skip(whisper.peers()[0]?.rateLimits === undefined, '0.36 does not announce its limits')
    expect(whisper.peers()[0]?.rateLimits).toEqual({ perIp: 10, perPeer: 5, perTopic: 0 })
    listen(joined, OTHER)
    const hashes: Awaited<ReturnType<typeof wePost>>[] = []
    for (let i = 0; i < 150; i++) {
      hashes.push(await wePost(joined, ONE, `number ${i}`))
      if (i % 5 === 0) await goPosts(joined, OTHER, `go ${i}`)
      await sleep(60)
    }
    await until(() => hashes.every((hash) => whisper.envelope(hash)?.own?.sentTo === 1), 'all sent')
    await until(() => hashes.every((hash) => whisper.envelope(hash)?.own?.confirmedBy === 1), 'all confirmed')
    await until(() => heard.length === 30, 'all heard')
    expect(whisper.stats()).toMatchObject({ linksOpened: 1, linksClosed: 0 })
    const { packetsSent } = whisper.stats()
    expect(packetsSent).toBeGreaterThan(20)
    expect(whisper.stats().traffic.find(({ code }) => code === 11)?.packetsSent).toBe(0)
  })

  it('our rate limits reach it, and slow down nothing that is within them', async () => {
    const go = await startStatusd(process.env.STATUSD as string)
    const joined = await join(go, { rateLimits: { perPeer: 30, tolerance: 10 } })
    const { whisper, heard } = joined
    listen(joined, ONE)
    for (let i = 0; i < 40; i++) await goPosts(joined, ONE, `go ${i}`)
    await until(() => heard.length === 40, 'all heard')
    whisper.setRateLimits({ perPeer: 20 })
    await goPosts(joined, ONE, 'after packet 20')
    await until(() => heard.includes('after packet 20'), 'the link lives')
    expect(whisper.stats()).toMatchObject({ linksClosed: 0, packetsOverLimit: 0 })
  })
})

describe.skipIf(!process.env.GETH_OLDER)('with geth 1.8.27, which weighs work by the older rule', () => {
  const MIN_POW = 0.002
  /** 2,000 bytes for 30 s need 8 bits: luck alone gives them once in 256 envelopes. */
  const long = (text: string) => text.padEnd(2_000)
  const olderGeth = () => startGeth(process.env.GETH_OLDER as string)

  it('where the operator admits it: all of its envelopes come, it gets what is enough by both rules, the link stays', async () => {
    const joined = await join(await olderGeth(), { minPow: MIN_POW })
    const { whisper, go, symKeyID, heard } = joined
    whisper.acceptOlderPowFrom(peerIdOf(go.enode))
    listen(joined, ONE)
    const texts = Array.from({ length: 10 }, (_, i) => long(`older ${i}`))
    for (const text of texts) await goPosts(joined, ONE, text)
    await until(() => texts.every((text) => heard.includes(text)), 'all of them')
    expect(whisper.stats()).toMatchObject({ envelopesAccepted: 10, envelopesRefused: 0 })

    const filter = { symKeyID, topics: [to0xHex(OTHER)], minPow: 0, allowP2P: true }
    const id = await go.call<string>('shh_newMessageFilter', filter)
    const hashes = await Promise.all(
      Array.from({ length: 300 }, (_, i) => wePost(joined, OTHER, `ours ${i}`)),
    )
    await sleep(CYCLES_MS)
    const sent = hashes.filter((hash) => whisper.envelope(hash)?.own?.sentTo === 1)
    expect(sent.length).toBeGreaterThan(0)
    expect(sent.length).toBeLessThan(100)
    const arrived: { hash: string; pow: number }[] = []
    await until(async () => {
      arrived.push(...(await go.call<typeof arrived>('shh_getFilterMessages', id)))
      return arrived.length >= sent.length
    }, 'what it takes')
    expect(arrived.map(({ hash }) => hash).sort()).toEqual(sent.map(to0xHex).sort())
    expect(arrived.every(({ pow }) => pow >= MIN_POW)).toBe(true)
    expect(whisper.stats()).toMatchObject({ linksOpened: 1, linksClosed: 0 })
  })

  it('where nobody admits it: its envelopes are refused, and it ends the link at one of ours', async () => {
    const joined = await join(await olderGeth(), { minPow: MIN_POW })
    const { whisper } = joined
    listen(joined, ONE)
    const texts = Array.from({ length: 5 }, (_, i) => long(`older ${i}`))
    for (const text of texts) await goPosts(joined, ONE, text)
    await until(() => whisper.stats().envelopesRefused >= 4, 'they are refused')
    expect(whisper.peers()).toHaveLength(1)
    for (let i = 0; i < 5; i++) await wePost(joined, ONE, long(`ours ${i}`))
    await until(() => whisper.stats().linksClosed > 0, 'it drops us')
  })

  it('status-node --older-pow-peer relays between it and statusd', async ({ skip }) => {
    skip(!process.env.STATUSD, 'STATUSD is not set')
    const [older, status] = [await olderGeth(), await startStatusd(process.env.STATUSD as string)]
    const peers = [older, status].flatMap(({ enode }) => ['--peer', enode])
    await startNode([...peers, '--older-pow-peer', older.enode])
    for (const go of [older, status])
      await until(async () => (await go.call<unknown[]>('admin_peers')).length === 1, 'its link')
    const key = async (go: GoNode) => go.call<string>('shh_addSymKey', to0xHex(KEY))
    const post = { topic: to0xHex(ONE), ttl: 30, powTime: 5, powTarget: 0.002 }
    for (const [from, to] of [[older, status] as const, [status, older] as const]) {
      const filter = { symKeyID: await key(to), topics: [post.topic], minPow: 0, allowP2P: true }
      const [symKeyID, id] = [await key(from), await to.call<string>('shh_newMessageFilter', filter)]
      const payloads: string[] = []
      await until(async () => {
        for (let i = 0; i < 20; i++) await from.call('shh_post', { ...post, symKeyID, payload: '0x01' })
        await sleep(CYCLES_MS)
        for (const { payload } of await to.call<{ payload: string }[]>('shh_getFilterMessages', id))
          payloads.push(payload)
        return payloads.length > 0
      }, 'something with work by both rules')
      expect(new Set(payloads)).toEqual(new Set(['0x01']))
    }
    for (const go of [older, status]) expect(await go.call<unknown[]>('admin_peers')).toHaveLength(1)
  })
})
