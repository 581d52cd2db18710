import { isAllZero, toHex } from '@status-protocol/bytes'
import type { Clock } from '@status-protocol/ports'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorKind,
  type VectorSuite,
} from '@status-protocol/testkit'
import {
  type Bloom,
  batchHash,
  bloomFrom,
  createWhisper,
  decodeBatchAcknowledged,
  decodeBloomFilter,
  decodeDirect,
  decodeEnvelope,
  decodeHistoryRequest,
  decodeMessageResponse,
  decodeMessages,
  decodePowRequirement,
  decodeRequestComplete,
  decodeStatus,
  decodeSyncRequest,
  decodeSyncResponse,
  type Envelope,
  encodeBloomFilter,
  encodeDirect,
  encodeHistoryRequest,
  encodeMessages,
  encodePowRequirement,
  encodeRequestComplete,
  encodeStatus,
  encodeSyncRequest,
  encodeSyncResponse,
  envelopeHash,
  envelopeHashFrom,
  noRateLimits,
  parseRequestCompletePayload,
  type RateLimits,
  type RequestComplete,
  requestCompletePayload,
  type Whisper,
  WhisperError,
  type WhisperLink,
} from '../../src/index.ts'
import { createMemoryLinkPair } from '../../src/testing.ts'

/** Packets are told apart by their codes as well. */
export function kindOfPacket(c: VectorCase): string {
  return c.kind === 'sent' || c.kind === 'packet' ? `${c.kind} ${c.code}` : String(c.kind)
}

export const status: VectorKind = {
  expected: [
    ...['version', 'min_pow', 'min_pow_ieee754', 'bloom', 'light_node', 'confirmations_enabled'],
    ...['rate_limits', 'rlp'],
  ],
  async check(c) {
    const { version, ...ours } = decodeStatus(hex(c.rlp))
    expectSame(version, c.version, 'version')
    expectSame(ours.minPow, c.min_pow, 'min_pow')
    expectHex(float64(ours.minPow), c.min_pow_ieee754, 'min_pow_ieee754')
    expectHex(ours.bloom ?? new Uint8Array(0), c.bloom, 'bloom')
    expectSame(ours.lightNode, c.light_node, 'light_node')
    expectSame(ours.confirmations, c.confirmations_enabled, 'confirmations_enabled')
    expectSame(ours.rateLimits && limitsOf(ours.rateLimits), c.rate_limits, 'rate_limits')
    const told = {
      minPow: c.min_pow as number,
      bloom: bloomOrAll(c.bloom),
      lightNode: c.light_node as boolean,
      confirmations: c.confirmations_enabled as boolean,
      rateLimits: c.rate_limits && limitsFrom(c.rate_limits),
    }
    expectHex(encodeStatus({ ...told, version: c.version }), c.rlp, 'rlp')
    const isWhatWeTell = !told.lightNode && told.confirmations && isSameJson(told.rateLimits, noRateLimits)
    if (isWhatWeTell) expectHex(await statusOfNode(told), c.rlp, "rlp of a node's own status packet")
  },
}

/** Runs a whole node on a link and plays the peer. */
export const received: VectorKind = {
  expected: ['verdict', 'peer_min_pow', 'peer_bloom', 'peer_is_full_node', 'peer_confirmations_enabled'],
  async check(c) {
    await withNode({}, async (whisper, peer) => {
      // Which of the two a case means, its code does not tell; the reference's answer does.
      const isFirst = c.verdict === 'ok' || /status packet|status message|protocol version/.test(c.error)
      if (!isFirst) peer.send(0, STATUS)
      peer.send(c.code, hex(c.rlp))
      peer.send(PROBE.code, PROBE.body)
      const outcome = await peer.outcome()
      const verdict = outcome.dropped ? 'disconnect' : isFirst ? 'ok' : 'ignored/ok'
      expectSame(verdict, c.verdict, 'verdict')
      if (c.peer_min_pow === undefined) return
      const [told] = whisper.peers()
      expectThat(told !== undefined, 'the peer is known')
      const isFull = told.bloom?.every((byte) => byte === 0xff) ?? true
      expectSame(told.minPow, c.peer_min_pow, 'peer_min_pow')
      expectSame(isFull, c.peer_is_full_node, 'peer_is_full_node')
      expectSame(told.confirmations, c.peer_confirmations_enabled, 'peer_confirmations_enabled')
      // The reference keeps an empty filter and one of ones; both mean everything, which is `undefined` with us.
      const wanted = bloomOrAll(c.peer_bloom)
      const meant = wanted?.every((byte) => byte === 0xff) ? undefined : wanted
      expectSame(isFull ? undefined : told.bloom, meant, 'peer_bloom')
    })
  },
}

