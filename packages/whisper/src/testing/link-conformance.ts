/** What every {@link WhisperLink} does, in memory or over sockets. */
import { equal } from '@status-protocol/bytes'
import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
import type { WhisperLink } from '../link.ts'

/** Two ends of one fresh connection. */
export interface LinkPairUnderTest {
  readonly a: WhisperLink
  readonly b: WhisperLink
  /** Gives back what the pair holds. Default: `a` is closed. */
  dispose?(): Promise<void>
}

/** No case depends on time: an implementation that hangs is for the test runner to catch. */
export function whisperLinkConformance(
  makePair: () => Promise<LinkPairUnderTest> | LinkPairUnderTest,
): readonly ConformanceCase[] {
  const withPair = (name: string, run: (pair: LinkPairUnderTest) => Promise<void>): ConformanceCase => ({
    name,
    async run() {
      const pair = await makePair()
      try {
        await run(pair)
      } finally {
        if (pair.dispose) await pair.dispose()
        else pair.a.close(0)
      }
    },
  })

  return [
    withPair('each end knows the other by 64 bytes', async ({ a, b }) => {
      checkEqual([a.peerId.length, b.peerId.length], [64, 64], 'lengths')
      check(
        a.peerId.some((byte, i) => byte !== b.peerId[i]),
        'the two ends have different ids',
      )
      check(Number.isSafeInteger(a.maxPacketBytes) && a.maxPacketBytes > 0, 'maxPacketBytes is a size')
      checkEqual(typeof a.trusted, 'boolean', 'trusted')
    }),
    withPair('one end dialled, as far as they say so', async ({ a, b }) => {
      const known = [a.outbound, b.outbound].filter((outbound) => outbound !== undefined)
      check(new Set(known).size === known.length, 'outbound differs')
    }),
    withPair('packets arrive whole and in order, in both directions at once', async ({ a, b }) => {
      const wanted = Array.from({ length: 500 }, (_, i) => ({
        code: i % 128,
        body: bytes(i, (i * 37) % 3000),
      }))
      await Promise.all([
        sendAll(a, wanted),
        sendAll(b, wanted),
        checkPackets(a, wanted),
        checkPackets(b, wanted),
      ])
    }),
    withPair('codes 0 .. 127 and empty bodies', async ({ a, b }) => {
      const wanted = Array.from({ length: 128 }, (_, code) => ({ code, body: new Uint8Array(0) }))
      await Promise.all([sendAll(a, wanted), checkPackets(b, wanted)])
    }),
    withPair('bodies up to maxPacketBytes', async ({ a, b }) => {
      const half = Math.min(1024 * 1024, a.maxPacketBytes >> 1)
      const wanted = [1, 2, 255, 256, 65_535, 65_536, half]
        .filter((length) => length <= a.maxPacketBytes)
        .map((length) => ({ code: 1, body: bytes(length, length) }))
      // The largest is one that compresses: whether noise of that size fits is the link's own affair.
      wanted.push({ code: 1, body: new Uint8Array(a.maxPacketBytes).fill(7) })
      await Promise.all([sendAll(a, wanted), checkPackets(b, wanted)])
    }),
    withPair(
      'a body above maxPacketBytes or a code out of range is not taken and harms nothing',
      async ({ a, b }) => {
        check(a.send(1, new Uint8Array(a.maxPacketBytes + 1)) !== 'ok', 'too large a body')
        for (const code of [128, -1, 1.5]) check(a.send(code, new Uint8Array(1)) !== 'ok', `code ${code}`)
        const wanted = [{ code: 1, body: bytes(1, 10) }]
        await Promise.all([sendAll(a, wanted), checkPackets(b, wanted)])
      },
    ),
    withPair('what is not pulled holds the sender up, and nothing is lost by it', async ({ a, b }) => {
      const count = 512 // of 64 KiB: 32 MiB, which no link should buffer
      const noise = bytes(1, 64 * 1024)
      const numbered = (i: number): TestPacket => {
        const body = noise.slice()
        new DataView(body.buffer).setUint32(0, i)
        return { code: i % 128, body }
      }
      let firstFull: (() => void) | undefined
      const full = new Promise<void>((resolve) => {
        firstFull = resolve
      })
      let fulls = 0
      const sending = (async () => {
        for (let i = 0; i < count; i++) {
          await sendWhenDrained(a, numbered(i), () => {
            fulls++
            firstFull?.()
          })
        }
      })()
      await Promise.race([full, sending])
      check(fulls > 0, 'the link said "full" before it took 32 MiB that nobody pulled')
      const wanted = Array.from({ length: count }, (_, i) => numbered(i))
      await Promise.all([sending, checkPackets(b, wanted)])
    }),
    withPair('a full direction does not stop the other one', async ({ a, b }) => {
      const body = bytes(1, 64 * 1024)
      let sent = 0
      while (sent < 1024 && a.send(1, body) === 'ok') sent++
      const wanted = Array.from({ length: 50 }, (_, i) => ({ code: 2, body: bytes(i, 100) }))
      await Promise.all([sendAll(b, wanted), checkPackets(a, wanted)])
    }),
    withPair('drained() resolves at once while there is room', async ({ a }) => {
      await a.drained()
    }),
    withPair('close tells both ends the reason and ends their packets', async ({ a, b }) => {
      const ends = [drain(a), drain(b)]
      a.close(0x10)
      checkEqual(await Promise.all([a.closed, b.closed]), [0x10, 0x10], 'reasons')
      checkEqual(await Promise.all(ends), [0, 0], 'packets')
      checkEqual([a.send(1, new Uint8Array(1)), b.send(1, new Uint8Array(1))], ['closed', 'closed'], 'send')
    }),
    withPair('the end that was not closed gives its own reason too', async ({ a, b }) => {
      const ends = [drain(a), drain(b)]
      b.close(8)
      checkEqual(await Promise.all([a.closed, b.closed]), [8, 8], 'reasons')
      checkEqual(await Promise.all(ends), [0, 0], 'packets')
    }),
    withPair('what was sent before close still arrives', async ({ a, b }) => {
      const wanted = Array.from({ length: 10 }, (_, i) => ({ code: 1, body: bytes(i, 100) }))
      const received = collect(b)
      await sendAll(a, wanted)
      a.close(0)
      checkEqual(
        (await received).map((packet) => packet.body),
        wanted.map((packet) => packet.body),
        'bodies',
      )
    }),
    withPair('the first of several closings counts, and nothing throws afterwards', async ({ a, b }) => {
      const ends = [drain(a), drain(b)]
      a.close(4)
      a.close(5)
      checkEqual(await a.closed, 4, 'reason')
      await Promise.all(ends)
      checkEqual(a.send(0, new Uint8Array(0)), 'closed', 'send')
      await a.drained()
      a.close(6)
      await b.closed
      b.close(6)
      await b.drained()
    }),
    withPair('closing releases those who wait for drained()', async ({ a, b }) => {
      const body = bytes(1, 64 * 1024)
      let sent = 0
      while (sent < 1024 && a.send(1, body) === 'ok') sent++
      const waiting = a.drained()
      a.close(0)
      await waiting
      await a.closed
      b.close(0)
    }),
  ]
}

