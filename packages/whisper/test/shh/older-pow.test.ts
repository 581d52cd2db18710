/** EIP-627, "PoW Requirements": the rule of geth up to 1.8.27 counts only where the operator says so. */
import { toHex } from '@status-protocol/bytes'
import { describe, expect, it } from 'vitest'
import { type Envelope, envelopeHash, judgeEnvelope, olderPowOf, powOf } from '../../src/index.ts'
import { World } from './support.ts'

const hashes = (envelopes: readonly Envelope[]) => envelopes.map((one) => toHex(envelopeHash(one))).sort()
const MIN_POW = 0.1

/** Envelopes that have enough work by both rules, one of them, none. */
function envelopes(world: World) {
  const find = (current: boolean, older: boolean): Envelope => {
    for (;;) {
      const one = world.envelope()
      if (powOf(one) >= MIN_POW === current && olderPowOf(one) >= MIN_POW === older) return one
    }
  }
  return {
    both: find(true, true),
    current: find(true, false),
    older: find(false, true),
    none: find(false, false),
  }
}

describe('the older rule', () => {
  it('can be enough for a verdict, which still tells the weight by the current one', () => {
    const world = new World()
    const { both, current, older, none } = envelopes(world)
    const policy = { nowUnixSeconds: world.nowSeconds, minPow: MIN_POW }
    const judged = (one: Envelope) => judgeEnvelope(one, { ...policy, olderPowSuffices: true })
    for (const one of [both, current, older])
      expect(judged(one)).toEqual({ verdict: 'accepted', pow: powOf(one) })
    expect(judged(none)).toEqual({ verdict: 'refused', reason: 'low-pow' })
    expect(judgeEnvelope(older, policy)).toEqual({ verdict: 'refused', reason: 'low-pow' })
  })

  it('is accepted from those peers alone for whom it is enabled, now or when they come back', async () => {
    const world = new World()
    const node = world.node('ours', { minPow: MIN_POW })
    const id = new Uint8Array(64).fill(9)
    const [old, other] = [await world.play('ours', { b: { id } }), await world.play('ours')]
    const batches = [envelopes(world), envelopes(world), envelopes(world)] as const
    old.sendEnvelopes(batches[0].older)
    await world.clock.advance(0)
    expect(node.stats().envelopesAccepted).toBe(0)
    node.acceptOlderPowFrom(id)
    old.sendEnvelopes(batches[0].older, batches[0].none, batches[0].current)
    other.sendEnvelopes(batches[1].older)
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 2, envelopesRefused: 3 })
    old.link.close(8)
    await world.clock.advance(0)
    const again = await world.play('ours', { b: { id } })
    again.sendEnvelopes(batches[1].older)
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 3 })
    node.acceptOlderPowFrom(id, false)
    again.sendEnvelopes(batches[2].older)
    await world.clock.advance(0)
    expect(node.stats()).toMatchObject({ envelopesAccepted: 3 })
    expect(() => node.acceptOlderPowFrom(new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })

  it('changes nothing about what is sent: never below the requirement by the current rule', async () => {
    const world = new World()
    const node = world.node('ours', { minPow: MIN_POW })
    const oldId = new Uint8Array(64).fill(8)
    node.acceptOlderPowFrom(oldId)
    const from = await world.play('ours', { b: { id: oldId } })
    const [plain, easy] = [MIN_POW, 0].map((minPow) => world.play('ours', { status: { minPow } }))
    const otherOldId = new Uint8Array(64).fill(7)
    node.acceptOlderPowFrom(otherOldId)
    const old = await world.play('ours', { b: { id: otherOldId }, status: { minPow: MIN_POW } })
    const { both, current, older } = envelopes(world)
    from.sendEnvelopes(both, current, older)
    await world.clock.advance(100)
    expect(hashes((await plain)?.envelopes() ?? [])).toEqual(hashes([both, current]))
    expect(hashes((await easy)?.envelopes() ?? [])).toEqual(hashes([both, current, older]))
    expect(hashes(old.envelopes())).toEqual(hashes([both])) // by either rule below: geth 1.8 would end the link
  })
})