const exchange: VectorKind = {
  expected: ['received_rlp_keccak256', 'replies_in_order', 'disconnected'],
  async check(c) {
    const body = hex(c.received_rlp)
    expectHex(batchHash(body), c.received_rlp_keccak256, 'received_rlp_keccak256')
    const options = {
      errorCodes: 'v036' as const,
      clock: clockAt(c.now),
      minPow: requirementOf(c),
    }
    await withNode(options, async (_, peer) => {
      peer.send(0, STATUS)
      peer.send(c.received_code, body)
      peer.send(PROBE.code, PROBE.body)
      const { replies, dropped } = await peer.outcome()
      expectSame(dropped, c.disconnected, 'disconnected')
      expectSame(
        replies.map(({ code, body: rlp }) => ({ code, rlp: toHex(rlp), ...responseOf(code, rlp) })),
        c.replies_in_order,
        'replies_in_order',
      )
    })
  },
}

export const suite: VectorSuite = {
  file: 'whisper-wire.json',
  kindOf: kindOfPacket,
  kinds: {
    'sent 0': status,
    'sent 1': {
      expected: ['envelopes', 'envelope_hashes', 'batch_hash_keccak256_of_rlp', 'rlp'],
      check(c) {
        const envelopes = decodeMessages(hex(c.rlp))
        expectSame(rlpsOf(envelopes), c.envelopes, 'envelopes')
        expectSame(
          envelopes.map((envelope) => envelopeHash(envelope)),
          c.envelope_hashes,
          'envelope_hashes',
        )
        expectHex(encodeMessages(envelopesOf(c)), c.rlp, 'rlp')
        expectHex(batchHash(hex(c.rlp)), c.batch_hash_keccak256_of_rlp, 'batch_hash_keccak256_of_rlp')
      },
    },
    'sent 2': {
      expected: ['min_pow', 'min_pow_ieee754', 'rlp'],
      check(c) {
        expectHex(encodePowRequirement(c.min_pow), c.rlp, 'rlp')
        expectSame(decodePowRequirement(hex(c.rlp)), c.min_pow, 'min_pow')
        expectHex(float64(c.min_pow), c.min_pow_ieee754, 'min_pow_ieee754')
      },
    },
    'sent 3': {
      expected: ['bloom', 'rlp'],
      check(c) {
        expectHex(encodeBloomFilter(bloomFrom(hex(c.bloom))), c.rlp, 'rlp')
        expectHex(decodeBloomFilter(hex(c.rlp)), c.bloom, 'bloom')
      },
    },
    'sent 123': {
      expected: ['lower', 'upper', 'bloom', 'limit', 'cursor', 'rlp'],
      check(c) {
        const { lowerUnixSeconds: lower, upperUnixSeconds: upper, ...rest } = decodeSyncRequest(hex(c.rlp))
        const { bloom, limit, cursor } = c
        expectSame(
          { lower, upper, ...rest },
          { lower: c.lower, upper: c.upper, bloom, limit, cursor },
          'request',
        )
        const [bloomBytes, cursorBytes] = [hex(bloom), hex(cursor)]
        const request = { lowerUnixSeconds: c.lower, upperUnixSeconds: c.upper, bloom: bloomBytes, limit }
        expectHex(encodeSyncRequest({ ...request, cursor: cursorBytes }), c.rlp, 'rlp')
      },
    },
    'sent 124': {
      expected: ['envelopes', 'cursor', 'final', 'error', 'rlp'],
      check(c) {
        const { envelopes, cursor, final, error } = decodeSyncResponse(hex(c.rlp))
        expectSame(rlpsOf(envelopes), c.envelopes, 'envelopes')
        expectHex(cursor, c.cursor, 'cursor')
        expectSame([final, error], [c.final, c.error], 'final and error')
        const response = { envelopes: envelopesOf(c), cursor: hex(c.cursor), final: c.final, error: c.error }
        expectHex(encodeSyncResponse(response), c.rlp, 'rlp')
      },
    },
    'sent 125': {
      expected: ['request_id', 'last_envelope_hash', 'cursor', 'error', 'payload', 'rlp'],
      check(c) {
        const outcome = outcomeFrom(c)
        expectHex(requestCompletePayload(outcome), c.payload, 'payload')
        expectHex(encodeRequestComplete(outcome), c.rlp, 'rlp')
        expectSame(decodeRequestComplete(hex(c.rlp)), outcome, 'outcome')
      },
    },
    'sent 126': {
      expected: [
        ...['envelope_rlp', 'request_id_is_envelope_hash', 'id', 'from', 'to', 'limit', 'cursor', 'bloom'],
        'rlp',
      ],
      check(c) {
        const request = decodeHistoryRequest(hex(c.rlp))
        expectHex(encodeHistoryRequest(request), c.rlp, 'rlp')
        if (request.type === 'envelope') {
          const { envelope } = request
          expectHex(envelope.rlp, c.envelope_rlp, 'envelope_rlp')
          expectHex(envelopeHash(envelope), c.request_id_is_envelope_hash, 'request_id_is_envelope_hash')
          return
        }
        const { fromUnixSeconds: from, toUnixSeconds: to, ...rest } = request.request
        const { id, limit, cursor, bloom } = c
        expectSame({ from, to, ...rest }, { id, from: c.from, to: c.to, limit, cursor, bloom }, 'request')
      },
    },
    'sent 127': {
      expected: ['envelopes', 'rlp'],
      check(c) {
        expectSame(rlpsOf(decodeDirect(hex(c.rlp))), c.envelopes, 'envelopes')
        expectHex(encodeDirect(envelopesOf(c)), c.rlp, 'rlp')
      },
    },
    received,
    exchange,
    request_complete_parse: {
      expected: ['verdict', 'request_id', 'last_envelope_hash', 'cursor', 'error'],
      notExpected: { error: 'for a refusal it is the wording of the reference; see the check for the other' },
      check(c) {
        const outcome = attempt(() => parseRequestCompletePayload(hex(c.payload)))
        expectSame(outcome ? 'ok' : 'error', c.verdict, 'verdict')
        if (!outcome) return
        expectHex(outcome.requestId, c.request_id, 'request_id')
        const done = outcome.type === 'done' ? outcome : undefined
        // The reference fills in zeros where there is no hash.
        expectHex(done?.lastEnvelopeHash ?? new Uint8Array(32), c.last_envelope_hash, 'last_envelope_hash')
        expectHex(done?.cursor ?? new Uint8Array(0), c.cursor, 'cursor')
        expectSame(outcome.type === 'failed' ? outcome.error : null, c.error, 'error')
      },
    },
  },
}

