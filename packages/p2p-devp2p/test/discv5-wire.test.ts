/** Packets, messages and keys of discovery v5.1 as the test vectors of the specification have them, and mutated ones. */
import { concat, fromHex, toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { decodeNodeRecord, nodeAddress, P2pError, signNodeRecord } from '@status-protocol/p2p-devp2p'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveSessionKeys, identityHash } from '../src/discv5/handshake.ts'
import { type Discv5Message, decodeDiscv5Message, encodeDiscv5Message } from '../src/discv5/message.ts'
import { authdataOf, decodeDiscv5Packet, encodeDiscv5Packet, isDiscv5Packet } from '../src/discv5/packet.ts'
import { idOf } from './support/cores.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const KEY_A = fromHex('eef77acb6c6a6eebc5b363a475ac583ec7eccdb42b6481424c60f59aa326547f')
const KEY_B = fromHex('66fb62bfbd66b9177a138c1e5cddbe4f7c30c343e94e68df8769459cb1cde628')
const [A, B] = [KEY_A, KEY_B].map((key) => nodeAddress(idOf(key))) as [Uint8Array, Uint8Array]
const EPHEMERAL = fromHex('0288ef00023598499cb6c940146d050d2b1fb914198c327f76aad590bead68b6')
const IV = new Uint8Array(16)
const NONCE = new Uint8Array(12).fill(0xff)
const REQUEST_NONCE = fromHex('0102030405060708090a0b0c')
const ID_NONCE = fromHex('0102030405060708090a0b0c0d0e0f10')
const challenge = (seq: number) =>
  fromHex(
    `000000000000000000000000000000006469736376350001010102030405060708090a0b0c00180102030405060708090a0b0c0d0e0f10${seq.toString(16).padStart(16, '0')}`,
  )

const PING = `
  00000000000000000000000000000000088b3d4342774649325f313964a39e55
  ea96c005ad52be8c7560413a7008f16c9e6d2f43bbea8814a546b7409ce783d3
  4c4f53245d08dab84102ed931f66d1492acb308fa1c6715b9d139b81acbdcc`
const WHOAREYOU = `
  00000000000000000000000000000000088b3d434277464933a1ccc59f5967ad
  1d6035f15e528627dde75cd68292f9e6c27d6b66c8100a873fcbaed4e16b8d`
const HANDSHAKE = `
  00000000000000000000000000000000088b3d4342774649305f313964a39e55
  ea96c005ad521d8c7560413a7008f16c9e6d2f43bbea8814a546b7409ce783d3
  4c4f53245d08da4bb252012b2cba3f4f374a90a75cff91f142fa9be3e0a5f3ef
  268ccb9065aeecfd67a999e7fdc137e062b2ec4a0eb92947f0d9a74bfbf44dfb
  a776b21301f8b65efd5796706adff216ab862a9186875f9494150c4ae06fa4d1
  f0396c93f215fa4ef524f1eadf5f0f4126b79336671cbcf7a885b1f8bd2a5d83
  9cf8`
const HANDSHAKE_WITH_RECORD = `
  00000000000000000000000000000000088b3d4342774649305f313964a39e55
  ea96c005ad539c8c7560413a7008f16c9e6d2f43bbea8814a546b7409ce783d3
  4c4f53245d08da4bb23698868350aaad22e3ab8dd034f548a1c43cd246be9856
  2fafa0a1fa86d8e7a3b95ae78cc2b988ded6a5b59eb83ad58097252188b902b2
  1481e30e5e285f19735796706adff216ab862a9186875f9494150c4ae06fa4d1
  f0396c93f215fa4ef524e0ed04c3c21e39b1868e1ca8105e585ec17315e755e6
  cfc4dd6cb7fd8e1a1f55e49b4b5eb024221482105346f3c82b15fdaae36a3bb1
  2a494683b4a3c7f2ae41306252fed84785e2bbff3b022812d0882f06978df84a
  80d443972213342d04b9048fc3b1d5fcb1df0f822152eced6da4d3f6df27e70e
  4539717307a0208cd208d65093ccab5aa596a34d7511401987662d8cf62b1394
  71`
const bytesOf = (text: string) => fromHex(text.replace(/\s/g, ''))

