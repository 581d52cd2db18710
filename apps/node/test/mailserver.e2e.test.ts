/** `status-node --mailserver` as a process: what it confirmed it has, whatever happens to it; who asks gets it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { toHex, utf8 } from '@status-protocol/bytes'
import { createHistoryClient, guardLink, type HistoryEvent } from '@status-protocol/mailserver'
import { createHost, type Link } from '@status-protocol/p2p-devp2p'
import { createSqliteArchive } from '@status-protocol/storage-sqlite/archive'
import {
  createWhisper,
  type Envelope,
  open,
  publicChat,
  type SymmetricChat,
  seal,
} from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
// @ts-expect-error a script without types
import { findPostgres, startPostgres } from '../../../scripts/lib/postgres.mjs'
import { newKey, whisperPeer } from './peers.ts'
import {
  atTheEnd,
  type NodeProcess,
  runNode,
  runUnread,
  startNode,
  stopAll,
  temporaryDirectory,
  until,
} from './programs.ts'
import { seriesOf } from './prometheus-text.ts'

afterEach(stopAll)

/** Posts through a node of its own and waits for the server's word for all of it. */
async function post(enode: string, chat: SymmetricChat, texts: readonly string[]): Promise<void> {
  const { whisper, host } = await whisperPeer(enode)
  const confirmed = new Set<string>()
  void (async () => {
    for await (const { state, hash } of whisper.service.status())
      if (state === 'confirmed') confirmed.add(toHex(hash))
  })()
  for (const text of texts)
    await whisper.service.post({
      ...{ to: { symKey: chat.symmetricKey }, topic: chat.topic, payload: utf8(text), ttlSeconds: 120 },
    })
  await until(() => confirmed.size === texts.length, 'confirmations of all')
  await host.close()
  await whisper.close()
}

/** A client that was away. */
async function historyOf(
  enode: string,
  chat: SymmetricChat,
  options: { readonly password?: string; readonly limit?: number } = {},
): Promise<{ readonly texts: string[]; readonly pages: number; readonly events: HistoryEvent[] }> {
  const history = await createHistoryClient({ storage: { get: async () => undefined }, ...options })
  const whisper = createWhisper()
  const host = await createHost({
    nodeKey: newKey(),
    peers: [enode],
    subprotocols: [{ ...whisper.subprotocol, run: (link: Link) => whisper.attach(guardLink(link, history)) }],
  })
  atTheEnd(async () => {
    history.close()
    await whisper.close()
    await host.close()
  })
  const server = await until(() => whisper.peers()[0], 'the handshake with the mailserver')
  history.connected(server)
  const now = Math.floor(Date.now() / 1000)
  const wish = { topics: [chat.topic], fromUnixSeconds: now - 3_600, toUnixSeconds: now + 60 }
  const events: HistoryEvent[] = []
  for await (const event of history.fetch(wish)) events.push(event)
  const pages = events.filter((event) => event.type === 'page')
  const texts = pages.flatMap(({ envelopes }) => envelopes.map((envelope) => textOf(envelope, chat)))
  return { texts, pages: pages.length, events }
}

function textOf(envelope: Envelope, { symmetricKey }: SymmetricChat): string {
  const opened = open(envelope, { symmetricKey })
  return opened.ok ? new TextDecoder().decode(opened.payload) : ''
}

