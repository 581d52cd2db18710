/** Run in Chromium beside the golden files: reads over a Storage, and a channel between two devices and one. */
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createSecureChannel, storageReads } from '@status-protocol/double-ratchet'
import { secp256k1DiffieHellman } from '@status-protocol/double-ratchet/ratchet'
import { diffieHellmanConformance, sessionReadsConformance } from '@status-protocol/double-ratchet/testing'
import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
import { createMemoryStorage } from '@status-protocol/storage-memory'

const openReads = async () => {
  const storage = createMemoryStorage()
  return { reads: storageReads(storage), commit: storage.commit.bind(storage) }
}

const newIdentity = () => generatePrivateKey(defaultProvider, systemRandom)
const device = (installationId: string, identity: Uint8Array) =>
  createSecureChannel({ identity, installationId, storage: createMemoryStorage() })

const twoDevices: ConformanceCase = {
  name: 'dh at first, then the ratchet, to every device',
  async run() {
    const alice = device('alice', newIdentity())
    const bobs = newIdentity()
    const [desk, phone] = [device('desk', bobs), device('phone', bobs)]
    const hello = await alice.encrypt(desk.publicKey, Uint8Array.of(1))
    const heard = [
      await desk.decrypt(alice.publicKey, hello),
      await phone.decrypt(alice.publicKey, hello),
    ] as const
    checkEqual(
      heard.map(({ security }) => security),
      ['dh', 'dh'],
      'security of the first message',
    )
    for (const [i, from] of [desk, phone].entries()) {
      const answer = await alice.decrypt(
        desk.publicKey,
        await from.encrypt(alice.publicKey, Uint8Array.of(2 + i)),
      )
      checkEqual(answer.security, 'ratchet', 'security of an answer')
    }
    const toBoth = await alice.encrypt(desk.publicKey, Uint8Array.of(9))
    for (const one of [desk, phone]) {
      const got = await one.decrypt(alice.publicKey, toBoth)
      check(got.ok && got.security === 'ratchet', `${one.installationId} reads it by its ratchet`)
      checkEqual(got.plaintext, Uint8Array.of(9), 'plaintext')
    }
  },
}

export const cases: readonly ConformanceCase[] = [
  ...diffieHellmanConformance(secp256k1DiffieHellman(), [new Uint8Array(33)]),
  ...sessionReadsConformance(openReads),
  twoDevices,
]
