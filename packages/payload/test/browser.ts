/** Run in Chromium beside the golden files: hostile input, and groups that converge. */
import { foldGroup, groupChange, PayloadError, strictGroup } from '@status-protocol/payload'
import { expectSame, expectThat, fuzz, seededRandom } from '@status-protocol/testkit'
import { DECODERS } from './support/decoders.ts'
import { CHAT, POOL } from './support/group.ts'

const COUNT = 1_000

const hostile = DECODERS.map(({ name, seeds, decode }) => ({
  name: `fuzz ${name}`,
  run: () => fuzz({ seeds, count: COUNT, random: seededRandom(2), decode, expectedError: PayloadError }),
}))

const convergent = {
  name: 'group events in any order',
  run: () => {
    const wanted = foldGroup(CHAT, POOL)
    expectThat(strictGroup(CHAT, wanted.accepted.map(groupChange)).ok, 'what is passed on is no group')
    const random = seededRandom(3)
    for (let i = 0; i < 100; i++)
      expectSame(foldGroup(CHAT, random.shuffle([...POOL, ...POOL])), wanted, 'view')
  },
}

export const cases: readonly { readonly name: string; run(): void }[] = [...hostile, convergent]
