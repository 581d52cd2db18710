/** A recorded private conversation: both parties with stores of their own, each step read by one and written again by the other. */
import { equal, fromHex, toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type ConversationContext,
  decodeInstallation,
  decodeProtocolMessage,
  decryptMessage,
  encodeInstallation,
  encryptMessage,
  INSTALLATIONS_TABLE,
  type Installation,
  type ProtocolMessage,
  type Session,
} from '@status-protocol/double-ratchet'
import { initiateRatchet, ratchetEncrypt } from '@status-protocol/double-ratchet/ratchet'
import { acceptX3dh } from '@status-protocol/double-ratchet/x3dh'
import { decodePayload, encodePayload, oneToOneGroupId } from '@status-protocol/mvds'
import type { Change } from '@status-protocol/ports'
import { expectHex, expectSame, expectThat, hex, type VectorCase } from '@status-protocol/testkit'
import { decodeEnvelope, partitionedDiscovery, partitionedDiscoveryId } from '@status-protocol/whisper'
import { negotiatedChatOf } from './chats.ts'
import { createDevice, type Device } from './device.ts'
import {
  checkEnvelope,
  checkProtocolMessage,
  checkWrapper,
  contextOf,
  expectSameButTime,
  type Identity,
  noise,
  openEnvelope,
  preKeysIn,
  type Route,
  routeFor,
  sealEnvelope,
} from './layers.ts'
import { outline, shownSession, shownSyncPayload } from './shown.ts'

interface Talk {
  readonly c: VectorCase
  readonly devices: ReadonlyMap<string, Device>
  /** Private pre keys of the file, by their public key. */
  readonly preKeys: ReadonlyMap<string, string>
  /** What X3DH gave the responder of a session, by the initiator's ephemeral key. */
  readonly secrets: Map<string, Uint8Array>
}

export async function checkConversation(c: VectorCase): Promise<void> {
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
  return { role: 'initiator', answered: false, preKeyId, ephemeralKey, expiredMs: 0, ratchet: written.state }
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

// ---- the parties

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

/** Draws this key again and again: at most one ratchet key is drawn while a message is read. */
function only(privateKey: unknown): ConversationContext['random'] {
  return { bytes: () => hex(privateKey) }
}
