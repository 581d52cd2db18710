import { toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { createMemoryArchive } from '@status-protocol/storage-memory'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorFile,
  type VectorKind,
  type VectorSuite,
} from '@status-protocol/testkit'
import {
  bloomFrom,
  decodeEnvelope,
  encodeRequestComplete,
  envelopeHash,
  envelopeHashFrom,
  MAX_PACKET_BYTES,
  open,
  packetCodes,
  parseRequestCompletePayload,
  powOf,
  requestCompletePayload,
  sentUnixSeconds,
  symmetricKeyFromPassword,
} from '@status-protocol/whisper'
import { checkRequest, readRequestEnvelope } from '../../src/check-request.ts'
import { cursorFrom, cursorOf } from '../../src/cursor.ts'
import { createMailserver, decodeMailRequest, encodeMailRequest, type RequestForm } from '../../src/index.ts'
import { recordingPeer } from '../support/peer.ts'

/** When the recordings were made. */
const NOW = 1_574_000_000

export const suite: VectorSuite = {
  file: 'mailserver-requests.json',
  kinds: {
    request_payload: {
      expected: ['lower', 'upper', 'bloom', 'limit', 'cursor', 'batch', 'rlp'],
      check(c) {
        const request = decodeMailRequest(hex(c.rlp), 'v036')
        expectSame(
          fieldsOf(request),
          pick(c, ['lower', 'upper', 'bloom', 'limit', 'cursor', 'batch']),
          'fields',
        )
        expectHex(encodeMailRequest(requestOf(c), 'v036'), c.rlp, 'rlp')
      },
    },
    request_envelope: {
      expected: [
        ...['verdict', 'request_id', 'pow', 'topic', 'payload', 'signed', 'error', 'legacy_verdict'],
        ...['lower', 'upper', 'bloom', 'limit', 'cursor', 'batch', 'legacy_request', 'legacy_error'],
        ...['mailserver_symmetric_key'],
      ],
      notExpected: {
        error: 'words for people; whether there is one is asserted by the verdict',
        legacy_error: 'words for people; whether there is one is asserted by the verdict',
        payload: 'asserted where the key opens it; the other cases hold it for information',
        signed: 'asserted where the key opens it',
      },
      async check(c) {
        const envelope = decodeEnvelope(hex(c.envelope_rlp))
        expectHex(envelopeHash(envelope), c.request_id, 'request_id')
        expectHex(envelope.topic, c.topic, 'topic')
        expectSame(Number(powOf(envelope).toPrecision(12)), Number(c.pow.toPrecision(12)), 'pow')
        const symmetricKey = await keyOf(c.mailserver_password)
        expectHex(symmetricKey, c.mailserver_symmetric_key, 'mailserver_symmetric_key')
        const keys = { symmetricKey, privateKey: hex(c.mailserver_private_key) }
        for (const key of [{ symmetricKey }, { privateKey: keys.privateKey }]) {
          const opened = open(envelope, key)
          if (!opened.ok) continue
          expectHex(opened.payload, c.payload, 'payload')
          expectSame(opened.signer !== undefined, c.signed, 'signed')
          if (opened.signer)
            expectHex(
              opened.signer,
              toHex(defaultProvider.publicKey(hex(c.client_node_private_key))),
              'signer',
            )
        }
        const answer = (form: RequestForm) => {
          const read = readRequestEnvelope(envelope, { keys, minPow: c.min_pow }, form)
          if (!read.ok) return { verdict: 'error', said: read.error }
          const query = checkRequest(read.request, form, NOW)
          if (typeof query === 'string') return { verdict: 'error', said: query }
          return { verdict: 'ok', request: fieldsOf(read.request) }
        }
        const got = answer('v036')
        expectSame(got.verdict, c.verdict, 'verdict')
        if (got.request)
          expectSame(got.request, pick(c, ['lower', 'upper', 'bloom', 'limit', 'cursor', 'batch']), 'request')
        if (c.legacy_verdict === undefined) return
        const raw = answer('raw')
        expectSame(raw.verdict, c.legacy_verdict, 'legacy_verdict')
        if (raw.request) {
          const { batch, ...fields } = raw.request
          expectSame(fields, c.legacy_request, 'legacy_request')
          expectSame(batch, false, 'batch')
        }
      },
    },
    db_key: {
      expected: ['db_key', 'cursor'],
      check(c) {
        const cursor = toHex(cursorFrom(c.sent_timestamp, hex(c.envelope_hash)))
        expectSame(cursor, c.cursor, 'cursor')
        expectSame(cursor + c.topic, c.db_key, 'db_key')
      },
    },
    paging_store: pagingStore(),
    paging: paging('v036'),
    response_payload: {
      expected: ['payload', 'request_id', 'last_envelope_hash', 'cursor', 'error'],
      check(c) {
        const outcome = parseRequestCompletePayload(hex(c.payload))
        expectHex(outcome.requestId, c.request_id, 'request_id')
        if (outcome.type === 'failed') expectSame(outcome.error, c.error, 'error')
        else {
          expectHex(outcome.lastEnvelopeHash ?? new Uint8Array(0), c.last_envelope_hash, 'last_envelope_hash')
          expectHex(outcome.cursor ?? new Uint8Array(0), c.cursor, 'cursor')
        }
        const made =
          c.error !== undefined
            ? ({ type: 'failed', requestId: hex(c.request_id), error: c.error } as const)
            : ({
                type: 'done',
                requestId: hex(c.request_id),
                lastEnvelopeHash: envelopeHashFrom(hex(c.last_envelope_hash)),
                ...(c.cursor && { cursor: hex(c.cursor) }),
              } as const)
        expectHex(requestCompletePayload(made), c.payload, 'payload')
        expectThat(encodeRequestComplete(made).length > 32, 'a packet')
        expectThat(utf8('ERROR=').length === 6, 'prefix')
      },
    },
  },
}

