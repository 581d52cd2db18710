import { toHex } from '@status-protocol/bytes'
import {
  type Capability,
  createHost,
  type Host,
  type HostEvent,
  type HostOptions,
  type Link,
  type Subprotocol,
} from '@status-protocol/p2p-devp2p'
import type { LinkPair } from '@status-protocol/p2p-devp2p/testing'
import { idOf, keyOf, SHH } from './cores.ts'

/** A subprotocol that keeps its links and leaves them alone. */
export interface Idle extends Subprotocol {
  readonly links: Link[]
  /** The link number `index`, as soon as there is one. */
  link(index?: number): Promise<Link>
}

export function idle(capability: Capability = SHH): Idle {
  const links: Link[] = []
  const waiting: (() => void)[] = []
  return {
    ...capability,
    links,
    run(link) {
      links.push(link)
      for (const wake of waiting.splice(0)) wake()
    },
    async link(index = 0) {
      for (;;) {
        const link = links[index]
        if (link) return link
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
  }
}

/** A subprotocol that answers every packet with the same packet. */
export function echo(capability: Capability = SHH): Subprotocol {
  return {
    ...capability,
    async run(link: Link) {
      for await (const { code, body } of link.packets())
        while (link.send(code, body) === 'full') await link.drained()
    },
  }
}

/** Hosts that are closed together. */
export class Hosts {
  readonly #hosts: Host[] = []

  /** `byte`: the node key is 32 times that. */
  async start(byte: number, options: Partial<HostOptions> = {}): Promise<Host> {
    const host = await createHost({ nodeKey: keyOf(byte), subprotocols: [idle()], ...options })
    this.#hosts.push(host)
    return host
  }

  async close(): Promise<void> {
    await Promise.all(this.#hosts.splice(0).map((host) => host.close()))
  }
}

/** The first event that fits; earlier ones are skipped. */
export async function nextEvent<T extends HostEvent['type']>(
  events: AsyncIterator<HostEvent, undefined>,
  type: T,
  fits: (event: Extract<HostEvent, { type: T }>) => boolean = () => true,
): Promise<Extract<HostEvent, { type: T }>> {
  for (;;) {
    const { value, done } = await events.next()
    if (done) throw new Error(`no ${type} before the end of the events`)
    if (value.type === type && fits(value as Extract<HostEvent, { type: T }>))
      return value as Extract<HostEvent, { type: T }>
  }
}

/** Resolves as soon as `condition` holds; looks again every few milliseconds. */
export async function until(condition: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

let pairs = 0

/** Two fresh hosts, one of which has dialled the other, for conformance suites. */
export async function hostPair(
  capability: Capability,
  options: {
    readonly a?: Partial<HostOptions>
    readonly b?: Partial<HostOptions>
    readonly listen?: string
  } = {},
): Promise<LinkPair> {
  const hosts = new Hosts()
  const [left, right] = [idle(capability), idle(capability)]
  const [keyA, keyB] = [(2 * pairs) % 200, ((2 * pairs) % 200) + 1].map((n) => n + 1) as [number, number]
  pairs++
  const listen = options.listen ?? '127.0.0.1:0'
  const b = await hosts.start(keyB, { listen, subprotocols: [right], ...options.b })
  await hosts.start(keyA, { peers: [b.enode], subprotocols: [left], ...options.a })
  return { a: await left.link(), b: await right.link(), dispose: () => hosts.close() }
}

export function idHex(byte: number): string {
  return toHex(idOf(keyOf(byte)))
}

export function enodeOf(byte: number, ip: string, port: number): string {
  return `enode://${idHex(byte)}@${ip}:${port}`
}
