/**
 * Whole recorded sessions of the Go messengers, replayed in the security layer: every party reads what came, and writes
 * again what it wrote. With the recorded keys instead of random ones, the messages must be the same, byte by byte, and
 * the ratchet states at the end too.
 */
import { equal, fromHex, toHex } from '@status-protocol/bytes'
import {
  type Conversation,
  type DirectMessage,
  decodeProtocolMessage,
  decryptMessage,
  encodeProtocolMessage,
  encryptMessage,
  isWithSelf,
  type ProtocolMessage,
  publicMessage,
  type Session,
  setInstallationEnabled,
} from '@status-protocol/double-ratchet'
import type { Bundle } from '@status-protocol/double-ratchet/x3dh'
import { expectSame, hex, seededRandom, type VectorCase } from '@status-protocol/testkit'
import { readVectorFile } from '@status-protocol/testkit/vitest'
import {
  contactCode,
  decodeEnvelope,
  negotiatedChat,
  type OpeningKey,
  open,
  publicChat,
} from '@status-protocol/whisper'
import { describe, expect, it } from 'vitest'
import { type Party, party } from './support/party.ts'

const cases = (await readVectorFile('live-sessions.json'))?.cases ?? []
const noise = seededRandom(31)

/** A party with its store and the recorded keys. */
interface Peer extends Party {
  readonly name: string
  readonly recorded: VectorCase
  /** How many of the recorded ratchet keys each session has drawn. */
  readonly drawn: Map<string, number>
  /** Messages that are missing in the file: at most one. */
  readonly leftOut: { count: number }
  /** Messages whose topic shows that they were written before something was read that had arrived: at most one. */
  readonly early: { count: number }
}

/** A ProtocolMessage as an envelope carried it. */
interface Carried {
  readonly index: number
  readonly bytes: Uint8Array
  readonly message: ProtocolMessage
  readonly from: string
  readonly sender: Uint8Array
  /** The identity it is for; undefined if it is for everybody. */
  readonly to: Uint8Array | undefined
  /** Whether it went to the topic of the negotiated secret. */
  readonly negotiated: boolean
  /** By the party's name, as the Go side read it. */
  readonly verdicts: Readonly<Record<string, string | undefined>>
  /** As somebody for whom it is read it. */
  plaintext?: Uint8Array
}

describe.skipIf(cases.length === 0)('live sessions, security layer', { timeout: 240_000 }, () => {
  it.each(cases.map((c) => [c.name as string, c]))('%s', async (_name, c) => {
    const messages = await messagesOf(c)
    expect(messages.length).toBeGreaterThan(8)
    const same = { ratchet: 0, other: 0 }
    for (const p of c.parties as VectorCase[]) {
      // Once to learn what the others wrote, from their messages alone.
      const reader = await peerOf(p)
      for (const carried of messages) {
        if (carried.from === reader.name) await write(reader, carried, undefined)
        else await read(reader, carried)
      }
    }
    for (const p of c.parties as VectorCase[]) {
      const peer = await peerOf(p)
      for (const step of inOrderOf(peer, messages))
        if (step.from !== peer.name) await read(peer, step)
        else same[(await write(peer, step, step.plaintext)) ? 'ratchet' : 'other']++
      await expectFinalStates(peer, c)
    }
    expect(same.ratchet).toBeGreaterThan(2)
  })
})

// ---- from envelopes to messages

async function messagesOf(c: VectorCase): Promise<Carried[]> {
  const found: Carried[] = []
  const parties = await Promise.all((c.parties as VectorCase[]).map(peerOf))
  for (const [index, recorded] of (c.envelopes as VectorCase[]).entries()) {
    const sender = parties.find(({ name }) => name === recorded.from)
    if (!sender) continue
    const { data } = decodeEnvelope(hex(recorded.rlp))
    for await (const { key, to } of keysFor(c, recorded.topic_kind, sender, parties)) {
      const result = open({ data }, key)
      const message = result.ok ? protocolMessageIn(result.payload) : undefined
      if (!result.ok || !message) continue
      const verdicts = Object.fromEntries(
        parties.map(({ name }) => [name, recorded.readers[name]?.verdict as string | undefined]),
      )
      const { publicKey } = sender.self
      found.push({
        index,
        bytes: result.payload,
        message,
        from: sender.name,
        sender: publicKey,
        to,
        negotiated: recorded.topic_kind === 'negotiated',
        verdicts,
      })
      break
    }
  }
  return found
}

