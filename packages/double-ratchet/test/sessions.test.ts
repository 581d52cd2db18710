/** 5/SECURE-TRANSPORT, session management: bundles, re-keying, concurrent and expired sessions, several devices. */
import { compare, equal, toHex, utf8 } from '@status-protocol/bytes'
import {
  answerRefusal,
  decodeProtocolMessage,
  decryptMessage,
  EXPIRED_SESSION_LIFETIME_MS,
  encodeProtocolMessage,
  encryptMessage,
  INSTALLATIONS_TABLE,
  type Installation,
  MAX_BUNDLE_AHEAD_MS,
  MAX_KEPT_KEYS_OF_INSTALLATION,
  MAX_METADATA_BYTES,
  MAX_OWN_PRE_KEYS,
  MAX_RECIPIENTS,
  MAX_SESSIONS,
  MAX_STRANGERS,
  OLD_PRE_KEY_LIFETIME_MS,
  publicMessage,
  STALE_AFTER_MS,
  setInstallationEnabled,
  setInstallationMetadata,
  sweep,
} from '@status-protocol/double-ratchet'
import { MAX_KEY_DAYS, MAX_SKIPPED_KEYS } from '@status-protocol/double-ratchet/ratchet'
import { acceptX3dh, signBundle } from '@status-protocol/double-ratchet/x3dh'
import { describe, expect, it } from 'vitest'
import { installationKey } from '../src/conversation/installation.ts'
import { contents, type Party } from './support/party.ts'
import { DAY_MS, headers, World } from './support/talk.ts'

async function installationOf(of: Party, peer: Party): Promise<Installation> {
  const found = (await of.conversation(peer.self.publicKey)).installations.find(
    ({ id }) => id === peer.self.installationId,
  )
  if (!found) throw new Error(`${peer.self.installationId} is not known`)
  return found
}

const preKeyIdOf = (bytes: Uint8Array) =>
  toHex(decodeProtocolMessage(bytes).directMessages[0]?.ratchetHeader?.preKeyId ?? new Uint8Array(0))

/** Each reads what the other wrote: both write on the same session then. */
async function exchange(world: World, a: Party, b: Party): Promise<void> {
  for (const [from, to] of [
    [a, b],
    [b, a],
    [a, b],
  ] as const)
    expect(await world.readText(to, from, (await world.send(from, to, 'x')).bytes)).toBe('x')
}

async function pair(seed = 1): Promise<readonly [World, Party, Party]> {
  const world = new World(seed)
  const [alice, bob] = [world.party('a1'), world.party('b1')]
  await world.introduce(alice, bob)
  return [world, alice, bob]
}

