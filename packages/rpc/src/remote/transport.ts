/** How a remote node is reached. */
import type { RpcTransport } from '../client.ts'

/** A connection to a server: texts both ways until one of them ends it. */
export interface RemoteTransport extends RpcTransport {
  /** Whether the server can tell without being asked. */
  readonly canNotify: boolean
  /** Why it ended, for people, once it has. */
  why(): string | undefined
  /** Ends it, and `incoming` with it. Again is fine. */
  close(): void
}

export interface RemoteNode {
  /** `http://`, `https://`, `ws://` or `wss://` and so on; on Node also the path of a Unix socket. */
  readonly at: string
  /** What the node's `rpc-token` says. */
  readonly token?: string | undefined
}

/** Rejects with an Error whose message says what went wrong, for people. */
export type Connect = () => Promise<RemoteTransport>

/** What one text may have, in either direction: an answer with 2 MiB of messages has 5 MB. */
export const MAX_REMOTE_TEXT_BYTES: number = 32 * 1024 * 1024

/** The texts of a connection: pushed by its events, read by the client. */
export class IncomingTexts implements AsyncIterable<string> {
  /** BOUNDED by who reads: the client takes each in the turn it comes. */
  readonly #texts: string[] = []
  #ended = false
  #wake: () => void = () => undefined

  push(text: string): void {
    if (this.#ended) return
    this.#texts.push(text)
    this.#wake()
  }

  end(): void {
    this.#ended = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const text = this.#texts.shift()
      if (text !== undefined) yield text
      else if (this.#ended) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }
}