async function ipcCall(node: NodeProcess, method: string, ...params: unknown[]): Promise<unknown> {
  const socket = connect(String(node.ready.ipc))
  atTheEnd(() => socket.destroy())
  socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })}\n`)
  for await (const line of createInterface({ input: socket })) {
    socket.destroy()
    const { result, error } = JSON.parse(line) as { result?: unknown; error?: { message: string } }
    if (error) throw new Error(error.message)
    return result
  }
  throw new Error('no answer')
}

const texts = Array.from({ length: 25 }, (_, i) => `message ${i}`)
const archiveCommand = (dataDir: string, ...args: string[]) =>
  runNode(['archive', ...args, '--data-dir', dataDir, '--json'])

describe('status-node --mailserver', () => {
  it('has what it confirmed after kill -9, and gives it in pages to who was away', async () => {
    const first = await startNode(['--mailserver'])
    expect(first.ready).toMatchObject({ event: 'ready', mailserver: 'sqlite' })
    const chat = await publicChat('history')
    await post(first.ready.enode, chat, texts)
    await first.stop('SIGKILL')

    const again = await startNode(['--mailserver', '--metrics', '127.0.0.1:0'], { dataDir: first.dataDir })
    const found = await historyOf(again.ready.enode, chat, { limit: 10 })
    expect([...found.texts].sort()).toEqual([...texts].sort())
    expect(found.pages).toBeGreaterThanOrEqual(3)
    expect(found.events.at(-1)).toMatchObject({ type: 'done', missing: [] })

    const metrics = await fetch(`http://${again.ready.metrics}/metrics`).then((answer) => answer.text())
    const series = seriesOf(metrics)
    expect(series.get('status_node_archive_envelopes')).toBe(25)
    expect(series.get('status_node_mail_requests_total{outcome="answered"}')).toBeGreaterThanOrEqual(3)
    expect(series.get('status_node_mail_envelopes_sent_total')).toBe(25)
    expect(series.get('status_node_mail_answer_duration_seconds_count')).toBeGreaterThanOrEqual(3)
    const ready = await fetch(`http://${again.ready.metrics}/ready`).then((answer) => answer.json())
    expect(ready).toMatchObject({ ready: true, checks: { archive: { ok: true, detail: 'works' } } })
    expect(await again.stop('SIGTERM')).toBe(0)
  })

  it('refuses requests with a wrong password, and says why', async () => {
    const secret = join(temporaryDirectory(), 'password')
    writeFileSync(secret, 'a password of our own\n', { mode: 0o600 })
    const node = await startNode(['--mailserver', '--mail-password-file', secret])
    const chat = await publicChat('closed')
    await post(node.ready.enode, chat, ['one'])
    const wrong = await historyOf(node.ready.enode, chat, { password: 'status-offline-inbox' })
    expect(wrong.texts).toEqual([])
    expect(wrong.events).toContainEqual(
      expect.objectContaining({
        type: 'server-failed',
        reason: expect.stringContaining('failed to decrypt p2p request'),
      }),
    )
    const right = await historyOf(node.ready.enode, chat, { password: 'a password of our own' })
    expect(right.texts).toEqual(['one'])
    expect(node.log()).not.toContain('a password of our own')
  })

  it('answers another node that asks for its client, and keeps what it posts itself', async () => {
    const server = await startNode(['--mailserver', '--ipc'])
    const client = await startNode(['--ipc', '--peer', server.ready.enode])
    const chat = await publicChat('between')
    const key = await ipcCall(server, 'shh_addSymKey', `0x${toHex(chat.symmetricKey)}`)
    await ipcCall(server, 'shh_post', {
      ...{ symKeyID: key, ttl: 60, topic: `0x${toHex(chat.topic)}`, payload: '0x6f776e' },
      ...{ powTarget: 0.002, powTime: 5 },
    })
    await until(async () => {
      // A link is up before both have greeted each other in Whisper.
      const peers = (await ipcCall(client, 'admin_peers')) as readonly {
        readonly protocols: { shh?: unknown }
      }[]
      return peers.some(({ protocols }) => typeof protocols.shh === 'object')
    }, 'the greeting')
    await until(async () => {
      const [request, retries] = [
        { mailServerPeer: server.ready.enode, topics: [`0x${toHex(chat.topic)}`], limit: 1, force: true },
        { BaseTimeout: 30e9, StepTimeout: 0, MaxRetries: 1 },
      ]
      const answer = (await ipcCall(client, 'shhext_requestMessagesSync', retries, request)) as {
        readonly cursor: string
        readonly error: string | null
      }
      expect(answer.error).toBeNull()
      return answer.cursor !== ''
    }, 'a page that ends with the posted envelope')
  })

  it('is filled by another one, page by page, and goes on where it broke off', async () => {
    const [theirs, ours] = [temporaryDirectory(), temporaryDirectory()]
    const chat = await publicChat('synced')
    const now = Math.floor(Date.now() / 1000)
    const envelopes: Envelope[] = []
    for (let i = 0; i < 1_050; i++)
      envelopes.push(
        await seal(utf8(`message ${i}`), { to: chat, nowUnixSeconds: now - 4_000 + i, powTarget: 0.002 }),
      )
    const archive = await createSqliteArchive({ directory: join(theirs, 'archive') })
    await archive.putBatch(envelopes)
    await archive.close()
    const there = await startNode(['--mailserver'], { dataDir: theirs })
    const args = ['--mailserver', '--sync-from', there.ready.enode, '--metrics', '127.0.0.1:0']
    const sizeOf = async ({ ready }: NodeProcess) => {
      const metrics = await fetch(`http://${ready.metrics}/metrics`).then((answer) => answer.text())
      return seriesOf(metrics).get('status_node_archive_envelopes') ?? 0
    }
    const here = await startNode(args, { dataDir: ours })
    await until(async () => (await sizeOf(here)) > 0, 'the first envelopes')
    await here.stop('SIGKILL')
    const again = await startNode(args, { dataDir: ours })
    await until(async () => (await sizeOf(again)) === 1_050, 'all of them')
    await until(() => {
      const state = JSON.parse(readFileSync(join(ours, 'archive-sync.json'), 'utf8')) as object
      return Object.values(state).some(({ upTo, running }) => upTo >= now - 60 && running === undefined)
    }, 'the end is remembered')
    expect(await again.stop('SIGTERM')).toBe(0)
  })

  it('keeps no other topics than it is told', async () => {
    const node = await startNode(['--mailserver', '--archive-topics', '#kept,0x00000000'])
    const [kept, other] = await Promise.all([publicChat('kept'), publicChat('other')])
    await post(node.ready.enode, other, ['not this'])
    await post(node.ready.enode, kept, ['but this'])
    expect((await historyOf(node.ready.enode, other)).texts).toEqual([])
    expect((await historyOf(node.ready.enode, kept)).texts).toEqual(['but this'])
  })

  it('says in one line what keeps it from working', async () => {
    const dataDir = temporaryDirectory()
    mkdirSync(join(dataDir, 'archive'))
    writeFileSync(
      join(dataDir, 'archive', 'archive.db'),
      'this is no database, it is something else'.repeat(100),
    )
    const start = (...args: string[]) => runNode(['--listen', '127.0.0.1:0', '--data-dir', dataDir, ...args])
    expect(await start('--mailserver')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^status-node: archive: .*archive\.db[^\n]*\n$/),
    })
    expect(await start('--mailserver', '--mail-password-file', '/nowhere')).toMatchObject({
      code: 2,
      stderr:
        'status-node: --mail-password-file: /nowhere cannot be read (ENOENT: no such file or directory)\n',
    })
    const url = join(dataDir, 'url')
    writeFileSync(url, 'postgres://mail:very-secret@127.0.0.1:9/mail\n')
    const postgres = await start('--mailserver', '--archive', 'postgres', '--archive-url-file', url)
    expect(postgres).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^status-node: archive: PostgreSQL cannot be reached.*PGHOST[^\n]*\n$/),
    })
    expect(postgres.stderr).not.toContain('very-secret')
  })
})

