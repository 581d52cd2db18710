/** Two ends of a connection that exists in memory only: a {@link WhisperLink} without sockets. */

import type { WhisperLink } from '../link.ts'
import { MAX_PACKET_BYTES, PACKET_CODE_COUNT } from '../packets/codes.ts'

/** One end; what is left out has its default. */
export interface MemoryLinkEnd {
  /** What the other end knows this one by; 64 bytes. Default: all 0x0a for `a`, all 0x0b for `b`. */
  readonly id?: Uint8Array
  /** Where the other end sees this one. Default: nothing. */
  readonly ip?: string
  /** Whether the other end trusts this one. Default false. */
  readonly trusted?: boolean
  /** Largest body that this end sends. Default 1 MiB. */
  readonly maxPacketBytes?: number
  /** How many packets this end sends ahead of what the other one has pulled. Default 1,024. */
  readonly queuePackets?: number
  /** How many bytes; the packet that reaches this is still taken. Default 4 MiB. */
  readonly queueBytes?: number
}

/** A packet on its way. */
export interface PacketInTransit {
  readonly from: 'a' | 'b'
  readonly code: number
  readonly body: Uint8Array
  /** To be called once, or, to double the packet, more often. */
  arrive(): void
  /** To be called instead: the packet takes no room any more. */
  lose(): void
}

export interface MemoryLinkOptions {
  /** Which end counts as having dialled. Default `a`. */
  readonly dialledBy?: 'a' | 'b'
  readonly a?: MemoryLinkEnd
  readonly b?: MemoryLinkEnd
  /** How packets travel; the place for delay and loss. Default: they are there at once. */
  readonly carry?: (packet: PacketInTransit) => void
}

export interface MemoryLinkPair {
  readonly a: WhisperLink
  readonly b: WhisperLink
}

/** Closing travels after the packets that were sent before it. */
export function createMemoryLinkPair(options: MemoryLinkOptions = {}): MemoryLinkPair {
  const carry = options.carry ?? ((packet) => packet.arrive())
  const { dialledBy = 'a' } = options
  const a = new MemoryLink('a', withDefaults(options.a, 0x0a), carry, dialledBy === 'a')
  const b = new MemoryLink('b', withDefaults(options.b, 0x0b), carry, dialledBy === 'b')
  a.join(b)
  b.join(a)
  return { a, b }
}

type End = Required<Omit<MemoryLinkEnd, 'ip'>> & Pick<MemoryLinkEnd, 'ip'>

function withDefaults(end: MemoryLinkEnd = {}, fill: number): End {
  return {
    id: new Uint8Array(64).fill(fill),
    trusted: false,
    maxPacketBytes: MAX_PACKET_BYTES,
    queuePackets: 1_024,
    queueBytes: 4 * 1024 * 1024,
    ...end,
  }
}

class MemoryLink implements WhisperLink {
  readonly closed: Promise<number>
  ip?: string
  readonly outbound: boolean
  readonly #name: 'a' | 'b'
  readonly #end: End
  readonly #carry: (packet: PacketInTransit) => void
  #other!: MemoryLink
  /** Arrived, not pulled. BOUNDED by the other end's queue limits. */
  #inbox: { readonly code: number; readonly body: Uint8Array; readonly pulled: () => void }[] = []
  /** Sent by this end, on the way or not pulled by the other. */
  #ahead = { packets: 0, bytes: 0, travelling: 0 }
  #state: 'open' | 'closing' | 'closed' = 'open'
  #ended = false
  #resolveClosed!: (reason: number) => void
  readonly #waitingToSend: (() => void)[] = []
  #waitingToPull: (() => void) | undefined
  /** What this end does when nothing that it sent is on the way any more. */
  #afterTravel: (() => void) | undefined

  constructor(name: 'a' | 'b', end: End, carry: (packet: PacketInTransit) => void, outbound: boolean) {
    this.#name = name
    this.outbound = outbound
    this.#end = end
    this.#carry = carry
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
  }

  join(other: MemoryLink): void {
    this.#other = other
    if (other.#end.ip !== undefined) this.ip = other.#end.ip
  }

  get peerId(): Uint8Array {
    return this.#other.#end.id
  }

  get trusted(): boolean {
    return this.#other.#end.trusted
  }

  get maxPacketBytes(): number {
    return this.#end.maxPacketBytes
  }

  send(code: number, body: Uint8Array): 'ok' | 'full' | 'closed' {
    const isCode = Number.isInteger(code) && code >= 0 && code < PACKET_CODE_COUNT
    if (this.#state !== 'open' || !isCode || body.length > this.#end.maxPacketBytes) return 'closed'
    if (!this.#hasRoom()) return 'full'
    this.#ahead.packets++
    this.#ahead.bytes += body.length
    this.#ahead.travelling++
    this.#carry(this.#inTransit(code, body.slice()))
    return 'ok'
  }

  drained(): Promise<void> {
    if (this.#state !== 'open' || this.#hasRoom()) return Promise.resolve()
    return new Promise((resolve) => this.#waitingToSend.push(resolve))
  }

  async *packets(): AsyncGenerator<{ readonly code: number; readonly body: Uint8Array }, void, undefined> {
    for (;;) {
      const packet = this.#inbox.shift()
      if (packet) {
        packet.pulled()
        yield { code: packet.code, body: packet.body }
      } else if (this.#ended) return
      else
        await new Promise<void>((resolve) => {
          this.#waitingToPull = resolve
        })
    }
  }

  close(reason: number): void {
    if (this.#state !== 'open') return
    const other = this.#other
    this.#inbox = []
    this.#down(reason)
    if (this.#ahead.travelling === 0) other.#down(reason)
    else this.#afterTravel = () => other.#down(reason)
  }

  #inTransit(code: number, body: Uint8Array): PacketInTransit {
    let travelling = true
    const landed = (): void => {
      if (!travelling) return
      travelling = false
      this.#ahead.travelling--
      if (this.#ahead.travelling === 0) this.#afterTravel?.()
    }
    let counted = true
    const gone = (): void => {
      if (!counted) return
      counted = false
      this.#ahead.packets--
      this.#ahead.bytes -= body.length
      if (this.#hasRoom()) for (const resolve of this.#waitingToSend.splice(0)) resolve()
    }
    return {
      from: this.#name,
      code,
      body,
      arrive: () => {
        this.#other.#take({ code, body, pulled: gone })
        landed()
      },
      lose: () => {
        gone()
        landed()
      },
    }
  }

  #take(packet: { readonly code: number; readonly body: Uint8Array; readonly pulled: () => void }): void {
    if (this.#state === 'closed') return
    this.#inbox.push(packet)
    this.#waitingToPull?.()
  }

  #down(reason: number): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#ended = true
    this.#resolveClosed(reason)
    this.#waitingToPull?.()
    for (const resolve of this.#waitingToSend.splice(0)) resolve()
  }

  #hasRoom(): boolean {
    return this.#ahead.packets < this.#end.queuePackets && this.#ahead.bytes < this.#end.queueBytes
  }
}
