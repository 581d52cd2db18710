import { systemRandom } from '@status-protocol/crypto'
import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
import type { DiffieHellman } from './dh.ts'
import { ratchetDecrypt, ratchetEncrypt } from './session.ts'
import { acceptRatchet, initiateRatchet } from './state.ts'

/**
 * What every {@link DiffieHellman} does.
 *
 * @param noKeys public keys of the right length that it must refuse: no points, points whose product is zero
 */
export function diffieHellmanConformance(
  dh: DiffieHellman,
  noKeys: readonly Uint8Array[],
): readonly ConformanceCase[] {
  const named = (name: string, run: () => void): ConformanceCase => ({
    name,
    async run() {
      run()
    },
  })
  return [
    named('key pairs have the lengths that it says, and differ', () => {
      const [a, b] = [dh.generate(systemRandom), dh.generate(systemRandom)]
      checkEqual(a.privateKey.length, 32, 'private key')
      checkEqual(a.publicKey.length, dh.publicKeyBytes, 'public key')
      check(String(a.privateKey) !== String(b.privateKey), 'two key pairs differ')
    }),
    named('both sides agree on 32 bytes', () => {
      for (let i = 0; i < 20; i++) {
        const [a, b] = [dh.generate(systemRandom), dh.generate(systemRandom)]
        const secret = dh.agree(a.privateKey, b.publicKey)
        checkEqual(secret?.length, 32, 'secret')
        checkEqual(dh.agree(b.privateKey, a.publicKey), secret, 'seen by the other side')
      }
    }),
    named('what is no key gives undefined and does not throw', () => {
      const { privateKey, publicKey } = dh.generate(systemRandom)
      const wrong = [new Uint8Array(0), publicKey.slice(1), new Uint8Array([...publicKey, 0]), ...noKeys]
      for (const key of wrong) checkEqual(dh.agree(privateKey, key), undefined, `key of ${key.length} bytes`)
    }),
    named('the key pair depends on nothing but the random bytes', () => {
      const random = () => {
        let calls = 0
        return { bytes: (length: number) => new Uint8Array(length).fill(++calls) }
      }
      checkEqual({ ...dh.generate(random()) }, { ...dh.generate(random()) }, 'key pair')
    }),
    named('a ratchet runs on it', () => {
      const options = { dh, random: systemRandom }
      const sharedSecret = systemRandom.bytes(32)
      const keyPair = dh.generate(systemRandom)
      let alice = initiateRatchet({ sharedSecret, remoteKey: keyPair.publicKey }, options)
      let bob = acceptRatchet({ sharedSecret, keyPair }, options)
      for (let i = 0; i < 4; i++) {
        const sent = ratchetEncrypt(alice, Uint8Array.of(i), options)
        const read = ratchetDecrypt(bob, sent.message, options)
        check(read.ok, 'the message opens')
        checkEqual(read.plaintext, Uint8Array.of(i), 'plaintext')
        ;[alice, bob] = [read.state, sent.state]
      }
    }),
  ]
}