describe('own bundle', () => {
  it('is made when first needed, renewed after 24 h, its versions count up', async () => {
    const world = new World()
    const alice = world.party('a1')
    expect((await alice.conversation(alice.self.publicKey)).ownPreKeys).toEqual([])
    const versions: (number | undefined)[] = []
    for (const hours of [0, 23.9, 24.1, 24.1]) {
      world.nowMs += hours * 3_600_000
      const [bundle] = decodeProtocolMessage(await world.contactCode(alice)).bundles
      versions.push(bundle?.preKeys[0]?.version)
    }
    expect(versions).toEqual([1, 1, 2, 3])
  })

  it('old pre keys read for 30 days after they were replaced, then they are erased', async () => {
    const world = new World()
    const [alice, bob, carol] = [world.party('a1'), world.party('b1'), world.party('c1')]
    const code = await world.contactCode(alice)
    await world.read(bob, alice, code)
    await world.read(carol, alice, code)
    world.nowMs += DAY_MS
    await world.contactCode(alice) // the second pre key takes the place of the first
    world.nowMs += OLD_PRE_KEY_LIFETIME_MS - 60_000
    expect(await world.readText(alice, bob, (await world.send(bob, alice, 'late')).bytes)).toBe('late')
    world.nowMs += 60_000
    // Still stored, but its time is over.
    expect((await alice.conversation(alice.self.publicKey)).ownPreKeys).toHaveLength(2)
    const { bytes } = await world.send(carol, alice, 'too late')
    const [refused] = await world.read(alice, carol, bytes)
    expect(refused).toMatchObject({ reason: 'no-session', session: { isFirst: true } })
    // The answer has the newest bundle: the next message is read.
    const answer = await world.answer(alice, carol, refused)
    expect((await alice.conversation(alice.self.publicKey)).ownPreKeys.map(({ version }) => version)).toEqual(
      [2, 3],
    )
    expect(await world.readText(carol, alice, answer as Uint8Array)).toBe('')
    expect(await world.readText(alice, carol, (await world.send(carol, alice, 'again')).bytes)).toBe('again')
  })

  it('the newest is kept however long nobody writes', async () => {
    const [world, alice, bob] = await pair()
    world.nowMs += 90 * DAY_MS
    expect(await world.readText(alice, bob, (await world.send(bob, alice, 'hello')).bytes)).toBe('hello')
  })

  it('one a day: 31 are stored', async () => {
    const world = new World()
    const alice = world.party('a1')
    for (let day = 0; day < 80; day++) {
      await world.contactCode(alice)
      world.nowMs += DAY_MS
    }
    expect((await alice.conversation(alice.self.publicKey)).ownPreKeys).toHaveLength(31)
    expect(MAX_OWN_PRE_KEYS).toBeGreaterThan(31)
  })
})

describe('bundles of others', () => {
  const dated = (of: Party, timestampNs: bigint) =>
    encodeProtocolMessage({
      installationId: of.self.installationId,
      bundles: [
        signBundle({
          identityPrivateKey: of.self.identity.privateKey,
          preKeys: [
            {
              installationId: of.self.installationId,
              preKey: of.self.identity.publicKey,
              version: 7,
              protocolVersion: 1,
            },
          ],
          timestampNs,
        }),
      ],
      directMessages: [],
    })

  it('dated more than 24 h ahead are refused, and that is told; the message itself is read', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const aheadNs = (ms: number) => BigInt(world.nowMs + MAX_BUNDLE_AHEAD_MS + ms) * 1_000_000n
    const before = await contents(bob.storage)
    const [output, ...news] = await world.read(bob, alice, dated(alice, aheadNs(1000)))
    expect(output).toMatchObject({ reason: 'no-payload', bundleFromTheFuture: true })
    expect(news).toEqual([])
    expect(await contents(bob.storage)).toBe(before)
    const [taken] = await world.read(bob, alice, dated(alice, aheadNs(-1000)))
    expect(taken).not.toHaveProperty('bundleFromTheFuture')
    expect(await installationOf(bob, alice)).toMatchObject({ version: 7 })
  })

  it('a clock that is days ahead does not cut anybody off', async () => {
    const [world, alice, bob] = await pair()
    const now = world.nowMs
    world.nowMs += 3 * DAY_MS
    const sealed = await world.send(alice, bob, 'from the future')
    world.nowMs = now
    const [output] = await world.read(bob, alice, sealed.bytes)
    expect(output).toMatchObject({ plaintext: utf8('from the future'), bundleFromTheFuture: true })
  })

  it('with more than 16 installations are not read', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const preKeys = (count: number) =>
      Array.from({ length: count }, (_, i) => ({
        installationId: `a${i}`,
        preKey: alice.self.identity.publicKey,
        version: 1,
        protocolVersion: 1,
      }))
    const read = async (count: number) => {
      const bundle = signBundle({
        identityPrivateKey: alice.self.identity.privateKey,
        preKeys: preKeys(count),
        timestampNs: 1n,
      })
      const message = encodeProtocolMessage({ installationId: 'a0', bundles: [bundle], directMessages: [] })
      await world.read(bob, alice, message)
      return (await bob.conversation(alice.self.publicKey)).installations.length
    }
    expect(await read(17)).toBe(0)
    expect(await read(16)).toBe(16)
  })
})