/** Public chats carry bare wrappers as a rule: those have no bundle. */
function protocolMessageIn(bytes: Uint8Array): ProtocolMessage | undefined {
  try {
    const message = decodeProtocolMessage(bytes)
    return message.bundles.length > 0 ? message : undefined
  } catch {
    return undefined
  }
}

const chats = new Map<string, Promise<OpeningKey>>()

function chat(name: string, derive: () => Promise<OpeningKey>): Promise<OpeningKey> {
  const key = chats.get(name) ?? derive()
  chats.set(name, key)
  return key
}

async function* keysFor(
  c: VectorCase,
  kind: string,
  sender: Peer,
  parties: readonly Peer[],
): AsyncGenerator<{ readonly key: OpeningKey; readonly to: Uint8Array | undefined }> {
  const { publicKey, identity } = sender.self
  const own = toHex(publicKey)
  if (kind === 'contact-code')
    yield { key: await chat(`contact ${own}`, () => contactCode(publicKey)), to: undefined }
  if (kind === 'public')
    for (const name of c.texts.public_chats as string[])
      yield { key: await chat(`public ${name}`, () => publicChat(name)), to: undefined }
  for (const other of parties) {
    const to = other.self.publicKey
    if (kind === 'partition') yield { key: { privateKey: other.self.identity.privateKey }, to }
    const keys = { privateKey: identity.privateKey, publicKey: to }
    if (kind === 'negotiated')
      yield { key: await chat(`negotiated ${own} ${toHex(to)}`, () => negotiatedChat(keys)), to }
  }
}

async function peerOf(p: VectorCase): Promise<Peer> {
  const one = party(hex(p.identity_private_key), p.installation_id)
  await one.putOwnPreKeys(
    (p.signed_pre_keys as VectorCase[]).map((key) => ({
      id: hex(key.public_compressed),
      privateKey: hex(key.private),
      version: key.version,
      createdMs: Number(BigInt(key.timestamp) / 1_000_000n),
    })),
  )
  return { ...one, name: p.name, recorded: p, drawn: new Map(), leftOut: { count: 0 }, early: { count: 0 } }
}

// ---- one party's order

/**
 * Envelopes are in the order in which they arrived. A message may have been written before another was read that
 * arrived earlier: its ratchet header tells. Yields each message when its turn is, so the party's state must be up to
 * date when it asks for the next.
 */
function* inOrderOf(peer: Peer, messages: readonly Carried[]): Generator<Carried> {
  const rest = messages.filter((carried) => carried.from === peer.name || isHeard(peer, carried))
  while (rest.length > 0) {
    const [next] = rest as [Carried]
    const earlier = rest.find(
      (other) => other !== next && other.from === peer.name && isBefore(peer, other, next),
    )
    const chosen = earlier ?? next
    rest.splice(rest.indexOf(chosen), 1)
    yield chosen
  }
}

/** Whether `written`, one of the party's own, must have been written before `next` was read or written. */
function isBefore(peer: Peer, written: Carried, next: Carried): boolean {
  if (next.from === peer.name)
    return written.message.directMessages.some((mine) => {
      const other = next.message.directMessages.find((d) => d.installationId === mine.installationId)
      const [a, b] = [mine.ratchetHeader, other?.ratchetHeader]
      if (!a || !b || !equal(a.preKeyId, b.preKeyId)) return false
      const [i, j] = [keyNumber(peer, mine), other ? keyNumber(peer, other) : 0]
      return i < j || (i === j && a.n < b.n)
    })
  const read = partFor(peer, next.message)
  if (!read?.ratchetHeader || !written.to || !equal(written.to, next.sender)) return false
  const mine = written.message.directMessages.find((d) => d.installationId === next.message.installationId)
  if (!mine?.ratchetHeader || !equal(mine.ratchetHeader.preKeyId, read.ratchetHeader.preKeyId)) return false
  return mine.x3dhHeader !== undefined || keyNumber(peer, mine) < keyNumberAfter(peer, next)
}

/** Which of the session's recorded ratchet keys a message of ours was written with; -1 is the pre key. */
function keyNumber(peer: Peer, { installationId, ratchetHeader }: DirectMessage): number {
  if (!ratchetHeader) return -1
  const session = recordedSession(peer, toHex(ratchetHeader.preKeyId), installationId)
  const keys = (session?.ratchet_keys ?? []) as VectorCase[]
  return keys.findIndex((k) => k.public === toHex(ratchetHeader.key))
}

const turns = new WeakMap<Peer, Map<string, number>>()

