/** A page of history on its way into the store: opened for whoever listens, committed with the word that it was fetched. */
import { equal, type PublicKey } from '@status-protocol/bytes'
import type { CryptoProvider } from '@status-protocol/crypto'
import type { Change } from '@status-protocol/ports'
import {
  type Envelope,
  envelopeHash,
  open,
  sentUnixSeconds,
  topicFrom,
  topicNumber,
  type WhisperMessage,
} from '@status-protocol/whisper'
import type { NewEvent } from '../events.ts'
import type { Input, Insist } from '../input.ts'
import type { Listener } from '../listeners.ts'
import { createStage } from '../stage.ts'
import { isStorageFailure } from '../store.ts'

/** BOUNDED: envelopes in one commit. What is waited for otherwise comes in between. */
const CHUNK = 64

export interface PageOptions {
  /** Of our key pair, for listeners that have no symmetric key. */
  readonly privateKey: Uint8Array
  readonly crypto: CryptoProvider
  readonly insist: Insist
  /** Lets others have their turn. */
  pause(): Promise<void>
  listeners(): readonly Listener[]
  /** Those that were there when the fetch began: only what they all read all of counts as fetched. */
  readonly readers: ReadonlySet<Listener['read']>
  /** One message could not be dealt with. */
  failed(): void
}

export interface PageToTake {
  readonly envelopes: readonly Envelope[]
  /** Committed with the last of them. */
  readonly changes: readonly Change[]
  /** What is told with the last of them; `messages`: new ones on this page. */
  tell(messages: number): readonly NewEvent[]
}

/** Resolves when all of it is durable. A process that dies before gets the page again, and knows what it had of it. */
export async function takePage(page: PageToTake, options: PageOptions): Promise<number> {
  const byTopic = listenersByTopic(options.listeners())
  const envelopes = [...page.envelopes].sort((a, b) => sentUnixSeconds(a) - sentUnixSeconds(b))
  let messages = 0
  for (let at = 0; at === 0 || at < envelopes.length; at += CHUNK) {
    const opened = envelopes
      .slice(at, at + CHUNK)
      .flatMap((envelope) =>
        (byTopic.get(topicNumber(envelope.topic)) ?? []).flatMap((one) => openedFor(one, envelope, options)),
      )
    const before = messages
    messages = await options.insist(async (stage, afterwards) => {
      const found = before + (await readAll(opened, stage, afterwards, options))
      if (at + CHUNK >= envelopes.length)
        stage.add({ changes: readChanges(page, options), events: page.tell(found) })
      return found
    })
    await options.pause()
  }
  return messages
}

/**
 * What came for a chat that was left meanwhile was not read, though it may be joined again by now; nor was it for who
 * listens on the same topic only since then.
 */
function readChanges({ changes }: PageToTake, { listeners, readers }: PageOptions): readonly Change[] {
  const byTopic = listenersByTopic(listeners())
  return changes.filter(
    (change) =>
      'del' in change || byTopic.get(numberOf(change.put[1]))?.every(({ read }) => readers.has(read)),
  )
}

/** @param topic the key of a change of coverage */
const numberOf = (topic: Uint8Array): number => topicNumber(topicFrom(topic))

/** Reads a message that was opened. */
type Opened = Input<void>

/** One that cannot be dealt with changes nothing, and does not keep the others out. Returns how many new messages came. */
async function readAll(
  opened: readonly Opened[],
  stage: Parameters<Opened>[0],
  afterwards: Parameters<Opened>[1],
  { failed }: PageOptions,
): Promise<number> {
  let messages = 0
  for (const read of opened) {
    const own = createStage(stage)
    const acts: (() => void)[] = []
    try {
      await read(own, (act) => void acts.push(act))
    } catch (error) {
      if (isStorageFailure(error)) throw error
      failed()
      continue
    }
    stage.absorb(own)
    for (const act of acts) afterwards(act)
    messages += own.events.filter(({ type }) => type === 'message').length
  }
  return messages
}

function openedFor(
  { filter, read }: Listener,
  envelope: Envelope,
  { privateKey, crypto }: PageOptions,
): readonly Opened[] {
  const key = 'symKey' in filter ? { symmetricKey: filter.symKey } : { privateKey }
  const result = open(envelope, key, { crypto })
  if (!result.ok || !isFrom(filter.src, result.signer)) return []
  const message: WhisperMessage = {
    hash: envelopeHash(envelope, crypto),
    topic: envelope.topic,
    payload: result.payload,
    ...(result.signer && { signer: result.signer }),
    sentUnixSeconds: sentUnixSeconds(envelope),
    direct: true,
  }
  return [read(message)]
}

function isFrom(wanted: PublicKey | undefined, signer: PublicKey | undefined): boolean {
  return wanted === undefined || (signer !== undefined && equal(wanted, signer))
}

function listenersByTopic(all: readonly Listener[]): ReadonlyMap<number, readonly Listener[]> {
  const byTopic = new Map<number, Listener[]>()
  for (const listener of all)
    for (const topic of listener.filter.topics) {
      const there = byTopic.get(topicNumber(topic))
      if (there) there.push(listener)
      else byTopic.set(topicNumber(topic), [listener])
    }
  return byTopic
}
