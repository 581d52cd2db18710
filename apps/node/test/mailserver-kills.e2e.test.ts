/**
 * `status-node --mailserver` killed with SIGKILL while it stores: what a sender heard confirmed (12, or 11 after it) is in
 * the archive afterwards. `NODE_KILLS=1000` for a long run.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHex, utf8 } from '@status-protocol/bytes'
import type { EnvelopeArchive } from '@status-protocol/mailserver'
import { createPostgresArchive } from '@status-protocol/storage-postgres'
import { createSqliteArchive } from '@status-protocol/storage-sqlite/archive'
import { envelopeHash, publicChat } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs'
import { whisperPeer } from './peers.ts'
import { atTheEnd, startNode, stopAll, temporaryDirectory, until } from './programs.ts'

const KILLS = Number(process.env.NODE_KILLS ?? 3)
const CONFIRMED_BEFORE_A_KILL = 5

type Archive = EnvelopeArchive & { close(): Promise<void> }

afterEach(stopAll)

/** Posts without a pause until the node is killed; the hashes of what it confirmed. */
async function killUnderLoad(
  flags: readonly string[],
  dataDir: string,
  round: number,
): Promise<readonly string[]> {
  const node = await startNode(flags, { dataDir })
  const { whisper, host } = await whisperPeer(node.ready.enode)
  const chat = await publicChat('killed')
  const confirmed: string[] = []
  const listening = (async () => {
    for await (const { state, hash } of whisper.service.status())
      if (state === 'confirmed') confirmed.push(toHex(hash))
  })()
  let isOver = false
  const post = async (link: number) => {
    for (let i = 0; !isOver; i++)
      await whisper.service.post({
        ...{ to: { symKey: chat.symmetricKey }, topic: chat.topic, ttlSeconds: 120 },
        payload: utf8(`round ${round} link ${link} message ${i}`),
      })
  }
  const posting = Promise.all([post(0), post(1)])
  await until(() => confirmed.length >= CONFIRMED_BEFORE_A_KILL, 'confirmations')
  await new Promise((resolve) => setTimeout(resolve, (round % 10) * 15)) // at another moment each time
  await node.stop('SIGKILL')
  isOver = true
  await posting
  await host.close()
  await whisper.close()
  await listening
  return confirmed
}

async function everyConfirmedIsThere(
  flags: readonly string[],
  dataDir: string,
  open: () => Promise<Archive>,
): Promise<void> {
  const confirmed = new Set<string>()
  for (let round = 0; round < KILLS; round++)
    for (const hash of await killUnderLoad(flags, dataDir, round)) confirmed.add(hash)
  expect(confirmed.size).toBeGreaterThanOrEqual(KILLS * CONFIRMED_BEFORE_A_KILL)

  const archive = await open()
  atTheEnd(() => archive.close())
  const missing = new Set(confirmed)
  const { topic } = await publicChat('killed')
  const query = { fromUnixSeconds: 0, toUnixSeconds: 4e9, limit: 1e9, match: { topics: [topic] } }
  for await (const envelope of archive.query(query, new AbortController().signal))
    missing.delete(toHex(envelopeHash(envelope)))
  expect([...missing]).toEqual([])
}

describe('status-node --mailserver, killed under load', {
  timeout: 60_000 + KILLS * 20_000,
  retry: 0,
}, () => {
  it('SQLite: every confirmed envelope is there', async () => {
    const dataDir = temporaryDirectory()
    await everyConfirmedIsThere(['--mailserver'], dataDir, () =>
      createSqliteArchive({ directory: join(dataDir, 'archive') }),
    )
  })

  it.skipIf(!findPostgres())(
    'PostgreSQL, where it is installed: every confirmed envelope is there',
    async () => {
      const postgres = (await startPostgres()) as { readonly url: string; stop(): Promise<void> }
      atTheEnd(() => postgres.stop())
      const dataDir = temporaryDirectory()
      const url = join(dataDir, 'url')
      writeFileSync(url, `${postgres.url}\n`, { mode: 0o600 })
      await everyConfirmedIsThere(
        ['--mailserver', '--archive', 'postgres', '--archive-url-file', url],
        dataDir,
        () => createPostgresArchive({ url: postgres.url }),
      )
    },
  )
})