/** How many ratchet keys of ours a session has after reading a message: one for each key of the other side, in order. */
function keyNumberAfter(peer: Peer, { message }: Carried): number {
  const header = partFor(peer, message)?.ratchetHeader
  if (!header) return -1
  const session = recordedSession(peer, toHex(header.preKeyId), message.installationId)
  const seen = turns.get(peer) ?? new Map<string, number>()
  turns.set(peer, seen)
  const prefix = `${session?.session_id} `
  const name = prefix + toHex(header.key)
  if (!seen.has(name)) seen.set(name, [...seen.keys()].filter((key) => key.startsWith(prefix)).length)
  // The initiator's first key is there before anything is read.
  return (seen.get(name) as number) + (session?.role === 'initiator' ? 1 : 0)
}

function partFor(peer: Peer, message: ProtocolMessage): DirectMessage | undefined {
  return message.directMessages.find(({ installationId }) => installationId === peer.self.installationId)
}

/** A party hears what its filters match; a contact code of somebody it has no chat with is not among it. */
function isHeard(peer: Peer, { verdicts }: Carried): boolean {
  const verdict = verdicts[peer.name]
  return verdict !== undefined && verdict !== 'not-for-me'
}

// ---- reading and writing

async function read(peer: Peer, carried: Carried): Promise<void> {
  if (!isHeard(peer, carried)) return
  const { bytes, message, sender, verdicts, index } = carried
  const random = { bytes: () => nextRatchetKey(peer, ...sessionName(peer, message)) }
  const [output] = await peer.run(sender, { nowMs: nowOf(message), random }, (c, context) =>
    decryptMessage(c, { message: bytes }, context),
  )
  const verdict =
    output.type === 'opened' ? 'ok' : output.reason === 'not-paired' ? 'not-addressed' : output.reason
  const expected = verdicts[peer.name] === 'empty' ? 'ok' : verdicts[peer.name]
  expectSame(verdict, expected, `verdict of ${peer.name} on envelope ${index}`)
  if (output.type === 'opened') carried.plaintext = output.plaintext
}

/** Whether all bytes but the bundle's time and signature were compared; only who is addressed how if they depend on chance. */
async function write(peer: Peer, carried: Carried, plaintext: Uint8Array | undefined): Promise<boolean> {
  const { message, to } = carried
  await enablePaired(peer, message)
  const nowMs = nowOf(message)
  if (to) await writeLeftOut(peer, to, message)
  const before = await peer.conversation(to ?? peer.self.publicKey)
  if (!to || message.directMessages.length === 0) {
    const payload = message.publicMessage
    const [{ bytes }] = publicMessage(before, payload ? { payload } : {}, { nowMs, random: noise }).outputs
    expectMessage(bytes, carried)
    return false
  }
  // Pairing is the one message that is DH although installations may be known.
  const isDh = message.directMessages.some(({ dhHeader }) => dhHeader)
  const mode = isDh && isWithSelf(before) ? { mode: 'dh' as const } : {}
  const input = { plaintext: plaintext ?? new Uint8Array(0), ...mode }
  const rehearsal = encryptMessage(before, input, { nowMs, random: noise })
  const keys = rehearsal.outputs[0].installationIds.flatMap((id) => newSessionKeys(peer, before, message, id))
  const random = isDh ? noise : { bytes: () => keys.shift() ?? missing() }
  const built = encryptMessage(before, input, { nowMs, random })
  await peer.storage.commit(built.changes)
  const { bytes, negotiated } = built.outputs[0]
  // Written just before the message was read with which the negotiation was complete: no header tells.
  const isEarly = negotiated && !carried.negotiated && peer.early.count++ === 0
  if (plaintext && !isEarly)
    expectSame(negotiated, carried.negotiated, `negotiated topic for envelope ${carried.index}`)
  if (plaintext && !isDh) expectMessage(bytes, carried)
  else if (plaintext) expectSame(kinds(decodeProtocolMessage(bytes)), kinds(message), 'who is addressed how')
  return plaintext !== undefined && !isDh
}

/** One message of the first recording is not in the file: its number is missing in the sender's chain. */
async function writeLeftOut(peer: Peer, to: Uint8Array, message: ProtocolMessage): Promise<void> {
  const before = await peer.conversation(to)
  const isMissing = message.directMessages.some(({ installationId, ratchetHeader: header }) =>
    before.installations
      .find(({ id }) => id === installationId)
      ?.sessions.some(
        ({ ratchet: { self, sending } }) =>
          header && equal(self.publicKey, header.key) && sending.n === header.n - 1,
      ),
  )
  if (!isMissing) return
  if (peer.leftOut.count++ > 0) throw new Error(`more than one message of ${peer.name} is missing`)
  const input = { plaintext: new Uint8Array(0) }
  await peer.storage.commit(encryptMessage(before, input, { nowMs: nowOf(message), random: noise }).changes)
}

