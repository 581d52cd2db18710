/** What a reader of history asks for and is told. */
import type { Change } from '@status-protocol/ports'
import type { Envelope, Topic } from '@status-protocol/whisper'

export interface HistoryWish {
  readonly topics: readonly Topic[]
  /** Inclusive. */
  readonly fromUnixSeconds: number
  /** Inclusive. */
  readonly toUnixSeconds: number
  /**
   * What was sent first comes first: for sessions, which want their messages in order. Default: the newest day first, which
   * is what people look at. With several servers days may overtake each other.
   */
  readonly oldestFirst?: boolean
}

export interface HistoryProgress {
  /** Envelopes of our topics, each once; and all bytes that came. */
  readonly envelopes: number
  readonly bytes: number
  /** Envelopes that came twice, or of other topics. */
  readonly repeated: number
  readonly others: number
  /** 0 .. 1 of time and topics. */
  readonly fraction: number
  /** At the rate so far; undefined until there is one. */
  readonly remainingMs: number | undefined
}

export type HistoryEvent =
  /**
   * A page came. Handle `envelopes` first, then commit `changes` (with what came of the envelopes, in one commit): they say
   * that this part is not missing any more. The next page is asked for when the next event is.
   */
  | {
      readonly type: 'page'
      readonly server: Uint8Array
      /** Of our topics and range; each once, also if several servers send it. */
      readonly envelopes: readonly Envelope[]
      readonly changes: readonly Change[]
      readonly progress: HistoryProgress
    }
  /** Another one takes over, if there is one. */
  | { readonly type: 'server-failed'; readonly server: Uint8Array; readonly reason: string }
  /** The last event. What is missing still is asked for at the next call. */
  | { readonly type: 'done'; readonly missing: readonly HistoryWish[]; readonly progress: HistoryProgress }
