/**
 * X3DH and Double Ratchet over anything that carries bytes, here over nothing at all: two devices of one person, messages
 * that overtake each other, one that comes twice and one that was changed on the way.
 */
import { defaultProvider, generatePrivateKey, systemRandom } from '@status-protocol/crypto'
import { createSecureChannel, type Decrypted, type SecureChannel } from '@status-protocol/double-ratchet'
import { createMemoryStorage } from '@status-protocol/storage-memory'

const newIdentity = () => generatePrivateKey(defaultProvider, systemRandom)
const device = (installationId: string, identity: Uint8Array): SecureChannel =>
  createSecureChannel({ identity, installationId, storage: createMemoryStorage() })
const bytes = (words: string) => new TextEncoder().encode(words)

async function hear(who: string, decrypted: Decrypted): Promise<void> {
  if (!decrypted.ok) return console.log(`${who}: cannot read it (${decrypted.reason})`)
  console.log(`${who}: ${new TextDecoder().decode(decrypted.plaintext)} [${decrypted.security}]`)
  await decrypted.confirm() // the plaintext is safe: its key is deleted
}

const alice = device('alice-desk', newIdentity())
const bobs = newIdentity()
const desk = device('bob-desk', bobs)
const phone = device('bob-phone', bobs)

// Alice knows nothing of bob but his key: her first message has no forward secrecy. It brings her bundle along.
const hello = await alice.encrypt(desk.publicKey, bytes('hello'))
await hear('bob, desk ', await desk.decrypt(alice.publicKey, hello))
await hear('bob, phone', await phone.decrypt(alice.publicKey, hello))

// His answers bring the bundles of both devices.
await hear(
  'alice     ',
  await alice.decrypt(desk.publicKey, await desk.encrypt(alice.publicKey, bytes('hello from the desk'))),
)
await hear(
  'alice     ',
  await alice.decrypt(desk.publicKey, await phone.encrypt(alice.publicKey, bytes('hello from the phone'))),
)

// One message for both, each by a ratchet of its own; they may come in any order.
const [one, two] = [
  await alice.encrypt(desk.publicKey, bytes('first')),
  await alice.encrypt(desk.publicKey, bytes('second')),
]
await hear('bob, desk ', await desk.decrypt(alice.publicKey, two))
await hear('bob, desk ', await desk.decrypt(alice.publicKey, one))
await hear('bob, phone', await phone.decrypt(alice.publicKey, one))

await hear('bob, desk ', await desk.decrypt(alice.publicKey, one)) // again
const changed = two.map((byte, i) => (i === two.length - 1 ? byte ^ 1 : byte))
await hear('bob, phone', await phone.decrypt(alice.publicKey, changed))
