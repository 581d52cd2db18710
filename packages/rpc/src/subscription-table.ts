/** The subscriptions of one connection. */
import { to0xHex } from '@status-protocol/bytes'
import type { Random } from '@status-protocol/ports'
import { RpcError } from './error.ts'

/** Subscriptions that one connection may have. */
export const MAX_SUBSCRIPTIONS = 512
/** Results that come before the answer to their `subscribe` is out; more are dropped, which ends the subscription. */
const MAX_EARLY = 1_024

const ID_BYTES = 16

type Stop = () => void

interface Subscription {
  readonly method: string
  /** What came before the client knew the id. Undefined: it does. BOUNDED by MAX_EARLY. */
  early: unknown[] | undefined
  stop: Stop | undefined
}

export interface Notifying {
  readonly random: Random
  notify(method: string, id: string, result: unknown): void
  failed(error: unknown): void
}

export class SubscriptionTable {
  /** BOUNDED by MAX_SUBSCRIPTIONS. */
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #out: Notifying | undefined
  #closed = false

  /** @param out none: the connection cannot carry notifications */
  constructor(out?: Notifying) {
    this.#out = out
  }

  get size(): number {
    return this.#subscriptions.size
  }

  get canNotify(): boolean {
    return this.#out !== undefined
  }

  /**
   * The id of a new subscription, which is put into `begun` too. Nothing is told before {@link answered}.
   *
   * @throws RpcError `too-many`, and what `start` throws
   */
  async begin(
    namespace: string,
    begun: string[],
    start: (emit: (result: unknown) => void) => Stop | Promise<Stop>,
  ): Promise<string> {
    const out = this.#out as Notifying
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS)
      throw new RpcError('too-many', `expected at most ${MAX_SUBSCRIPTIONS} subscriptions on a connection`)
    const id = to0xHex(out.random.bytes(ID_BYTES))
    const subscription: Subscription = { method: `${namespace}_subscription`, early: [], stop: undefined }
    this.#subscriptions.set(id, subscription)
    const emit = (result: unknown): void => {
      if (!this.#subscriptions.has(id)) return
      if (!subscription.early) out.notify(subscription.method, id, result)
      else if (subscription.early.length < MAX_EARLY) subscription.early.push(result)
      else this.#end(id)
    }
    try {
      subscription.stop = await start(emit)
    } catch (error) {
      this.#subscriptions.delete(id)
      throw error
    }
    if (this.#closed || !this.#subscriptions.has(id)) {
      this.#subscriptions.delete(id)
      this.#stop(subscription)
    }
    begun.push(id)
    return id
  }

  /** @throws RpcError `subscription-not-found` */
  end(id: string): true {
    if (!this.#subscriptions.has(id)) throw new RpcError('subscription-not-found', 'subscription not found')
    this.#end(id)
    return true
  }

  /** The answer that names these subscriptions is out. */
  answered(begun: readonly string[]): void {
    for (const id of begun) {
      const subscription = this.#subscriptions.get(id)
      const early = subscription?.early
      if (!subscription || !early) continue
      subscription.early = undefined
      for (const result of early) this.#out?.notify(subscription.method, id, result)
    }
  }

  close(): void {
    this.#closed = true
    for (const id of [...this.#subscriptions.keys()]) this.#end(id)
  }

  #end(id: string): void {
    const subscription = this.#subscriptions.get(id)
    this.#subscriptions.delete(id)
    if (subscription) this.#stop(subscription)
  }

  #stop(subscription: Subscription): void {
    try {
      subscription.stop?.()
    } catch (error) {
      this.#out?.failed(error)
    }
  }
}
