/**
 * How many topics all clients together may want messages of: each is half a kilobyte or so for as long as the filter or
 * subscription is there, and one request names thousands.
 */
import { RpcError } from '../error.ts'

/** Of filters and subscriptions; one without topics counts as one. */
export const MAX_WANTED_TOPICS = 65_536

export class TopicBudget {
  #taken = 0

  /** Gives back what gives them back. @throws RpcError `too-many` */
  take(topics: number): () => void {
    let count = Math.max(1, topics)
    if (this.#taken + count > MAX_WANTED_TOPICS)
      throw new RpcError(
        'too-many',
        `expected at most ${MAX_WANTED_TOPICS} topics in all filters and subscriptions; delete some`,
      )
    this.#taken += count
    return () => {
      this.#taken -= count
      count = 0
    }
  }
}
