/** Every truncation and every flipped bit of the golden ratchet messages: a verdict each time, and no state changes. */
import { toHex } from '@status-protocol/bytes'
import { decryptMessage, encodeInstallation } from '@status-protocol/double-ratchet'
import {
  acceptRatchet,
  decodeRatchetHeader,
  encodeRatchetHeader,
  encodeRatchetState,
  initiateRatchet,
  type RatchetMessage,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
} from '@status-protocol/double-ratchet/ratchet'
import { hex, seededRandom, type VectorCase } from '@status-protocol/testkit'
import { readVectorFile } from '@status-protocol/testkit/vitest'
import { describe, expect, it } from 'vitest'
import { contents, type Party, party } from './support/party.ts'

/** Of longer ones the first and last bytes are flipped, the middle at every 64th. */
const WHOLE_BYTES = 400

/** A message after a gap of 1,000 costs 2,000 HMACs each time: of its ciphertext one bit of each byte is flipped. */
const TIMEOUT_MS = 240_000

const ratchet = (await readVectorFile('double-ratchet.json'))?.cases ?? []
const conversations = (await readVectorFile('protocol-message.json'))?.cases ?? []
const random = seededRandom(3)

describe('golden ratchet messages, damaged', { timeout: TIMEOUT_MS }, () => {
  it.each(ratchet.filter((c) => c.kind === 'transcript').map((c) => [c.name as string, c]))(
    '%s',
    (_name, c) => {
      let damaged = 0
      for (const { state, message } of readings(c)) {
        const before = toHex(encodeRatchetState(state))
        for (const bad of damage(message)) {
          const result = ratchetDecrypt(state, bad, { random })
          if (result.ok) throw new Error(`a damaged message opened: ${toHex(bad.ciphertext)}`)
          damaged++
        }
        expect(toHex(encodeRatchetState(state))).toBe(before)
        expect(ratchetDecrypt(state, message, { random }).ok).toBe(true)
      }
      expect(damaged).toBeGreaterThan(0)
    },
  )
})

/** The first three messages of a transcript that open, each with the reader's state before. */
function readings(c: VectorCase): { state: RatchetState; message: RatchetMessage }[] {
  const sharedSecret = hex(c.shared_secret)
  const responder = { privateKey: hex(c.responder_dh_private), publicKey: hex(c.responder_dh_public) }
  const keys: Record<string, string[]> = {
    alice: [...c.alice_generated_dh_private_keys],
    bob: [...c.bob_generated_dh_private_keys],
  }
  const draw = (by: string) => ({ bytes: () => hex(keys[by]?.shift()) })
  const states: Record<string, RatchetState> = {
    [c.initiator]: initiateRatchet(
      { sharedSecret, remoteKey: responder.publicKey },
      { random: draw(c.initiator) },
    ),
    [c.responder]: acceptRatchet({ sharedSecret, keyPair: responder }),
  }
  const sent: RatchetMessage[] = []
  const found: { state: RatchetState; message: RatchetMessage }[] = []
  for (const step of c.steps as VectorCase[]) {
    const state = states[step.by] as RatchetState
    if (step.op === 'encrypt') {
      const next = ratchetEncrypt(state, hex(step.plaintext))
      states[step.by] = next.state
      sent.push(next.message)
    } else if (step.op === 'encrypt_and_discard') {
      for (let i = 0; i < step.count; i++)
        states[step.by] = ratchetEncrypt(states[step.by] as RatchetState, new Uint8Array(0)).state
    } else if (step.op === 'decrypt' && step.verdict === 'ok' && found.length < 3) {
      const message = sent[step.message] as RatchetMessage
      found.push({ state, message })
      const result = ratchetDecrypt(state, message, { random: draw(step.by) })
      if (!result.ok) throw new Error(result.reason)
      states[step.by] = result.state
    }
  }
  return found
}

function* damage(message: RatchetMessage): Generator<RatchetMessage> {
  const header = encodeRatchetHeader(message.header)
  const isBehindGap = message.header.n > 100
  for (const bad of flips(header))
    yield { ...message, header: decodeRatchetHeader(bad, message.header.key.length) }
  for (let length = 0; length < message.header.key.length; length++)
    yield { ...message, header: { ...message.header, key: message.header.key.slice(0, length) } }
  for (const ciphertext of flips(message.ciphertext, isBehindGap ? 1 : 8)) yield { ...message, ciphertext }
  for (const ciphertext of truncations(message.ciphertext)) yield { ...message, ciphertext }
}

