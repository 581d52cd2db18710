import { fromHex, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { expectHex, expectSame, hex, type VectorSuite } from '@status-protocol/testkit'
import {
  type Bloom,
  bloomFrom,
  bloomMatches,
  bloomMatchesTopic,
  bloomOf,
  bloomOfTopics,
  contactCode,
  contactCodeId,
  discoveryPartition,
  genericDiscoveryTopic,
  keyPairId,
  negotiatedChat,
  PASSWORD_KEY_ROUNDS,
  partitionedDiscovery,
  partitionedDiscoveryId,
  personalDiscovery,
  personalDiscoveryId,
  publicChat,
  type SymmetricChat,
  symmetricKeyFromPassword,
  topicFrom,
  topicOfText,
} from '../../src/index.ts'

/** How a chat of ours is encrypted, in the words of the file. */
const encryptionOf = (chat: object): string =>
  'publicKey' in chat ? 'asymmetric (recipient identity key)' : 'symmetric'

/** A derivation takes 13 - 90 ms and the self-test runs each case many times, so each is done once per input. */
const derived = new Map<string, Promise<unknown>>()
function once<T>(name: string, input: string, derive: () => Promise<T>): Promise<T> {
  const key = `${name} ${input}`
  if (!derived.has(key)) derived.set(key, derive())
  return derived.get(key) as Promise<T>
}

export const suite: VectorSuite = {
  file: 'whisper-topics-keys.json',
  kinds: {
    public_chat: {
      expected: ['topic', 'topic_source_keccak256', 'symmetric_key', 'bloom'],
      async check(c) {
        const topic = topicOfText(c.chat_id)
        expectHex(topic, c.topic, 'topic')
        const digest = crypto.keccak256(utf8(c.chat_id))
        expectHex(digest, c.topic_source_keccak256, 'topic_source_keccak256')
        expectHex(bloomOf(topic), c.bloom, 'bloom')
        const chat = await once('publicChat', c.chat_id, () => publicChat(c.chat_id))
        expectHex(chat.topic, c.topic, 'topic')
        expectHex(chat.symmetricKey, c.symmetric_key, 'symmetric_key')
      },
    },
    generic_discovery: {
      expected: ['topic', 'bloom', 'encryption', 'chat_id'],
      check(c) {
        const topic = genericDiscoveryTopic()
        expectHex(topic, c.topic, 'topic')
        expectHex(topicOfText(c.chat_id), c.topic, 'topic of chat_id')
        expectHex(bloomOf(topic), c.bloom, 'bloom')
        expectSame(encryptionOf({ topic, publicKey: undefined }), c.encryption, 'encryption')
      },
    },
    public_key_topics: {
      expected: ['public_key', 'x_mod_5000', 'partitioned', 'personal_discovery', 'contact_code'],
      async check(c) {
        const publicKey = crypto.publicKey(hex(c.private_key))
        expectHex(publicKey, c.public_key, 'public_key')
        expectSame(discoveryPartition(publicKey), c.x_mod_5000, 'x_mod_5000')
        const partitioned = partitionedDiscovery(publicKey)
        expectSame(
          {
            chat_id: partitionedDiscoveryId(publicKey),
            topic: partitioned.topic,
            encryption: encryptionOf(partitioned),
          },
          c.partitioned,
          'partitioned',
        )
        const personal = personalDiscovery(publicKey)
        expectSame(
          {
            chat_id: personalDiscoveryId(publicKey),
            topic: personal.topic,
            encryption: encryptionOf(personal),
          },
          c.personal_discovery,
          'personal_discovery',
        )
        const code = await once('contactCode', toHex(publicKey), () => contactCode(publicKey))
        expectSame(
          {
            chat_id: contactCodeId(publicKey),
            topic: code.topic,
            symmetric_key_password: contactCodeId(publicKey),
            symmetric_key: code.symmetricKey,
          },
          c.contact_code,
          'contact_code',
        )
      },
    },
    negotiated_topic: {
      expected: [
        'alice_public_key',
        'bob_public_key',
        'shared_secret',
        'topic_preimage_and_password_text',
        'topic',
        'symmetric_key',
        'local_filter_chat_id_at_alice',
      ],
      async check(c) {
        const [alice, bob] = [hex(c.alice_private_key), hex(c.bob_private_key)]
        const [alicePublic, bobPublic] = [crypto.publicKey(alice), crypto.publicKey(bob)]
        expectHex(alicePublic, c.alice_public_key, 'alice_public_key')
        expectHex(bobPublic, c.bob_public_key, 'bob_public_key')
        const secret = crypto.ecdh(alice, bobPublic)
        expectHex(secret, c.shared_secret, 'shared_secret')
        expectHex(secret, c.topic_preimage_and_password_text, 'topic_preimage_and_password_text')
        expectSame(
          `0x${c.bob_public_key}-negotiated`,
          c.local_filter_chat_id_at_alice,
          'local_filter_chat_id_at_alice',
        )
        for (const chat of [await negotiated(alice, bobPublic), await negotiated(bob, alicePublic)]) {
          expectHex(chat.topic, c.topic, 'topic')
          expectHex(chat.symmetricKey, c.symmetric_key, 'symmetric_key')
        }
      },
    },
    symmetric_key_from_password: {
      expected: ['symmetric_key', 'symmetric_key_keccak256', 'iterations', 'salt'],
      async check(c) {
        expectSame(PASSWORD_KEY_ROUNDS, c.iterations, 'iterations')
        expectHex(new Uint8Array(0), c.salt, 'salt')
        const key = await once('password', c.password, () => symmetricKeyFromPassword(c.password))
        expectHex(key, c.symmetric_key, 'symmetric_key')
        expectHex(crypto.keccak256(key), c.symmetric_key_keccak256, 'symmetric_key_keccak256')
      },
    },
    key_pair_id: {
      expected: ['id', 'iterations', 'pbkdf2_password_text'],
      async check(c) {
        const publicKey = hex(c.public_key)
        expectHex(await keyPairId(publicKey), c.id, 'id')
        const derived = await crypto.pbkdf2({
          hash: 'sha256',
          password: utf8(c.pbkdf2_password_text),
          salt: new Uint8Array(0),
          iterations: c.iterations,
          length: 32,
        })
        expectHex(derived, c.id, 'id from the recorded text and rounds')
        expectSame(`0x${c.public_key}`, c.pbkdf2_password_text, 'pbkdf2_password_text')
      },
    },
    topic_to_bloom: {
      expected: ['bloom', 'set_bit_indexes'],
      check(c) {
        const bloom = bloomOf(topicFrom(hex(c.topic)))
        expectHex(bloom, c.bloom, 'bloom')
        expectSame(setBits(bloom), c.set_bit_indexes, 'set_bit_indexes')
      },
    },
    topics_to_bloom: {
      expected: ['bloom'],
      check(c) {
        const topics = c.topics.map((t: string) => topicFrom(fromHex(t)))
        const bloom = bloomOfTopics(topics)
        expectHex(bloom, c.bloom, 'bloom')
        for (const topic of topics) expectSame(bloomMatchesTopic(bloom, topic), true, 'a topic of its own')
      },
    },
    bloom_match: {
      expected: ['match'],
      check(c) {
        const filter = c.filter === '' ? undefined : bloomFrom(hex(c.filter))
        expectSame(bloomMatches(filter, bloomFrom(hex(c.sample))), c.match, 'match')
      },
    },
  },
}

function negotiated(privateKey: Uint8Array, publicKey: Uint8Array): Promise<SymmetricChat> {
  const input = `${toHex(privateKey)} ${toHex(publicKey)}`
  return once('negotiated', input, () => negotiatedChat({ privateKey, publicKey }))
}

function setBits(bloom: Bloom): number[] {
  return Array.from({ length: 512 }, (_, i) => i).filter((i) => ((bloom[i >> 3] as number) >> (i & 7)) & 1)
}
