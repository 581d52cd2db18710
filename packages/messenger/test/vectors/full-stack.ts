/**
 * Whole messages through every layer: from the envelope to what it says, and from there to the same envelope. Only what
 * the packages export is used; what a sender drew at random is taken from the file where the file has it.
 */
import { equal, fromHex, toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto, generatePrivateKey } from '@status-protocol/crypto'
import {
  type ConversationContext,
  decodeInstallation,
  decodeProtocolMessage,
  decryptMessage,
  encodeInstallation,
  encodeProtocolMessage,
  encryptMessage,
  INSTALLATIONS_TABLE,
  type Installation,
  type OwnPreKey,
  type ProtocolMessage,
  publicMessage,
  type Session,
} from '@status-protocol/double-ratchet'
import { initiateRatchet, ratchetEncrypt } from '@status-protocol/double-ratchet/ratchet'
import { acceptX3dh, signBundle, verifyBundle } from '@status-protocol/double-ratchet/x3dh'
import { decodePayload, encodePayload, oneToOneGroupId } from '@status-protocol/mvds'
import { type Message, unwrap, wrap } from '@status-protocol/payload'
import type { Change } from '@status-protocol/ports'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  seededRandom,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'
import {
  type AsymmetricChat,
  decodeEnvelope,
  envelopeHash,
  type OpeningKey,
  open,
  partitionedDiscovery,
  partitionedDiscoveryId,
  powOf,
  type SymmetricChat,
  seal,
  sentUnixSeconds,
} from '@status-protocol/whisper'
import { contactCodeOf, type NamedChat, negotiatedChatOf, publicChatOf } from '../support/chats.ts'
import { createDevice, type Device } from '../support/device.ts'
import { outline, shownProtocolMessage, shownSession, shownSyncPayload } from '../support/shown.ts'

const ENVELOPE = [
  ...['topic_text', 'topic', 'encryption', 'symmetric_key_password', 'symmetric_key', 'recipient_public_key'],
  ...['sent_at', 'envelope_rlp', 'envelope_hash', 'envelope_pow'],
]
const SENDER = ['sender_identity_private', 'sender_identity_public']
const STEP = [
  ...['sender', 'receiver', 'application_wrapper', 'message_id', 'mvds', 'encryption_layer_plaintext'],
  ...['protocol_message', 'decoded_protocol_message', 'uses_negotiated_topic', ...ENVELOPE],
  ...['receiver_signed_pre_key_private', 'receiver_session_before', 'receiver_session_after'],
]

export const suite: VectorSuite = {
  file: 'full-stack.json',
  kindOf(c) {
    if (c.kind !== undefined) return String(c.kind)
    if (c.steps) return 'private conversation'
    return c.protocol_message ? 'contact code' : 'public message'
  },
  kinds: {
    'public message': {
      expected: [...SENDER, 'chat_id', 'application_wrapper', 'message_id', ...ENVELOPE],
      check: checkPublicMessage,
    },
    'contact code': {
      expected: [...SENDER, 'protocol_message', 'decoded_protocol_message', ...ENVELOPE],
      check: checkContactCode,
    },
    'private conversation': {
      expected: [
        ...['alice', 'bob'].flatMap((name) =>
          ['identity_private', 'identity_public', 'installation_id'].map((field) => `${name}_${field}`),
        ),
        'mvds_group_id',
        ...STEP.map((field) => `steps.*.${field}`),
      ],
      notExpected: {
        'steps.*.receiver_session_before.session_id_is': 'a note for readers, the same everywhere',
        'steps.*.receiver_session_after.session_id_is': 'a note for readers, the same everywhere',
      },
      check: checkConversation,
    },
  },
}

const noise = seededRandom(7)

async function checkPublicMessage(c: VectorCase): Promise<void> {
  const identity = identityOf(c)
  const route = routeFor(await publicChatOf(c.chat_id))
  checkEnvelope(c, route)
  const bytes = openEnvelope(c, route, identity)
  expectHex(bytes, c.application_wrapper, 'application_wrapper')
  const message = checkWrapper(c, identity)
  expectSame(message.type === 'chat' && message.chatId, c.chat_id, 'chat_id')
  await sealEnvelope(c, route, identity, bytes)
}