const STATUS = encodeStatus({
  minPow: 0,
  bloom: undefined,
  lightNode: false,
  confirmations: true,
  rateLimits: undefined,
})
/** A packet that is answered as long as the link is up; no case has it. */
const PROBE = { code: 1, body: encodeMessages([]) }

interface PlayedPeer {
  send(code: number, body: Uint8Array): void
  /** What the node answered before it answered the probe, or ended the link. */
  outcome(): Promise<{
    readonly dropped: boolean
    readonly replies: readonly { readonly code: number; readonly body: Uint8Array }[]
  }>
}

async function withNode(
  options: Parameters<typeof createWhisper>[0],
  run: (whisper: Whisper, peer: PlayedPeer) => Promise<void>,
): Promise<void> {
  const whisper = createWhisper(options)
  const { a, b } = createMemoryLinkPair()
  const attached = whisper.attach(a)
  try {
    await run(whisper, playedPeer(b, whisper))
  } finally {
    await whisper.close()
    await attached
  }
}

function playedPeer(link: WhisperLink, whisper: Whisper): PlayedPeer {
  // Who has limits is answered with packet 12 alone: two packets for each of its own would be too many for it.
  const answersEach = () => {
    const { perIp, perPeer } = whisper.peers()[0]?.rateLimits ?? noRateLimits
    return perIp + perPeer > 0 ? 1 : 2
  }
  const replies: { code: number; body: Uint8Array }[] = []
  const sent: Uint8Array[] = []
  return {
    send(code, body) {
      if (code === 1) sent.push(body)
      expectSame(link.send(code, body), 'ok', 'send')
    },
    async outcome() {
      for await (const packet of link.packets()) {
        replies.push(packet)
        if (answersOf(replies).length === answersEach() * sent.length) break
      }
      const answers = answersOf(replies)
      const dropped = answers.length < answersEach() * sent.length
      if (dropped) expectSame(await link.closed, 0x10, 'disconnect reason')
      return { dropped, replies: dropped ? answers : answers.slice(0, -answersEach()) }
    },
  }
}

