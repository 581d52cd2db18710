/** Which archives `status-node archive compare` opens, and what it says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteArchive } from '@status-protocol/storage-sqlite/archive'
import { afterEach, expect, it } from 'vitest'
import { compareAt, comparisonText, rangeOf } from '../src/mail/compare.ts'

const directories: string[] = []
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

const options = { repair: false, progress: () => {} }

it('wants two archives that are there, and no password in a command', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'status-node-compare-'))
  directories.push(dataDir)
  await (await createSqliteArchive({ directory: join(dataDir, 'archive') })).close()
  const refusal = (second: string) => compareAt(dataDir, second, options).catch((error) => error)
  expect(await refusal(`${dataDir}/`)).toMatchObject({
    ...{ code: 'invalid-config', message: expect.stringContaining('expected two archives') },
  })
  const nowhere = join(dataDir, 'nowhere')
  expect(await refusal(nowhere)).toMatchObject({
    ...{
      code: 'archive',
      message: expect.stringContaining(`there is no archive in ${join(nowhere, 'archive')}`),
    },
  })
  for (const url of ['mail:very-secret@127.0.0.1:9/mail', '127.0.0.1/mail?password=very-secret']) {
    const refused = await refusal(`postgres://${url}`)
    expect(refused).toMatchObject({
      ...{ code: 'invalid-config', message: expect.stringContaining('goes into a file') },
    })
    expect(refused.message).not.toContain('very-secret')
  }
  const file = join(dataDir, 'url')
  writeFileSync(file, 'postgres://mail:very-secret@127.0.0.1:9/mail\n')
  for (const place of [file, 'postgres://mail@127.0.0.1:9/mail', 'postgresql://127.0.0.1:9/mail']) {
    const refused = await refusal(place)
    expect(refused, place).toMatchObject({
      ...{ code: 'archive', message: expect.stringContaining('PostgreSQL cannot be reached') },
    })
    expect(refused.message).not.toContain('very-secret')
  }
  writeFileSync(file, 'no URL')
  expect(await refusal(file)).toMatchObject({ code: 'invalid-config' })
})

it('tells people the first differences, and how many more there are', () => {
  const stretches = Array.from({ length: 30 }, (_, i) => ({
    ...{ fromUnixSeconds: i * 60, toUnixSeconds: i * 60 + 59, here: i, there: 0 },
  }))
  const lines = comparisonText({ same: false, differences: 5_000, stretches })
  expect(lines).toHaveLength(22)
  expect(lines[1]).toBe('1970-01-01T00:01:00Z - 1970-01-01T00:01:59Z: 1 in the first, 0 in the second')
  expect(lines.slice(-2)).toEqual([
    'and 4980 more',
    'They differ in 5000 stretches of time; --repair copies what one lacks from the other.',
  ])
})

it('takes a part: since, from and to, which itself is not part of it', () => {
  const [now, day] = [Date.UTC(2026, 10, 22, 18) / 1_000, Date.UTC(2026, 10, 22) / 1_000]
  expect(rangeOf({}, now)).toEqual({ fromUnixSeconds: 0, toUnixSeconds: 0xffff_ffff })
  expect(rangeOf({ since: '2h' }, now + 0.5)).toMatchObject({ fromUnixSeconds: now - 7_200 })
  expect(rangeOf({ since: '9999w' }, now)).toMatchObject({ fromUnixSeconds: 0 })
  expect(rangeOf({ from: '2026-11-22', to: '2026-11-22T18:00+02:00' }, now)).toEqual({
    ...{ fromUnixSeconds: day, toUnixSeconds: day + 16 * 3_600 - 1 },
  })
  const wrong = [
    ...[{ from: 'yesterday' }, { from: '2026-13-01' }, { to: '1969-01-01' }, { since: '-1d' }, { from: '' }],
    ...[{ from: '2026-11-22', since: '1d' }, { from: '2026-11-22', to: '2026-11-22' }, { to: '1970-01-01' }],
  ]
  for (const flags of wrong)
    expect(() => rangeOf(flags, now), JSON.stringify(flags)).toThrowError(
      expect.objectContaining({
        code: 'invalid-config',
        message: expect.stringMatching(/--(from|to|since)/),
      }),
    )
})
