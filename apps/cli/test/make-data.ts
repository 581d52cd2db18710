/**
 * Makes `fixtures/data-N`, two data directories as the present version leaves them, for the versions to come:
 *   node --conditions=@status-protocol/source --import tsx apps/cli/test/make-data.ts apps/cli/test/fixtures/data-N
 * To be done whenever what is stored changes its form.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { to0xHex } from '@status-protocol/bytes'
import { createMessenger, type MessengerEvent } from '@status-protocol/messenger'
import { createWhisper } from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { loadOrCreateAccount } from '../src/account-store.ts'
import { openDatabase } from '../src/open-storage.ts'

const [directory = ''] = process.argv.slice(2)

async function start(name: string) {
  const dataDir = join(directory, name)
  const opened = await loadOrCreateAccount({ dataDir })
  const { storage } = await openDatabase(dataDir, opened)
  const node = createWhisper()
  const messenger = await createMessenger({ account: opened.account, storage, whisper: node.service })
  const hears = async (isIt: (event: MessengerEvent) => boolean): Promise<MessengerEvent> => {
    for await (const event of messenger.events({ after: 0n })) if (isIt(event)) return event
    throw new Error('closed')
  }
  const close = async (): Promise<void> => {
    await messenger.close()
    await node.close()
    await storage.close()
    rmSync(join(dataDir, 'lock.db'), { force: true })
  }
  return { node, messenger, id: to0xHex(messenger.publicKey), hears, close }
}

const [alice, bob] = [await start('alice'), await start('bob')]
const { a, b } = createMemoryLinkPair()
void alice.node.attach(a)
void bob.node.attach(b)
const says = (text: string) => (event: MessengerEvent) =>
  event.type === 'message' && event.message.text === text
for (const { messenger } of [alice, bob]) await messenger.join('#status')
await alice.messenger.addContact(bob.messenger.publicKey, 'Bob')
await alice.messenger.send('#status', 'hello everybody')
await bob.hears(says('hello everybody'))
await alice.messenger.send(bob.id, 'first, without forward secrecy')
const first = await bob.hears(says('first, without forward secrecy'))
if (first.type === 'message') await bob.messenger.reply(first, 'second, with it')
await alice.hears(says('second, with it'))
const { id } = await alice.messenger.send(bob.id, 'third, with it')
await alice.hears((e) => e.type === 'delivery' && e.messageId === id && e.state === 'delivered')
for (const { messenger } of [alice, bob])
  for (const { chat } of await messenger.chatStates()) await messenger.markSeen(chat.id)
await new Promise((resolve) => setTimeout(resolve, 1000))
for (const { close } of [alice, bob]) await close()
process.exit(0)