/** Made once for each password: it takes 65,356 rounds. */
const keys = new Map<string, Promise<Uint8Array>>()
function keyOf(password: string): Promise<Uint8Array> {
  const key = keys.get(password) ?? symmetricKeyFromPassword(password)
  keys.set(password, key)
  return key
}

/** What is in the archive of the paging cases. */
export function pagingStore(): VectorKind {
  return {
    expected: ['envelopes'],
    notExpected: {},
    check(c) {
      for (const e of c.envelopes) {
        const envelope = decodeEnvelope(hex(e.envelope_rlp))
        expectHex(envelopeHash(envelope), e.hash, 'hash')
        expectHex(envelope.topic, e.topic, 'topic')
        expectSame(sentUnixSeconds(envelope), e.sent_timestamp, 'sent_timestamp')
        expectSame(toHex(cursorOf(envelope)).slice(8), e.hash, 'cursor')
      }
    },
  }
}

/** A mailserver with the file's archive is asked in clear; what comes back is compared packet by packet. */
export function paging(form: 'v036' | 'v055'): VectorKind {
  return {
    expected: ['batches_of_envelope_hashes_in_send_order', 'next_cursor', 'last_envelope_hash', 'error'],
    async check(c, file) {
      const archive = await archiveOf(file)
      const server = await createMailserver({ archive, privateKey: new Uint8Array(32).fill(1) })
      const peer = recordingPeer(maxPacketBytesOf(c))
      await server.mail.request(peer, {
        type: 'plain',
        request: {
          id: new Uint8Array(32).fill(7),
          fromUnixSeconds: c.lower,
          toUnixSeconds: c.upper,
          limit: c.limit,
          cursor: hex(c.cursor),
          bloom: hex(c.bloom),
        },
      })
      await peer.waitFor(packetCodes.requestComplete)
      await server.close()
      const outcome = peer.outcome()
      const error = form === 'v055' && outcome.type === 'failed' ? outcome.error.replace(/^.*: /, '') : null
      if (form === 'v055') expectSame(error, c.error, 'error')
      expectSame(peer.batches(), c.batches_of_envelope_hashes_in_send_order, 'batches')
      const nothing = { lastEnvelopeHash: new Uint8Array(32), cursor: undefined }
      const { lastEnvelopeHash, cursor } = outcome.type === 'done' ? outcome : nothing
      expectHex(cursor ?? new Uint8Array(0), c.next_cursor, 'next_cursor')
      expectHex(lastEnvelopeHash ?? new Uint8Array(0), c.last_envelope_hash, 'last_envelope_hash')
    },
  }
}

async function archiveOf(file: VectorFile) {
  const archive = createMemoryArchive()
  const store = file.cases.find(({ kind }) => kind === 'paging_store')
  await archive.putBatch((store?.envelopes ?? []).map((e: VectorCase) => decodeEnvelope(hex(e.envelope_rlp))))
  return archive
}

/** The recordings say only in words that the server's limit was another one. */
function maxPacketBytesOf(c: VectorCase): number {
  return Number(/max message size (\d+)/.exec(c.name ?? '')?.[1] ?? MAX_PACKET_BYTES)
}

export function requestOf(c: VectorCase): Parameters<typeof encodeMailRequest>[0] {
  return {
    lowerUnixSeconds: c.lower,
    upperUnixSeconds: c.upper,
    bloom: c.bloom === '' ? new Uint8Array(0) : bloomFrom(hex(c.bloom)),
    topics: (c.topics ?? []).map((t: string) => hex(t)),
    limit: c.limit,
    cursor: hex(c.cursor),
    batch: c.batch,
  }
}

export function fieldsOf(request: ReturnType<typeof decodeMailRequest>) {
  return {
    lower: request.lowerUnixSeconds,
    upper: request.upperUnixSeconds,
    bloom: toHex(request.bloom),
    limit: request.limit,
    cursor: toHex(request.cursor),
    batch: request.batch,
  }
}

export function pick(c: VectorCase, names: readonly string[]): VectorCase {
  return Object.fromEntries(names.map((name) => [name, c[name]]))
}

export { NOW }
