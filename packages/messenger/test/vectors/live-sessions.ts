/**
 * Whole recorded sessions of the Go messengers through all layers: one party at a time reads every envelope and writes
 * its own again, with its recorded secrets. What the layers make of it is put in the file's own words and compared.
 */
import { equal } from '@status-protocol/bytes'
import { CONTENT_TYPES } from '@status-protocol/payload'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'
import {
  decodeDirect,
  decodeEnvelope,
  encodeDirect,
  envelopeHash,
  parseRequestCompletePayload,
} from '@status-protocol/whisper'
import type { Notice } from '../support/content.ts'
import { outcomeOf, type ShownParty } from '../support/outcome.ts'
import { recordingInput } from '../support/recording.ts'

const ENVELOPE = ['hash', 'from', 'kind', 'topic', 'topic_kind', 'encryption', 'readers']
const SESSION = [
  ...['session_id', 'bundle_id', 'their_installation_id', 'their_identity', 'role', 'shared_secret'],
  ...['ephemeral_public', 'final_state'],
]

export const suite: VectorSuite = {
  file: 'live-sessions.json',
  kindOf: (c) => (c.kind === undefined ? 'session' : String(c.kind)),
  kinds: {
    session: {
      expected: [
        ...ENVELOPE.map((field) => `envelopes.*.${field}`),
        'parties.*.identity_public_key',
        'parties.*.signed_pre_keys.*.public_compressed',
        ...SESSION.map((field) => `parties.*.sessions.*.${field}`),
        'parties.*.sessions.*.ratchet_keys.*.public',
        'parties.*.final',
        'events',
        'history',
      ],
      notExpected: {
        'parties.*.final.chats':
          'which chats a client lists, in which order and under which title, is the messenger’s state and no layer’s',
        'history.mail_server': 'inputs: the server’s key and password',
        'history.requester': 'an input: who asked',
        'history.requester_node_private_key': 'an input: the key that signs requests',
        'history.requests.*.envelope_rlp': 'an input',
        'history.requests.*.from': 'in the request’s body, which no package reads yet',
        'history.requests.*.to': 'in the request’s body, which no package reads yet',
        'history.requests.*.limit': 'in the request’s body, which no package reads yet',
        'history.requests.*.cursor': 'in the request’s body, which no package reads yet',
        'history.requests.*.topics': 'in the request’s body as a bloom filter, which no package reads yet',
        'history.requests.*.packets.*.code': 'an input: says how to read the packet',
      },
      check: checkSession,
    },
  },
}

async function checkSession(c: VectorCase): Promise<void> {
  const outcome = await outcomeOf(recordingInput(c))
  for (const [index, envelope] of (c.envelopes as VectorCase[]).entries()) {
    const shown = outcome.envelopes[index]
    if (shown !== undefined && foundSame.get(envelope) === shown) continue
    const { at_unix_ms, rlp, ...expected } = envelope
    expectSame(shown, expected, `envelope ${index}`)
    foundSame.set(envelope, shown)
  }
  for (const [index, party] of (c.parties as VectorCase[]).entries()) {
    const { identity_public_key, signed_pre_keys, sessions, final } = party
    const shown = {
      identity_public_key,
      pre_keys: signed_pre_keys.map((key: VectorCase) => key.public_compressed),
      sessions: sessions.map(({ ephemeral_private, ratchet_keys, ...session }: VectorCase) => ({
        ...session,
        ratchet_keys: ratchet_keys.map((key: VectorCase) => key.public),
      })),
    }
    const { stored, ...computed } = outcome.parties[index] as ShownParty
    expectSame(computed, shown, `party ${party.name}`)
    const rows = stored.map((row) => ('text' in row ? row : worded(row, c, party)))
    expectSame(rows, final.stored_messages, `stored messages of ${party.name}`)
  }
  expectSame(outcome.events, c.events, 'events')
  checkHistory(c)
}

/** What was compared before: changed copies of a case share all but what was changed, and so does what we make of it. */
const foundSame = new WeakMap<VectorCase, unknown>()

/**
 * How a client words a notice about a group is its own affair, and 0.39 stores it as text: it begins with who did it, and
 * all parties word it alike.
 */
function worded(notice: Notice, c: VectorCase, party: VectorCase) {
  const rowOf = (one: VectorCase): VectorCase | undefined =>
    (one.final.stored_messages as VectorCase[]).find(({ message_id }) => message_id === notice.message_id)
  const others = (c.parties as VectorCase[]).filter((other) => other !== party)
  const text = others.map((other) => rowOf(other)?.text).find((other) => other !== undefined)
  expectThat(String(text).startsWith(`@0x${notice.author} `), 'a notice says who did it')
  const contentType = rowOf(party)?.content_type
  const { systemPrivateGroup, text: asText } = CONTENT_TYPES
  return { ...notice, text, content_type: contentType === asText ? asText : systemPrivateGroup }
}

// ---- history

/** Requests are envelopes of the session; answers carry envelopes of it, and end with a cursor. */
function checkHistory(c: VectorCase): void {
  if (!c.history) return
  const known = (c.envelopes as VectorCase[]).map(({ rlp }) => hex(rlp))
  const isKnown = (rlp: Uint8Array) => known.some((other) => equal(other, rlp))
  for (const request of c.history.requests as VectorCase[]) {
    const envelope = decodeEnvelope(hex(request.envelope_rlp))
    expectThat(isKnown(envelope.rlp), 'the request is among the envelopes')
    expectHex(envelopeHash(envelope), request.request_id, 'request_id')
    for (const { code, body, payload } of request.packets as VectorCase[]) {
      if (code === 127) {
        const answers = decodeDirect(hex(body))
        for (const { rlp } of answers) expectThat(isKnown(rlp), 'the answer is among the envelopes')
        expectHex(encodeDirect(answers), body, 'packet 127 made again')
        continue
      }
      const done = parseRequestCompletePayload(hex(payload))
      expectThat(done.type === 'done', 'the request is done')
      expectHex(done.requestId, request.request_id, 'request_id of the answer')
      const { cursor, last_envelope_hash } = request.completed
      expectSame(done.cursor ?? '', cursor, 'cursor')
      expectSame(done.lastEnvelopeHash ?? '', last_envelope_hash, 'last_envelope_hash')
    }
  }
}
