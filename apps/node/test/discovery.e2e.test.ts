/** Nodes that find each other, as processes: through one bootnode, on loopback. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { utf8 } from '@status-protocol/bytes'
import { parseEnode, parseNodeRecord, recordRoles } from '@status-protocol/p2p-devp2p'
import { publicChat } from '@status-protocol/whisper'
import { afterEach, describe, expect, it } from 'vitest'
import { SocksServer } from '../../../packages/p2p-devp2p/test/support/socks-server.ts'
import { whisperPeer } from './peers.ts'
import {
  atTheEnd,
  type NodeProcess,
  runNode,
  startNode,
  stopAll,
  temporaryDirectory,
  until,
} from './programs.ts'
import { seriesOf } from './prometheus-text.ts'

afterEach(stopAll)

interface PeerSaid {
  readonly network: { readonly inbound: boolean }
  readonly score?: number
}

const TREE = 'enrtree://AKA3AM6LPBYEUDMVNU3BSVQJ5AD45Y7YPOHJLEF6W26QOE4VTUDPE@nodes.example.org'
const idOf = (enode: unknown) => String(enode).slice(8, 136)
const ask = async (node: NodeProcess, command: string, ...flags: string[]) => {
  const said = await runNode([command, '--data-dir', node.dataDir, ...flags])
  expect(said).toMatchObject({ code: 0, stderr: '' })
  return said.stdout
}

describe('status-node bootnode', () => {
  it('makes a network of three nodes that know nobody else, and an envelope crosses it', async () => {
    const bootnode = await startNode(['bootnode'])
    expect(bootnode.ready).toMatchObject({ event: 'ready', role: 'bootnode' })
    const flags = ['--bootnodes', bootnode.ready.enode, '--ipc', '--metrics', '127.0.0.1:0']
    const nodes = await Promise.all([1, 2, 3].map(() => startNode(flags)))
    const [first, , last] = nodes as [NodeProcess, NodeProcess, NodeProcess]
    const met = (node: NodeProcess) =>
      new Set(node.events.flatMap(({ state, enode }) => (state === 'up' ? idOf(enode) : [])))
    const others = (node: NodeProcess) =>
      nodes.filter((other) => other !== node).map(({ ready }) => idOf(ready.enode))
    await until(
      () => nodes.every((node) => others(node).some((id) => met(node).has(id))),
      'each node to have met another one',
    )
    await until(() => others(first).every((id) => met(first).has(id)), 'the first one to have met both')
    expect(met(first).has(idOf(bootnode.ready.enode))).toBe(false)

    const { topic, symmetricKey } = await publicChat('found')
    const [sender, reader] = await Promise.all([
      whisperPeer(first.ready.enode),
      whisperPeer(last.ready.enode),
    ])
    const heard: string[] = []
    const subscription = reader.whisper.service.subscribe({ topics: [topic], symKey: symmetricKey })
    void (async () => {
      for await (const { payload } of subscription) heard.push(new TextDecoder().decode(payload))
    })()
    await sender.whisper.service.post({
      ...{ to: { symKey: symmetricKey }, topic, payload: utf8('hello'), ttlSeconds: 60 },
    })
    await until(() => heard.length === 1, 'the envelope at the other end')

    const series = seriesOf(
      await fetch(`http://${first.ready.metrics}/metrics`).then((answer) => answer.text()),
    )
    expect(series.get('status_node_sought_links{state="wanted"}')).toBe(17)
    expect(series.get('status_node_known_peers')).toBeGreaterThanOrEqual(0)

    const record = parseNodeRecord(String(first.ready.enr))
    expect(recordRoles(record)).toEqual(['relay'])
    expect(JSON.parse(await ask(first, 'enr', '--json'))).toMatchObject({ enode: first.ready.enode })
    const shown = await ask(first, 'enr')
    expect(shown).toContain(first.ready.enode)
    expect(shown).toMatch(/^enr:[A-Za-z0-9_-]+$/m)
    expect(shown).toMatch(/[▀▄█]{5}/)

    const peers = JSON.parse(await ask(first, 'peers', '--json')) as Record<string, unknown>[]
    expect(peers.length).toBeGreaterThanOrEqual(3)
    for (const peer of peers) expect(peer).toMatchObject({ transport: 'tcp', caps: ['shh/6'] })
    // who was dialled by all others has found nobody itself
    const outbound = (await Promise.all(nodes.map((node) => ask(node, 'peers', '--json')))).flatMap((said) =>
      (JSON.parse(said) as PeerSaid[]).filter(({ network }) => !network.inbound),
    )
    expect(outbound.length).toBeGreaterThanOrEqual(2)
    for (const { score } of outbound) expect(score).toEqual(expect.any(Number))
    expect(await ask(first, 'peers')).toMatch(/^\S{16} +(in|out) +tcp +127\.0\.0\.1:\d+ +.*shh\/6/m)

    const diagnosis = await runNode(['doctor', '--data-dir', first.dataDir, '--json', ...flags.slice(0, 2)])
    const { checks } = JSON.parse(diagnosis.stdout) as { checks: { check: string; status: string }[] }
    expect(checks.find(({ check }) => check === 'discovery')).toMatchObject({ status: 'ok' })
    expect(await first.stop('SIGTERM')).toBe(0)
    expect(await bootnode.stop('SIGTERM')).toBe(0)
    expect(JSON.parse(readFileSync(join(first.dataDir, 'peers.json'), 'utf8'))).toMatchObject({ version: 1 })
  })
})

describe('status-node --discovery', () => {
  it('v5: nodes find each other by version 5.1 alone, one of both versions hears of all, v4 does not', async () => {
    const bootnode = await startNode(['bootnode'])
    // by the record here, by the enode elsewhere
    const flags = (versions: string) => ['--bootnodes', String(bootnode.ready.enr), '--discovery', versions]
    const nodes = await Promise.all(['v5', 'v5', 'v4,v5', 'v4'].map((versions) => startNode(flags(versions))))
    const [a, b, both, old] = nodes as [NodeProcess, NodeProcess, NodeProcess, NodeProcess]
    const met = (node: NodeProcess, other: NodeProcess) =>
      [node, other].some((one, i) =>
        one.events.some(
          ({ state, enode }) => state === 'up' && idOf(enode) === idOf([other, node][i]?.ready.enode),
        ),
      )
    await until(() => [a, b, old].every((node) => met(both, node)), 'the one with both to have met all')
    await until(() => met(a, b), 'those with version 5 to have met')
    expect([met(old, a), met(old, b)]).toEqual([false, false])
    const exits = await Promise.all([...nodes, bootnode].map((node) => node.stop('SIGTERM')))
    expect(exits).toEqual([0, 0, 0, 0, 0])
  })

  it('none, and what there is not', async () => {
    const quiet = await startNode(['--discovery', 'none', '--dns-discovery', TREE])
    expect(quiet.ready).not.toHaveProperty('enr')
    const refused = await runNode(['--discovery', 'v6', '--data-dir', temporaryDirectory()])
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^status-node: --discovery: .*"v6"\n$/),
    })
  })
})

describe('a node that is told nothing about others', () => {
  it('looks for nobody, and neither does one with --no-discovery', async () => {
    const plain = await startNode(['--ipc'])
    expect(plain.ready).not.toHaveProperty('enr')
    expect(JSON.parse(await ask(plain, 'enr', '--json'))).toEqual({ enode: plain.ready.enode })
    expect(await ask(plain, 'peers')).toBe('No peers.\n')
    await plain.stop('SIGTERM')
    expect(existsSync(join(plain.dataDir, 'peers.json'))).toBe(false)
    const quiet = await startNode(['--no-discovery', '--bootnodes', plain.ready.enode])
    expect(quiet.ready).not.toHaveProperty('enr')
  })
})

describe('addresses', () => {
  it('say what the operator knows of the router, and which other ways there are', async () => {
    const flags = ['--nat', 'extip:203.0.113.9', '--discovery', '--listen-ws', 'ws://127.0.0.1:0/p2p']
    const node = await startNode([...flags, '--advertise-via', 'wss://relay.example/p2p'])
    const { ip, via } = parseEnode(node.ready.enode)
    expect({ ip, via }).toEqual({ ip: '203.0.113.9', via: ['wss://relay.example/p2p'] })
    expect(parseNodeRecord(String(node.ready.enr)).entries.has('via')).toBe(true)
  })

  it('of WebSockets are dialled, and a damaged cache of peers is looked over', async () => {
    const dataDir = temporaryDirectory()
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(join(dataDir, 'peers.json'), '{"version":1,"entries":[["p2p.peers","zz",""]]}')
    const server = await startNode(['--listen-ws', 'ws://127.0.0.1:0/p2p', '--ipc'])
    const client = await startNode(['--peer', server.ready.enode, '--transport', 'ws', '--discovery'], {
      dataDir,
    })
    await until(() => client.events.some(({ state }) => state === 'up'), 'the link')
    expect(JSON.parse(await ask(server, 'peers', '--json'))).toMatchObject([{ transport: 'ws' }])
    expect(client.log()).toContain('known peers cannot be read')
  })

  it('are dialled by the proxy', async () => {
    const proxy = await SocksServer.start({})
    atTheEnd(() => proxy.close())
    const server = await startNode()
    const flags = ['--proxy', `socks5://127.0.0.1:${proxy.port}`, '--peer', server.ready.enode, '--ipc']
    const client = await startNode(flags)
    await until(() => client.events.some(({ state }) => state === 'up'), 'the link')
    expect(JSON.parse(await ask(client, 'peers', '--json'))).toMatchObject([{ transport: 'socks5' }])
  })

  it('are not used where a proxy would be passed by', async () => {
    const start = (...args: string[]) =>
      runNode(['--listen', '127.0.0.1:0', '--data-dir', temporaryDirectory(), ...args])
    expect(await start('--proxy', 'socks5://127.0.0.1:9', '--discovery', '--nat', 'any')).toMatchObject({
      code: 2,
      stderr:
        'status-node: --proxy: --bootnodes and --discovery (UDP), --nat would go around it; leave them out\n',
    })
    const proxied = await start('--proxy', 'socks5://user:very-secret@relay.example:1')
    expect(proxied).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^status-node: --proxy: proxy: expected socks5/),
    })
    expect(proxied.stderr).not.toContain('very-secret')
  })
})
