/** Data sync with people who write unasked: one packet of theirs makes us remember and send little. */
import { createSecureChannel } from '@status-protocol/double-ratchet'
import { encodePayload } from '@status-protocol/mvds'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { afterEach, expect, it } from 'vitest'
import { keyOf, people } from './support/groups.ts'
import { quickCrypto, World } from './support/world.ts'

let world: World
afterEach(async () => {
  await world.close()
})

it('a stranger who offers a thousand messages is asked for none', async () => {
  world = new World(101)
  const [alice, eve] = await people(world, 'alice', 'eve')
  const { privateKey: identity } = eve.account.chatKey
  await world.whileRunning(eve.messenger.close()) // who speaks for her answers nothing
  const channel = createSecureChannel({
    ...{ identity, installationId: 'eve', storage: createMemoryStorage() },
    ...{ crypto: quickCrypto, clock: world.clock },
  })
  const offers = Array.from({ length: 1_000 }, () => world.random.bytes(32))
  const sync = encodePayload({ acks: [], requests: [], messages: [], offers })
  await eve.whisper.service.post({
    to: { publicKey: keyOf(alice) },
    topic: partitionedDiscovery(keyOf(alice), { crypto: quickCrypto }).topic,
    payload: await channel.encrypt(keyOf(alice), sync),
    signer: await eve.whisper.service.addKeyPair(identity),
  })
  await world.run(500)
  const before = alice.posts.length
  await world.run(3_600_000, 10_000)
  let rows = 0
  const [from, to] = [new Uint8Array(0), new Uint8Array(120).fill(255)]
  for await (const _ of alice.storage.range('mvds-record', from, to, 10_000)) rows++
  const bytes = alice.posts.slice(before).reduce((sum, { payload }) => sum + payload.length, 0)
  expect(rows).toBe(0)
  expect(bytes, 'our bundle, for everybody').toBeLessThan(1_000)
})
