import { equal, fromUtf8, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  ANY_INSTALLATION,
  createSelf,
  decodeProtocolMessage,
  decryptMessage,
  encodeProtocolMessage,
  encryptMessage,
  type Installation,
  negotiatedSecret,
  type ProtocolMessage,
  publicMessage,
  type Session,
} from '@status-protocol/double-ratchet'
import { acceptRatchet, type RatchetState } from '@status-protocol/double-ratchet/ratchet'
import { acceptX3dh, signBundle } from '@status-protocol/double-ratchet/x3dh'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type SeededRandom,
  seededRandom,
  type VectorCase,
  type VectorFile,
  type VectorSuite,
} from '@status-protocol/testkit'
import { unlistedInstallation } from '../../src/conversation/learn.ts'
import { defectOf, ourVerdict } from '../support/defects.ts'
import { expectErrorClass } from '../support/error-classes.ts'
import { type Party, party } from '../support/party.ts'

const FILE = 'protocol-message.json'

export const suite: VectorSuite = {
  file: FILE,
  kindOf: (c) => c.kind ?? (Array.isArray(c.steps) ? 'conversation' : c.name),
  kinds: {
    conversation: {
      expected: [
        'parties.*.identity_public_key',
        'steps.*.decoded',
        'steps.*.sender_says_shared_secret_agreed',
        ...['verdict', 'payload', 'receiver_session_after', 'shared_secret_negotiated'].map(
          (field) => `steps.*.results.*.${field}`,
        ),
      ],
      notExpected: {
        'steps.*.results.*.receiver_session_after.session_id_is': 'a note for readers, the same everywhere',
      },
      check: checkConversation,
    },
    'negotiated secret': {
      expected: ['shared_secret_negotiated', 'topic_and_password_text'],
      check(c) {
        const [alice, bob] = [c.alice_identity_private, c.bob_identity_private].map((identity) =>
          createSelf({ identity: hex(identity), installationId: 'any' }),
        )
        expectThat(alice !== undefined && bob !== undefined, 'two parties')
        const secret = negotiatedSecret({ self: alice, peer: bob.publicKey })
        expectHex(secret, c.shared_secret_negotiated, 'shared_secret_negotiated')
        expectHex(secret, c.topic_and_password_text, 'topic_and_password_text')
        expectHex(
          negotiatedSecret({ self: bob, peer: alice.publicKey }),
          c.shared_secret_negotiated,
          'seen by bob',
        )
      },
    },
  },
}

/** A conversation is replayed: all parties with stores of their own, what they could not know is taken from the file. */
interface Replay {
  readonly c: VectorCase
  readonly file: VectorFile
  readonly parties: ReadonlyMap<string, Party>
  /** Private pre keys that the file gives, by their public key. */
  readonly preKeys: ReadonlyMap<string, string>
  /** Ephemeral keys of X3DH headers, by pre key and initiator: see {@link ephemeralName}. */
  readonly ephemerals: Map<string, string>
  /** Secrets of sessions that a receiver computed, by the ephemeral key. */
  readonly secrets: Map<string, string>
  /** Recorded states that are the reference's defect and not ours, as JSON. */
  readonly defective: Set<string>
  readonly random: SeededRandom
}

