/** "Device not found": what cannot be read is answered with our bundle, and the next message is read. */
import { toHex, utf8 } from '@status-protocol/bytes'
import {
  ANSWER_COOL_DOWN_MS,
  type DecryptOutputs,
  decodeProtocolMessage,
  encodeProtocolMessage,
  encryptMessage,
  MAX_ANSWERS,
} from '@status-protocol/double-ratchet'
import { MAX_SKIPPED_KEYS } from '@status-protocol/double-ratchet/ratchet'
import { describe, expect, it } from 'vitest'
import { contents, type Party } from './support/party.ts'
import { DAY_MS, headers, World } from './support/talk.ts'

/** Alice writes to Bob's former device; his new one hears it and is not addressed. */
async function reinstalled(): Promise<readonly [World, Party, Party, () => Promise<DecryptOutputs[0]>]> {
  const world = new World()
  const identity = world.identity()
  const [alice, former, bob] = [world.party('a1'), world.party('b1', identity), world.party('b2', identity)]
  await world.introduce(alice, former)
  const unread = async () => {
    const [output] = await world.read(bob, alice, (await world.send(alice, former, 'for b1')).bytes)
    return output
  }
  return [world, alice, bob, unread]
}

const versionsOf = async (of: Party) =>
  (await of.conversation(of.self.publicKey)).ownPreKeys.map(({ version }) => version)

describe('a device that is not addressed', () => {
  it('answers in mode dh with an empty text and its bundle: healed by the next message', async () => {
    const [world, alice, bob, unread] = await reinstalled()
    const output = await unread()
    expect(output).toMatchObject({ type: 'refused', reason: 'not-addressed' })
    const answer = (await world.answer(bob, alice, output)) as Uint8Array
    expect(headers(answer)).toEqual({ none: 'dh' })
    const [read, ...news] = await world.read(alice, bob, answer)
    expect(read).toMatchObject({ type: 'opened', plaintext: new Uint8Array(0) })
    expect(news).toMatchObject([{ installationId: 'b2', change: 'new' }])
    const next = await world.send(alice, bob, 'for both')
    expect(next.installationIds).toEqual(['b2', 'b1'])
    expect(await world.readText(bob, alice, next.bytes)).toBe('for both')
  })

  it('at most 5 answers until the peer is heard, ever longer apart', async () => {
    const [world, alice, bob, unread] = await reinstalled()
    const answeredAt: number[] = []
    const start = world.nowMs
    const output = await unread()
    for (let seconds = 0; seconds < 3 * 3600; seconds += 5) {
      world.nowMs = start + seconds * 1000
      if (await world.answer(bob, alice, output)) answeredAt.push(seconds)
    }
    expect(answeredAt).toHaveLength(MAX_ANSWERS)
    const gaps = answeredAt.slice(1).map((at, i) => at - (answeredAt[i] as number))
    expect(gaps.map((gap, i) => gap >= [10, 60, 600, 3600][i]!)).toEqual([true, true, true, true])
    world.nowMs += 30 * DAY_MS
    const before = await contents(bob.storage)
    const again = await unread()
    expect(await world.answer(bob, alice, again)).toBeUndefined()
    expect((await contents(bob.storage)).length).toBeGreaterThanOrEqual(before.length)
  }, 60_000)

  it('once heard, none for 2 h; then again', async () => {
    const [world, alice, bob, unread] = await reinstalled()
    const late = [await unread(), await unread(), await unread()] as const
    const answer = (await world.answer(bob, alice, late[0])) as Uint8Array
    await world.read(alice, bob, answer)
    const used = await world.send(alice, bob, 'heard')
    world.nowMs += DAY_MS
    expect(await world.readText(bob, alice, used.bytes)).toBe('heard')
    const heardMs = world.nowMs
    world.nowMs = heardMs + ANSWER_COOL_DOWN_MS - 60_000
    expect(await world.answer(bob, alice, late[1])).toBeUndefined()
    world.nowMs = heardMs + ANSWER_COOL_DOWN_MS
    expect(await world.answer(bob, alice, late[1])).toBeDefined()
    expect(await world.answer(bob, alice, late[2])).toBeUndefined() // backed off
    expect((await bob.conversation(alice.self.publicKey)).peerState).toMatchObject({ answers: 1, heardMs: 0 })
  })

  it('goes on being answered while another device of the peer is heard on the session that it had', async () => {
    const world = new World()
    const [alices, bobs] = [world.identity(), world.identity()]
    const [a1, a2] = [world.party('a1', alices), world.party('a2', alices)]
    const [former, bob] = [world.party('b1', bobs), world.party('b2', bobs)]
    await world.introduce(a1, bob)
    expect(await world.readText(bob, a1, (await world.send(a1, bob, 'known')).bytes)).toBe('known')
    await world.introduce(a2, former)
    const unread = async () => {
      const [output] = await world.read(bob, a2, (await world.send(a2, former, 'for b1')).bytes)
      return output
    }
    expect(await world.answer(bob, a2, await unread())).toBeDefined() // and lost on its way
    expect(await world.readText(bob, a1, (await world.send(a1, bob, 'as ever')).bytes)).toBe('as ever')
    world.nowMs += 60_000
    const answer = (await world.answer(bob, a2, await unread())) as Uint8Array
    expect(answer).toBeDefined()
    await world.read(a2, bob, answer)
    expect(await world.readText(bob, a2, (await world.send(a2, bob, 'healed')).bytes)).toBe('healed')
    world.nowMs += 60_000
    expect(await world.answer(bob, a2, await unread())).toBeUndefined()
  })

  it('the limit is the peer’s, however many installations it claims to have', async () => {
    const [world, alice, bob] = await reinstalled()
    let answers = 0
    for (let i = 0; i < 40; i++) {
      const message = encodeProtocolMessage({
        installationId: `claimed-${i}`,
        bundles: [],
        directMessages: [{ installationId: 'elsewhere', payload: utf8('x') }],
      })
      const [output] = await world.read(bob, alice, message)
      if (await world.answer(bob, alice, output)) answers++
      world.nowMs += 2 * 3_600_000
    }
    expect(answers).toBe(MAX_ANSWERS)
  })
})

