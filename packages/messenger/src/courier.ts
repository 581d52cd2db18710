/**
 * Brings what is to be sent to Whisper and hears what became of it. Knows nothing of storage or of what it carries: each
 * consignment says how it travels and what its fate means.
 */
import { toHex } from '@status-protocol/bytes'
import {
  type AsymmetricChat,
  type EnvelopeHash,
  type KeyId,
  type SymmetricChat,
  type Topic,
  WhisperError,
  type WhisperService,
} from '@status-protocol/whisper'

/** As the Go clients send. */
export const TTL_SECONDS = 15
export const POW_TARGET = 0.002
/** Consignments that are sealed at the same time. */
const MAX_POSTING = 16
/** BOUNDED: fates that are dealt with at the same time. */
const MAX_SETTLING = 64

/** Something for Whisper to carry. */
export interface Consignment {
  readonly payload: Uint8Array
  /** Nobody signs its envelope. */
  readonly isUnsigned?: boolean
  /** Where it goes and who can open it. */
  route(): Promise<SymmetricChat | AsymmetricChat>
  /** It is in the pool of our node. False: nobody wants to hear of it any more. */
  sent(posted: Posted): Promise<boolean>
  /** A mailserver of ours has it; told after {@link settled}, if at all. */
  archived(): Promise<void>
  /** A peer has it, or it died before one did. Returns what is to be sent now in its place. */
  settled(fate: Fate): Promise<Consignment | undefined>
  /** It cannot be sent at all. */
  failed(reason: string): Promise<void>
}

/** What a consignment travels in. */
export interface Posted {
  readonly envelope: EnvelopeHash
  readonly topic: Topic
}

export type Fate = 'confirmed' | 'expired'

export interface Courier {
  /** Takes it and returns at once. */
  send(consignment: Consignment): void
  /** While held nothing is handed to Whisper: there is nobody who would take it. */
  hold(isHeld: boolean): void
  close(): void
}

/** Fates that are remembered for envelopes whose hash `post` has not told yet. */
const MAX_EARLY = 4_096
/** Envelopes that a mailserver may still confirm. */
const MAX_CONFIRMED = 512

/** How long a full Whisper node is left alone if nothing is heard from it. */
const FULL_PAUSE_MS = 1_000

export interface CourierOptions {
  /** The key that signs envelopes, as `whisper` knows it. */
  readonly signer: KeyId
  /** Resolves after so many milliseconds. */
  pause(delayMs: number): Promise<void>
  /** Who keeps what they confirm for those who are away. */
  readonly mailservers: { has(peerId: Uint8Array): boolean; readonly size: number }
}

