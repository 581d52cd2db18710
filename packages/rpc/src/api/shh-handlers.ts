/** What the methods of `shh` do, on a Whisper node. Errors have the words of geth, which clients show and compare. */
import { isAllZero, type PublicKey, to0xHex, toHex } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import {
  encodeDirect,
  type Filter,
  type KeyId,
  MAX_MESSAGE_BYTES,
  type Post,
  packetCodes,
  type ReceivedMessage,
  type Topic,
  topicFrom,
  type Whisper,
  WhisperError,
} from '@status-protocol/whisper'
import { RpcError } from '../error.ts'
import type { Handlers, SubscriptionHandlers } from '../route.ts'
import { type MessageFilters, orElse } from './message-filters.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Criteria, NewMessage, RpcMessage, SHH_ROUTES, SHH_SUBSCRIPTIONS } from './shh.ts'
import type { TopicBudget } from './topic-budget.ts'

/** Keys of both kinds that clients may put into a node. */
export const MAX_KEYS = 10_000

/** Seconds, where a message does not say: as geth. */
const DEFAULT_TTL_SECONDS = 50
/** Longest search for proof of work that a client can ask for, in seconds. */
const MAX_POW_SECONDS = 120
/** Messages of all clients that are being sealed at the same time. */
const MAX_POSTS = 256
/** What one derivation counts as, in those of a password: 4,096 rounds instead of 65,356. */
const KEY_ID_COST = 1 / 16
const BLOOM_BYTES = 64

export interface ShhContext {
  readonly whisper: Whisper
  readonly filters: MessageFilters
  /** What filters and subscriptions may want. */
  readonly wanted: TopicBudget
  /** Of derivations of keys from passwords. */
  readonly derivations: RateLimit
  /** Messages that are being sealed. */
  readonly posts: { running: number }
  /** 64 bytes of an enode, which need not have an address. Throws what it likes. */
  peerIdOf(enode: string): Uint8Array
  readonly crypto?: CryptoProvider
}

export function shhHandlers(context: ShhContext): Handlers<typeof SHH_ROUTES> {
  const { whisper, filters, derivations } = context
  const { keys } = whisper
  const expectRoomForKey = (): void => {
    if (keys.size >= MAX_KEYS)
      throw new RpcError('too-many', `expected at most ${MAX_KEYS} keys; delete some`)
  }

  return {
    shh_version: () => '6.0',
    shh_info: () => {
      const { poolBytes, waitingOpenings } = whisper.stats()
      return {
        memory: poolBytes,
        messages: waitingOpenings,
        minPow: whisper.minPow,
        maxMessageSize: whisper.maxMessageBytes,
      }
    },
    shh_setMaxMessageSize: ([size]) => {
      if (size > MAX_MESSAGE_BYTES)
        throw new RpcError('invalid-argument', `message size too large [${size}>${MAX_MESSAGE_BYTES}]`)
      whisper.setMaxMessageBytes(size)
      return true
    },
    shh_setMinPoW: ([pow]) => {
      if (pow < 0) throw new RpcError('invalid-argument', `invalid PoW: ${pow.toFixed(6)}`)
      whisper.setMinPow(pow)
      return true
    },
    shh_setBloomFilter: ([bloom]) => {
      if (bloom.length !== BLOOM_BYTES)
        throw new RpcError('invalid-argument', `invalid bloom filter size: ${bloom.length}`)
      whisper.setBloom(bloom as Parameters<Whisper['setBloom']>[0])
      return true
    },
    shh_markTrustedPeer: ([enode]) => {
      whisper.trust(connectedPeer(context, enode, '').peerId)
      return true
    },
    shh_newKeyPair: () => {
      expectRoomForKey()
      derivations.take(KEY_ID_COST)
      return keys.newKeyPair()
    },
    shh_addPrivateKey: async ([privateKey]) => {
      expectRoomForKey()
      derivations.take(KEY_ID_COST)
      if (privateKey.length !== 32) throw new RpcError('invalid-argument', 'invalid length, need 256 bits')
      try {
        return await keys.addKeyPair(privateKey)
      } finally {
        privateKey.fill(0)
      }
    },
    shh_deleteKeyPair: ([id]) => {
      if (keys.deleteKeyPair(id)) return true
      throw new RpcError('not-found', `key pair ${printable(id)} not found`)
    },
    shh_hasKeyPair: ([id]) => keys.hasKeyPair(id),
    shh_getPublicKey: ([id]) => to0xHex(keys.publicKey(knownPair(context, id))),
    shh_getPrivateKey: ([id]) => to0xHex(keys.privateKey(knownPair(context, id))),
    shh_newSymKey: () => {
      expectRoomForKey()
      return keys.newSymmetricKey()
    },
    shh_addSymKey: ([key]) => {
      expectRoomForKey()
      if (key.length !== 32) throw new RpcError('invalid-argument', `wrong key size: ${key.length}`)
      const id = keys.addSymmetricKey(key)
      key.fill(0)
      return id
    },
    shh_generateSymKeyFromPassword: ([password]) => {
      expectRoomForKey()
      derivations.take(1)
      return keys.addSymmetricKeyFromPassword(password)
    },
    shh_hasSymKey: ([id]) => keys.hasSymmetricKey(id),
    shh_getSymKey: ([id]) => to0xHex(knownSymmetricKey(context, id)),
    shh_deleteSymKey: ([id]) => keys.deleteSymmetricKey(id),
    shh_newMessageFilter: ([criteria]) =>
      withFilter(context, criteria, (filter) => filters.add(filter, recipientOf(context, criteria))),
    shh_getFilterMessages: ([id]) => {
      const { messages, recipient } = filters.take(id)
      return messages.map((message) => messageView(message, recipient))
    },
    shh_deleteMessageFilter: ([id]) => {
      if (filters.delete(id)) return true
      throw new RpcError('not-found', 'Unsubscribe: Invalid ID')
    },
    shh_post: ([message], { signal }) => post(context, message, signal),
    shh_makeLightClient: () => {
      whisper.setLightClient(true)
      return whisper.lightClient
    },
    shh_cancelLightClient: () => {
      whisper.setLightClient(false)
      return !whisper.lightClient
    },
  }
}

