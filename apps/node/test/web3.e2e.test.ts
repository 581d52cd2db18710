/**
 * The client that programs of the time had: `web3.shh` of web3.js 1.10, unmodified (the package `web3-shh`, which `web3`
 * hands on as `web3.shh`), against two nodes.
 */
import { createRequire } from 'node:module'
import { connect, Socket } from 'node:net'
import { toHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { atTheEnd, type NodeProcess, startNode, stopAll } from './programs.ts'

/** What `web3.shh` has, as far as it is called here: its own types know neither criteria without a topic nor `padding`. */
type Web3Shh = Record<string, (...args: unknown[]) => Promise<never>> & {
  readonly net: Record<string, () => Promise<unknown>>
  readonly subscribe: (
    name: string,
    criteria: object,
    callback: (error: Error | null, message: Message) => void,
  ) => { on(event: string, listener: (value: never) => void): Subscription } & Subscription
}
/** CommonJS, whose types are those of a bundler. */
const Shh = createRequire(import.meta.url)('web3-shh') as {
  new (provider: Provider): Web3Shh
  readonly providers: {
    readonly HttpProvider: new (url: string) => Provider
    readonly WebsocketProvider: new (url: string) => Provider
    readonly IpcProvider: new (path: string, net: object) => Provider
  }
}
interface Provider {
  readonly connection?: unknown
  disconnect?(): void
}
interface Subscription {
  readonly id: string
  unsubscribe(callback: (error: Error | null, ok: boolean) => void): Promise<boolean>
}
interface Message {
  readonly payload: string
  readonly hash: string
  readonly sig?: string
  readonly recipientPublicKey?: string
  readonly [field: string]: unknown
}

interface Client {
  readonly shh: Web3Shh
  close(): void
}

type Transport = 'HTTP' | 'WS' | 'IPC'

let a: NodeProcess
let b: NodeProcess

beforeAll(async () => {
  const rpc = ['--http', '127.0.0.1:0', '--ws', '127.0.0.1:0', '--ipc', '--rpc-unsafe-keys']
  a = await startNode(rpc)
  b = await startNode([...rpc, '--peer', a.ready.enode])
  await until(async () => (await clientOf(b, 'HTTP').shh.net.getPeerCount?.()) === 1, 'the link')
})
afterAll(stopAll)

function clientOf(node: NodeProcess, transport: Transport): Client {
  const provider = providerOf(node, transport)
  const client = { shh: new Shh(provider), close: () => end(provider) }
  atTheEnd(() => client.close())
  return client
}

function providerOf({ ready }: NodeProcess, transport: Transport): Provider {
  const { HttpProvider, WebsocketProvider, IpcProvider } = Shh.providers
  if (transport === 'HTTP') return new HttpProvider(`http://${ready.http}`)
  if (transport === 'WS') return new WebsocketProvider(`ws://${ready.ws}`)
  return new IpcProvider(String(ready.ipc), { connect })
}

function end(provider: Provider): void {
  if (provider.connection instanceof Socket) provider.connection.destroy()
  else provider.disconnect?.()
}

async function until(probe: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await probe()); await new Promise((r) => setTimeout(r, 20)))
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`)
}

const hex = (text: string): string => `0x${Buffer.from(text).toString('hex')}`
const ID = /^[0-9a-f]{64}$/
const post = { ttl: 10, powTarget: 0.002, powTime: 5 }
let topics = 0
/** One for each test, so that they do not hear each other. */
const freshTopic = (): string => `0x${(0xab000000 + topics++).toString(16)}`

describe.each<Transport>(['HTTP', 'WS', 'IPC'])('web3.shh over %s', (transport) => {
  let shh: Web3Shh
  let other: Web3Shh
  beforeAll(() => {
    shh = clientOf(a, transport).shh
    other = clientOf(b, transport).shh
  })

  it('says who it is', async () => {
    expect(await shh.getVersion?.()).toBe('6.0')
    expect(await shh.getInfo?.()).toEqual({
      memory: expect.any(Number),
      messages: expect.any(Number),
      minPow: expect.any(Number),
      maxMessageSize: expect.any(Number),
    })
    expect(await shh.net.getId?.()).toBe(1)
    expect(await shh.net.isListening?.()).toBe(true)
    expect(await shh.net.getPeerCount?.()).toBe(1)
  })

  it('changes what it asks of others', async () => {
    expect(await shh.setMaxMessageSize?.(500_000)).toBe(true)
    expect(await shh.setMinPoW?.(0.001)).toBe(true)
    expect(await shh.getInfo?.()).toMatchObject({ minPow: 0.001, maxMessageSize: 500_000 })
    expect(await shh.setMinPoW?.(0.002)).toBe(true)
    expect(await shh.setMaxMessageSize?.(1_048_576)).toBe(true)
    expect(await other.markTrustedPeer?.(a.ready.enode)).toBe(true)
    await expect(shh.setMaxMessageSize?.(1_000_000_000)).rejects.toThrow('too large')
    await expect(shh.setMinPoW?.(-1)).rejects.toThrow('invalid PoW')
    await expect(shh.markTrustedPeer?.('enode://x')).rejects.toThrow('enode')
  })

  it('keeps key pairs', async () => {
    const id: string = (await shh.newKeyPair?.()) as never
    expect(id).toMatch(ID)
    expect(await shh.hasKeyPair?.(id)).toBe(true)
    expect(await shh.getPublicKey?.(id)).toMatch(/^0x04[0-9a-f]{128}$/)
    const privateKey = generatePrivateKey(defaultProvider, systemRandom)
    const added: string = (await shh.addPrivateKey?.(`0x${toHex(privateKey)}`)) as never
    expect(added).toMatch(ID)
    expect(await shh.getPrivateKey?.(added)).toBe(`0x${toHex(privateKey)}`)
    expect(await shh.getPublicKey?.(added)).toBe(`0x${toHex(defaultProvider.publicKey(privateKey))}`)
    for (const one of [id, added]) {
      expect(await shh.deleteKeyPair?.(one)).toBe(true)
      expect(await shh.hasKeyPair?.(one)).toBe(false)
    }
    await expect(shh.getPublicKey?.(id)).rejects.toThrow('invalid id')
    await expect(shh.deleteKeyPair?.(id)).rejects.toThrow('not found')
    await expect(shh.addPrivateKey?.('0x00')).rejects.toThrow('invalid length, need 256 bits')
  })

  it('keeps symmetric keys', async () => {
    const id: string = (await shh.newSymKey?.()) as never
    expect(id).toMatch(ID)
    expect(await shh.getSymKey?.(id)).toMatch(/^0x[0-9a-f]{64}$/)
    const key = `0x${'5e'.repeat(32)}`
    const added = await shh.addSymKey?.(key)
    expect(await shh.getSymKey?.(added)).toBe(key)
    const status: string = (await shh.generateSymKeyFromPassword?.('status')) as never
    expect(await shh.getSymKey?.(status)).toBe(
      await other.getSymKey?.(await other.generateSymKeyFromPassword?.('status')),
    )
    for (const one of [id, added, status]) {
      expect(await shh.hasSymKey?.(one)).toBe(true)
      expect(await shh.deleteSymKey?.(one)).toBe(true)
      expect(await shh.hasSymKey?.(one)).toBe(false)
      expect(await shh.deleteSymKey?.(one)).toBe(false)
    }
    await expect(shh.getSymKey?.(id)).rejects.toThrow('non-existent key ID')
  })

  it('brings a symmetric message to a filter of the other node', async () => {
    const [symKeyID, sig] = [await shh.generateSymKeyFromPassword?.('room'), await shh.newKeyPair?.()]
    const topic = freshTopic()
    const filter = await other.newMessageFilter?.({
      symKeyID: await other.generateSymKeyFromPassword?.('room'),
      topics: [topic],
      minPow: 0.001,
      sig: await shh.getPublicKey?.(sig),
    })
    expect(filter).toMatch(ID)
    const hash = await shh.post?.({ ...post, symKeyID, sig, topic, payload: hex('hello'), padding: '0x1234' })
    expect(hash).toMatch(/^0x[0-9a-f]{64}$/)
    const [message] = await messages(other, filter)
    expect(message).toEqual({
      ...{ hash, topic, payload: hex('hello'), padding: '0x1234', ttl: 10 },
      sig: await shh.getPublicKey?.(sig),
      timestamp: expect.any(Number),
      pow: expect.any(Number),
    })
    expect(message?.pow).toBeGreaterThanOrEqual(0.002)
    expect(await other.getFilterMessages?.(filter)).toEqual([])
    expect(await other.deleteMessageFilter?.(filter)).toBe(true)
    await expect(other.getFilterMessages?.(filter)).rejects.toThrow('filter not found')
  })

  it('brings an asymmetric message to the owner of the key, also without a topic', async () => {
    const privateKeyID = await other.newKeyPair?.()
    const pubKey = await other.getPublicKey?.(privateKeyID)
    const filter = await other.newMessageFilter?.({ privateKeyID })
    const hash = await shh.post?.({ ...post, pubKey, payload: hex('to you') })
    const [message] = await messages(other, filter)
    expect(message).toMatchObject({
      hash,
      payload: hex('to you'),
      recipientPublicKey: pubKey,
      topic: '0x00000000',
    })
    expect(message?.sig).toBeUndefined()
    await other.deleteMessageFilter?.(filter)
  })

  it('sends to one peer alone, who listens to those it trusts', async () => {
    const topic = freshTopic()
    await other.markTrustedPeer?.(a.ready.enode)
    const symKeyID = await other.generateSymKeyFromPassword?.('direct')
    const [open, closed] = [
      await other.newMessageFilter?.({ symKeyID, topics: [topic], allowP2P: true }),
      await other.newMessageFilter?.({ symKeyID, topics: [topic] }),
    ]
    await shh.post?.({
      ...{ symKeyID: await shh.generateSymKeyFromPassword?.('direct'), topic, ttl: 10 },
      ...{ payload: hex('for one'), targetPeer: b.ready.enode, powTarget: 0, powTime: 0 },
    })
    expect(await messages(other, open)).toMatchObject([{ payload: hex('for one'), direct: true }])
    expect(await other.getFilterMessages?.(closed)).toEqual([])
  })

  it('says what is wrong with a message', async () => {
    const symKeyID = await shh.newSymKey?.()
    const topic = freshTopic()
    for (const [message, complaint] of [
      [{}, 'specify either a symmetric or an asymmetric key'],
      [{ symKeyID, pubKey: '0x04' }, 'specify either a symmetric or an asymmetric key'],
      [{ symKeyID }, 'missing topic(s)'],
      [{ symKeyID: '00', topic }, 'non-existent key ID'],
      [{ symKeyID, topic, sig: '00' }, 'invalid id'],
      [{ pubKey: '0x0401', topic }, 'invalid public key'],
      [{ symKeyID, topic, powTarget: 0.0001 }, 'message rejected, PoW too low'],
      [{ symKeyID, topic, powTarget: 1e12, powTime: 0 }, 'specified pow time (0 seconds) was insufficient'],
      [{ symKeyID, topic, targetPeer: 'nobody' }, 'failed to parse target peer'],
      [{ symKeyID, topic, ttl: -1 }, 'invalid argument 0'],
      [{ symKeyID, topic: '0x123456' }, 'hex string has length 6, want 8'],
    ] as const)
      await expect(shh.post?.({ ...post, payload: '0x00', ...message }), complaint).rejects.toThrow(complaint)
    await expect(shh.newMessageFilter?.({})).rejects.toThrow('specify either')
    await expect(shh.deleteMessageFilter?.('00')).rejects.toThrow('Invalid ID')
  })

  if (transport === 'HTTP')
    it('has no subscriptions', async () => {
      const symKeyID = await shh.newSymKey?.()
      const failed = new Promise((resolve) => {
        shh.subscribe('messages', { symKeyID, topics: [freshTopic()] }, resolve)
      })
      expect(String(await failed)).toContain('subscription')
    })
  else
    it('tells subscribers as it happens', async () => {
      const topic = freshTopic()
      const heard: Message[] = []
      const criteria = { symKeyID: await other.generateSymKeyFromPassword?.('live'), topics: [topic] }
      const subscription = other.subscribe('messages', criteria, (error, message) => {
        if (!error) heard.push(message)
      })
      await new Promise((resolve) => subscription.on('connected', resolve as never))
      expect(subscription.id).toMatch(/^0x[0-9a-f]+$/)
      const symKeyID = await shh.generateSymKeyFromPassword?.('live')
      const send = (text: string) => shh.post?.({ ...post, symKeyID, topic, payload: hex(text) })
      for (const text of ['one', 'two', 'three']) await send(text)
      await until(() => heard.length === 3, 'three messages')
      expect(heard.map(({ payload }) => payload)).toEqual(['one', 'two', 'three'].map(hex))
      const ended = await new Promise((resolve) =>
        subscription.unsubscribe((error, ok) => resolve(error ?? ok)),
      )
      expect(ended).toBe(true)
      await expect(other.unsubscribe?.(subscription.id)).rejects.toThrow('subscription not found')
    })
})

async function messages(shh: Web3Shh, filter: unknown): Promise<Message[]> {
  const found: Message[] = []
  await until(async () => {
    for (const message of ((await shh.getFilterMessages?.(filter)) ?? []) as Message[]) found.push(message)
    return found.length > 0
  }, 'a message in the filter')
  return found
}