describe('the test vectors of the specification', () => {
  it('a message', () => {
    const packet = decodeDiscv5Packet(bytesOf(PING), B, crypto)
    expect(packet).toMatchObject({ type: 'message', sourceId: A, nonce: NONCE })
    const key = new Uint8Array(16)
    const plaintext = crypto.aesGcmOpen(key, packet.nonce, packet.sealed, packet.authenticated)!
    const message: Discv5Message = { type: 'ping', requestId: fromHex('00000001'), recordSeq: 2n }
    expect(decodeDiscv5Message(plaintext)).toEqual(message)
    const seal = (authenticated: Uint8Array) =>
      crypto.aesGcmSeal(key, NONCE, encodeDiscv5Message(message), authenticated)
    const own = {
      type: 'message',
      targetId: B,
      iv: IV,
      nonce: NONCE,
      authdata: authdataOf.message(A),
    } as const
    expect(encodeDiscv5Packet({ ...own, seal }, crypto).bytes).toEqual(bytesOf(PING))
  })

  it('WHOAREYOU', () => {
    const packet = decodeDiscv5Packet(bytesOf(WHOAREYOU), B, crypto)
    expect(packet).toMatchObject({ type: 'whoareyou', nonce: REQUEST_NONCE, recordSeq: 0n })
    expect(packet.authenticated).toEqual(challenge(0))
    const authdata = authdataOf.whoareyou(ID_NONCE, 0n)
    const own = { type: 'whoareyou', targetId: B, iv: IV, nonce: REQUEST_NONCE, authdata } as const
    expect(encodeDiscv5Packet(own, crypto)).toEqual({
      bytes: bytesOf(WHOAREYOU),
      authenticated: challenge(0),
    })
  })

  it.each([
    ['without a record', HANDSHAKE, 1, '4f9fac6de7567d1e3b1241dffe90f662'],
    ['with a record', HANDSHAKE_WITH_RECORD, 0, '53b1c075f41876423154e157470c2f48'],
  ])('a handshake %s', (_name, text, seq, readKey) => {
    const packet = decodeDiscv5Packet(bytesOf(text), B, crypto)
    if (packet.type !== 'handshake') throw new Error(packet.type)
    const { ephemeralKey, signature, record, nonce, sealed, authenticated } = packet
    expect(toHex(ephemeralKey)).toBe('039a003ba6517b473fa0cd74aefe99dadfdb34627f90fec6362df85803908f53a5')
    const hash = identityHash({ challenge: challenge(seq), ephemeralKey, recipientId: B }, crypto)
    const publicKey = concat(Uint8Array.of(4), idOf(KEY_A))
    expect(crypto.verify(hash, signature, publicKey)).toBe(true)
    const ids = { initiatorId: A, recipientId: B, challenge: challenge(seq) }
    const theirs = deriveSessionKeys({ ...ids, privateKey: KEY_B, publicKey: ephemeralKey }, crypto)!
    expect(toHex(theirs.initiator)).toBe(readKey)
    const publicKeyB = concat(Uint8Array.of(4), idOf(KEY_B))
    expect(deriveSessionKeys({ ...ids, privateKey: EPHEMERAL, publicKey: publicKeyB }, crypto)).toEqual(
      theirs,
    )
    const plaintext = crypto.aesGcmOpen(theirs.initiator, nonce, sealed, authenticated)!
    expect(decodeDiscv5Message(plaintext)).toEqual({
      ...{ type: 'ping', requestId: fromHex('00000001'), recordSeq: 1n },
    })
    expect(record.length > 0).toBe(seq === 0)
    if (record.length > 0) expect(decodeNodeRecord(record).nodeAddress).toEqual(A)
    expect(crypto.sign(hash, KEY_A).slice(0, 64)).toEqual(signature)
    const own = { type: 'handshake', targetId: B, iv: IV, nonce: NONCE } as const
    const authdata = authdataOf.handshake(A, signature, ephemeralKey, record)
    const seal = (all: Uint8Array) => crypto.aesGcmSeal(theirs.initiator, NONCE, plaintext, all)
    expect(encodeDiscv5Packet({ ...own, authdata, seal }, crypto).bytes).toEqual(bytesOf(text))
  })

  it('the keys of a session, and what is signed', () => {
    const privateKey = fromHex('fb757dc581730490a1d7a00deea65e9b1936924caaea8f44d476014856b68736')
    const publicKey = fromHex('0317931e6e0840220642f230037d285d122bc59063221ef3226b1f403ddc69ca91')
    const ids = { initiatorId: A, recipientId: B, challenge: challenge(0) }
    const { initiator, recipient } = deriveSessionKeys({ ...ids, privateKey, publicKey }, crypto)!
    expect([initiator, recipient].map(toHex)).toEqual([
      'dccc82d81bd610f4f76d3ebe97a40571',
      'ac74bb8773749920b0d3a8881c173ec5',
    ])
    const ephemeralKey = fromHex('039961e4c2356d61bedb83052c115d311acb3a96f5777296dcf297351130266231')
    const hash = identityHash({ challenge: challenge(0), ephemeralKey, recipientId: B }, crypto)
    expect(toHex(crypto.sign(hash, privateKey).slice(0, 64))).toBe(
      '94852a1e2318c4e5e9d422c98eaf19d1d90d876b29cd06ca7cb7546d0fff7b484fe86c09a064fe72bdbef73ba8e9c34df0cd2b53e9d65528c2c7f336d5dfc6e6',
    )
  })
})