export function shhSubscriptionHandlers(
  context: ShhContext,
): SubscriptionHandlers<{ readonly shh: typeof SHH_SUBSCRIPTIONS }>['shh'] {
  return {
    messages: ([criteria], emit) => {
      if (criteria.symKeyID && !criteria.topics?.length)
        throw new RpcError('invalid-argument', 'missing topic(s)')
      const giveBack = context.wanted.take(criteria.topics?.length ?? 0)
      const subscription = orElse(
        () => withFilter(context, criteria, (filter) => context.whisper.service.subscribe(filter)),
        giveBack,
      )
      const recipient = recipientOf(context, criteria)
      void (async () => {
        for await (const message of subscription) emit(messageView(message, recipient))
      })().catch(() => undefined) // slow-reader: it cannot be, each message is taken in the turn it comes
      return () => {
        giveBack()
        void subscription.return?.()
      }
    },
  }
}

/**
 * `shh_post`. The search for proof of work ends with who asked for it.
 *
 * @throws RpcError, WhisperError
 */
export async function post(
  context: ShhContext,
  message: NewMessage,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { whisper } = context
  const sealed = postFrom(context, message)
  if (context.posts.running >= MAX_POSTS)
    throw new RpcError(
      'too-many',
      `expected at most ${MAX_POSTS} messages at the same time; post again later`,
    )
  context.posts.running++
  try {
    if (message.targetPeer) return await postTo(context, message.targetPeer, { message: sealed, signal })
    if ((message.powTarget ?? 0) < whisper.minPow)
      throw new RpcError('invalid-argument', 'message rejected, PoW too low')
    return to0xHex(await whisper.service.post(sealed, signal))
  } catch (error) {
    if (error instanceof WhisperError && error.code === 'pow-not-reached')
      throw new WhisperError(
        error.code,
        `failed to reach the PoW target, specified pow time (${message.powTime ?? 0} seconds) was insufficient`,
        error.details,
      )
    throw error
  } finally {
    context.posts.running--
    if ('symKey' in sealed.to) sealed.to.symKey.fill(0)
  }
}

async function postTo(
  context: ShhContext,
  enode: string,
  { message, signal }: { readonly message: Post; readonly signal: AbortSignal | undefined },
): Promise<string> {
  const { whisper, crypto = defaultProvider } = context
  const peer = connectedPeer(context, enode, 'failed to parse target peer: ')
  const envelope = await whisper.service.seal(message, signal)
  if (!(await peer.send(packetCodes.direct, encodeDirect([envelope]))))
    throw new RpcError('not-found', 'the peer has gone')
  return to0xHex(crypto.keccak256(envelope.rlp))
}

function postFrom(context: ShhContext, message: NewMessage): Post {
  const { payload = null, padding, powTime, powTarget, ttl, sig } = message
  return {
    to: recipient(context, message),
    topic: (message.topic ?? new Uint8Array(4)) as Topic,
    payload: payload ?? new Uint8Array(0),
    ttlSeconds: ttl || DEFAULT_TTL_SECONDS,
    powTarget: powTarget ?? 0,
    powTimeMs: Math.min(powTime ?? 0, MAX_POW_SECONDS) * 1000,
    ...(sig ? { signer: knownPair(context, sig) } : {}),
    ...(padding?.length ? { padding } : {}),
  }
}