interface TestPacket {
  readonly code: number
  readonly body: Uint8Array
}

/** Noise that a compressor cannot shrink, the same for the same seed. */
function bytes(seed: number, length: number): Uint8Array {
  const out = new Uint8Array(length)
  let state = (seed + 1) * 0x9e3779b1
  for (let i = 0; i < length; i++) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + i
    out[i] = state >>> 24
  }
  return out
}

async function sendAll(link: WhisperLink, packets: readonly TestPacket[]): Promise<void> {
  for (const packet of packets) await sendWhenDrained(link, packet)
}

async function sendWhenDrained(
  link: WhisperLink,
  { code, body }: TestPacket,
  onFull?: () => void,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    const result = link.send(code, body)
    if (result === 'ok') return
    checkEqual(result, 'full', 'send')
    check(tries < 100, 'send() takes a packet, whatever its size, once drained() has resolved')
    onFull?.()
    await link.drained()
  }
}

/** Pulls as many packets as are wanted and compares. */
async function checkPackets(link: WhisperLink, wanted: readonly TestPacket[]): Promise<void> {
  let i = 0
  for await (const packet of link.packets()) {
    const expected = wanted[i] as TestPacket
    check(packet.code === expected.code, `packet ${i}: expected code ${expected.code}, got ${packet.code}`)
    check(
      equal(packet.body, expected.body),
      `packet ${i}: expected its body of ${expected.body.length} bytes`,
    )
    i++
    if (i === wanted.length) return
  }
  throw new Error(`expected ${wanted.length} packets, got ${i} and the end`)
}

async function collect(link: WhisperLink): Promise<TestPacket[]> {
  const packets: TestPacket[] = []
  for await (const packet of link.packets()) packets.push(packet)
  return packets
}

async function drain(link: WhisperLink): Promise<number> {
  return (await collect(link)).length
}