describe('messages', () => {
  const requestId = fc.uint8Array({ maxLength: 8 })
  const record = signNodeRecord({ nodeKey: KEY_A, seq: 1n }).bytes
  const messages = fc.oneof(
    fc.record({ type: fc.constant('ping' as const), requestId, recordSeq: fc.bigInt(0n, 2n ** 64n - 1n) }),
    fc.record({
      ...{ type: fc.constant('pong' as const), requestId, recordSeq: fc.bigInt(0n, 2n ** 64n - 1n) },
      ...{ ip: fc.constantFrom('1.2.3.4', '2001:db8::1'), port: fc.integer({ min: 0, max: 0xffff }) },
    }),
    fc.record({
      ...{ type: fc.constant('findnode' as const), requestId },
      distances: fc.array(fc.integer({ min: 0, max: 256 }), { maxLength: 20 }),
    }),
    fc.record({
      ...{ type: fc.constant('nodes' as const), requestId, total: fc.integer({ min: 0, max: 0xffff }) },
      records: fc.array(fc.constant(record), { maxLength: 4 }),
    }),
    fc.record({ type: fc.constantFrom('talk-request' as const, 'talk-response' as const), requestId }),
  )

  it('are read as they were written', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(decodeDiscv5Message(encodeDiscv5Message(message))).toEqual(message)
      }),
    )
  })

  it.each([
    ['', 'malformed'],
    ['01', 'malformed'],
    ['01c0', 'malformed'],
    ['01c101', 'malformed'],
    [`01cb89${'01'.repeat(9)}01`, 'malformed'],
    ['01c2010200', 'malformed'],
    ['02c6010183010203', 'malformed'],
    ['03c20101', 'malformed'],
    ['04c3010105', 'malformed'],
    ['07c101', 'unknown-type'],
    ['0ac101', 'unknown-type'],
  ])('what is none is refused: %s', (hex, code) => {
    expect(() => decodeDiscv5Message(fromHex(hex))).toThrow(expect.objectContaining({ code }))
  })

  it('fuzz: mutated messages are read, or refused by a P2pError', () => {
    const seeds = fc.sample(messages, { numRuns: 30, seed: 5 }).map((message) => encodeDiscv5Message(message))
    fuzz({
      ...{ seeds, count: FUZZ_COUNT, random: seededRandom(5), expectedError: P2pError },
      decode: decodeDiscv5Message,
    })
  })
})

describe('packets', () => {
  it('for somebody else, too short and too long ones are none', () => {
    const bytes = bytesOf(WHOAREYOU)
    expect(isDiscv5Packet(bytes, B, crypto)).toBe(true)
    expect(isDiscv5Packet(bytes, A, crypto)).toBe(false)
    expect(isDiscv5Packet(bytes.subarray(0, 62), B, crypto)).toBe(false)
    expect(() => decodeDiscv5Packet(concat(bytes, new Uint8Array(1_280)), B, crypto)).toThrow('1280')
    // a challenge has nothing behind it
    expect(() => decodeDiscv5Packet(concat(bytes, Uint8Array.of(1)), B, crypto)).toThrow('challenge')
  })

  it('fuzz: mutated packets are read, or refused by a P2pError', () => {
    fuzz({
      seeds: [PING, WHOAREYOU, HANDSHAKE, HANDSHAKE_WITH_RECORD].map(bytesOf),
      ...{ count: FUZZ_COUNT, random: seededRandom(6), expectedError: P2pError },
      decode: (bytes) => decodeDiscv5Packet(bytes, B, crypto),
    })
  })
})
