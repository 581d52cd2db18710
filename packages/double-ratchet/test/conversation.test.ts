import { inspect } from 'node:util'
import { concat, equal, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  type Conversation,
  decodeProtocolMessage,
  encodeProtocolMessage,
  forgetPeer,
  isWithSelf,
  MAX_INSTALLATIONS,
  negotiatedSecret,
  type ProtocolMessage,
  publicMessage,
  type Sealed,
} from '@status-protocol/double-ratchet'
import { type SignedPreKey, signBundle } from '@status-protocol/double-ratchet/x3dh'
import { describe, expect, it } from 'vitest'
import { contents, type Party } from './support/party.ts'
import { DAY_MS, headers, World } from './support/talk.ts'

/** A message with other bundles, as somebody between the two could send it. */
function withBundles(bytes: Uint8Array, bundles: ProtocolMessage['bundles']): Uint8Array {
  return encodeProtocolMessage({ ...decodeProtocolMessage(bytes), bundles })
}

function bundleOf(of: Party, preKeys: readonly SignedPreKey[], timestampNs: bigint) {
  return signBundle({ identityPrivateKey: of.self.identity.privateKey, preKeys, timestampNs })
}

async function sessionsOf(of: Party, peer: Party) {
  return (await of.conversation(peer.self.publicKey)).installations.flatMap(({ sessions }) => sessions)
}

describe('first contact', () => {
  it('without a bundle: one DH message for whichever installation reads it', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const sealed = await world.send(alice, bob, 'hello')
    expect(headers(sealed.bytes)).toEqual({ none: 'dh' })
    expect(sealed).toMatchObject({ security: 'dh', installationIds: [], negotiated: false })
    const [opened, ...news] = await world.read(bob, alice, sealed.bytes)
    expect(opened).toMatchObject({ type: 'opened', plaintext: utf8('hello'), security: 'dh' })
    expect(news).toEqual([{ type: 'installation', installationId: 'a1', change: 'new', enabled: true }])
  })

  it('with a bundle: X3DH header and ratchet, the header until the first answer', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.read(bob, alice, await world.contactCode(alice))
    for (let i = 0; i < 3; i++) {
      const sealed = await world.send(bob, alice, `${i}`)
      expect(headers(sealed.bytes)).toEqual({ a1: 'x3dh+ratchet' })
      expect(await world.readText(alice, bob, sealed.bytes)).toBe(`${i}`)
    }
    const answer = await world.send(alice, bob, 'answer')
    expect(headers(answer.bytes)).toEqual({ b1: 'ratchet' })
    expect(await world.readText(bob, alice, answer.bytes)).toBe('answer')
    expect(headers((await world.send(bob, alice, 'next')).bytes)).toEqual({ a1: 'ratchet' })
  })

  it('an answer that does not open does not stop the X3DH header', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    const first = await world.send(bob, alice, 'first')
    await world.read(alice, bob, first.bytes)
    const answer = decodeProtocolMessage((await world.send(alice, bob, 'answer')).bytes)
    const [direct] = answer.directMessages
    const payload = direct?.payload.map((byte) => byte ^ 1) as Uint8Array
    const damaged = encodeProtocolMessage({
      ...answer,
      directMessages: answer.directMessages.map((d) => ({ ...d, payload })),
    })
    expect(await world.readText(bob, alice, damaged)).toBe('(not-authentic)')
    expect(headers((await world.send(bob, alice, 'next')).bytes)).toEqual({ a1: 'x3dh+ratchet' })
  })

  it('the own bundle is in every message', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const messages: Sealed[] = [await world.send(alice, bob, 'dh')]
    await world.introduce(alice, bob)
    messages.push(await world.send(alice, bob, 'ratchet'), await world.send(alice, bob, 'ratchet'))
    const bundles = messages.flatMap(({ bytes }) => decodeProtocolMessage(bytes).bundles)
    expect(bundles).toHaveLength(3)
    expect(new Set(bundles.map(({ timestampNs }) => timestampNs)).size).toBe(3)
    expect(new Set(bundles.map(({ preKeys }) => toHex(preKeys[0]?.preKey as Uint8Array))).size).toBe(1)
  })

  it('an explicit DH message goes to any installation although some are known', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    const sealed = await world.send(alice, bob, 'pairing', 'dh')
    expect(headers(sealed.bytes)).toEqual({ none: 'dh' })
    expect(await world.readText(bob, alice, sealed.bytes)).toBe('pairing')
  })
})

