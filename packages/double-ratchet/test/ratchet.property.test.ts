/** Two parties over a network that reorders, drops and repeats; both restart from their serialised state at any time. */
import { toHex, utf8 } from '@status-protocol/bytes'
import {
  acceptRatchet,
  curve25519DiffieHellman,
  type DiffieHellman,
  decodeRatchetState,
  encodeRatchetState,
  forgetMessageKey,
  initiateRatchet,
  type RatchetMessage,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  secp256k1DiffieHellman,
} from '@status-protocol/double-ratchet/ratchet'
import { seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

type Side = 'alice' | 'bob'
type Step =
  | { readonly op: 'send'; readonly by: Side; readonly count: number }
  | { readonly op: 'deliver' | 'repeat' | 'drop' | 'forge'; readonly to: Side; readonly pick: number }
  | { readonly op: 'restart'; readonly by: Side }

const side = fc.constantFrom<Side>('alice', 'bob')
const pick = fc.nat()
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constant('send'), by: side, count: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 6, arbitrary: fc.record({ op: fc.constant('deliver'), to: side, pick }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('repeat', 'drop', 'forge'), to: side, pick }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('restart'), by: side }) },
)

interface InFlight {
  readonly message: RatchetMessage
  readonly plaintext: string
}

class Simulation {
  readonly #random = seededRandom(7)
  readonly #dh: DiffieHellman
  readonly #state: Record<Side, RatchetState>
  readonly #inFlight: Record<Side, InFlight[]> = { alice: [], bob: [] }
  readonly #read: Record<Side, (InFlight & { confirmed: boolean })[]> = { alice: [], bob: [] }
  #sent = 0

  constructor(dh: DiffieHellman) {
    this.#dh = dh
    const options = { dh, random: this.#random }
    const sharedSecret = this.#random.bytes(32)
    const keyPair = dh.generate(this.#random)
    this.#state = {
      alice: initiateRatchet({ sharedSecret, remoteKey: keyPair.publicKey }, options),
      bob: acceptRatchet({ sharedSecret, keyPair }, options),
    }
  }

  run(step: Step): void {
    if (step.op === 'send') this.#send(step.by, step.count)
    else if (step.op === 'restart') this.#restart(step.by)
    else if (step.op === 'repeat') this.#repeat(step.to, step.pick)
    else this.#deliver(step.op, step.to, step.pick)
  }

  /** What is still under way arrives after all. */
  settle(): void {
    for (const to of ['alice', 'bob'] as const)
      while (this.#inFlight[to].length > 0) this.#deliver('deliver', to, this.#random.int(1000))
  }

  #send(by: Side, count: number): void {
    for (let i = 0; i < count; i++) {
      const plaintext = `${by} ${this.#sent++}`
      const { state, message } = ratchetEncrypt(this.#state[by], utf8(plaintext), { dh: this.#dh })
      this.#state[by] = state
      this.#inFlight[by === 'alice' ? 'bob' : 'alice'].push({ message, plaintext })
    }
  }

  #deliver(op: 'deliver' | 'drop' | 'forge', to: Side, at: number): void {
    const queue = this.#inFlight[to]
    const index = at % Math.max(1, queue.length)
    const taken = queue[index]
    if (!taken) return
    if (op === 'forge') {
      this.#expectRefused(to, forged(taken.message, at))
      return
    }
    queue.splice(index, 1)
    if (op === 'drop') return
    this.#expectRead(to, taken)
    const confirmed = at % 3 === 0
    if (confirmed) this.#state[to] = forgetMessageKey(this.#state[to], taken.message.header)
    this.#read[to].push({ ...taken, confirmed })
  }

  #repeat(to: Side, at: number): void {
    const again = this.#read[to][at % Math.max(1, this.#read[to].length)]
    if (!again) return
    if (again.confirmed) this.#expectRefused(to, again.message)
    else this.#expectRead(to, again)
  }

  #expectRead(to: Side, { message, plaintext }: InFlight): void {
    const result = ratchetDecrypt(this.#state[to], message, { dh: this.#dh, random: this.#random })
    expect(result.ok ? toHex(result.plaintext) : result.reason).toBe(toHex(utf8(plaintext)))
    if (result.ok) this.#state[to] = result.state
  }

  #expectRefused(to: Side, message: RatchetMessage): void {
    const before = toHex(encodeRatchetState(this.#state[to]))
    const result = ratchetDecrypt(this.#state[to], message, { dh: this.#dh, random: this.#random })
    expect(result.ok).toBe(false)
    expect(toHex(encodeRatchetState(this.#state[to]))).toBe(before)
  }

  #restart(by: Side): void {
    const bytes = encodeRatchetState(this.#state[by])
    this.#state[by] = decodeRatchetState(bytes, { dh: this.#dh })
    expect(toHex(encodeRatchetState(this.#state[by]))).toBe(toHex(bytes))
  }
}

function forged(message: RatchetMessage, at: number): RatchetMessage {
  const ciphertext = message.ciphertext.slice()
  const index = at % ciphertext.length
  ciphertext[index] = (ciphertext[index] as number) ^ (1 << (at % 8))
  return { ...message, ciphertext }
}

describe('Double Ratchet: two parties over a bad network', () => {
  it.each([
    ['secp256k1', secp256k1DiffieHellman()],
    ['Curve25519', curve25519DiffieHellman()],
  ])('on %s every message that arrives is read, in whatever order, and nothing else', (_name, dh) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => {
        const simulation = new Simulation(dh)
        for (const one of steps) simulation.run(one)
        simulation.settle()
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 150), seed: 1 },
    )
  })
})
