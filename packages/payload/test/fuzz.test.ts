/** Every decoder against changed and random bytes: a verdict or a PayloadError, nothing else, and soon. */
import { PayloadError } from '@status-protocol/payload'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import { describe, it } from 'vitest'
import { DECODERS } from './support/decoders.ts'

const COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const TIMEOUT_MS = 30_000 + COUNT

describe(`fuzz: ${COUNT} changed inputs for each decoder`, () => {
  for (const { name, seeds, decode } of DECODERS)
    it(
      name,
      () => fuzz({ seeds, count: COUNT, random: seededRandom(1), decode, expectedError: PayloadError }),
      TIMEOUT_MS,
    )
})
