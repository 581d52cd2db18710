/**
 * Whole recorded sessions of the Go messengers through all layers: one party at a time reads every envelope and writes
 * its own again, with its recorded secrets. What the layers make of it is put in the file's own words and compared.
 */
import { equal, to0xHex, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import type { Session } from '@status-protocol/double-ratchet'
import { acceptX3dh, initiateX3dh } from '@status-protocol/double-ratchet/x3dh'
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
import {
  addToGroups,
  type Content,
  contentOf,
  type GroupLog,
  type Identities,
  kindOfContent,
  type Notice,
  noticesOf,
  type Said,
  shownGroup,
  shownSaid,
  storedRow,
} from '../support/content.ts'
import {
  type Carried,
  createParty,
  hashText,
  openRecording,
  type Party,
  type RecordingInput,
  recordingInput,
} from '../support/recording.ts'
import { type Reading, type Replayed, replay } from '../support/replay.ts'

const ENVELOPE = ['hash', 'from', 'kind', 'topic', 'topic_kind', 'encryption', 'readers']
const SESSION = [
  ...['session_id', 'bundle_id', 'their_installation_id', 'their_identity', 'role', 'shared_secret'],
  ...['ephemeral_public', 'final_state'],
]

export const suite: VectorSuite = {
  file: 'live-sessions.json',
  kindOf: () => 'session',
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
    if (foundSame.get(envelope) === shown) continue
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

// ---- the outcome, computed from inputs alone

interface Outcome {
  readonly envelopes: readonly unknown[]
  readonly parties: readonly ShownParty[]
  readonly events: readonly unknown[]
}

interface ShownParty {
  readonly stored: readonly (Row | Notice)[]
  readonly [field: string]: unknown
}

type Row = NonNullable<ReturnType<typeof storedRow>>

/** BOUNDED: 2. A case is checked again and again, mostly with other expectations but the same inputs. */
const outcomes = new Map<string, Promise<Outcome>>()

function outcomeOf(input: RecordingInput): Promise<Outcome> {
  const text = JSON.stringify(input)
  const outcome = outcomes.get(text) ?? replayAll(input)
  outcomes.delete(text)
  outcomes.set(text, outcome)
  const [oldest] = outcomes.keys()
  if (outcomes.size > 2 && oldest !== undefined) outcomes.delete(oldest)
  return outcome
}

async function replayAll(input: RecordingInput): Promise<Outcome> {
  const carried = await openRecording(input)
  // Once to learn what was written, from those for whom it is.
  const plaintexts = new Map<number, Uint8Array>()
  for (const one of input.parties)
    for (const [index, reading] of (await replay(await createParty(one), carried, plaintexts)).readings)
      if (reading.verdict === 'read') plaintexts.set(index, reading.plaintext)

  const parties: Party[] = []
  const replays: Replayed[] = []
  for (const one of input.parties) {
    const party = await createParty(one)
    parties.push(party)
    replays.push(await replay(party, carried, plaintexts))
  }
  const identities: Identities = parties.map(({ device: { self } }) => ({
    publicKey: self.publicKey,
    privateKey: self.identity.privateKey,
  }))
  const contents = new Map(
    [...plaintexts].map(([index, plaintext]) => [
      index,
      contentOf(plaintext, carried[index] as Carried, identities),
    ]),
  )
  const lives = parties.map((party, i) =>
    lived(party, replays[i] as Replayed, { carried, contents, parties }),
  )
  return {
    envelopes: carried.map((one) => shownEnvelope(one, { contents, parties, replays })),
    parties: await Promise.all(parties.map((party, i) => shownParty(party, parties, lives[i] as Life))),
    events: lives.flatMap(({ events }) => events),
  }
}

type Contents = ReadonlyMap<number, Content | undefined>

function shownEnvelope(
  carried: Carried,
  {
    contents,
    parties,
    replays,
  }: {
    readonly contents: Contents
    readonly parties: readonly Party[]
    readonly replays: readonly Replayed[]
  },
) {
  const { index, envelope, route, from } = carried
  const content = contents.get(index)
  const isRead = contents.has(index)
  const readers = parties.map(({ input: { name } }, i) => [
    name,
    {
      ...shownReading(replays[i]?.readings.get(index), content),
      ...(carried.fromHistory.includes(name) && { via: 'history' }),
    },
  ])
  return {
    hash: envelopeHash(envelope),
    from,
    kind: kindOf(carried, isRead, content),
    topic: envelope.topic,
    topic_kind: route.kind,
    encryption: 'symmetricKey' in route.chat ? 'symmetric' : 'asymmetric',
    readers: route.kind === 'mail-server' ? { mailserver: { verdict: 'ok' } } : Object.fromEntries(readers),
  }
}

function kindOf({ route }: Carried, isRead: boolean, content: Content | undefined): string {
  if (route.kind === 'mail-server') return 'history-request'
  if (route.kind === 'public' || route.kind === 'contact-code') return route.kind
  expectThat(isRead, 'somebody reads it')
  return content ? kindOfContent(content) : 'empty'
}

function shownReading(reading: Reading | undefined, content: Content | undefined) {
  if (reading?.verdict !== 'read') return { verdict: reading?.verdict }
  if (!content) return { verdict: 'empty' }
  const { mvds, messages } = content
  return {
    verdict: 'ok',
    ...(messages.length > 0 && { messages: messages.map(shownSaid) }),
    ...(mvds && { mvds }),
  }
}

// ---- what a party has at the end

interface Life {
  readonly events: readonly unknown[]
  readonly stored: ShownParty['stored']
}

/** Goes through what a party wrote and read, in its order: its groups after each update of somebody else, and its rows. */
function lived(
  { input, device }: Party,
  { readings, order }: Replayed,
  {
    carried,
    contents,
    parties,
  }: {
    readonly carried: readonly Carried[]
    readonly contents: Contents
    readonly parties: readonly Party[]
  },
): Life {
  const self = device.self.publicKey
  const names = new Map(parties.map(({ input: { name }, device }) => [to0xHex(device.self.publicKey), name]))
  const groups = new Map<string, GroupLog>()
  const events: unknown[] = []
  const rows = new Map<string, Row | Notice>()
  for (const index of order) {
    const { from, envelope } = carried[index] as Carried
    const isMine = from === input.name
    if (!isMine && readings.get(index)?.verdict !== 'read') continue
    const said: readonly Said[] = contents.get(index)?.messages ?? []
    for (const one of said) {
      const row = storedRow(one, self)
      // What comes a second time is not stored again.
      if (row && !rows.has(row.message_id)) rows.set(row.message_id, row)
    }
    const isUpdate = said.map((one) => addToGroups(groups, one)).includes(true)
    if (isUpdate && !isMine)
      events.push({
        party: input.name,
        after_envelope: hashText(envelope),
        group_chats: [...groups.values()].map((log) => shownGroup(log, self, names)),
      })
  }
  for (const notice of [...groups.values()].flatMap(noticesOf)) rows.set(notice.message_id, notice)
  const isBefore = (a: Row | Notice, b: Row | Notice) =>
    a.clock === b.clock ? a.message_id < b.message_id : a.clock < b.clock
  return { events, stored: [...rows.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1)) }
}

async function shownParty(party: Party, parties: readonly Party[], { stored }: Life): Promise<ShownParty> {
  const { input, device } = party
  const { self } = device
  const { ownPreKeys } = await device.conversation(self.publicKey)
  const found: { readonly id: string; readonly identity: Uint8Array; readonly session: Session }[] = []
  for (const identity of new Map(parties.map((p) => [toHex(p.device.self.publicKey), p])).values()) {
    const { publicKey } = identity.device.self
    const { installations } = await device.conversation(publicKey)
    for (const { id, sessions } of installations)
      for (const session of sessions) found.push({ id, identity: publicKey, session })
  }
  expectSame(found.length, input.sessions.length, `number of sessions of ${input.name}`)
  return {
    identity_public_key: self.publicKey,
    pre_keys: ownPreKeys.map(({ id }) => id),
    sessions: input.sessions.map(({ preKeyId, theirInstallationId, ephemeral, ratchetKeys }) => {
      const one = found.find(
        ({ id, session }) => id === theirInstallationId && toHex(session.preKeyId) === preKeyId,
      )
      expectThat(one !== undefined, `${input.name} has no session with ${theirInstallationId}`)
      expectHex(one.session.ratchet.self.privateKey, ratchetKeys.at(-1), 'the last ratchet key that is drawn')
      return {
        ...shownEnd(one),
        shared_secret: sharedSecret(party, one, ephemeral),
        ratchet_keys: ratchetKeys.map(publicOf),
      }
    }),
    stored,
  }
}

function shownEnd({
  id,
  identity,
  session,
}: {
  readonly id: string
  readonly identity: Uint8Array
  readonly session: Session
}) {
  const { role, preKeyId, ephemeralKey, ratchet } = session
  return {
    session_id: toHex(preKeyId) + toHex(utf8(id)),
    bundle_id: preKeyId,
    their_installation_id: id,
    their_identity: crypto.compressPublicKey(identity),
    role,
    ...(role === 'initiator' && { ephemeral_public: ephemeralKey }),
    final_state: {
      dhr: ratchet.remoteKey ?? '',
      dhs_public: ratchet.self.publicKey,
      root_chain_key: ratchet.rootKey,
      send_chain_key: ratchet.sending.key,
      send_n: ratchet.sending.n,
      recv_chain_key: ratchet.receiving.key,
      recv_n: ratchet.receiving.n,
      pn: ratchet.pn,
      keys_count: ratchet.keysCount,
    },
  }
}

/** Sessions do not keep it: agreed again from the party's own keys. */
function sharedSecret(
  { input, device }: Party,
  { identity, session }: { readonly identity: Uint8Array; readonly session: Session },
  ephemeral: string | undefined,
): Uint8Array | undefined {
  const { privateKey: identityPrivateKey } = device.self.identity
  if (session.role === 'initiator')
    return initiateX3dh({
      identityPrivateKey,
      ephemeralPrivateKey: hex(ephemeral),
      remoteIdentity: identity,
      remotePreKey: session.preKeyId,
    })
  const preKey = input.preKeys.find((key) => publicOf(key.private) === toHex(session.preKeyId))
  return acceptX3dh({
    identityPrivateKey,
    preKeyPrivateKey: hex(preKey?.private),
    remoteIdentity: identity,
    remoteEphemeralKey: session.ephemeralKey,
  })
}

function publicOf(privateKey: string): string {
  return toHex(crypto.compressPublicKey(crypto.publicKey(hex(privateKey))))
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
