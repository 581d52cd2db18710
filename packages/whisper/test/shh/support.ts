/** A small world on virtual time: nodes, links of any quality between them, and peers that are played by hand. */
import {
  type Conditions,
  lossyPipe,
  seededRandom,
  type VirtualClock,
  virtualClock,
} from '@status-protocol/testkit'
import {
  type Bloom,
  createWhisper,
  decodeMessages,
  type Envelope,
  encodeMessages,
  encodeStatus,
  envelopeFrom,
  type RateLimits,
  type Topic,
  topicFrom,
  type Whisper,
  type WhisperLink,
  type WhisperOptions,
} from '../../src/index.ts'
import { createMemoryLinkPair, type MemoryLinkEnd, type PacketInTransit } from '../../src/testing.ts'

export const TOPIC: Topic = topicFrom(Uint8Array.of(1, 2, 3, 4))
export const KEY: Uint8Array = new Uint8Array(32).fill(7)

export interface WayOptions {
  /** Which end dialled. Default `a`: the node, where a peer is played. */
  readonly dialledBy?: 'a' | 'b'
  readonly conditions?: Conditions
  readonly a?: MemoryLinkEnd
  readonly b?: MemoryLinkEnd
}

/** What the wire carried, for looking at afterwards. */
export interface Traffic {
  readonly from: string
  readonly to: string
  readonly code: number
  readonly body: Uint8Array
  readonly atMs: number
}

export class World {
  readonly clock: VirtualClock = virtualClock()
  readonly random = seededRandom(1)
  readonly traffic: Traffic[] = []
  readonly nodes = new Map<string, Whisper>()
  #ids = 1
  readonly #pipes: { change(conditions: Conditions): void }[] = []

