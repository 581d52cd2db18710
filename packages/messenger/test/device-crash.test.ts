/**
 * Two devices of one person; the process of one dies before or after any of its commits and starts again on what was
 * committed. In the end both have the same, nothing is shown twice, no message key is used for two ciphertexts.
 *
 * `CRASH_EVERY=1` (soak) tries every commit.
 */
import { to0xHex } from '@status-protocol/bytes'
import { afterEach, describe, expect, it } from 'vitest'
import { type CrashPoint, crashing } from './support/crashing.ts'
import { type Person, textsHeard, World } from './support/world.ts'

const EVERY = Number(process.env.CRASH_EVERY ?? 4)

let world: World
afterEach(() => world.close())

type Side = 'teller' | 'hearer'

/** @returns whether the process has died, and its commits until then */
async function play(
  point: CrashPoint | undefined,
  side: Side,
): Promise<{ hasCrashed: boolean; commits: number }> {
  world = new World(17)
  const phone = await world.person('phone')
  const laptop = await world.person('laptop', { account: phone.account })
  const bob = await world.person('bob')
  const all = [phone, laptop, bob]
  for (const [i, one] of all.entries()) for (const other of all.slice(i + 1)) world.join(one, other)
  await world.run(200)
  await phone.messenger.join('#before')
  for (const [one, other] of [
    [phone, laptop],
    [laptop, phone],
  ] as const) {
    await one.messenger.devices.pair()
    await world.run(500)
    await other.messenger.devices.setEnabled((await one.messenger.devices.info()).installationId, true)
  }

  const dies = side === 'teller' ? phone : laptop
  let died: () => void = () => undefined
  const death = new Promise<void>((resolve) => {
    died = resolve
  })
  await world.stop(dies)
  const store = crashing(dies.storage, point, () => {
    world.kill(dies)
    died()
  })
  const again = async (): Promise<void> => {
    await world.start(dies)
    for (const other of all) if (other !== dies) world.join(dies, other)
  }
  await world.start(dies, { seenStorage: () => store.storage })
  if (store.hasCrashed) await again()
  else for (const other of all) if (other !== dies) world.join(dies, other)

  /** Done, or done again after the crash if nothing is to be seen of it. */
  const act = async (isDone: () => Promise<boolean>, deed: () => Promise<unknown>): Promise<void> => {
    for (let attempt = 0; attempt < 3; attempt++) {
      const wasUp = !store.hasCrashed
      await world.whileRunning(Promise.race([deed(), ...(wasUp ? [death] : [])]))
      if (wasUp && store.hasCrashed) await again()
      if (await isDone()) return
    }
  }
  const { messenger } = { messenger: () => phone.messenger }
  const key = bob.account.chatKey.publicKey
  const has = async (person: Person, chat: string) =>
    (await person.messenger.chats()).some(({ id }) => id === chat)
  const nameOf = async (person: Person) =>
    (await person.messenger.contacts()).find((c) => to0xHex(c.publicKey) === bob.id)?.name
  const saidBy = async (person: Person) =>
    (await person.messenger.messages(bob.id)).filter(({ text }) => text === 'said once').length

  await act(
    async () => true,
    () => messenger().devices.sync(),
  )
  await act(
    () => has(phone, '#later'),
    () => messenger().join('#later'),
  )
  await act(
    async () => (await nameOf(phone)) === 'Bob',
    () => messenger().addContact(key, 'Bob'),
  )
  await act(
    async () => (await saidBy(phone)) > 0,
    () => messenger().send(bob.id, 'said once'),
  )
  await act(
    async () => !(await has(phone, '#before')),
    () => messenger().leave('#before'),
  )
  const isSettled = async (): Promise<boolean> => {
    if (store.hasCrashed && !dies.isUp) await again()
    return (
      (await has(laptop, '#later')) &&
      !(await has(laptop, '#before')) &&
      (await nameOf(laptop)) === 'Bob' &&
      (await saidBy(laptop)) === 1 &&
      textsHeard(bob).length === 1
    )
  }
  await world.until(isSettled, `both have the same (${side}, ${JSON.stringify(point)})`, 1_800_000)
  await world.run(1_000)
  expect(await saidBy(phone)).toBe(1)
  expect(textsHeard(bob)).toEqual(['said once'])
  expect(world.keysUsedTwice).toEqual([])
  return { hasCrashed: store.hasCrashed, commits: store.commits }
}

describe('a device that dies at a commit', { retry: 0 }, () => {
  for (const side of ['teller', 'hearer'] as const)
    for (const when of ['before', 'after'] as const)
      it(`as ${side}, ${when} it: both devices end the same`, { timeout: 600_000 }, async () => {
        const first = 1 + (((side === 'teller' ? 0 : 4) + (when === 'before' ? 0 : 2)) % EVERY)
        let tried = 0
        for (let atCommit = first; ; atCommit += EVERY) {
          const { hasCrashed } = await play({ atCommit, when }, side)
          await world.close()
          if (!hasCrashed) break
          tried++
        }
        expect(tried).toBeGreaterThanOrEqual(8 / EVERY)
      })
})
