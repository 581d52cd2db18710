/** A peer that reads slowly and asks again and again, over a real Whisper node: what waits for it stays bounded. */
import { createMemoryArchive } from '@status-protocol/storage-memory'
import { virtualClock } from '@status-protocol/testkit'
import {
  createWhisper,
  encodeHistoryRequest,
  encodeStatus,
  envelopeFrom,
  fullBloom,
  noRateLimits,
  packetCodes,
  topicOfText,
} from '@status-protocol/whisper'
import { createMemoryLinkPair } from '@status-protocol/whisper/testing'
import { expect, it } from 'vitest'
import { createMailserver, type MailserverEvent } from '../src/index.ts'

const T0 = 1_580_000_000
const MINUTE_MS = 60_000
const PACKET_BYTES = 20_000

const large = (i: number) =>
  envelopeFrom({
    expiryUnixSeconds: T0 + i + 15,
    ttlSeconds: 15,
    topic: topicOfText('status'),
    data: new Uint8Array(5_000).fill(i),
    nonce: BigInt(i),
  })

it('who takes a packet every two minutes and asks every minute keeps one packet in memory, not one more for each request', async () => {
  const clock = virtualClock(T0 * 1000)
  const archive = createMemoryArchive()
  await archive.putBatch(Array.from({ length: 100 }, (_, i) => large(i)))
  const events: MailserverEvent[] = []
  const server = await createMailserver({
    ...{ archive, password: 'x', clock, scheduler: clock },
    log: (event) => void events.push(event),
  })
  const node = createWhisper({ clock, scheduler: clock, mail: server.mail })
  const { a, b } = createMemoryLinkPair({ a: { maxPacketBytes: PACKET_BYTES, queuePackets: 1 } })
  void node.attach(a)
  const packets = b.packets()[Symbol.asyncIterator]()
  b.send(
    packetCodes.status,
    encodeStatus({
      ...{ minPow: 0, bloom: undefined, lightNode: false, confirmations: false, rateLimits: noRateLimits },
    }),
  )
  await clock.advance(10)
  const request = {
    ...{ id: new Uint8Array(32), fromUnixSeconds: 0, toUnixSeconds: 4e9, limit: 0 },
    ...{ cursor: new Uint8Array(0), bloom: fullBloom() },
  }
  const taken: number[] = []
  let most = 0
  for (let minute = 0; minute < 120; minute++) {
    expect(b.send(packetCodes.request, encodeHistoryRequest({ type: 'plain', request }))).toBe('ok')
    if (minute % 2 === 0) void packets.next().then(({ value }) => value && taken.push(value.code))
    for (let half = 0; half < 2; half++) {
      await clock.advance(MINUTE_MS / 2)
      most = Math.max(most, node.stats().waitingPacketBytes)
    }
  }
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThanOrEqual(2 * PACKET_BYTES)
  expect(taken.filter((code) => code === packetCodes.direct).length, 'the link stays up').toBeGreaterThan(30)
  expect(events.filter(({ type }) => type === 'given-up').length).toBeGreaterThan(30)

  await server.close()
  await clock.advance(10)
  expect(node.stats().waitingPacketBytes, 'a server that closes leaves nothing behind').toBe(0)
  await node.close()
})
