/** Hashes and key derivations against their standards. */
import { fromHex, utf8 } from '@status-protocol/bytes'
import { type ConformanceCase, checkEqual, checkRejects } from '@status-protocol/ports/testing'
import type { CryptoProvider } from '../provider.ts'

const of = (byte: string, count: number) => fromHex(byte.repeat(count))
const NONE = new Uint8Array(0)

const KECCAK_256 = [
  ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
  ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
  [
    'The quick brown fox jumps over the lazy dog',
    '4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15',
  ],
] as const

const SHA_256 = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
] as const

/** RFC 4231: key, data, HMAC-SHA-256, HMAC-SHA-512. */
const RFC_4231 = [
  [
    of('0b', 20),
    utf8('Hi There'),
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
  ],
  [
    utf8('Jefe'),
    utf8('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
  ],
  [
    of('aa', 20),
    of('dd', 50),
    '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
    'fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb',
  ],
  [
    of('aa', 131),
    utf8('Test Using Larger Than Block-Size Key - Hash Key First'),
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
  ],
] as const

/** RFC 5869, appendix A: secret, salt, info, output. */
const RFC_5869 = [
  [
    of('0b', 22),
    fromHex('000102030405060708090a0b0c'),
    fromHex('f0f1f2f3f4f5f6f7f8f9'),
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  ],
  [
    Uint8Array.from({ length: 80 }, (_, i) => i),
    Uint8Array.from({ length: 80 }, (_, i) => 0x60 + i),
    Uint8Array.from({ length: 80 }, (_, i) => 0xb0 + i),
    'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
  ],
  [
    of('0b', 22),
    undefined,
    undefined,
    '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
  ],
] as const

/** Hash, rounds, output of password "password" with salt "salt". */
const PBKDF2 = [
  ['sha256', 1, '120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b'],
  ['sha256', 4096, 'c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a'],
  [
    'sha512',
    1,
    '867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce',
  ],
] as const

export function hashCases(crypto: CryptoProvider): ConformanceCase[] {
  return [
    {
      name: 'Keccak-256, one-shot and as a state',
      async run() {
        for (const [text, hash] of KECCAK_256) {
          checkEqual(crypto.keccak256(utf8(text)), fromHex(hash), `keccak256("${text}")`)
          checkEqual(
            crypto.createKeccak256().update(utf8(text)).digest(),
            fromHex(hash),
            `state of "${text}"`,
          )
        }
      },
    },
    {
      name: 'a Keccak state is read, goes on, and has independent copies',
      async run() {
        const state = crypto.createKeccak256()
        const all = Uint8Array.from({ length: 700 }, (_, i) => i)
        let at = 0
        for (const length of [0, 1, 16, 118, 1, 136, 300, 128]) {
          state.update(all.subarray(at, at + length))
          at += length
          checkEqual(state.digest(), crypto.keccak256(all.subarray(0, at)), `after ${at} bytes`)
        }
        const copy = state.clone().update(of('ff', 50))
        checkEqual(state.digest(), crypto.keccak256(all), 'the state after its copy went on')
        state.update(of('ee', 200))
        checkEqual(copy.digest(), crypto.keccak256(Uint8Array.from([...all, ...of('ff', 50)])), 'the copy')
        await checkRejects(() => state.update('text' as never), 'invalid-argument', 'update with text')
      },
    },
    {
      name: 'SHA-256 (FIPS 180-4)',
      async run() {
        for (const [text, hash] of SHA_256) checkEqual(crypto.sha256(utf8(text)), fromHex(hash), `"${text}"`)
      },
    },
    {
      name: 'HMAC-SHA-256 and HMAC-SHA-512 (RFC 4231)',
      async run() {
        for (const [key, data, sha256, sha512] of RFC_4231) {
          checkEqual(crypto.hmacSha256(key, data), fromHex(sha256), 'HMAC-SHA-256')
          checkEqual(crypto.hmacSha512(key, data), fromHex(sha512), 'HMAC-SHA-512')
        }
        checkEqual(
          crypto.hmacSha256(NONE, NONE),
          fromHex('b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad'),
          'empty key, empty data',
        )
      },
    },
    {
      name: 'HKDF-SHA-256 (RFC 5869)',
      async run() {
        for (const [secret, salt, info, output] of RFC_5869) {
          const [length, expected] = [output.length / 2, fromHex(output)]
          const options = { secret, length, ...(salt && { salt }), ...(info && { info }) }
          checkEqual(crypto.hkdfSha256(options), expected, `${length} bytes`)
          for (const shorter of [1, 31, 32, 33])
            checkEqual(
              crypto.hkdfSha256({ ...options, length: shorter }),
              expected.subarray(0, shorter),
              'a prefix',
            )
        }
        const secret = of('07', 32)
        checkEqual(
          crypto.hkdfSha256({ secret, salt: NONE, length: 40 }),
          crypto.hkdfSha256({ secret, salt: new Uint8Array(32), length: 40 }),
          'an empty salt',
        )
        checkEqual(
          crypto.hkdfSha256({ secret, info: of('01', 2000), length: 8160 }).length,
          8160,
          'all of it',
        )
        for (const length of [0, -1, 1.5, 8161, Number.NaN])
          await checkRejects(
            () => crypto.hkdfSha256({ secret, length }),
            'invalid-argument',
            `length ${length}`,
          )
      },
    },
    {
      name: 'PBKDF2',
      async run() {
        const [password, salt] = [utf8('password'), utf8('salt')]
        for (const [hash, iterations, output] of PBKDF2) {
          const length = output.length / 2
          const key = await crypto.pbkdf2({ hash, password, salt, iterations, length })
          checkEqual(key, fromHex(output), `${hash}, ${iterations}`)
        }
        const empty = await crypto.pbkdf2({
          hash: 'sha256',
          password: NONE,
          salt: NONE,
          iterations: 1,
          length: 32,
        })
        checkEqual(
          empty,
          fromHex('f7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad'),
          'empty password and salt',
        )
        const valid = { hash: 'sha256', password, salt, iterations: 1, length: 32 } as const
        for (const wrong of [
          { iterations: 0 },
          { iterations: 10_000_001 },
          { length: 0 },
          { length: 8161 },
          { hash: 'md5' as never },
          { password: 'password' as never },
        ])
          await checkRejects(
            () => crypto.pbkdf2({ ...valid, ...wrong }),
            'invalid-argument',
            String(Object.keys(wrong)),
          )
      },
    },
    {
      name: 'scrypt (RFC 7914)',
      async run() {
        const small = { password: NONE, salt: NONE, N: 16, r: 1, p: 1, length: 64 }
        checkEqual(
          await crypto.scrypt(small),
          fromHex(
            '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
          ),
          'N 16',
        )
        checkEqual(
          await crypto.scrypt({
            password: utf8('password'),
            salt: utf8('NaCl'),
            N: 1024,
            r: 8,
            p: 16,
            length: 64,
          }),
          fromHex(
            'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
          ),
          'N 1024',
        )
        for (const wrong of [
          { N: 15 },
          { N: 1 },
          { N: 0 },
          { N: 2 ** 31, r: 8 },
          { N: 2 ** 16, r: 1 },
          { N: 2 ** 20, r: 8 },
          { N: 2, r: 2 ** 21 },
          { r: 0 },
          { p: 0 },
          { p: 2 ** 20 },
          { length: 0 },
          { length: 8161 },
        ])
          await checkRejects(
            () => crypto.scrypt({ ...small, ...wrong }),
            'invalid-argument',
            JSON.stringify(wrong),
          )
      },
    },
  ]
}
