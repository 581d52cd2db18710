/** The same answers as noble, on random input, and nothing of a secret in what is thrown. */
import { concat, toHex } from '@status-protocol/bytes'
import type { Random } from '@status-protocol/ports'
import { type ConformanceCase, check, checkEqual } from '@status-protocol/ports/testing'
import { nobleProvider as noble } from '../noble-provider.ts'
import type { CryptoProvider } from '../provider.ts'
import { generatePrivateKey } from '../random.ts'

export function crossChecks(crypto: CryptoProvider, random: Random, rounds: number): ConformanceCase[] {
  const each = (name: string, round: () => void): ConformanceCase => ({
    name: `as noble on ${rounds} random inputs: ${name}`,
    async run() {
      for (let i = 0; i < rounds; i++) round()
    },
  })
  const below = (n: number) => ((random.bytes(1)[0] as number) * 256 + (random.bytes(1)[0] as number)) % n
  const some = (max: number) => random.bytes(below(max))
  return [
    each('hashes', () => {
      const [key, data] = [some(200), some(600)]
      checkEqual(crypto.keccak256(data), noble.keccak256(data), 'keccak256')
      checkEqual(crypto.sha256(data), noble.sha256(data), 'sha256')
      checkEqual(crypto.hmacSha256(key, data), noble.hmacSha256(key, data), 'hmacSha256')
      checkEqual(crypto.hmacSha512(key, data), noble.hmacSha512(key, data), 'hmacSha512')
      const options = { secret: key, salt: some(100), info: some(100), length: 1 + below(200) }
      checkEqual(crypto.hkdfSha256(options), noble.hkdfSha256(options), 'hkdfSha256')
    }),
    each('AES', () => {
      const [key, nonce, iv] = [random.bytes(below(2) === 0 ? 16 : 32), random.bytes(12), random.bytes(16)]
      const [data, extra] = [some(600), some(60)]
      const sealed = crypto.aesGcmSeal(key, nonce, data, extra)
      checkEqual(sealed, noble.aesGcmSeal(key, nonce, data, extra), 'aesGcmSeal')
      checkEqual(crypto.aesGcmOpen(key, nonce, sealed, extra), data, 'aesGcmOpen')
      checkEqual(crypto.aesCtr(key, iv, data), noble.aesCtr(key, iv, data), 'aesCtr')
      const [stream, other] = [crypto.createAesCtr(key, iv), noble.createAesCtr(key, iv)]
      for (const piece of [some(40), some(40), some(400)])
        checkEqual(stream.process(piece), other.process(piece), 'createAesCtr')
      checkEqual(
        crypto.createAesBlock(key).encrypt(iv),
        noble.createAesBlock(key).encrypt(iv),
        'createAesBlock',
      )
    }),
    each('secp256k1', () => {
      const [a, b] = [generatePrivateKey(noble, random), generatePrivateKey(noble, random)]
      const hash = random.bytes(32)
      const publicKey = crypto.publicKey(a)
      checkEqual(publicKey, noble.publicKey(a), 'publicKey')
      checkEqual(crypto.compressPublicKey(publicKey), noble.compressPublicKey(publicKey), 'compressPublicKey')
      const signature = crypto.sign(hash, a)
      checkEqual(signature, noble.sign(hash, a), 'sign')
      checkEqual(crypto.recover(hash, signature), publicKey, 'recover')
      checkEqual(crypto.verify(hash, signature, publicKey), true, 'verify')
      checkEqual(crypto.ecdh(b, publicKey), noble.ecdh(b, publicKey), 'ecdh')
      checkEqual(crypto.ecdh(a, crypto.publicKey(b)), noble.ecdh(b, publicKey), 'ecdh the other way')
      checkEqual(crypto.tryEcdhPoint(b, publicKey), noble.tryEcdhPoint(b, publicKey), 'tryEcdhPoint')
      checkEqual(crypto.addPrivateKeys(a, b), noble.addPrivateKeys(a, b), 'addPrivateKeys')
    }),
    each('what a peer may send', () => {
      const hash = random.bytes(32)
      const [compressed, uncompressed] = [random.bytes(33), random.bytes(65)]
      compressed[0] = below(8)
      uncompressed[0] = below(8)
      for (const bytes of [compressed, uncompressed, some(70)]) {
        checkEqual(crypto.parsePublicKey(bytes), noble.parsePublicKey(bytes), 'parsePublicKey')
        checkEqual(crypto.tryEcdh(hash, bytes), noble.tryEcdh(hash, bytes), 'tryEcdh')
        checkEqual(crypto.tryEcdhPoint(hash, bytes), noble.tryEcdhPoint(hash, bytes), 'tryEcdhPoint')
      }
      const signature = concat(random.bytes(64), Uint8Array.of(below(3)))
      checkEqual(crypto.recover(hash, signature), noble.recover(hash, signature), 'recover')
      const signer = noble.recover(hash, signature)
      if (signer)
        checkEqual(crypto.verify(hash, signature, signer), noble.verify(hash, signature, signer), 'verify')
    }),
    each('X25519', () => {
      const [a, b] = [random.bytes(32), random.bytes(32)]
      checkEqual(crypto.x25519PublicKey(a), noble.x25519PublicKey(a), 'x25519PublicKey')
      checkEqual(crypto.x25519(a, b), noble.x25519(a, b), 'x25519 with any bytes')
    }),
    each('arguments that are views into larger arrays, which stay as they are', () => {
      const [a, hash, iv] = [generatePrivateKey(noble, random), random.bytes(32), random.bytes(16)]
      const [publicKey, data] = [noble.publicKey(a), random.bytes(100)]
      const signature = noble.sign(hash, a)
      const results = (c: CryptoProvider, view: (bytes: Uint8Array) => Uint8Array) => [
        c.keccak256(view(data)),
        c.sha256(view(data)),
        c.hmacSha256(view(hash), view(data)),
        c.aesGcmSeal(view(hash), view(iv.subarray(4)), view(data), view(iv)),
        c.aesGcmOpen(view(hash), view(iv.subarray(4)), view(c.aesGcmSeal(hash, iv.subarray(4), data))),
        c.aesCtr(view(hash), view(iv), view(data)),
        c.createAesBlock(view(hash)).encrypt(view(iv)),
        c.publicKey(view(a)),
        c.parsePublicKey(view(publicKey)),
        c.parsePublicKey(view(c.compressPublicKey(view(publicKey)))),
        c.sign(view(hash), view(a)),
        c.recover(view(hash), view(signature)),
        c.verify(view(hash), view(signature), view(publicKey)),
        c.ecdh(view(a), view(publicKey)),
        c.tryEcdhPoint(view(a), view(publicKey)),
        c.addPrivateKeys(view(a), view(a)),
        c.x25519(view(a), view(hash)),
        c.x25519PublicKey(view(a)),
      ]
      const arrays: (readonly [Uint8Array, Uint8Array])[] = []
      const shifted = (bytes: Uint8Array) => {
        const array = concat(random.bytes(3), bytes, random.bytes(5))
        arrays.push([array, new Uint8Array(array)])
        return array.subarray(3, 3 + bytes.length)
      }
      checkEqual(
        results(crypto, shifted),
        results(noble, (bytes) => bytes),
        'results',
      )
      for (const [array, before] of arrays) checkEqual(array, before, 'an argument afterwards')
    }),
    {
      name: 'what is thrown tells nothing of a secret',
      async run() {
        const outOfRange = new Uint8Array(32).fill(0xff)
        const secret = random.bytes(31)
        const point = crypto.publicKey(generatePrivateKey(crypto, random))
        const noPoint = concat(point.subarray(0, 33), random.bytes(32))
        for (const [material, run] of [
          [outOfRange, () => crypto.publicKey(outOfRange)],
          [outOfRange, () => crypto.sign(point.subarray(1, 33), outOfRange)],
          [secret, () => crypto.sign(point.subarray(1, 33), secret)],
          [secret, () => crypto.ecdh(secret, point)],
          [noPoint, () => crypto.ecdh(point.subarray(1, 33), noPoint)],
          [secret, () => crypto.addPrivateKeys(secret, secret)],
          [secret, () => crypto.aesGcmSeal(secret, new Uint8Array(12), secret)],
          [secret, () => crypto.aesCtr(secret, new Uint8Array(16), secret)],
          [secret, () => crypto.createAesBlock(secret)],
          [secret, () => crypto.x25519PublicKey(secret)],
          [
            secret,
            () => crypto.pbkdf2({ hash: 'sha256', password: secret, salt: secret, iterations: 0, length: 1 }),
          ],
          [secret, () => crypto.scrypt({ password: secret, salt: secret, N: 3, r: 1, p: 1, length: 1 })],
        ] as const)
          await checkSaysNothingOf(material, run)
      },
    },
  ]
}

async function checkSaysNothingOf(material: Uint8Array, run: () => unknown): Promise<void> {
  try {
    await run()
  } catch (error) {
    const { message, stack, details } = error as Error & { details?: object }
    const said = [message, stack, JSON.stringify(error), JSON.stringify(details)].join(' ')
    for (const form of [toHex(material.subarray(0, 8)), material.subarray(0, 4).join(',')])
      check(!said.toLowerCase().includes(form), `an error shows its argument: ${message}`)
    return
  }
  throw new Error('expected an error, got none')
}
