/** DNS node lists, EIP-1459. */
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  createDnsDiscovery,
  createStaticNodes,
  type DiscoveredNode,
  type Discovery,
  type DnsDiscoveryLimits,
  formatTreeLink,
  makeTree,
  type NodeRecord,
  parseTreeLink,
  rolesEntry,
  signNodeRecord,
} from '@status-protocol/p2p-devp2p'
import { fuzz, seededRandom, virtualClock } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base32Decode, base32Encode } from '../src/base32.ts'
import { readTreeEntry, readTreeRoot, treeEntryHash } from '../src/dns/entry.ts'
import { keyOf } from './support/cores.ts'
import { enodeOf } from './support/hosts.ts'

class Never extends Error {}
const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const TREE_KEY = keyOf(0x77)
const linkTo = (domain: string, key = TREE_KEY) =>
  formatTreeLink({ publicKey: crypto.compressPublicKey(crypto.publicKey(key)), domain })

const recordOf = (n: number): NodeRecord =>
  signNodeRecord({
    nodeKey: keyOf(1 + (n % 250)),
    seq: BigInt(1 + n),
    addresses: { ip: `203.0.${n & 255}.1`, tcpPort: 30_303, udpPort: 30_303 },
    entries: new Map([rolesEntry(['relay'])]),
  })

interface Zone {
  readonly asked: string[]
  readonly texts: Map<string, string>
}

const zoneOf = (texts: Iterable<readonly [string, string]>): Zone => ({ asked: [], texts: new Map(texts) })

/** All that is found within `ms` of virtual time. */
async function findAll(
  zone: Zone,
  options: { trees?: string[]; limits?: Partial<DnsDiscoveryLimits>; ms?: number; onFound?: () => void } = {},
): Promise<DiscoveredNode[]> {
  const clock = virtualClock()
  const discovery = createDnsDiscovery({
    ...{ trees: options.trees ?? [linkTo('nodes.example')], clock, random: seededRandom(1) },
    ...(options.limits && { limits: options.limits }),
    async resolveTxt(name) {
      zone.asked.push(name)
      const text = zone.texts.get(name)
      if (text === undefined) throw new Error('ENOTFOUND')
      if (text === 'never') await new Promise(() => {})
      return ['something else', text]
    },
  })
  const found: DiscoveredNode[] = []
  const reading = (async () => {
    for await (const node of discovery.find(new AbortController().signal)) {
      found.push(node)
      options.onFound?.()
    }
  })()
  await clock.advance(options.ms ?? 600_000)
  await discovery.close()
  await clock.advance(10_000)
  await reading
  return found
}

describe('EIP-1459, the example of the specification', () => {
  const domain = 'nodes.example.org'
  const example = [
    'enrtree-root:v1 e=JWXYDBPXYWG6FX3GMDIBFA6CJ4 l=C7HRFPF3BLGF3YR4DY5KX3SMBE seq=1 sig=o908WmNp7LibOfPsr4btQwatZJ5URBr2ZAuxvK4UWHlsB9sUOTJQaGAlLPVAhM__XJesCHxLISo94z5Z2a463gA',
    'enrtree://AM5FCQLWIZX2QFPNJAP7VUERCCRNGRHWZG3YYHIUV7BVDQ5FDPRT2@morenodes.example.org',
    'enrtree-branch:2XS2367YHAXJFGLZHVAWLQD4ZY,H4FHT4B454P6UXFD7JCYQ5PWDY,MHTDO6TMUBRIA2XWG5LUDACK24',
    'enr:-HW4QOFzoVLaFJnNhbgMoDXPnOvcdVuj7pDpqRvh6BRDO68aVi5ZcjB3vzQRZH2IcLBGHzo8uUN3snqmgTiE56CH3AMBgmlkgnY0iXNlY3AyNTZrMaECC2_24YYkYHEgdzxlSNKQEnHhuNAbNlMlWJxrJxbAFvA',
    'enr:-HW4QAggRauloj2SDLtIHN1XBkvhFZ1vtf1raYQp9TBW2RD5EEawDzbtSmlXUfnaHcvwOizhVYLtr7e6vw7NAf6mTuoCgmlkgnY0iXNlY3AyNTZrMaECjrXI8TLNXU0f8cthpAMxEshUyQlK-AM0PW2wfrnacNI',
    'enr:-HW4QLAYqmrwllBEnzWWs7I5Ev2IAs7x_dZlbYdRdMUx5EyKHDXp7AV5CkuPGUPdvbv1_Ms1CPfhcGCvSElSosZmyoqAgmlkgnY0iXNlY3AyNTZrMaECriawHKWdDRk2xeZkrOXBQ0dfMFLHY4eENZwdufn1S1o',
  ] as const
  const tree = `enrtree://AKPYQIUQIL7PSIACI32J7FGZW56E5FKHEFCCOFHILBIMW3M6LWXS2@${domain}`

  it('is read: signature, hashes, three records, a link that is followed', async () => {
    const names = [domain, ...example.slice(1).map((text) => `${treeEntryHash(text)}.${domain}`)]
    const zone = zoneOf(example.map((text, i) => [names[i] as string, text]))
    const found = await findAll(zone, { trees: [tree] })
    expect(new Set(found.map(({ record }) => record?.bytes.join())).size).toBe(3)
    expect(zone.asked).toContain('morenodes.example.org')
  })

  it('stands under the names that it says', () => {
    expect(example.slice(1, 4).map((text) => treeEntryHash(text))).toEqual([
      'C7HRFPF3BLGF3YR4DY5KX3SMBE',
      'JWXYDBPXYWG6FX3GMDIBFA6CJ4',
      '2XS2367YHAXJFGLZHVAWLQD4ZY',
    ])
  })
})

