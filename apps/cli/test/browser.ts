/**
 * Run in Chromium: a whole messenger in the page (its store in IndexedDB, its Whisper node, RLPx over a WebSocket) and somebody at
 * the command line client talk to each other through a status-node.
 */
import { to0xHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createMessenger, type Messenger, type MessengerEvent } from '@status-protocol/messenger'
import { createHost } from '@status-protocol/p2p-devp2p'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/web'
import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
import { connectRemoteWhisper } from '@status-protocol/rpc/web'
import { aesGcmCipher, createIndexedDbStorage } from '@status-protocol/storage-indexeddb'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { type Account, accountFromMnemonic, generateMnemonic } from '@status-protocol/trust'
import { createWhisper } from '@status-protocol/whisper'
import type { BrowserPeers } from './browser-peer.ts'

const DATABASE = 'page and command line'
const CHAT = '#pages'

interface Page {
  readonly messenger: Messenger
  readonly events: readonly MessengerEvent[]
  close(): Promise<void>
}

async function peers(): Promise<BrowserPeers> {
  const lines = (await (await fetch('/peers.json')).json()) as { readonly cli: BrowserPeers }
  return lines.cli
}

const newAccount = (): Account => accountFromMnemonic(generateMnemonic(systemRandom))
const account = newAccount()

/** Tells what happens from the start on. */
function eventsOf(messenger: Messenger): readonly MessengerEvent[] {
  const events: MessengerEvent[] = []
  void (async () => {
    for await (const event of messenger.events()) events.push(event)
  })()
  return events
}

/** As a page that was just opened. */
async function open(): Promise<Page> {
  const { relay } = await peers()
  const cipher = aesGcmCipher({ key: account.databaseKey.privateKey })
  const storage = await createIndexedDbStorage({ name: DATABASE, cipher })
  const whisper = createWhisper()
  const messenger = await createMessenger({ account, storage, whisper: whisper.service, online: false })
  const events = eventsOf(messenger)
  const host = await createHost({
    nodeKey: generatePrivateKey(defaultProvider, systemRandom),
    ...{ subprotocols: [whisper.subprotocol], transport: webSocketTransport(), peers: [relay] },
  })
  void (async () => {
    for await (const _ of host.events()) messenger.setOnline(host.peers().length > 0)
  })()
  return {
    messenger,
    events,
    async close() {
      await messenger.close()
      await whisper.close()
      await host.close()
      await storage.close()
    },
  }
}

let page: Promise<Page> | undefined
function opened(): Promise<Page> {
  page ??= open()
  return page
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let left = 5_000; !isSo(); left--) {
    check(left > 0, `did not happen within 50 s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const heard = ({ events }: Page): string[] =>
  events.flatMap((event) => (event.type === 'message' ? [`${event.message.text} (${event.security})`] : []))
const states = ({ events }: Page, id: string): string[] =>
  events.flatMap((event) => (event.type === 'delivery' && event.messageId === id ? [event.state] : []))

/** Said in private: it is acknowledged, and what comes back tells how it was read there. */
async function talk(one: Page, to: string, text: string, security: string): Promise<string> {
  const { id } = await one.messenger.send(to, text)
  const answer = `heard ${text} [${security}] ${id} (ratchet)`
  await until(() => heard(one).includes(answer), `${answer}; heard ${heard(one).join('; ')}`)
  await until(() => states(one, id).includes('delivered'), `${text} is delivered`)
  return id
}

export const cases: readonly ConformanceCase[] = [
  {
    name: 'a page and the command line client talk in private, with forward secrecy from the first answer on',
    async run() {
      const [{ person }, one] = [await peers(), await opened()]
      const id = await talk(one, person, 'hello from the page', 'dh')
      checkEqual(states(one, id).slice(0, 2), ['queued', 'sent'], 'what became of it, first')
      for (const text of ['one', 'two', 'three']) await talk(one, person, text, 'ratchet')
    },
  },
  {
    name: 'both say much at the same time',
    async run() {
      const [{ person }, one] = [await peers(), await opened()]
      const texts = Array.from({ length: 30 }, (_, i) => `${i} ${'x'.repeat(i * 100)}`)
      await Promise.all(texts.map((text) => talk(one, person, text, 'ratchet')))
      const own = to0xHex(one.messenger.publicKey)
      const list = await one.messenger.messages(person, { limit: 1_000 })
      const answers = list.filter(({ author }) => to0xHex(author) !== own)
      checkEqual(new Set(answers.map(({ text }) => text)).size, answers.length, 'each answer once')
    },
  },
  {
    name: 'they talk in public',
    async run() {
      const one = await opened()
      await one.messenger.join(CHAT)
      const { id } = await one.messenger.send(CHAT, 'is anybody here?')
      const answer = `heard is anybody here? [whisper] ${id} (whisper)`
      await until(() => heard(one).includes(answer), answer)
      await until(() => states(one, id).includes('relayed'), 'relayed')
    },
  },
  {
    name: 'a page that was closed goes on where it was, and hears what was said meanwhile',
    async run() {
      const [{ person }, before] = [await peers(), await opened()]
      const { id } = await before.messenger.send(person, 'later: good night')
      await until(() => states(before, id).includes('delivered'), 'delivered')
      const said = await before.messenger.messages(person, { limit: 1_000 })
      await before.close()
      // the answer is said after two seconds
      await new Promise((resolve) => setTimeout(resolve, 3_000))
      page = undefined
      const one = await opened()
      const answer = `heard later: good night [ratchet] ${id} (ratchet)`
      await until(() => heard(one).includes(answer), answer)
      const now = (await one.messenger.messages(person, { limit: 1_000 })).map((message) => message.id)
      checkEqual(
        said.map((message) => message.id).filter((known) => !now.includes(known)),
        [],
        'messages that are gone',
      )
      await talk(one, person, 'good morning', 'ratchet')
      await one.close()
      indexedDB.deleteDatabase(DATABASE)
    },
  },
  {
    name: 'a page whose messages a node of its own carries, over JSON-RPC, talks to the command line client as well',
    async run() {
      const { person, rpc } = await peers()
      const whisper = await connectRemoteWhisper({ at: rpc })
      const messenger = await createMessenger({
        ...{ account: newAccount(), storage: createMemoryStorage(), whisper },
      })
      const one = { messenger, events: eventsOf(messenger), close: () => messenger.close() }
      await talk(one, person, 'hello through a node', 'dh')
      await talk(one, person, 'and again', 'ratchet')
      await messenger.close()
      await whisper.close()
    },
  },
]
