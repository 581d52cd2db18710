/**
 * A chat in a web page: a whole messenger and its Whisper node in the browser, over a WebSocket to a relay that can read none
 * of it. What is said is kept in IndexedDB, encrypted; the account's words are kept beside it here, where a real page would ask
 * for them or for a password.
 */
import { to0xHex } from '@status-protocol/bytes'
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createMessenger, type Message } from '@status-protocol/messenger'
import { createHost } from '@status-protocol/p2p-devp2p'
import { webSocketTransport } from '@status-protocol/p2p-devp2p/web'
import { aesGcmCipher, createIndexedDbStorage } from '@status-protocol/storage-indexeddb'
import { accountFromMnemonic, generateMnemonic, threeWordName } from '@status-protocol/trust'
import { createWhisper } from '@status-protocol/whisper'

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T

// Who we are, and what we know.
const words = localStorage.getItem('words') ?? generateMnemonic(systemRandom)
localStorage.setItem('words', words)
const account = accountFromMnemonic(words)
const cipher = aesGcmCipher({ key: account.databaseKey.privateKey })
const storage = await createIndexedDbStorage({ name: 'web-chat', cipher })

// The layers: a Whisper node, the messenger on it, and the way to others.
const whisper = createWhisper()
const messenger = await createMessenger({ account, storage, whisper: whisper.service, online: false })
const { relay } = (await (await fetch('/relay.json')).json()) as { relay: string }
const host = await createHost({
  nodeKey: generatePrivateKey(defaultProvider, systemRandom), // another one each time: a relay must not learn whom it serves
  subprotocols: [whisper.subprotocol],
  transport: webSocketTransport(),
  peers: [relay],
})

async function tellState(): Promise<void> {
  for await (const _ of host.events()) {
    const isOnline = host.peers().length > 0
    messenger.setOnline(isOnline)
    element('state').textContent = isOnline ? 'connected' : 'not connected'
  }
}

function show({ id, chat, author, text, own, security, delivery }: Message): void {
  const line = document.getElementById(id) ?? document.createElement('li')
  const place = chat.startsWith('#') ? ` in ${chat}` : ''
  line.textContent = `${own ? 'you' : threeWordName(author)}${place}: ${text} [${security}${own ? `, ${delivery}` : ''}]`
  if (line.id === '') element('messages').append(line)
  line.id = id
}

async function showAll(): Promise<void> {
  const events = messenger.events()
  for (const { id } of await messenger.chats())
    for (const message of await messenger.messages(id)) show(message)
  for await (const event of events) {
    if (event.type === 'message') show(event.message)
    if (event.type !== 'delivery') continue
    const message = await messenger.message(event.messageId)
    if (message) show(message)
  }
}

element('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const [to, text] = [element<HTMLInputElement>('to').value, element<HTMLInputElement>('text')]
  try {
    if (to.startsWith('#')) await messenger.join(to)
    await messenger.send(to, text.value)
    element('problem').textContent = text.value = ''
  } catch (error) {
    element('problem').textContent = error instanceof Error ? error.message : String(error)
  }
})

element('name').textContent = threeWordName(messenger.publicKey)
element('key').textContent = to0xHex(messenger.publicKey)
void tellState()
void showAll()