describe('a tree of our own', () => {
  const records = Array.from({ length: 60 }, (_, i) => recordOf(i))
  const treeOf = (some: readonly NodeRecord[], seq = 1n, links: string[] = []) =>
    makeTree({ domain: 'nodes.example', seq, records: some, links, privateKey: TREE_KEY })

  it('every record is found, with its roles and where to dial', async () => {
    const found = await findAll(zoneOf(treeOf(records)))
    expect(new Set(found.map(({ enode }) => enode.ip))).toEqual(
      new Set(records.map((_, i) => `203.0.${i}.1`)),
    )
    expect(found).toHaveLength(60)
    expect(found[0]).toMatchObject({ roles: ['relay'], source: 'dns', enode: { tcpPort: 30_303 } })
  })

  it.each([
    ['a change is found when the root is read again', 6n, 3],
    ['an older root is not taken', 4n, 1],
  ])('%s', async (_name, seq, count) => {
    const zone = zoneOf(treeOf(records.slice(0, 1), 5n))
    const onFound = () => {
      for (const [name, text] of treeOf(records.slice(0, 3), seq)) zone.texts.set(name, text)
    }
    const found = await findAll(zone, { limits: { recheckMs: 60_000 }, ms: 200_000, onFound })
    expect(new Set(found.map(({ enode }) => enode.ip)).size).toBe(count)
  })

  it('links to other trees are followed, in circles too', async () => {
    const other = makeTree({
      ...{ domain: 'other.example', seq: 1n, records: [recordOf(99)], privateKey: keyOf(0x78) },
      links: [linkTo('nodes.example')],
    })
    const found = await findAll(
      zoneOf([...treeOf([recordOf(1)], 1n, [linkTo('other.example', keyOf(0x78))]), ...other]),
    )
    expect(found.map(({ enode }) => enode.ip).sort()).toEqual(['203.0.1.1', '203.0.99.1'])
  })

  it.each([
    [
      'a root signed by somebody else',
      (z: Zone) =>
        z.texts.set(
          'nodes.example',
          makeTree({ domain: 'nodes.example', seq: 9n, records: [], privateKey: keyOf(5) }).get(
            'nodes.example',
          ) as string,
        ),
      0,
    ],
    ['no root', (z: Zone) => z.texts.delete('nodes.example'), 0],
    ['a root that never comes', (z: Zone) => z.texts.set('nodes.example', 'never'), 0],
    [
      'an entry in the place of another',
      (z: Zone) => {
        const name = [...z.texts].find(([, text]) => text.startsWith('enr:'))?.[0] as string
        z.texts.set(
          name,
          [...treeOf([recordOf(200)]).values()].find((text) => text.startsWith('enr:')) as string,
        )
      },
      59,
    ],
    [
      'an entry that is missing',
      (z: Zone) => {
        z.texts.delete([...z.texts].find(([, text]) => text.startsWith('enr:'))?.[0] as string)
      },
      59,
    ],
  ])('what is wrong is left out, the rest is found: %s', async (_name, spoil, count) => {
    const zone = zoneOf(treeOf(records))
    spoil(zone)
    expect(await findAll(zone)).toHaveLength(count)
  })

  it('is not followed beyond the limits', async () => {
    const zone = zoneOf(treeOf(records))
    const limits = { maxEntries: 20, recheckMs: 1e9 }
    expect((await findAll(zone, { limits })).length).toBeLessThan(20)
    expect(zone.asked.length).toBeLessThanOrEqual(21)
    // a chain of trees, each of which links to the next
    const domain = (n: number) => `t${n}.example`
    const chain = Array.from({ length: 30 }, (_, n) => [
      ...makeTree({
        domain: domain(n),
        seq: 1n,
        records: [],
        links: [linkTo(domain(n + 1))],
        privateKey: TREE_KEY,
      }),
    ]).flat()
    const endless = zoneOf(chain)
    await findAll(endless, { trees: [linkTo(domain(0))] })
    expect(endless.asked.filter((name) => /^t\d+\.example$/.test(name))).toHaveLength(16)
  })

  it('while no root can be read it is tried again after 10 s, 20 s, 40 s ...: soon after the network is back', async () => {
    const zone = zoneOf([])
    const timesMs: number[] = []
    const clock = virtualClock()
    const discovery = createDnsDiscovery({
      ...{ trees: [linkTo('nodes.example')], clock, random: seededRandom(1) },
      async resolveTxt(name) {
        if (name === 'nodes.example') timesMs.push(clock.monotonicMs())
        const text = zone.texts.get(name)
        if (text === undefined) throw new Error('no network')
        return [text]
      },
    })
    const first = discovery.find(new AbortController().signal)[Symbol.asyncIterator]().next()
    await clock.advance(80_000)
    const rests = timesMs.map((timeMs, i) => Math.round((timeMs - (timesMs[i - 1] ?? 0)) / 1_000))
    expect(rests).toEqual([0, 10, 20, 40])
    for (const [name, text] of treeOf(records)) zone.texts.set(name, text)
    await clock.advance(90_000)
    expect((await first).value).toMatchObject({ source: 'dns' })
    await discovery.close()
  })

  it('nobody reads: nothing is asked', async () => {
    const zone = zoneOf(treeOf(records))
    const resolveTxt = async (name: string) => {
      zone.asked.push(name)
      return [zone.texts.get(name) as string]
    }
    const clock = virtualClock()
    const discovery = createDnsDiscovery({ trees: [linkTo('nodes.example')], clock, resolveTxt })
    const reader = discovery.find(new AbortController().signal)[Symbol.asyncIterator]()
    await clock.advance(60_000)
    expect(zone.asked).toEqual([])
    const first = reader.next()
    await clock.advance(60_000)
    expect((await first).done).toBe(false)
    const count = zone.asked.length
    await clock.advance(60_000)
    expect(zone.asked).toHaveLength(count)
    await discovery.close()
  })

  it('fuzz: mutated entries give a verdict', () => {
    const texts = [...treeOf(records.slice(0, 20), 1n, [linkTo('x.example')]).values()]
    const root = texts[0] as string
    const publicKey = parseTreeLink(linkTo('x.example')).publicKey
    const signed = readTreeRoot(root, publicKey)
    expect(signed).toBeDefined()
    fuzz({
      seeds: texts.map((text) => new TextEncoder().encode(text)),
      ...{ count: FUZZ_COUNT, random: seededRandom(9), expectedError: Never },
      decode(bytes) {
        const text = new TextDecoder().decode(bytes)
        // of a signature's 65 bytes the last is not proven: what it says can only be the same
        const read = readTreeRoot(text, publicKey)
        if (text !== root && read) expect(read).toEqual(signed)
        readTreeEntry(text, treeEntryHash(text))
      },
    })
  })
})

describe('RFC 4648 base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%s', (plain, text) => {
    expect(base32Encode(new TextEncoder().encode(plain))).toBe(text)
  })

  it('survives a round trip, and has one spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(base32Decode(base32Encode(bytes))).toEqual(bytes)
        expect(base32Decode(base32Encode(bytes).toLowerCase())).toEqual(bytes)
      }),
    )
    for (const bad of ['M', 'MZ1', 'MZ=', 'MZXR', 'AAA']) expect(base32Decode(bad)).toBeUndefined()
  })
})

describe('a static list', () => {
  const all = async (list: Discovery) => {
    const nodes: DiscoveredNode[] = []
    for await (const node of list.find(new AbortController().signal)) nodes.push(node)
    return nodes
  }

  it('hands out its nodes with their roles and ends', async () => {
    const list = createStaticNodes([enodeOf(1, '203.0.113.1', 30_303)], { roles: ['mailserver'] })
    const found = await all(list)
    expect(found).toMatchObject([{ enode: { ip: '203.0.113.1' }, roles: ['mailserver'], source: 'static' }])
    await list.close()
    expect(await all(list)).toEqual([])
    expect(() => createStaticNodes(['nonsense'])).toThrow('enode')
  })
})