describe('public messages', () => {
  it('a contact code has no payload, and its bundle is learnt', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const [output, ...news] = await world.read(bob, alice, await world.contactCode(alice))
    expect(output).toMatchObject({ type: 'refused', reason: 'no-payload' })
    expect(news).toMatchObject([{ installationId: 'a1', change: 'new' }])
  })

  it('a public payload is not encrypted, and wins over a direct one', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    const direct = decodeProtocolMessage((await world.send(alice, bob, 'direct')).bytes)
    const both = encodeProtocolMessage({ ...direct, publicMessage: utf8('public') })
    const [output] = await world.read(bob, alice, both)
    expect(output).toMatchObject({ plaintext: utf8('public'), security: 'none', negotiated: false })
    const [sealed] = await alice.run(alice.self.publicKey, world.context, (c, context) =>
      publicMessage(c, { payload: utf8('all') }, context),
    )
    expect(sealed.security).toBe('none')
    expect(await world.readText(bob, alice, sealed.bytes)).toBe('all')
  })
})

describe('several installations', () => {
  it('each of them gets a part of its own; the newest three at most', async () => {
    const world = new World()
    const [alice, identity] = [world.party('a1'), world.identity()]
    const bobs = ['b1', 'b2', 'b3', 'b4'].map((id) => world.party(id, identity))
    for (const bob of bobs) await world.read(alice, bob, await world.contactCode(bob))
    const sealed = await world.send(alice, bobs[0] as Party, 'to all')
    expect(sealed.installationIds).toEqual(['b4', 'b3', 'b2'])
    const read = await Promise.all(bobs.map((bob) => world.readText(bob, alice, sealed.bytes)))
    expect(read).toEqual(['(not-addressed)', 'to all', 'to all', 'to all'])
  })

  it('own installations are written to once they are enabled, and listed in the bundle', async () => {
    const world = new World()
    const identity = world.identity()
    const [phone, tablet] = [world.party('phone', identity), world.party('tablet', identity)]
    await world.introduce(phone, tablet)
    expect(headers((await world.send(phone, tablet, 'nobody yet')).bytes)).toEqual({ none: 'dh' })
    await world.pairUp(phone, tablet)
    const sealed = await world.send(phone, tablet, 'sync')
    expect(sealed.installationIds).toEqual(['tablet'])
    expect(await world.readText(tablet, phone, sealed.bytes)).toBe('sync')
    const [bundle] = decodeProtocolMessage(sealed.bytes).bundles
    expect(bundle?.preKeys.map(({ installationId }) => installationId).sort()).toEqual(['phone', 'tablet'])
  })

  it('one installation’s bundle teaches the others', async () => {
    const world = new World()
    const identity = world.identity()
    const [alice, phone, tablet] = [
      world.party('a1'),
      world.party('phone', identity),
      world.party('tablet', identity),
    ]
    await world.pairUp(phone, tablet)
    await world.read(alice, phone, (await world.send(phone, alice, 'from the phone')).bytes)
    const sealed = await world.send(alice, phone, 'to both')
    expect(headers(sealed.bytes)).toEqual({ phone: 'x3dh+ratchet', tablet: 'x3dh+ratchet' })
    expect(await world.readText(tablet, alice, sealed.bytes)).toBe('to both')
  })

  it('our own message read back holds nothing for us', async () => {
    const world = new World()
    const identity = world.identity()
    const [phone, tablet, bob] = [
      world.party('phone', identity),
      world.party('tablet', identity),
      world.party('b1'),
    ]
    await world.introduce(phone, bob)
    const before = await contents(phone.storage)
    const toBob = await world.send(phone, bob, 'to bob')
    const sent = await contents(phone.storage)
    expect(sent).not.toBe(before)
    expect(await world.readText(phone, phone, toBob.bytes)).toBe('(not-paired)')
    expect(await contents(phone.storage)).toBe(sent)
    expect(await world.readText(tablet, phone, toBob.bytes)).toBe('(not-paired)')
  })
})