describe('re-keying', () => {
  it('on a newer bundle the next message begins a new session, also where the old one was begun by the peer', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.read(bob, alice, await world.contactCode(alice))
    world.nowMs += DAY_MS / 2
    await world.read(alice, bob, await world.contactCode(bob))
    expect(await world.readText(bob, alice, (await world.send(alice, bob, '1')).bytes)).toBe('1')
    const [former] = (await installationOf(bob, alice)).sessions
    expect(former?.role).toBe('responder')
    world.nowMs += DAY_MS / 2 // Alice's pre key is a day old, Bob's half a day: the session's is still current
    await world.read(bob, alice, await world.contactCode(alice))
    const renewed = await installationOf(bob, alice)
    expect(renewed).toMatchObject({ renewed: true, version: 2 })
    const sealed = await world.send(bob, alice, '2')
    expect(headers(sealed.bytes)).toEqual({ a1: 'x3dh+ratchet' })
    expect(preKeyIdOf(sealed.bytes)).toBe(toHex(renewed.preKey as Uint8Array))
    expect(preKeyIdOf(sealed.bytes)).not.toBe(toHex(former?.preKeyId as Uint8Array))
    expect(await world.readText(alice, bob, sealed.bytes)).toBe('2')
    // Once: the next ones stay on it.
    expect(preKeyIdOf((await world.send(bob, alice, '3')).bytes)).toBe(preKeyIdOf(sealed.bytes))
  })
})

describe('concurrent sessions', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'the one whose symmetric key is first in byte order is written on by both, the other reads (%d)',
    async (seed) => {
      const [world, alice, bob] = await pair(seed + 1)
      const [there, back] = [await world.send(alice, bob, 'there'), await world.send(bob, alice, 'back')]
      const late = [await world.send(alice, bob, 'late'), await world.send(bob, alice, 'late')] as const
      expect(await world.readText(bob, alice, there.bytes)).toBe('there')
      expect(await world.readText(alice, bob, back.bytes)).toBe('back')
      const { sessions } = await installationOf(alice, bob)
      expect(sessions).toHaveLength(2)
      const [first] = [...sessions].sort((a, b) => compare(a.tieBreak, b.tieBreak))
      for (const [from, to] of [
        [alice, bob],
        [bob, alice],
      ] as const) {
        const { bytes } = await world.send(from, to, 'x')
        expect(preKeyIdOf(bytes)).toBe(toHex(first?.preKeyId as Uint8Array))
        expect(await world.readText(to, from, bytes)).toBe('x')
      }
      // The order is that of the keys: an initiator's receiving chain begins with it.
      const begun = sessions.find(({ role }) => role === 'initiator')
      expect(begun?.tieBreak).toHaveLength(8)
      expect(await world.readText(bob, alice, late[0].bytes)).toBe('late')
      expect(await world.readText(alice, bob, late[1].bytes)).toBe('late')
    },
  )

  it('orders by the shared secret itself', async () => {
    const [world, alice, bob] = await pair()
    await world.send(alice, bob, 'first')
    const [session] = (await installationOf(alice, bob)).sessions
    const preKey = (await bob.conversation(alice.self.publicKey)).ownPreKeys.find(
      ({ id }) => toHex(id) === toHex(session?.preKeyId as Uint8Array),
    )
    const secret = acceptX3dh({
      identityPrivateKey: bob.self.identity.privateKey,
      preKeyPrivateKey: preKey?.privateKey as Uint8Array,
      remoteIdentity: alice.self.publicKey,
      remoteEphemeralKey: session?.ephemeralKey as Uint8Array,
    }) as Uint8Array
    expect(toHex(session?.tieBreak as Uint8Array)).toBe(toHex(secret.subarray(0, 8)))
    expect(await contents(alice.storage), 'the secret itself is not stored').not.toContain(toHex(secret))
  })
})

