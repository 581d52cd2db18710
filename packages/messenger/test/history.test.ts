/** Reading what is stored while no messenger runs. */
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { createMessenger, type MessageIdText, openHistory } from '@status-protocol/messenger'
import type { Change, Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { seededRandom } from '@status-protocol/testkit'
import { createWhisper } from '@status-protocol/whisper'
import { expect, it } from 'vitest'

const random = seededRandom(3)

/** A store that counts what is written to it. */
function counting(): Storage & { readonly commits: (readonly Change[])[] } {
  const [storage, commits]: [Storage, (readonly Change[])[]] = [createMemoryStorage(), []]
  const commit = (changes: readonly Change[]): Promise<void> => {
    commits.push(changes)
    return storage.commit(changes)
  }
  return { get: storage.get.bind(storage), range: storage.range.bind(storage), commit, commits }
}

it('shows chats, contacts and pages of messages, and writes nothing', async () => {
  const storage = counting()
  const [privateKey, whisper] = [random.bytes(32), createWhisper()]
  const account = { chatKey: { privateKey, publicKey: crypto.publicKey(privateKey) } }
  const messenger = await createMessenger({ account, storage, whisper: whisper.service })
  const friend = crypto.publicKey(random.bytes(32))
  await messenger.join('#status')
  await messenger.addContact(friend, 'Friend')
  const said = []
  for (const text of ['one', 'two', 'three']) said.push(await messenger.send('#status', text))
  await messenger.close()
  await whisper.close()

  const before = storage.commits.length
  const history = openHistory(storage)
  expect((await history.chats()).map(({ kind }) => kind).sort()).toEqual(['one-to-one', 'public'])
  expect(await history.contacts()).toMatchObject([{ publicKey: friend, name: 'Friend' }])
  const texts = async (page?: Parameters<typeof history.messages>[1]) =>
    (await history.messages('#status', page)).map(({ text }) => text)
  expect(await texts()).toEqual(['one', 'two', 'three'])
  expect(await texts({ limit: 2 })).toEqual(['two', 'three'])
  expect(await texts({ limit: 2, before: said[1]?.id as MessageIdText })).toEqual(['one'])
  expect(await history.message(said[2]?.id as MessageIdText)).toMatchObject({ text: 'three', own: true })
  expect(await history.message('nonsense' as MessageIdText)).toBeUndefined()
  await expect(history.messages('#other')).rejects.toMatchObject({ code: 'not-joined' })
  await expect(
    history.messages('#status', { before: `0x${'0'.repeat(64)}` as MessageIdText }),
  ).rejects.toMatchObject({ code: 'no-such-message' })
  expect(storage.commits.length).toBe(before)
})
