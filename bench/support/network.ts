/** A network of one: for measuring what the messenger does, and nothing else. */
import { type PublicKey, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import type {
  EnvelopeHash,
  EnvelopeStatus,
  Filter,
  KeyId,
  Topic,
  WhisperMessage,
  WhisperService,
} from '@status-protocol/whisper'

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Takes what is posted, confirms it at once, and says what it is told to on the topics of first messages. */
export class Network implements WhisperService {
  /** Bytes of the payloads that were posted. */
  readonly posts: number[] = []
  readonly #news = channel<EnvelopeStatus>()
  readonly #heard: { readonly filter: Filter; push(message: WhisperMessage): void }[] = []
  #count = 0

  async addKeyPair(): Promise<KeyId> {
    return 'us' as KeyId
  }

  async post({ payload }: Parameters<WhisperService['post']>[0]): Promise<EnvelopeHash> {
    this.posts.push(payload.length)
    const hash = this.#hash()
    setTimeout(() => this.#news.push({ hash, state: 'confirmed' }), 0)
    return hash
  }

  subscribe(filter: Filter): AsyncIterable<WhisperMessage> {
    const { push, read } = channel<WhisperMessage>()
    this.#heard.push({ filter, push })
    return read
  }

  status(): AsyncIterable<EnvelopeStatus> {
    return this.#news.read
  }

  say(by: { readonly publicKey: PublicKey }, payload: Uint8Array): void {
    const [first] = this.#heard.filter(({ filter }) => 'keyPair' in filter)
    first?.push({
      hash: this.#hash(),
      topic: first.filter.topics[0] as Topic,
      payload,
      signer: by.publicKey,
      sentUnixSeconds: Math.floor(Date.now() / 1000),
      direct: false,
    })
  }

  /** Until nothing was posted for a while. */
  async quiet(): Promise<void> {
    for (let before = -1; before !== this.posts.length; ) {
      before = this.posts.length
      await pause(1_500)
    }
  }

  #hash(): EnvelopeHash {
    return crypto.keccak256(utf8(`envelope ${this.#count++}`)) as EnvelopeHash
  }
}

function channel<T>(): { push(item: T): void; readonly read: AsyncIterable<T> } {
  const items: T[] = []
  let wake: () => void = () => undefined
  async function* read(): AsyncGenerator<T> {
    for (;;) {
      while (items.length > 0) yield items.shift() as T
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return {
    push(item) {
      items.push(item)
      wake()
    },
    read: read(),
  }
}
