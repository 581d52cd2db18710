/** The port `Discovery`, of every source that there is, over real UDP where it uses UDP. */
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  createDnsDiscovery,
  createStaticNodes,
  createUdpDiscovery,
  type DiscoveryVersion,
  formatEnode,
  formatTreeLink,
  makeTree,
  parseEnode,
  rolesEntry,
  signNodeRecord,
} from '@status-protocol/p2p-devp2p'
import { udpTransport } from '@status-protocol/p2p-devp2p/node'
import { type DiscoverySubject, discoveryConformance } from '@status-protocol/p2p-devp2p/testing'
import { describe, expect, it } from 'vitest'
import { keyOf } from './support/cores.ts'
import { startDnsServer } from './support/dns-server.ts'
import { enodeOf } from './support/hosts.ts'

const ROLES = ['mailserver', 'relay']

async function staticNodes(): Promise<DiscoverySubject> {
  const expected = [2, 3, 4].map((n) => enodeOf(n, `203.0.113.${n}`, 30_303))
  return {
    discovery: createStaticNodes(expected, { roles: ROLES }),
    expected,
    roles: ROLES,
    async dispose() {},
  }
}

async function dnsLists(): Promise<DiscoverySubject> {
  const records = [2, 3, 4].map((n) =>
    signNodeRecord({
      ...{ nodeKey: keyOf(n), seq: 1n, entries: new Map([rolesEntry(ROLES)]) },
      addresses: { ip: `203.0.113.${n}`, tcpPort: 30_303, udpPort: 30_303 },
    }),
  )
  const domain = 'nodes.example'
  const server = await startDnsServer(new Map(makeTree({ privateKey: keyOf(9), domain, records, seq: 1n })))
  const publicKey = crypto.compressPublicKey(crypto.publicKey(keyOf(9)))
  const discovery = createDnsDiscovery({
    ...{ trees: [formatTreeLink({ publicKey, domain })], resolveTxt: server.resolveTxt },
    limits: { queryIntervalMs: 1, recheckMs: 100 },
  })
  const expected = [2, 3, 4].map((n) => enodeOf(n, `203.0.113.${n}`, 30_303))
  const dispose = async () => {
    await discovery.close()
    await server.close()
  }
  return { discovery, expected, roles: ROLES, dispose }
}

/** Four nodes that know one bootnode, one of them ours; on loopback. */
function overUdp(versions: readonly DiscoveryVersion[]) {
  return async (): Promise<DiscoverySubject> => {
    const start = (n: number, bootnodes: readonly string[] = []) =>
      createUdpDiscovery({
        ...{ versions, nodeKey: keyOf(n), udp: udpTransport(), listen: '127.0.0.1:0', bootnodes },
        ...{ advertise: { tcpPort: 30_303 }, entries: [rolesEntry(ROLES)] },
      })
    const bootnode = await start(1)
    const others = await Promise.all([2, 3].map((n) => start(n, [bootnode.enode])))
    const discovery = await start(4, [bootnode.enode])
    const all = [bootnode, ...others, discovery]
    return {
      ...{ discovery, roles: ROLES, sources: versions.map((version) => `disc${version}`) },
      expected: [bootnode, ...others].map(({ enode }) => formatEnode(parseEnode(enode))),
      dispose: async () => void (await Promise.all(all.map((node) => node.close()))),
    }
  }
}

describe.each([
  ['static nodes', staticNodes],
  ['DNS lists', dnsLists],
  ['discovery v4', overUdp(['v4'])],
  ['discovery v5.1', overUdp(['v5'])],
  ['discovery v4 and v5.1 at one address', overUdp(['v4', 'v5'])],
])('%s', (_name, make) => {
  // most of their time is waiting
  for (const { name, run } of discoveryConformance(make)) it.concurrent(name, run)
})

describe('the suite notices', () => {
  const subject = async (changes: Partial<DiscoverySubject['discovery']>): Promise<DiscoverySubject> => {
    const good = await staticNodes()
    return { ...good, discovery: { ...good.discovery, ...changes } }
  }
  const failing = async (make: () => Promise<DiscoverySubject>): Promise<readonly string[]> => {
    const failed: string[] = []
    for (const { name, run } of discoveryConformance(make)) await run().catch(() => failed.push(name))
    return failed
  }
  const inner = createStaticNodes([enodeOf(2, '203.0.113.2', 30_303)])

  it.each<[string, Partial<DiscoverySubject['discovery']>, number]>([
    ['nodes that are left out', { find: (signal) => inner.find(signal) }, 4],
    ['a source that goes on after close', { close: async () => {} }, 1],
    ['another name', { name: 'other' }, 1],
    [
      'a signal that is not looked at',
      {
        async *find() {
          const [node] = [parseEnode(enodeOf(2, '203.0.113.2', 30_303))]
          if (node) yield { enode: node, roles: ROLES, source: 'static' }
        },
      },
      5,
    ],
  ])('%s', async (_name, changes, count) => {
    expect(await failing(() => subject(changes))).toHaveLength(count)
  })
})
