import { concat, toHex, utf8 } from '@status-protocol/bytes'
import { encodeRlp, rlpUint } from '@status-protocol/bytes/rlp'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type DiscoveryMessage,
  decodeDiscoveryPacket,
  decodeNodeRecord,
  type Enode,
  encodeDiscoveryPacket,
  enodeOfRecord,
  formatEnode,
  formatNodeRecord,
  P2pError,
  parseEnode,
  parseNodeRecord,
  recordAddresses,
  signNodeRecord,
} from '@status-protocol/p2p-devp2p'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const nodeKey = new Uint8Array(32).fill(7)
const peerId = crypto.publicKey(nodeKey).slice(1)

const ip = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => {
  // one spelling: through an enode and back
  return parseEnode(formatEnode({ peerId, ip: text, tcpPort: 1, udpPort: 1 })).ip as string
})
const port = fc.integer({ min: 0, max: 0xffff })
const seq = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const endpoint = fc.record({ ip, udpPort: port, tcpPort: port })
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const optionalSeq = fc.option(seq, { nil: undefined }).map((s) => (s === undefined ? {} : { recordSeq: s }))

const record = fc
  .record({ seq, ip: fc.ipV4(), tcpPort: port, udpPort: port })
  .map(({ seq, ...addresses }) => signNodeRecord({ nodeKey, seq, addresses }))

const message: fc.Arbitrary<DiscoveryMessage> = fc.oneof(
  fc.tuple(endpoint, endpoint, seq, optionalSeq).map(([from, to, expirationUnixSeconds, s]) => ({
    ...({ type: 'ping', version: 4, from, to, expirationUnixSeconds, ...s } as const),
  })),
  fc.tuple(endpoint, bytes(32), seq, optionalSeq).map(([to, pingHash, expirationUnixSeconds, s]) => ({
    ...({ type: 'pong', to, pingHash, expirationUnixSeconds, ...s } as const),
  })),
  fc.record({ type: fc.constant('findnode' as const), target: bytes(64), expirationUnixSeconds: seq }),
  fc.record({
    type: fc.constant('neighbours' as const),
    nodes: fc.array(
      fc.tuple(endpoint, bytes(64)).map(([e, id]) => ({ ...e, peerId: id })),
      { maxLength: 12 },
    ),
    expirationUnixSeconds: seq,
  }),
  fc.record({ type: fc.constant('enr-request' as const), expirationUnixSeconds: seq }),
  fc
    .tuple(bytes(32), record)
    .map(([requestHash, r]) => ({ type: 'enr-response' as const, requestHash, record: r.bytes })),
)

describe('discovery v4: packets', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(message, (m) => {
        const { bytes, hash } = encodeDiscoveryPacket(m, { nodeKey })
        expect(decodeDiscoveryPacket(bytes)).toEqual({ hash, peerId, message: m })
      }),
    )
  })

  it('holds twelve full nodes in one packet, thirteen IPv6 nodes are too many', () => {
    const nodes = (count: number) =>
      Array.from({ length: count }, () => ({ ip: '2001:db8::1', udpPort: 30303, tcpPort: 30303, peerId }))
    const neighbours = (count: number) =>
      encodeDiscoveryPacket(
        { type: 'neighbours', nodes: nodes(count), expirationUnixSeconds: 1n },
        { nodeKey },
      )
    expect(neighbours(12).bytes.length).toBeLessThanOrEqual(1280)
    expect(() => neighbours(13)).toThrow(expect.objectContaining({ code: 'too-big' }))
  })

  it('EIP-868: a sequence number that cannot be read is none', () => {
    const ping = [
      rlpUint(4),
      [new Uint8Array(4), rlpUint(1), rlpUint(2)],
      [new Uint8Array(0), rlpUint(1), rlpUint(2)],
    ]
    for (const odd of [[], Uint8Array.of(0, 1), new Uint8Array(9).fill(1)]) {
      const { message } = decodeDiscoveryPacket(packed(1, encodeRlp([...ping, rlpUint(9), odd])))
      expect(message).toEqual({
        type: 'ping',
        version: 4,
        from: { ip: '0.0.0.0', udpPort: 1, tcpPort: 2 },
        to: { udpPort: 1, tcpPort: 2 },
        expirationUnixSeconds: 9n,
      })
    }
  })

  it.each([
    ['no list', 3, encodeRlp(utf8('x'))],
    ['no element', 5, encodeRlp([])],
    ['target of 63 bytes', 3, encodeRlp([new Uint8Array(63).fill(1), rlpUint(1)])],
    [
      'node of five',
      4,
      encodeRlp([[[new Uint8Array(4), rlpUint(1), rlpUint(1), peerId, rlpUint(1)]], rlpUint(1)]),
    ],
    ['port of 17 bits', 2, encodeRlp([[new Uint8Array(4), rlpUint(65_536), rlpUint(1)], peerId, rlpUint(1)])],
    ['record without signature', 6, encodeRlp([new Uint8Array(32), []])],
    ['a long form that is not needed', 5, Uint8Array.of(0xc3, 0x81, 0x05)],
  ] as const)('refuses %s', (_name, type, rlp) => {
    expect(() => decodeDiscoveryPacket(packed(type, rlp))).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    )
  })

  it('fuzz: mutated packets give a verdict', () => {
    const random = seededRandom(1)
    const seeds = fc
      .sample(message, { numRuns: 30, seed: 1 })
      .map((m) => encodeDiscoveryPacket(m, { nodeKey }).bytes)
    const options = { seeds, count: FUZZ_COUNT, random, expectedError: P2pError }
    fuzz({ ...options, decode: (b) => decodeDiscoveryPacket(b) })
    // and with hashes and signatures that always fit, so that the messages are reached
    const credulous = {
      ...crypto,
      keccak256: () => new Uint8Array(32),
      recover: () => crypto.publicKey(nodeKey),
    }
    const decode = (b: Uint8Array) =>
      decodeDiscoveryPacket(concat(new Uint8Array(97), b.subarray(97)), { crypto: credulous })
    let read = 0
    fuzz({ ...options, decode: (b) => [decode(b), read++] })
    expect(read).toBeGreaterThan(FUZZ_COUNT / 20)
  })
})

