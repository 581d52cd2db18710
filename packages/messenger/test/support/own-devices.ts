/** Devices of one person: two that are paired, and others that are nothing but keys and a secure channel. */
import type { PublicKey } from '@status-protocol/bytes'
import { createSecureChannel, type SecureChannel } from '@status-protocol/double-ratchet'
import { encodePayload, oneToOneGroupId } from '@status-protocol/mvds'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { partitionedDiscovery } from '@status-protocol/whisper'
import { type Person, quickCrypto, type World } from './world.ts'

export const idOf = async ({ messenger }: Person): Promise<string> =>
  (await messenger.devices.info()).installationId

/** Phone and laptop are paired; Eve is on the network. */
export interface Scene {
  readonly phone: Person
  readonly laptop: Person
  readonly eve: Person
}

export async function pairedScene(world: World): Promise<Scene> {
  const phone = await world.person('phone')
  const laptop = await world.person('laptop', { account: phone.account })
  const eve = await world.person('eve')
  world.join(phone, laptop)
  world.join(eve, laptop)
  await world.run(200)
  await pairUp(world, phone, laptop)
  return { phone, laptop, eve }
}

/** A phone and a laptop of one person, not paired yet, and Bob: each is a peer of the others. */
export async function phoneLaptopAndBob(world: World): Promise<Record<'phone' | 'laptop' | 'bob', Person>> {
  const phone = await world.person('phone')
  const laptop = await world.person('laptop', { account: phone.account })
  const bob = await world.person('bob')
  world.join(phone, laptop)
  for (const device of [phone, laptop]) world.join(device, bob)
  await world.run(200)
  return { phone, laptop, bob }
}

/** Each announces itself and is enabled on the other. */
export async function pairUp(world: World, one: Person, other: Person): Promise<void> {
  for (const device of [one, other]) {
    await world.whileRunning(device.messenger.devices.pair())
    await world.run(2_000)
  }
  await world.whileRunning(one.messenger.devices.setEnabled(await idOf(other), true))
  await world.whileRunning(other.messenger.devices.setEnabled(await idOf(one), true))
}

/** An envelope from the node of `from`, signed by `signer`, for a person on their own topic. */
export async function post(
  world: World,
  from: Person,
  to: Person,
  signer: Person,
  payload: Uint8Array,
): Promise<void> {
  const publicKey: PublicKey = to.messenger.publicKey
  const { service } = from.whisper
  const { topic } = partitionedDiscovery(publicKey, { crypto: quickCrypto })
  const key = await service.addKeyPair(signer.account.chatKey.privateKey)
  await service.post({ topic, to: { publicKey }, payload, signer: key })
  await world.run(500)
}

/** A device with a person's identity key that is no messenger. */
export const channelOf = (world: World, owner: Person, installationId: string): SecureChannel =>
  createSecureChannel({
    identity: owner.account.chatKey.privateKey,
    installationId,
    storage: createMemoryStorage(),
    crypto: quickCrypto,
    clock: world.clock,
  })

/** In data sync, as messengers carry everything that is to be acknowledged. */
export function synced(
  world: World,
  author: Person,
  to: Person,
  ...bodies: readonly Uint8Array[]
): Uint8Array {
  const groupId = oneToOneGroupId(author.messenger.publicKey, to.messenger.publicKey)
  const timestampSeconds = BigInt(world.clock.wallMs()) / 1000n
  const messages = bodies.map((body) => ({ groupId, body, timestampSeconds }))
  return encodePayload({ acks: [], offers: [], requests: [], messages })
}

/** Something that a device wrote to the other ones of its person, with its bundle in it. */
export async function bundleOf(world: World, device: Person): Promise<Uint8Array> {
  await device.messenger.devices.pair()
  await world.run(500)
  const last = device.posts.at(-1)
  if (!last) throw new Error('nothing was posted')
  return last.payload
}
