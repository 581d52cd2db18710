/** Our node with statusd and geth: links both ways, envelopes both ways, symmetric and asymmetric. Opt-in. */
import { to0xHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost, type Host } from '@status-protocol/p2p-devp2p'
import { createWhisper, publicChat, type Whisper, type WhisperMessage } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { type GoNode, startGeth, startStatusd, stopGoPeers } from './go-peers.ts'

const peers = [
  { name: 'statusd', binary: process.env.STATUSD, start: startStatusd },
  { name: 'second statusd', binary: process.env.STATUSD_B, start: startStatusd },
  { name: 'geth', binary: process.env.GETH, start: startGeth },
]

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await stopGoPeers()
})

const privateKey = generatePrivateKey(defaultProvider, systemRandom)
const publicKey = defaultProvider.publicKey(privateKey)

async function ours(peersToDial: string[]): Promise<{ whisper: Whisper; host: Host }> {
  const whisper = createWhisper()
  const host = await createHost({
    nodeKey: generatePrivateKey(defaultProvider, systemRandom),
    listen: '127.0.0.1:0',
    peers: peersToDial,
    subprotocols: [whisper.subprotocol],
  })
  closing.push(
    () => whisper.close(),
    () => host.close(),
  )
  return { whisper, host }
}

async function until<T>(probe: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  for (const deadline = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const value = await probe()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`did not happen: ${what}`)
  }
}

for (const { name, binary, start } of peers)
  describe.skipIf(!binary)(`envelopes with ${name}`, () => {
    for (const who of ['we dial', 'it dials'] as const)
      it(`${who}: symmetric and asymmetric, both ways, confirmed`, async () => {
        const go = await start(binary as string)
        const { whisper, host } = await ours(who === 'we dial' ? [go.enode] : [])
        if (who === 'it dials') expect(await go.call('admin_addPeer', host.enode)).toBe(true)
        await until(() => whisper.peers().length === 1, 'the Whisper handshake')
        await exchange(whisper, go, name !== 'geth')
      })
  })

async function exchange(whisper: Whisper, go: GoNode, confirms: boolean): Promise<void> {
  const { topic, symmetricKey } = await publicChat('interop')
  const signer = await whisper.service.addKeyPair(privateKey)
  const heard: WhisperMessage[] = []
  for (const filter of [
    whisper.service.subscribe({ topics: [topic], symKey: symmetricKey }),
    whisper.service.subscribe({ topics: [topic], keyPair: signer }),
  ])
    void (async () => {
      for await (const message of filter) heard.push(message)
    })()
  const news: string[] = []
  void (async () => {
    for await (const { state } of whisper.service.status()) news.push(state)
  })()

  const symKeyID = await go.call<string>('shh_generateSymKeyFromPassword', 'interop')
  const sig = await go.call<string>('shh_newKeyPair')
  const goKey = await go.call<string>('shh_getPublicKey', sig)
  const topics = [to0xHex(topic)]
  const symmetric = await go.call<string>('shh_newMessageFilter', {
    symKeyID,
    topics,
    minPow: 0,
    allowP2P: true,
  })
  const asymmetric = await go.call<string>('shh_newMessageFilter', {
    privateKeyID: sig,
    topics,
    minPow: 0,
    allowP2P: true,
  })

  const common = { sig, topic: to0xHex(topic), ttl: 10, powTime: 5, powTarget: 0.002 }
  await go.call('shh_post', { ...common, symKeyID, payload: to0xHex(utf8('go to all')) })
  await go.call('shh_post', { ...common, pubKey: to0xHex(publicKey), payload: to0xHex(utf8('go to us')) })
  await until(() => heard.length >= 2, "the Go node's envelopes")
  const text = (m: WhisperMessage) => new TextDecoder().decode(m.payload)
  expect(heard.map(text).sort()).toEqual(['go to all', 'go to us'])
  expect(heard.map((m) => m.signer && to0xHex(m.signer))).toEqual([goKey, goKey])

  await whisper.service.post({ to: { symKey: symmetricKey }, topic, payload: utf8('we to all'), signer })
  const toGo = { publicKey: defaultProvider.parsePublicKey(Buffer.from(goKey.slice(2), 'hex')) as Uint8Array }
  await whisper.service.post({ to: toGo, topic, payload: utf8('we to go'), signer })
  const received: { payload: string; sig: string }[] = []
  await until(async () => {
    for (const filter of [symmetric, asymmetric])
      received.push(...(await go.call<typeof received>('shh_getFilterMessages', filter)))
    return received.filter((m) => m.sig === to0xHex(publicKey)).length >= 2
  }, 'our envelopes there')
  const fromUs = received.filter((m) => m.sig === to0xHex(publicKey)).map((m) => m.payload)
  expect(fromUs.sort()).toEqual([to0xHex(utf8('we to all')), to0xHex(utf8('we to go'))].sort())
  if (confirms)
    await until(() => news.filter((state) => state === 'confirmed').length === 2, 'both confirmed')
  expect(whisper.peers()).toHaveLength(1)
}
