/**
 * One party's way through a recorded session: it reads what came and writes again what it wrote, with the recorded keys
 * instead of random ones.
 *
 * Envelopes are in the order in which they arrived. A message may have been written before another was read that had
 * arrived earlier: it is written when reading on would make it another message.
 */
import { equal, toHex } from '@status-protocol/bytes'
import {
  type Conversation,
  type ConversationContext,
  decodeProtocolMessage,
  decryptMessage,
  encodeProtocolMessage,
  encryptMessage,
  isWithSelf,
  type ProtocolMessage,
  publicMessage,
  type Sealed,
  setInstallationEnabled,
  type Transition,
} from '@status-protocol/double-ratchet'
import { expectSame, expectThat, hex, seededRandom } from '@status-protocol/testkit'
import type { Carried, Party, SessionInput } from './recording.ts'
import { hasKey } from './recording.ts'
import { outline } from './shown.ts'

/** What a party made of one envelope. */
export type Reading =
  | { readonly verdict: 'not-for-me' | 'not-addressed' | 'no-payload' }
  | { readonly verdict: 'read'; readonly plaintext: Uint8Array }

export interface Replayed {
  readonly readings: ReadonlyMap<number, Reading>
  /** Indexes in the order in which the party wrote and read. */
  readonly order: readonly number[]
}

/** How far ahead a message is looked for that must have been written before. */
const LOOKAHEAD = 6

const noise = seededRandom(31)

