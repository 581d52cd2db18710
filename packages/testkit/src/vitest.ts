/** Vector suites as vitest tests, one a case, the self-test among them. Node only: it reads the folder of vectors. */
import { describe, expect, it } from 'vitest'
import { caseTitle, kindFor, unnoticedFlips, type VectorFile, type VectorSuite } from './vectors.ts'
import { readVectorFile } from './vectors-directory.ts'

export { readVectorFile } from './vectors-directory.ts'

/** Defines the tests of one suite. A file that the folder of vectors does not have is skipped. */
export async function describeVectors(suite: VectorSuite): Promise<void> {
  const file = readVectorFile(suite.file)
  describe.skipIf(file === undefined)(`vectors ${suite.file}`, () => {
    for (const [index, c] of (file?.cases ?? []).entries())
      it(caseTitle(c, index), async () => {
        await kindFor(suite, c).check(c, file as VectorFile)
        const { unnoticed, count } = await unnoticedFlips(suite, file as VectorFile, c)
        expect(count, 'fields that are asserted').toBeGreaterThan(0)
        expect(unnoticed, 'changes that were not noticed').toEqual([])
      })
  })
}