describe('the negotiated secret', () => {
  it('is used once all addressed installations have written, and is the same on both sides', async () => {
    const world = new World()
    const identity = world.identity()
    const [alice, phone, tablet] = [
      world.party('a1'),
      world.party('phone', identity),
      world.party('tablet', identity),
    ]
    await world.pairUp(phone, tablet)
    const first = await world.send(phone, alice, 'first')
    expect(first.negotiated).toBe(false)
    const [read] = await world.read(alice, phone, first.bytes)
    expect(read).toMatchObject({ type: 'opened', negotiated: true })
    const second = await world.send(alice, phone, 'second')
    expect(second.negotiated).toBe(false) // the tablet has not written
    for (const device of [phone, tablet]) await world.read(device, alice, second.bytes)
    await world.read(alice, tablet, (await world.send(tablet, alice, 'third')).bytes)
    expect((await world.send(alice, phone, 'fourth')).negotiated).toBe(true)
    const [mine, theirs] = [
      await alice.conversation(phone.self.publicKey),
      await tablet.conversation(alice.self.publicKey),
    ]
    expect(toHex(negotiatedSecret(mine))).toBe(toHex(negotiatedSecret(theirs)))
  })

  it('counts only for installations whose bundle says that they negotiate', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const { bytes } = await world.send(bob, alice, 'old client')
    const [bundle] = decodeProtocolMessage(bytes).bundles
    const preKeys = (bundle?.preKeys ?? []).map((entry) => ({ ...entry, protocolVersion: 0 }))
    const [read] = await world.read(
      alice,
      bob,
      withBundles(bytes, [bundleOf(bob, preKeys, bundle?.timestampNs ?? 0n)]),
    )
    expect(read).toMatchObject({ type: 'opened', negotiated: false })
    expect((await world.send(alice, bob, 'answer')).negotiated).toBe(false)
  })
})

