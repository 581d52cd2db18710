/** What a person's own program says that no messenger would: any payload, signed by whomever. */
import type { PublicKey } from '@status-protocol/bytes'
import { type Message, wrap } from '@status-protocol/payload'
import { partitionedDiscovery } from '@status-protocol/whisper'
import type { Person, World } from './world.ts'
import { quickCrypto } from './world.ts'

/** The signature of a PNG and some bytes. */
export const SMALL_PNG: Uint8Array = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3)

/** In an envelope of `from`, for `to` alone; the wrapper signed by `signer`. Waits until it is read. */
export async function say(
  world: World,
  from: Person,
  to: Person,
  said: Message | Uint8Array,
  signer: Person = from,
): Promise<void> {
  const payload =
    said instanceof Uint8Array ? said : wrap(said, signer.account.chatKey, { crypto: quickCrypto })
  const publicKey: PublicKey = to.messenger.publicKey
  await from.whisper.service.post({
    to: { publicKey },
    topic: partitionedDiscovery(publicKey, { crypto: quickCrypto }).topic,
    payload,
    signer: await from.whisper.service.addKeyPair(from.account.chatKey.privateKey),
  })
  await world.run(500)
}
