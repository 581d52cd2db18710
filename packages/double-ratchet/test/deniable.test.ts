/**
 * Deniable mode. The proof is a forgery: with the recipient's keys alone a conversation is written that the author's
 * partner could never show to be different from a genuine one.
 */
import { toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  createSelf,
  decodeProtocolMessage,
  decryptMessage,
  encodeProtocolMessage,
  encryptDeniably,
  publicMessage,
  type Sealed,
} from '@status-protocol/double-ratchet'
import { initiateRatchet, ratchetDecrypt, ratchetEncrypt } from '@status-protocol/double-ratchet/ratchet'
import { acceptX3dh } from '@status-protocol/double-ratchet/x3dh'
import { describe, expect, it } from 'vitest'
import { contents, type Party } from './support/party.ts'
import { World } from './support/talk.ts'

async function agreed(): Promise<readonly [World, Party, Party]> {
  const world = new World()
  const [alice, bob] = [world.party('a1'), world.party('b1')]
  await world.introduce(alice, bob)
  await world.read(bob, alice, (await world.send(alice, bob, 'x')).bytes)
  await world.read(alice, bob, (await world.send(bob, alice, 'x')).bytes)
  return [world, alice, bob]
}

async function write(world: World, from: Party, to: Party, text: string): Promise<Sealed> {
  const [sealed] = await from.run(to.self.publicKey, world.context, (c, context) =>
    encryptDeniably(c, { plaintext: utf8(text) }, context),
  )
  if (sealed.type !== 'sealed') throw new Error(sealed.reason)
  return sealed
}

const readUnsigned = async (world: World, to: Party, from: Party, message: Uint8Array) => {
  const [output] = await to.run(from.self.publicKey, world.context, (c, context) =>
    decryptMessage(c, { message, unsigned: true }, context),
  )
  return output.type === 'opened' ? new TextDecoder().decode(output.plaintext) : `(${output.reason})`
}

describe('writing deniably', () => {
  it('has no bundle and nothing else that anybody signed; the session is the author', async () => {
    const [world, alice, bob] = await agreed()
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
      [alice, bob],
    ] as const) {
      const sealed = await write(world, from, to, 'between us')
      const message = decodeProtocolMessage(sealed.bytes)
      expect(message.bundles).toEqual([])
      expect(message.publicMessage).toBeUndefined()
      expect(message.directMessages.every((d) => d.ratchetHeader && !d.dhHeader)).toBe(true)
      expect(sealed).toMatchObject({ security: 'ratchet', negotiated: true })
      expect(await readUnsigned(world, to, from, sealed.bytes)).toBe('between us')
    }
  })

  it('is refused unless every installation knows the negotiated secret', async () => {
    const world = new World()
    const [alice, bob] = [world.party('a1'), world.party('b1')]
    const attempt = async () =>
      (
        await alice.run(bob.self.publicKey, world.context, (c, context) =>
          encryptDeniably(c, { plaintext: utf8('x') }, context),
        )
      )[0]
    expect(await attempt()).toEqual({ type: 'not-deniable', reason: 'no-session' })
    await world.introduce(alice, bob)
    const before = await contents(alice.storage)
    expect(await attempt()).toEqual({ type: 'not-deniable', reason: 'not-negotiated' })
    expect(await contents(alice.storage)).toBe(before)
    await world.read(alice, bob, (await world.send(bob, alice, 'x')).bytes)
    expect(await attempt()).toMatchObject({ type: 'sealed' })
  })

  it('makes no pre key, since nobody would learn of it', async () => {
    const [world, alice, bob] = await agreed()
    const preKeys = async () => (await alice.conversation(bob.self.publicKey)).ownPreKeys.length
    const before = await preKeys()
    world.nowMs += 3 * 24 * 3_600_000
    await write(world, alice, bob, 'days later')
    expect(await preKeys()).toBe(before)
  })
})

