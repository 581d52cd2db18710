/**
 * History between us and status-go, in both directions. Opt-in: STATUSD, STATUSD_B, STATUSD_C ... name statusd binaries
 * (0.36 to 0.55).
 */
import { to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost, type Host } from '@status-protocol/p2p-devp2p'
import { createMemoryArchive, createMemoryStorage } from '@status-protocol/storage-memory'
import {
  createWhisper,
  type Envelope,
  envelopeHash,
  open,
  publicChat,
  seal,
  type Whisper,
  type WhisperOptions,
} from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import {
  createHistoryClient,
  createMailserver,
  createSyncClient,
  guardLink,
  type HistoryClient,
  type HistoryEvent,
  type SyncClient,
} from '../src/index.ts'
import { eventually, PASSWORD, type Statusd, startStatusd } from './support/statusd.ts'

const binaries = Object.entries(process.env).flatMap(([name, value]) =>
  /^STATUSD(_[A-Z0-9]+)?$/.test(name) && value ? [[value.split('/').at(-1) as string, value] as const] : [],
)

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function statusd(binary: string, options = {}): Promise<Statusd> {
  const node = await startStatusd(binary, options)
  ends.push(node.stop)
  return node
}

async function ourNode(
  options: WhisperOptions & { peers?: readonly string[]; client?: HistoryClient } = {},
): Promise<{ whisper: Whisper; host: Host }> {
  const { peers, client, ...whisperOptions } = options
  const whisper = createWhisper(whisperOptions)
  const host = await createHost({
    nodeKey: generatePrivateKey(defaultProvider, systemRandom),
    listen: '127.0.0.1:0',
    subprotocols: [
      {
        ...whisper.subprotocol,
        run: (link) => whisper.attach(client ? guardLink(link, client) : link),
      },
    ],
    ...(peers && { peers }),
  })
  ends.push(() => whisper.close().then(() => host.close()))
  return { whisper, host }
}

async function post(whisper: Whisper, texts: readonly string[], chatName: string): Promise<string[]> {
  const chat = await publicChat(chatName)
  const hashes: string[] = []
  const confirmed = new Set<string>()
  const status = whisper.service.status()
  void (async () => {
    for await (const { hash, state } of status) if (state === 'confirmed') confirmed.add(toHex(hash))
  })()
  const signer = await whisper.service.addKeyPair(generatePrivateKey(defaultProvider, systemRandom))
  for (const text of texts) {
    const message = { to: { symKey: chat.symmetricKey }, topic: chat.topic, payload: utf8(text), signer }
    hashes.push(toHex(await whisper.service.post(message)))
    await new Promise((resolve) => setTimeout(resolve, 1100)) // a second of its own each
  }
  await eventually(async () => hashes.every((hash) => confirmed.has(hash)))
  return hashes
}

const now = () => Math.floor(Date.now() / 1000)