/** So many bits of each byte, from another one on in each. */
function* flips(bytes: Uint8Array, bits = 8): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) {
    const isMiddle = at > WHOLE_BYTES / 2 && at < bytes.length - WHOLE_BYTES / 2
    if (isMiddle && at % 64 !== 0) continue
    for (let bit = at; bit < at + bits; bit++) {
      const bad = bytes.slice()
      bad[at] = (bad[at] as number) ^ (1 << (bit % 8))
      yield bad
    }
  }
}

function* truncations(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length++) {
    const isMiddle = length > WHOLE_BYTES / 2 && length < bytes.length - WHOLE_BYTES / 2
    if (!isMiddle || length % 64 === 0) yield bytes.slice(0, length)
  }
}

describe('golden ProtocolMessages, damaged', { timeout: TIMEOUT_MS }, () => {
  const c = conversations.find(({ steps }) =>
    (steps as VectorCase[] | undefined)?.some(({ decoded }) => decoded?.direct_message[0]?.x3dh_header),
  )
  it.skipIf(!c)('a first message and one on the ratchet', async () => {
    const steps = (c?.steps ?? []) as VectorCase[]
    const first = steps.findIndex(({ decoded }) => decoded?.direct_message[0]?.x3dh_header)
    const [{ sender, results, protocol_message: golden }] = steps.slice(first) as [VectorCase]
    const [{ receiver, receiver_signed_pre_key_private: preKey }] = results
    const parties = partiesOf(c as VectorCase)
    const [from, to] = [parties.get(sender) as Party, parties.get(receiver) as Party]
    const id = hex(steps[first]?.decoded.direct_message[0].x3dh_header.id)
    await to.putOwnPreKeys([{ id, privateKey: hex(preKey), version: 1, createdMs: 0 }])
    await expectVerdicts(from, to, hex(golden))
    const next = steps.find((step, i) => i > first && step.sender === sender) as VectorCase
    await to.run(from.self.publicKey, context, (conversation) =>
      decryptMessage(conversation, { message: hex(golden) }, context),
    )
    await expectVerdicts(from, to, hex(next.protocol_message))
  })
})

const context = { nowMs: 0, random }

/**
 * Parts of a message that nobody signs may change without a sound: the sender's installation id, the protocol version.
 * Then it may open, but to nothing else than what was written.
 */
async function expectVerdicts(from: Party, to: Party, golden: Uint8Array): Promise<void> {
  const conversation = await to.conversation(from.self.publicKey)
  const read = (message: Uint8Array) => decryptMessage(conversation, { message }, context)
  const good = read(golden).outputs[0]
  if (good.type !== 'opened') throw new Error(good.reason)
  const stored = await contents(to.storage)
  const sessions = () => conversation.installations.map((i) => toHex(encodeInstallation(i)))
  const before = sessions()
  const verdicts = new Set<string>()
  for (const message of [...flips(golden), ...truncations(golden)]) {
    const result = read(message)
    const [output] = result.outputs
    verdicts.add(output.type === 'opened' ? `opened as ${output.security}` : output.reason)
    if (output.type === 'opened' && output.security === 'ratchet')
      expect(toHex(output.plaintext)).toBe(toHex(good.plaintext))
    if (output.type === 'refused')
      for (const after of result.conversation.installations)
        expect(after.sessions).toEqual(
          conversation.installations.find((i) => i.id === after.id)?.sessions ?? [],
        )
  }
  expect(sessions()).toEqual(before)
  expect(await contents(to.storage)).toBe(stored)
  expect([...verdicts]).toEqual(expect.arrayContaining(['not-authentic', 'malformed', 'bad-bundle']))
}

function partiesOf(c: VectorCase): Map<string, Party> {
  return new Map(
    (c.parties as VectorCase[]).map((p) => [p.name, party(hex(p.identity_private_key), p.installation_id)]),
  )
}
