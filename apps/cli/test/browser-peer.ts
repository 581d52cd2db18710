/**
 * Whom the page of `test/browser.ts` talks to: somebody at the command line client, who answers everything, and the relay between
 * them. Both are processes; the client reaches the relay by TCP, the page by a WebSocket.
 */
import { type Person, startPerson, startRelay, stopAll } from './programs.ts'

export interface BrowserPeers {
  /** Enode of the relay, with its WebSocket. */
  readonly relay: string
  /** Its JSON-RPC. */
  readonly rpc: string
  readonly person: string
  readonly origins: readonly string[]
}

/** Of messages that begin with this the answer takes so long. */
const LATER = 'later: '
const LATER_MS = 2_000
const CHAT = '#pages'

/** What was heard goes back, with how it came and the number it has for all. */
async function answer({ rpc, publicKey, messages }: Person): Promise<void> {
  for (let at = 0; ; at++) {
    while (at >= messages.length) await new Promise((resolve) => setTimeout(resolve, 10))
    const message = messages[at]
    if (!message || message.author === publicKey) continue
    const { chat, text, security, messageId } = message
    const say = () => rpc.call['chat.send']({ to: chat, text: `heard ${text} [${security}] ${messageId}` })
    if (text.startsWith(LATER)) setTimeout(() => void say(), LATER_MS)
    else await say()
  }
}

async function start(): Promise<BrowserPeers> {
  const forPages = ['--rpc-origin', process.env.PAGE_ORIGIN ?? '', '--rpc-unsafe-keys']
  const args = ['--listen-ws', 'ws://127.0.0.1:0/p2p', '--ws', '127.0.0.1:0', ...forPages]
  const relay = await startRelay({ args })
  const person = await startPerson({ peers: [relay.enode] })
  await person.rpc.call['chat.join']({ chat: CHAT })
  void answer(person)
  const rpc = `ws://${relay.rpc.ws}`
  const webSockets = [...new URL(relay.enode).searchParams.getAll('via'), rpc]
  return {
    ...{ relay: relay.enode, rpc, person: person.publicKey },
    origins: webSockets.map((url) => new URL(url).origin),
  }
}

process.stdin.resume().on('end', () => void stopAll().then(() => process.exit(0)))
console.log(JSON.stringify(await start()))