describe.skipIf(binaries.length === 0)('mailservers and status-go', { timeout: 120_000 }, () => {
  describe.each(binaries)('%s', (_name, binary) => {
    it.each([
      ['', 0],
      ['; with two seconds between requests', 2],
    ])(
      'it serves, we ask: pages, each envelope once; then nothing is missing%s',
      async (_, rateLimitSeconds) => {
        const server = await statusd(binary, { mailserver: true, rateLimitSeconds })
        const chat = await publicChat('our-history')
        const alice = await ourNode({ peers: [server.enode] })
        await eventually(async () => alice.whisper.peers().length > 0)
        const hashes = await post(alice.whisper, ['one', 'two', 'three', 'four', 'five'], 'our-history')

        const storage = createMemoryStorage()
        const client = await createHistoryClient({ storage, limit: 2 })
        const bob = await ourNode({ peers: [server.enode], client })
        const [peer] = await eventually(async () => bob.whisper.peers().length > 0 && bob.whisper.peers())
        if (!peer) throw new Error('no peer')
        client.connected(peer)
        const wish = { topics: [chat.topic], fromUnixSeconds: now() - 3600, toUnixSeconds: now() + 10 }
        const events: HistoryEvent[] = []
        const envelopes: Envelope[] = []
        for await (const event of client.fetch(wish)) {
          events.push(event)
          if (event.type === 'page') {
            envelopes.push(...event.envelopes)
            await storage.commit(event.changes)
          }
        }
        expect(events.filter(({ type }) => type === 'server-failed')).toEqual([])
        expect(envelopes.map((e) => toHex(envelopeHash(e)))).toEqual(hashes)
        expect(events.at(-1)).toMatchObject({ type: 'done', missing: [] })
        expect(events.filter(({ type }) => type === 'page').length).toBeGreaterThanOrEqual(3)
        for (const envelope of envelopes) expect(open(envelope, chat).ok).toBe(true)
      },
    )

    it('it asks, we serve: it reads the history, page by page', async () => {
      const archive = createMemoryArchive()
      const chat = await publicChat('their-history')
      const signer = generatePrivateKey(defaultProvider, systemRandom)
      const texts = ['one', 'two', 'three', 'four', 'five']
      for (const [i, text] of texts.entries())
        await archive.putBatch([
          await seal(utf8(text), { to: chat, signer, nowUnixSeconds: now() - 1000 + i, powTarget: 0.002 }),
        ])
      const refusals: string[] = []
      const mailserver = await createMailserver({
        archive,
        password: PASSWORD,
        log: (event) => {
          if (event.type === 'refused') refusals.push(event.error)
        },
      })
      const { host, whisper } = await ourNode({
        beforeConfirm: mailserver.beforeConfirm,
        mail: mailserver.mail,
      })
      const client = await statusd(binary)
      await client.rpc('admin_addPeer', host.enode)
      await eventually(async () => whisper.peers().length > 0)
      await client.rpc('shh_markTrustedPeer', host.enode)
      const symKeyID = await client.rpc<string>('shh_generateSymKeyFromPassword', PASSWORD)
      const chatKey = await client.rpc<string>('shh_generateSymKeyFromPassword', 'their-history')
      const topics = [to0xHex(chat.topic)]
      const filter = await client.rpc<string>('shh_newMessageFilter', {
        ...{ symKeyID: chatKey, topics, minPow: 0, allowP2P: true },
      })
      const got: string[] = []
      const read = async () => {
        const messages = await client.rpc<{ payload: string }[] | null>('shh_getFilterMessages', filter)
        for (const { payload } of messages ?? []) got.push(payload)
        return got
      }
      const request = {
        mailServerPeer: host.enode,
        from: now() - 3600,
        to: now(),
        topics,
        symKeyID,
        force: true,
      }
      const first = await client.rpc<{ cursor: string; error: string | null }>(
        'shhext_requestMessagesSync',
        { baseTimeout: 10_000_000_000, stepTimeout: 0, maxRetries: 1 },
        { ...request, limit: 2 },
      )
      expect(first.error, refusals.join()).toEqual(null)
      expect(first.cursor).toMatch(/^[0-9a-f]{72}$/)
      await eventually(async () => (await read()).length === 2)
      await client.rpc('shhext_requestMessages', {
        ...request,
        limit: 100,
        cursor: first.cursor,
        timeout: 10,
      })
      await eventually(async () => (await read()).length === 5)
      expect(got.sort()).toEqual(texts.map((text) => to0xHex(utf8(text))).sort())
      expect(refusals).toEqual([])
      await mailserver.close()
    })

    it('it fills our archive with packets 123 and 124', async () => {
      const server = await statusd(binary, { mailserver: true })
      const sync: SyncClient = createSyncClient()
      const { whisper } = await ourNode({
        peers: [server.enode],
        mail: { syncResponse: (from, response) => sync.syncResponse(from, response) },
      })
      const [peer] = await eventually(async () => whisper.peers().length > 0 && whisper.peers())
      if (!peer) throw new Error('no peer')
      whisper.trust(peer.peerId)
      await post(whisper, ['one', 'two', 'three'], 'synced')
      const archive = createMemoryArchive()
      let stored = 0
      const range = { fromUnixSeconds: now() - 3600, toUnixSeconds: now() + 60 }
      for await (const page of sync.sync(peer, { archive, ...range })) stored += page.stored
      expect(stored).toBe(3)
    })
  })
})
