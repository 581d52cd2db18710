/** Ratchet keys of 32 bytes, as clients wrote from 2018 to October 2019: read if asked for, never written. */
import { utf8 } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import {
  confirmMessage,
  decryptMessage,
  encodeProtocolMessage,
  type OwnPreKey,
} from '@status-protocol/double-ratchet'
import { initiateRatchet, ratchetEncrypt } from '@status-protocol/double-ratchet/ratchet'
import { initiateX3dh, signBundle } from '@status-protocol/double-ratchet/x3dh'
import { describe, expect, it } from 'vitest'
import { truncatedKey, truncatedKeyDiffieHellman } from '../src/ratchet/dh.ts'
import { contents, type Party } from './support/party.ts'
import { headers, World } from './support/talk.ts'

/** Writes as the old client did: the agreement is today's, the ratchet's keys are cut. */
async function oldClient(world: World, to: Party) {
  const old = world.party('old')
  await world.contactCode(to)
  const [preKey] = (await to.conversation(old.self.publicKey)).ownPreKeys as [OwnPreKey]
  const ephemeral = world.random.bytes(32).with(0, 1)
  const sharedSecret = initiateX3dh({
    identityPrivateKey: old.self.identity.privateKey,
    ephemeralPrivateKey: ephemeral,
    remoteIdentity: to.self.publicKey,
    remotePreKey: preKey.id,
  }) as Uint8Array
  const dh = truncatedKeyDiffieHellman()
  let state = initiateRatchet(
    { sharedSecret, remoteKey: truncatedKey(preKey.id) },
    { dh, random: world.random },
  )
  const write = (text: string) => {
    const sent = ratchetEncrypt(state, utf8(text), { dh })
    state = sent.state
    const bundle = signBundle({
      identityPrivateKey: old.self.identity.privateKey,
      preKeys: [
        {
          installationId: 'old',
          preKey: old.self.identity.publicKey,
          version: 1,
          protocolVersion: 0,
        },
      ],
      timestampNs: BigInt(world.nowMs) * 1_000_000n,
    })
    return encodeProtocolMessage({
      installationId: 'old',
      bundles: [bundle],
      directMessages: [
        {
          installationId: to.self.installationId,
          x3dhHeader: {
            key: crypto.compressPublicKey(crypto.publicKey(ephemeral)),
            preKeyId: preKey.id,
          },
          ratchetHeader: { ...sent.message.header, preKeyId: preKey.id },
          payload: sent.message.ciphertext,
        },
      ],
    })
  }
  return { old, write }
}

async function read(world: World, to: Party, from: Party, message: Uint8Array, isUnsigned = false) {
  const [output] = await to.run(from.self.publicKey, world.context, (c, context) =>
    decryptMessage(c, { message, truncatedKeys: true, unsigned: isUnsigned }, context),
  )
  return output
}

describe('ratchets of before October 2019', () => {
  it('are not read unless asked for', async () => {
    const world = new World()
    const bob = world.party('b1')
    const { old, write } = await oldClient(world, bob)
    const [refused] = await world.read(bob, old, write('hello'))
    expect(refused).toMatchObject({ reason: 'bad-key' })
    expect(await world.answer(bob, old, refused)).toBeUndefined()
  })

  it('are read, in any order and once, and reported as without forward secrecy', async () => {
    const world = new World()
    const bob = world.party('b1')
    const { old, write } = await oldClient(world, bob)
    const [first, second, third] = [write('1'), write('2'), write('3')]
    for (const [message, text] of [
      [third, '3'],
      [first, '1'],
    ] as const)
      expect(await read(world, bob, old, message)).toMatchObject({ plaintext: utf8(text), security: 'dh' })
    const output = await read(world, bob, old, second)
    if (output.type !== 'opened' || !output.messageKey) throw new Error('opened, with a key to confirm')
    const { messageKey } = output
    await bob.run(old.self.publicKey, world.context, (c) => confirmMessage(c, { messageKey }))
    expect(await read(world, bob, old, second)).toMatchObject({ reason: 'key-gone' })
    expect(await read(world, bob, old, write('unsigned'), true)).toMatchObject({ reason: 'bad-key' })
  })

  it('are never written: what we answer has keys of 33 bytes, on a session of its own', async () => {
    const world = new World()
    const bob = world.party('b1')
    const { old, write } = await oldClient(world, bob)
    await read(world, bob, old, write('hello'))
    const sealed = await world.send(bob, old, 'answer')
    expect(headers(sealed.bytes)).toEqual({ old: 'x3dh+ratchet' })
    const { installations } = await bob.conversation(old.self.publicKey)
    expect(installations[0]?.sessions.map(({ ratchet }) => ratchet.self.publicKey.length)).toEqual([32, 33])
    // It stays readable, and so does the record.
    expect(await read(world, bob, old, write('more'))).toMatchObject({ plaintext: utf8('more') })
  })

  it('do not make a peer one that has used the ratchet', async () => {
    const world = new World()
    const bob = world.party('b1')
    const { old, write } = await oldClient(world, bob)
    await read(world, bob, old, write('hello'))
    expect((await bob.conversation(old.self.publicKey)).peerState).toBeUndefined()
    const before = await contents(bob.storage)
    const damaged = write('damaged').slice()
    damaged[damaged.length - 1] = (damaged[damaged.length - 1] as number) ^ 1
    expect(await read(world, bob, old, damaged)).toMatchObject({ type: 'refused' })
    expect(await contents(bob.storage)).not.toBe('')
    expect((await contents(bob.storage)).length).toBe(before.length)
  })
})
