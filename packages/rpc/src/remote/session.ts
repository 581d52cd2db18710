/**
 * One connection to a remote node: the ids that the node has given to our keys and filters while it lasts. Nothing here
 * outlives the connection.
 */
import { to0xHex, toHex } from '@status-protocol/bytes'
import type {
  EnvelopeHash,
  EnvelopeStatus,
  Filter,
  KeyId,
  Post,
  Scheduler,
  WhisperMessage,
} from '@status-protocol/whisper'
import { createClientOf, type RpcClient } from '../client.ts'
import { RpcError } from '../error.ts'
import { isForgotten, isGone } from './errors.ts'
import { hashFrom, messageFrom } from './message.ts'
import { REMOTE_METHODS, type RemoteRoutes } from './routes.ts'
import type { RemoteTransport } from './transport.ts'

/** Filters that are asked for in one text; nodes of ours take 100. */
const POLLED_AT_ONCE = 50
/** Notifications that came before we knew which subscription they are of. */
const MAX_EARLY = 1_024
/** Symmetric keys that the node holds for posts alone; the one used longest ago goes. */
const MAX_POST_KEYS = 256
/** How often the node is asked whether it is there, and how long it may take to say so. */
const WATCH_MS = 30_000
const STALLED_MS = 60_000
const DEFAULT_TTL_SECONDS = 15
const DEFAULT_POW_TARGET = 0.002
const DEFAULT_POW_TIME_MS = 5_000

/** Somebody's filter, as the owner of the session keeps it. */
export interface RemoteFilter {
  readonly filter: Filter
  deliver(message: WhisperMessage): void
}

type Installed =
  | { readonly how: 'subscription'; readonly id: string }
  | { readonly how: 'polled'; readonly id: string }

export interface SessionOptions {
  readonly scheduler: Scheduler
  /** How often filters are asked for that the node does not tell of by itself. */
  readonly pollMs: number
  /** The private key of a pair that the owner has taken in. */
  privateKey(id: KeyId): Uint8Array
  tell(status: EnvelopeStatus): void
  /** The node said something that is no message. */
  malformed(): void
  /** A filter that the node had forgotten could not be made again. */
  failed(error: unknown): void
}

export class Session {
  readonly #transport: RemoteTransport
  readonly #rpc: RpcClient<RemoteRoutes>
  readonly #options: SessionOptions
  /** Our ids to the node's. BOUNDED by the owner's key pairs. */
  readonly #pairs = new Map<KeyId, Promise<string>>()
  /** Keys in hex to the node's ids. BOUNDED by the owner's filters and MAX_POST_KEYS. */
  readonly #symmetric = new Map<string, Promise<string>>()
  /** BOUNDED by the owner's filters. */
  readonly #installed = new Map<RemoteFilter, Installed>()
  readonly #bySubscription = new Map<string, RemoteFilter>()
  /** BOUNDED by MAX_EARLY; empty while no subscription is being made. */
  #early: { readonly id: string; readonly result: unknown }[] = []
  #subscribing = 0
  #statusId: string | undefined
  #cancelPoll: (() => void) | undefined
  #cancelWatch: (() => void) | undefined
  #stalled = false
  #open = true
  /** Resolves when the connection is gone, with why. */
  readonly ended: Promise<string>

  constructor(transport: RemoteTransport, options: SessionOptions) {
    this.#transport = transport
    this.#options = options
    this.#rpc = createClientOf<RemoteRoutes>(REMOTE_METHODS, transport)
    this.ended = this.#listen()
    this.#pollLater(options.pollMs)
    this.#watchLater()
  }

  /** Whether it tells what becomes of what is posted. Else having it is all that is known. */
  get tellsStatus(): boolean {
    return this.#statusId !== undefined
  }