describe('forgery', () => {
  it('a first message that claims another identity leaves no state, and the genuine one opens', async () => {
    const world = new World()
    const [alice, bob, eve] = [world.party('a1'), world.party('b1'), world.party('e1')]
    await world.read(alice, bob, await world.contactCode(bob))
    const { bytes } = await world.send(alice, bob, 'genuine')
    const before = await contents(bob.storage)
    expect(await world.readText(bob, eve, bytes)).toBe('(not-authentic)')
    expect(await contents(bob.storage)).toBe(before)
    expect(await world.readText(bob, alice, bytes)).toBe('genuine')
  })

  it('a damaged first message leaves no session, and the genuine one opens', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.read(alice, bob, await world.contactCode(bob))
    const { bytes } = await world.send(alice, bob, 'genuine')
    const message = decodeProtocolMessage(bytes)
    const directMessages = message.directMessages.map((d) => ({ ...d, payload: d.payload.with(17, 0) }))
    expect(await world.readText(bob, alice, encodeProtocolMessage({ ...message, directMessages }))).toBe(
      '(not-authentic)',
    )
    expect(await sessionsOf(bob, alice)).toEqual([])
    expect(await world.readText(bob, alice, bytes)).toBe('genuine')
  })

  it('a stranger who takes an installation id does not touch the genuine session', async () => {
    const world = new World()
    const [alice, bob, eve] = [world.party('a1'), world.party('b1'), world.party('a1')]
    await world.introduce(alice, bob)
    await world.introduce(eve, bob)
    await world.read(bob, alice, (await world.send(alice, bob, '1')).bytes)
    expect(await world.readText(bob, eve, (await world.send(eve, bob, 'mine')).bytes)).toBe('mine')
    expect(await world.readText(bob, alice, (await world.send(alice, bob, '2')).bytes)).toBe('2')
    expect(await world.readText(alice, bob, (await world.send(bob, alice, '3')).bytes)).toBe('3')
  })

  it('a bundle is verified before anything of it is stored', async () => {
    const world = new World()
    const [alice, bob, eve] = [world.party('a1'), world.party('b1'), world.party('e1')]
    await world.introduce(alice, bob)
    const { bytes } = await world.send(alice, bob, 'hello')
    const before = await contents(bob.storage)
    const [genuine] = decodeProtocolMessage(bytes).bundles
    const preKey = eve.self.identity.publicKey
    const forged = {
      ...bundleOf(eve, [{ installationId: 'a1', preKey, version: 99, protocolVersion: 1 }], 2n ** 62n),
      identity: alice.self.identity.publicKey,
    }
    for (const bundles of [[forged], [genuine as typeof forged, forged]])
      expect(await world.readText(bob, alice, withBundles(bytes, bundles))).toBe('(bad-bundle)')
    expect(await contents(bob.storage)).toBe(before)
  })

  it('somebody else’s genuine bundle teaches nothing', async () => {
    const world = new World()
    const [alice, bob, eve] = [world.party('a1'), world.party('b1'), world.party('e1')]
    const code = await world.contactCode(alice)
    const before = await contents(bob.storage)
    expect(await world.readText(bob, eve, code)).toBe('(no-payload)')
    expect(await contents(bob.storage)).toBe(before)
  })

  it('an old bundle does not come back', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const old = await world.contactCode(alice)
    world.nowMs += DAY_MS
    await world.read(bob, alice, await world.contactCode(alice))
    const before = await contents(bob.storage)
    await world.read(bob, alice, old)
    expect(await contents(bob.storage)).toBe(before)
  })

  it('a pre key that is no point is not used: DH instead', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const junk = { installationId: 'b1', preKey: new Uint8Array(33), version: 1, protocolVersion: 1 }
    const code = encodeProtocolMessage({
      installationId: 'b1',
      bundles: [bundleOf(bob, [junk], 1n)],
      directMessages: [],
    })
    expect(await world.readText(alice, bob, code)).toBe('(no-payload)')
    expect(headers((await world.send(alice, bob, 'hello')).bytes)).toEqual({ none: 'dh' })
  })

  it('no installation is called "none", nothing, or longer than 128 bytes', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const preKey = bob.self.identity.publicKey
    const preKeys = ['none', '', 'x'.repeat(129)].map((installationId) => ({
      installationId,
      preKey,
      version: 1,
      protocolVersion: 1,
    }))
    const code = encodeProtocolMessage({
      installationId: 'b1',
      bundles: [bundleOf(bob, preKeys, 1n)],
      directMessages: [],
    })
    await world.read(alice, bob, code)
    expect((await alice.conversation(bob.self.publicKey)).installations).toEqual([])
    expect(() => world.party('none')).toThrow(/installationId/)
    expect(() => world.party('')).toThrow(/installationId/)
    expect(() => world.party('\ud800')).toThrow(/installationId/)
  })
})

describe('confirmation and repetition', () => {
  it('a message opens again until it is confirmed', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    const { bytes } = await world.send(alice, bob, 'once')
    const [output] = await world.read(bob, alice, bytes)
    const stored = await contents(bob.storage)
    expect(await world.readText(bob, alice, bytes)).toBe('once')
    expect(await contents(bob.storage)).toBe(stored)
    await world.confirm(bob, alice, output)
    expect(await world.readText(bob, alice, bytes)).toBe('(key-gone)')
    const confirmed = await contents(bob.storage)
    await world.confirm(bob, alice, output)
    expect(await contents(bob.storage)).toBe(confirmed)
  })
})

