/**
 * Whole messages through every layer: from the envelope to what it says, and from there to the same envelope. Only what
 * the packages export is used; what a sender drew at random is taken from the file where the file has it.
 */
import { defaultProvider as crypto, generatePrivateKey } from '@status-protocol/crypto'
import { decodeProtocolMessage, decryptMessage, publicMessage } from '@status-protocol/double-ratchet'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'
import { contactCodeOf, publicChatOf } from '../support/chats.ts'
import { createDevice } from '../support/device.ts'
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
  routeFor,
  sealEnvelope,
} from '../support/layers.ts'
import { checkConversation } from '../support/talk.ts'

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

function identityOf(c: VectorCase): Identity {
  const privateKey = hex(c.sender_identity_private)
  const publicKey = crypto.publicKey(privateKey)
  expectHex(publicKey, c.sender_identity_public, 'sender_identity_public')
  return { privateKey, publicKey }
}