/** Ephemeral and first ratchet key where the message begins a session. */
function newSessionKeys(
  peer: Peer,
  before: Conversation,
  message: ProtocolMessage,
  id: string,
): Uint8Array[] {
  const header = message.directMessages.find(({ installationId }) => installationId === id)?.x3dhHeader
  const known = before.installations.find((installation) => installation.id === id)
  const isKnown = (s: Session) => header !== undefined && equal(s.ephemeralKey, header.key)
  if (!header || known?.sessions.some(isKnown)) return []
  const preKeyId = toHex(header.preKeyId)
  const ephemeral = recordedSession(peer, preKeyId, id)?.ephemeral_private
  return [hex(ephemeral), nextRatchetKey(peer, preKeyId, id)]
}

function sessionName(peer: Peer, message: ProtocolMessage): [preKeyId: string, installationId: string] {
  const header = partFor(peer, message)?.ratchetHeader
  return [toHex(header?.preKeyId ?? new Uint8Array(0)), message.installationId]
}

function nextRatchetKey(peer: Peer, preKeyId: string, installationId: string): Uint8Array {
  const session = recordedSession(peer, preKeyId, installationId)
  const drawn = peer.drawn.get(session?.session_id) ?? 0
  peer.drawn.set(session?.session_id, drawn + 1)
  return hex(session?.ratchet_keys[drawn]?.private)
}

function recordedSession(peer: Peer, preKeyId: string, installationId: string): VectorCase | undefined {
  return (peer.recorded.sessions as VectorCase[]).find(
    (s) => s.bundle_id === preKeyId && s.their_installation_id === installationId,
  )
}

function missing(): never {
  throw new Error('a key is drawn that the recording does not have')
}

/** Pairing is a decision of the person: it shows in the bundles from then on. */
async function enablePaired(peer: Peer, message: ProtocolMessage): Promise<void> {
  for (const { installationId } of message.bundles.flatMap(({ preKeys }) => preKeys))
    if (installationId !== peer.self.installationId)
      await peer.run(peer.self.publicKey, { nowMs: 0, random: noise }, (c) =>
        setInstallationEnabled(c, { installationId, enabled: true }),
      )
}

/** Bundles are signed at a nanosecond that we do not choose; all else must be the same. */
function expectMessage(bytes: Uint8Array, { message, index }: Carried): void {
  const ours = decodeProtocolMessage(bytes)
  const what = `envelope ${index}`
  expectSame(ours.bundles.map(contentOf), message.bundles.map(contentOf), `bundles of ${what}`)
  expectSame(kinds(ours), kinds(message), `who is addressed how in ${what}`)
  expectSame(
    encodeProtocolMessage({ ...ours, bundles: [] }),
    toHex(encodeProtocolMessage({ ...message, bundles: [] })),
    what,
  )
}

/** Go writes the entries of a map in any order. */
function contentOf({ identity, preKeys }: Bundle) {
  return { identity, preKeys: Object.fromEntries(preKeys.map((entry) => [entry.installationId, entry])) }
}

function kinds(message: ProtocolMessage) {
  const kind = (d: DirectMessage) =>
    [
      d.x3dhHeader && 'x3dh',
      d.ratchetHeader && `ratchet ${d.ratchetHeader.pn}/${d.ratchetHeader.n}`,
      d.dhHeader && 'dh',
    ]
      .filter(Boolean)
      .join('+')
  return Object.fromEntries(message.directMessages.map((d) => [d.installationId, kind(d)]))
}

function nowOf(message: ProtocolMessage): number {
  return Number((message.bundles[0]?.timestampNs ?? 0n) / 1_000_000n)
}

async function expectFinalStates(peer: Peer, c: VectorCase): Promise<void> {
  for (const session of peer.recorded.sessions as VectorCase[]) {
    const other = (c.parties as VectorCase[])
      .map((p) => hex(p.identity_public_key))
      .find((key) => toHex(key.subarray(1, 33)) === session.their_identity.slice(2))
    const { installations } = await peer.conversation(other ?? missing())
    const ratchet = installations
      .find(({ id }) => id === session.their_installation_id)
      ?.sessions.find(({ preKeyId }) => equal(preKeyId, fromHex(session.bundle_id)))?.ratchet
    if (!ratchet) throw new Error(`${peer.name} has no session with ${session.their_installation_id}`)
    expectSame(
      {
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
      session.final_state,
      `final state of ${peer.name} with ${session.their_installation_id}`,
    )
  }
}
