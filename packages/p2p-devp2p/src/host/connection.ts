/**
 * One connection: a stream and a link core, driven; and the {@link Link} of each shared capability on top. Knows nothing of
 * other connections.
 *
 * Back-pressure, outbound: when the stream has enough, `send` answers `full` until it has drained. Inbound: when packets
 * wait unread, the stream is paused, so the peer's writes pile up on its side.
 */
import { CodedError } from '@status-protocol/bytes'
import { type DisconnectReason, disconnectReasons } from '../base/disconnect.ts'
import type { SharedCapability } from '../capabilities.ts'
import type { Link, LinkCloseCause, LinkClosed, LinkCore, LinkOpen, LinkOutput } from '../link.ts'
import type { ByteStream } from '../transport.ts'
import type { HostClock } from './host-clock.ts'
import type { HostLimits } from './limits.ts'
import { type Packet, PacketQueue } from './packet-queue.ts'
import type { Subprotocol } from './subprotocol.ts'

/** Why a connection ended, with what to tell the operator. */
export interface ConnectionEnd {
  readonly reason: DisconnectReason
  readonly by: 'us' | 'peer'
  readonly cause: ConnectionEndCause
  readonly detail: string
}

export type ConnectionEndCause =
  | LinkCloseCause
  /** The transport could not connect, or not in time. */
  | 'dial-failed'
  /** The stream ended without a Disconnect. */
  | 'connection-lost'
  /** The peer takes nothing of what we send, or pings without reading the answers. */
  | 'write-timeout'
  /** A subprotocol of ours threw. */
  | 'subprotocol-failed'
  /** Its place was needed while the handshake was still going on. */
  | 'evicted'

export interface ConnectionOptions {
  readonly core: LinkCore
  readonly stream: ByteStream
  readonly clock: HostClock
  readonly limits: HostLimits
  readonly ip: string | undefined
  /** We dialled. */
  readonly outbound: boolean
  readonly subprotocols: readonly Subprotocol[]
  isTrusted(peerId: Uint8Array): boolean
  /** Hello is exchanged. A reason refuses: the subprotocols are not started. */
  opened(link: LinkOpen): DisconnectReason | undefined
  /** Once, as soon as it is decided. The stream may need a moment more, see {@link Connection.gone}. */
  ended(end: ConnectionEnd): void
}

/** Answers to the peer's Pings that wait unread; a peer that lets more pile up is dropped. */
const MAX_CONTROL_BACKLOG_BYTES: number = 64 * 1024
/** What a waiting packet costs beside its body. */
const PACKET_OVERHEAD_BYTES = 128

