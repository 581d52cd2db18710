/**
 * Run in Chromium against status-node processes: the same RLPx and Whisper as on Node over the browser's WebSocket, and
 * Whisper of a node over its JSON-RPC.
 */
import { equal, utf8 } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createHost, formatEnode, type Host, parseEnode } from '@status-protocol/p2p-devp2p'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/web'
import { type ConformanceCase, check, checkEqual, checkRejects } from '@status-protocol/ports/testing'
import { connectRemoteWhisper, type RemoteWhisper } from '@status-protocol/rpc/web'
import {
  createWhisper,
  type EnvelopeHash,
  type EnvelopeStatus,
  topicFrom,
  type Whisper,
  type WhisperService,
} from '@status-protocol/whisper'
import { whisperServiceConformance } from '@status-protocol/whisper/testing'
import type { BrowserPeer, BrowserPeers } from './browser-peer.ts'

const newKey = () => generatePrivateKey(defaultProvider, systemRandom)

async function peers(): Promise<BrowserPeers> {
  const lines = (await (await fetch('/peers.json')).json()) as { readonly node: BrowserPeers }
  return lines.node
}

interface PageNode {
  readonly whisper: Whisper
  readonly host: Host
}

async function startPageNode(enode: string): Promise<PageNode> {
  const whisper = createWhisper()
  const host = await createHost({
    ...{ nodeKey: newKey(), subprotocols: [whisper.subprotocol], transport: webSocketTransport() },
    ...{ peers: [enode], clientName: 'page' },
  })
  return { whisper, host }
}

async function stop({ whisper, host }: PageNode): Promise<void> {
  await whisper.close()
  await host.close()
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let left = 1_000; !isSo(); left--) {
    check(left > 0, `did not happen within 10 s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** One for all cases, so that no case begins with what the node remembers of the case before. */
let pageNode: Promise<PageNode> | undefined
async function linked(): Promise<PageNode> {
  pageNode ??= peers().then(({ near }) => startPageNode(near.enode))
  const node = await pageNode
  await until(() => node.whisper.peers().length === 1, 'the handshake with status-node')
  return node
}

const remote = (at: string, { token }: BrowserPeer): Promise<RemoteWhisper> =>
  connectRemoteWhisper({ at, token }, { pollMs: 10 })

const MARK = { topic: topicFrom(Uint8Array.of(9, 9, 9, 9)), symKey: new Uint8Array(32).fill(9) }

/** All that `a` has posted before has reached `b`, and `a` has heard so. The hash of what went last. */
async function flush(a: WhisperService, b: WhisperService): Promise<EnvelopeHash> {
  const marks = b.subscribe({ topics: [MARK.topic], symKey: MARK.symKey })[Symbol.asyncIterator]()
  const news = a.status()[Symbol.asyncIterator]()
  for (const service of [a, b]) if ('settled' in service) await (service as RemoteWhisper).settled()
  const mark = await a.post({ to: { symKey: MARK.symKey }, topic: MARK.topic, payload: utf8('mark') })
  await marks.next()
  for (let told = await news.next(); !equal(told.value.hash, mark); ) told = await news.next()
  await Promise.all([marks.return?.(), news.return?.()])
  return mark
}

/**
 * What `a` posts may overtake what `b` has subscribed to a moment before, if `b` is another program; and of the mark each
 * peer of the node tells.
 */
async function pairOf(a: WhisperService, b: WhisperService, close: () => Promise<unknown>) {
  const mark = await flush(a, b)
  const service: WhisperService = {
    addKeyPair: (key) => a.addKeyPair(key),
    subscribe: (filter) => a.subscribe(filter),
    status: () => without(mark, a.status()[Symbol.asyncIterator]()),
    async post(message) {
      if ('settled' in b) await (b as RemoteWhisper).settled()
      return a.post(message)
    },
  }
  return { a: service, b, dispose: async () => void (await close()) }
}

async function* without(mark: EnvelopeHash, news: AsyncIterator<EnvelopeStatus>) {
  try {
    for (;;) {
      const { value, done } = await news.next()
      if (done) return
      if (!equal(value.hash, mark)) yield value as EnvelopeStatus
    }
  } finally {
    await news.return?.()
  }
}

async function overWebSocketAndRpc(fromPage: boolean) {
  const [{ near }, { whisper }] = [await peers(), await linked()]
  const other = await remote(near.ws, near)
  const [a, b] = fromPage ? [whisper.service, other] : [other, whisper.service]
  return pairOf(a, b, () => other.close())
}

async function overRpc(how: 'ws' | 'http') {
  const { near, far } = await peers()
  const [a, b] = [await remote(near[how], near), await remote(far[how], far)]
  return pairOf(a, b, () => Promise.all([a.close(), b.close()]))
}

const named = (kind: string, suite: readonly ConformanceCase[]): readonly ConformanceCase[] =>
  suite.map(({ name, run }) => ({ name: `${kind}: ${name}`, run }))

export const cases: readonly ConformanceCase[] = [
  {
    name: 'a page shakes hands with status-node over a WebSocket, and both have said what they want',
    async run() {
      const [{ near }, { host, whisper }] = [await peers(), await linked()]
      const [peer] = host.peers()
      checkEqual(peer?.transport, 'ws', 'transport')
      checkEqual(peer?.direction, 'outbound', 'direction')
      check(peer?.clientName.startsWith('status-protocol/') === true, `it calls itself ${peer?.clientName}`)
      checkEqual([...(peer?.capabilities ?? [])], ['shh/6'], 'capabilities')
      checkEqual(peer?.peerId, parseEnode(near.enode).peerId, 'peer id')
      const [shh] = whisper.peers()
      checkEqual([shh?.minPow, shh?.lightNode, shh?.confirmations], [0.002, false, true], 'Whisper status')
    },
  },
  {
    name: 'another key than that of the enode is noticed',
    async run() {
      const { near } = await peers()
      const peerId = defaultProvider.publicKey(newKey()).slice(1)
      const { host, whisper } = await startPageNode(formatEnode({ ...parseEnode(near.enode), peerId }))
      for await (const event of host.events()) {
        if (event.type === 'link-up') throw new Error('a link came up')
        if (event.type === 'dial-failed') break
      }
      await stop({ host, whisper })
    },
  },
  ...named(
    'from a page by RLPx to status-node, whose JSON-RPC tells',
    whisperServiceConformance(() => overWebSocketAndRpc(true)),
  ),
  ...named(
    'by JSON-RPC to status-node, from it by RLPx to a page',
    whisperServiceConformance(() => overWebSocketAndRpc(false)),
  ),
  {
    name: 'a page takes leave: the node says so too',
    async run() {
      const node = await linked()
      pageNode = undefined
      const ended = node.host.events()
      await stop(node)
      checkEqual(node.host.peers().length, 0, 'peers')
      await ended.return?.()
      // and comes back as another one
      const again = await linked()
      await stop(again)
    },
  },
  ...named(
    'JSON-RPC over WebSocket',
    whisperServiceConformance(() => overRpc('ws')),
  ),
  ...named(
    'JSON-RPC over HTTP',
    whisperServiceConformance(() => overRpc('http')),
  ),
  {
    name: 'who has not the token of a node that others can reach is told so, as far as a browser tells',
    async run() {
      const { far } = await peers()
      for (const at of [far.ws, far.http])
        for (const token of [undefined, '0'.repeat(64)]) {
          const connecting = () => connectRemoteWhisper({ at, token })
          await checkRejects(connecting, 'unavailable', `${at} with ${token}`)
        }
    },
  },
]
