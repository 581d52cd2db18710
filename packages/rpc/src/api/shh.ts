/** The `shh` namespace: Whisper, as geth 1.9 and status-go offer it. */
import { z } from 'zod'
import { route } from '../route.ts'
import { bytes, enode, hexText, id, none, optional, topic, yes } from './schemas.ts'

/** Topics of one filter. */
const MAX_TOPICS = 5_000
const MAX_PAYLOAD_BYTES = 1_048_576

const uint32 = z.number().int().min(0).max(0xffff_ffff)
const pow = z.number().min(0)

/** Which messages somebody wants: one of the two keys, and conditions. */
const CRITERIA = z.object({
  symKeyID: optional(id).meta({ description: 'those that this symmetric key opens' }),
  privateKeyID: optional(id).meta({ description: 'those to this key pair' }),
  sig: optional(bytes(65)).meta({ description: 'those that this public key has signed' }),
  minPow: optional(z.number()).meta({ description: 'least proof of work; default 0' }),
  topics: optional(z.array(topic).max(MAX_TOPICS)).meta({ description: 'any of them; none: every topic' }),
  allowP2P: optional(z.boolean()).meta({
    description: 'also what a trusted peer sends to this node alone (history); default false',
  }),
})
export type Criteria = z.output<typeof CRITERIA>

/** A message to send: one of the two keys, and the rest. */
export const NEW_MESSAGE = z.object({
  symKeyID: optional(id).meta({ description: 'for those who share this symmetric key' }),
  pubKey: optional(bytes(65)).meta({ description: 'for the owner of this public key' }),
  sig: optional(id).meta({ description: 'key pair that signs' }),
  ttl: optional(uint32).meta({ description: 'seconds that relays keep it; 0 or none: 50' }),
  topic: optional(topic).meta({ description: 'required with a symmetric key' }),
  payload: optional(bytes(MAX_PAYLOAD_BYTES)),
  padding: optional(bytes(MAX_PAYLOAD_BYTES)).meta({ description: 'instead of random padding to 256 bytes' }),
  powTime: optional(uint32).meta({ description: 'most seconds of proof of work' }),
  powTarget: optional(pow).meta({ description: 'proof of work to reach' }),
  targetPeer: optional(enode).meta({ description: 'only to this peer, directly, without proof of work' }),
})
export type NewMessage = z.output<typeof NEW_MESSAGE>

const MESSAGE = z.object({
  sig: hexText.optional().meta({ description: 'public key that signed, 65 bytes; absent: nobody' }),
  ttl: z.number(),
  timestamp: z.number().meta({ description: 'Unix seconds, as its sender says' }),
  topic: hexText,
  payload: hexText,
  padding: hexText,
  pow: z.number(),
  hash: hexText.meta({ description: 'of the envelope' }),
  recipientPublicKey: hexText.optional().meta({ description: 'of an asymmetric message' }),
  direct: z
    .literal(true)
    .optional()
    .meta({ description: 'sent by a trusted peer to this node alone; not in geth' }),
})
export type RpcMessage = z.output<typeof MESSAGE>

const oneId = { params: z.tuple([id]), names: ['id'] }