describe('expired sessions', () => {
  it('read for 14 days, then they are deleted', async () => {
    const [world, alice, bob] = await pair()
    await exchange(world, alice, bob)
    world.nowMs += DAY_MS
    const late = [await world.send(alice, bob, 'late'), await world.send(alice, bob, 'too late')] as const
    await exchange(world, bob, alice) // both have renewed: the former session has expired
    const expired = (await installationOf(bob, alice)).sessions.filter(({ expiredMs }) => expiredMs !== 0)
    expect(expired.length).toBeGreaterThan(0)
    world.nowMs += EXPIRED_SESSION_LIFETIME_MS - 60_000
    expect(await world.readText(bob, alice, late[0].bytes)).toBe('late')
    // Read on, it is kept 14 days more.
    world.nowMs += EXPIRED_SESSION_LIFETIME_MS - 60_000
    await bob.storage.commit((await sweep(bob.storage, bob.self, world.context)).changes)
    expect((await installationOf(bob, alice)).sessions.some(({ expiredMs }) => expiredMs !== 0)).toBe(true)
    world.nowMs += 120_000
    await bob.storage.commit((await sweep(bob.storage, bob.self, world.context)).changes)
    const { sessions } = await installationOf(bob, alice)
    expect(sessions.every(({ expiredMs }) => expiredMs === 0)).toBe(true)
    expect(await world.readText(bob, alice, late[1].bytes)).toBe('(no-session)')
  })

  it('a first message that comes again after its session was deleted does not open again', async () => {
    const [world, alice, bob] = await pair()
    const first = await world.send(alice, bob, 'once')
    expect(headers(first.bytes)).toEqual({ b1: 'x3dh+ratchet' })
    const [opened] = await world.read(bob, alice, first.bytes)
    await world.confirm(bob, alice, opened)
    world.nowMs += DAY_MS
    await exchange(world, alice, bob)
    world.nowMs += EXPIRED_SESSION_LIFETIME_MS
    await bob.storage.commit((await sweep(bob.storage, bob.self, world.context)).changes)
    await world.send(bob, alice, 'x')
    expect((await installationOf(bob, alice)).spent).toHaveLength(1)
    // The pre key is still there.
    expect((await bob.conversation(alice.self.publicKey)).ownPreKeys.map(({ version }) => version)).toContain(
      1,
    )
    expect(await world.readText(bob, alice, first.bytes)).toBe('(key-gone)')
  })

  it('writing deletes them too, and those in use stay however old', async () => {
    const [world, alice, bob] = await pair()
    for (let day = 0; day < 40; day++) {
      await exchange(world, alice, bob)
      world.nowMs += DAY_MS
    }
    for (const [of, peer] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const { sessions } = await installationOf(of, peer)
      expect(sessions.length).toBeGreaterThan(14)
      expect(sessions.length).toBeLessThan(MAX_SESSIONS)
    }
    world.nowMs += 300 * DAY_MS
    await bob.storage.commit((await sweep(bob.storage, bob.self, world.context)).changes)
    expect((await installationOf(bob, alice)).sessions.length).toBeGreaterThan(0)
  })

  it('are bounded in number, however many a peer begins', async () => {
    const [world, alice, bob] = await pair()
    for (let i = 0; i < MAX_SESSIONS + 3; i++) {
      const again = world.party('a1', alice.self.identity.privateKey)
      await world.read(again, bob, await world.contactCode(bob))
      expect(await world.readText(bob, again, (await world.send(again, bob, `${i}`)).bytes)).toBe(`${i}`)
    }
    expect((await installationOf(bob, alice)).sessions).toHaveLength(MAX_SESSIONS)
  })
})

