import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { createHost, formatEnode, type Link, parseEnode } from '@status-protocol/p2p-devp2p'
import { createWhisper, encodeStatus, noRateLimits } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import type { OwnerState } from '../src/data-dir-lock.ts'
import { type ClockEvidence, checkClock, judgeClock } from '../src/doctor/clock.ts'
import { type Dialled, dial } from '../src/doctor/dial.ts'
import { checkDirectory, judgeLock, judgeSpace } from '../src/doctor/directory.ts'
import { checkPeers } from '../src/doctor/peers.ts'
import { checkFree, checkReached } from '../src/doctor/port.ts'
import { diagnosisText } from '../src/doctor/print.ts'
import { judgeDescriptors, judgeNode } from '../src/doctor/process.ts'
import { newKey } from './peers.ts'
import { atTheEnd, stopAll } from './programs.ts'

afterEach(stopAll)

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'status-doctor-'))
  atTheEnd(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function enodeAt(port: number, key = newKey()): string {
  const peerId = defaultProvider.publicKey(key).slice(1)
  return formatEnode({ peerId, ip: '127.0.0.1', tcpPort: port, udpPort: port })
}

/** A node of these subprotocols, on loopback. */
async function listening(subprotocols: Parameters<typeof createHost>[0]['subprotocols'], limits = {}) {
  const host = await createHost({ nodeKey: newKey(), listen: '127.0.0.1:0', subprotocols, limits })
  atTheEnd(() => host.close())
  return host
}

/** A program that does with connections what it likes. */
async function program(connected: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(connected)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atTheEnd(() => server.close())
  return (server.address() as { port: number }).port
}

describe('Node.js and file descriptors', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['22.1.0', 'ok'],
    ['20.18.3', 'fail'],
    ['18.20.4', 'fail'],
  ])('%s is %s', (version, status) => {
    expect(judgeNode(version).status).toBe(status)
  })

  it('are enough for the peers, or not', () => {
    expect(judgeDescriptors(1024, 50).status).toBe('ok')
    expect(judgeDescriptors(Number.POSITIVE_INFINITY, 10_000).status).toBe('ok')
    expect(judgeDescriptors(undefined, 50).status).toBe('skipped')
    expect(judgeDescriptors(256, 50)).toEqual({
      check: 'file-descriptors',
      status: 'fail',
      detail: 'limit 256, but 306 are needed for 50 peers',
      advice: 'raise it (ulimit -n 612; LimitNOFILE=612 in a systemd unit) or lower --max-peers',
    })
  })
})

describe('the data directory', () => {
  const statuses = async (path: string) =>
    Object.fromEntries((await checkDirectory(path)).map(({ check, status }) => [check, status]))

  it('is fine when it is there, and when it can be made; nothing is left behind', async () => {
    const path = directory()
    const fine = { 'data-dir': 'ok', 'data-dir-rights': 'ok', 'node-key': 'ok', disk: expect.any(String) }
    expect(await statuses(path)).toEqual(fine)
    const [found] = await checkDirectory(join(path, 'not', 'made'))
    expect(found).toMatchObject({
      status: 'ok',
      detail: `${join(path, 'not', 'made')} will be made in ${path}`,
    })
    expect(readdirSync(path)).toEqual([])
  })

  it('is told when others can read its key or write to it', async () => {
    const path = directory()
    writeFileSync(join(path, 'nodekey'), '11'.repeat(32), { mode: 0o600 })
    expect(await statuses(path)).toMatchObject({ 'data-dir-rights': 'ok', 'node-key': 'ok' })
    chmodSync(join(path, 'nodekey'), 0o640)
    expect(await checkDirectory(path)).toContainEqual({
      check: 'data-dir-rights',
      status: 'warn',
      detail: `others can read ${join(path, 'nodekey')}: whoever has it can pass for this node`,
      advice: `chmod 600 '${join(path, 'nodekey')}'`,
    })
    chmodSync(join(path, 'nodekey'), 0o600)
    chmodSync(path, 0o777)
    expect(await statuses(path)).toMatchObject({ 'data-dir-rights': 'warn' })
  })

  it('is told when it is a file, and when its key is none', async () => {
    const path = directory()
    writeFileSync(join(path, 'file'), '')
    for (const place of [join(path, 'file'), join(path, 'file', 'below')])
      expect(await checkDirectory(place)).toContainEqual(
        expect.objectContaining({
          check: 'data-dir',
          status: 'fail',
          detail: `${join(path, 'file')} is no directory`,
        }),
      )
    expect(await checkClock(join(path, 'file'), undefined)).toMatchObject({ check: 'clock' })
    writeFileSync(join(path, 'nodekey'), 'not a key', { mode: 0o600 })
    const key = (await checkDirectory(path)).find(({ check }) => check === 'node-key')
    expect(key).toMatchObject({ status: 'fail', detail: expect.stringContaining('holds no node key') })
  })

  // root may write everywhere
  it.skipIf(process.getuid?.() === 0)('is told when it cannot be written', async () => {
    const path = join(directory(), 'locked')
    mkdirSync(path, { mode: 0o500 })
    expect(await statuses(path)).toMatchObject({ 'data-dir': 'fail' })
  })

  it('needs room', () => {
    expect(judgeSpace(10 * 2 ** 20, '/x')).toMatchObject({ status: 'fail', detail: '10 MiB are free at /x' })
    expect(judgeSpace(100 * 2 ** 20, '/x').status).toBe('warn')
    expect(judgeSpace(2 ** 40, '/x').status).toBe('ok')
    expect(judgeSpace(undefined, '/x').status).toBe('skipped')
  })

  it('has at most one node, which should answer', () => {
    expect(judgeLock('/x', undefined)).toMatchObject({ status: 'ok', detail: 'no node runs on /x' })
    expect(judgeLock('/x', { pid: 7, startedUnixMs: 0 })).toMatchObject({
      status: 'ok',
      detail: 'a node runs on /x: process 7, since 1970-01-01T00:00:00.000Z',
    })
    expect(judgeLock('/x', { pid: 0 }).status).toBe('warn')
  })
})

