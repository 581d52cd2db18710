import { concat } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider, eciesOpen, eciesSeal } from '@status-protocol/crypto'
import { expectHex, expectThat, hex, type VectorCase, type VectorSuite } from '@status-protocol/testkit'

const KEY_BYTES = 65
const IV_BYTES = 16
const MAC_BYTES = 32

/** ECIES and ECDH of go-ethereum, by whichever provider. */
export function eciesSuite(crypto: CryptoProvider): VectorSuite {
  const open = (c: VectorCase) =>
    eciesOpen(crypto, hex(c.recipient_private_key), hex(c.ciphertext), {
      sharedInfo1: hex(c.shared_info_1),
      sharedInfo2: hex(c.shared_info_2),
    })
  const seal = (c: VectorCase, ephemeralPrivateKey: Uint8Array, iv: Uint8Array) =>
    eciesSeal(crypto, crypto.publicKey(hex(c.recipient_private_key)), hex(c.plaintext ?? ''), {
      ephemeralPrivateKey,
      iv,
      sharedInfo1: hex(c.shared_info_1 ?? ''),
      sharedInfo2: hex(c.shared_info_2 ?? ''),
    })
  /** `eciesOpen` has one answer for all that it refuses; the reference tells a bad point from the rest. */
  const refusal = (c: VectorCase) => {
    const sealed = hex(c.ciphertext)
    const prefix = sealed[0]
    const tooShort = sealed.length < KEY_BYTES + MAC_BYTES + 1
    if (prefix === undefined || (tooShort && prefix >= 2 && prefix <= 4)) return 'ecies: invalid message'
    const point = crypto.parsePublicKey(sealed.subarray(0, KEY_BYTES))
    return point ? 'ecies: invalid message' : 'ecies: invalid public key'
  }
  return {
    file: 'ecies.json',
    kinds: {
      decrypt: {
        expected: ['recipient_public_key', 'plaintext', 'ciphertext', 'ephemeral_public_key', 'iv', 'tag'],
        check(c) {
          const sealed = hex(c.ciphertext)
          expectHex(
            crypto.publicKey(hex(c.recipient_private_key)),
            c.recipient_public_key,
            'recipient_public_key',
          )
          expectHex(open(c), c.plaintext, 'plaintext')
          expectHex(sealed.subarray(0, KEY_BYTES), c.ephemeral_public_key, 'ephemeral_public_key')
          expectHex(sealed.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES), c.iv, 'iv')
          expectHex(sealed.subarray(sealed.length - MAC_BYTES), c.tag, 'tag')
        },
      },
      encrypt_fixed_ephemeral: {
        expected: ['recipient_public_key', 'plaintext', 'ciphertext'],
        check(c) {
          expectHex(
            crypto.publicKey(hex(c.recipient_private_key)),
            c.recipient_public_key,
            'recipient_public_key',
          )
          expectHex(seal(c, hex(c.ephemeral_private_key), hex(c.iv)), c.ciphertext, 'ciphertext')
          expectHex(open(c), c.plaintext, 'plaintext')
        },
      },
      shared_secret: {
        expected: ['public_key', 'shared_secret'],
        check(c) {
          const [own, peer] = [hex(c.private_key), hex(c.peer_private_key)]
          expectHex(crypto.publicKey(peer), c.public_key, 'public_key')
          expectHex(crypto.ecdh(own, hex(c.public_key)), c.shared_secret, 'shared_secret')
          expectHex(crypto.ecdh(peer, crypto.publicKey(own)), c.shared_secret, 'shared_secret')
        },
      },
      decrypt_negative: {
        expected: ['verdict', 'error', 'plaintext'],
        check(c) {
          const plaintext = open(c)
          const verdict = plaintext ? 'ok' : 'error'
          expectThat(verdict === c.verdict, `verdict: expected ${c.verdict}, got ${verdict}`)
          expectHex(plaintext, c.plaintext, 'plaintext')
          expectThat(c.error === (plaintext ? undefined : refusal(c)), `error: got ${refusal(c)}`)
        },
      },
      encrypt_empty: {
        expected: ['ciphertext', 'error'],
        check(c) {
          const sealed = seal(c, hex(c.recipient_private_key), new Uint8Array(IV_BYTES))
          expectHex(concat(sealed), c.ciphertext, 'ciphertext')
          expectThat(c.error === null, `error: expected ${c.error}, got none`)
        },
      },
    },
  }
}

export const suite: VectorSuite = eciesSuite(defaultProvider)
