/**
 * What layers above need of Whisper, and all they may know of it: post a message, get messages, hear what became of one's
 * own. A node in this process offers it (`createWhisper`), and so can a remote one over JSON-RPC.
 *
 * Conformance suite: `whisperServiceConformance` of `@status-protocol/whisper/testing`.
 */
import type { PublicKey } from '@status-protocol/bytes'
import type { Envelope, EnvelopeHash } from './envelope.ts'
import type { KeyId } from './shh/key-store.ts'
import type { Topic } from './topic.ts'

/** A message to send. */
export interface Post {
  /** 32 bytes that its readers share, or the 65 bytes of its one reader. */
  readonly to: { readonly symKey: Uint8Array } | { readonly publicKey: PublicKey }
  readonly topic: Topic
  /** At most 1,048,250 bytes. */
  readonly payload: Uint8Array
  /** Key pair that signs. Status clients drop what nobody signed. */
  readonly signer?: KeyId
  /** How long relays keep it. Default 15. */
  readonly ttlSeconds?: number
  /** Proof of work to reach. Default 0.002. */
  readonly powTarget?: number
  /** How long to look for it, in milliseconds. Default 5,000. */
  readonly powTimeMs?: number
  /** Instead of random padding up to a multiple of 256. Lengths then tell more. */
  readonly padding?: Uint8Array
}

/** Which messages a subscriber wants. */
export type Filter = FilterConditions & (SymmetricFilterKey | AsymmetricFilterKey)

/** For those who share this key, 32 bytes. */
export interface SymmetricFilterKey {
  readonly symKey: Uint8Array
}

/** For the owner of this key pair, which the service holds. */
export interface AsymmetricFilterKey {
  readonly keyPair: KeyId
}

export interface FilterConditions {
  /** Any of them; empty: every topic, which makes the node try every envelope. */
  readonly topics: readonly Topic[]
  /** Only what this key has signed. */
  readonly src?: PublicKey
  /** Least proof of work. Default 0. Direct messages count as 0. */
  readonly minPow?: number
  /** Whether messages that a trusted peer (a mail server) sends to this node alone count. Default true. */
  readonly allowP2P?: boolean
}

/** A message as it was opened. */
export interface WhisperMessage {
  readonly hash: EnvelopeHash
  readonly topic: Topic
  readonly payload: Uint8Array
  /** Who signed, 65 bytes; absent: nobody. */
  readonly signer?: PublicKey
  /** When its sender says that it was sent. */
  readonly sentUnixSeconds: number
  /** It came from a trusted peer for us alone: history. */
  readonly direct: boolean
}

/** What became of a message posted here. */
export interface EnvelopeStatus {
  readonly hash: EnvelopeHash
  /**
   * `confirmed`: a peer has it, once for each peer; where we post through a remote node that does not tell more, that node
   * has it. `expired`: nobody confirmed it while it lived.
   */
  readonly state: 'confirmed' | 'expired'
  /** Who confirmed, 64 bytes, if known. */
  readonly peerId?: Uint8Array
}

export interface WhisperService {
  /**
   * Lets the service sign and open with this key pair (32-byte private key) while it runs. The same key gives the same id.
   *
   * @throws WhisperError `invalid-argument`, `closed`
   */
  addKeyPair(privateKey: Uint8Array): Promise<KeyId>
  /**
   * Seals the message (which may take seconds of proof of work) and hands it to the peers. Own filters get it too.
   *
   * @throws WhisperError `invalid-argument`, `unknown-key`, `pow-not-reached`, `too-many-pending`, `closed`
   */
  post(message: Post): Promise<EnvelopeHash>
  /**
   * Messages from now on, each once. The filter is in force as soon as this returns (of a remote node: a moment later, and
   * before anything that is posted after this goes out) and until the iteration ends (`break`, `return()`). One iteration
   * per call. The iterable holds a bounded number of unread messages: a reader that falls further behind gets those, then
   * the error `slow-reader`.
   *
   * @throws WhisperError `invalid-argument`, `unknown-key`, `closed`
   */
  subscribe(filter: Filter): AsyncIterable<WhisperMessage>
  /** News of all messages posted from now on. Bounded and ended like {@link subscribe}. */
  status(): AsyncIterable<EnvelopeStatus>
}

/**
 * Awaited before a messages packet is confirmed to its sender: a mail server makes `batch` durable in it. The batch holds
 * the envelopes that were taken, those known before among them; it may be kept. If it rejects, nothing is confirmed.
 */
export type BeforeConfirm = (batch: readonly Envelope[]) => Promise<void>
