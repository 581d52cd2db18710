/** What the driver tells its host; kept until the host has taken it. */
import { concat, type PublicKey } from '@status-protocol/bytes'
import type { Change, Storage } from '@status-protocol/ports'
import { MvdsError } from './error.ts'
import type { SyncMessage, SyncMessageId } from './message.ts'
import { readUint64, uint64 } from './record.ts'
import { afterPrefix, decodeStoredMessage, SYNC_TABLES } from './tables.ts'
import type { SyncOutput } from './transition.ts'
import { encodeMessage } from './wire.ts'

export type SyncEvent =
  | { readonly type: 'delivered'; readonly from: PublicKey; readonly message: SyncMessage }
  /** `by` has it. */
  | { readonly type: 'acked'; readonly id: SyncMessageId; readonly by: PublicKey }
  /** Not acknowledged however often it was sent; `to` may have it all the same. */
  | { readonly type: 'gaveUp'; readonly id: SyncMessageId; readonly to: PublicKey }

const DELIVERED = 1
const ACKED = 2
const GAVE_UP = 3

/** The events among the outputs of a transition. */
export function eventsOf(outputs: readonly SyncOutput[]): readonly SyncEvent[] {
  return outputs.flatMap((output): SyncEvent[] => {
    if (output.type === 'deliver') return [{ type: 'delivered', from: output.from, message: output.message }]
    return output.type === 'acked' || output.type === 'gaveUp' ? [output] : []
  })
}

/** type(1) | peer(65) | id(32) | message (of delivered ones). */
function encodeEvent(event: SyncEvent): Uint8Array {
  if (event.type === 'acked') return concat(Uint8Array.of(ACKED), event.by, event.id)
  if (event.type === 'gaveUp') return concat(Uint8Array.of(GAVE_UP), event.to, event.id)
  const { from, message } = event
  return concat(Uint8Array.of(DELIVERED), from, message.id, encodeMessage(message, 'metadata'))
}

function decodeEvent(bytes: Uint8Array): SyncEvent {
  const peer = bytes.slice(1, 66)
  const id = bytes.slice(66, 98) as SyncMessageId
  if (bytes[0] === ACKED) return { type: 'acked', by: peer, id }
  if (bytes[0] === GAVE_UP) return { type: 'gaveUp', to: peer, id }
  if (bytes[0] !== DELIVERED) throw new MvdsError('damaged-state', 'a stored event is damaged')
  return { type: 'delivered', from: peer, message: decodeStoredMessage(id, bytes.subarray(98)) }
}

/** Events in their order, durable; one reader. */
export class EventQueue {
  readonly #storage: Storage
  #next = 0
  #size = 0
  #opening: Promise<void> | undefined
  #isClosed = false
  #notify: () => void = () => {}

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** Finds what an earlier process left. Needed before all else; does nothing the second time. */
  async open(): Promise<void> {
    this.#opening ??= this.#count().catch((error: unknown) => {
      this.#opening = undefined
      throw error
    })
    await this.#opening
  }

  async #count(): Promise<void> {
    let [next, size] = [0, 0]
    for await (const [key] of this.#range(Number.MAX_SAFE_INTEGER)) {
      next = readUint64(key, 0) + 1
      size++
    }
    this.#next = next
    this.#size = size
  }

  /** Events that nobody has taken yet. */
  get size(): number {
    return this.#size
  }

  /** Changes that add events; `added` is to be called once they are committed. */
  add(events: readonly SyncEvent[]): { readonly changes: readonly Change[]; added(): void } {
    const changes = events.map(
      (event, i): Change => ({ put: [SYNC_TABLES.event, uint64(this.#next + i), encodeEvent(event)] }),
    )
    return {
      changes,
      added: () => {
        this.#next += events.length
        this.#size += events.length
        this.#notify()
      },
    }
  }

  close(): void {
    this.#isClosed = true
    this.#notify()
  }

  /** An event counts as taken when the next one is asked for. Ends when the queue is closed and empty. */
  async *read(): AsyncGenerator<SyncEvent, void, undefined> {
    await this.open()
    for (;;) {
      const changed = new Promise<void>((resolve) => {
        this.#notify = resolve
      })
      const batch = await this.#first(64)
      for (const [key, value] of batch) {
        yield decodeEvent(value)
        await this.#storage.commit([{ del: [SYNC_TABLES.event, key] }])
        this.#size--
      }
      if (batch.length > 0) continue
      if (this.#isClosed) return
      await changed
    }
  }

  /** Read whole: a store may not be written to while it is being read. */
  async #first(limit: number): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    const entries: (readonly [Uint8Array, Uint8Array])[] = []
    for await (const entry of this.#range(limit)) entries.push(entry)
    return entries
  }

  #range(limit: number): AsyncIterable<readonly [Uint8Array, Uint8Array]> {
    return this.#storage.range(SYNC_TABLES.event, new Uint8Array(0), afterPrefix(new Uint8Array(0)), limit)
  }
}
