import * as index from '@status-protocol/crypto'
import * as keccak from '@status-protocol/crypto/keccak'
import * as noble from '@status-protocol/crypto/noble'
import * as node from '@status-protocol/crypto/node'
import * as testing from '@status-protocol/crypto/testing'
import { expect, it } from 'vitest'

it('exports what it is meant to', () => {
  expect(
    Object.fromEntries(
      Object.entries({ index, keccak, noble, node, testing }).map(([k, v]) => [k, Object.keys(v)]),
    ),
  ).toMatchInlineSnapshot(`
      {
        "index": [
          "defaultProvider",
          "ECIES_OVERHEAD_BYTES",
          "eciesOpen",
          "eciesSeal",
          "CryptoError",
          "generatePrivateKey",
          "systemRandom",
        ],
        "keccak": [
          "keccakImplementation",
          "keccak256",
          "createKeccak256",
          "createNonceSearch",
          "searchNonce",
        ],
        "noble": [
          "nobleProvider",
        ],
        "node": [
          "createNodeProvider",
          "nodeProvider",
        ],
        "testing": [
          "cryptoConformance",
        ],
      }
    `)
})