describe('EIP-778: node records', () => {
  it('reads back what it signed, as bytes and as text', () => {
    fc.assert(
      fc.property(record, (made) => {
        expect(decodeNodeRecord(made.bytes)).toEqual(made)
        expect(parseNodeRecord(formatNodeRecord(made))).toEqual(made)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps foreign entries, sorted among the known ones', () => {
    const entries = new Map([
      ['zz', encodeRlp([utf8('a'), []])],
      ['a', encodeRlp(utf8('b'))],
    ])
    const made = signNodeRecord({ nodeKey, seq: 1n, entries, addresses: { ip: '10.0.0.1', tcpPort: 30303 } })
    expect([...decodeNodeRecord(made.bytes).entries.keys()]).toEqual([
      'a',
      'id',
      'ip',
      'secp256k1',
      'tcp',
      'zz',
    ])
    expect(recordAddresses(made)).toEqual({ ip: '10.0.0.1', tcpPort: 30303 })
  })

  it('is at most 300 bytes long', () => {
    const fits = (length: number) =>
      signNodeRecord({ nodeKey, seq: 1n, entries: new Map([['x', encodeRlp(new Uint8Array(length))]]) })
    const room = 300 - fits(160).bytes.length + 160
    expect(fits(room).bytes.length).toBe(300)
    expect(() => fits(room + 1)).toThrow(expect.objectContaining({ code: 'too-big' }))
  })

  it.each([
    ['the keys are not sorted', ['id', 'a']],
    ['a key stands twice', ['a', 'a']],
  ])('is refused when %s', (_name, keys) => {
    const list = encodeRlp([new Uint8Array(64), rlpUint(1), ...keys.flatMap((k) => [utf8(k), utf8('v4')])])
    expect(() => decodeNodeRecord(list)).toThrow(expect.objectContaining({ code: 'malformed' }))
  })

  it('is refused when it has another scheme, a high s or a byte changed', () => {
    const made = signNodeRecord({ nodeKey, seq: 5n, addresses: { ip: '10.0.0.1' } })
    for (let i = 0; i < made.bytes.length; i++) {
      const changed = made.bytes.slice()
      changed[i] = (changed[i] as number) ^ 1
      expect(() => decodeNodeRecord(changed)).toThrow(P2pError)
    }
  })

  it('fuzz: mutated records give a verdict', () => {
    const seeds = fc.sample(record, { numRuns: 20, seed: 2 }).map((r) => r.bytes)
    const random = seededRandom(2)
    const [count, expectedError] = [FUZZ_COUNT, P2pError]
    fuzz({ seeds, count, random, expectedError, decode: (b) => decodeNodeRecord(b) })
    const texts = seeds.map((b) => utf8(`enr:${Buffer.from(b).toString('base64url')}`))
    fuzz({
      seeds: texts,
      count,
      random,
      expectedError,
      decode: (b) => parseNodeRecord(Buffer.from(b).toString()),
    })
  })
})

describe('enode URLs', () => {
  const enode: fc.Arbitrary<Enode> = fc.record({
    peerId: fc.constant(peerId),
    ip,
    tcpPort: port,
    udpPort: port,
  })

  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(enode, (e) => {
        expect(parseEnode(formatEnode(e))).toEqual(e)
      }),
    )
  })

  it('takes upper case and digits alone', () => {
    const digits = toHex(peerId)
    expect(parseEnode(digits.toUpperCase())).toEqual({ peerId, tcpPort: 0, udpPort: 0 })
    expect(formatEnode(parseEnode(`ENODE://${digits.toUpperCase()}@127.0.0.1:1`))).toBe(
      `enode://${digits}@127.0.0.1:1`,
    )
  })

  it('an IPv4 address in IPv6 form is the IPv4 address', () => {
    expect(parseEnode(`enode://${toHex(peerId)}@[::ffff:1.2.3.4]:5`).ip).toBe('1.2.3.4')
  })

  it.each([
    ['', '128 hex digits'],
    ['enode://', '128 hex digits'],
    [`enode://${'00'.repeat(64)}@1.2.3.4:1`, 'no point'],
    [`enode://${toHex(peerId)}@1.2.3.4`, 'port'],
    [`enode://${toHex(peerId)}@1.2.3.4:`, 'port'],
    [`enode://${toHex(peerId)}@1.2.3.4:65536`, 'port'],
    [`enode://${toHex(peerId)}@1.2.3.4:-1`, 'port'],
    [`enode://${toHex(peerId)}@1.2.3.4:1?discport=x`, 'discport'],
    [`enode://${toHex(peerId)}@1.2.3:1`, 'literal IP'],
    [`enode://${toHex(peerId)}@01.2.3.4:1`, 'literal IP'],
    [`enode://${toHex(peerId)}@localhost:1`, 'literal IP'],
    [`enode://${toHex(peerId)}@[1::2::3]:1`, 'literal IP'],
    [`enode://${toHex(peerId)}@[1:2:3:4:5:6:7]:1`, 'literal IP'],
    ['x'.repeat(1_100), 'at most 1024'],
    [`enode://${toHex(peerId)}?x=1`, 'parameter via'],
    [`enode://${toHex(peerId)}?via=http://relay.example`, 'via: expected tcp://'],
    [`enode://${toHex(peerId)}?via=tcp://a.example:1/path`, 'via: expected tcp://'],
    [`enode://${toHex(peerId)}?via=tcp://a.example`, 'via: expected tcp://'],
    [`enode://${toHex(peerId)}?via=ws://user:word@a.example`, 'via: expected tcp://'],
    [`enode://${toHex(peerId)}?via=ws://a.example:65536`, 'via: expected tcp://'],
    [`enode://${toHex(peerId)}?${'via=ws://a&'.repeat(5)}`, 'at most 4'],
  ])('refuses %.40s', (text, why) => {
    expect(() => parseEnode(text)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(why) }),
    )
  })

  it('further ways to a node survive enode and record; TCP keeps its place', () => {
    const via = ['wss://relay.example/p2p+x%20', 'ws://[2001:db8::1]:8080', 'tcp://name.onion:30303']
    const enode = { peerId, ip: '1.2.3.4', tcpPort: 5, udpPort: 6, via }
    const alone = { peerId, tcpPort: 0, udpPort: 0, via }
    for (const one of [enode, alone]) expect(parseEnode(formatEnode(one))).toEqual(one)
    expect(formatEnode({ ...alone, via: ['wss://a.example'] })).toBe(
      `enode://${toHex(peerId)}?via=wss://a.example`,
    )
    const addresses = { ip: '1.2.3.4', tcpPort: 5, udpPort: 6, via }
    const record = signNodeRecord({ nodeKey: new Uint8Array(32).fill(7), seq: 1n, addresses })
    expect(recordAddresses(decodeNodeRecord(record.bytes))).toEqual(addresses)
    expect(enodeOfRecord(record).via).toEqual(via)
    const odd = new Map([['via', encodeRlp([utf8('http://x'), [], utf8('ws://a')])]])
    const other = signNodeRecord({ nodeKey: new Uint8Array(32).fill(7), seq: 1n, entries: odd })
    expect(recordAddresses(other)).toEqual({ via: ['ws://a'] })
  })

  it('does not print what could steer a terminal', () => {
    expect(() => parseEnode('enode://\u001b[2J\u009b')).toThrow(/^[\x20-\x7e]*$/)
  })

  it('fuzz: mutated texts give a verdict', () => {
    const seeds = fc.sample(enode, { numRuns: 20, seed: 3 }).map((e) => utf8(formatEnode(e)))
    const random = seededRandom(3)
    const [count, expectedError] = [FUZZ_COUNT, P2pError]
    fuzz({
      seeds,
      count,
      random,
      expectedError,
      decode: (b) => parseEnode(Buffer.from(b).toString('latin1')),
    })
  })
})

/** A datagram with the right hash and a signature of ours. */
function packed(type: number, rlp: Uint8Array): Uint8Array {
  const content = concat(Uint8Array.of(type), rlp)
  const signed = concat(crypto.sign(crypto.keccak256(content), nodeKey), content)
  return concat(crypto.keccak256(signed), signed)
}