describe('renewal of pre keys', () => {
  it('a day later a new pre key is published; sessions on the old one only read', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    await world.read(bob, alice, (await world.send(alice, bob, '1')).bytes)
    const late = await world.send(alice, bob, 'late')
    await world.read(alice, bob, (await world.send(bob, alice, '2')).bytes)
    world.nowMs += DAY_MS
    const renewed = await world.send(bob, alice, '3')
    expect(headers(renewed.bytes)).toEqual({ a1: 'x3dh+ratchet' })
    const [, ...news] = await world.read(alice, bob, renewed.bytes)
    expect(news).toEqual([{ type: 'installation', installationId: 'b1', change: 'pre-key', enabled: true }])
    expect(await world.readText(bob, alice, late.bytes)).toBe('late')
    expect(await world.readText(bob, alice, (await world.send(alice, bob, '4')).bytes)).toBe('4')
  })

  it('a clock that was ahead for a while does not stop renewal', async () => {
    const world = new World()
    const alice = world.party('a1')
    const now = world.nowMs
    world.nowMs += 365 * DAY_MS
    await world.contactCode(alice)
    world.nowMs = now
    await world.contactCode(alice)
    const versions = (await alice.conversation(alice.self.publicKey)).ownPreKeys.map((k) => k.version)
    expect(versions).toEqual([1, 2])
  })
})

describe('two sessions at the same time', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('both sides come to write on the same one (%d)', async (seed) => {
    const world = new World(seed + 1)
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    for (let round = 0; round < 3; round++) {
      const [there, back] = [await world.send(alice, bob, 'there'), await world.send(bob, alice, 'back')]
      expect(await world.readText(bob, alice, there.bytes)).toBe('there')
      expect(await world.readText(alice, bob, back.bytes)).toBe('back')
    }
    const used = [await world.send(alice, bob, 'x'), await world.send(bob, alice, 'y')].map(
      ({ bytes }) => decodeProtocolMessage(bytes).directMessages[0]?.ratchetHeader?.preKeyId,
    )
    expect(equal(used[0] as Uint8Array, used[1] as Uint8Array)).toBe(true)
    expect(headers((await world.send(alice, bob, 'x')).bytes)).toEqual({ b1: 'ratchet' })
  })

  it('a peer that lost its store counts its pre keys from the beginning, and is written to on the new one', async () => {
    const world = new World()
    const identity = world.identity()
    const [alice, bob] = [world.party('a1', identity), world.party('b1')]
    for (let day = 0; day < 4; day++) {
      await world.introduce(alice, bob)
      world.nowMs += DAY_MS
    }
    const old = await world.contactCode(alice)
    const again = world.party('a1', identity)
    await world.read(bob, again, await world.contactCode(again))
    const sealed = await world.send(bob, again, 'hello again')
    expect(headers(sealed.bytes)).toEqual({ a1: 'x3dh+ratchet' })
    expect(await world.readText(again, bob, sealed.bytes)).toBe('hello again')
    // Repeated by somebody, the former bundle has a higher version still, but is older.
    const before = await contents(bob.storage)
    expect(await world.readText(bob, again, old)).toBe('(no-payload)')
    expect(await contents(bob.storage)).toBe(before)
  })

  it('another device’s knowledge of a pre key does not replace a newer one', async () => {
    const world = new World()
    const identity = world.identity()
    const [alice, phone, tablet] = [
      world.party('a1'),
      world.party('phone', identity),
      world.party('tablet', identity),
    ]
    await world.pairUp(phone, tablet)
    world.nowMs += DAY_MS
    await world.read(alice, phone, await world.contactCode(phone))
    const [before] = (await alice.conversation(phone.self.publicKey)).installations
    await world.read(alice, tablet, await world.contactCode(tablet)) // lists the phone's pre key of yesterday
    const { installations } = await alice.conversation(phone.self.publicKey)
    const after = installations.find(({ id }) => id === 'phone')
    expect(toHex(after?.preKey as Uint8Array)).toBe(toHex(before?.preKey as Uint8Array))
    expect(after?.version).toBe(2)
  })

  it('a peer that lost its store begins again on the same pre key and is read', async () => {
    const world = new World()
    const identity = world.identity()
    const [alice, bob] = [world.party('a1', identity), world.party('b1')]
    await world.introduce(alice, bob)
    const before = await world.send(alice, bob, 'before')
    expect(await world.readText(bob, alice, before.bytes)).toBe('before')
    const again = world.party('a1', identity)
    await world.read(again, bob, await world.contactCode(bob))
    expect(await world.readText(bob, again, (await world.send(again, bob, 'after')).bytes)).toBe('after')
    const answer = await world.send(bob, again, 'answer')
    expect(await world.readText(again, bob, answer.bytes)).toBe('answer')
    // The message of the first session, repeated, belongs to the first session still.
    expect(await world.readText(bob, alice, before.bytes)).toBe('before')
    expect(await world.readText(again, bob, (await world.send(bob, again, 'still')).bytes)).toBe('still')
  })
})