  node(name: string, options: WhisperOptions = {}): Whisper {
    const node = createWhisper({
      clock: this.clock,
      scheduler: this.clock,
      random: seededRandom(this.#ids * 1000),
      minPow: 0,
      ...options,
    })
    this.nodes.set(name, node)
    return node
  }

  /** Joins two nodes. Resolves to nothing; the ends' reasons are in `gone`. */
  join(
    aName: string,
    bName: string,
    options: WayOptions = {},
  ): { readonly gone: Promise<readonly number[]> } {
    const { a, b } = this.#pair(aName, bName, options)
    const node = (name: string) => this.nodes.get(name) as Whisper
    return { gone: Promise.all([node(aName).attach(a), node(bName).attach(b)]) }
  }

  /** A peer of `nodeName` that the test plays; `status` is sent unless it is false. */
  async play(
    nodeName: string,
    options: WayOptions & { readonly name?: string; readonly status?: PlayedStatus | false } = {},
  ): Promise<PlayedPeer> {
    const { a, b } = this.#pair(nodeName, options.name ?? `played ${this.#ids}`, options)
    const gone = (this.nodes.get(nodeName) as Whisper).attach(a)
    const peer = new PlayedPeer(b, gone)
    if (options.status !== false) {
      peer.send(0, statusBody(options.status))
      await this.clock.advance(0)
    }
    return peer
  }

  /** New conditions for all ways there are. */
  change(conditions: Conditions): void {
    for (const pipe of this.#pipes) pipe.change(conditions)
  }

  get nowSeconds(): number {
    return Math.floor(this.clock.wallMs() / 1000)
  }

  /** An envelope that nobody can open. `pow` is chance. */
  envelope(
    options: {
      readonly ttl?: number
      readonly topic?: Topic
      readonly size?: number
      readonly sent?: number
      readonly data?: Uint8Array
    } = {},
  ): Envelope {
    const {
      ttl = 20,
      topic = TOPIC,
      size = 100,
      sent = this.nowSeconds,
      data = this.random.bytes(size),
    } = options
    const fields = {
      ttlSeconds: ttl,
      topic,
      data,
      nonce: BigInt(this.random.int(1e9)),
    }
    return envelopeFrom({ expiryUnixSeconds: sent + ttl, ...fields })
  }

  async close(): Promise<void> {
    await Promise.all([...this.nodes.values()].map((node) => node.close()))
  }

  #pair(aName: string, bName: string, options: WayOptions): { a: WhisperLink; b: WhisperLink } {
    const name = { a: aName, b: bName }
    const pipe = () =>
      lossyPipe<PacketInTransit>({
        ...options.conditions,
        clock: this.clock,
        random: this.random,
        sizeOf: (packet) => packet.body.length + 16,
        deliver: (packet) => packet.arrive(),
        lost: (packet) => packet.lose(),
      })
    const pipes = { a: pipe(), b: pipe() }
    this.#pipes.push(pipes.a, pipes.b)
    return createMemoryLinkPair({
      dialledBy: options.dialledBy ?? 'a',
      a: { id: this.#id(), ...options.a },
      b: { id: this.#id(), ...options.b },
      carry: (packet) => {
        const to = name[packet.from === 'a' ? 'b' : 'a']
        const { code, body } = packet
        this.traffic.push({ from: name[packet.from], to, code, body, atMs: this.clock.monotonicMs() })
        pipes[packet.from].send(packet)
      },
    })
  }

  #id(): Uint8Array {
    const id = new Uint8Array(64)
    new DataView(id.buffer).setUint32(0, this.#ids++)
    return id
  }
}

export interface PlayedStatus {
  readonly minPow?: number
  readonly bloom?: Bloom
  readonly lightNode?: boolean
  readonly confirmations?: boolean
  readonly rateLimits?: RateLimits
}

export function statusBody({
  minPow = 0,
  bloom,
  lightNode = false,
  confirmations = true,
  rateLimits,
}: PlayedStatus = {}): Uint8Array {
  return encodeStatus({ minPow, bloom, lightNode, confirmations, rateLimits })
}

/** A peer without a mind of its own. Collects what it gets, unless told not to read. */
export class PlayedPeer {
  readonly link: WhisperLink
  readonly received: { readonly code: number; readonly body: Uint8Array }[] = []
  /** The reason of the node's side. */
  readonly gone: Promise<number>
  reason: number | undefined
  #reading = true
  #resume: (() => void) | undefined

  constructor(link: WhisperLink, gone: Promise<number>) {
    this.link = link
    this.gone = gone
    void gone.then((reason) => {
      this.reason = reason
    })
    void this.#read()
  }

  send(code: number, body: Uint8Array): 'ok' | 'full' | 'closed' {
    return this.link.send(code, body)
  }

  sendEnvelopes(...envelopes: readonly Envelope[]): Uint8Array {
    const body = encodeMessages(envelopes)
    this.send(1, body)
    return body
  }

  pause(): void {
    this.#reading = false
  }

  resume(): void {
    this.#reading = true
    this.#resume?.()
  }

  /** Bodies of this code so far. */
  bodies(code: number): readonly Uint8Array[] {
    return this.received.filter((packet) => packet.code === code).map((packet) => packet.body)
  }

  /** All envelopes so far. */
  envelopes(): readonly Envelope[] {
    return this.bodies(1).flatMap((body) => decodeMessages(body))
  }

  async #read(): Promise<void> {
    for await (const packet of this.link.packets()) {
      this.received.push(packet)
      if (!this.#reading)
        await new Promise<void>((resolve) => {
          this.#resume = resolve
        })
    }
  }
}

/** The texts that a subscription holds by now. */
export async function textsOf(
  subscription: AsyncIterator<{ readonly payload: Uint8Array }>,
  count: number,
): Promise<readonly string[]> {
  const texts: string[] = []
  while (texts.length < count) {
    const { value, done } = await subscription.next()
    if (done) break
    texts.push(new TextDecoder().decode(value.payload))
  }
  return texts
}
