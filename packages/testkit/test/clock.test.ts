import { expect, it } from 'vitest'
import { seededRandom, virtualClock } from '../src/index.ts'

it('runs timers in the order of their time, then of their making', async () => {
  const clock = virtualClock(1000)
  const random = seededRandom(3)
  const ran: { at: number; i: number }[] = []
  const delays = Array.from({ length: 500 }, () => random.int(50))
  const cancels = delays.map((ms, i) => clock.schedule(ms, () => ran.push({ at: clock.monotonicMs(), i })))
  for (let i = 0; i < 500; i += 7) cancels[i]?.()
  await clock.advance(49)
  const wanted = delays
    .map((at, i) => ({ at, i }))
    .filter(({ i }) => i % 7 !== 0)
    .sort((a, b) => a.at - b.at || a.i - b.i)
  expect(ran).toEqual(wanted)
  expect(clock.wallMs()).toBe(1049)
})

it('runs timers that timers make, and leaves those that are not due', async () => {
  const clock = virtualClock()
  const ran: string[] = []
  clock.schedule(10, () => {
    ran.push('first')
    clock.schedule(0, () => ran.push('at once'))
    clock.schedule(90, () => ran.push('in time'))
    clock.schedule(91, () => ran.push('too late'))
  })
  await clock.advance(100)
  expect(ran).toEqual(['first', 'at once', 'in time'])
  await clock.advance(1)
  expect(ran.at(-1)).toBe('too late')
})

it('moves the wall clock alone', () => {
  const clock = virtualClock(0)
  clock.shiftWall(-5000)
  expect([clock.wallMs(), clock.monotonicMs()]).toEqual([-5000, 0])
})
