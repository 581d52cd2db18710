import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type Capability,
  createLinkCore,
  type LinkClosed,
  type LinkCore,
  type LinkCoreOptions,
  type LinkOpen,
  type LinkOutput,
} from '@status-protocol/p2p-devp2p'
import { seededRandom } from '@status-protocol/testkit'

export const SHH: Capability = { name: 'shh', version: 6, length: 128 }

/** Test keys: 32 times this byte. */
export function keyOf(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte)
}

export function idOf(key: Uint8Array): Uint8Array {
  return crypto.publicKey(key).slice(1)
}

export const [KEY_A, KEY_B] = [keyOf(0xa1), keyOf(0xb2)] as const
export const [ID_A, ID_B] = [idOf(KEY_A), idOf(KEY_B)] as const

type Changes = Partial<Omit<Extract<LinkCoreOptions, { role: 'initiator' }>, 'role'>> & {
  readonly seed?: number
}

export function initiator({ seed = 1, ...changes }: Changes = {}): LinkCore {
  const random = seededRandom(seed)
  return createLinkCore({
    ...{ role: 'initiator', nodeKey: KEY_A, remoteId: ID_B, capabilities: [SHH], clientName: 'a', random },
    ...changes,
  })
}

export function responder({ seed = 2, remoteId: _, ...changes }: Changes = {}): LinkCore {
  const random = seededRandom(seed)
  return createLinkCore({
    ...{ role: 'responder', nodeKey: KEY_B, capabilities: [SHH], clientName: 'b', random },
    ...changes,
  })
}

export type Cut = (bytes: Uint8Array) => readonly Uint8Array[]
const whole: Cut = (bytes) => [bytes]

/** Two cores and everything that has come out of each, with bytes carried until nobody says any more. */
export class Wire {
  readonly a: LinkCore
  readonly b: LinkCore
  readonly fromA: LinkOutput[] = []
  readonly fromB: LinkOutput[] = []
  nowMs = 0
  /** How bytes are cut on the way. */
  readonly #cut: Cut

  constructor(a: LinkCore, b: LinkCore, cut: Cut = whole) {
    this.a = a
    this.b = b
    this.#cut = cut
  }

  /** Both started, everything carried. */
  connect(): this {
    this.carry(this.b.start(this.nowMs), 'b')
    this.carry(this.a.start(this.nowMs), 'a')
    return this
  }

  /** All writes of a result arrive before any answer to them leaves: answers must not overtake. */
  carry(outputs: readonly LinkOutput[], from: 'a' | 'b'): void {
    ;(from === 'a' ? this.fromA : this.fromB).push(...outputs)
    const to = from === 'a' ? 'b' : 'a'
    const answers = writesOf(outputs).flatMap((bytes) => this.#receive(bytes, to))
    if (answers.length > 0) this.carry(answers, to)
  }

  deliver(bytes: Uint8Array, to: 'a' | 'b'): void {
    this.carry(this.#receive(bytes, to), to)
  }

  #receive(bytes: Uint8Array, to: 'a' | 'b'): readonly LinkOutput[] {
    return this.#cut(bytes).flatMap((piece) => this[to].receive(piece, this.nowMs))
  }

  /** @throws Error if the frame was refused */
  send(from: 'a' | 'b', code: number, body: Uint8Array, capability = 'shh'): void {
    const frame = this[from].send(capability, code, body)
    if (typeof frame === 'string') throw new Error(frame)
    this.deliver(frame, from === 'a' ? 'b' : 'a')
  }
}

export function openPair(a: Changes = {}, b: Changes = {}): Wire {
  const wire = new Wire(initiator(a), responder(b)).connect()
  if (wire.a.state.type !== 'open' || wire.b.state.type !== 'open') throw new Error('expected an open link')
  return wire
}

export function packetsOf(outputs: readonly LinkOutput[]) {
  return outputs.flatMap((o) =>
    o.type === 'packet' ? [{ code: o.code, body: o.body, capability: o.capability.name }] : [],
  )
}

export function writesOf(outputs: readonly LinkOutput[]): Uint8Array[] {
  return outputs.flatMap((o) => (o.type === 'write' ? [o.bytes] : []))
}

export function closedOf(core: LinkCore): LinkClosed {
  if (core.state.type !== 'closed') throw new Error(`expected a closed link, got ${core.state.type}`)
  return core.state
}

export function openOf(core: LinkCore): LinkOpen {
  if (core.state.type !== 'open') throw new Error(`expected an open link, got ${core.state.type}`)
  return core.state
}
