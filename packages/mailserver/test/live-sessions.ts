/** The history case as the server, and every session through an archive; the sessions themselves are read by the messenger. */
import { toHex } from '@status-protocol/bytes'
import { createMemoryArchive } from '@status-protocol/storage-memory'
import { expectHex, expectSame, hex, type VectorCase, type VectorSuite } from '@status-protocol/testkit'
import {
  bloomOfTopics,
  decodeEnvelope,
  decodeHistoryRequest,
  type Envelope,
  encodeHistoryRequest,
  envelopeHash,
  fullBloom,
  packetCodes,
  symmetricKeyFromPassword,
  topicFrom,
} from '@status-protocol/whisper'
import { readRequestEnvelope } from '../src/check-request.ts'
import { createMailserver } from '../src/index.ts'
import { recordingPeer, type Sent } from './support/peer.ts'

export const suite: VectorSuite = {
  file: 'live-sessions.json',
  kindOf: (c) => (c.history ? 'history' : 'session'),
  kinds: {
    session: {
      expected: ['envelopes.*.hash', 'envelopes.*.topic'],
      async check(c) {
        await expectArchived(c)
      },
    },
    history: {
      expected: [
        ...['request_id', 'from', 'to', 'limit', 'cursor', 'topics', 'packets', 'completed'].map(
          (field) => `history.requests.*.${field}`,
        ),
        'history.mail_server.password',
      ],
      async check(c) {
        await expectArchived(c)
        const { requests, mail_server } = c.history
        const symmetricKey = await keyOf(mail_server.password)
        for (const request of requests) {
          const envelope = decodeEnvelope(hex(request.envelope_rlp))
          expectHex(envelopeHash(envelope), request.request_id, 'request_id')
          const read = readRequestEnvelope(envelope, { keys: { symmetricKey }, minPow: 0.002 })
          if (!read.ok) throw new Error(read.error)
          const { lowerUnixSeconds, upperUnixSeconds, limit, cursor, bloom } = read.request
          const { from, to } = request
          expectSame(
            { from: lowerUnixSeconds, to: upperUnixSeconds, limit, cursor: toHex(cursor) },
            { from, to, limit: request.limit, cursor: request.cursor },
            'request',
          )
          expectHex(
            bloom,
            toHex(bloomOfTopics(request.topics.map((t: string) => topicFrom(hex(t))))),
            'bloom',
          )
          expectSame(await answered(c, request, symmetricKey), request.packets, 'packets')
          const done = request.packets.at(-1).payload as string
          expectSame(
            { cursor: done.slice(128), last_envelope_hash: done.slice(64, 128) },
            { cursor: request.completed.cursor, last_envelope_hash: request.completed.last_envelope_hash },
            'completed',
          )
        }
      },
    },
  },
}

/** Read once: the self-test asks thousands of times. BOUNDED by the file's envelopes. */
const decoded = new Map<string, Envelope>()
function envelopeAt(rlp: string): Envelope {
  const known = decoded.get(rlp) ?? decodeEnvelope(hex(rlp))
  decoded.set(rlp, known)
  return known
}

/** Made once for each password: it takes 65,356 rounds. */
const keys = new Map<string, Promise<Uint8Array>>()
function keyOf(password: string): Promise<Uint8Array> {
  const key = keys.get(password) ?? symmetricKeyFromPassword(password)
  keys.set(password, key)
  return key
}

/** Every envelope of the session goes into an archive and comes out of it under its hash. */
async function expectArchived(c: VectorCase): Promise<void> {
  const archive = createMemoryArchive()
  await archive.putBatch(c.envelopes.map((e: VectorCase) => envelopeAt(e.rlp)))
  const query = {
    fromUnixSeconds: 0,
    toUnixSeconds: 0xffff_ffff,
    limit: 100_000,
    match: { bloom: fullBloom() },
  }
  const found: Envelope[] = []
  for await (const e of archive.query(query, new AbortController().signal)) found.push(e)
  const line = (hash: string, topic: string) => `${hash} ${topic}`
  expectSame(
    found.map((e) => line(toHex(envelopeHash(e)), toHex(e.topic))).sort(),
    [...new Set<string>(c.envelopes.map((e: VectorCase) => line(e.hash, e.topic)))].sort(),
    'envelopes',
  )
}

/** What our server sends when its archive holds what had come by then. */
async function answered(c: VectorCase, request: VectorCase, symmetricKey: Uint8Array) {
  const sentAt = c.envelopes.find((e: VectorCase) => e.hash === request.request_id).at_unix_ms
  const archive = createMemoryArchive()
  await archive.putBatch(
    c.envelopes
      .filter((e: VectorCase) => e.kind !== 'history-request' && e.at_unix_ms <= sentAt)
      .map((e: VectorCase) => envelopeAt(e.rlp)),
  )
  const server = await createMailserver({ archive, symmetricKey })
  const peer = recordingPeer()
  const body = encodeHistoryRequest({
    type: 'envelope',
    envelope: decodeEnvelope(hex(request.envelope_rlp)),
  })
  await server.mail.request(peer, decodeHistoryRequest(body))
  await peer.waitFor(packetCodes.requestComplete)
  await server.close()
  return peer.packets.map(shown)
}

/** As the file has them: packet 127 whole, of packet 125 what is inside the RLP string (of more than 55 bytes). */
function shown({ code, body }: Sent) {
  return code === packetCodes.requestComplete
    ? { code, payload: toHex(body.subarray(2)) }
    : { code, body: toHex(body) }
}
