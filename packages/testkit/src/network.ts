/**
 * A network that loses, delays, doubles and reorders, the same way for the same seed, on virtual time. Carries packets of
 * any type and knows nothing of them.
 *
 * ```ts
 * const network = lossyNetwork<Uint8Array>({ clock, random: seededRandom(1), drop: 0.4, delayMs: [10, 200] })
 * network.join('alice', (packet, from) => alice.receive(packet, from))
 * network.send('alice', 'bob', bytes)
 * ```
 */
import type { VirtualClock } from './clock.ts'
import type { SeededRandom } from './random.ts'

/** How bad a way is. What is left out is perfect. */
export interface Conditions {
  /** Share of packets that vanish, 0 .. 1. */
  readonly drop?: number
  /** Share of packets that arrive twice, 0 .. 1. */
  readonly duplicate?: number
  /** Milliseconds on the way: fixed, or between least and most. Default 0: the next turn of the clock. */
  readonly delayMs?: number | readonly [least: number, most: number]
  /** Whether a packet may overtake one that was sent before it. Default false. */
  readonly reorder?: boolean
  /** Packets wait for those before them to have passed. Default: no limit. */
  readonly bytesPerSecond?: number
}

export interface PipeOptions<T> extends Conditions {
  readonly clock: Pick<VirtualClock, 'schedule' | 'monotonicMs'>
  readonly random: SeededRandom
  /** Needed for `bytesPerSecond`; default: the packet's own `length`, or 0. */
  readonly sizeOf?: (packet: T) => number
  deliver(packet: T): void
  /** Told of what vanished. */
  lost?(packet: T): void
}

export interface PipeStats {
  readonly sent: number
  readonly dropped: number
  readonly duplicated: number
  readonly delivered: number
  readonly inFlight: number
}

/** One direction of one way. */
export interface LossyPipe<T> {
  send(packet: T): void
  /** Changes conditions for packets sent from now on; `drop: 1` cuts the way. */
  change(conditions: Conditions): void
  stats(): PipeStats
}

export function lossyPipe<T>(options: PipeOptions<T>): LossyPipe<T> {
  const { clock, random, deliver, sizeOf = lengthOf } = options
  let conditions: Conditions = options
  let [freeAtMs, lastArrivalMs] = [0, 0]
  const counts = { sent: 0, dropped: 0, duplicated: 0, delivered: 0, inFlight: 0 }

  /** When the last byte has left the sender. */
  const passed = (packet: T): number => {
    const { bytesPerSecond } = conditions
    const took = bytesPerSecond === undefined ? 0 : (1000 * sizeOf(packet)) / bytesPerSecond
    freeAtMs = Math.max(freeAtMs, clock.monotonicMs()) + took
    return freeAtMs
  }

  const carry = (packet: T, leftAtMs: number): void => {
    const arrival = leftAtMs + delayOf(conditions, random)
    const inOrder = conditions.reorder ? arrival : Math.max(arrival, lastArrivalMs)
    lastArrivalMs = Math.max(lastArrivalMs, inOrder)
    counts.inFlight++
    clock.schedule(inOrder - clock.monotonicMs(), () => {
      counts.inFlight--
      counts.delivered++
      deliver(packet)
    })
  }

  return {
    send(packet) {
      counts.sent++
      const leftAtMs = passed(packet)
      if (random.float() < (conditions.drop ?? 0)) {
        counts.dropped++
        options.lost?.(packet)
        return
      }
      carry(packet, leftAtMs)
      if (random.float() >= (conditions.duplicate ?? 0)) return
      counts.duplicated++
      carry(packet, leftAtMs)
    },
    change(changed) {
      conditions = { ...conditions, ...changed }
    },
    stats: () => ({ ...counts }),
  }
}

export interface NetworkOptions<T> extends Conditions {
  readonly clock: Pick<VirtualClock, 'schedule' | 'monotonicMs'>
  readonly random: SeededRandom
  readonly sizeOf?: (packet: T) => number
}

/** Named ends; every two of them have a way in each direction. */
export interface LossyNetwork<T> {
  /** Whoever has left, or never came, gets nothing. Joining again replaces the receiver. */
  join(name: string, receive: (packet: T, from: string) => void): void
  leave(name: string): void
  send(from: string, to: string, packet: T): void
  /** Conditions of one way, in one direction. */
  change(from: string, to: string, conditions: Conditions): void
  /** Conditions of all ways, those to come as well. */
  changeAll(conditions: Conditions): void
  /** Sums over all ways. */
  stats(): PipeStats
}

export function lossyNetwork<T>(options: NetworkOptions<T>): LossyNetwork<T> {
  const receivers = new Map<string, (packet: T, from: string) => void>()
  const pipes = new Map<string, LossyPipe<T>>()
  let common: Conditions = options

  const pipe = (from: string, to: string): LossyPipe<T> => {
    const key = JSON.stringify([from, to])
    const existing = pipes.get(key)
    if (existing) return existing
    const deliver = (packet: T): void => receivers.get(to)?.(packet, from)
    const made = lossyPipe<T>({ ...options, ...common, deliver })
    pipes.set(key, made)
    return made
  }

  return {
    join: (name, receive) => void receivers.set(name, receive),
    leave: (name) => void receivers.delete(name),
    send: (from, to, packet) => pipe(from, to).send(packet),
    change: (from, to, conditions) => pipe(from, to).change(conditions),
    changeAll(conditions) {
      common = { ...common, ...conditions }
      for (const one of pipes.values()) one.change(conditions)
    },
    stats() {
      const sum = { sent: 0, dropped: 0, duplicated: 0, delivered: 0, inFlight: 0 }
      for (const one of pipes.values()) {
        const stats = one.stats()
        for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += stats[key]
      }
      return sum
    },
  }
}

function delayOf({ delayMs = 0 }: Conditions, random: SeededRandom): number {
  if (typeof delayMs === 'number') return delayMs
  const [least, most] = delayMs
  return least + random.float() * (most - least)
}

function lengthOf(packet: unknown): number {
  const length = (packet as { readonly length?: unknown } | null | undefined)?.length
  return typeof length === 'number' ? length : 0
}