describe('status-node archive', () => {
  it('verifies, exports, imports, prunes and copies', async () => {
    const node = await startNode(['--mailserver', '--ipc'])
    const chat = await publicChat('kept well')
    await post(node.ready.enode, chat, texts.slice(0, 5))
    const folder = temporaryDirectory()
    const [copy, exported] = [join(folder, 'copy.db'), join(folder, 'export')]
    expect(await archiveCommand(node.dataDir, 'verify')).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/is in use by process \d+[^\n]*\n$/),
    })
    expect(await archiveCommand(node.dataDir, 'backup', copy)).toMatchObject({ code: 0, stderr: '' })
    expect(await archiveCommand(node.dataDir, 'backup', copy)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/exists already"\}\}\n$/),
    })
    await node.stop('SIGTERM')

    const restored = join(folder, 'restored')
    mkdirSync(join(restored, 'archive'), { recursive: true, mode: 0o700 })
    writeFileSync(join(restored, 'archive', 'archive.db'), readFileSync(copy), { mode: 0o600 })
    for (const dataDir of [node.dataDir, restored]) {
      const verified = await archiveCommand(dataDir, 'verify')
      expect(verified).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, envelopes: 5, problems: [] })
    }
    expect(await archiveCommand(node.dataDir, 'export', exported)).toMatchObject({ code: 0 })
    const other = join(folder, 'other')
    const imported = await archiveCommand(other, 'import', exported)
    expect(JSON.parse(imported.stdout)).toEqual({ stored: 5, known: 0 })
    const bytes = readFileSync(exported)
    writeFileSync(exported, bytes.subarray(0, -1))
    expect(await archiveCommand(other, 'import', exported)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /^\{"error":\{"code":"archive","message":"archive: at byte \d+: the end is missing[^\n]*\n$/,
      ),
    })
    const pruned = await archiveCommand(other, 'prune', '--archive-max-bytes', '1')
    expect(JSON.parse(pruned.stdout)).toEqual({ deleted: 5, envelopes: 0, bytes: 0 })
    const directory = await archiveCommand(join(folder, 'new'), 'import', folder)
    expect(directory).toMatchObject({ code: 2, stdout: '' })
    expect(JSON.parse(directory.stderr)).toMatchObject({
      error: { message: `expected the file of an export, ${folder} is a directory` },
    })
    const unread = ['archive', 'export', '-', '--data-dir', node.dataDir]
    expect(await runUnread(unread), 'as in ... | head').toEqual({ code: 0, stderr: '' })
    const nowhere = join(folder, 'nowhere')
    expect(await archiveCommand(nowhere, 'verify')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(`there is no archive in ${join(nowhere, 'archive')}: name the node's`),
    })
    expect(existsSync(nowhere)).toBe(false)
  })
})

