import { concat, fromHex, toHex, utf8 } from '@status-protocol/bytes'
import { encodeRlp, rlpUint } from '@status-protocol/bytes/rlp'
import { disconnectReasons } from '@status-protocol/p2p-devp2p'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disconnectReasonText, encodeDisconnect, readDisconnect } from '../src/base/disconnect.ts'
import { encodeHello, type Hello, readFirstMessage } from '../src/base/hello.ts'
import { snappyCompress } from '../src/snappy.ts'
import { ID_A } from './support/cores.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
class NoError extends Error {}

const HELLO: Hello = {
  version: 5,
  clientName: 'Status',
  capabilities: [{ name: 'shh', version: 6 }],
  listenPort: 30303,
  nodeId: ID_A,
}

const helloOf = (body: Uint8Array, code = 0) => {
  const first = readFirstMessage(code, body)
  return first.type === 'hello' ? first.hello : first
}

describe('Hello', () => {
  it('comes back as it was encoded', () => {
    const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
    const hello = fc.record({
      version: count,
      clientName: fc.string({ unit: 'grapheme', maxLength: 20 }),
      capabilities: fc.array(fc.record({ name: fc.string({ maxLength: 10 }), version: count }), {
        maxLength: 20,
      }),
      listenPort: count,
      nodeId: fc.uint8Array({ minLength: 64, maxLength: 64 }).filter((id) => id.some((byte) => byte !== 0)),
    })
    fc.assert(
      fc.property(hello, (h) => {
        expect(helloOf(encodeHello(h))).toEqual(h)
      }),
    )
  })

  it('may have more elements and bytes after it', () => {
    const list = [rlpUint(5), utf8('x'), [], rlpUint(0), ID_A, [Uint8Array.of(1)], utf8('more')]
    expect(helloOf(concat(encodeRlp(list), Uint8Array.of(0xff, 0xff)))).toMatchObject({
      version: 5,
      clientName: 'x',
    })
  })

  it('shows a name that is no UTF-8 with replacements', () => {
    const list = [
      rlpUint(5),
      Uint8Array.of(0x61, 0xff),
      [[Uint8Array.of(0xfe), rlpUint(1)]],
      rlpUint(0),
      ID_A,
    ]
    expect(helloOf(encodeRlp(list))).toMatchObject({
      clientName: 'a\ufffd',
      capabilities: [{ name: '\ufffd' }],
    })
  })

  const fields = [rlpUint(5), utf8('x'), [[utf8('shh'), rlpUint(6)]], rlpUint(0), ID_A] as const
  const changed = (index: number, value: Parameters<typeof encodeRlp>[0]) =>
    encodeRlp(fields.map((field, i) => (i === index ? value : field)))

  it.each([
    ['an empty body', new Uint8Array(0)],
    ['a string', encodeRlp(utf8('hello'))],
    ['too few elements', encodeRlp(fields.slice(0, 4))],
    ['a version with a leading zero', changed(0, Uint8Array.of(0, 5))],
    ['a version of 9 bytes', changed(0, new Uint8Array(9).fill(1))],
    ['a version that is a list', changed(0, [])],
    ['a name that is a list', changed(1, [])],
    ['capabilities that are a string', changed(2, utf8('shh'))],
    ['a capability that is a string', changed(2, [utf8('shh')])],
    ['a capability of one element', changed(2, [[utf8('shh')]])],
    ['a capability of three elements', changed(2, [[utf8('shh'), rlpUint(6), rlpUint(6)]])],
    ['a port that is a list', changed(3, [])],
    ['a truncated list', encodeRlp([...fields]).subarray(0, -1)],
  ])('is refused: %s', (_what, body) => {
    expect(helloOf(body)).toMatchObject({ type: 'refused', reason: disconnectReasons.protocolBreach })
  })

  it.each([[0], [63], [65]])('is refused with a node id of %d bytes', (length) => {
    const body = changed(4, new Uint8Array(length).fill(1))
    expect(helloOf(body)).toMatchObject({ type: 'refused', reason: disconnectReasons.invalidIdentity })
  })

  it('is refused with a node id of zeros', () => {
    expect(helloOf(changed(4, new Uint8Array(64)))).toMatchObject({
      reason: disconnectReasons.invalidIdentity,
    })
  })

  it('has at most 2,048 bytes', () => {
    const named = (length: number) => encodeHello({ ...HELLO, clientName: 'x'.repeat(length) })
    const overhead = named(1000).length - 1000
    expect(helloOf(named(2048 - overhead))).toMatchObject({ version: 5 })
    expect(helloOf(named(2049 - overhead))).toMatchObject({
      type: 'refused',
      reason: disconnectReasons.protocolBreach,
    })
  })

  it('may be replaced by Disconnect and by nothing else', () => {
    expect(readFirstMessage(1, fromHex('c104'))).toEqual({ type: 'disconnect', reason: 4 })
    for (const code of [2, 3, 4, 15, 16, 0x80])
      expect(readFirstMessage(code, encodeHello(HELLO))).toMatchObject({ type: 'refused' })
  })

  it('fuzz: never throws on mutated input, nor lets an id through that is none', () => {
    fuzz({
      ...{
        seeds: [encodeHello(HELLO), encodeRlp([...fields, []])],
        count: FUZZ_COUNT,
        random: seededRandom(41),
      },
      expectedError: NoError,
      decode: (input) => {
        const first = readFirstMessage(0, input)
        if (first.type === 'hello') expect(first.hello.nodeId.length).toBe(64)
      },
    })
  })
})

