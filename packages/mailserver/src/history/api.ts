/** What the client of mailservers is told, and what it offers. */
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Change, Clock, Random, Storage } from '@status-protocol/ports'
import type { Envelope, Miner, RequestComplete, Scheduler, Topic } from '@status-protocol/whisper'
import type { MailPeer } from '../peer.ts'
import type { HistoryEvent, HistoryWish } from './events.ts'

export interface HistoryClientOptions {
  /** Where gaps are remembered; only read here: writes come as {@link HistoryEvent} `changes`. */
  readonly storage: Pick<Storage, 'get'>
  /** Of the mailservers. Default: that of Status, `status-offline-inbox`. */
  readonly password?: string
  /** 32 bytes: signs requests. Default: a new key, which tells servers nothing. */
  readonly signer?: Uint8Array
  /** How many servers have to answer for a stretch before it counts as complete. Default 1; no more than there are. */
  readonly copies?: number
  /** Envelopes a page. Default 1,000, the most that servers give. */
  readonly limit?: number
  /**
   * Topics that nobody reads, asked for beside the real ones so that a server cannot tell which are. Cost: all mail of
   * those topics is sent and thrown away, and every three bits more in the filter let more of everybody's mail through:
   * with 50 topics 2 % of it, with 100 9 %, with 200 30 %. Take the same ones every time: what changes gives itself away.
   */
  readonly decoys?: readonly Topic[]
  /** Topics in one request. Default 50: beyond that filters let much through that is not ours. */
  readonly topicsPerRequest?: number
  /** Seconds in one request. Default one day. */
  readonly secondsPerRequest?: number
  /**
   * What was sent less than this long before a request is not counted as fetched: it may be on its way to the server still.
   * Of the last day only as much counts as envelopes show that it is over: this machine's clock may be ahead by hours. It may
   * be behind, too: what is missing up to now is asked for a day further, of which nothing counts.
   * Default: all of what was asked for counts, and no more is asked for.
   */
  readonly settleSeconds?: number
  /** How long a server may send nothing while a request is open. Default 30 s; for all of its answer it has ten times that. */
  readonly timeoutMs?: number
  /**
   * Told of envelopes that were dropped because nobody had asked for them: outside of a request, its time or its limit, or
   * once more. Must not throw.
   */
  readonly unasked?: (peerId: Uint8Array, envelopes: number) => void
  /** Work of a request. Default 0.002. */
  readonly powTarget?: number
  readonly clock?: Clock
  readonly scheduler?: Scheduler
  readonly random?: Random
  readonly miner?: Miner
  readonly crypto?: CryptoProvider
}

export interface HistoryClient {
  /** A mailserver is connected (`whisper.peers()` has it), its link guarded. */
  connected(server: MailPeer): void
  disconnected(peerId: Uint8Array): void
  /**
   * Packets 127, from `guardLink`. Gives back those that were asked for; the others are to be dropped. They are in the event
   * `page`, too: take them from one of the two.
   */
  direct(from: { readonly peerId: Uint8Array }, envelopes: readonly Envelope[]): readonly Envelope[]
  /** Packet 125, from `guardLink`. */
  requestComplete(from: { readonly peerId: Uint8Array }, outcome: RequestComplete): void
  /**
   * Fetches what is missing. Ends by itself, also with nobody to ask; leaving the loop stops it. One at a time.
   *
   * @param wish several: topics that are missed since different times share requests as far as they can
   * @throws MailserverError `invalid-argument`, `closed`
   */
  fetch(
    wish: HistoryWish | readonly HistoryWish[],
    signal?: AbortSignal,
  ): AsyncGenerator<HistoryEvent, void, undefined>
  /** Which parts of a wish are missing. */
  missing(wish: HistoryWish | readonly HistoryWish[]): Promise<readonly HistoryWish[]>
  /** For a time during which the node was connected and listened to these topics: nothing of it is missing. */
  heard(wish: HistoryWish): Promise<readonly Change[]>
  close(): void
}
