/** A Whisper service into whose filters a test puts messages, beside what comes over the network. */
import { toHex } from '@status-protocol/bytes'
import type { Topic, WhisperMessage, WhisperService } from '@status-protocol/whisper'

export interface Feeding {
  service(service: WhisperService): WhisperService
  /** To every filter of this topic. @throws Error if there is none */
  give(
    topic: Topic,
    message: Omit<WhisperMessage, 'topic' | 'hash' | 'direct'> & { readonly direct?: boolean },
  ): void
}

export function feeding(): Feeding {
  const readers = new Map<string, ((message: WhisperMessage) => void)[]>()
  let given = 0

  function subscribe(service: WhisperService, filter: Parameters<WhisperService['subscribe']>[0]) {
    const queue: WhisperMessage[] = []
    let wake = (): void => undefined
    const take = (message: WhisperMessage): void => {
      queue.push(message)
      wake()
    }
    for (const topic of filter.topics) readers.set(toHex(topic), [...(readers.get(toHex(topic)) ?? []), take])
    const inner = service.subscribe(filter)[Symbol.asyncIterator]()
    void (async () => {
      for (let next = await inner.next(); !next.done; next = await inner.next()) take(next.value)
    })().catch(() => undefined)
    const iterator: AsyncIterator<WhisperMessage> = {
      async next() {
        while (queue.length === 0)
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        return { value: queue.shift() as WhisperMessage, done: false }
      },
      async return() {
        await inner.return?.()
        return { value: undefined, done: true }
      },
    }
    return { [Symbol.asyncIterator]: () => iterator }
  }

  return {
    service: (service) => ({
      addKeyPair: (key) => service.addKeyPair(key),
      post: (message) => service.post(message),
      status: () => service.status(),
      subscribe: (filter) => subscribe(service, filter),
    }),
    give(topic, message) {
      const hash = new Uint8Array(32)
      new DataView(hash.buffer).setUint32(0, ++given)
      const found = readers.get(toHex(topic)) ?? []
      if (found.length === 0) throw new Error(`nobody listens to ${toHex(topic)}`)
      for (const read of found)
        read({ direct: false, ...message, topic, hash: hash as WhisperMessage['hash'] })
    },
  }
}