function recipient(context: ShhContext, { symKeyID, pubKey, topic }: NewMessage): Post['to'] {
  if (Boolean(symKeyID) === Boolean(pubKey?.length))
    throw new RpcError('invalid-argument', 'specify either a symmetric or an asymmetric key')
  if (pubKey?.length) return { publicKey: publicKeyFrom(context, pubKey, 'invalid public key') }
  if (!topic || isAllZero(topic)) throw new RpcError('invalid-argument', 'missing topic(s)')
  return { symKey: knownSymmetricKey(context, symKeyID as string) }
}

/** Leaves no copy of the key behind: whoever subscribes has made its own. */
function withFilter<T>(context: ShhContext, criteria: Criteria, use: (filter: Filter) => T): T {
  const filter = filterFrom(context, criteria)
  try {
    return use(filter)
  } finally {
    if ('symKey' in filter) filter.symKey.fill(0)
  }
}

function filterFrom(context: ShhContext, criteria: Criteria): Filter {
  const { symKeyID, privateKeyID, sig, minPow, topics, allowP2P } = criteria
  if (Boolean(symKeyID) === Boolean(privateKeyID))
    throw new RpcError('invalid-argument', 'specify either a symmetric or an asymmetric key')
  const conditions = {
    topics: (topics ?? []).map((topic) => topicFrom(topic)),
    minPow: Math.max(0, minPow ?? 0),
    allowP2P: allowP2P ?? false,
    ...(sig?.length ? { src: publicKeyFrom(context, sig, 'invalid signing public key') } : {}),
  }
  return symKeyID
    ? { ...conditions, symKey: knownSymmetricKey(context, symKeyID) }
    : { ...conditions, keyPair: knownPair(context, privateKeyID as string) }
}

/** A message as geth shows it. */
export function messageView(message: ReceivedMessage, recipient?: string): RpcMessage {
  return {
    ...(message.signer ? { sig: to0xHex(message.signer) } : {}),
    ttl: message.ttlSeconds,
    timestamp: message.sentUnixSeconds,
    topic: to0xHex(message.topic),
    payload: to0xHex(message.payload),
    padding: to0xHex(message.padding),
    pow: message.pow,
    hash: to0xHex(message.hash),
    ...(recipient ? { recipientPublicKey: recipient } : {}),
    ...(message.direct ? { direct: true as const } : {}),
  }
}

/** Whom the messages of an asymmetric filter are for. */
function recipientOf({ whisper }: ShhContext, { privateKeyID }: Criteria): string | undefined {
  return privateKeyID ? to0xHex(whisper.keys.publicKey(privateKeyID)) : undefined
}

function knownPair({ whisper }: ShhContext, id: string): KeyId {
  if (whisper.keys.hasKeyPair(id)) return id
  throw new WhisperError('unknown-key', 'invalid id')
}

function knownSymmetricKey({ whisper }: ShhContext, id: string): Uint8Array {
  if (whisper.keys.hasSymmetricKey(id)) return whisper.keys.symmetricKey(id)
  throw new WhisperError('unknown-key', 'non-existent key ID')
}

function publicKeyFrom(
  { crypto = defaultProvider }: ShhContext,
  bytes: Uint8Array,
  complaint: string,
): PublicKey {
  const key = bytes.length === 65 ? crypto.parsePublicKey(bytes) : undefined
  if (key) return key
  throw new RpcError('invalid-argument', complaint)
}

/**
 * @param complaint before what is wrong with the enode
 * @throws RpcError `invalid-argument`, `not-found`
 */
export function connectedPeer(
  { whisper, peerIdOf, crypto = defaultProvider }: Pick<ShhContext, 'whisper' | 'peerIdOf' | 'crypto'>,
  enode: string,
  complaint: string,
): ReturnType<Whisper['peers']>[number] {
  let peerId: Uint8Array
  try {
    peerId = peerIdOf(enode)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'invalid enode'
    throw new RpcError('invalid-argument', `${complaint}${why}`)
  }
  const wanted = toHex(peerId)
  const peer = whisper.peers().find((one) => toHex(one.peerId) === wanted)
  if (!peer)
    throw new RpcError('not-found', `Could not find peer with ID: ${toHex(crypto.keccak256(peerId))}`)
  return peer
}

function printable(text: string): string {
  return text.slice(0, 64).replace(/[^\x20-\x7e]/g, '?')
}