async function checkContactCode(c: VectorCase): Promise<void> {
  const identity = identityOf(c)
  const route = routeFor(await contactCodeOf(identity.publicKey))
  checkEnvelope(c, route)
  const message = checkProtocolMessage(c)
  const bytes = openEnvelope(c, route, identity)
  expectHex(bytes, c.protocol_message, 'protocol_message')
  const [bundle] = message.bundles
  expectThat(bundle !== undefined, 'a bundle')

  const reader = await createDevice({ identity: generatePrivateKey(crypto, noise), installationId: 'reader' })
  const [output] = await reader.run(identity.publicKey, contextOf(message), (before, context) =>
    decryptMessage(before, { message: bytes }, context),
  )
  expectSame(output.type === 'refused' && output.reason, 'no-payload', 'what the reader finds')
  const { installations } = await reader.conversation(identity.publicKey)
  expectSame(
    installations.map(({ id, preKey }) => [id, preKey]),
    bundle.preKeys.map((entry) => [entry.installationId, entry.preKey]),
    'what the reader learns',
  )

  const sender = await createDevice({
    identity: identity.privateKey,
    installationId: message.installationId,
    preKeys: preKeysIn(message, new Map()),
  })
  const before = await sender.conversation(identity.publicKey)
  const [{ bytes: ours }] = publicMessage(before, {}, contextOf(message)).outputs
  expectSameButTime(decodeProtocolMessage(ours), message, identity)
  await sealEnvelope(c, route, identity, bytes)
}

// ---- a conversation

interface Talk {
  readonly c: VectorCase
  readonly devices: ReadonlyMap<string, Device>
  /** Private pre keys of the file, by their public key. */
  readonly preKeys: ReadonlyMap<string, string>
  /** What X3DH gave the responder of a session, by the initiator's ephemeral key. */
  readonly secrets: Map<string, Uint8Array>
}

async function checkConversation(c: VectorCase): Promise<void> {
  const steps = c.steps as VectorCase[]
  const preKeys = new Map(
    steps
      .map((step) => step.receiver_signed_pre_key_private as string | undefined)
      .filter((key) => key)
      .map((key) => [toHex(crypto.compressPublicKey(crypto.publicKey(hex(key)))), key as string]),
  )
  const devices = new Map<string, Device>()
  for (const name of ['alice', 'bob']) devices.set(name, await deviceOf(c, name, preKeys))
  const talk: Talk = { c, devices, preKeys, secrets: new Map() }
  await eachStep(steps, (step) => checkLayers(talk, step))
  await eachStep(steps, (step, index) => checkWay(talk, step, steps.slice(index + 1)))
}

async function eachStep(
  steps: readonly VectorCase[],
  check: (step: VectorCase, index: number) => Promise<void>,
): Promise<void> {
  for (const [index, step] of steps.entries())
    try {
      await check(step, index)
    } catch (error) {
      throw new Error(`step ${index}: ${error instanceof Error ? error.message : error}`, { cause: error })
    }
}

/** What each layer makes of its own bytes, both ways. */
async function checkLayers(talk: Talk, step: VectorCase): Promise<void> {
  const [sender, receiver] = [deviceNamed(talk, step.sender), deviceNamed(talk, step.receiver)]
  checkEnvelope(step, await routeOf(step, sender, receiver))
  checkProtocolMessage(step)
  checkSync(talk, step)
  // Which chat it names is not looked at: the recorded ones name somebody else's.
  if (step.application_wrapper !== undefined) checkWrapper(step, authorOf(sender))
  else expectSame(step.message_id, undefined, 'message_id')
}