async function checkConversation(c: VectorCase, file: VectorFile): Promise<void> {
  const replay: Replay = {
    c,
    file,
    parties: partiesOf(c),
    preKeys: preKeysOf(c),
    ephemerals: new Map(),
    secrets: new Map(),
    defective: new Set(),
    random: seededRandom(1),
  }
  for (const [index, step] of (c.steps as VectorCase[]).entries()) {
    try {
      if (step.decoded) {
        checkCodec(step)
        rememberEphemerals(replay, step.decoded)
        await checkSender(replay, index, step)
      }
      for (const result of step.results as VectorCase[]) await checkReceiver(replay, index, step, result)
    } catch (error) {
      throw new Error(`step ${index}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
}

function rememberEphemerals({ ephemerals }: Replay, decoded: VectorCase): void {
  for (const { x3dh_header: header } of decoded.direct_message as VectorCase[])
    if (header) ephemerals.set(ephemeralName(header.id, decoded.installation_id), header.key)
}

function ephemeralName(preKeyId: string, initiatorId: string): string {
  return `${preKeyId} ${initiatorId}`
}

function partiesOf(c: VectorCase): ReadonlyMap<string, Party> {
  return new Map(
    (c.parties as VectorCase[]).map((p) => {
      const one = party(hex(p.identity_private_key), p.installation_id)
      expectHex(one.self.publicKey, p.identity_public_key, 'identity_public_key')
      return [p.name as string, one]
    }),
  )
}

function preKeysOf(c: VectorCase): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const step of c.steps as VectorCase[])
    for (const { receiver_signed_pre_key_private: key } of step.results as VectorCase[])
      if (key) found.set(toHex(crypto.compressPublicKey(crypto.publicKey(hex(key)))), key)
  return found
}

// ---- the bytes

function checkCodec(step: VectorCase): void {
  const message = decodeProtocolMessage(hex(step.protocol_message))
  expectSame(shownMessage(message), step.decoded, 'decoded')
  expectHex(encodeProtocolMessage(message), step.protocol_message, 'protocol_message of what it says')
}

function shownMessage(message: ProtocolMessage) {
  return {
    installation_id: message.installationId,
    bundles: message.bundles.map((bundle) => ({
      identity: bundle.identity,
      timestamp: bundle.timestampNs,
      signature: bundle.signature,
      signed_pre_keys: bundle.preKeys.map((entry) => ({
        installation_id: entry.installationId,
        signed_pre_key: entry.preKey,
        version: entry.version,
        protocol_version: entry.protocolVersion,
      })),
    })),
    direct_message: message.directMessages.map((direct) => ({
      installation_id: direct.installationId,
      x3dh_header: direct.x3dhHeader && { key: direct.x3dhHeader.key, id: direct.x3dhHeader.preKeyId },
      dr_header: direct.ratchetHeader && {
        key: direct.ratchetHeader.key,
        n: direct.ratchetHeader.n,
        pn: direct.ratchetHeader.pn,
        id: direct.ratchetHeader.preKeyId,
      },
      dh_header: direct.dhHeader && { key: direct.dhHeader.key },
      payload: direct.payload,
    })),
    public_message: message.publicMessage ?? new Uint8Array(0),
  }
}

// ---- the sender's side: ours addresses the same installations with the same headers

async function checkSender(replay: Replay, index: number, step: VectorCase): Promise<void> {
  const sender = partyOf(replay, step.sender)
  const recorded = decodeProtocolMessage(hex(step.protocol_message))
  await learnOwnBundle(replay, sender, recorded)
  checkSignatures(sender, recorded)
  const recipient = recipientOf(replay, step, recorded) ?? sender
  await learnRecipient(sender, recipient, recorded)

  const context = contextOf(recorded, replay.random)
  const before = await sender.conversation(recipient.self.publicKey)
  if (!hasSessionsOf(before.installations, recorded)) return
  const plaintext = hex(step.plaintext)
  const ids = recorded.directMessages.map(({ installationId }) => installationId)
  const built =
    ids.length === 0
      ? publicMessage(before, { payload: plaintext }, context)
      : encryptMessage(before, { plaintext, ...(isAny(ids) ? { mode: 'dh' } : {}) }, context)
  const [{ bytes, negotiated }] = built.outputs
  const ours = decodeProtocolMessage(bytes)
  const x3dh = !hasRefused(replay, index, step.sender)
  expectSame(outline(ours, x3dh), outline(recorded, x3dh), 'outline of the message')
  if (step.sender_says_shared_secret_agreed !== undefined) {
    const agreed = negotiated ? toHex(negotiatedSecret(before)) : ''
    expectSame(agreed, step.sender_says_shared_secret_agreed, 'sender_says_shared_secret_agreed')
  }
  if (ids.length === 0 || isAny(ids) || !isSameChain(ours, recorded)) return
  expectHex(
    encodeProtocolMessage({ ...ours, bundles: recorded.bundles }),
    step.protocol_message,
    'protocol_message built from the known state',
  )
  await sender.storage.commit(built.changes)
}

function isAny(ids: readonly string[]): boolean {
  return ids.length === 1 && ids[0] === ANY_INSTALLATION
}

/** Whether all of ours goes on where the recording's sender stood: only there the ciphertext must be the same. */
function isSameChain(ours: ProtocolMessage, recorded: ProtocolMessage): boolean {
  return recorded.directMessages.every(({ installationId, ratchetHeader }) => {
    const mine = ours.directMessages.find((m) => m.installationId === installationId)?.ratchetHeader
    return mine && ratchetHeader && mine.n === ratchetHeader.n && equal(mine.key, ratchetHeader.key)
  })
}

/** A conversation may be recorded from its middle: then a sender's sessions can be unknown. */
function hasSessionsOf(installations: readonly Installation[], message: ProtocolMessage): boolean {
  return message.directMessages.every(({ installationId, x3dhHeader, ratchetHeader }) => {
    if (x3dhHeader || !ratchetHeader) return true
    const known = installations.find(({ id }) => id === installationId)
    return known?.sessions.some(({ preKeyId }) => equal(preKeyId, ratchetHeader.preKeyId)) ?? false
  })
}

/** The reference takes a message that it cannot read for an answer too, and stops the X3DH header. */
function hasRefused({ c }: Replay, index: number, name: string): boolean {
  return (c.steps as VectorCase[])
    .slice(0, index)
    .some(({ results }) =>
      (results as VectorCase[]).some((r) => r.receiver === name && r.verdict === 'error'),
    )
}

/** What does not depend on keys that the file does not give. */
function outline(message: ProtocolMessage, x3dh: boolean) {
  const named = <Entry extends { readonly installationId: string }>(entries: readonly Entry[]) =>
    Object.fromEntries(entries.map((entry) => [entry.installationId, entry]))
  return {
    from: message.installationId,
    bundles: message.bundles.map(({ identity, preKeys }) => ({ identity, preKeys: named(preKeys) })),
    to: named(
      message.directMessages.map((direct) => ({
        installationId: direct.installationId,
        x3dh: x3dh ? direct.x3dhHeader?.preKeyId : undefined,
        ratchet: direct.ratchetHeader?.preKeyId,
        dh: direct.dhHeader !== undefined,
        bytes: direct.payload.length,
      })),
    ),
    public: message.publicMessage,
  }
}

/** A sender has the pre keys that its bundle lists, and is paired with the other installations in it. */
async function learnOwnBundle(replay: Replay, sender: Party, message: ProtocolMessage): Promise<void> {
  for (const bundle of message.bundles) {
    if (!equal(bundle.identity, sender.self.identity.publicKey)) continue
    const { ownPreKeys, ownInstallations } = await sender.conversation(sender.self.publicKey)
    const createdMs = Number(bundle.timestampNs / 1_000_000n)
    for (const entry of bundle.preKeys) {
      if (entry.installationId !== sender.self.installationId) {
        const known = ownInstallations.find(({ id }) => id === entry.installationId)
        await sender.put(sender.self.identity.publicKey, {
          ...(known ?? unlistedInstallation(entry.installationId, true)),
          preKey: entry.preKey,
          version: entry.version,
          protocolVersion: entry.protocolVersion,
          enabled: true,
        })
        continue
      }
      const older = ownPreKeys.filter(({ id }) => !equal(id, entry.preKey))
      const privateKey = preKeyOf(replay, entry.preKey)
      await sender.putOwnPreKeys([
        ...older,
        { id: entry.preKey, privateKey, version: entry.version, createdMs },
      ])
    }
  }
}

/** Zero where the file does not give it: then nobody uses it either. */
function preKeyOf({ preKeys }: Replay, id: Uint8Array): Uint8Array {
  const known = preKeys.get(toHex(id))
  return known ? hex(known) : new Uint8Array(32)
}

/** ECDSA as all of them do it has one signature for one text. */
function checkSignatures(sender: Party, message: ProtocolMessage): void {
  for (const { preKeys, timestampNs, signature, identity } of message.bundles) {
    if (!equal(identity, sender.self.identity.publicKey)) continue
    const { privateKey: identityPrivateKey } = sender.self.identity
    expectHex(
      signBundle({ identityPrivateKey, preKeys, timestampNs }).signature,
      toHex(signature),
      'signature of the bundle',
    )
  }
}

/** The identity that a message is for: that of its receivers, or of the installations in it. */
function recipientOf(replay: Replay, step: VectorCase, message: ProtocolMessage): Party | undefined {
  const ids = message.directMessages.map(({ installationId }) => installationId)
  const addressed = [...replay.parties.values()].find(({ self }) => ids.includes(self.installationId))
  const [first] = step.results as VectorCase[]
  return addressed ?? (first ? partyOf(replay, first.receiver) : undefined)
}

/** Bundles that the sender had before the conversation began: those whose pre keys it uses. */
async function learnRecipient(sender: Party, recipient: Party, message: ProtocolMessage): Promise<void> {
  const { installations } = await sender.conversation(recipient.self.publicKey)
  for (const { installationId, x3dhHeader } of message.directMessages) {
    if (!x3dhHeader) continue
    const known = installations.find(({ id }) => id === installationId)
    if (known?.preKey) continue
    await sender.put(recipient.self.identity.publicKey, {
      ...(known ?? unlistedInstallation(installationId, true)),
      preKey: x3dhHeader.preKeyId,
      version: 1,
      protocolVersion: 1,
    })
  }
}

// ---- the receiver's side

async function checkReceiver(
  replay: Replay,
  index: number,
  step: VectorCase,
  result: VectorCase,
): Promise<void> {
  const receiver = partyOf(replay, result.receiver)
  const sender = partyOf(replay, step.sender)
  const peer = sender.self.publicKey
  const message = hex(step.protocol_message)
  const from = decodeProtocolMessage(message).installationId
  const [was, is] = [result.receiver_session_before, result.receiver_session_after]
  await learnPreKey(receiver, result.receiver_signed_pre_key_private)
  if (!isDefective(replay, was)) await install(replay, receiver, sender, from, was)

  const before = await receiver.conversation(peer)
  const random = is ? only(is.dh_self_private) : replay.random
  const { outputs, changes, conversation } = decryptMessage(
    before,
    { message },
    contextOf(decodeProtocolMessage(message), random),
  )
  await receiver.storage.commit(changes)
  const [output] = outputs
  const defect = defectOf(FILE, replay.file, replay.c, index)
  const verdict = ourVerdict(defect, result.verdict)
  expectSame(output.type === 'opened' ? 'ok' : 'error', verdict, 'verdict')
  if (output.type === 'opened') rememberSecret(replay, receiver, sender, decodeProtocolMessage(message))
  if (output.type === 'refused')
    expectSame(sessionStates(conversation.installations), sessionStates(before.installations), 'state')

  if (defect) {
    if (output.type === 'opened' && defect.payload_of_step !== undefined)
      expectHex(output.plaintext, replay.c.steps[defect.payload_of_step].plaintext, 'payload')
    checkDefective(replay, index, result)
    return
  }
  if (output.type === 'refused') expectErrorClass(output.reason, result.error)
  expectHex(output.type === 'opened' ? output.plaintext : undefined, result.payload, 'payload')
  const negotiated = output.type === 'opened' && output.negotiated
  expectSame(
    negotiated ? negotiatedSecret(conversation) : undefined,
    result.shared_secret_negotiated,
    'shared_secret_negotiated',
  )
  if (isDefective(replay, is)) return
  const after = sessionOf((await receiver.conversation(peer)).installations, from, is)
  expectSame(
    after ? shownSession(replay, from, after, is?.shared_secret) : null,
    is && { ...is, session_id_is: undefined },
    'receiver_session_after',
  )
}

function isDefective({ defective }: Replay, state: unknown): boolean {
  return state !== null && defective.has(JSON.stringify(state))
}

/**
 * The recorded state after a defect is not ours, but it must be explained: the session of an earlier message that did
 * not open, which the reference kept, beside the secret of this one.
 */
function checkDefective(replay: Replay, index: number, result: VectorCase): void {
  const state = result.receiver_session_after
  if (!state) return
  const receiver = partyOf(replay, result.receiver)
  const { sender, protocol_message } = replay.c.steps[index] as VectorCase
  const here = accept(replay, receiver, partyOf(replay, sender), decodeProtocolMessage(hex(protocol_message)))
  const left: unknown[] = []
  for (const step of (replay.c.steps as VectorCase[]).slice(0, index)) {
    const refused = (step.results as VectorCase[]).some(
      (r) => r.receiver === result.receiver && r.verdict === 'error',
    )
    const message = refused ? decodeProtocolMessage(hex(step.protocol_message)) : undefined
    const accepted = message && accept(replay, receiver, partyOf(replay, step.sender), message)
    if (!message || !accepted) continue
    const { preKeyId, ratchet, secret } = accepted
    left.push(shownState(ratchet, message.installationId, { preKeyId, secret: here?.secret ?? secret }))
  }
  const seen = { ...state, session_id_is: undefined }
  expectThat(
    left.some((candidate) => sameText(candidate, seen)),
    'receiver_session_after: not what an earlier message that was refused would have left',
  )
  replay.defective.add(JSON.stringify(state))
}

function sameText(a: unknown, b: unknown): boolean {
  try {
    expectSame(a, b, '')
    return true
  } catch {
    return false
  }
}

interface Accepted {
  readonly preKeyId: Uint8Array
  readonly ephemeralKey: string
  readonly secret: string
  readonly ratchet: RatchetState
}

/** What X3DH gives the receiver of a message, whoever wrote it. */
function accept(
  replay: Replay,
  receiver: Party,
  sender: Party,
  message: ProtocolMessage,
): Accepted | undefined {
  const header = message.directMessages.find(
    ({ installationId }) => installationId === receiver.self.installationId,
  )?.x3dhHeader
  const preKey = header && replay.preKeys.get(toHex(header.preKeyId))
  if (!header || !preKey) return undefined
  const preKeyPrivateKey = hex(preKey)
  const secret = acceptX3dh({
    identityPrivateKey: receiver.self.identity.privateKey,
    preKeyPrivateKey,
    remoteIdentity: sender.self.publicKey,
    remoteEphemeralKey: header.key,
  })
  if (!secret) return undefined
  const keyPair = { privateKey: preKeyPrivateKey, publicKey: header.preKeyId }
  const ratchet = acceptRatchet({ sharedSecret: secret, keyPair })
  return { preKeyId: header.preKeyId, ephemeralKey: toHex(header.key), secret: toHex(secret), ratchet }
}

function rememberSecret(replay: Replay, receiver: Party, sender: Party, message: ProtocolMessage): void {
  const accepted = accept(replay, receiver, sender, message)
  if (accepted) replay.secrets.set(accepted.ephemeralKey, accepted.secret)
}

async function learnPreKey(receiver: Party, privateKey: unknown): Promise<void> {
  if (typeof privateKey !== 'string' || privateKey === '') return
  const id = crypto.compressPublicKey(crypto.publicKey(hex(privateKey)))
  const { ownPreKeys } = await receiver.conversation(receiver.self.publicKey)
  if (ownPreKeys.some((known) => equal(known.id, id) && toHex(known.privateKey) === privateKey)) return
  const others = ownPreKeys.filter((known) => !equal(known.id, id))
  await receiver.putOwnPreKeys([{ id, privateKey: hex(privateKey), version: 1, createdMs: 0 }, ...others])
}

/** Gives the receiver the recorded session unless it has it. Kept message keys are not recorded: they stay. */
async function install(
  replay: Replay,
  receiver: Party,
  sender: Party,
  from: string,
  state: VectorCase | null,
): Promise<void> {
  const conversation = await receiver.conversation(sender.self.publicKey)
  const existing = sessionOf(conversation.installations, from, state)
  if (state === null) {
    expectThat(existing === undefined, 'receiver_session_before: there is one')
    return
  }
  expectThat(typeof state === 'object', 'receiver_session_before: expected a session or null')
  const preKeyId = hex(state.bundle_id)
  if (existing && sameText(shownSession(replay, from, existing), { ...state, session_id_is: undefined }))
    return
  const isOwn = conversation.ownPreKeys.some(({ id }) => equal(id, preKeyId))
  const initiatorId = isOwn ? from : receiver.self.installationId
  const next: Session = {
    role: existing?.role ?? (isOwn ? 'responder' : 'initiator'),
    answered: existing?.answered ?? isOwn,
    preKeyId,
    ephemeralKey: hex(replay.ephemerals.get(ephemeralName(state.bundle_id, initiatorId)) ?? state.bundle_id),
    tieBreak: new Uint8Array(8),
    expiredMs: 0,
    ratchet: ratchetOf(state, existing?.ratchet),
  }
  const id = fromUtf8(hex(state.session_id.slice(state.bundle_id.length)))
  const installation: Installation =
    conversation.installations.find((known) => known.id === id) ?? unlistedInstallation(id, true)
  await receiver.put(sender.self.identity.publicKey, {
    ...installation,
    sessions: [...installation.sessions.filter((s) => s !== existing), next],
  })
}

function ratchetOf(state: VectorCase, known: RatchetState | undefined): RatchetState {
  return {
    dhId: 1,
    rootKey: hex(state.root_key),
    sending: { key: hex(state.sending_chain_key), n: state.sending_n },
    receiving: { key: hex(state.receiving_chain_key), n: state.receiving_n },
    pn: state.pn,
    self: { privateKey: hex(state.dh_self_private), publicKey: hex(state.dh_self_public) },
    remoteKey: state.dh_remote_public === '' ? undefined : hex(state.dh_remote_public),
    keysCount: known?.keysCount ?? state.receiving_n,
    kept: known?.kept ?? [],
  }
}

/** The newest session with that installation on the recorded state's pre key, or on any. */
function sessionOf(
  installations: readonly Installation[],
  from: string,
  state: VectorCase | null,
): Session | undefined {
  return installations
    .find(({ id }) => id === from)
    ?.sessions.findLast(({ preKeyId }) => !state || toHex(preKeyId) === state.bundle_id)
}

/** The secret is not part of our state: it is what the receiver of the first message computed. */
function shownSession({ secrets }: Replay, from: string, session: Session, otherwise?: string) {
  const { preKeyId, ephemeralKey } = session
  const secret = secrets.get(toHex(ephemeralKey)) ?? otherwise
  return shownState(session.ratchet, from, { preKeyId, secret })
}

function shownState(
  state: RatchetState,
  from: string,
  { preKeyId, secret }: { readonly preKeyId: Uint8Array; readonly secret: string | undefined },
) {
  return {
    session_id: toHex(preKeyId) + toHex(utf8(from)),
    bundle_id: preKeyId,
    shared_secret: secret,
    root_key: state.rootKey,
    sending_chain_key: state.sending.key,
    sending_n: state.sending.n,
    receiving_chain_key: state.receiving.key,
    receiving_n: state.receiving.n,
    pn: state.pn,
    dh_self_private: state.self.privateKey,
    dh_self_public: crypto.compressPublicKey(crypto.publicKey(state.self.privateKey)),
    dh_remote_public: state.remoteKey ?? new Uint8Array(0),
  }
}

function sessionStates(installations: readonly Installation[]) {
  return installations
    .filter(({ sessions }) => sessions.length > 0)
    .map(({ id, sessions }) => ({ id, sessions: sessions.map((s) => ({ ...s.ratchet })) }))
}

function contextOf(message: ProtocolMessage, random: { bytes(length: number): Uint8Array }) {
  const timestampNs = message.bundles[0]?.timestampNs ?? 0n
  return { nowMs: Number(timestampNs / 1_000_000n), random }
}

function only(privateKey: string) {
  return { bytes: () => hex(privateKey) }
}

function partyOf({ parties }: Replay, name: string): Party {
  const found = parties.get(name)
  expectThat(found !== undefined, `${name} is no party`)
  return found
}
