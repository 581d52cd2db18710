import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { formatNodeRecord, signNodeRecord } from '@status-protocol/p2p-devp2p'
import { topicOfText } from '@status-protocol/whisper'
import { afterAll, describe, expect, it } from 'vitest'
import { CONFIG, readConfig } from '../src/config.ts'
import { NodeError } from '../src/error.ts'
import { idleFlags } from '../src/idle-flags.ts'
import { looksForPeers, usesUdp, versionsOf } from '../src/p2p/settings.ts'

const idOf = (byte: number) => defaultProvider.publicKey(new Uint8Array(32).fill(byte)).slice(1)
const BOOTNODE = `enode://${toHex(idOf(1))}@127.0.0.1:30303`
const TREE = 'enrtree://AKA3AM6LPBYEUDMVNU3BSVQJ5AD45Y7YPOHJLEF6W26QOE4VTUDPE@nodes.example.org'

const folder = mkdtempSync(join(tmpdir(), 'status-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(content: unknown): string {
  const path = join(folder, 'node.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function complaint(flags: Record<string, unknown>): string {
  try {
    readConfig(flags)
  } catch (error) {
    expect(error).toBeInstanceOf(NodeError)
    expect(error).toMatchObject({ code: 'invalid-config', exitCode: 2 })
    const { message } = error as Error
    expect(message).not.toContain('\n')
    return message
  }
  throw new Error('no complaint')
}

describe('settings', () => {
  it.each([
    [{ listen: 5 }, '--listen: expected a text, got 5'],
    [{ maxPeers: -1 }, '--max-peers: expected at least 1, got -1'],
    [{ maxPeers: 1.5 }, '--max-peers: expected a whole number, got 1.5'],
    [{ maxPeers: 20_000 }, '--max-peers: expected at most 10000, got 20000'],
    [{ peer: 'enode' }, '--peer: expected a list, got "enode"'],
    [{ peer: Array(101).fill(BOOTNODE) }, '--peer: expected at most 100 of them, got a list of 101'],
    [{ dataDir: '' }, '--data-dir: expected some text, got none'],
    [{ dataDir: [] }, '--data-dir: expected a text, got a list of 0'],
    [{ light: 'yes' }, '--light: expected true or false, got "yes"'],
  ])('say what was expected, and what came: %j', (flags, says) => {
    expect(complaint(flags)).toBe(says)
    expect(complaint({ config: file(flags) })).toBe(says)
  })

  it('in a file that is none are not shown to the terminal as they are', () => {
    expect(complaint({ config: '' })).toBe('--config: expected a file, got nothing')
    const said = complaint({ config: file('{"a": \u001b[31m\u202e\u0007}') })
    expect(said).toMatch(/is not JSON \(.*\)$/)
    const long = complaint({ config: file({ ['x'.repeat(100_000)]: 1 }) })
    expect(long).toMatch(/^there is no setting "x{60}"; known are listen, /)
    for (const text of [said, long]) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      expect(text.length).toBeLessThan(1_500)
    }
  })

  it('that do nothing because another one is missing are told', () => {
    const told = (flags: Record<string, unknown>) => idleFlags(flags, readConfig(flags))
    expect(told({ retention: '7d', rpcModules: 'shh', metricsHost: ['x'] })).toEqual([
      '--retention does nothing without --mailserver',
      '--rpc-modules does nothing without --http or --ws',
      '--metrics-host does nothing without --metrics',
    ])
    expect(told({ retention: '7d', mailserver: true, rpcModules: 'shh', ws: true, maxPeers: 3 })).toEqual([])
  })

  it('have defaults', () => {
    expect(readConfig({ dataDir: '/x' })).toMatchObject({
      ...{ listen: '0.0.0.0:30303', peer: [], minPow: 0.002, maxPeers: 50, dataDir: '/x', json: false },
      ...{ mailserver: false, archive: 'sqlite', retention: 30 * 86_400 },
      ...{ metrics: undefined, readyPeers: 0, traceEnvelopes: undefined, logLevel: 'info' },
    })
  })

  it('come from flags, then from the file, then from the defaults', () => {
    const config = file({ listen: '127.0.0.1:1', maxPeers: 7 })
    expect(readConfig({ config, listen: '127.0.0.1:2' })).toMatchObject({
      ...{ listen: '127.0.0.1:2', maxPeers: 7, minPow: 0.002 },
    })
  })

  it('switch things on with their usual values, with others, and off', () => {
    expect(readConfig({ metrics: true }).metrics).toBe('127.0.0.1:9305')
    expect(readConfig({ metrics: '[::1]:0' }).metrics).toBe('[::1]:0')
    expect(readConfig({ config: file({ metrics: false }) }).metrics).toBeUndefined()
    expect(readConfig({ traceEnvelopes: true }).traceEnvelopes).toBe(10_000)
    expect(readConfig({ traceEnvelopes: 5 }).traceEnvelopes).toBe(5)
    expect(readConfig({ traceEnvelopes: false }).traceEnvelopes).toBeUndefined()
  })

  it('say times, sizes and topics as people do', () => {
    expect(readConfig({ retention: '12h' }).retention).toBe(43_200)
    expect(readConfig({ retention: 'forever' }).retention).toBeUndefined()
    expect(readConfig({ archiveMaxBytes: '1.5GB' }).archiveMaxBytes).toBe(1_500_000_000)
    expect(readConfig({ config: file({ archiveMaxBytes: 7 }) }).archiveMaxBytes).toBe(7)
    const topics = [Uint8Array.of(0x12, 0x34, 0x56, 0x78), topicOfText('status')]
    expect(readConfig({ archiveTopics: '0x12345678,#status' }).archiveTopics).toEqual(topics)
    expect(readConfig({ config: file({ archiveTopics: ['#status'] }) }).archiveTopics).toEqual([topics[1]])
  })

  it('say how peers are found and reached', () => {
    const [one, other] = [1, 2].map((x) => `enode://${toHex(idOf(x))}@127.0.0.${x}:30303`)
    const list = `${one},${other}`
    expect(readConfig({ bootnodes: [list] }).bootnodes).toEqual([one, other])
    expect(readConfig({ config: file({ bootnodes: [one] }) }).bootnodes).toEqual([one])
    expect(readConfig({}).nat).toEqual({ type: 'none' })
    expect(readConfig({ nat: 'extip:203.0.113.9' }).nat).toEqual({ type: 'extip', ip: '203.0.113.9' })
    expect(readConfig({ transport: 'wss,tcp' }).transport).toEqual(['wss', 'tcp'])
  })

  it('say which versions of discovery are spoken', () => {
    expect(versionsOf(readConfig({}))).toEqual([])
    expect(versionsOf(readConfig({ bootnodes: [BOOTNODE] }))).toEqual(['v4'])
    expect(versionsOf(readConfig({ discovery: true }))).toEqual(['v4'])
    expect(versionsOf(readConfig({ discovery: 'v5,v4' }))).toEqual(['v5', 'v4'])
    expect(versionsOf(readConfig({ config: file({ discovery: ['v5'] }) }))).toEqual(['v5'])
    expect(versionsOf(readConfig({ discovery: false, bootnodes: [BOOTNODE] }))).toEqual([])
    const record = formatNodeRecord(signNodeRecord({ nodeKey: new Uint8Array(32).fill(3), seq: 1n }))
    expect(readConfig({ bootnodes: [`${record},${BOOTNODE}`] }).bootnodes).toEqual([record, BOOTNODE])
  })

  it.each([
    [{}, false, false],
    [{ bootnodes: [BOOTNODE] }, true, true],
    [{ dnsDiscovery: [TREE] }, false, true],
    [{ discovery: true }, true, true],
    [{ discovery: 'v5' }, true, true],
    [{ discovery: 'none', bootnodes: [BOOTNODE], dnsDiscovery: [TREE] }, false, false],
    [{ discovery: false, bootnodes: [BOOTNODE], dnsDiscovery: [TREE] }, false, false],
  ])('%j: UDP %s, looks for peers %s', (settings, udp, looks) => {
    const config = readConfig(settings)
    expect([usesUdp(config), looksForPeers(config)]).toEqual([udp, looks])
  })

  it.each([
    [{ bootnodes: ['enode://12'] }, /^--bootnodes: enode: expected/],
    [{ bootnodes: ['enr:abc'] }, /^--bootnodes: node record: /],
    [{ discovery: 'v6' }, /^--discovery: expected v4, v5 or both with a comma.*got "v6"$/],
    [{ discovery: 7 }, /^--discovery: expected/],
    [{ dnsDiscovery: ['example.org'] }, /^--dns-discovery: .*enrtree/],
    [{ nat: 'magic' }, /^--nat: nat: expected any, none/],
    [{ transport: 'tcp,tcp' }, /^--transport: expected each of tcp, wss, ws at most once/],
    [{ transport: 'quic' }, /^--transport: expected each of tcp.*got "quic"$/],
    [{ listenWs: 'wss://127.0.0.1:1/' }, /^--listen-ws: expected ws:/],
    [{ advertiseVia: ['relay.example'] }, /^--advertise-via: .*expected tcp:/],
    [{ trustedProxy: ['10.0.0.0/8,proxy.example'] }, /^--trusted-proxy: trusted proxy: expected an address/],
    [{ proxy: 'http://127.0.0.1:1' }, /^--proxy: proxy: expected socks5/],
    [
      { proxy: 'socks5://127.0.0.1:1', dnsDiscovery: [TREE] },
      /^--proxy: --dns-discovery would go around it; leave them out$/,
    ],
    [{ retention: '30' }, /^--retention: expected a time like 30d, 12h or 90m, or forever, got "30"$/],
    [{ retention: '0d' }, /^--retention: expected a time/],
    [{ archive: 'leveldb' }, /^--archive: expected sqlite or postgres$/],
    [{ archiveMaxBytes: 'much' }, /^--archive-max-bytes: expected a size like 20GB or 500MB/],
    [{ archiveMaxBytes: '0' }, /^--archive-max-bytes: expected a size/],
    [{ archiveTopics: 'status' }, /^--archive-topics: expected topics like 0x5c6c9b56, or public chats/],
    [{ archiveTopics: '' }, /^--archive-topics: expected topics/],
    [{ syncFrom: ['enode://x'] }, /^--sync-from: /],
    [{ listen: 'here' }, /^--listen: expected host:port, for example .*got "here"$/],
    [{ listen: '127.0.0.1:65536' }, /^--listen: expected host:port/],
    [{ advertiseIp: 'relay.example' }, /^--advertise-ip: expected an IP address, 203/],
    [{ metrics: 'here' }, /^--metrics: expected host:port/],
    [{ readyPeers: -1 }, /^--ready-peers: /],
    [{ traceEnvelopes: 0 }, /^--trace-envelopes: expected 1 \.\. 1000000 steps, true or false$/],
    [{ traceEnvelopes: 1.5 }, /^--trace-envelopes: expected/],
    [{ traceEnvelopes: 'all' }, /^--trace-envelopes: expected/],
    [{ logLevel: 'loud' }, /^--log-level: expected one of silent, .*got "loud"$/],
    [{ logLevel: 'info,peers=debug' }, /^--log-level: there is no module "peers"; there are node, p2p/],
    [{ maxPeers: 0 }, /^--max-peers: /],
    [{ rateLimitPeer: 1.5 }, /^--rate-limit-peer: expected a whole number$/],
    [{ rateLimitTopic: -1 }, /^--rate-limit-topic: /],
    [{ privacyDelay: 10_001 }, /^--privacy-delay: /],
    [{ olderPowPeer: ['enode://12'] }, /^--older-pow-peer: enode: expected/],
    [{ light: true, mailserver: true }, /^--light: a --mailserver would get nothing to keep/],
    [{ peer: ['enode://12'] }, /^--peer: enode: expected/],
    [{ config: join(folder, 'none') }, /configuration file .* cannot be read/],
  ])('%j is explained in one line', (flags, sentence) => {
    expect(complaint(flags)).toMatch(sentence)
  })

  it('in a file are explained like flags, with a hint for those that there are not', () => {
    expect(complaint({ config: file('{') })).toMatch(/configuration file .* is not JSON/)
    expect(complaint({ config: file([]) })).toMatch(/expected an object/)
    expect(complaint({ config: file({ metric: true }) })).toMatch(
      /no setting "metric"; did you mean metrics\?/,
    )
    expect(complaint({ config: file({ minPow: '1' }) })).toMatch(/^--min-pow: /)
  })

  it('have a flag each, and are in the README', () => {
    const main = readFileSync(new URL('../src/main.ts', import.meta.url), 'utf8')
    const flags = new Set([...main.matchAll(/'--([a-z-]+)/g)].map(([, name]) => name))
    const names = Object.keys(CONFIG.shape).map((name) =>
      name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`),
    )
    expect(names.filter((name) => !flags.has(name))).toEqual([])
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    expect(names.filter((name) => !readme.includes(`| \`--${name}`))).toEqual([])
    expect(Object.keys(CONFIG.shape).filter((name) => !readme.includes(`| \`${name}\``))).toEqual([])
  })
})