/** @param plaintexts what the messages say, as those read them for whom they are; empty for the first time */
export async function replay(
  party: Party,
  carried: readonly Carried[],
  plaintexts: ReadonlyMap<number, Uint8Array>,
): Promise<Replayed> {
  const { name } = party.input
  const readings = new Map<number, Reading>()
  const order: number[] = []
  const missing = { count: 0 }
  const rest = [...carried]
  for (;;) {
    const next = await nextOf(party, rest)
    if (!next) break
    rest.splice(rest.indexOf(next), 1)
    order.push(next.index)
    try {
      if (next.from === name && next.message) await write(party, next, plaintexts.get(next.index), missing)
      readings.set(next.index, await read(party, next))
    } catch (error) {
      throw new Error(`${name}, envelope ${next.index}: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      })
    }
  }
  return { readings, order }
}

// ---- in which order

async function nextOf(party: Party, rest: readonly Carried[]): Promise<Carried | undefined> {
  const [next] = rest
  if (!next?.message) return next
  const own = rest.filter((one) => one !== next && one.from === party.input.name && one.to)
  if (next.from === party.input.name) return (await writtenBefore(party, next, own)) ?? next
  const isHeard = hasKey(party, next) && !next.deaf.includes(party.input.name)
  return (isHeard && (await onlyBefore(party, next, own))) || next
}

/** One of our messages on the same ratchet key with a lower number. */
async function writtenBefore(party: Party, next: Carried, own: readonly Carried[]) {
  const { to } = next
  if (!to) return undefined
  const conversation = await party.device.conversation(to)
  const isLower = ({ message }: Carried) =>
    message?.directMessages.some(({ installationId, ratchetHeader: a }) => {
      const b = next.message?.directMessages.find((d) => d.installationId === installationId)?.ratchetHeader
      return a && b && equal(a.key, b.key) && equal(a.preKeyId, b.preKeyId) && a.n < b.n
    })
  return toward(to, own).find((one) => isLower(one) && fits(party, conversation, one))
}

/** One of our messages that can be written now and not after `next` was read. */
async function onlyBefore(party: Party, next: Carried, own: readonly Carried[]) {
  const candidates = toward(next.signer, own)
  if (candidates.length === 0) return undefined
  const before = await party.device.conversation(next.signer)
  const { conversation: after } = decrypted(party, before, next)
  return candidates.find((one) => fits(party, before, one) && !fits(party, after, one))
}

function toward(peer: Uint8Array, own: readonly Carried[]): readonly Carried[] {
  return own.filter(({ to }) => to && equal(to, peer)).slice(0, LOOKAHEAD)
}

/** Whether the message is what the party would write from this state, now or a few messages later on the same chain. */
function fits(party: Party, conversation: Conversation, { message, route }: Carried): boolean {
  if (!message) return false
  const paired = isWithSelf(conversation) ? withPaired(conversation, message) : conversation
  const [{ bytes, negotiated }] = sealed(party, paired, message, new Uint8Array(0)).outputs
  const ours = decodeProtocolMessage(bytes).directMessages
  return (
    negotiated === (route.kind === 'negotiated') &&
    ours.length === message.directMessages.length &&
    message.directMessages.every((theirs) => {
      const mine = ours.find(({ installationId }) => installationId === theirs.installationId)
      const [a, b] = [mine?.ratchetHeader, theirs.ratchetHeader]
      const isSameChain = a && b ? equal(a.key, b.key) && a.pn === b.pn && a.n <= b.n : a === b
      return isSameChain && Boolean(mine?.x3dhHeader) === Boolean(theirs.x3dhHeader) && mine !== undefined
    })
  )
}

// ---- reading

async function read(party: Party, carried: Carried): Promise<Reading> {
  if (!hasKey(party, carried)) return { verdict: 'not-for-me' }
  if (!carried.message) return { verdict: 'read', plaintext: carried.payload }
  const { changes, outputs } = decrypted(party, await party.device.conversation(carried.signer), carried)
  const [output] = outputs
  if (carried.deaf.includes(party.input.name)) {
    expectSame(output.type === 'refused' && output.reason, 'no-payload', 'a contact code')
    return { verdict: 'not-for-me' }
  }
  await party.device.commit(changes)
  if (output.type === 'opened') return { verdict: 'read', plaintext: output.plaintext }
  switch (output.reason) {
    case 'no-payload':
      return { verdict: 'no-payload' }
    case 'not-addressed':
    // Our own message comes back to us.
    case 'not-paired':
      return { verdict: 'not-addressed' }
    default:
      throw new Error(`refused: ${output.reason}`)
  }
}

function decrypted({ input, device }: Party, conversation: Conversation, { message, payload }: Carried) {
  expectThat(message !== undefined, 'a ProtocolMessage')
  const direct = message.directMessages.find(
    ({ installationId }) => installationId === device.self.installationId,
  )
  const preKeyId = direct?.ratchetHeader?.preKeyId
  const session = conversation.installations
    .find(({ id }) => id === message.installationId)
    ?.sessions.findLast((one) => preKeyId && equal(one.preKeyId, preKeyId))
  const recorded = preKeyId && recordedSession(input.sessions, preKeyId, message.installationId)
  const keys = recorded?.ratchetKeys ?? []
  const drawn = session ? keys.indexOf(toHex(session.ratchet.self.privateKey)) + 1 : 0
  return decryptMessage(conversation, { message: payload }, contextOf(message, queue(keys.slice(drawn))))
}

// ---- writing

/** Without a plaintext, only to be where the party then was. */
async function write(
  party: Party,
  carried: Carried,
  plaintext: Uint8Array | undefined,
  missing: { count: number },
): Promise<void> {
  const { message, to, route } = carried
  expectThat(message !== undefined, 'a ProtocolMessage')
  const { device } = party
  await enablePaired(party, message)
  if (!to || message.directMessages.length === 0) {
    const { publicMessage: payload } = message
    const before = await device.conversation(device.self.publicKey)
    const [{ bytes }] = publicMessage(before, payload ? { payload } : {}, contextOf(message)).outputs
    expectSameButTime(decodeProtocolMessage(bytes), message)
    return
  }
  await writeMissing(party, to, message, missing)
  const before = await device.conversation(to)
  const { changes, outputs } = sealed(party, before, message, plaintext ?? new Uint8Array(0))
  await device.commit(changes)
  if (!plaintext) return
  const [{ bytes, security, negotiated }] = outputs
  expectSame(negotiated, route.kind === 'negotiated', 'whether the topic is the negotiated one')
  const ours = decodeProtocolMessage(bytes)
  expectSame(outline(ours), outline(message), 'outline of what the party writes')
  // Which ephemeral key a DH message was written with is not recorded.
  if (security === 'ratchet') expectSameButTime(ours, message)
}

/** With the recorded keys where the message begins a session, and ours where the recording has none. */
function sealed(
  { input }: Party,
  conversation: Conversation,
  message: ProtocolMessage,
  plaintext: Uint8Array,
): Transition<readonly [Sealed]> {
  // Pairing is the one message that is DH although installations may be known.
  const isDh = message.directMessages.some(({ dhHeader }) => dhHeader)
  const what = { plaintext, ...(isDh && isWithSelf(conversation) ? { mode: 'dh' as const } : {}) }
  const rehearsal = encryptMessage(conversation, what, contextOf(message))
  if (isDh) return rehearsal
  const keys = rehearsal.outputs[0].installationIds.flatMap((id) => {
    const header = message.directMessages.find(({ installationId }) => installationId === id)?.x3dhHeader
    const known = conversation.installations.find((installation) => installation.id === id)
    if (!header || known?.sessions.some((one) => equal(one.ephemeralKey, header.key))) return []
    const recorded = recordedSession(input.sessions, header.preKeyId, id)
    return [recorded?.ephemeral, recorded?.ratchetKeys[0]].filter((key) => key !== undefined)
  })
  return keys.length > 0 ? encryptMessage(conversation, what, contextOf(message, queue(keys))) : rehearsal
}

/** One message of the first recording is not in the file: its number is missing in the sender's chain. */
async function writeMissing(
  { device }: Party,
  to: Uint8Array,
  message: ProtocolMessage,
  missing: { count: number },
): Promise<void> {
  const before = await device.conversation(to)
  const isNext = message.directMessages.some(({ installationId, ratchetHeader: header }) =>
    before.installations
      .find(({ id }) => id === installationId)
      ?.sessions.some(
        ({ ratchet: { self, sending } }) =>
          header && equal(self.publicKey, header.key) && sending.n === header.n - 1,
      ),
  )
  if (!isNext) return
  expectThat(missing.count++ === 0, 'more than one message is missing')
  await device.commit(encryptMessage(before, { plaintext: new Uint8Array(0) }, contextOf(message)).changes)
}

/** Pairing is a decision of the person: it shows in the bundles from then on. */
async function enablePaired({ device }: Party, message: ProtocolMessage): Promise<void> {
  const { publicKey } = device.self
  for (const installationId of pairedIn(await device.conversation(publicKey), message))
    await device.run(publicKey, contextOf(message), (conversation) =>
      setInstallationEnabled(conversation, { installationId, enabled: true }),
    )
}

function withPaired(conversation: Conversation, message: ProtocolMessage): Conversation {
  return pairedIn(conversation, message).reduce(
    (now, installationId) => setInstallationEnabled(now, { installationId, enabled: true }).conversation,
    conversation,
  )
}

/** Our other installations that the message lists. */
function pairedIn(own: Conversation, { bundles }: ProtocolMessage): readonly string[] {
  return bundles
    .flatMap(({ preKeys }) => preKeys.map((entry) => entry.installationId))
    .filter((id) => id !== own.self.installationId && own.ownInstallations.some((known) => known.id === id))
}

/** Bundles are signed at a nanosecond that we do not choose; all else must be the same. */
function expectSameButTime(ours: ProtocolMessage, recorded: ProtocolMessage): void {
  expectSame(outline(ours).bundles, outline(recorded).bundles, 'bundles')
  expectSame(
    encodeProtocolMessage({ ...ours, bundles: [] }),
    toHex(encodeProtocolMessage({ ...recorded, bundles: [] })),
    'what the party writes',
  )
}

function recordedSession(sessions: readonly SessionInput[], preKeyId: Uint8Array, installationId: string) {
  const id = toHex(preKeyId)
  return sessions.find((one) => one.preKeyId === id && one.theirInstallationId === installationId)
}

function contextOf(
  message: ProtocolMessage,
  random: ConversationContext['random'] = noise,
): ConversationContext {
  return { nowMs: Number((message.bundles[0]?.timestampNs ?? 0n) / 1_000_000n), random }
}

function queue(keys: readonly string[]): ConversationContext['random'] {
  const left = [...keys]
  return {
    bytes() {
      const key = left.shift()
      if (key === undefined) throw new Error('a key is drawn that the recording does not have')
      return hex(key)
    },
  }
}