describe('a session that is lost or broken', () => {
  it('a peer whose former session we have lost begins a new one: our pre key is renewed', async () => {
    const world = new World()
    const identity = world.identity()
    const [alice, before] = [world.party('a1'), world.party('b1', identity)]
    await world.introduce(alice, before)
    for (const [from, to] of [
      [alice, before],
      [before, alice],
    ] as const)
      await world.read(to, from, (await world.send(from, to, 'x')).bytes)
    // Restored from a backup of before: the pre key is there, the session is not.
    const bob = world.party('b1', identity)
    await bob.putOwnPreKeys((await before.conversation(alice.self.publicKey)).ownPreKeys)
    world.nowMs += 2 * 3_600_000
    const sealed = await world.send(alice, bob, 'lost')
    expect(headers(sealed.bytes)).toEqual({ b1: 'ratchet' })
    const [output] = await world.read(bob, alice, sealed.bytes)
    expect(output).toMatchObject({ reason: 'no-session', session: { isFirst: false } })
    await world.read(alice, bob, (await world.answer(bob, alice, output)) as Uint8Array)
    expect(await versionsOf(bob)).toEqual([1, 2])
    expect(await world.readText(bob, alice, (await world.send(alice, bob, 'found')).bytes)).toBe('found')
    expect(await world.readText(alice, bob, (await world.send(bob, alice, 'and back')).bytes)).toBe(
      'and back',
    )
  })

  it('a session that the peer has begun and lost is not written on again, whichever secret is first', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const world = new World(seed)
      const identity = world.identity()
      const [alice, before] = [world.party('a1'), world.party('b1', identity)]
      await world.introduce(alice, before)
      // Bob begins, on the pre key that Alice has to the end.
      expect(await world.readText(alice, before, (await world.send(before, alice, 'x')).bytes)).toBe('x')
      await world.read(before, alice, (await world.send(alice, before, 'x')).bytes)
      const bob = world.party('b1', identity)
      await bob.putOwnPreKeys((await before.conversation(alice.self.publicKey)).ownPreKeys)
      world.nowMs += 2 * 3_600_000
      const [output] = await world.read(bob, alice, (await world.send(alice, bob, 'lost')).bytes)
      await world.read(alice, bob, (await world.answer(bob, alice, output)) as Uint8Array)
      for (let turn = 0; turn < 3; turn++) {
        for (const text of ['one', 'two'])
          expect(await world.readText(bob, alice, (await world.send(alice, bob, text)).bytes)).toBe(text)
        expect(await world.readText(alice, bob, (await world.send(bob, alice, 'and back')).bytes)).toBe(
          'and back',
        )
      }
    }
  })

  it('more than 1,000 lost messages are no dead end', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    world.nowMs += 2 * 3_600_000
    await world.read(bob, alice, (await world.send(alice, bob, 'first')).bytes)
    let conversation = await alice.conversation(bob.self.publicKey)
    for (let i = 0; i <= MAX_SKIPPED_KEYS; i++) {
      const step = encryptMessage(conversation, { plaintext: utf8('lost') }, world.context)
      await alice.storage.commit(step.changes)
      conversation = step.conversation
    }
    const [output] = await world.read(bob, alice, (await world.send(alice, bob, 'too far')).bytes)
    expect(output).toMatchObject({ reason: 'too-many-skipped' })
    await world.read(alice, bob, (await world.answer(bob, alice, output)) as Uint8Array)
    expect(await world.readText(bob, alice, (await world.send(alice, bob, 'healed')).bytes)).toBe('healed')
  }, 30_000)

  it('a peer that went back to an earlier state of the session is heard again', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    await world.introduce(alice, bob)
    await world.read(bob, alice, (await world.send(alice, bob, '1')).bytes)
    world.nowMs += 2 * 3_600_000
    const backup = await alice.conversation(bob.self.publicKey)
    for (let turn = 0; turn < 2; turn++) {
      await world.read(alice, bob, (await world.send(bob, alice, 'there')).bytes)
      await world.read(bob, alice, (await world.send(alice, bob, 'back')).bytes)
    }
    for (const installation of backup.installations) await alice.put(backup.peerKey, installation)
    const heard = await world.send(bob, alice, 'cannot be read')
    const [output] = await world.read(alice, bob, heard.bytes)
    expect(output).toMatchObject({ type: 'refused' })
    const answer = await world.answer(alice, bob, output)
    await world.read(bob, alice, answer as Uint8Array)
    expect(await world.readText(alice, bob, (await world.send(bob, alice, 'can')).bytes)).toBe('can')
  })

  it('pre keys are renewed early at most once an hour, and none that is 30 days old is pushed out', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const oldest = await world.contactCode(bob)
    await world.read(alice, bob, oldest)
    let versions = 0
    for (let i = 0; i < 29 * 12; i++) {
      world.nowMs += 2 * 3_600_000
      // Each time another stranger, who may be answered each time.
      const eve = world.party(`e${i}`)
      const { ownPreKeys } = await bob.conversation(bob.self.publicKey)
      const newest = ownPreKeys.at(-1)?.id as Uint8Array
      const message = encodeProtocolMessage({
        installationId: 'e',
        bundles: [],
        directMessages: [
          {
            installationId: 'b1',
            ratchetHeader: { key: newest, n: 0, pn: 0, preKeyId: newest },
            payload: utf8('x'),
          },
        ],
      })
      const [output] = await world.read(bob, eve, message)
      expect(output).toMatchObject({ reason: 'no-session' })
      expect(await world.answer(bob, eve, output)).toBeDefined()
      versions = (await versionsOf(bob)).at(-1) as number
    }
    expect(versions).toBeGreaterThan(29)
    expect(await versionsOf(bob)).toContain(1)
    expect(await world.readText(bob, alice, (await world.send(alice, bob, 'old')).bytes)).toBe('old')
  }, 60_000)
})