describe('bounds', () => {
  it('installations of an identity: the longest unseen goes, with its sessions', async () => {
    const world = new World()
    const [alice, identity] = [world.party('a1'), world.identity()]
    const bobs = Array.from({ length: MAX_INSTALLATIONS + 2 }, (_, i) => world.party(`b${i}`, identity))
    for (const bob of bobs) await world.read(alice, bob, await world.contactCode(bob))
    const { installations } = await alice.conversation((bobs[0] as Party).self.publicKey)
    expect(installations.map(({ id }) => id).sort()).toEqual(
      bobs
        .slice(2)
        .map(({ self }) => self.installationId)
        .sort(),
    )
  })

  it('own installations: enabled ones are never displaced', async () => {
    const world = new World()
    const identity = world.identity()
    const [phone, tablet] = [world.party('phone', identity), world.party('tablet', identity)]
    await world.pairUp(phone, tablet)
    for (let i = 0; i < MAX_INSTALLATIONS + 3; i++) {
      const other = world.party(`other-${i}`, identity)
      await world.read(phone, other, await world.contactCode(other))
    }
    const { installations } = await phone.conversation(phone.self.publicKey)
    expect(installations).toHaveLength(MAX_INSTALLATIONS)
    expect(installations.some(({ id, enabled }) => id === 'tablet' && enabled)).toBe(true)
  })

  it('a forgotten peer leaves nothing behind', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const empty = await contents(alice.storage)
    await world.contactCode(alice)
    const before = await contents(alice.storage)
    expect(before).not.toBe(empty)
    await world.introduce(alice, bob)
    await world.send(alice, bob, 'hello')
    await alice.run(bob.self.publicKey, world.context, forgetPeer)
    expect(await contents(alice.storage)).toBe(before)
  })
})

describe('misuse', () => {
  it('names the argument', async () => {
    const world = new World()
    const alice = world.party('a1')
    await expect(alice.conversation(new Uint8Array(65))).rejects.toMatchObject({ code: 'invalid-key' })
    await expect(alice.conversation(crypto.compressPublicKey(alice.self.publicKey))).rejects.toThrow(
      /peer: expected a secp256k1 public key of 65 bytes, got 33 bytes/,
    )
    const conversation = await alice.conversation(alice.self.publicKey)
    expect(() => publicMessage(conversation, {}, { ...world.context, nowMs: Number.NaN })).toThrow(/nowMs/)
    const payload = 'text' as unknown as Uint8Array
    expect(() => publicMessage(conversation, { payload }, world.context)).toThrow(/payload: expected bytes/)
  })

  it('shows no key when printed', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    await world.send(alice, bob, 'hello')
    const conversation: Conversation = await alice.conversation(bob.self.publicKey)
    expect(isWithSelf(conversation)).toBe(false)
    const [session] = conversation.installations[0]?.sessions ?? []
    const [preKey] = conversation.ownPreKeys
    const secrets = [
      alice.self.identity.privateKey,
      preKey?.privateKey,
      session?.ratchet.rootKey,
      session?.ratchet.self.privateKey,
      session?.ratchet.sending.key,
    ] as Uint8Array[]
    const asText = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)
    const shown = inspect(conversation, { depth: 20 }) + JSON.stringify(conversation, asText)
    for (const secret of secrets) {
      expect(secret).toHaveLength(32)
      expect(shown).not.toContain(inspect(secret).slice(20, 60))
      expect(shown).not.toContain(JSON.stringify(secret))
    }
    expect(shown).toContain('[Self]')
    expect(concat(...secrets)).toHaveLength(160)
  })
})
