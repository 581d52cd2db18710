/** `--sync-from` without processes: the day's second look, and a state file that somebody has spoilt. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { createMailserver, type EnvelopeArchive, type MailPeer } from '@status-protocol/mailserver'
import { createMemoryArchive } from '@status-protocol/storage-memory'
import {
  decodeSyncRequest,
  decodeSyncResponse,
  type Envelope,
  envelopeFrom,
  type SyncRequest,
  topicOfText,
  type Whisper,
  type WhisperPeer,
} from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import type { Logger } from '../src/log.ts'
import { createSyncDriver, type SyncDriver } from '../src/mail/sync.ts'
import { newKey } from './peers.ts'

const NOW = Math.floor(Date.now() / 1_000)
const DAY = 86_400
const peerId = defaultProvider.publicKey(newKey()).slice(1)
const name = toHex(peerId)
const enode = `enode://${name}@127.0.0.1:30303`

const atTheEnd: (() => unknown)[] = []
afterEach(async () => {
  for (const end of atTheEnd.splice(0)) await end()
})

/** Small and short-lived: enough work without any. */
const sentAt = (seconds: number): Envelope =>
  envelopeFrom({
    expiryUnixSeconds: seconds + 1,
    ttlSeconds: 1,
    topic: topicOfText('status'),
    data: new Uint8Array(20).fill(seconds),
    nonce: BigInt(seconds),
  })

/** Syncs from a mailserver that has `envelopes`, once. */
async function syncing(state: string, envelopes: readonly Envelope[]) {
  const dataDir = mkdtempSync(join(tmpdir(), 'status-node-sync-'))
  atTheEnd.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const path = join(dataDir, 'archive-sync.json')
  writeFileSync(path, state)
  const [here, there] = [createMemoryArchive(), createMemoryArchive()]
  await there.putBatch(envelopes)
  const server = await createMailserver({ archive: there, password: 'x' })
  const lines: { readonly level: string; readonly fields: object; readonly text: string }[] = []
  const at = (level: string) => (fields: object, text: string) => void lines.push({ level, fields, text })
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const driver = createSyncDriver({
    config: { syncFrom: [enode], dataDir, retention: 30 * DAY, archiveTopics: undefined },
    server: { archive: (all) => here.putBatch(all) },
    log: log as unknown as Logger,
  }) as SyncDriver
  atTheEnd.push(() => driver.close())
  const requests: SyncRequest[] = []
  const toUs: MailPeer = {
    peerId: new Uint8Array(64).fill(2),
    async send(_code, body) {
      await driver.syncResponse({ peerId }, decodeSyncResponse(body))
      return true
    },
  }
  const peer = {
    peerId,
    async send(_code: number, body: Uint8Array) {
      const request = decodeSyncRequest(body)
      requests.push(request)
      void server.mail.syncRequest(toUs, request)
      return true
    },
  }
  driver.start({ peers: () => [peer as Partial<WhisperPeer> as WhisperPeer] } satisfies Pick<
    Whisper,
    'peers'
  >)
  const stateNow = () => JSON.parse(readFileSync(path, 'utf8'))[name]
  return { here, lines, requests, stateNow }
}
const sizeOf = async (archive: EnvelopeArchive) => (await archive.size()).envelopes

describe('what a mailserver does once a day', () => {
  const progress = (auditedAt: number, upTo = NOW - 3_600) => JSON.stringify({ [name]: { upTo, auditedAt } })
  const late = sentAt(NOW - 20 * 3_600)

  it('goes through all of the last day again, and says what was missing', async () => {
    const { here, lines, requests, stateNow } = await syncing(progress(NOW - DAY), [late])
    await expect.poll(() => lines.length).toBe(1)
    expect(lines[0]).toMatchObject({ level: 'warn', text: expect.stringContaining('were missing') })
    expect(lines[0]?.fields).toMatchObject({ stored: 1 })
    expect(requests[0]?.lowerUnixSeconds).toBe(NOW - 3_600 - DAY)
    expect(await sizeOf(here)).toBe(1)
    expect(stateNow().auditedAt).toBeGreaterThanOrEqual(NOW)
    expect(stateNow().upTo).toBeGreaterThan(NOW - 120)
  })

  it('in between only what came since, and a little before', async () => {
    const { here, lines, requests, stateNow } = await syncing(progress(NOW - DAY + 600), [late])
    await expect.poll(() => lines.length).toBe(1)
    expect(lines[0]).toMatchObject({ level: 'debug', text: 'synced' })
    expect(requests[0]?.lowerUnixSeconds).toBe(NOW - 3_600 - 600)
    expect(await sizeOf(here)).toBe(0)
    expect(stateNow().auditedAt).toBe(NOW - DAY + 600)
  })

  it('after a clock that was ahead: at once', async () => {
    const { here, lines, stateNow } = await syncing(progress(NOW + 30 * DAY, NOW + 30 * DAY), [late])
    await expect.poll(() => lines.length).toBe(1)
    expect(await sizeOf(here)).toBe(1)
    expect(stateNow().auditedAt).toBeLessThan(NOW + DAY)
  })
})

describe('a state that is broken', () => {
  const running = { from: NOW - DAY, to: NOW - 60, cursor: '00'.repeat(36) }
  it.each([
    ['an odd cursor', { running: { ...running, cursor: 'abc' } }, /cursor: expected 72 hex/],
    ['a short cursor', { running: { ...running, cursor: '00' } }, /cursor/],
    ['no cursor', { running: { from: 1, to: 2 } }, /cursor/],
    ['a backward run', { running: { ...running, from: NOW } }, /from is later/],
    ['a time that is none', { upTo: 'yesterday', auditedAt: NOW }, /upTo/],
    ['nothing', null, /expected object/],
  ])('%s: this mailserver is synced anew, and the log says why', async (_what, progress, reason) => {
    const envelope = sentAt(NOW - 10 * DAY)
    const { here, lines, stateNow } = await syncing(JSON.stringify({ [name]: progress }), [envelope])
    await expect.poll(() => lines.length).toBe(2)
    expect(lines[0]).toMatchObject({ level: 'warn', text: expect.stringContaining('synced anew') })
    expect(lines[0]?.fields).toMatchObject({ reason: expect.stringMatching(reason) })
    expect(lines[1]).toMatchObject({ level: 'info', text: 'synced' })
    expect(await sizeOf(here)).toBe(1)
    expect(stateNow()).not.toHaveProperty('running')
  })

  it.each(['{', '[]', '7', ''])('%j is no state at all', async (text) => {
    const { here, lines } = await syncing(text, [sentAt(NOW - DAY)])
    await expect.poll(() => lines.length).toBe(2)
    expect(lines[0]).toMatchObject({ level: 'warn', text: expect.stringContaining('all is synced anew') })
    expect(await sizeOf(here)).toBe(1)
  })

  it('a run that broke off goes on at its cursor', async () => {
    const { lines, requests } = await syncing(JSON.stringify({ [name]: { running } }), [sentAt(NOW - 3_600)])
    await expect.poll(() => lines.length).toBeGreaterThan(0)
    expect(requests[0]).toMatchObject({ lowerUnixSeconds: running.from, upperUnixSeconds: running.to })
    expect(toHex(requests[0]?.cursor ?? new Uint8Array(0))).toBe(running.cursor)
    expect(lines[0]?.level).toBe('info')
  })
})