describe('the clock', () => {
  const evidence: ClockEvidence = {
    nowUnixMs: Date.UTC(2026, 10, 22),
    pastUnixMs: Date.UTC(2026, 0, 1),
    isSynchronized: true,
    node: undefined,
  }
  const of = (node: object): OwnerState => ({ pid: 1, ...node })

  it.each<[string, Partial<ClockEvidence>, string, RegExp]>([
    ['kept right', {}, 'ok', /and is kept right/],
    ['not kept right', { isSynchronized: false }, 'warn', /nothing keeps it right/],
    ['unknown', { isSynchronized: undefined }, 'skipped', /nothing here tells/],
    ['of 1970', { nowUnixMs: 0 }, 'fail', /it says 1970.*before 2026/],
    ['20 s fast', { node: of({ clockOffsetSeconds: -20.04 }) }, 'fail', /^20 s ahead of those of peers/],
    ['an hour slow', { node: of({ clockOffsetSeconds: 3600 }) }, 'fail', /^3600 s behind those of peers/],
    ['close to others', { node: of({ clockOffsetSeconds: 0.12 }) }, 'ok', /0.1 s from those of peers/],
    [
      'off from envelopes',
      { node: of({ envelopes: { received: 20, offTime: 19 } }) },
      'fail',
      /95 % of the env/,
    ],
    [
      'like envelopes',
      { node: of({ envelopes: { received: 20, offTime: 1 } }) },
      'ok',
      /envelopes of peers agree/,
    ],
    ['off from few', { node: of({ envelopes: { received: 19, offTime: 19 } }) }, 'ok', /kept right/],
    ['told nonsense', { node: of({ clockOffsetSeconds: 'x', envelopes: 3 }) }, 'ok', /kept right/],
  ])('%s', (_what, changed, status, says) => {
    const finding = judgeClock({ ...evidence, ...changed })
    expect(finding.detail).toMatch(says)
    expect(finding.status).toBe(status)
    if (status === 'fail') expect(finding.advice).toMatch(/set-ntp|chrony/)
  })
})

