import { equal } from '@status-protocol/bytes'
import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
import { disconnectReasons } from './base/disconnect.ts'
import type { Capability } from './capabilities.ts'
import type { Link } from './link.ts'

/** Two ends of one connection that share the capability asked for. */
export interface LinkPair {
  /** The end that dialled. */
  readonly a: Link
  /** The end that was dialled. */
  readonly b: Link
  /** Ends whatever is left of it. */
  dispose(): Promise<void>
}

type Packet = { readonly code: number; readonly body: Uint8Array }

const CAPABILITY: Capability = { name: 'shh', version: 6, length: 128 }
/** Every implementation must say `full` before this much waits for a peer that does not pull. */
const MAX_UNPULLED_BYTES = 64 * 1024 * 1024

/**
 * What every implementation of {@link Link} does. `makePair` connects two fresh nodes that both offer `capability` (and
 * whatever else) and resolves when both ends are open.
 *
 * ```ts
 * for (const { name, run } of linkConformance(makePair)) it(name, run)
 * ```
 */
export function linkConformance(
  makePair: (capability: Capability) => Promise<LinkPair>,
): readonly ConformanceCase[] {
  const withPair = (name: string, run: (a: Link, b: Link) => Promise<void>): ConformanceCase => ({
    name,
    async run() {
      const pair = await makePair(CAPABILITY)
      try {
        await run(pair.a, pair.b)
      } finally {
        await pair.dispose()
      }
    },
  })
  /** The same with the ends in both roles. */
  const bothWays = (name: string, run: (from: Link, to: Link) => Promise<void>): ConformanceCase[] => [
    withPair(`${name}, from who dialled`, run),
    withPair(`${name}, from who was dialled`, (a, b) => run(b, a)),
  ]

  return [
    withPair('both ends know the capability and who the other is', async (a, b) => {
      for (const link of [a, b]) {
        checkEqual(link.capability, CAPABILITY, 'capability')
        checkEqual(link.peerId.length, 64, 'bytes of peerId')
        check(link.maxPacketBytes >= 1024 * 1024, 'a packet of 1 MiB is carried')
      }
      check(!equal(a.peerId, b.peerId), 'two nodes, two ids')
    }),
    withPair('whoever says whether it dialled says so truly', async (a, b) => {
      check(a.outbound !== false, 'the end that dialled')
      check(b.outbound !== true, 'the end that was dialled')
    }),
    ...bothWays('every code arrives with its body', async (from, to) => {
      const sent = Array.from({ length: CAPABILITY.length }, (_, code) => ({
        code,
        body: Uint8Array.of(0xc1, code & 0x7f),
      }))
      for (const { code, body } of sent) await sendOne(from, code, body)
      checkEqual(await receive(to, sent.length), sent, 'packets')
    }),
    ...bothWays('bodies of all sizes arrive as they were', async (from, to) => {
      const sizes = [0, 1, 14, 15, 16, 17, 255, 256, 257, 65_535, 65_536, 65_537, 1024 * 1024]
      const bodies = sizes.flatMap((size) => [noise(size), new Uint8Array(size)])
      const received = receive(to, bodies.length)
      for (const body of bodies) await sendOne(from, 1, body)
      for (const [i, { body }] of (await received).entries())
        check(equal(body, bodies[i] as Uint8Array), `body ${i} of ${bodies[i]?.length} bytes`)
    }),
    withPair('packets of both directions at once keep their order', async (a, b) => {
      const count = 2000
      const flood = async (link: Link) => {
        for (let i = 0; i < count; i++) await sendOne(link, i % CAPABILITY.length, uint32(i))
      }
      const inOrder = (packets: readonly Packet[]) => {
        for (const [i, { code, body }] of packets.entries())
          check(code === i % CAPABILITY.length && equal(body, uint32(i)), `packet ${i} in its place`)
      }
      const [fromB, fromA] = await Promise.all([receive(a, count), receive(b, count), flood(a), flood(b)])
      inOrder(fromB)
      inOrder(fromA)
    }),
    withPair('an array may be changed once it was sent', async (a, b) => {
      const body = noise(1000)
      const expected = body.slice()
      await sendOne(a, 5, body)
      body.fill(0)
      const [packet] = await receive(b, 1)
      check(equal(packet?.body ?? body, expected), 'the body as it was when it was sent')
    }),
    withPair('packets wait for a reader that comes late', async (a, b) => {
      for (let i = 0; i < 20; i++) await sendOne(a, i, uint32(i))
      await new Promise((resolve) => setTimeout(resolve, 20))
      checkEqual(
        (await receive(b, 20)).map(({ code }) => code),
        Array.from({ length: 20 }, (_, i) => i),
        'codes',
      )
    }),
    ...bothWays('a peer that does not pull stops the sender, and nothing is lost', async (from, to) => {
      const body = noise(64 * 1024)
      const sentUntilFull = await sendUntilFull(from, body)
      const drained = from.drained()
      const received = receive(to, sentUntilFull + 10)
      await drained
      for (let i = 0; i < 10; i++) await sendOne(from, 2, body)
      for (const packet of await received) check(equal(packet.body, body), 'a body as it was sent')
    }),
    withPair('what cannot be sent is not taken, and the link lives on', async (a, b) => {
      for (const code of [-1, CAPABILITY.length, 0.5, Number.NaN])
        check(a.send(code, noise(1)) !== 'ok', `code ${code} is not taken`)
      check(
        a.send(1, new Uint8Array(a.maxPacketBytes + 1)) !== 'ok',
        'a body above maxPacketBytes is not taken',
      )
      await sendOne(a, 7, uint32(7))
      checkEqual(await receive(b, 1), [{ code: 7, body: uint32(7) }], 'the next packet')
    }),
    ...bothWays('close tells both ends why', async (from, to) => {
      from.close(disconnectReasons.uselessPeer)
      checkEqual(await from.closed, disconnectReasons.uselessPeer, 'reason at the end that closed')
      checkEqual(await to.closed, disconnectReasons.uselessPeer, 'reason at the other end')
      for (const link of [from, to]) {
        checkEqual(link.send(1, uint32(1)), 'closed', 'send on a closed link')
        await link.drained()
        checkEqual(await receive(link, 1), [], 'packets of a closed link')
      }
    }),
    withPair('a second close changes nothing', async (a, b) => {
      a.close(disconnectReasons.quitting)
      a.close(disconnectReasons.tooManyPeers)
      checkEqual(await a.closed, disconnectReasons.quitting, 'reason at the end that closed')
      checkEqual(await b.closed, disconnectReasons.quitting, 'reason at the other end')
    }),
    ...bothWays('what was sent before close arrives before it', async (from, to) => {
      const received = receive(to, 1000)
      for (let i = 0; i < 50; i++) await sendOne(from, i, noise(500))
      from.close(disconnectReasons.quitting)
      checkEqual((await received).length, 50, 'packets before the end')
      checkEqual(await to.closed, disconnectReasons.quitting, 'reason')
    }),
    withPair('close wakes who waits for room and who waits for packets', async (a, b) => {
      const waitsForPackets = receive(a, 1)
      await sendUntilFull(a, noise(64 * 1024))
      const waitsForRoom = a.drained()
      a.close(disconnectReasons.requested)
      await waitsForRoom
      checkEqual(await waitsForPackets, [], 'packets')
      checkEqual(a.send(1, uint32(1)), 'closed', 'send')
      b.close(disconnectReasons.requested)
      await b.closed
    }),
  ]
}