/** Down to what is said, then up again to the same envelope. */
async function checkWay(talk: Talk, step: VectorCase, later: readonly VectorCase[]): Promise<void> {
  const [sender, receiver] = [deviceNamed(talk, step.sender), deviceNamed(talk, step.receiver)]
  const route = await routeOf(step, sender, receiver)
  const bytes = openEnvelope(step, route, authorOf(sender))
  expectHex(bytes, step.protocol_message, 'protocol_message')
  const message = decodeProtocolMessage(bytes)
  const plaintext = await readStep(talk, step, message)
  expectHex(plaintext, step.encryption_layer_plaintext, 'encryption_layer_plaintext')
  await writeStep(talk, step, { plaintext, message, later })
  await sealEnvelope(step, route, authorOf(sender), bytes)
}

async function readStep(talk: Talk, step: VectorCase, message: ProtocolMessage): Promise<Uint8Array> {
  const [sender, receiver] = [deviceNamed(talk, step.sender), deviceNamed(talk, step.receiver)]
  const peer = sender.self.publicKey
  const direct = message.directMessages.find(({ ratchetHeader }) => ratchetHeader)
  const sessionNow = async () => {
    const { installations } = await receiver.conversation(peer)
    const session = sessionOf(installations, message.installationId, direct?.ratchetHeader?.preKeyId)
    return session ? shownSession(session, message.installationId, secretOf(talk, session)) : null
  }
  const random = step.receiver_session_after ? only(step.receiver_session_after.dh_self_private) : noise
  expectSame(await sessionNow(), seen(step.receiver_session_before), 'receiver_session_before')
  const [output] = await receiver.run(peer, contextOf(message, random), (before, context) =>
    decryptMessage(before, { message: hex(step.protocol_message) }, context),
  )
  expectThat(output.type === 'opened', `refused: ${output.type === 'refused' && output.reason}`)
  expectSame(output.security, direct ? 'ratchet' : 'dh', 'security')
  if (direct?.x3dhHeader)
    talk.secrets.set(toHex(direct.x3dhHeader.key), agreed(talk, step, direct.x3dhHeader))
  expectSame(await sessionNow(), seen(step.receiver_session_after), 'receiver_session_after')
  if (direct?.ratchetHeader) {
    const { ownPreKeys } = await receiver.conversation(peer)
    const own = ownPreKeys.find(({ id }) => equal(id, direct.ratchetHeader?.preKeyId ?? id))
    expectSame(own?.privateKey ?? '', step.receiver_signed_pre_key_private, 'receiver_signed_pre_key_private')
  }
  return output.plaintext
}

/** The sender's part: the same message but for the time in its bundle and, in a DH message, the keys that it drew. */
async function writeStep(
  talk: Talk,
  step: VectorCase,
  {
    plaintext,
    message,
    later,
  }: {
    readonly plaintext: Uint8Array
    readonly message: ProtocolMessage
    readonly later: readonly VectorCase[]
  },
): Promise<void> {
  const [sender, receiver] = [deviceNamed(talk, step.sender), deviceNamed(talk, step.receiver)]
  const before = await sender.conversation(receiver.self.publicKey)
  const { outputs, changes } = encryptMessage(before, { plaintext }, contextOf(message))
  const [{ bytes, security, negotiated }] = outputs
  expectSame(negotiated, step.uses_negotiated_topic, 'uses_negotiated_topic')
  const ours = decodeProtocolMessage(bytes)
  expectSame(outline(ours), outline(message), 'outline of what the sender writes')
  const [direct] = message.directMessages
  if (security === 'dh') {
    const peer = await receiver.conversation(sender.self.publicKey)
    const [output] = decryptMessage(peer, { message: bytes }, contextOf(message)).outputs
    expectHex(
      output.type === 'opened' ? output.plaintext : undefined,
      toHex(plaintext),
      'a DH message of ours',
    )
    await sender.commit(changes)
  } else if (direct?.x3dhHeader) {
    const began = beginning(talk, step, { plaintext, message, later })
    await sender.commit(changes.map((change) => withSession(change, direct.installationId, began)))
  } else {
    expectSameButTime(ours, message, authorOf(sender))
    await sender.commit(changes)
  }
}

/**
 * The session that the recorded sender began: its ephemeral key is not in the file, but the secret that came of it is,
 * as the receiver computes it; and the sender's first ratchet key, where it next receives.
 */