export function createCourier(
  whisper: WhisperService,
  { signer, pause, mailservers }: CourierOptions,
): Courier {
  /** Not handed to Whisper yet, in their order. BOUNDED by the outbox and by what data sync sends in an epoch. */
  const waiting: Consignment[] = []
  /** Envelope hash -> what was in it. BOUNDED by what Whisper keeps of own envelopes. */
  const underway = new Map<string, { readonly consignment: Consignment; readonly told: Promise<boolean> }>()
  /** Fates that were told before `post` told us the hash. BOUNDED by {@link MAX_EARLY}, the oldest goes. */
  const early = new Map<string, { readonly fate: Fate; isArchived: boolean }>()
  /** Confirmed by somebody: a mailserver may do so yet. BOUNDED by {@link MAX_CONFIRMED}, the oldest goes. */
  const confirmed = new Map<
    string,
    { readonly consignment: Consignment; readonly settled: Promise<unknown> }
  >()
  let posting = 0
  /** Whisper takes no more until one of the envelopes that are underway is settled. */
  let full = false
  let held = false
  let closed = false

  const pump = (): void => {
    while (!closed && !full && !held && posting < MAX_POSTING && waiting.length > 0) {
      posting++
      void post(waiting.shift() as Consignment).finally(() => {
        if (--posting === 0) early.clear()
        pump()
      })
    }
  }

  /** Never rejects. What a consignment does with its news is its own business: it is on its way all the same. */
  const post = async (consignment: Consignment): Promise<void> => {
    const handed = await hand(consignment).catch((error: unknown) => refused(consignment, error))
    if (handed === undefined || closed) return
    const hash = toHex(handed.envelope)
    // Known as underway before the telling is over, so that its fate finds it whatever becomes of that.
    const told = consignment.sent(handed).catch(() => true)
    underway.set(hash, { consignment, told })
    if (!(await told)) underway.delete(hash)
    const news = early.get(hash)
    if (news) await settle(hash, news.fate, news.isArchived)
  }

  const refused = async (consignment: Consignment, error: unknown): Promise<undefined> => {
    const code = error instanceof WhisperError ? error.code : undefined
    if (closed || code === 'closed') return // whoever starts next takes it up
    if (code === 'too-many-pending') {
      waiting.unshift(consignment)
      return waitForRoom()
    }
    await consignment.failed(error instanceof Error ? error.message : 'cannot be sealed').catch(ignore)
  }

  /** Room comes with the next fate; the pause is for envelopes that are not ours, or whose news was missed. */
  const waitForRoom = (): undefined => {
    if (full) return
    full = true
    void pause(FULL_PAUSE_MS).then(() => {
      full = false
      pump()
    })
  }

  const hand = async (consignment: Consignment): Promise<Posted> => {
    const to = await consignment.route()
    const envelope = await whisper.post({
      to: 'publicKey' in to ? { publicKey: to.publicKey } : { symKey: to.symmetricKey },
      topic: to.topic,
      payload: consignment.payload,
      ...(consignment.isUnsigned ? {} : { signer }),
      ttlSeconds: TTL_SECONDS,
      powTarget: POW_TARGET,
    })
    return { envelope, topic: to.topic }
  }

  const settle = async (hash: string, fate: Fate, isArchived: boolean): Promise<void> => {
    const one = underway.get(hash)
    if (one) {
      underway.delete(hash)
      full = false
      const settled = settleOne(one, fate)
      if (fate === 'confirmed' && mailservers.size > 0)
        remember(confirmed, MAX_CONFIRMED, hash, { consignment: one.consignment, settled })
      if (!isArchived) return settled
    } else if (posting > 0 && !confirmed.has(hash)) {
      const before = early.get(hash)
      remember(early, MAX_EARLY, hash, {
        fate: before?.fate ?? fate,
        isArchived: isArchived || before?.isArchived === true,
      })
    }
    if (isArchived) await archive(hash)
  }

  const settleOne = async (
    { consignment, told }: { readonly consignment: Consignment; readonly told: Promise<boolean> },
    fate: Fate,
  ): Promise<void> => {
    await told // a fate before that would be none
    const next = await consignment.settled(fate).catch(ignore)
    if (next && !closed) waiting.push(next)
    pump()
  }

  const archive = async (hash: string): Promise<void> => {
    const one = confirmed.get(hash)
    if (!one || !confirmed.delete(hash)) return
    await one.settled
    if (!closed) await one.consignment.archived().catch(ignore)
  }

  const remember = <T>(all: Map<string, T>, max: number, hash: string, news: T): void => {
    all.set(hash, news)
    if (all.size > max) all.delete(all.keys().next().value as string)
  }

  /** Until the service ends. After a flood of news that was not read in time nothing is known of what was underway. */
  const watch = async (): Promise<void> => {
    const settling = new Set<Promise<void>>()
    for (;;) {
      try {
        for await (const { hash, state, peerId } of whisper.status()) {
          if (closed) return
          const isArchived = state === 'confirmed' && peerId !== undefined && mailservers.has(peerId)
          const one = settle(toHex(hash), state, isArchived).finally(() => settling.delete(one))
          settling.add(one)
          if (settling.size >= MAX_SETTLING) await Promise.race(settling)
        }
        return
      } catch (error) {
        if (closed || !(error instanceof WhisperError) || error.code !== 'slow-reader') return
        for (const hash of [...underway.keys()]) await settle(hash, 'expired', false)
      }
    }
  }
  void watch()

  return {
    send(consignment) {
      if (closed) return
      waiting.push(consignment)
      pump()
    },
    hold(isHeld) {
      held = isHeld
      pump()
    },
    close() {
      closed = true
      waiting.length = 0
      underway.clear()
      confirmed.clear()
    },
  }
}

const ignore = (): undefined => undefined