describe('dialling', () => {
  const shh = (run: (link: Link) => unknown) => ({ ...{ name: 'shh', version: 6, length: 128 }, run })

  it('shakes hands with a node, and names it', async () => {
    const whisper = createWhisper()
    const host = await listening([whisper.subprotocol])
    const [result] = await dial([host.enode])
    expect(result).toMatchObject({ ok: true, clientName: expect.any(String) })
  })

  it.each<[string, () => Promise<string>, RegExp, RegExp]>([
    [
      'a port where nobody listens',
      async () => {
        const port = await program(() => undefined)
        await stopAll()
        return enodeAt(port)
      },
      /ECONNREFUSED/,
      /nothing listens there/,
    ],
    [
      'another program',
      async () => enodeAt(await program((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
      /handshake/,
      /something else answers there/,
    ],
    [
      'another node',
      async () => enodeAt(parseEnode((await listening([createWhisper().subprotocol])).enode).tcpPort),
      /./,
      /something else answers there|hung up/,
    ],
    [
      'a node without Whisper',
      async () => (await listening([{ name: 'eth', version: 63, length: 17, run: () => undefined }])).enode,
      /capabilit|useless/,
      /does not speak Whisper/,
    ],
    [
      'a node of another Whisper',
      async () => {
        const status = { minPow: 0, bloom: undefined, lightNode: false, confirmations: false, version: 7 }
        const body = encodeStatus({ ...status, rateLimits: noRateLimits })
        return (await listening([shh((link) => void link.send(0, body))])).enode
      },
      /version 7 of Whisper/,
      /another peer/,
    ],
    [
      'a node that is full',
      async () => (await listening([createWhisper().subprotocol], { maxPeers: 0 })).enode,
      /too many peers/,
      /full.*--trusted-peer/,
    ],
  ])('explains %s', async (_what, make, says, advises) => {
    const [result] = await dial([await make()])
    if (!result || result.ok) throw new Error('it was reached')
    expect(result.detail).toMatch(says)
    expect(result.advice).toMatch(advises)
  })

  it('gives up on silence', async () => {
    const port = await program(() => undefined)
    const host = await listening([shh(() => undefined)])
    const results = await dial([enodeAt(port), host.enode], 800)
    expect(results.map(({ ok }) => ok)).toEqual([false, false])
  })
})

describe('peers', () => {
  const enode = enodeAt(30303)
  const never = () => Promise.reject(new Error('dialled'))
  const answer = (result: Dialled) => async (enodes: readonly string[]) => enodes.map(() => result)

  it('are not dialled if there are none, or the node has them', async () => {
    expect(await checkPeers([], undefined, never)).toMatchObject([{ status: 'skipped' }])
    const node = { pid: 1, connected: [toHex(parseEnode(enode).peerId)] }
    expect(await checkPeers([enode], node, async () => [])).toMatchObject([
      { status: 'ok', detail: expect.stringContaining('the node is connected to it') },
    ])
  })

  it('fail, and warn if they are only full; their names steer no terminal', async () => {
    const lost: Dialled = { ok: false, detail: 'd', advice: 'a' }
    expect(await checkPeers([enode], undefined, answer(lost))).toMatchObject([
      { status: 'fail', advice: 'a' },
    ])
    expect(await checkPeers([enode], undefined, answer({ ...lost, isFull: true }))).toMatchObject([
      { status: 'warn' },
    ])
    const named = answer({ ok: true, milliseconds: 5, clientName: '\u001b[2Jx' })
    const [found] = await checkPeers([enode], { pid: 1 }, named)
    expect(found?.status).toBe('ok')
    expect(found?.detail).not.toContain('\u001b')
  })
})

describe('ports', () => {
  it('are free, or taken', async () => {
    const port = await program(() => undefined)
    const wanted = { check: 'port', address: `127.0.0.1:${port}`, flag: '--listen' }
    expect(await checkFree(wanted)).toEqual({
      check: 'port',
      status: 'fail',
      detail: `127.0.0.1:${port} is taken by another program`,
      advice: `see which (sudo ss -ltnp 'sport = :${port}'), and stop it or choose another port with --listen`,
    })
    await stopAll()
    expect(await checkFree(wanted)).toMatchObject({ status: 'ok' })
    expect(await checkFree({ ...wanted, address: '192.0.2.1:1234' })).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('EADDRNOTAVAIL'),
      advice: expect.stringContaining('--listen'),
    })
    expect(await checkFree({ ...wanted, address: '127.0.0.1:0' })).toMatchObject({ status: 'ok' })
  })

  it('of a node that runs are reached at the address in its enode', async () => {
    const host = await listening([createWhisper().subprotocol])
    expect(await checkReached({ pid: 1, enode: host.enode }, dial)).toMatchObject({ status: 'ok' })
    expect(await checkReached({ pid: 1 }, dial)).toMatchObject({ status: 'skipped' })
    const gone = enodeAt(1)
    const nobody = async (): Promise<readonly Dialled[]> => [
      { ok: false, detail: 'silence', advice: 'shout' },
    ]
    expect(await checkReached({ pid: 1, enode: gone }, nobody)).toMatchObject({
      status: 'fail',
      detail: 'the node does not answer at 127.0.0.1:1: silence',
      advice: 'shout',
    })
    const near = async ([enode]: readonly string[]): Promise<readonly Dialled[]> =>
      enode?.includes('127.0.0.1')
        ? [{ ok: true, milliseconds: 1, clientName: '' }]
        : [{ ok: false, detail: 'silence', advice: 'shout' }]
    const elsewhere = gone.replace('127.0.0.1', '192.0.2.1')
    expect(await checkReached({ pid: 1, enode: elsewhere }, near)).toMatchObject({
      status: 'warn',
      advice: expect.stringMatching(/firewall.*forward/),
    })
  })
})

describe('what people read', () => {
  it('is a line for each check, what to do below it, and a verdict', () => {
    const text = diagnosisText({
      ok: false,
      checks: [
        { check: 'disk', status: 'ok', detail: 'much' },
        { check: 'port', status: 'fail', detail: 'taken', advice: 'free it' },
        { check: 'peer', status: 'skipped', detail: 'none' },
      ],
    })
    expect(text.split('\n')).toEqual([
      'ok    disk              much',
      'fail  port              taken',
      '                        -> free it',
      '-     peer              none',
      '',
      '1 of 3 checks failed.',
    ])
    expect(diagnosisText({ ok: true, checks: [] })).toContain('All is well.')
  })
})
