/** Discovery packets, node records and enode URLs. */
import { toHex } from '@status-protocol/bytes'
import { encodeRlp, rlpUint } from '@status-protocol/bytes/rlp'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type DiscoveryMessage,
  type DiscoveryNeighbour,
  decodeDiscoveryPacket,
  decodeNodeRecord,
  encodeDiscoveryPacket,
  enodeOfRecord,
  formatEnode,
  formatNodeRecord,
  nodeAddress,
  P2pError,
  parseEnode,
  parseNodeRecord,
  type RecordAddresses,
  recordAddresses,
  signNodeRecord,
} from '@status-protocol/p2p-devp2p'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'

const TYPE_NAMES: Readonly<Record<DiscoveryMessage['type'], readonly [number, string]>> = {
  ping: [1, 'PING/v4'],
  pong: [2, 'PONG/v4'],
  findnode: [3, 'FINDNODE/v4'],
  neighbours: [4, 'NEIGHBORS/v4'],
  'enr-request': [5, 'ENRREQUEST/v4'],
  'enr-response': [6, 'ENRRESPONSE/v4'],
}
const WORDING = 'wording of the reference; that it is refused is asserted, and why where the reason is known'
const NOT_ON_WIRE = 'an endpoint carries no key'

export const suite: VectorSuite = {
  file: 'discv4-enr.json',
  kinds: {
    packet: {
      expected: [
        ...['type', 'type_name', 'public_key', 'version', 'from', 'to', 'expiration', 'enr_seq', 'ping_hash'],
        ...['target', 'nodes', 'request_hash', 'record_rlp', 'hash', 'signature', 'rlp', 'packet'],
      ],
      notExpected: { 'from.public_key': NOT_ON_WIRE, 'to.public_key': NOT_ON_WIRE },
      check: checkPacket,
    },
    packet_negative: {
      expected: ['verdict', 'type_name', 'public_key_64'],
      notExpected: { error: WORDING },
      check: checkPacketVerdict,
    },
    enr: {
      expected: [
        ...[
          'compressed_public_key',
          'seq',
          'entries',
          'signature',
          'record_rlp',
          'text',
          'node_id',
          'enode_url',
        ],
      ],
      check: checkRecord,
    },
    enr_negative: { expected: ['verdict'], notExpected: { error: WORDING }, check: checkRecordVerdict },
    enode_url: {
      expected: ['verdict', 'node_id', 'ip', 'tcp', 'udp', 'incomplete', 'canonical'],
      notExpected: { error: WORDING },
      check: checkEnode,
    },
  },
}

function checkPacket(c: VectorCase): void {
  const message = messageOf(c)
  const { bytes, hash } = encodeDiscoveryPacket(message, { nodeKey: hex(c.private_key) })
  expectHex(bytes, c.packet, 'packet')
  expectHex(hash, c.hash, 'hash')
  expectHex(bytes.subarray(32, 97), c.signature, 'signature')
  expectHex(bytes.subarray(98), c.rlp, 'rlp')

  const read = decodeDiscoveryPacket(hex(c.packet))
  expectHex(read.hash, c.hash, 'hash')
  expectSame(`04${toHex(read.peerId)}`, c.public_key, 'public_key')
  expectSame([...TYPE_NAMES[read.message.type]], [c.type, c.type_name], 'type')
  expectSame(read.message, message, 'message')
}

/** The message that the fields of a case describe. */
function messageOf(c: VectorCase): DiscoveryMessage {
  const expirationUnixSeconds = BigInt(c.expiration ?? 0)
  const seq = c.enr_seq === undefined ? {} : { recordSeq: BigInt(c.enr_seq) }
  switch (c.type) {
    case 1: {
      const [from, to] = [endpointOf(c.from), endpointOf(c.to)]
      return { type: 'ping', version: c.version, from, to, expirationUnixSeconds, ...seq }
    }
    case 2:
      return { type: 'pong', to: endpointOf(c.to), pingHash: hex(c.ping_hash), expirationUnixSeconds, ...seq }
    case 3:
      return { type: 'findnode', target: hex(c.target), expirationUnixSeconds }
    case 4:
      return { type: 'neighbours', nodes: c.nodes.map(neighbourOf), expirationUnixSeconds }
    case 5:
      return { type: 'enr-request', expirationUnixSeconds }
    case 6:
      return { type: 'enr-response', requestHash: hex(c.request_hash), record: hex(c.record_rlp) }
    default:
      throw new Error(`type: expected 1 - 6, got ${c.type}`)
  }
}

function endpointOf(e: VectorCase) {
  return { ip: e.ip as string, udpPort: e.udp as number, tcpPort: e.tcp as number }
}