export class Connection {
  /** Resolves when the stream is closed too. */
  readonly gone: Promise<void>
  readonly #options: ConnectionOptions
  readonly #queues = new Map<string, PacketQueue>()
  readonly #closed: Promise<number>
  #resolveClosed: (reason: number) => void = () => {}
  #resolveGone: () => void = () => {}
  #end: ConnectionEnd | undefined
  /** The stream wants more. */
  #writable = true
  #stalledSinceMs = 0
  #controlBacklogBytes = 0
  /** BOUNDED by the callers, who wait for it. */
  #whenDrained: (() => void)[] = []
  #waitingBytes = 0
  #paused = false
  #timer: { readonly atMs: number; readonly cancel: () => void } | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.gone = new Promise((resolve) => {
      this.#resolveGone = resolve
    })
  }

  start(): void {
    const { stream, core } = this.#options
    stream.start({
      data: (bytes) => {
        if (this.#end) return
        this.#apply(core.receive(bytes, this.#now()))
      },
      drained: () => this.#drained(),
      closed: () => {
        this.#finish('connection-lost', 'the connection ended without a word')
        this.#resolveGone()
      },
    })
    this.#apply(core.start(this.#now()))
  }

  /** Says why and ends. Again: no effect. */
  disconnect(
    reason: DisconnectReason,
    why: { readonly cause: ConnectionEndCause; readonly detail: string } | undefined = undefined,
  ): void {
    if (this.#end) return
    this.#apply(this.#options.core.disconnect(reason), why)
  }

  /** Ends without a word. */
  abort(cause: ConnectionEndCause, detail: string): void {
    this.#finish(cause, detail)
  }

  /**
   * Writes come first, all of them: what a handler of the other outputs sends must come after them on the wire, as it came
   * out of the core after them.
   */
  #apply(
    outputs: readonly LinkOutput[],
    why?: { readonly cause: ConnectionEndCause; readonly detail: string },
  ): void {
    for (const output of outputs) if (output.type === 'write') this.#writeControl(output.bytes)
    for (const output of outputs) {
      if (this.#end) return
      if (output.type === 'open') this.#open(output.link)
      else if (output.type === 'packet') this.#deliver(output.capability, output)
      else if (output.type === 'close') this.#close(output.closed, why)
    }
    this.#schedule()
  }

  #open(link: LinkOpen): void {
    const refused = this.#options.opened(link)
    if (refused !== undefined) {
      this.disconnect(refused)
      return
    }
    for (const capability of link.capabilities) {
      if (this.#end) return
      const queue = new PacketQueue((packet) => this.#pulled(packet))
      this.#queues.set(capability.name, queue)
      this.#run(capability, this.#linkOf(link, capability, queue))
    }
  }

  #run(capability: SharedCapability, link: Link): void {
    const { name, version } = capability
    const subprotocol = this.#options.subprotocols.find((s) => s.name === name && s.version === version)
    const failed = (error: unknown) => {
      const code = error instanceof CodedError ? error.code : error instanceof Error ? error.name : 'error'
      const detail = `${name}/${version} failed here: ${code}`
      this.disconnect(disconnectReasons.subprotocolError, { cause: 'subprotocol-failed', detail })
    }
    try {
      Promise.resolve(subprotocol?.run(link)).catch(failed)
    } catch (error) {
      failed(error)
    }
  }

  #linkOf(open: LinkOpen, capability: SharedCapability, queue: PacketQueue): Link {
    const { ip, outbound, limits, isTrusted } = this.#options
    const { name, version, length } = capability
    let isTaken = false
    return {
      capability: { name, version, length },
      peerId: open.peerId.slice(),
      ...(ip === undefined ? {} : { ip }),
      outbound,
      get trusted() {
        return isTrusted(open.peerId)
      },
      maxPacketBytes: limits.maxPacketBytes,
      send: (code, body) => this.#send(name, code, body),
      drained: () =>
        this.#writable || this.#end
          ? Promise.resolve()
          : new Promise((resolve) => this.#whenDrained.push(resolve)),
      packets: () => ({
        [Symbol.asyncIterator]() {
          // once per link: a second reader would take packets away from the first
          if (isTaken) return { next: async () => ({ done: true, value: undefined }) }
          isTaken = true
          return queue
        },
      }),
      close: (reason) => this.disconnect(reason),
      closed: this.#closed,
    }
  }

  #send(name: string, code: number, body: Uint8Array): 'ok' | 'full' | 'closed' {
    if (this.#end) return 'closed'
    if (!this.#writable) return 'full'
    const frame = this.#options.core.send(name, code, body)
    if (typeof frame === 'string') return 'closed'
    this.#write(frame)
    return 'ok'
  }

  #deliver(capability: SharedCapability, { code, body }: Packet): void {
    if (this.#queues.get(capability.name)?.push({ code, body }))
      this.#waitingBytes += body.length + PACKET_OVERHEAD_BYTES
    if (!this.#paused && this.#waitingBytes > this.#options.limits.receiveBufferBytes) {
      this.#paused = true
      this.#options.stream.pause()
      this.#options.core.pauseReading(true, this.#now())
    }
  }

  #pulled(packet: Packet): void {
    this.#waitingBytes -= packet.body.length + PACKET_OVERHEAD_BYTES
    if (this.#paused && !this.#end && this.#waitingBytes <= this.#options.limits.receiveBufferBytes / 2) {
      this.#paused = false
      this.#options.core.pauseReading(false, this.#now())
      this.#options.stream.resume()
      this.#schedule()
    }
  }

  #writeControl(bytes: Uint8Array): void {
    if (!this.#writable) this.#controlBacklogBytes += bytes.length
    if (this.#controlBacklogBytes > MAX_CONTROL_BACKLOG_BYTES)
      this.#finish('write-timeout', 'the peer pings without reading the answers')
    else this.#write(bytes)
  }

  #write(bytes: Uint8Array): void {
    if (this.#options.stream.write(bytes)) return
    if (this.#writable) this.#stalledSinceMs = this.#now()
    this.#writable = false
    this.#schedule()
  }

  #drained(): void {
    this.#writable = true
    this.#controlBacklogBytes = 0
    for (const resolve of this.#whenDrained.splice(0)) resolve()
  }

  #tick(): void {
    const stalledMs = this.#writable ? 0 : this.#now() - this.#stalledSinceMs
    if (stalledMs >= this.#options.limits.writeTimeoutMs)
      this.#finish('write-timeout', `the peer took nothing for ${stalledMs} ms`)
    else this.#apply(this.#options.core.tick(this.#now()))
  }

  /** One timer, moved only when it has to be earlier: what the core wants moves later with every message. */
  #schedule(): void {
    if (this.#end) return
    const stallEndsAtMs = this.#writable
      ? Number.POSITIVE_INFINITY
      : this.#stalledSinceMs + this.#options.limits.writeTimeoutMs
    const atMs = Math.min(this.#options.core.wakeAtMs ?? Number.POSITIVE_INFINITY, stallEndsAtMs)
    if (!Number.isFinite(atMs) || (this.#timer && this.#timer.atMs <= atMs)) return
    this.#timer?.cancel()
    const cancel = this.#options.clock.schedule(Math.max(0, atMs - this.#now()), () => {
      this.#timer = undefined
      this.#tick()
    })
    this.#timer = { atMs, cancel }
  }

  #close(closed: LinkClosed, why: { cause: ConnectionEndCause; detail: string } | undefined): void {
    const { reason, by, cause, detail, disconnectWritten } = closed
    this.#settle({ reason, by, cause, detail, ...why })
    const { stream, clock, limits } = this.#options
    if (!disconnectWritten) {
      stream.destroy()
      return
    }
    // what the peer still sends is read and dropped: unread bytes would make the kernel reset the connection,
    // and the Disconnect on its way would be lost
    stream.resume()
    stream.end()
    const cancel = clock.schedule(limits.flushTimeoutMs, () => stream.destroy())
    void this.gone.then(cancel)
  }

  #finish(cause: ConnectionEndCause, detail: string): void {
    if (this.#end) return
    this.#options.core.disconnect(disconnectReasons.networkError)
    const by = cause === 'connection-lost' ? 'peer' : 'us'
    this.#settle({ reason: disconnectReasons.networkError, by, cause, detail })
    this.#options.stream.destroy()
  }

  #settle(end: ConnectionEnd): void {
    this.#end = end
    this.#timer?.cancel()
    for (const queue of this.#queues.values()) queue.end(end.by === 'us')
    for (const resolve of this.#whenDrained.splice(0)) resolve()
    this.#resolveClosed(end.reason)
    this.#options.ended(end)
  }

  #now(): number {
    return this.#options.clock.monotonicMs()
  }
}