function answersOf<T extends { readonly code: number }>(packets: readonly T[]): readonly T[] {
  return packets.filter(({ code }) => code === 11 || code === 12)
}

async function statusOfNode(options: {
  readonly minPow: number
  readonly bloom: Bloom | undefined
}): Promise<Uint8Array> {
  const { minPow, bloom } = options
  const whisper = createWhisper({ minPow, ...(bloom && { bloom }) })
  const { a, b } = createMemoryLinkPair()
  const attached = whisper.attach(a)
  try {
    for await (const { code, body } of b.packets()) {
      expectSame(code, 0, 'code of the first packet')
      return body
    }
    throw new Error('the node sent nothing')
  } finally {
    await whisper.close()
    await attached
  }
}

/**
 * The node's least proof of work, which the cases do not say: that of Status, or, where an envelope was refused for a low
 * one, just above it.
 */
function requirementOf(c: VectorCase): number {
  const lows = JSON.stringify(c.replies_in_order).matchAll(/PoW=([0-9.]+)/g)
  return Math.max(0.002, ...[...lows].map(([, pow]) => Number(pow) + 0.000_001))
}

function clockAt(unixSeconds: number): Clock {
  return { wallMs: () => unixSeconds * 1000, monotonicMs: () => performance.now() }
}

function responseOf(code: number, body: Uint8Array): object {
  const response = code === 12 ? decodeMessageResponse(body) : undefined
  if (response === undefined) {
    expectSame(toHex(decodeBatchAcknowledged(body)).length, 64, 'batch hash')
    return {}
  }
  return { response_version: 1, batch_hash: response.batchHash, errors: response.errors }
}

function outcomeFrom(c: VectorCase): RequestComplete {
  const requestId = hex(c.request_id)
  if (c.error !== undefined) return { type: 'failed', requestId, error: c.error }
  const lastEnvelopeHash = envelopeHashFrom(hex(c.last_envelope_hash))
  return { type: 'done', requestId, lastEnvelopeHash, ...(c.cursor !== '' && { cursor: hex(c.cursor) }) }
}

function envelopesOf(c: VectorCase): readonly Envelope[] {
  return c.envelopes.map((rlp: string) => decodeEnvelope(hex(rlp)))
}

function rlpsOf(envelopes: readonly Envelope[]): readonly Uint8Array[] {
  return envelopes.map((envelope) => envelope.rlp)
}

function bloomOrAll(text: string): Bloom | undefined {
  const bytes = hex(text)
  return bytes.length === 0 ? undefined : bloomFrom(bytes)
}

export function limitsFrom(c: VectorCase): RateLimits {
  return { perIp: c.ip_limit, perPeer: c.peer_id_limit, perTopic: c.topic_limit }
}

export function limitsOf({ perIp, perPeer, perTopic }: RateLimits): object {
  return { ip_limit: perIp, peer_id_limit: perPeer, topic_limit: perTopic }
}

/** The eight bytes of an RLP integer that holds a double. */
function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, value)
  expectThat(value !== 0 || isAllZero(bytes), '0 is all zero')
  return bytes
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    if (error instanceof WhisperError) return undefined
    throw error
  }
}

function isSameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