describe('Disconnect', () => {
  it('is a list of one', () => {
    expect(toHex(encodeDisconnect(disconnectReasons.tooManyPeers))).toBe('c104')
    expect(toHex(encodeDisconnect(disconnectReasons.requested))).toBe('c180')
    expect(toHex(encodeDisconnect(0x80))).toBe('c28180')
  })

  it('is read in every form that is seen, compressed or not', () => {
    for (const reason of [...Object.values(disconnectReasons), 0x7f, 0x80, 0xff])
      for (const body of [
        encodeRlp([rlpUint(reason)]),
        encodeRlp(rlpUint(reason)),
        encodeRlp([rlpUint(reason), utf8('why')]),
      ]) {
        expect(readDisconnect(body)).toBe(reason)
        expect(readDisconnect(snappyCompress(body))).toBe(reason)
      }
    for (const hex of ['', '00', 'c0', '80', '0100c0']) expect(readDisconnect(fromHex(hex))).toBe(0)
  })

  it('is "requested" when it cannot be read', () => {
    for (const hex of ['c2', 'c1c1', 'c3820400', 'b8', 'ffffffff', '820100', 'c3820100'])
      expect(readDisconnect(fromHex(hex))).toBe(disconnectReasons.requested)
  })

  it('is not taken apart when it is megabytes', () => {
    const list = encodeRlp(new Uint8Array(8_000_000)) // as a list: 8 million elements
    list[0] = (list[0] as number) + 0x40
    list.fill(1, 4)
    list[4] = 9
    const before = process.memoryUsage().heapUsed
    expect(readDisconnect(list)).toBe(9)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000)
  })

  it('has a text for people', () => {
    expect(disconnectReasonText(disconnectReasons.tooManyPeers)).toBe('too many peers')
    expect(disconnectReasonText(77)).toBe('reason 77')
  })

  it('fuzz: never throws on mutated input', () => {
    const seeds = [encodeDisconnect(4), snappyCompress(encodeDisconnect(0xff)), new Uint8Array(0)]
    fuzz({
      ...{ seeds, count: FUZZ_COUNT, random: seededRandom(42), expectedError: NoError },
      decode: (input) => {
        const reason = readDisconnect(input)
        if (!(Number.isInteger(reason) && reason >= 0 && reason <= 0xff)) throw new Error(`reason ${reason}`)
      },
    })
  })
})