describe('reading what nobody signed', () => {
  it('takes nothing but a session’s word', async () => {
    const [world, alice, bob] = await agreed()
    const eve = world.party('e1')
    const dh = await world.send(alice, bob, 'dh', 'dh')
    expect(await readUnsigned(world, bob, alice, dh.bytes)).toBe('(unproven)')
    const [shouted] = await alice.run(alice.self.publicKey, world.context, (c, context) =>
      publicMessage(c, { payload: utf8('all') }, context),
    )
    expect(await readUnsigned(world, bob, alice, shouted.bytes)).toBe('(unproven)')
    await world.read(eve, bob, await world.contactCode(bob))
    const forged = await world.send(eve, bob, 'I am Alice')
    expect(await readUnsigned(world, bob, alice, forged.bytes)).toBe('(not-authentic)')
    // Whoever wrote it gets no answer, and costs Alice none of hers.
    const [refused] = await bob.run(alice.self.publicKey, world.context, (c, context) =>
      decryptMessage(c, { message: forged.bytes, unsigned: true }, context),
    )
    expect(refused).toMatchObject({ reason: 'not-authentic', unsigned: true })
    expect(await world.answer(bob, alice, refused)).toBeUndefined()
  })
})

describe('deniability', () => {
  it('a transcript forged with the recipient’s keys alone passes every check that the genuine one passes', async () => {
    const [world, alice, bob] = await agreed()
    const { identity, publicKey: bobKey } = bob.self
    const [preKey] = (await bob.conversation(alice.self.publicKey)).ownPreKeys
    if (!preKey) throw new Error('a pre key')

    // The forger has Bob's private keys and Alice's public one. She never wrote a word of this.
    const privateKey = world.random.bytes(32).with(0, 1)
    const ephemeralKey = crypto.compressPublicKey(crypto.publicKey(privateKey))
    const sharedSecret = acceptX3dh({
      identityPrivateKey: identity.privateKey,
      preKeyPrivateKey: preKey.privateKey,
      remoteIdentity: alice.self.publicKey,
      remoteEphemeralKey: ephemeralKey,
    })
    if (!sharedSecret) throw new Error('a secret')
    let pretended = initiateRatchet({ sharedSecret, remoteKey: preKey.id }, { random: world.random })
    const forge = (text: string, isAnswered: boolean) => {
      const { state, message } = ratchetEncrypt(pretended, utf8(text))
      pretended = state
      return encodeProtocolMessage({
        installationId: 'a1',
        bundles: [],
        directMessages: [
          {
            installationId: 'b1',
            ...(isAnswered ? {} : { x3dhHeader: { key: ephemeralKey, preKeyId: preKey.id } }),
            ratchetHeader: { ...message.header, preKeyId: preKey.id },
            payload: message.ciphertext,
          },
        ],
      })
    }

    // A judge who is given all of Bob's secrets checks both transcripts on a fresh store.
    const judge = world.party('b1', identity.privateKey)
    await judge.putOwnPreKeys([preKey])
    expect(toHex(judge.self.publicKey)).toBe(toHex(bobKey))
    await world.read(judge, alice, await world.contactCode(alice))
    for (const text of ['I, Alice, owe Bob', 'a thousand'])
      expect(await readUnsigned(world, judge, alice, forge(text, false))).toBe(text)
    const answer = await world.send(judge, alice, 'thank you')
    const direct = decodeProtocolMessage(answer.bytes).directMessages[0]
    const read = ratchetDecrypt(
      pretended,
      {
        header: direct?.ratchetHeader as NonNullable<typeof direct>['ratchetHeader'] & object,
        ciphertext: direct?.payload as Uint8Array,
      },
      { random: world.random },
    )
    if (!read.ok) throw new Error(read.reason)
    expect(new TextDecoder().decode(read.plaintext)).toBe('thank you')
    pretended = read.state
    expect(await readUnsigned(world, judge, alice, forge('coins', true))).toBe('coins')

    // The genuine one, in the same form: same fields, nothing signed in either.
    const genuine = await write(world, alice, bob, 'coins')
    const fields = (bytes: Uint8Array) => {
      const { bundles, directMessages, installationId } = decodeProtocolMessage(bytes)
      return { bundles, installationId, parts: directMessages.map((d) => Object.keys(d).sort()) }
    }
    expect(fields(forge('coins', true))).toEqual(fields(genuine.bytes))
    expect(createSelf({ identity: identity.privateKey, installationId: 'b1' }).publicKey).toEqual(bobKey)
  })
})
