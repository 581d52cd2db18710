/** Stores that former versions wrote. */
import { fromHex } from '@status-protocol/bytes'
import { INSTALLATIONS_TABLE, OWN_PRE_KEYS_KEY, OWN_TABLE } from '@status-protocol/double-ratchet'
import { expect, it } from 'vitest'
import { installationKey } from '../src/conversation/installation.ts'
import { party } from './support/party.ts'
import recorded from './support/records-v1.json' with { type: 'json' }
import { World } from './support/talk.ts'

it('records of version 1: the session goes on, and what was skipped is read', async () => {
  const world = new World()
  const alice = party(fromHex(recorded.identity), 'a1')
  const peer = fromHex(recorded.peer)
  const key = installationKey(Uint8Array.of(2 + ((peer[64] as number) & 1), ...peer.subarray(1, 33)), 'b1')
  await alice.storage.commit([
    { put: [INSTALLATIONS_TABLE, key, fromHex(recorded.installation)] },
    { put: [OWN_TABLE, OWN_PRE_KEYS_KEY, fromHex(recorded.ownPreKeys)] },
  ])
  const bob = { self: { publicKey: peer } } as typeof alice
  const [installation] = (await alice.conversation(peer)).installations
  expect(installation).toMatchObject({ missingMs: 0, usedMs: 0, renewed: false, negotiated: true })
  expect(installation?.sessions).toHaveLength(1)
  const [opened] = await world.read(alice, bob, fromHex(recorded.late))
  expect(opened).toMatchObject({ plaintext: Uint8Array.of(1), security: 'ratchet' })
  const sealed = await world.send(alice, bob, 'on')
  expect(sealed).toMatchObject({ security: 'ratchet', installationIds: ['b1'], negotiated: true })
  expect((await alice.conversation(peer)).installations[0]?.usedMs).toBeGreaterThan(0)
})
