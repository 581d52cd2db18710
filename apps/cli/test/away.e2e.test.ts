/**
 * Bob was away for three virtual days; real processes from then on: two mailservers, of which one is killed in the middle.
 * AWAY_MESSAGES=500 for the soak.
 */
import { join } from 'node:path'
import { createSqliteArchive } from '@status-protocol/storage-sqlite/archive'
import { afterEach, describe, expect, it } from 'vitest'
import { lasts } from './lasting.ts'
import { livePast, type Past } from './past.ts'
import {
  type Person,
  runCli,
  startPerson,
  startRelay,
  stopAll,
  temporaryDirectory,
  until,
} from './programs.ts'

const MESSAGES = Number(process.env.AWAY_MESSAGES ?? 45)

afterEach(stopAll)

describe.skipIf(!lasts)('three days away', () => {
  it(`${MESSAGES} messages of three people, in private, in public and in a group: all there, in order, once; one of two mailservers dies`, {
    timeout: 60_000 + MESSAGES * 1_000,
  }, async () => {
    const [bobDir, ...nodeDirs] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()] as const
    const past = await lived(bobDir, nodeDirs)
    const args = ['--mailserver']
    const [dying, other] = await Promise.all(nodeDirs.map((dataDir) => startRelay({ dataDir, args })))
    if (!dying || !other) throw new Error('two were started')

    const mailservers = [dying, other].flatMap(({ enode }) => ['--mailserver', enode])
    const bob = await startPerson({ dataDir: bobDir, args: mailservers })
    await until(() => bob.messages.length > 0, 'the first messages')
    await dying.kill('SIGKILL')
    const there = bob.messages.length
    await until(() => bob.history.at(-1)?.change === 'done', 'all of the history')
    expect(there).toBeLessThan(past.total)
    await expectAll(bob, past)
    await bob.stop()

    const again = await runCli([
      ...['history', '--since', '7d', '--json', '--data-dir', bobDir, '--mailserver', other.enode],
    ])
    expect(again.code, again.stderr).toBe(0)
    const lines = again.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(lines[0]).toMatchObject({ change: 'started', servers: 1 })
    expect(lines.at(-1)).toMatchObject({ complete: true, messages: 0, missing: [] })

    await other.kill('SIGKILL')
    const nobody = await runCli([
      'history',
      '--data-dir',
      bobDir,
      '--mailserver',
      other.enode,
      '--timeout',
      '1',
    ])
    expect(nobody).toMatchObject({ code: 5, stdout: '' })
    expect(nobody.stderr).toMatch(/^status: no mailserver was there within 1 s; .*\n$/)
  })
})

async function lived(bobDir: string, nodeDirs: readonly string[]): Promise<Past> {
  const archives = await Promise.all(
    nodeDirs.map((dataDir) => createSqliteArchive({ directory: join(dataDir, 'archive') })),
  )
  const past = await livePast({
    ...{ days: 3, messages: MESSAGES, bobDir },
    archive: (batch) => Promise.all(archives.map((archive) => archive.putBatch(batch))),
  })
  for (const archive of archives) await archive.close()
  return past
}

async function expectAll(bob: Person, { said, total }: Past): Promise<void> {
  for (const [chat, texts] of said) {
    const { messages } = await bob.rpc.call['chat.messages']({ chat, limit: 1_000 })
    const theirs = messages.filter(({ own, text }) => !own && text !== 'hello Bob')
    expect(theirs.map(({ text }) => text)).toEqual(texts)
    if (!chat.startsWith('#')) expect(theirs.every(({ security }) => security === 'ratchet')).toBe(true)
  }
  expect(bob.messages).toHaveLength(total)
  expect(new Set(bob.messages.map(({ messageId }) => messageId)).size, 'nothing is told twice').toBe(total)
}
