/** Secrets that are needed for a moment are overwritten after it. */
import { isAllZero } from '@status-protocol/bytes'
import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import { openDh, sealDh } from '../src/conversation/dh-message.ts'
import { openWithMessageKey, sealWithMessageKey } from '../src/ratchet/aead.ts'
import { kdfRootKey } from '../src/ratchet/kdf.ts'
import { acceptX3dh, initiateX3dh } from '../src/x3dh/agreement.ts'

const random = seededRandom(8)

/** Remembers what was derived, and what went into the hash of X3DH. */
function watched() {
  const secrets: Uint8Array[] = []
  const kept = <T extends Uint8Array | undefined>(secret: T): T => {
    if (secret) secrets.push(secret)
    return secret
  }
  const crypto: CryptoProvider = {
    ...defaultProvider,
    hkdfSha256: (options) => kept(defaultProvider.hkdfSha256(options)),
    ecdh: (a, b) => kept(defaultProvider.ecdh(a, b)),
    tryEcdh: (a, b) => kept(defaultProvider.tryEcdh(a, b)),
    keccak256: (data) => defaultProvider.keccak256(kept(data as Uint8Array)),
  }
  return { crypto, secrets }
}

const person = () => {
  const privateKey = random.bytes(32)
  const publicKey = defaultProvider.publicKey(privateKey)
  return { privateKey, publicKey, compressed: defaultProvider.compressPublicKey(publicKey) }
}

describe('wiped after use', () => {
  it('keys of a message', () => {
    const { crypto, secrets } = watched()
    const [key, text, data] = [random.bytes(32), random.bytes(50), random.bytes(5)]
    const sealed = sealWithMessageKey(crypto, key, text, { associatedData: data })
    expect(openWithMessageKey(crypto, key, sealed, data)).toEqual(text)
    expect(openWithMessageKey(crypto, key, sealed, text)).toBeUndefined()
    expect(secrets.length).toBe(3)
    for (const secret of secrets) expect(isAllZero(secret.subarray(0, 64))).toBe(true)
  })

  it('what the root chain steps from', () => {
    const { crypto, secrets } = watched()
    const { rootKey, chainKey } = kdfRootKey(crypto, random.bytes(32), random.bytes(32))
    expect(secrets.map((secret) => isAllZero(secret))).toEqual([true])
    expect(isAllZero(rootKey) || isAllZero(chainKey)).toBe(false)
  })

  it('the three secrets of X3DH', () => {
    const { crypto, secrets } = watched()
    const [alice, bob, ephemeral, preKey] = [person(), person(), person(), person()]
    const sent = initiateX3dh(
      {
        identityPrivateKey: alice.privateKey,
        ephemeralPrivateKey: ephemeral.privateKey,
        remoteIdentity: bob.publicKey,
        remotePreKey: preKey.compressed,
      },
      { crypto },
    )
    const read = acceptX3dh(
      {
        identityPrivateKey: bob.privateKey,
        preKeyPrivateKey: preKey.privateKey,
        remoteIdentity: alice.publicKey,
        remoteEphemeralKey: ephemeral.compressed,
      },
      { crypto },
    )
    expect(sent).toEqual(read)
    expect(secrets.length).toBe(8)
    expect(secrets.every((secret) => isAllZero(secret))).toBe(true)
    expect(isAllZero(alice.privateKey) || isAllZero(preKey.privateKey)).toBe(false)
  })

  it('the key of a message without a session', () => {
    const { crypto, secrets } = watched()
    const bob = person()
    const message = sealDh(bob.compressed, random.bytes(40), { crypto, random })
    const key = message.dhHeader?.key as Uint8Array
    expect(openDh(bob.privateKey, key, message.payload, crypto)).toHaveProperty('plaintext')
    expect(openDh(bob.privateKey, key, message.payload.subarray(0, 5), crypto)).toEqual({
      reason: 'not-authentic',
    })
    expect(secrets.length).toBe(3)
    expect(secrets.every((secret) => isAllZero(secret))).toBe(true)
  })
})
