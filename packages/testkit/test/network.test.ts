import { expect, it } from 'vitest'
import { lossyNetwork, lossyPipe, seededRandom, virtualClock } from '../src/index.ts'

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

it('carries everything in order when conditions are perfect', async () => {
  const clock = virtualClock()
  const got: number[] = []
  const pipe = lossyPipe<number>({ clock, random: seededRandom(1), deliver: (n) => got.push(n) })
  for (const n of numbers(100)) pipe.send(n)
  expect(got).toEqual([])
  await clock.advance(0)
  expect(got).toEqual(numbers(100))
  expect(pipe.stats()).toEqual({ sent: 100, dropped: 0, duplicated: 0, delivered: 100, inFlight: 0 })
})

it('drops and doubles about as many as asked, the same ones for the same seed', async () => {
  const run = async (seed: number) => {
    const clock = virtualClock()
    const got: number[] = []
    const pipe = lossyPipe<number>({
      clock,
      random: seededRandom(seed),
      drop: 0.4,
      duplicate: 0.2,
      deliver: (n) => got.push(n),
    })
    for (const n of numbers(10_000)) pipe.send(n)
    await clock.advance(0)
    return { got, stats: pipe.stats() }
  }
  const first = await run(7)
  expect(first.stats.dropped / 10_000).toBeCloseTo(0.4, 1)
  expect(first.stats.duplicated / 6_000).toBeCloseTo(0.2, 1)
  expect(first.got.length).toBe(10_000 - first.stats.dropped + first.stats.duplicated)
  expect((await run(7)).got).toEqual(first.got)
  expect((await run(8)).got).not.toEqual(first.got)
})

it('keeps the order unless told otherwise', async () => {
  const arrivals = async (reorder: boolean) => {
    const clock = virtualClock()
    const got: number[] = []
    const pipe = lossyPipe<number>({
      clock,
      random: seededRandom(1),
      delayMs: [0, 100],
      reorder,
      deliver: (n) => got.push(n),
    })
    for (const n of numbers(200)) pipe.send(n)
    await clock.advance(100)
    return got
  }
  expect(await arrivals(false)).toEqual(numbers(200))
  const reordered = await arrivals(true)
  expect(reordered).not.toEqual(numbers(200))
  expect([...reordered].sort((a, b) => a - b)).toEqual(numbers(200))
})

it('lets bytes pass at their rate', async () => {
  const clock = virtualClock()
  const at: number[] = []
  const pipe = lossyPipe<Uint8Array>({
    clock,
    random: seededRandom(1),
    bytesPerSecond: 1000,
    delayMs: 5,
    deliver: () => at.push(clock.monotonicMs()),
  })
  pipe.send(new Uint8Array(100))
  pipe.send(new Uint8Array(50))
  await clock.advance(1000)
  expect(at).toEqual([105, 155])
})

it('joins named ends, which can leave, be cut off and come back', async () => {
  const clock = virtualClock()
  const network = lossyNetwork<string>({ clock, random: seededRandom(1) })
  const got: string[] = []
  network.join('bob', (packet, from) => got.push(`${from}: ${packet}`))
  network.send('alice', 'bob', 'one')
  network.send('alice', 'nobody', 'lost')
  await clock.advance(0)
  network.change('alice', 'bob', { drop: 1 })
  network.send('alice', 'bob', 'two')
  network.send('carol', 'bob', 'three')
  await clock.advance(0)
  network.changeAll({ drop: 0 })
  network.leave('bob')
  network.send('alice', 'bob', 'four')
  await clock.advance(0)
  network.join('bob', (packet) => got.push(packet))
  network.send('alice', 'bob', 'five')
  await clock.advance(0)
  expect(got).toEqual(['alice: one', 'carol: three', 'five'])
  expect(network.stats()).toMatchObject({ sent: 6, dropped: 1, inFlight: 0 })
})