describe.skipIf(!findPostgres())(
  'status-node --mailserver --archive postgres (skipped: not installed)',
  () => {
    it('serves from one machine what another has confirmed', async () => {
      const postgres = (await startPostgres()) as { readonly url: string; stop(): Promise<void> }
      let stopping: Promise<void> | undefined
      const stop = () => {
        stopping ??= postgres.stop()
        return stopping
      }
      atTheEnd(stop)
      const url = join(temporaryDirectory(), 'url')
      writeFileSync(url, `${postgres.url}\n`, { mode: 0o600 })
      const flags = ['--mailserver', '--archive', 'postgres', '--archive-url-file', url]
      const one = await startNode(flags)
      expect(one.ready).toMatchObject({ mailserver: 'postgres' })
      const chat = await publicChat('shared')
      await post(one.ready.enode, chat, texts.slice(0, 3))
      await one.stop('SIGKILL')
      const other = await startNode([...flags, '--metrics', '127.0.0.1:0'])
      expect((await historyOf(other.ready.enode, chat)).texts.sort()).toEqual(texts.slice(0, 3))
      const verified = await runNode(['archive', 'verify', ...flags.slice(1), '--json'])
      expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, envelopes: 3 })

      await stop()
      const { whisper } = await whisperPeer(other.ready.enode)
      const states: string[] = []
      void (async () => {
        for await (const { state } of whisper.service.status()) states.push(state)
      })()
      await whisper.service.post({
        ...{ to: { symKey: chat.symmetricKey }, topic: chat.topic, payload: utf8('lost'), ttlSeconds: 60 },
      })
      await until(() => other.log().includes('the archive failed'), 'the line in the log')
      const ready = await fetch(`http://${other.ready.metrics}/ready`)
      expect(ready.status).toBe(503)
      expect(await ready.json()).toMatchObject({ checks: { archive: { ok: false } } })
      expect(states).not.toContain('confirmed')
      expect(await other.stop('SIGTERM')).toBe(0)
    })
  },
)