function neighbourOf(n: VectorCase): DiscoveryNeighbour {
  const publicKey = hex(n.public_key)
  expectThat(publicKey.length === 65 && publicKey[0] === 4, 'public_key: expected 65 bytes, 04 in front')
  return { ...endpointOf(n), peerId: publicKey.slice(1) }
}

function checkPacketVerdict(c: VectorCase): void {
  const result = attempt(() => decodeDiscoveryPacket(hex(c.packet)))
  expectSame(result.verdict, c.verdict, 'verdict')
  if (result.verdict === 'ok') {
    const { message, peerId } = result.value
    expectSame(TYPE_NAMES[message.type][1], c.type_name, 'type_name')
    expectHex(peerId, c.public_key_64, 'public_key_64')
  } else expectReason(result.code, c.error)
}

function checkRecord(c: VectorCase): void {
  const { addresses, others } = recordEntries(c.entries)
  const made = signNodeRecord({
    nodeKey: hex(c.private_key),
    seq: BigInt(c.seq),
    addresses,
    entries: others,
  })
  expectHex(made.bytes, c.record_rlp, 'record_rlp')
  expectSame(formatNodeRecord(made), c.text, 'text')

  for (const read of [decodeNodeRecord(hex(c.record_rlp)), parseNodeRecord(c.text)]) {
    expectSame(read.seq, BigInt(c.seq), 'seq')
    expectHex(read.signature, c.signature, 'signature')
    expectHex(read.nodeAddress, c.node_id, 'node_id')
    expectHex(
      crypto.compressPublicKey(Uint8Array.of(4, ...read.peerId)),
      c.compressed_public_key,
      'compressed_public_key',
    )
    expectSame(recordAddresses(read), addresses, 'entries')
    expectSame(formatEnode(enodeOfRecord(read)), c.enode_url, 'enode_url')
  }
}

/** Entries as the file has them: addresses as text, ports as numbers, anything else as hex of its RLP. */
function recordEntries(entries: VectorCase) {
  const names = { ip: 'ip', ip6: 'ip6', tcp: 'tcpPort', udp: 'udpPort', tcp6: 'tcpPort6', udp6: 'udpPort6' }
  const addresses: Record<string, unknown> = {}
  const others = new Map<string, Uint8Array>()
  for (const [key, value] of Object.entries(entries)) {
    const name = (names as Record<string, string>)[key]
    if (name) addresses[name] = value
    else others.set(key, typeof value === 'number' ? encodeRlp(rlpUint(value)) : hex(value))
  }
  return { addresses: addresses as RecordAddresses, others }
}

function checkRecordVerdict(c: VectorCase): void {
  const result = attempt(() => decodeNodeRecord(hex(c.record_rlp)))
  expectSame(result.verdict, c.verdict, 'verdict')
  if (result.verdict === 'error') expectReason(result.code, c.error)
}

function checkEnode(c: VectorCase): void {
  const result = attempt(() => parseEnode(c.url))
  expectSame(result.verdict, c.verdict, 'verdict')
  if (result.verdict === 'error') {
    expectSame(result.code, 'invalid-argument', 'code')
    return
  }
  const enode = result.value
  expectHex(nodeAddress(enode.peerId), c.node_id, 'node_id')
  expectSame(enode.ip ?? '<nil>', c.ip, 'ip')
  expectSame(enode.tcpPort, c.tcp, 'tcp')
  expectSame(enode.udpPort, c.udp, 'udp')
  expectSame(enode.ip === undefined, c.incomplete, 'incomplete')
  expectSame(formatEnode(enode), c.canonical, 'canonical')
  expectSame(formatEnode(parseEnode(c.canonical)), c.canonical, 'canonical')
}

type Attempt<T> = { verdict: 'ok'; value: T } | { verdict: 'error'; code: string }

/** Whatever is thrown must be the package's own error. */
function attempt<T>(run: () => T): Attempt<T> {
  try {
    return { verdict: 'ok', value: run() }
  } catch (error) {
    expectThat(error instanceof P2pError, `expected a P2pError, got ${String(error)}`)
    return { verdict: 'error', code: error.code }
  }
}

/** The reference's reasons that have a code of their own here. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^bad hash$/, 'bad-hash'],
  [/^too small$/, 'malformed'],
  [/^unknown type/, 'unknown-type'],
  [/^recovery failed$|^invalid signature/, 'bad-signature'],
  [/bigger than 300 bytes$/, 'too-big'],
  [/^rlp:|not sorted|duplicate key|incomplete k\/v pair/, 'malformed'],
]

function expectReason(code: string, error: unknown): void {
  const known = REASONS.find(([pattern]) => typeof error === 'string' && pattern.test(error))
  if (known) expectSame(code, known[1], 'code')
}