describe('kept message keys', () => {
  it('go after 30 days', async () => {
    const [world, alice, bob] = await pair()
    const skipped = [await world.send(alice, bob, '0'), await world.send(alice, bob, '1')] as const
    await world.read(bob, alice, (await world.send(alice, bob, '2')).bytes)
    world.nowMs += MAX_KEY_DAYS * DAY_MS
    expect(await world.readText(bob, alice, skipped[0].bytes)).toBe('0')
    world.nowMs += DAY_MS
    expect(await world.readText(bob, alice, skipped[1].bytes)).toBe('(key-gone)')
    await bob.storage.commit((await sweep(bob.storage, bob.self, world.context)).changes)
    expect((await installationOf(bob, alice)).sessions[0]?.ratchet.kept).toEqual([])
  })

  it('are bounded over all sessions with an installation: the oldest session gives up its own first', async () => {
    const [world, alice, bob] = await pair()
    const kept = async () =>
      (await installationOf(bob, alice)).sessions.map(({ ratchet }) => ratchet.kept.length)
    for (let i = 0; i < 5; i++) {
      const again = world.party('a1', alice.self.identity.privateKey)
      await world.read(again, bob, await world.contactCode(bob))
      let conversation = await again.conversation(bob.self.publicKey)
      for (let n = 0; n < MAX_SKIPPED_KEYS; n++)
        ({ conversation } = encryptMessage(conversation, { plaintext: utf8('skipped') }, world.context))
      const [last] = encryptMessage(conversation, { plaintext: utf8('read') }, world.context).outputs
      expect(await world.readText(bob, again, last.bytes)).toBe('read')
    }
    expect((await kept()).reduce((sum, count) => sum + count, 0)).toBe(MAX_KEPT_KEYS_OF_INSTALLATION)
    expect((await kept()).at(-1)).toBe(MAX_SKIPPED_KEYS + 1)
  }, 30_000)

  it('the key of a message is deleted by the changes that its reader commits with the plaintext', async () => {
    const [world, alice, bob] = await pair()
    const { bytes } = await world.send(alice, bob, 'once')
    const conversation = await bob.conversation(alice.self.publicKey)
    const step = decryptMessage(conversation, { message: bytes, confirm: true }, world.context)
    expect(step.outputs[0]).toMatchObject({ plaintext: utf8('once') })
    expect(step.outputs[0]).not.toHaveProperty('messageKey')
    const puts = step.changes.filter((change) => 'put' in change && change.put[0].endsWith('installations'))
    expect(puts).toHaveLength(1)
    // Nothing was committed: it opens again. Once it was, it does not.
    expect(await world.readText(bob, alice, bytes)).toBe('once')
    await bob.storage.commit(step.changes)
    expect(await world.readText(bob, alice, bytes)).toBe('(key-gone)')
  })
})