function beginning(
  talk: Talk,
  step: VectorCase,
  {
    plaintext,
    message,
    later,
  }: {
    readonly plaintext: Uint8Array
    readonly message: ProtocolMessage
    readonly later: readonly VectorCase[]
  },
): Omit<Session, 'tieBreak'> {
  const [direct] = message.directMessages
  const { x3dhHeader, ratchetHeader, payload } = direct ?? {}
  const sharedSecret = x3dhHeader && talk.secrets.get(toHex(x3dhHeader.key))
  expectThat(x3dhHeader !== undefined && sharedSecret !== undefined, 'a session that begins')
  const next = later.find(({ receiver }) => receiver === step.sender)?.receiver_session_before
  const random = only(next?.dh_self_private)
  const first = initiateRatchet({ sharedSecret, remoteKey: x3dhHeader.preKeyId }, { random })
  const written = ratchetEncrypt(first, plaintext)
  expectSame(
    { ...written.message.header, preKeyId: x3dhHeader.preKeyId },
    ratchetHeader,
    'ratchet header of what the sender writes',
  )
  expectHex(written.message.ciphertext, toHex(payload ?? new Uint8Array(0)), 'what the sender writes')
  const { preKeyId, key: ephemeralKey } = x3dhHeader
  return { role: 'initiator', answered: false, preKeyId, ephemeralKey, ratchet: written.state }
}

/** The change with which an installation's newest session is stored, with the recorded session in its place. */
function withSession(change: Change, installationId: string, began: Omit<Session, 'tieBreak'>): Change {
  if (!('put' in change) || change.put[0] !== INSTALLATIONS_TABLE) return change
  const [table, key, value] = change.put
  const installation = decodeInstallation(installationId, value)
  const newest = installation.sessions.at(-1)
  expectThat(newest !== undefined, 'a session')
  const { tieBreak } = newest
  const sessions = [...installation.sessions.slice(0, -1), { ...began, tieBreak }]
  return { put: [table, key, encodeInstallation({ ...installation, sessions })] }
}

/** Both ways: what data sync carries, and the payload made of it again. Without data sync the message goes bare. */
function checkSync({ c }: Talk, step: VectorCase): void {
  const plaintext = hex(step.encryption_layer_plaintext)
  const [a, b] = [hex(c.alice_identity_public), hex(c.bob_identity_public)]
  const groupId = oneToOneGroupId(a, b)
  expectHex(groupId, c.mvds_group_id, 'mvds_group_id')
  const decoded = decodePayload(plaintext)
  if (!decoded.ok) {
    expectSame(decoded.reason, 'empty', 'what data sync says of a bare message')
    expectSame(step.mvds, undefined, 'mvds')
    expectHex(plaintext, step.application_wrapper, 'application_wrapper')
    return
  }
  const { payload } = decoded
  const shown = { ...shownSyncPayload(payload), payload_protobuf: plaintext }
  expectSame(shown, step.mvds, 'mvds')
  for (const message of payload.messages) expectHex(message.groupId, toHex(groupId), 'group of a message')
  expectSame(
    payload.messages.map(({ body }) => body),
    step.application_wrapper === undefined ? [] : [step.application_wrapper],
    'application_wrapper',
  )
  expectHex(encodePayload(payload), step.mvds.payload_protobuf, 'payload_protobuf made again')
}

// ---- single layers

interface Route {
  /** The text from which the topic comes, and the key if it is symmetric. */
  readonly text: string
  readonly chat: SymmetricChat | AsymmetricChat
  readonly key: OpeningKey
}