  /** What the node calls itself. @throws RpcError */
  async begin(): Promise<string> {
    const version = await this.#rpc.call.shh_version([])
    if (!String(version).startsWith('6'))
      throw new RpcError(
        'request-failed',
        `expected Whisper 6, the node speaks ${String(version).slice(0, 20)}`,
      )
    if (this.#transport.canNotify)
      this.#statusId = await this.#subscribing_(() => this.#rpc.call.shhext_subscribe(['envelopes'])).catch(
        orElse(undefined),
      )
    return String(await this.#rpc.call.web3_clientVersion([]).catch(orElse(''))).slice(0, 256)
  }

  /** Makes a filter on the node; nothing if it is there. @throws RpcError */
  async install(one: RemoteFilter): Promise<void> {
    if (this.#installed.has(one)) return
    const installed = await this.#again(() => this.#make(one))
    this.#installed.set(one, installed)
    if (installed.how === 'subscription') {
      this.#bySubscription.set(installed.id, one)
      this.#deliverEarly(installed.id, one)
    }
  }

  /** Best effort: the node forgets it by itself one day. */
  async remove(one: RemoteFilter): Promise<void> {
    const installed = this.#installed.get(one)
    if (!installed) return
    this.#installed.delete(one)
    this.#bySubscription.delete(installed.id)
    const method = installed.how === 'subscription' ? 'shh_unsubscribe' : 'shh_deleteMessageFilter'
    await this.#rpc.call[method]([installed.id]).catch(orElse(false))
  }

  /** @throws RpcError */
  async addKeyPair(id: KeyId): Promise<void> {
    await this.#pair(id)
  }

  /** @throws RpcError */
  async post(message: Post): Promise<EnvelopeHash> {
    const text = await this.#again(async () => {
      const { to, topic, payload, signer, powTarget, powTimeMs, padding, ttlSeconds } = message
      return this.#rpc.call.shh_post([
        {
          ...('symKey' in to
            ? { symKeyID: await this.#symmetricKey(to.symKey, true) }
            : { pubKey: to0xHex(to.publicKey) }),
          ...(signer === undefined ? {} : { sig: await this.#pair(signer) }),
          topic: to0xHex(topic),
          payload: to0xHex(payload),
          ttl: ttlSeconds ?? DEFAULT_TTL_SECONDS,
          powTarget: powTarget ?? DEFAULT_POW_TARGET,
          powTime: Math.ceil((powTimeMs ?? DEFAULT_POW_TIME_MS) / 1000),
          ...(padding ? { padding: to0xHex(padding) } : {}),
        },
      ])
    })
    const hash = hashFrom(text)
    if (hash === undefined)
      throw new RpcError('request-failed', 'it answered a post with something else than a hash')
    return hash
  }

  /** Takes our keys and filters back, as far as the node listens, and ends the connection. */
  async leave(): Promise<void> {
    const filters = [...this.#installed.keys()].map((one) => this.remove(one))
    await Promise.all(filters)
    const deleted = [
      ...[...this.#pairs.values()].map(async (id) => this.#rpc.call.shh_deleteKeyPair([await id])),
      ...[...this.#symmetric.values()].map(async (id) => this.#rpc.call.shh_deleteSymKey([await id])),
    ]
    await Promise.allSettled(deleted)
    this.close()
  }

  close(): void {
    this.#open = false
    this.#cancelPoll?.()
    this.#cancelWatch?.()
    this.#transport.close()
  }

  // --- keys ----------------------------------------------------------------------------------------------------------

  #pair(id: KeyId): Promise<string> {
    return remembered(this.#pairs, id, () =>
      this.#rpc.call.shh_addPrivateKey([to0xHex(this.#options.privateKey(id))]),
    )
  }

  #symmetricKey(key: Uint8Array, forPost: boolean): Promise<string> {
    const name = toHex(key)
    const id = remembered(this.#symmetric, name, () => this.#rpc.call.shh_addSymKey([to0xHex(key)]))
    if (forPost) {
      this.#symmetric.delete(name)
      this.#symmetric.set(name, id) // used last
      if (this.#symmetric.size > this.#installed.size + MAX_POST_KEYS) this.#forgetOldestKey()
    }
    return id
  }

  /** Filters keep what they were made with; a key that is deleted is only added again when it is needed. */
  #forgetOldestKey(): void {
    const [name, id] = this.#symmetric.entries().next().value as [string, Promise<string>]
    this.#symmetric.delete(name)
    void id.then((known) => this.#rpc.call.shh_deleteSymKey([known])).catch(() => undefined)
  }

  /** Once more with new ids if the node does not know ours. */
  async #again<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      if (!isForgotten(error)) throw error
      this.#pairs.clear()
      this.#symmetric.clear()
      return run()
    }
  }

  // --- filters -------------------------------------------------------------------------------------------------------

  async #make({ filter }: RemoteFilter): Promise<Installed> {
    const criteria = {
      ...('symKey' in filter
        ? { symKeyID: await this.#symmetricKey(filter.symKey, false) }
        : { privateKeyID: await this.#pair(filter.keyPair) }),
      topics: filter.topics.map(to0xHex),
      minPow: filter.minPow ?? 0,
      allowP2P: filter.allowP2P ?? true,
      ...(filter.src ? { sig: to0xHex(filter.src) } : {}),
    }
    if (this.#canSubscribe(filter))
      try {
        const id = await this.#subscribing_(() => this.#rpc.call.shh_subscribe(['messages', criteria]))
        return { how: 'subscription', id }
      } catch (error) {
        if (isGone(error) || isForgotten(error)) throw error
      }
    return { how: 'polled', id: await this.#rpc.call.shh_newMessageFilter([criteria]) }
  }

  /**
   * geth and status-go refuse to tell of symmetric messages on every topic, and of several topics they only tell of the last
   * one; who asks gets all.
   */
  #canSubscribe({ topics }: Filter): boolean {
    if (!this.#transport.canNotify) return false
    return topics.length === 1 || (topics.length > 1 && this.tellsStatus)
  }

  async #subscribing_(subscribe: () => Promise<string>): Promise<string> {
    this.#subscribing++
    try {
      return String(await subscribe())
    } finally {
      this.#subscribing--
    }
  }

  #pollLater(delayMs: number): void {
    if (!this.#open) return
    this.#cancelPoll = this.#options.scheduler.schedule(delayMs, () => {
      void this.#poll()
        .catch(() => false)
        .then((more) => this.#pollLater(more ? 0 : this.#options.pollMs))
    })
  }

  /** Whether there was something, so that there may be more. */
  async #poll(): Promise<boolean> {
    const polled = [...this.#installed].filter(([, { how }]) => how === 'polled')
    let found = false
    for (let at = 0; at < polled.length; at += POLLED_AT_ONCE) {
      const some = polled.slice(at, at + POLLED_AT_ONCE)
      const answers = await this.#rpc.batch(
        some.map(([, { id }]) => ({ method: 'shh_getFilterMessages' as const, params: [id] })),
      )
      for (const [i, answer] of answers.entries()) {
        const [one, installed] = some[i] as [RemoteFilter, Installed]
        if (this.#installed.get(one) !== installed) continue
        if (answer.status === 'fulfilled') found = this.#deliverAll(one, answer.value) || found
        else if (isForgotten(answer.reason)) await this.#reinstall(one)
      }
    }
    return found
  }

  async #reinstall(one: RemoteFilter): Promise<void> {
    this.#installed.delete(one)
    await this.install(one).catch((error: unknown) => {
      if (!isGone(error)) this.#options.failed(error)
    })
  }

  #deliverAll(one: RemoteFilter, messages: unknown): boolean {
    if (!Array.isArray(messages)) return false
    for (const message of messages) this.#deliver(one, message)
    return messages.length > 0
  }

  #deliver(one: RemoteFilter, value: unknown): void {
    const message = messageFrom(value)
    if (message) one.deliver(message)
    else this.#options.malformed()
  }

  /** A node that takes requests and answers none is as good as gone. */
  #watchLater(): void {
    if (!this.#open) return
    this.#cancelWatch = this.#options.scheduler.schedule(WATCH_MS, () => {
      this.#cancelWatch = this.#options.scheduler.schedule(STALLED_MS, () => {
        this.#stalled = true
        this.close()
      })
      const again = (): void => {
        this.#cancelWatch?.()
        this.#watchLater()
      }
      this.#rpc.call.shh_version([]).then(again, again)
    })
  }

  // --- what the node tells by itself ---------------------------------------------------------------------------------

  async #listen(): Promise<string> {
    for await (const { params } of this.#rpc.notifications()) {
      const { subscription: id, result } = (params ?? {}) as { subscription?: unknown; result?: unknown }
      if (typeof id !== 'string') continue
      const one = this.#bySubscription.get(id)
      if (one) this.#deliver(one, result)
      else if (id === this.#statusId) this.#status(result)
      else if (this.#subscribing > 0 && this.#early.length < MAX_EARLY) this.#early.push({ id, result })
    }
    this.close()
    if (this.#stalled) return 'the node does not answer'
    return this.#transport.why() ?? 'the connection has ended'
  }

  #deliverEarly(id: string, one: RemoteFilter): void {
    const early = this.#early.filter((told) => told.id === id)
    this.#early = this.#subscribing > 0 ? this.#early.filter((told) => told.id !== id) : []
    for (const { result } of early) this.#deliver(one, result)
  }

  #status(value: unknown): void {
    const { hash: text, event } = (value ?? {}) as { hash?: unknown; event?: unknown }
    const hash = hashFrom(text)
    if (!hash) this.#options.malformed()
    else if (event === 'envelope.sent') this.#options.tell({ hash, state: 'confirmed' })
    else if (event === 'envelope.expired') this.#options.tell({ hash, state: 'expired' })
  }
}

function remembered(
  ids: Map<string, Promise<string>>,
  name: string,
  add: () => Promise<string>,
): Promise<string> {
  const known = ids.get(name)
  if (known) return known
  const added = add().then(String)
  ids.set(name, added)
  added.catch(() => {
    if (ids.get(name) === added) ids.delete(name)
  })
  return added
}

/** What a node that does not have a method is taken to say; but not that the connection is gone. */
function orElse<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isGone(error)) throw error
    return value
  }
}