describe('several devices', () => {
  it('at most three, by last activity; manual disabling counts', async () => {
    const world = new World()
    const [alice, identity] = [world.party('a1'), world.identity()]
    const bobs = ['b1', 'b2', 'b3', 'b4', 'b5'].map((id) => world.party(id, identity))
    for (const bob of bobs) await world.read(alice, bob, await world.contactCode(bob))
    const [first, , , fourth] = bobs as [Party, Party, Party, Party]
    await world.read(alice, first, (await world.send(first, alice, 'here again')).bytes)
    const sealed = await world.send(alice, first, 'to three')
    expect(sealed.installationIds).toEqual(['b1', 'b5', 'b4'])
    expect(sealed.installationIds).toHaveLength(MAX_RECIPIENTS)
    await alice.run(fourth.self.publicKey, world.context, (c) =>
      setInstallationEnabled(c, { installationId: 'b4', enabled: false }),
    )
    expect((await world.send(alice, first, 'without b4')).installationIds).toEqual(['b1', 'b5', 'b3'])
  })

  it('our own: disabled until the person enables it, and not again once disabled', async () => {
    const world = new World()
    const identity = world.identity()
    const [phone, tablet] = [world.party('phone', identity), world.party('tablet', identity)]
    await world.pairUp(phone, tablet)
    expect((await world.send(phone, tablet, 'x')).installationIds).toEqual(['tablet'])
    await phone.run(phone.self.publicKey, world.context, (c) =>
      setInstallationEnabled(c, { installationId: 'tablet', enabled: false }),
    )
    await world.read(phone, tablet, await world.contactCode(tablet))
    expect((await world.send(phone, tablet, 'x')).installationIds).toEqual([])
    const [bundle] = decodeProtocolMessage(await world.contactCode(phone)).bundles
    expect(bundle?.preKeys.map(({ installationId }) => installationId)).toEqual(['phone'])
  })

  it('metadata is kept as the person wrote it, within bounds', async () => {
    const [world, alice, bob] = await pair()
    const set = (name: string, deviceType: string, installationId = 'b1') =>
      alice.run(bob.self.publicKey, world.context, (c) =>
        setInstallationMetadata(c, { installationId, metadata: { name, deviceType } }),
      )
    await set('Bob’s telephone', 'phone')
    expect((await installationOf(alice, bob)).metadata).toEqual({
      name: 'Bob’s telephone',
      deviceType: 'phone',
    })
    await world.read(alice, bob, (await world.send(bob, alice, 'x')).bytes)
    expect((await installationOf(alice, bob)).metadata?.name).toBe('Bob’s telephone')
    const before = await contents(alice.storage)
    await set('Bob’s telephone', 'phone')
    expect(await contents(alice.storage)).toBe(before)
    await expect(set('é'.repeat(MAX_METADATA_BYTES / 2 + 1), '')).rejects.toThrow(/metadata.name/)
    await expect(set('', 5 as unknown as string)).rejects.toThrow(/metadata.deviceType/)
    await expect(set('x', 'y', 'nobody')).rejects.toThrow(/installationId/)
    await set('', '')
    expect(await installationOf(alice, bob)).not.toHaveProperty('metadata')
  })

  it('left out by bundles for 7 days it is stale: not written to, until it is heard of', async () => {
    const world = new World()
    const [alice, identity] = [world.party('a1'), world.identity()]
    const [phone, laptop] = [world.party('phone', identity), world.party('laptop', identity)]
    const recipients = async () => (await world.send(alice, phone, 'x')).installationIds
    await world.introduce(alice, laptop)
    world.nowMs += 100 * DAY_MS
    expect(await recipients()).toEqual(['laptop']) // silence alone is no sign
    const since = world.nowMs + 2
    await world.read(alice, phone, await world.contactCode(phone))
    world.nowMs = since + STALE_AFTER_MS - DAY_MS
    await world.read(alice, phone, await world.contactCode(phone))
    expect(await recipients()).toEqual(['phone', 'laptop'])
    world.nowMs = since + STALE_AFTER_MS
    expect(await recipients()).toEqual(['phone'])
    const [, ...news] = await world.read(alice, laptop, await world.contactCode(laptop))
    expect(news).toEqual([
      { type: 'installation', installationId: 'laptop', change: 'returned', enabled: true },
    ])
    expect(await recipients()).toEqual(['laptop', 'phone'])
  })

  it('a message alone also brings a stale device back', async () => {
    const world = new World()
    const [alice, identity] = [world.party('a1'), world.identity()]
    const [phone, laptop] = [world.party('phone', identity), world.party('laptop', identity)]
    await world.introduce(alice, laptop)
    await world.introduce(alice, phone)
    const withoutBundle = encodeProtocolMessage({
      ...decodeProtocolMessage((await world.send(laptop, alice, 'late')).bytes),
      bundles: [],
    })
    await world.read(alice, phone, await world.contactCode(phone))
    world.nowMs += STALE_AFTER_MS
    expect((await world.send(alice, phone, 'x')).installationIds).toEqual(['phone'])
    const [opened, ...news] = await world.read(alice, laptop, withoutBundle)
    expect(opened).toMatchObject({ plaintext: utf8('late') })
    expect(news).toMatchObject([{ installationId: 'laptop', change: 'returned' }])
    expect((await world.send(alice, phone, 'x')).installationIds).toContain('laptop')
  })

  it('news of every new device, also of one that no bundle lists', async () => {
    const world = new World()
    const identity = world.identity()
    const [alice, phone, tablet] = [
      world.party('a1', identity),
      world.party('phone'),
      world.party('tablet', identity),
    ]
    await world.introduce(alice, phone)
    const first = decodeProtocolMessage((await world.send(phone, alice, 'hello')).bytes)
    await world.read(phone, alice, await world.contactCode(alice))
    const stranger = encodeProtocolMessage({ ...first, bundles: [], installationId: 'unlisted' })
    const [opened, ...news] = await world.read(alice, phone, stranger)
    expect(opened.type).toBe('opened')
    expect(news).toEqual([{ type: 'installation', installationId: 'unlisted', change: 'new', enabled: true }])
    const [, ...own] = await world.read(alice, tablet, await world.contactCode(tablet))
    expect(own).toEqual([{ type: 'installation', installationId: 'tablet', change: 'new', enabled: false }])
    world.nowMs += DAY_MS
    const [, ...renewed] = await world.read(alice, tablet, await world.contactCode(tablet))
    expect(renewed).toMatchObject([{ installationId: 'tablet', change: 'pre-key' }])
  })
})

