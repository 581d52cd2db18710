/** Single layers as the golden cases have them: what each makes of its own bytes, and the same bytes made of that again. */
import { toHex } from '@status-protocol/bytes'
import {
  type ConversationContext,
  decodeProtocolMessage,
  encodeProtocolMessage,
  type OwnPreKey,
  type ProtocolMessage,
} from '@status-protocol/double-ratchet'
import { signBundle, verifyBundle } from '@status-protocol/double-ratchet/x3dh'
import { type Message, unwrap, wrap } from '@status-protocol/payload'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type SeededRandom,
  seededRandom,
  type VectorCase,
} from '@status-protocol/testkit'
import {
  type AsymmetricChat,
  decodeEnvelope,
  envelopeHash,
  type OpeningKey,
  open,
  powOf,
  type SymmetricChat,
  sentUnixSeconds,
} from '@status-protocol/whisper'
import type { NamedChat } from './chats.ts'
import { sealAgain } from './seal-again.ts'
import { shownProtocolMessage } from './shown.ts'

/** What nothing depends on. */
export const noise: SeededRandom = seededRandom(7)

export interface Route {
  /** The text from which the topic comes, and the key if it is symmetric. */
  readonly text: string
  readonly chat: SymmetricChat | AsymmetricChat
  readonly key: OpeningKey
}

export interface Identity {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

export function routeFor({ text, chat }: NamedChat): Route {
  return { text, chat, key: chat }
}

/** What everybody sees of a case's envelope, and where its topic and key come from. */
export function checkEnvelope(c: VectorCase, { text, chat }: Route): void {
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
export function openEnvelope(c: VectorCase, { key }: Route, author: Identity): Uint8Array {
  const result = open(decodeEnvelope(hex(c.envelope_rlp)), key)
  expectThat(result.ok, 'the envelope does not open')
  expectHex(result.signer, toHex(author.publicKey), 'who signed the envelope')
  return result.payload
}

/** The envelope of a case, made again as its sender made it. */
export async function sealEnvelope(
  c: VectorCase,
  { chat, key }: Route,
  author: Identity,
  payload: Uint8Array,
): Promise<void> {
  const envelope = decodeEnvelope(hex(c.envelope_rlp))
  const was = open(envelope, key)
  expectThat(was.ok, 'the envelope does not open')
  await sealAgain(envelope, { chat, key }, { payload, padding: was.padding, signer: author.privateKey })
}

/** Both ways: who says what, and the same wrapper made of it again. */
export function checkWrapper(c: VectorCase, author: Identity): Message {
  const result = unwrap(hex(c.application_wrapper))
  expectThat(result.ok && result.message.type !== 'unknown', 'a message that is known')
  expectHex(result.author, toHex(author.publicKey), 'author')
  expectHex(result.messageId, c.message_id, 'message_id')
  expectHex(wrap(result.message, author), c.application_wrapper, 'application_wrapper made again')
  return result.message
}

/** Both ways: what a ProtocolMessage says, and the same one made of it again. */
export function checkProtocolMessage(c: VectorCase): ProtocolMessage {
  const message = decodeProtocolMessage(hex(c.protocol_message))
  expectSame(shownProtocolMessage(message), c.decoded_protocol_message, 'decoded_protocol_message')
  expectHex(encodeProtocolMessage(message), c.protocol_message, 'protocol_message made again')
  for (const bundle of message.bundles) expectThat(verifyBundle(bundle).ok, 'the bundle is not signed well')
  return message
}

/** A bundle is signed at a nanosecond that we do not choose: signed at the recorded one, all of it must be the same. */
export function expectSameButTime(
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

/** A sender's own pre keys as its bundle lists them. The private one is zero where the file has none: nobody uses it. */
export function preKeysIn(
  message: ProtocolMessage,
  known: ReadonlyMap<string, string>,
): readonly OwnPreKey[] {
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

export function contextOf(
  message: ProtocolMessage,
  random: ConversationContext['random'] = noise,
): ConversationContext {
  return { nowMs: Number((message.bundles[0]?.timestampNs ?? 0n) / 1_000_000n), random }
}