export const SHH_ROUTES = {
  shh_version: route({
    summary: 'Version of Whisper.',
    params: none,
    names: [],
    result: z.string().meta({ description: '"6.0"' }),
  }),
  shh_info: route({
    summary: 'Envelopes held and limits in force.',
    params: none,
    names: [],
    result: z.object({
      memory: z.number().meta({ description: 'bytes in the pool' }),
      messages: z.number().meta({ description: 'envelopes that wait to be opened' }),
      minPow: z.number(),
      maxMessageSize: z.number(),
    }),
  }),
  shh_setMaxMessageSize: route({
    summary: 'Refuses envelopes larger than so many bytes.',
    params: z.tuple([uint32]),
    names: ['size'],
    result: yes,
  }),
  shh_setMinPoW: route({
    summary: 'Asks peers for at least so much proof of work.',
    params: z.tuple([z.number()]),
    names: ['pow'],
    result: yes,
  }),
  shh_setBloomFilter: route({
    summary: 'Asks peers for the topics of this bloom filter only.',
    params: z.tuple([bytes(1024)]),
    names: ['bloom'],
    result: yes,
  }),
  shh_markTrustedPeer: route({
    summary: 'Accepts direct messages, history among them, from a connected peer.',
    params: z.tuple([enode]),
    names: ['enode'],
    result: yes,
  }),
  shh_newKeyPair: route({ summary: 'Makes a key pair. Gives its id.', params: none, names: [], result: id }),
  shh_addPrivateKey: route({
    summary: 'Takes in a private key of 32 bytes. Gives the id of the pair.',
    params: z.tuple([bytes(256, 'private key: 0x and 64 hex digits')]),
    names: ['privateKey'],
    result: id,
  }),
  shh_deleteKeyPair: route({
    summary: 'Forgets a key pair; an error if there is none.',
    ...oneId,
    result: yes,
  }),
  shh_hasKeyPair: route({
    summary: 'Whether there is a key pair of this id.',
    ...oneId,
    result: z.boolean(),
  }),
  shh_getPublicKey: route({ summary: 'The public key of a pair, 65 bytes.', ...oneId, result: hexText }),
  shh_getPrivateKey: route({ summary: 'The private key of a pair, 32 bytes.', ...oneId, result: hexText }),
  shh_newSymKey: route({
    summary: 'Makes a symmetric key. Gives its id.',
    params: none,
    names: [],
    result: id,
  }),
  shh_addSymKey: route({
    summary: 'Takes in a symmetric key of 32 bytes. Gives its id.',
    params: z.tuple([bytes(256, 'symmetric key: 0x and 64 hex digits')]),
    names: ['key'],
    result: id,
  }),
  shh_generateSymKeyFromPassword: route({
    summary:
      'The symmetric key that a password gives everywhere: that of a public chat for its name. Gives its id.',
    params: z.tuple([z.string().max(4_096)]),
    names: ['password'],
    result: id,
  }),
  shh_hasSymKey: route({
    summary: 'Whether there is a symmetric key of this id.',
    ...oneId,
    result: z.boolean(),
  }),
  shh_getSymKey: route({ summary: 'A symmetric key, 32 bytes.', ...oneId, result: hexText }),
  shh_deleteSymKey: route({
    summary: 'Forgets a symmetric key. Whether there was one.',
    ...oneId,
    result: z.boolean(),
  }),
  shh_newMessageFilter: route({
    summary: 'Collects messages until they are asked for. Forgotten when nobody asks for 5 minutes.',
    params: z.tuple([CRITERIA]),
    names: ['criteria'],
    result: id,
  }),
  shh_getFilterMessages: route({
    summary: 'What a filter has collected since it was last asked.',
    ...oneId,
    result: z.array(MESSAGE),
  }),
  shh_deleteMessageFilter: route({
    summary: 'Ends a filter; an error if there is none.',
    ...oneId,
    result: yes,
  }),
  shh_post: route({
    summary: 'Seals a message and sends it. Gives the hash of its envelope.',
    params: z.tuple([NEW_MESSAGE]),
    names: ['message'],
    result: hexText,
  }),
  shh_makeLightClient: route({
    summary: 'Forwards nothing from now on.',
    params: none,
    names: [],
    result: z.boolean(),
  }),
  shh_cancelLightClient: route({
    summary: 'Forwards again.',
    params: none,
    names: [],
    result: z.boolean(),
  }),
}

export const SHH_SUBSCRIPTIONS = {
  messages: route({
    summary: 'Messages as they come.',
    params: z.tuple([CRITERIA]),
    names: ['criteria'],
    result: MESSAGE,
  }),
}
