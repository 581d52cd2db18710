/** A recorded session as its parties lived it: secrets, and envelopes opened at the Whisper layer. Nothing expected is in it. */
import { equal, toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { decodeProtocolMessage, type ProtocolMessage } from '@status-protocol/double-ratchet'
import { expectThat, hex, type VectorCase } from '@status-protocol/testkit'
import {
  type AsymmetricChat,
  decodeDirect,
  decodeEnvelope,
  type Envelope,
  envelopeHash,
  type OpeningKey,
  open,
  partitionedDiscovery,
  type SymmetricChat,
  sentUnixSeconds,
  symmetricChat,
  symmetricKeyFromPassword,
  topicFrom,
} from '@status-protocol/whisper'
import { contactCodeOf, negotiatedChatOf, publicChatOf } from './chats.ts'
import { createDevice, type Device } from './device.ts'
import { sealAgain } from './seal-again.ts'

/** All that a replay may know. */
export interface RecordingInput {
  readonly publicChats: readonly string[]
  readonly parties: readonly PartyInput[]
  readonly envelopes: readonly EnvelopeInput[]
  readonly mail?: MailInput
}

export interface PartyInput {
  readonly name: string
  readonly identity: string
  readonly installationId: string
  readonly preKeys: readonly {
    readonly private: string
    readonly version: number
    readonly timestamp: string
  }[]
  readonly sessions: readonly SessionInput[]
}

/** The private keys that a party drew in one of its sessions. */
export interface SessionInput {
  readonly preKeyId: string
  readonly theirInstallationId: string
  /** Where the party began the session. */
  readonly ephemeral?: string | undefined
  /** In the order in which they were made. */
  readonly ratchetKeys: readonly string[]
}

export interface EnvelopeInput {
  readonly rlp: string
  /**
   * Parties that do not listen to the contact code in it: they have no chat with its author yet. That depends on what
   * people did, not on keys.
   */
  readonly deaf: readonly string[]
}

export interface MailInput {
  readonly password: string
  readonly requester: string
  readonly nodePrivateKey: string
  /** Bodies of the packets 127 that answered. */
  readonly direct: readonly string[]
}

export type RouteKind = 'public' | 'contact-code' | 'partition' | 'negotiated' | 'mail-server'

export interface Route {
  readonly kind: RouteKind
  readonly chat: SymmetricChat | AsymmetricChat
  readonly key: OpeningKey
  /** Identities that have the key; everybody if there is no such list. */
  readonly holders?: readonly Uint8Array[]
}

export interface Party {
  readonly input: PartyInput
  readonly device: Device
}

/** An opened envelope. */
export interface Carried {
  readonly index: number
  readonly envelope: Envelope
  readonly route: Route
  readonly payload: Uint8Array
  readonly signer: Uint8Array
  /** Who sent it. */
  readonly from: string
  /** The identity that it is for; undefined if it is for everybody. */
  readonly to: Uint8Array | undefined
  /** Unless it is a bare wrapper. */
  readonly message: ProtocolMessage | undefined
  readonly deaf: readonly string[]
  /** Parties that got it from the mail server. */
  readonly fromHistory: readonly string[]
}

export async function createParty(input: PartyInput): Promise<Party> {
  const preKeys = input.preKeys.map((key) => {
    const privateKey = hex(key.private)
    const id = crypto.compressPublicKey(crypto.publicKey(privateKey))
    return { id, privateKey, version: key.version, createdMs: Number(BigInt(key.timestamp) / 1_000_000n) }
  })
  const { identity, installationId } = input
  return { input, device: await createDevice({ identity: hex(identity), installationId, preKeys }) }
}

/** Every envelope with the one key that opens it, and made again as its sender made it. */
export async function openRecording(input: RecordingInput): Promise<readonly Carried[]> {
  const parties = await Promise.all(input.parties.map(createParty))
  const routes = await routesOf(input, parties)
  const carried: Carried[] = []
  for (const [index, { rlp, deaf }] of input.envelopes.entries()) {
    const envelope = decodeEnvelope(hex(rlp))
    const opened = openWithAny(envelope, routes)
    expectThat(opened !== undefined, `envelope ${index}: no key opens it`)
    const { route, result } = opened
    const { payload, signer } = result
    const message = protocolMessageIn(payload)
    carried.push({
      ...{ index, envelope, route, payload, signer, message, deaf },
      from: senderOf(parties, signer, message) ?? mailClient(input, signer) ?? '',
      to: recipientOf(route, signer),
      fromHistory: [],
    })
    const sender = parties.find(({ device }) => equal(device.self.publicKey, signer))
    const signerKey = sender?.device.self.identity.privateKey ?? hex(input.mail?.nodePrivateKey)
    await sealAgain(envelope, route, { payload, padding: result.padding, signer: signerKey })
  }
  return input.mail ? withHistory(input.mail, carried) : carried
}

/** What the server answered and had expired when it was asked cannot have come another way. */
function withHistory({ requester, direct }: MailInput, carried: readonly Carried[]): readonly Carried[] {
  const answered = new Set(direct.flatMap((body) => decodeDirect(hex(body)).map(hashText)))
  const asked = carried.find(({ route }) => route.kind === 'mail-server')
  const askedAt = asked ? sentUnixSeconds(asked.envelope) : 0
  return carried.map((one) => {
    const isLate = one.envelope.expiryUnixSeconds < askedAt && answered.has(hashText(one.envelope))
    return isLate ? { ...one, fromHistory: [requester] } : one
  })
}

/** Whether a party can open it. */
export function hasKey({ device }: Party, { route }: Carried): boolean {
  return route.holders === undefined || route.holders.some((key) => equal(key, device.self.publicKey))
}

async function routesOf(input: RecordingInput, parties: readonly Party[]): Promise<readonly Route[]> {
  const routes: Route[] = []
  const symmetric = (kind: RouteKind, chat: SymmetricChat, holders?: readonly Uint8Array[]) =>
    routes.push({ kind, chat, key: chat, ...(holders && { holders }) })
  for (const name of input.publicChats) symmetric('public', (await publicChatOf(name)).chat)
  const identities = [
    ...new Map(parties.map(({ device }) => [toHex(device.self.publicKey), device.self])).values(),
  ]
  for (const [i, self] of identities.entries()) {
    symmetric('contact-code', (await contactCodeOf(self.publicKey)).chat)
    const { privateKey } = self.identity
    const chat = partitionedDiscovery(self.publicKey)
    routes.push({ kind: 'partition', chat, key: { privateKey }, holders: [self.publicKey] })
    for (const { publicKey } of identities.slice(i))
      symmetric('negotiated', (await negotiatedChatOf(self, publicKey)).chat, [self.publicKey, publicKey])
  }
  // Mail requests go without a topic.
  if (input.mail)
    symmetric(
      'mail-server',
      symmetricChat(topicFrom(new Uint8Array(4)), await symmetricKeyFromPassword(input.mail.password)),
      [],
    )
  return routes
}

function openWithAny(envelope: Envelope, routes: readonly Route[]) {
  for (const route of routes) {
    if (!equal(route.chat.topic, envelope.topic)) continue
    const result = open(envelope, route.key)
    if (result.ok && result.signer) return { route, result: { ...result, signer: result.signer } }
  }
  return undefined
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

/** Bare wrappers do not name an installation: there the identity must have one. */
function senderOf(parties: readonly Party[], signer: Uint8Array, message: ProtocolMessage | undefined) {
  const ofSigner = parties.filter(({ device }) => equal(device.self.publicKey, signer))
  const named = message
    ? ofSigner.filter(({ device }) => device.self.installationId === message.installationId)
    : ofSigner
  return named.length === 1 ? named[0]?.input.name : undefined
}

/** Requests for history are signed with the key of the client's node. */
function mailClient({ mail }: RecordingInput, signer: Uint8Array): string | undefined {
  return mail && equal(crypto.publicKey(hex(mail.nodePrivateKey)), signer) ? mail.requester : undefined
}

function recipientOf({ kind, holders = [] }: Route, signer: Uint8Array): Uint8Array | undefined {
  if (kind !== 'partition' && kind !== 'negotiated') return undefined
  return holders.find((key) => !equal(key, signer)) ?? holders[0]
}

export function hashText(envelope: Envelope): string {
  return toHex(envelopeHash(envelope))
}

/** What a case gives to a replay. */
export function recordingInput(c: VectorCase): RecordingInput {
  const { mail_server, requester, requester_node_private_key, requests } = c.history ?? {}
  return {
    publicChats: c.texts.public_chats,
    parties: (c.parties as VectorCase[]).map((p) => ({
      name: p.name,
      identity: p.identity_private_key,
      installationId: p.installation_id,
      preKeys: (p.signed_pre_keys as VectorCase[]).map((key) => ({
        private: key.private,
        version: key.version,
        timestamp: key.timestamp,
      })),
      sessions: (p.sessions as VectorCase[]).map((s) => ({
        preKeyId: s.bundle_id,
        theirInstallationId: s.their_installation_id,
        ephemeral: s.ephemeral_private,
        ratchetKeys: (s.ratchet_keys as VectorCase[]).map((key) => key.private),
      })),
    })),
    envelopes: (c.envelopes as VectorCase[]).map(({ rlp, topic_kind, readers }) => ({
      rlp,
      deaf: Object.keys(readers).filter(
        (name) => topic_kind === 'contact-code' && readers[name].verdict === 'not-for-me',
      ),
    })),
    ...(c.history && {
      mail: {
        password: mail_server.password,
        requester,
        nodePrivateKey: requester_node_private_key,
        direct: (requests as VectorCase[]).flatMap(({ packets }) =>
          (packets as VectorCase[]).filter(({ code }) => code === 127).map(({ body }) => body),
        ),
      },
    }),
  }
}
