import { concat, equal } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { seededRandom } from '@status-protocol/testkit'
import { collectGarbage } from '@status-protocol/testkit/garbage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Packet, PacketQueue } from '../src/host/packet-queue.ts'
import { createKeyStream } from '../src/rlpx/key-stream.ts'
import { createSlab } from '../src/rlpx/slab.ts'

const lengths = fc.array(fc.oneof(fc.nat(100), fc.nat(9_000), fc.constantFrom(4_095, 4_096, 4_097)), {
  minLength: 1,
  maxLength: 20,
})

describe('key stream', () => {
  const random = seededRandom(1)
  const stream = () => defaultProvider.createAesCtr(new Uint8Array(32).fill(7), new Uint8Array(16))

  it('is that of the cipher, however the text is cut, in place too', () => {
    fc.assert(
      fc.property(lengths, fc.boolean(), (cuts, inPlace) => {
        const texts = cuts.map((length) => random.bytes(length))
        const expected = stream().process(concat(...texts))
        const keys = createKeyStream(stream())
        const encrypted = texts.map((text) => {
          const output = inPlace ? text : new Uint8Array(text.length)
          keys.apply(text, output)
          return output
        })
        expect(equal(concat(...encrypted), expected)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

describe('slab', () => {
  it('gives no byte to two, but what was given back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(6_000), fc.nat(100)), { maxLength: 50 }), (wishes) => {
        const slab = createSlab()
        const taken = wishes.map(([length, back], i) => {
          const kept = Math.max(0, length - back)
          const bytes = slab.take(length)
          expect(bytes).toHaveLength(length)
          slab.giveBack(length - kept)
          return bytes.subarray(0, kept).fill(i)
        })
        for (const [i, bytes] of taken.entries()) expect(bytes.every((byte) => byte === i)).toBe(true)
      }),
    )
  })
})

describe('packets that wait for a subprotocol', () => {
  it('are let go of as they are read, also when the queue never becomes empty', async () => {
    const queue = new PacketQueue(() => {})
    const packets = Array.from({ length: 100 }, () => {
      const packet: Packet = { code: 0, body: new Uint8Array(1_000) }
      queue.push(packet)
      return new WeakRef(packet)
    })
    for (let i = 0; i < 90; i++) await queue.next()
    await collectGarbage()
    expect(packets.filter((packet) => packet.deref() !== undefined)).toHaveLength(10)
    await queue.return()
  })
})
