/** Whatever comes from the network, of 0 bytes to 1 MiB: a reason, and no change of state. */
import { concat } from '@status-protocol/bytes'
import { decryptMessage, type MessageKeyId, type Refused } from '@status-protocol/double-ratchet'
import { mutate, type SeededRandom, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contents, type Party } from './support/party.ts'
import { World } from './support/talk.ts'

const MIB = 1_048_576
const SIZES = [0, 1, 2, 3, 31, 32, 33, 255, 256, 4_096, 65_535, 65_536, MIB - 1, MIB]
const RUNS = Number(process.env.FUZZ_COUNT ?? 10_000) / 20

/** Two who know each other, with a session; what comes now cannot teach anything that is new. */
async function acquainted(): Promise<readonly [World, Party, Party, readonly Uint8Array[]]> {
  const world = new World()
  const [alice, bob] = [world.party('a1'), world.party('b1')]
  await world.introduce(alice, bob)
  const first = await world.send(alice, bob, 'first')
  await world.read(bob, alice, first.bytes)
  await world.read(alice, bob, (await world.send(bob, alice, 'answer')).bytes)
  const next = await world.send(alice, bob, 'next')
  const dh = await world.send(alice, bob, 'dh', 'dh')
  const code = await world.contactCode(alice)
  await world.read(bob, alice, code)
  return [world, alice, bob, [first.bytes, next.bytes, dh.bytes, code]]
}

/** A field of `size` bytes, as protobuf has it. */
function field(number: number, body: Uint8Array): Uint8Array {
  return concat(varint((number << 3) | 2), varint(body.length), body)
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Uint8Array.of(...bytes, rest)
}

describe('input of any size', () => {
  const shapes: readonly (readonly [string, (size: number, random: SeededRandom) => Uint8Array])[] = [
    ['zeros', (size) => new Uint8Array(size)],
    ['noise', (size, random) => random.bytes(size)],
    ['0xff: varints without end', (size) => new Uint8Array(size).fill(255)],
    ['one field', (size) => field(101, new Uint8Array(size))],
    ['an id', (size) => field(2, new Uint8Array(size).fill(97))],
    ['empty bundles', (size) => repeated(field(3, new Uint8Array(0)), size)],
    ['empty parts', (size) => repeated(field(101, new Uint8Array(0)), size)],
    ['groups', (size) => new Uint8Array(size).fill(0x0b)],
    ['nested fields', (size) => repeated(Uint8Array.of(0x1a, 0x7f), size)],
  ]
  it.each(shapes)('%s', async (_name, shape) => {
    const [world, alice, bob] = await acquainted()
    const conversation = await bob.conversation(alice.self.publicKey)
    const random = seededRandom(8)
    for (const size of SIZES) {
      const step = decryptMessage(conversation, { message: shape(size, random) }, world.context)
      expect(step.outputs[0].type, `${size} bytes`).toBe('refused')
      expect(step.changes).toEqual([])
    }
  })

  it('a genuine message with another id, however long', async () => {
    const [world, alice, bob, [, next]] = await acquainted()
    const conversation = await bob.conversation(alice.self.publicKey)
    for (const size of SIZES) {
      const step = decryptMessage(
        conversation,
        { message: concat(next as Uint8Array, field(2, new Uint8Array(size).fill(98))) },
        world.context,
      )
      // Another sender's installation, or none: no session of ours.
      expect(step.outputs[0].type, `${size} bytes`).toBe('refused')
      expect(step.changes).toEqual([])
    }
  })
})

describe('fuzz: nothing changes but by what opens', { timeout: 60_000 + RUNS * 4 }, () => {
  it('mutated messages', async () => {
    const [world, alice, bob, seeds] = await acquainted()
    const conversation = await bob.conversation(alice.self.publicKey)
    const before = await contents(bob.storage)
    const random = seededRandom(9)
    const verdicts = new Map<string, number>()
    for (let i = 0; i < RUNS; i++) {
      const step = decryptMessage(
        conversation,
        { message: mutate(random.pick(seeds), random) },
        world.context,
      )
      const [output] = step.outputs
      const verdict = output.type === 'opened' ? output.security : output.reason
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
      if (output.type === 'opened') continue
      // What a genuine bundle in it teaches is known already.
      expect(step.changes, verdict).toEqual([])
    }
    expect([...verdicts.keys()]).toEqual(expect.arrayContaining(['malformed', 'bad-bundle']))
    expect(await contents(bob.storage)).toBe(before)
  })

  it('any fields in any order', async () => {
    const [world, alice, bob] = await acquainted()
    const conversation = await bob.conversation(alice.self.publicKey)
    const body = fc.uint8Array({ maxLength: 300 })
    const nested = fc
      .array(fc.tuple(fc.constantFrom(1, 2, 3, 4, 5, 101, 102), body), { maxLength: 6 })
      .map((fields) => concat(...fields.map(([number, bytes]) => field(number, bytes))))
    const message = fc
      .array(fc.tuple(fc.constantFrom(1, 2, 3, 101, 102), fc.oneof(nested, body)), { maxLength: 8 })
      .map((fields) => concat(...fields.map(([number, bytes]) => field(number, bytes))))
    fc.assert(
      fc.property(message, (bytes) => {
        const step = decryptMessage(conversation, { message: bytes }, world.context)
        const [output] = step.outputs
        expect(output.type === 'opened' ? output.security : 'refused').toMatch(/refused|none/)
        expect(step.changes).toEqual([])
      }),
      { numRuns: Math.max(200, RUNS), seed: 10 },
    )
  })
})

describe('references of others', () => {
  it('a key id or a refusal that was made up changes nothing', async () => {
    const [world, alice, bob] = await acquainted()
    const before = await contents(bob.storage)
    const junk: MessageKeyId = {
      installationId: 'a1',
      preKeyId: new Uint8Array(0),
      ephemeralKey: new Uint8Array(0),
      ratchetKey: new Uint8Array(0),
      n: 0,
    }
    await world.confirm(bob, alice, {
      type: 'opened',
      plaintext: new Uint8Array(0),
      security: 'ratchet',
      downgraded: false,
      installationId: 'a1',
      negotiated: false,
      messageKey: junk,
    })
    const refused: Refused = { type: 'refused', reason: 'key-gone', installationId: 'x'.repeat(500) }
    expect(await world.answer(bob, alice, refused)).toBeUndefined()
    expect(await contents(bob.storage)).toBe(before)
  })
})

function repeated(piece: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  for (let i = 0; i < size; i++) out[i] = piece[i % piece.length] as number
  return out
}
