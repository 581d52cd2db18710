import type { PublicKey } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { MvdsError } from './error.ts'
import { boundedSchedule, EPOCH_MS, type Schedule } from './schedule.ts'
import { MAX_PAYLOAD_BYTES, type WireForm } from './wire.ts'

export interface SyncOptions {
  /**
   * `batch` (default) sends messages at once; `interactive` offers them first and sends what is requested, which saves
   * bandwidth when a group's members hold the same messages already.
   *
   * `interactive` is for peers of this implementation only: an OFFER that is repeated crashes the Go clients.
   */
  readonly mode?: 'batch' | 'interactive'
  /** Default `status`, the form of all clients of 2019 - 2020. */
  readonly wire?: WireForm
  /** Default {@link boundedSchedule}. */
  readonly schedule?: Schedule
  /** Sends of one record before it is given up; default 32. */
  readonly maxSends?: number
  /** What is due goes out together this often; default 300 ms. */
  readonly epochMs?: number
  /** Larger payloads are split; a message that is larger alone goes alone. Default 48 KiB: cheap proof of work in Whisper. */
  readonly splitAboveBytes?: number
  /** Messages (and offers) that wait for one peer, and requests to one peer; default 1,000 each. */
  readonly maxRecordsPerPeer?: number
  /** Members of one group beside us; default 100. */
  readonly maxPeersPerGroup?: number
  /** Records handled in one epoch; what is left is handled in the next. Default 1,000. */
  readonly maxRecordsPerEpoch?: number
  /** Elements of each list of a received payload that are looked at; default 1,000. */
  readonly maxElementsPerList?: number
  /** A peer that is heard again after this long has come back: what waits for it goes out at once. Default 60 s. */
  readonly peerReturnsAfterMs?: number
  /**
   * How often that starts the delays and the count of sends of one record over; default 8, at most 255. Bounded because a
   * Go client that has a message acknowledges it once: if that ack is lost, no return will bring another.
   */
  readonly maxReturns?: number
  /** How long, and how many, ids of received messages are remembered to tell repeats; default 7 days and 100,000. */
  readonly rememberMs?: number
  readonly rememberIds?: number
  /** Whether received messages are offered to the other members of the group. Default false. */
  readonly relay?: boolean
  /**
   * Whether every payload is answered in the next epoch, with an empty one if need be, as the Go clients do. Default
   * false: nothing is sent when there is nothing to say.
   */
  readonly answerAlways?: boolean
  readonly crypto?: CryptoProvider
}

export type ResolvedOptions = Required<SyncOptions>

/** 1 MiB less what the layers below add (ProtocolMessage, Whisper frame and padding). */
export const MAX_BODY_BYTES: number = MAX_PAYLOAD_BYTES - 64 * 1024

const DEFAULTS: ResolvedOptions = {
  mode: 'batch',
  wire: 'status',
  schedule: boundedSchedule(),
  maxSends: 32,
  epochMs: EPOCH_MS,
  splitAboveBytes: 48 * 1024,
  maxRecordsPerPeer: 1_000,
  maxPeersPerGroup: 100,
  maxRecordsPerEpoch: 1_000,
  maxElementsPerList: 1_000,
  peerReturnsAfterMs: 60_000,
  maxReturns: 8,
  rememberMs: 7 * 24 * 3_600_000,
  rememberIds: 100_000,
  relay: false,
  answerAlways: false,
  crypto: defaultProvider,
}

/** What every transition is told beside its state and input. */
export interface SyncContext {
  /** 65 bytes: who we are. */
  readonly self: PublicKey
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: number
  readonly options: ResolvedOptions
}

const AT_LEAST_ONE = [
  'maxSends',
  'epochMs',
  'splitAboveBytes',
  'maxRecordsPerPeer',
  'maxPeersPerGroup',
  'maxRecordsPerEpoch',
  'maxElementsPerList',
  'rememberIds',
] as const

/** Options with the defaults filled in. @throws MvdsError `invalid-argument`, naming the option */
export function resolveOptions(options: SyncOptions = {}): ResolvedOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const resolved: ResolvedOptions = { ...DEFAULTS, ...Object.fromEntries(given) }
  for (const name of AT_LEAST_ONE)
    if (!(resolved[name] >= 1))
      throw new MvdsError(
        'invalid-argument',
        `${name}: expected a number of at least 1, got ${resolved[name]}`,
      )
  return resolved
}