describe('the negotiated secret and the lowest version', () => {
  it('one old device keeps everybody on the partitioned topic', async () => {
    const world = new World()
    const [alice, identity] = [world.party('a1'), world.identity()]
    const [phone, old] = [world.party('phone', identity), world.party('old', identity)]
    await world.introduce(alice, phone)
    await world.read(alice, phone, (await world.send(phone, alice, 'x')).bytes)
    expect(await world.send(alice, phone, 'x')).toMatchObject({ negotiated: true, minProtocolVersion: 1 })
    const message = decodeProtocolMessage((await world.send(old, alice, 'dh')).bytes)
    const [bundle] = message.bundles
    const preKeys = (bundle?.preKeys ?? []).map((entry) => ({ ...entry, protocolVersion: 0 }))
    const { bundles: _, ...rest } = message
    const bundles = [
      signBundle({
        identityPrivateKey: identity,
        preKeys,
        timestampNs: bundle?.timestampNs ?? 0n,
      }),
    ]
    await world.read(alice, old, encodeProtocolMessage({ ...rest, bundles }))
    expect(await world.send(alice, phone, 'x')).toMatchObject({ negotiated: false, minProtocolVersion: 0 })
    expect(await world.send(alice, phone, 'x', 'dh')).toMatchObject({ minProtocolVersion: 0 })
  })
})

describe('modes', () => {
  it('weaker than before is flagged, and never followed', async () => {
    const [world, alice, bob] = await pair()
    const dh = await world.send(alice, bob, 'first', 'dh')
    expect((await world.read(bob, alice, dh.bytes))[0]).toMatchObject({ security: 'dh', downgraded: false })
    const strong = await world.send(alice, bob, 'strong')
    expect((await world.read(bob, alice, strong.bytes))[0]).toMatchObject({
      security: 'ratchet',
      downgraded: false,
    })
    const weak = await world.send(alice, bob, 'weak', 'dh')
    expect((await world.read(bob, alice, weak.bytes))[0]).toMatchObject({ security: 'dh', downgraded: true })
    expect(await world.send(bob, alice, 'answer')).toMatchObject({ security: 'ratchet' })
    const [code] = await world.read(bob, alice, await world.contactCode(alice))
    expect(code).toMatchObject({ reason: 'no-payload' })
    const [shouted] = await alice.run(alice.self.publicKey, world.context, (c, context) =>
      publicMessage(c, { payload: utf8('all') }, context),
    )
    expect((await world.read(bob, alice, shouted.bytes))[0]).toMatchObject({
      security: 'none',
      downgraded: false,
    })
  })
})

