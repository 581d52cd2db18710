import { describe, expect, it } from 'vitest'
import { createWhisper } from '../src/index.ts'
import {
  createMemoryLinkPair,
  type PacketInTransit,
  whisperLinkConformance,
  whisperServiceConformance,
} from '../src/testing.ts'

describe('in-memory links are links', () => {
  for (const { name, run } of whisperLinkConformance(() => createMemoryLinkPair())) it(name, run)
})

describe('in-memory links with short queues and a slow way are links', () => {
  const ends = { queuePackets: 3, queueBytes: 200_000, maxPacketBytes: 300_000 }
  const later = (packet: PacketInTransit) => setImmediate(packet.arrive)
  const makePair = () => createMemoryLinkPair({ a: ends, b: ends, carry: later })
  for (const { name, run } of whisperLinkConformance(makePair)) it(name, run)
})

describe('the suite for links notices', () => {
  type Pair = ReturnType<typeof createMemoryLinkPair>
  const failing = async (makePair: () => Pair) => {
    const failed: string[] = []
    for (const { name, run } of whisperLinkConformance(makePair)) await run().catch(() => failed.push(name))
    return failed
  }

  it('packets that change places', async () => {
    const held: PacketInTransit[] = []
    const swap = (packet: PacketInTransit) => {
      if (packet.body.length !== 37) return packet.arrive()
      held.push(packet)
      return setImmediate(() => held.shift()?.arrive())
    }
    expect(await failing(() => createMemoryLinkPair({ carry: swap }))).toEqual([
      'packets arrive whole and in order, in both directions at once',
    ])
  })

  it('a link without back-pressure', async () => {
    const endless = { queuePackets: Number.MAX_SAFE_INTEGER, queueBytes: Number.MAX_SAFE_INTEGER }
    expect(await failing(() => createMemoryLinkPair({ a: endless, b: endless }))).toEqual([
      'what is not pulled holds the sender up, and nothing is lost by it',
    ])
  })

  it('a wrong reason, an id of the wrong length, a link that throws', async () => {
    const spoilt = (): Pair => {
      const { a, b } = createMemoryLinkPair({ b: { id: new Uint8Array(32) } })
      const { trusted, maxPacketBytes, peerId } = a
      return {
        a: {
          ...{ peerId, trusted, maxPacketBytes },
          send(code, body) {
            if (code > 127) throw new RangeError('code')
            return a.send(code, body)
          },
          drained: () => a.drained(),
          packets: () => a.packets(),
          close: (reason) => a.close(reason),
          closed: a.closed.then((reason) => reason + 1),
        },
        b,
      }
    }
    expect(await failing(spoilt)).toEqual([
      'each end knows the other by 64 bytes',
      'a body above maxPacketBytes or a code out of range is not taken and harms nothing',
      'close tells both ends the reason and ends their packets',
      'the end that was not closed gives its own reason too',
      'the first of several closings counts, and nothing throws afterwards',
    ])
  })

  it('two ends that both say that they dialled', async () => {
    const both = (): Pair => {
      const { a, b } = createMemoryLinkPair()
      return { a, b: Object.defineProperty(b, 'outbound', { value: true }) }
    }
    expect(await failing(both)).toEqual(['one end dialled, as far as they say so'])
  })
})

describe('the service of a node is a WhisperService', () => {
  const makeServices = async () => {
    const nodes = [createWhisper(), createWhisper()] as const
    const { a, b } = createMemoryLinkPair()
    void nodes[0].attach(a)
    void nodes[1].attach(b)
    return {
      a: nodes[0].service,
      b: nodes[1].service,
      dispose: async () => {
        await Promise.all(nodes.map((node) => node.close()))
      },
    }
  }
  for (const { name, run } of whisperServiceConformance(makeServices)) it(name, run)
})

it('a pair knows addresses, trust and who dialled as told', () => {
  const { a, b } = createMemoryLinkPair({ a: { ip: '10.0.0.1', trusted: true } })
  expect([b.ip, b.trusted, a.ip, a.trusted]).toEqual(['10.0.0.1', true, undefined, false])
  expect([a.outbound, b.outbound]).toEqual([true, false])
  const other = createMemoryLinkPair({ dialledBy: 'b' })
  expect([other.a.outbound, other.b.outbound]).toEqual([false, true])
})
