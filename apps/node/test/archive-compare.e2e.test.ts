/** `status-node archive compare` as a process. */
import { join } from 'node:path'
import { createSqliteArchive } from '@status-protocol/storage-sqlite/archive'
import { type Envelope, envelopeFrom, topicOfText } from '@status-protocol/whisper'
import { afterEach, expect, it } from 'vitest'
import { compareAt } from '../src/mail/compare.ts'
import { runNode, stopAll, temporaryDirectory } from './programs.ts'

afterEach(stopAll)

const T0 = 1_580_000_000
const letters: readonly Envelope[] = Array.from({ length: 40 }, (_, i) =>
  envelopeFrom({
    expiryUnixSeconds: T0 + i * 10_000 + 15,
    ttlSeconds: 15,
    topic: topicOfText('status'),
    data: new Uint8Array(50).fill(i),
    nonce: BigInt(i),
  }),
)
async function dataDirWith(envelopes: readonly Envelope[]): Promise<string> {
  const dataDir = temporaryDirectory()
  const archive = await createSqliteArchive({ directory: join(dataDir, 'archive') })
  await archive.putBatch(envelopes)
  await archive.close()
  return dataDir
}
const compare = (...args: string[]) => runNode(['archive', 'compare', ...args])

it('says where two archives differ, and repairs it', async () => {
  const [first, second] = [await dataDirWith(letters.slice(0, 39)), await dataDirWith(letters.slice(1))]
  const differing = await compare(first, second, '--json')
  expect(differing).toMatchObject({ code: 5, stderr: '' })
  const found = JSON.parse(differing.stdout)
  expect(found).toMatchObject({ same: false, differences: 2 })
  expect(found.stretches).toMatchObject([
    { here: 1, there: 0 },
    { here: 0, there: 1 },
  ])
  expect(found.stretches[0].fromUnixSeconds).toBeLessThanOrEqual(T0)

  const before = new Date((T0 + 39 * 10_000) * 1_000).toISOString().slice(0, 19)
  const part = await compare(first, second, '--json', '--repair', '--from', '2020-01-27', '--to', before)
  expect(JSON.parse(part.stdout), 'what differs is before and after it').toMatchObject({
    ...{ same: true, differences: 0, copied: { first: 0, second: 0 } },
  })

  const repaired = await compare(first, second, '--repair')
  expect(repaired).toMatchObject({ code: 0, stderr: '' })
  expect(repaired.stdout).toContain(
    'They differ in 2 stretches of time; 1 envelopes were copied into the first, 1',
  )
  expect(await compareAt(second, first, { repair: false, progress: () => {} })).toMatchObject({ same: true })
})
