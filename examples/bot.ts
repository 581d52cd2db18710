/**
 * A bot that answers "ping" with "pong", a person who says it, and the relay between them: three nodes in one process,
 * over real sockets on this machine.
 */
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createMessenger } from '@status-protocol/messenger'
import { createHost } from '@status-protocol/p2p-devp2p'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { accountFromMnemonic, generateMnemonic, threeWordName } from '@status-protocol/trust'
import { createWhisper } from '@status-protocol/whisper'

/** A Whisper node that others can dial, or that dials others. */
async function startNode(options: { listen?: string; peers?: readonly string[] }) {
  const whisper = createWhisper()
  const nodeKey = generatePrivateKey(defaultProvider, systemRandom)
  const host = await createHost({ nodeKey, subprotocols: [whisper.subprotocol], ...options })
  const stop = async () => {
    await whisper.close()
    await host.close()
  }
  return { whisper, enode: host.enode, stop }
}

/** A new account at work in #bots, through the relay. */
async function startMessenger(relay: string) {
  const { whisper, stop } = await startNode({ peers: [relay] })
  const account = accountFromMnemonic(generateMnemonic(systemRandom))
  const storage = createMemoryStorage()
  const messenger = await createMessenger({ account, storage, whisper: whisper.service })
  await messenger.join('#bots')
  return { messenger, name: threeWordName(messenger.publicKey), stop }
}

const relay = await startNode({ listen: '127.0.0.1:0' })
const bot = await startMessenger(relay.enode)
const person = await startMessenger(relay.enode)

async function runBot() {
  for await (const event of bot.messenger.events()) {
    if (event.type === 'message' && event.message.text === 'ping') await bot.messenger.reply(event, 'pong')
  }
}
void runBot()

await person.messenger.send('#bots', 'ping')
console.log(`${person.name}: ping`)
for await (const event of person.messenger.events({ after: 0n })) {
  if (event.type === 'delivery') console.log(`  (${event.state})`)
  if (event.type !== 'message') continue
  console.log(`${threeWordName(event.message.author)}: ${event.message.text}`)
  break
}

for (const { messenger, stop } of [person, bot]) {
  await messenger.close()
  await stop()
}
await relay.stop()
