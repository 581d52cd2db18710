import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { oneToOneGroupId, type SyncMessageId, type SyncOptions, syncGroupId } from '../src/index.ts'
import { brokenInvariants, createParty, peer } from './harness.ts'

const self = peer(1)
const others = [peer(2), peer(3), peer(4)]
const shared = syncGroupId(new Uint8Array(32).fill(9))

/** Anything that may come in, in any order, from members and strangers: the tables always fit together. */
describe.each([
  ['batch', {}],
  ['interactive, relaying', { mode: 'interactive', relay: true }],
  [
    'with tight limits',
    { mode: 'interactive', relay: true, maxRecordsPerPeer: 3, maxSends: 2, rememberIds: 4 },
  ],
] as [string, SyncOptions][])('invariants of the tables: %s', (_name, options) => {
  it.each(Array.from({ length: 8 }, (_, seed) => seed))('seed %i', async (seed) => {
    const random = seededRandom(seed)
    const party = createParty(self, { peerReturnsAfterMs: 2_000, rememberMs: 100_000, ...options })
    for (const other of others) await party.join(shared, other)
    const ids: SyncMessageId[] = []
    const someIds = () =>
      Array.from({ length: random.int(4) }, () =>
        random.int(4) === 0 || ids.length === 0 ? random.bytes(random.pick([0, 31, 32])) : random.pick(ids),
      )
    const aGroup = () => random.pick([shared, ...others.map((other) => oneToOneGroupId(self, other))])

    for (let step = 0; step < 150; step++) {
      const other = random.pick(others)
      switch (random.int(6)) {
        case 0: {
          const groupId = aGroup()
          const to = groupId === shared ? others.filter(() => random.int(2) === 0) : [other]
          const { id } = await party.append(to, Uint8Array.of(random.int(3)), { groupId })
          ids.push(id)
          break
        }
        case 1:
        case 2:
          await party.receive(other, {
            acks: someIds(),
            requests: someIds(),
            offers: someIds(),
            messages: Array.from({ length: random.int(3) }, () => ({
              groupId: aGroup(),
              timestampSeconds: BigInt(random.int(5)),
              body: Uint8Array.of(random.int(5)),
            })),
          })
          break
        case 3:
          party.pass(random.pick([0, 300, 5_000, 3_600_000, -10_000]))
          await party.epoch()
          break
        case 4:
          await party.peerReturned(other)
          break
        default:
          if (random.int(4) === 0) await party.removePeer(shared, other)
          else await party.join(shared, other)
      }
      expect(await brokenInvariants(party.storage), `seed ${seed}, step ${step}`).toEqual([])
    }

    // Left alone, it comes to rest: everything is given up and the tables run empty.
    for (let i = 0; i < 60; i++) {
      party.pass(3_600_000)
      await party.epoch()
    }
    expect(await party.records()).toEqual([])
    expect(await brokenInvariants(party.storage)).toEqual([])
  })
})