describe('the sweep', () => {
  it('forgets strangers over the limit, those unused for longest first, and nobody who is kept', async () => {
    const world = new World()
    const alice = world.party('a1')
    const others = Array.from({ length: 6 }, (_, i) => world.party(`p${i}`))
    for (const other of others) {
      await world.introduce(alice, other)
      world.nowMs += 2 * 3_600_000
    }
    const [zero, one, two, three, four, five] = others as [Party, Party, Party, Party, Party, Party]
    await world.send(alice, one, 'still in use')
    await world.answer(
      alice,
      two,
      (await world.read(alice, two, (await world.send(two, zero, 'x')).bytes))[0],
    )
    const isKept = (identity: Uint8Array) => equal(identity, zero.self.publicKey)
    const { changes, forgotten } = await sweep(alice.storage, alice.self, {
      ...world.context,
      isKept,
      maxStrangers: 3,
    })
    expect(forgotten.map(toHex)).toEqual([three, four].map(({ self }) => toHex(self.publicKey)))
    await alice.storage.commit(changes)
    const known = async (peer: Party) => (await alice.conversation(peer.self.publicKey)).installations.length
    expect(await Promise.all([zero, one, two, three, four, five].map(known))).toEqual([1, 1, 1, 0, 0, 1])
    const everybody = await sweep(alice.storage, alice.self, { ...world.context, maxStrangers: 0 })
    expect(everybody.forgotten).toEqual([])
    const none = await sweep(alice.storage, alice.self, {
      ...world.context,
      isKept: () => false,
      maxStrangers: 0,
    })
    expect(none.forgotten).toHaveLength(4)
    await alice.storage.commit(none.changes)
    expect((await contents(alice.storage)).split('\n')).toHaveLength(1) // our own pre keys
    expect(MAX_STRANGERS).toBe(1_000)
  })

  it('changes nothing where nothing is due, and keeps our own devices', async () => {
    const world = new World()
    const identity = world.identity()
    const [phone, tablet, bob] = [
      world.party('phone', identity),
      world.party('tablet', identity),
      world.party('b1'),
    ]
    await world.pairUp(phone, tablet)
    await world.introduce(phone, bob)
    await exchange(world, phone, bob)
    expect((await sweep(phone.storage, phone.self, world.context)).changes).toEqual([])
    const all = await sweep(phone.storage, phone.self, {
      ...world.context,
      isKept: () => false,
      maxStrangers: 0,
    })
    expect(all.forgotten.map(toHex)).toEqual([toHex(bob.self.publicKey)])
  })

  it('takes no time that is none', async () => {
    const [, alice] = await pair()
    for (const nowMs of [Number.NaN, -1, 2 ** 48])
      await expect(sweep(alice.storage, alice.self, { nowMs })).rejects.toThrow(
        /nowMs: expected milliseconds/,
      )
  })

  it('leaves records alone that it cannot read', async () => {
    const [world, alice, bob] = await pair()
    const key = installationKey((await alice.conversation(bob.self.publicKey)).peerKey, 'b1')
    await alice.storage.commit([{ put: [INSTALLATIONS_TABLE, key, Uint8Array.of(9)] }])
    expect(await sweep(alice.storage, alice.self, world.context)).toMatchObject({
      changes: [],
      unreadable: 1,
    })
  })

  it('erases old pre keys', async () => {
    const world = new World()
    const alice = world.party('a1')
    for (let day = 0; day < 3; day++) {
      await world.contactCode(alice)
      world.nowMs += DAY_MS
    }
    world.nowMs += OLD_PRE_KEY_LIFETIME_MS
    await alice.storage.commit((await sweep(alice.storage, alice.self, world.context)).changes)
    const { ownPreKeys } = await alice.conversation(alice.self.publicKey)
    expect(ownPreKeys.map(({ version }) => version)).toEqual([3])
  })
})

describe('misuse', () => {
  it('an answer to our own device, or to what is no refusal of that kind, is none', async () => {
    const world = new World()
    const identity = world.identity()
    const [phone, tablet] = [world.party('phone', identity), world.party('tablet', identity)]
    await world.introduce(phone, tablet)
    const conversation = await phone.conversation(tablet.self.publicKey)
    const refused = { type: 'refused', reason: 'not-addressed', installationId: 'tablet' } as const
    expect(answerRefusal(conversation, { refused }, world.context)).toMatchObject({
      changes: [],
      outputs: [],
    })
  })
})