/** Waits for room as long as it takes. */
async function sendOne(link: Link, code: number, body: Uint8Array): Promise<void> {
  for (;;) {
    const answer = link.send(code, body)
    if (answer === 'ok') return
    check(answer === 'full', `send on an open link: ok or full, got ${answer}`)
    await link.drained()
  }
}

/** How many packets were taken until there was no room, and none within a moment, though the other end lives. */
async function sendUntilFull(link: Link, body: Uint8Array): Promise<number> {
  for (let taken = 0; ; ) {
    const answer = link.send(2, body)
    check(answer !== 'closed', 'the link is open')
    if (answer === 'ok') {
      taken++
      check(taken * body.length <= MAX_UNPULLED_BYTES, `full within ${MAX_UNPULLED_BYTES} bytes`)
      continue
    }
    const room = await Promise.race([
      link.drained().then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 100)),
    ])
    if (!room) return taken
  }
}

/** The next packets, fewer only if the link ends. Once per link. */
async function receive(link: Link, count: number): Promise<readonly Packet[]> {
  const packets: Packet[] = []
  for await (const { code, body } of link.packets()) {
    packets.push({ code, body })
    if (packets.length === count) break
  }
  return packets
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/** Bytes that do not compress, the same ones every time. */
function noise(length: number): Uint8Array {
  let state = 0x9e3779b9 ^ length
  return Uint8Array.from({ length }, () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 0xff
  })
}
