import { concat, fromHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { nobleProvider } from '@status-protocol/crypto/noble'
import { storageReads } from '@status-protocol/double-ratchet'
import { curve25519DiffieHellman, secp256k1DiffieHellman } from '@status-protocol/double-ratchet/ratchet'
import { diffieHellmanConformance, sessionReadsConformance } from '@status-protocol/double-ratchet/testing'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { describe, it } from 'vitest'

/** u = 0, 1, and the points of order 8: whoever sends one knows the product. */
const LOW_ORDER = [
  new Uint8Array(32),
  new Uint8Array(32).with(0, 1),
  fromHex('e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'),
  fromHex('5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'),
]
const NO_POINTS = [
  new Uint8Array(33),
  new Uint8Array(33).fill(255).with(0, 2),
  concat(Uint8Array.of(4), new Uint8Array(32).fill(1)),
]

describe.each([defaultProvider, nobleProvider].map((crypto) => [crypto.name, crypto] as const))(
  'DiffieHellman with %s',
  (_name, crypto) => {
    describe('secp256k1', () => {
      for (const { name, run } of diffieHellmanConformance(secp256k1DiffieHellman(crypto), NO_POINTS))
        it(name, run)
    })
    describe('Curve25519', () => {
      for (const { name, run } of diffieHellmanConformance(curve25519DiffieHellman(crypto), LOW_ORDER))
        it(name, run)
    })
  },
)

describe('SessionReads over a Storage', () => {
  const open = async () => {
    const storage = createMemoryStorage()
    return { reads: storageReads(storage), commit: storage.commit.bind(storage) }
  }
  for (const { name, run } of sessionReadsConformance(open)) it(name, run)
})