interface Identity {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

/** The one of the receiver's topics on which the envelope is. */
async function routeOf(step: VectorCase, sender: Device, receiver: Device): Promise<Route> {
  const negotiated = await negotiatedChatOf(receiver.self, sender.self.publicKey)
  const { topic } = decodeEnvelope(hex(step.envelope_rlp))
  if (equal(topic, negotiated.chat.topic)) return routeFor(negotiated)
  const { publicKey } = receiver.self
  const { privateKey } = receiver.self.identity
  return {
    text: partitionedDiscoveryId(publicKey),
    chat: partitionedDiscovery(publicKey),
    key: { privateKey },
  }
}

function routeFor({ text, chat }: NamedChat): Route {
  return { text, chat, key: chat }
}

/** What everybody sees of a case's envelope, and where its topic and key come from. */
function checkEnvelope(c: VectorCase, { text, chat }: Route): void {
  const envelope = decodeEnvelope(hex(c.envelope_rlp))
  expectHex(envelopeHash(envelope), c.envelope_hash, 'envelope_hash')
  expectSame(powOf(envelope), c.envelope_pow, 'envelope_pow')
  expectSame(sentUnixSeconds(envelope), c.sent_at, 'sent_at')
  expectHex(envelope.topic, toHex(chat.topic), 'topic of the envelope')
  const { topic, encryption, topic_text, symmetric_key_password, symmetric_key, recipient_public_key } = c
  expectSame(
    'symmetricKey' in chat
      ? {
          ...{ topic_text: text, topic: chat.topic, encryption: 'symmetric' },
          ...{ symmetric_key_password: text, symmetric_key: chat.symmetricKey },
        }
      : {
          ...{ topic_text: text, topic: chat.topic, encryption: 'asymmetric' },
          recipient_public_key: chat.publicKey,
        },
    { topic, encryption, topic_text, symmetric_key_password, symmetric_key, recipient_public_key },
    'topic and key',
  )
}

/** The payload of a case's envelope, which the author signed. */
function openEnvelope(c: VectorCase, { key }: Route, author: Identity): Uint8Array {
  const result = open(decodeEnvelope(hex(c.envelope_rlp)), key)
  expectThat(result.ok, 'the envelope does not open')
  expectHex(result.signer, toHex(author.publicKey), 'who signed the envelope')
  return result.payload
}

/**
 * With the recorded salt, padding and nonce the envelope is the same to the last byte. Of an asymmetric one only the
 * sender knew the ephemeral key: there the recipient opens what we seal.
 */
async function sealEnvelope(
  c: VectorCase,
  { chat, key }: Route,
  author: Identity,
  payload: Uint8Array,
): Promise<void> {
  const recorded = decodeEnvelope(hex(c.envelope_rlp))
  const was = open(recorded, key)
  expectThat(was.ok, 'the envelope does not open')
  const isSymmetric = 'symmetricKey' in chat
  const envelope = await seal(payload, {
    to: chat,
    signer: author.privateKey,
    ttlSeconds: recorded.ttlSeconds,
    nowUnixSeconds: sentUnixSeconds(recorded),
    padding: was.padding,
    random: isSymmetric ? { bytes: (length) => recorded.data.slice(-length) } : noise,
    miner: { mine: async () => recorded.nonce },
  })
  if (isSymmetric) expectHex(envelope.rlp, c.envelope_rlp, 'envelope_rlp made again')
  else expectSame(open(envelope, key), was, 'an envelope of ours')
}

/** Both ways: who says what, and the same wrapper made of it again. */
function checkWrapper(c: VectorCase, author: Identity): Message {
  const result = unwrap(hex(c.application_wrapper))
  expectThat(result.ok && result.message.type !== 'unknown', 'a message that is known')
  expectHex(result.author, toHex(author.publicKey), 'author')
  expectHex(result.messageId, c.message_id, 'message_id')
  expectHex(wrap(result.message, author), c.application_wrapper, 'application_wrapper made again')
  return result.message
}

/** Both ways: what a ProtocolMessage says, and the same one made of it again. */
function checkProtocolMessage(c: VectorCase): ProtocolMessage {
  const message = decodeProtocolMessage(hex(c.protocol_message))
  expectSame(shownProtocolMessage(message), c.decoded_protocol_message, 'decoded_protocol_message')
  expectHex(encodeProtocolMessage(message), c.protocol_message, 'protocol_message made again')
  for (const bundle of message.bundles) expectThat(verifyBundle(bundle).ok, 'the bundle is not signed well')
  return message
}

/** A bundle is signed at a nanosecond that we do not choose: signed at the recorded one, all of it must be the same. */
function expectSameButTime(
  ours: ProtocolMessage,
  recorded: ProtocolMessage,
  { privateKey: identityPrivateKey }: Identity,
): void {
  const bundles = ours.bundles.map(({ preKeys }, i) =>
    signBundle({ identityPrivateKey, preKeys, timestampNs: recorded.bundles[i]?.timestampNs ?? 0n }),
  )
  expectHex(
    encodeProtocolMessage({ ...ours, bundles }),
    toHex(encodeProtocolMessage(recorded)),
    'protocol_message as the sender writes it',
  )
}

// ---- what the file says of the parties

function identityOf(c: VectorCase): Identity {
  const privateKey = hex(c.sender_identity_private)
  const publicKey = crypto.publicKey(privateKey)
  expectHex(publicKey, c.sender_identity_public, 'sender_identity_public')
  return { privateKey, publicKey }
}

async function deviceOf(c: VectorCase, name: string, preKeys: ReadonlyMap<string, string>): Promise<Device> {
  const own = (c.steps as VectorCase[]).find(({ sender }) => sender === name)
  const device = await createDevice({
    identity: hex(c[`${name}_identity_private`]),
    installationId: c[`${name}_installation_id`],
    preKeys: own ? preKeysIn(decodeProtocolMessage(hex(own.protocol_message)), preKeys) : [],
  })
  expectHex(device.self.publicKey, c[`${name}_identity_public`], `${name}_identity_public`)
  return device
}

function authorOf({ self }: Device): Identity {
  return { publicKey: self.publicKey, privateKey: self.identity.privateKey }
}

function deviceNamed({ devices }: Talk, name: string): Device {
  const device = devices.get(name)
  expectThat(device !== undefined, `nobody is called ${name}`)
  return device
}

/** A sender's own pre keys as its bundle lists them. The private one is zero where the file has none: nobody uses it. */
function preKeysIn(message: ProtocolMessage, known: ReadonlyMap<string, string>): readonly OwnPreKey[] {
  const { nowMs } = contextOf(message)
  return message.bundles.flatMap(({ preKeys }) =>
    preKeys
      .filter((entry) => entry.installationId === message.installationId)
      .map(({ preKey: id, version }) => {
        const privateKey = known.get(toHex(id))
        return {
          id,
          version,
          createdMs: nowMs,
          privateKey: privateKey ? hex(privateKey) : new Uint8Array(32),
        }
      }),
  )
}

function agreed(
  talk: Talk,
  step: VectorCase,
  header: { readonly key: Uint8Array; readonly preKeyId: Uint8Array },
): Uint8Array {
  const [sender, receiver] = [deviceNamed(talk, step.sender), deviceNamed(talk, step.receiver)]
  const secret = acceptX3dh({
    identityPrivateKey: receiver.self.identity.privateKey,
    preKeyPrivateKey: fromHex(talk.preKeys.get(toHex(header.preKeyId)) ?? ''),
    remoteIdentity: sender.self.publicKey,
    remoteEphemeralKey: header.key,
  })
  expectThat(secret !== undefined, 'no secret')
  return secret
}

function secretOf({ secrets }: Talk, { ephemeralKey }: Session): string | undefined {
  const secret = secrets.get(toHex(ephemeralKey))
  return secret && toHex(secret)
}

function sessionOf(
  installations: readonly Installation[],
  id: string,
  preKeyId: Uint8Array | undefined,
): Session | undefined {
  return installations
    .find((installation) => installation.id === id)
    ?.sessions.findLast((session) => !preKeyId || equal(session.preKeyId, preKeyId))
}

/** Without the note for readers. */
function seen(session: unknown): unknown {
  return typeof session === 'object' && session !== null ? { ...session, session_id_is: undefined } : session
}

function contextOf(
  message: ProtocolMessage,
  random: ConversationContext['random'] = noise,
): ConversationContext {
  return { nowMs: Number((message.bundles[0]?.timestampNs ?? 0n) / 1_000_000n), random }
}

/** Draws this key again and again: at most one ratchet key is drawn while a message is read. */
function only(privateKey: unknown): ConversationContext['random'] {
  return { bytes: () => hex(privateKey) }
}
