/** Vector suites as vitest tests, one a case, the self-test among them. Node only: it reads the folder of vectors. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { caseTitle, kindFor, unnoticedFlips, type VectorFile, type VectorSuite } from './vectors.ts'
import { vectorsDirectory } from './vectors-directory.ts'

/** Defines the tests of one suite. A file that the folder of vectors does not have is skipped. */
export async function describeVectors(suite: VectorSuite): Promise<void> {
  const file = await readVectorFile(suite.file)
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

/** The parsed file, or undefined if the folder does not have it. */
export async function readVectorFile(name: string): Promise<VectorFile | undefined> {
  try {
    return JSON.parse(await readFile(new URL(name, vectorsDirectory()), 'utf8')) as VectorFile
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
