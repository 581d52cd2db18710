/** Two nodes of discovery v5.1, packet by packet. */
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { signNodeRecord } from '@status-protocol/p2p-devp2p'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { createDiscv5Core } from '../src/discv5/core.ts'
import type { KademliaCore, KademliaOutput } from '../src/kademlia/core.ts'
import { idOf, keyOf } from './support/cores.ts'

const at = (n: number) => ({ ip: `203.0.${n}.1`, port: 30_303 })
const now = (ms: number) => ({ monotonicMs: ms, wallMs: 1_577_836_800_000 + ms })

function coreOf(n: number, seq = 1n): KademliaCore {
  const nodeKey = keyOf(n)
  const record = signNodeRecord({
    nodeKey,
    seq,
    addresses: { ip: at(n).ip, udpPort: 30_303, tcpPort: 30_303 },
  })
  const endpoint = { udpPort: 30_303, tcpPort: 30_303 }
  return createDiscv5Core({ nodeKey, crypto, random: seededRandom(n), record, endpoint })
}

class Pair {
  readonly cores = { 1: coreOf(1), 2: coreOf(2) }
  readonly answers: (number | undefined)[] = []
  rounds = 0
  #under: { readonly to: 1 | 2; readonly bytes: Uint8Array }[] = []

  ping(from: 1 | 2, ms = 0): this {
    const to = from === 1 ? 2 : 1
    const node = this.cores[from].nodeOf({
      peerId: idOf(keyOf(to)),
      ip: at(to).ip,
      udpPort: 30_303,
      tcpPort: 0,
    })
    this.#post(
      to,
      this.cores[from].ping(node!, now(ms), (rtt) => this.answers.push(rtt)),
    )
    return this
  }

  /** All that is under way arrives at the same time, again and again until there is nothing any more. */
  exchange(ms: number, lose: (round: number) => boolean = () => false): this {
    while (this.#under.length > 0) {
      const arriving = this.#under
      this.#under = []
      this.rounds++
      if (lose(this.rounds)) continue
      for (const { to, bytes } of arriving) {
        const from = to === 1 ? 2 : 1
        this.#post(from, this.cores[to].receive(bytes, at(from), now(ms)))
      }
    }
    return this
  }

  tick(ms: number): this {
    for (const to of [2, 1] as const) this.#post(to, this.cores[to === 1 ? 2 : 1].tick(now(ms)))
    return this
  }

  #post(to: 1 | 2, outputs: readonly KademliaOutput[]): void {
    for (const output of outputs) if (output.type === 'send') this.#under.push({ to, bytes: output.bytes })
  }
}

describe('a session of discovery v5.1', () => {
  it('begins with a question that nobody can read, and is there after four packets', () => {
    const pair = new Pair().ping(1).exchange(40)
    expect(pair.answers).toEqual([40])
    // message, challenge, handshake with the question, answer; then each asks for the other's record
    expect(pair.rounds).toBeGreaterThanOrEqual(4)
    expect([1, 2].map((n) => pair.cores[n as 1 | 2].table.all().map(({ record }) => record?.seq))).toEqual([
      [1n],
      [1n],
    ])
    const before = pair.rounds
    pair.ping(2, 50).exchange(60)
    expect(pair.answers).toEqual([40, 10])
    expect(pair.rounds - before).toBe(2)
  })

  it('that both begin at the same time answers both, then and later', () => {
    const pair = new Pair().ping(1).ping(2).exchange(40)
    expect(pair.answers).toEqual([40, 40])
    pair.ping(1, 100).ping(2, 100).exchange(110).ping(1, 200).exchange(210)
    expect(pair.answers.slice(2)).toEqual([10, 10, 10])
    expect(pair.cores[1].counts.unproven + pair.cores[2].counts.unproven).toBe(2)
  })

  it('several questions at once are asked one after the other while it begins', () => {
    const pair = new Pair().ping(1).ping(1).ping(1).exchange(40)
    expect(pair.answers).toEqual([40, 0, 0])
  })

  it('that one side has lost begins anew', () => {
    const pair = new Pair().ping(1).exchange(10)
    pair.cores[2] = coreOf(2, 2n)
    pair.ping(1, 100).exchange(120)
    expect(pair.answers).toEqual([10, 20])
    pair.cores[1] = coreOf(1, 2n)
    pair.ping(2, 200).exchange(230)
    expect(pair.answers).toEqual([10, 20, 30])
  })

  it.each([1, 2, 3, 4])('of which packet %s is lost is there for the next question', (lost) => {
    const pair = new Pair().ping(1).exchange(10, (round) => round === lost)
    expect(pair.answers).toEqual([])
    expect(pair.cores[1].wakeAtMs()).toBe(1_000)
    pair.tick(1_000).exchange(1_010)
    expect(pair.answers).toEqual([undefined])
    pair.ping(1, 2_000).exchange(2_030)
    expect(pair.answers).toEqual([undefined, 30])
  })
})