describe('what is not answered', () => {
  it('repetitions, contact codes, what is malformed or does not open in mode dh', async () => {
    const world = new World()
    const [alice, bob, carol] = [world.party('a1'), world.party('b1'), world.party('c1')]
    const dh = (await world.send(alice, carol, 'not for bob')).bytes
    await world.introduce(alice, bob)
    const once = (await world.send(alice, bob, 'once')).bytes
    const [opened] = await world.read(bob, alice, once)
    await world.confirm(bob, alice, opened)
    const before = decodeProtocolMessage(once)
    for (const [bytes, reason] of [
      [once, 'key-gone'],
      [await world.contactCode(alice), 'no-payload'],
      [utf8('junk'), 'malformed'],
      [dh, 'not-authentic'],
      [encodeProtocolMessage({ ...before, directMessages: before.directMessages.map(bare) }), 'no-key'],
    ] as const) {
      const [output] = await world.read(bob, alice, bytes)
      expect(output).toMatchObject({ reason })
      expect(await world.answer(bob, alice, output)).toBeUndefined()
    }
  })

  it('a forgotten peer has no state left', async () => {
    const [world, alice, bob, unread] = await reinstalled()
    await world.answer(bob, alice, await unread())
    const { peerState } = await bob.conversation(alice.self.publicKey)
    expect(peerState).toMatchObject({ answers: 1, hasUsedRatchet: false })
    expect(toHex(alice.self.publicKey)).toHaveLength(130)
  })
})

function bare(direct: { readonly installationId: string; readonly payload: Uint8Array }) {
  return { installationId: direct.installationId, payload: direct.payload }
}
