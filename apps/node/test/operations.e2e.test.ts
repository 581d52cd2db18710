/** What an operator sees of a running node: metrics, health, readiness, logs, its end. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { utf8 } from '@status-protocol/bytes'
import { publicChat, seal } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { lazyEnvelope, rawPeer, whisperPeer } from './peers.ts'
import { runNode, startNode, stopAll, temporaryDirectory, until } from './programs.ts'
import { parsePrometheusText, seriesOf } from './prometheus-text.ts'

afterEach(stopAll)

const METRICS = ['--metrics', '127.0.0.1:0']

async function get(address: string, path: string, init: { host?: string; method?: string } = {}) {
  const [hostname, port] = address.split(':')
  return new Promise<{ status: number; type: string; body: string }>((resolve, reject) => {
    const headers = init.host === undefined ? {} : { host: init.host }
    const asked = request({ hostname, port, path, method: init.method ?? 'GET', headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        body += piece
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: String(response.headers['content-type']), body }),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('--metrics', () => {
  it('counts the envelopes that go through the relay, and those that do not', async () => {
    const node = await startNode([...METRICS, '--ready-peers', '3'])
    const address = node.ready.metrics as string
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect((await get(address, '/ready')).status).toBe(503)
    const [sender, reader] = await Promise.all([whisperPeer(node.ready.enode), whisperPeer(node.ready.enode)])
    const chat = await publicChat('metrics')
    const { topic, symmetricKey } = chat
    const heard: string[] = []
    const subscription = reader.whisper.service.subscribe({ topics: [topic], symKey: symmetricKey })
    void (async () => {
      for await (const { payload } of subscription) heard.push(new TextDecoder().decode(payload))
    })()
    for (const text of ['one', 'two', 'three'])
      await sender.whisper.service.post({
        ...{ to: { symKey: symmetricKey }, topic, payload: utf8(text), ttlSeconds: 120 },
      })
    await until(() => heard.length === 3, 'three messages through the relay')

    const rude = await rawPeer(node.ready.enode)
    const nowUnixSeconds = Math.floor(Date.now() / 1000)
    const good = await seal(utf8('good'), { to: chat, ttlSeconds: 120 })
    rude.send([
      ...[good, good, await lazyEnvelope('lazy', chat)],
      await seal(utf8('late'), { to: chat, nowUnixSeconds: nowUnixSeconds - 20, ttlSeconds: 15 }),
      await seal(utf8('soon'), { to: chat, nowUnixSeconds: nowUnixSeconds + 3600 }),
    ])
    await until(() => rude.received.includes(11), 'the confirmation')

    const answer = await get(address, '/metrics')
    expect(answer).toMatchObject({ status: 200, type: expect.stringContaining('text/plain; version=0.0.4') })
    const series = seriesOf(answer.body)
    const expected = {
      'peers{direction="inbound"}': 3,
      envelopes_received_total: 8,
      envelopes_accepted_total: 4,
      envelopes_duplicate_total: 1,
      envelopes_expired_total: 1,
      'envelopes_refused_total{reason="low-pow"}': 1,
      'envelopes_refused_total{reason="from-future"}': 1,
      'envelopes_refused_total{reason="very-old"}': 0,
      pool_envelopes: 4,
      'packets_received_total{packet="status"}': 3,
      links_opened_total: 3,
      links_dropped_total: 0,
    }
    const seen = Object.fromEntries(
      Object.keys(expected).map((name) => [name, series.get(`status_node_${name}`)]),
    )
    expect(seen).toEqual(expected)
    expect(series.get('status_node_pool_bytes')).toBeGreaterThan(4 * 256)
    expect(series.get('status_node_bytes_received_total{packet="messages"}')).toBeGreaterThan(8 * 256)
    expect(series.get('status_node_packets_sent_total{packet="message-response"}')).toBeGreaterThan(1)
    expect(series.get('process_open_fds')).toBeGreaterThan(3)
    await until(async () => {
      const sent = seriesOf((await get(address, '/metrics')).body).get('status_node_envelopes_sent_total')
      return sent !== undefined && sent >= 6
    }, 'envelopes sent on')

    expect(await get(address, '/health')).toMatchObject({ status: 200, body: '{"status":"ok"}\n' })
    const ready = await get(address, '/ready')
    expect(ready.status).toBe(200)
    expect(JSON.parse(ready.body)).toEqual({
      ready: true,
      checks: {
        listening: { ok: true, detail: node.ready.listen },
        dataDir: { ok: true, detail: 'writable' },
        peers: { ok: true, detail: '3 of at least 3' },
      },
    })
  })

  it('answers by address, as localhost and by names that it was told, and nothing else', async () => {
    const node = await startNode([...METRICS, '--metrics-host', 'Relay.example'])
    const address = node.ready.metrics as string
    const port = address.split(':')[1]
    for (const host of [
      'localhost',
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      '192.0.2.1',
      `relay.example:${port}`,
    ])
      expect((await get(address, '/health', { host })).status, host).toBe(200)
    for (const host of ['evil.example', 'localhost.evil.example', 'relay.example.evil.example', ':80'])
      for (const path of ['/health', '/ready', '/metrics'])
        expect((await get(address, path, { host })).status, host + path).toBe(403)
    expect((await get(address, '/')).status).toBe(404)
    expect((await get(address, '/metrics/x')).status).toBe(404)
    expect((await get(address, '/metrics', { method: 'POST' })).status).toBe(405)
    expect(await get(address, '/metrics', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    expect((await get(address, '/metrics?x=1')).status).toBe(200)
    expect((await get(address, `/${'x'.repeat(20_000)}`)).status).toBe(431)
    parsePrometheusText((await get(address, '/metrics')).body)
  })

  it('has the latency of JSON-RPC', async () => {
    const node = await startNode([...METRICS, '--http', '127.0.0.1:0'])
    const call = (method: string) =>
      fetch(`http://${node.ready.http}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] }),
      }).then((response) => response.json())
    await call('web3_clientVersion')
    await call('web3_clientVersion')
    await call('shh_post')
    await call('made_up')
    const text = (await get(node.ready.metrics as string, '/metrics')).body
    const count = (labels: string) => seriesOf(text).get(`status_node_rpc_duration_seconds_count{${labels}}`)
    expect(count('method="web3_clientVersion",outcome="ok"')).toBe(2)
    expect(count('method="shh_post",outcome="error"')).toBe(1)
    expect(text).not.toContain('made_up')
  })

  it('is off unless asked for, and says where it cannot listen', async () => {
    const first = await startNode(METRICS)
    expect((await startNode()).ready).not.toHaveProperty('metrics')
    const taken = await runNode([
      ...['--listen', '127.0.0.1:0', '--data-dir', temporaryDirectory()],
      ...['--metrics', first.ready.metrics as string],
    ])
    expect(taken).toMatchObject({
      code: 4,
      stderr: `status-node: cannot listen on ${first.ready.metrics} (EADDRINUSE: address already in use); choose another address with --metrics\n`,
    })
  })

  // root may write everywhere
  it.skipIf(process.getuid?.() === 0)('is not ready where the data directory cannot be written', async () => {
    const node = await startNode(METRICS)
    chmodSync(node.dataDir, 0o500)
    const answer = await get(node.ready.metrics as string, '/ready')
    chmodSync(node.dataDir, 0o700)
    expect(answer.status).toBe(503)
    expect(JSON.parse(answer.body)).toMatchObject({
      checks: { dataDir: { ok: false, detail: 'cannot be written (EACCES)' } },
    })
  })
})

describe('a data directory', () => {
  it('has one node: a second one says so in one line, and takes over when the first was killed', async () => {
    const node = await startNode()
    const second = await runNode(['--listen', '127.0.0.1:0', '--data-dir', node.dataDir])
    expect(second).toEqual({
      code: 3,
      stdout: '',
      stderr: `status-node: data directory ${node.dataDir} is in use by another node, process ${node.pid}: stop it, or choose another with --data-dir\n`,
    })
    await node.stop('SIGKILL')
    const next = await startNode([], { dataDir: node.dataDir })
    expect(next.ready.enode.split('@')[0]).toBe(node.ready.enode.split('@')[0])
  })
})

describe('an error', () => {
  it.each([
    [true, true],
    [false, false],
  ])('shows its stack where the configuration says "debug": %j', async (debug, shown) => {
    const dataDir = temporaryDirectory()
    const config = join(dataDir, 'node.json')
    writeFileSync(config, JSON.stringify({ listen: '127.0.0.1:0', dataDir, ipc: 'x'.repeat(200), debug }))
    const { code, stderr } = await runNode(['--config', config])
    expect({ code, shown: /\n +at /.test(stderr) }).toEqual({ code: 4, shown })
  })
})

describe('logs', () => {
  it('have levels by module, one line for an event of a connection, nothing secret', async () => {
    const node = await startNode(['--log-level', 'warn,p2p=debug'])
    const peer = await whisperPeer(node.ready.enode)
    const lines = () =>
      node
        .log()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    const up = await until(() => lines().find(({ msg }) => msg === 'link-up'), 'the line of the link')
    expect(up).toMatchObject({ module: 'p2p', level: 20, ip: '127.0.0.1', direction: 'inbound' })
    await peer.host.close()
    const down = await until(() => lines().find(({ msg }) => msg === 'link-down'), 'the line of its end')
    expect(down).toMatchObject({ peer: up.peer, by: 'peer', reason: 'quitting' })
    expect(new Set(lines().map(({ module }) => module))).toEqual(new Set(['p2p']))
    expect(lines().filter(({ msg }) => msg === 'link-up')).toHaveLength(1)
    expect(node.log()).not.toContain(readFileSync(join(node.dataDir, 'nodekey'), 'utf8').trim())
  })
})

describe('the end', () => {
  it('comes with 0 and within a bound, also while others do not let go', async () => {
    const node = await startNode(METRICS)
    const [, port = ''] = (node.ready.metrics as string).split(':')
    const [, p2pPort = ''] = node.ready.listen.split(':')
    const sockets = [port, p2pPort, p2pPort].map((to) => connect({ host: '127.0.0.1', port: Number(to) }))
    for (const socket of sockets) socket.on('error', () => undefined)
    await until(
      () => sockets.every(({ readyState }) => readyState === 'open'),
      'connections that say nothing',
    )
    await whisperPeer(node.ready.enode)
    expect(await node.stop('SIGTERM')).toBe(0)
    for (const socket of sockets) socket.destroy()
  })

  it('does not come when those leave who read what it prints', async () => {
    const node = await startNode(['--log-level', 'trace'])
    node.stopReading()
    await whisperPeer(node.ready.enode)
    await whisperPeer(node.ready.enode)
    expect(await node.stop('SIGTERM')).toBe(0)
  })

  it('hands on what was taken a moment ago', async () => {
    const node = await startNode()
    const [sender, reader] = await Promise.all([whisperPeer(node.ready.enode), whisperPeer(node.ready.enode)])
    const { topic, symmetricKey } = await publicChat('last words')
    let heard = 0
    const subscription = reader.whisper.service.subscribe({ topics: [topic], symKey: symmetricKey })
    void (async () => {
      for await (const _ of subscription) heard++
    })()
    const confirmed = new Promise<void>((resolve) => {
      void (async () => {
        for await (const { state } of sender.whisper.service.status()) if (state === 'confirmed') resolve()
      })()
    })
    await sender.whisper.service.post({ to: { symKey: symmetricKey }, topic, payload: utf8('bye') })
    await confirmed
    expect(await node.stop('SIGTERM')).toBe(0)
    await until(() => heard === 1, 'the message')
  })
})

describe('a configuration file', () => {
  it('has every setting', async () => {
    const config = join(temporaryDirectory(), 'node.json')
    const settings = {
      ...{ metrics: '127.0.0.1:0', metricsHost: ['relay.example'], readyPeers: 1, traceEnvelopes: true },
      ...{ logLevel: 'warn,p2p=info', maxPeers: 10, minPow: 0.001 },
    }
    writeFileSync(config, JSON.stringify(settings))
    const node = await startNode(['--config', config])
    const address = node.ready.metrics as string
    expect((await get(address, '/health', { host: 'relay.example' })).status).toBe(200)
    expect((await get(address, '/ready')).status).toBe(503)
    writeFileSync(config, JSON.stringify({ metrics: 'nowhere' }))
    expect(await runNode(['--data-dir', temporaryDirectory(), '--config', config])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^status-node: --metrics: expected host:port[^\n]*\n$/),
    })
  })
})
