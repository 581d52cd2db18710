/** Mutated inputs: decoders throw nothing but their own error, and reading a message throws nothing at all. */
import {
  type Conversation,
  DoubleRatchetError,
  decodeInstallation,
  decodeOwnPreKeys,
  decodeProtocolMessage,
  decryptMessage,
  encodeInstallation,
  encodeOwnPreKeys,
  encodeProtocolMessage,
} from '@status-protocol/double-ratchet'
import {
  decodeRatchetHeader,
  decodeRatchetState,
  encodeRatchetHeader,
  encodeRatchetState,
} from '@status-protocol/double-ratchet/ratchet'
import {
  decodeBundle,
  decodeBundleContainer,
  encodeBundle,
  encodeBundleContainer,
  verifyBundle,
} from '@status-protocol/double-ratchet/x3dh'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePeerState, encodePeerState } from '../src/conversation/peer-state.ts'
import * as arbitrary from './support/arbitraries.ts'
import { headers, World } from './support/talk.ts'

const COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
/** A million inputs take their time, on a machine that does something else more. */
const TIMEOUT_MS = 60_000 + COUNT * 2

function samples<Value>(values: fc.Arbitrary<Value>, encode: (value: Value) => Uint8Array): Uint8Array[] {
  return fc.sample(values, { numRuns: 20, seed: 5 }).map(encode)
}

const header = fc.record({ key: arbitrary.bytes(33), n: fc.nat(), pn: fc.nat() })
const preKey = new Uint8Array(32)

const decoders: readonly (readonly [string, readonly Uint8Array[], (input: Uint8Array) => unknown])[] = [
  ['ratchet header', samples(header, encodeRatchetHeader), decodeRatchetHeader],
  ['ratchet state', samples(arbitrary.ratchetState(), encodeRatchetState), (b) => decodeRatchetState(b)],
  ['installation', samples(arbitrary.installation, encodeInstallation), (b) => decodeInstallation('a', b)],
  ['peer', samples(arbitrary.peerState, encodePeerState), decodePeerState],
  ['own pre keys', samples(arbitrary.ownPreKeys, encodeOwnPreKeys), decodeOwnPreKeys],
  ['bundle', samples(arbitrary.bundle, encodeBundle), (b) => verifyShape(decodeBundle(b))],
  [
    'bundle container',
    samples(arbitrary.bundle, (bundle) => encodeBundleContainer({ bundle, preKeyPrivateKey: preKey })),
    decodeBundleContainer,
  ],
  ['ProtocolMessage', samples(arbitrary.protocolMessage, encodeProtocolMessage), decodeProtocolMessage],
]

/** Nothing that decodes may make the check of its signature throw. */
function verifyShape(bundle: ReturnType<typeof decodeBundle>) {
  if (bundle.signature.length !== 65 || bundle.identity.length === 33) verifyBundle(bundle)
}

describe('fuzz: decoders on mutated input', { timeout: TIMEOUT_MS }, () => {
  it.each(decoders)('%s', (_name, seeds, decode) => {
    fuzz({ seeds, count: COUNT, random: seededRandom(11), decode, expectedError: DoubleRatchetError })
  })
})

describe('fuzz: reading mutated messages', { timeout: TIMEOUT_MS }, () => {
  it('gives a verdict each time, and changes no session', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const dh = await world.send(alice, bob, 'dh')
    await world.introduce(alice, bob)
    const first = await world.send(alice, bob, 'first')
    await world.read(bob, alice, first.bytes)
    await world.read(alice, bob, (await world.send(bob, alice, 'answer')).bytes)
    const next = await world.send(alice, bob, 'next')
    const seeds = [dh.bytes, first.bytes, next.bytes, await world.contactCode(alice)]
    expect(seeds.map(headers)).toEqual([{ none: 'dh' }, { b1: 'x3dh+ratchet' }, { b1: 'ratchet' }, {}])
    const conversation: Conversation = await bob.conversation(alice.self.publicKey)
    const before = conversation.installations.map(encodeInstallation)
    const verdicts = new Set<string>()
    fuzz({
      seeds,
      count: COUNT,
      random: seededRandom(12),
      expectedError: class extends Error {},
      decode(message) {
        const [output] = decryptMessage(conversation, { message }, world.context).outputs
        verdicts.add(output.type === 'opened' ? output.security : output.reason)
      },
    })
    expect(conversation.installations.map(encodeInstallation)).toEqual(before)
    expect([...verdicts]).toEqual(
      expect.arrayContaining(['malformed', 'bad-bundle', 'not-authentic', 'no-payload']),
    )
  })
})
