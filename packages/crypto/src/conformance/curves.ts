/** secp256k1 and X25519: published values, edges of the ranges, what is no point and no signature. */
import { concat, fromBigInt, fromHex, toBigInt, utf8 } from '@status-protocol/bytes'
import { type ConformanceCase, check, checkEqual, checkRejects } from '@status-protocol/ports/testing'
import type { CryptoProvider } from '../provider.ts'

/** The order of the group and the characteristic of the field. */
const N = 2n ** 256n - 0x14551231950b75fc4402da1732fc9bebfn
const P = 2n ** 256n - 2n ** 32n - 977n
const bytes32 = (value: bigint) => fromBigInt(value, 32)

const G_X = '79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798'
const G_Y = '483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8'
const MINUS_G_Y = 'b7c52588d95c3b9aa25b0403f1eef75702e84bb7597aabe663b82f6f04ef2777'
const G = fromHex(`04${G_X}${G_Y}`)

/** Private key and public key. */
const KEYS = [
  [1n, `04${G_X}${G_Y}`],
  [
    2n,
    '04c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee51ae168fea63dc339a3c58419466ceaeef7f632653266d0e1236431a950cfe52a',
  ],
  [N - 1n, `04${G_X}${MINUS_G_Y}`],
] as const

/** RFC 6979 with SHA-256, low s: private key, text, r | s. The values that implementations of secp256k1 share. */
const SIGNATURES = [
  [
    1n,
    'Satoshi Nakamoto',
    '934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
  ],
  [
    1n,
    'All those moments will be lost in time, like tears in rain. Time to die...',
    '8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21',
  ],
  [
    N - 1n,
    'Satoshi Nakamoto',
    'fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d06b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5',
  ],
] as const

const HASH = fromHex('ce0677bb30baa8cf067c88db9811f4333d131bf8bcf12fe7065d211dce971008')
const SIGNATURE = fromHex(
  '90f27b8b488db00b00606796d2987f6a5f59ae62ea05effe84fef5b8b0e549984a691139ad57a3f0b906637673aa2f63d1f55cb1a69199d4009eea23ceaddc9301',
)
const SIGNER = fromHex(
  '04e32df42865e97135acfb65f3bae71bdc86f4d49150ad6a440b6f15878109880a0a2b2667f7e725ceea70c673093bf67663e0312623c8e091b13cf2c0f11ef652',
)

const NO_POINTS: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', new Uint8Array(0)],
  ['the point at infinity', Uint8Array.of(0)],
  ['32 bytes', G.subarray(1, 33)],
  ['64 bytes', G.subarray(1)],
  ['66 bytes', concat(G, Uint8Array.of(0))],
  ['04 with 33 bytes', concat(Uint8Array.of(4), G.subarray(1, 33))],
  ['02 with 65 bytes', concat(Uint8Array.of(2), G.subarray(1))],
  ['05', concat(Uint8Array.of(5), G.subarray(1))],
  ['hybrid 06', concat(Uint8Array.of(6), G.subarray(1))],
  ['hybrid 07', concat(Uint8Array.of(7), fromHex(G_X), fromHex(MINUS_G_Y))],
  ['zero', concat(Uint8Array.of(4), new Uint8Array(64))],
  ['off the curve', concat(G.subarray(0, 64), Uint8Array.of(0xb9))],
  ['x of no point', concat(Uint8Array.of(2), bytes32(5n))],
  ['x beyond the field', concat(Uint8Array.of(2), bytes32(P + 1n))],
  ['x and y beyond the field', concat(Uint8Array.of(4), bytes32(P + 1n), bytes32(2n ** 256n - 1n))],
]

export function secp256k1Cases(crypto: CryptoProvider): ConformanceCase[] {
  return [
    {
      name: 'secp256k1 public keys and their two forms',
      async run() {
        for (const [scalar, hex] of KEYS) {
          const publicKey = crypto.publicKey(bytes32(scalar))
          checkEqual(publicKey, fromHex(hex), `public key of ${scalar}`)
          const compressed = crypto.compressPublicKey(publicKey)
          const parity = (publicKey[64] as number) & 1
          checkEqual(compressed, concat(Uint8Array.of(2 + parity), publicKey.subarray(1, 33)), 'compressed')
          checkEqual(crypto.parsePublicKey(compressed), publicKey, 'parsed from 33')
          checkEqual(crypto.compressPublicKey(compressed), compressed, 'compressed again')
          const parsed = crypto.parsePublicKey(publicKey)
          checkEqual(parsed, publicKey, 'parsed from 65')
          check(parsed !== publicKey && parsed?.buffer !== publicKey.buffer, 'parsing gives bytes of its own')
        }
      },
    },
    {
      name: 'what is no point of secp256k1 is no public key',
      async run() {
        for (const [what, bytes] of NO_POINTS) {
          checkEqual(crypto.parsePublicKey(bytes), undefined, `parse ${what}`)
          checkEqual(crypto.tryEcdh(bytes32(7n), bytes), undefined, `tryEcdh ${what}`)
          checkEqual(crypto.tryEcdhPoint(bytes32(7n), bytes), undefined, `tryEcdhPoint ${what}`)
          checkEqual(crypto.verify(HASH, SIGNATURE, bytes), false, `verify ${what}`)
          const code = bytes.length === 33 || bytes.length === 65 ? 'invalid-key' : 'invalid-argument'
          await checkRejects(() => crypto.compressPublicKey(bytes), code, `compress ${what}`)
          await checkRejects(() => crypto.ecdh(bytes32(7n), bytes), code, `ecdh ${what}`)
        }
        checkEqual(crypto.parsePublicKey('04' as never), undefined, 'parse a text')
      },
    },
    {
      name: 'private keys are 1 .. n - 1',
      async run() {
        for (const scalar of [1n, 2n, 2n ** 255n, N - 1n])
          check(crypto.isPrivateKey(bytes32(scalar)), `${scalar}`)
        for (const scalar of [0n, N, N + 1n, 2n ** 256n - 1n]) {
          const key = bytes32(scalar)
          check(!crypto.isPrivateKey(key), `${scalar}`)
          await checkRejects(() => crypto.publicKey(key), 'invalid-key', `publicKey ${scalar}`)
          await checkRejects(() => crypto.sign(HASH, key), 'invalid-key', `sign ${scalar}`)
          await checkRejects(() => crypto.ecdh(key, G), 'invalid-key', `ecdh ${scalar}`)
          await checkRejects(() => crypto.tryEcdh(key, G), 'invalid-key', `tryEcdh ${scalar}`)
          await checkRejects(() => crypto.tryEcdhPoint(key, G), 'invalid-key', `tryEcdhPoint ${scalar}`)
        }
        for (const wrong of [
          new Uint8Array(31).fill(1),
          new Uint8Array(33).fill(1),
          '01' as never,
          undefined as never,
        ]) {
          check(!crypto.isPrivateKey(wrong), 'wrong length or type')
          await checkRejects(() => crypto.publicKey(wrong), 'invalid-argument', 'publicKey')
          await checkRejects(() => crypto.sign(HASH, wrong), 'invalid-argument', 'sign')
          await checkRejects(() => crypto.ecdh(wrong, G), 'invalid-argument', 'ecdh')
        }
      },
    },
    {
      name: 'the sum of private keys',
      async run() {
        const sums: readonly (readonly [bigint, bigint, bigint | undefined])[] = [
          [1n, 1n, 2n],
          [0n, 1n, 1n],
          [N - 1n, 2n, 1n],
          [N - 1n, N - 1n, N - 2n],
          [2n ** 255n, 2n ** 255n, 2n ** 256n - N],
          [0xffn, 1n, 0x100n],
          [N - 1n, 1n, undefined],
          [0n, 0n, undefined],
          [N, 1n, undefined],
          [1n, N, undefined],
          [2n ** 256n - 1n, 5n, undefined],
        ]
        for (const [a, b, sum] of sums)
          checkEqual(
            crypto.addPrivateKeys(bytes32(a), bytes32(b)),
            sum === undefined ? undefined : bytes32(sum),
            `${a} + ${b}`,
          )
        await checkRejects(
          () => crypto.addPrivateKeys(bytes32(1n), new Uint8Array(31)),
          'invalid-argument',
          '31',
        )
      },
    },
    {
      name: 'ECDSA signatures are deterministic (RFC 6979) with low s',
      async run() {
        for (const [scalar, text, signature] of SIGNATURES) {
          const hash = crypto.sha256(utf8(text))
          const signed = crypto.sign(hash, bytes32(scalar))
          checkEqual(signed.subarray(0, 64), fromHex(signature), `"${text}"`)
          checkEqual(signed.length, 65, 'length')
          checkEqual(crypto.recover(hash, signed), crypto.publicKey(bytes32(scalar)), 'recovered')
          check(crypto.verify(hash, signed, crypto.publicKey(bytes32(scalar))), 'verified')
        }
        for (const hash of [new Uint8Array(31), new Uint8Array(33), 'hash' as never])
          await checkRejects(() => crypto.sign(hash, bytes32(1n)), 'invalid-argument', 'hash')
      },
    },
    {
      name: 'recovery takes high s, and v 0 or 1 only',
      async run() {
        checkEqual(crypto.recover(HASH, SIGNATURE), SIGNER, 'published')
        const highS = otherForm(SIGNATURE)
        checkEqual(crypto.recover(HASH, highS), SIGNER, 'high s')
        for (const v of [2, 3, 4, 27, 28, 255])
          checkEqual(crypto.recover(HASH, withV(SIGNATURE, v)), undefined, `v ${v}`)
        check(!same(crypto.recover(HASH, withV(SIGNATURE, 0)), SIGNER), 'the other v')
        for (const length of [0, 63, 64, 66])
          checkEqual(crypto.recover(HASH, new Uint8Array(length).fill(1)), undefined, `${length} bytes`)
      },
    },
    {
      name: 'r and s out of range, and r of no point, recover nothing and verify nothing',
      async run() {
        const [r, s] = [SIGNATURE.subarray(0, 32), SIGNATURE.subarray(32, 64)]
        const bad: (readonly [string, Uint8Array, Uint8Array])[] = []
        for (const wrong of [0n, N, N + 1n, 2n ** 256n - 1n]) {
          bad.push([`r ${wrong}`, bytes32(wrong), s], [`s ${wrong}`, r, bytes32(wrong)])
        }
        bad.push(['r of no point', bytes32(5n), s])
        for (const [what, badR, badS] of bad)
          for (const v of [0, 1]) {
            const signature = concat(badR, badS, Uint8Array.of(v))
            checkEqual(crypto.recover(HASH, signature), undefined, `recover, ${what}`)
            checkEqual(crypto.verify(HASH, signature, SIGNER), false, `verify, ${what}`)
          }
      },
    },
    {
      name: 'a signature whose key would be the point at infinity recovers nothing',
      async run() {
        // R = G and s = z: r^-1 (s R - z G) is zero
        const z = bytes32(toBigInt(HASH) % N)
        checkEqual(crypto.recover(HASH, concat(fromHex(G_X), z, Uint8Array.of(0))), undefined, 'recovered')
      },
    },
    {
      name: 'verification refuses high s, another hash, another key',
      async run() {
        const signature = SIGNATURE.subarray(0, 64)
        check(crypto.verify(HASH, signature, SIGNER), '64 bytes')
        check(crypto.verify(HASH, SIGNATURE, SIGNER), '65 bytes')
        check(crypto.verify(HASH, signature, crypto.compressPublicKey(SIGNER)), 'a compressed key')
        check(!crypto.verify(HASH, otherForm(SIGNATURE).subarray(0, 64), SIGNER), 'high s')
        check(!crypto.verify(crypto.sha256(HASH), signature, SIGNER), 'another hash')
        check(!crypto.verify(HASH, signature, G), 'another key')
        for (const length of [0, 63, 66])
          check(!crypto.verify(HASH, new Uint8Array(length).fill(1), SIGNER), `${length} bytes`)
        await checkRejects(
          () => crypto.verify(HASH.subarray(1), signature, SIGNER),
          'invalid-argument',
          'hash',
        )
        await checkRejects(
          () => crypto.verify(HASH, 'signature' as never, SIGNER),
          'invalid-argument',
          'signature',
        )
        await checkRejects(
          () => crypto.recover(HASH.subarray(1), SIGNATURE),
          'invalid-argument',
          'recover hash',
        )
        await checkRejects(
          () => crypto.recover(HASH, 'signature' as never),
          'invalid-argument',
          'recover signature',
        )
      },
    },
    {
      name: 'ECDH is the X coordinate, 32 bytes with leading zeros, not hashed',
      async run() {
        checkEqual(crypto.ecdh(bytes32(1n), G), fromHex(G_X), '1 * G')
        checkEqual(crypto.ecdh(bytes32(N - 1n), G), fromHex(G_X), '-1 * G')
        const secret = fromHex('0028755fa0c4d3e57ee0b9ad191b749758a04a348b8f32facc1411ea6e7681c6')
        const [a, b] = [
          fromHex('0eee61278ff1dfda49d946e0e30dc502a246234b437fa08c7050a725156067cc'),
          fromHex('9dbf275b487861eff0ab00115838bc2fa8537f5d55aa5ae5deea896bbf74c52a'),
        ]
        checkEqual(crypto.ecdh(a, crypto.publicKey(b)), secret, 'a leading zero')
        checkEqual(crypto.ecdh(b, crypto.publicKey(a)), secret, 'the other way')
        checkEqual(crypto.tryEcdh(a, crypto.publicKey(b)), secret, 'tryEcdh')
        checkEqual(crypto.ecdh(a, crypto.compressPublicKey(crypto.publicKey(b))), secret, 'a compressed key')
      },
    },
    {
      name: 'ECDH with the sign of Y, 33 bytes (discovery v5)',
      async run() {
        checkEqual(crypto.tryEcdhPoint(bytes32(1n), G), fromHex(`02${G_X}`), '1 * G')
        checkEqual(crypto.tryEcdhPoint(bytes32(N - 1n), G), fromHex(`03${G_X}`), '-1 * G')
        const secretKey = fromHex('fb757dc581730490a1d7a00deea65e9b1936924caaea8f44d476014856b68736')
        const publicKey = fromHex('039961e4c2356d61bedb83052c115d311acb3a96f5777296dcf297351130266231')
        const secret = fromHex('033b11a2a1f214567e1537ce5e509ffd9b21373247f2a3ff6841f4976f53165e7e')
        checkEqual(
          crypto.tryEcdhPoint(secretKey, publicKey),
          secret,
          'as the specification of discovery v5 has it',
        )
        const uncompressed = crypto.parsePublicKey(publicKey) as Uint8Array
        checkEqual(crypto.tryEcdhPoint(secretKey, uncompressed), secret, 'an uncompressed key')
      },
    },
  ]
}

export function x25519Cases(crypto: CryptoProvider): ConformanceCase[] {
  return [
    {
      name: 'X25519 (RFC 7748)',
      async run() {
        for (const [scalar, u, product] of RFC_7748)
          checkEqual(crypto.x25519(fromHex(scalar), fromHex(u)), fromHex(product), scalar)
        let [k, u] = [new Uint8Array(32) as Uint8Array, new Uint8Array(32) as Uint8Array]
        k[0] = 9
        u[0] = 9
        for (let i = 1; i <= 1000; i++) {
          ;[k, u] = [crypto.x25519(k, u), k]
          if (i === 1) checkEqual(k, fromHex(ITERATED_ONCE), 'after one iteration')
        }
        checkEqual(k, fromHex(ITERATED_1000_TIMES), 'after 1,000 iterations')
      },
    },
    {
      name: 'X25519 Diffie-Hellman (RFC 7748, 6.1)',
      async run() {
        const [a, b] = [fromHex(ALICE[0]), fromHex(BOB[0])]
        checkEqual(crypto.x25519PublicKey(a), fromHex(ALICE[1]), 'public key of Alice')
        checkEqual(crypto.x25519PublicKey(b), fromHex(BOB[1]), 'public key of Bob')
        checkEqual(crypto.x25519(a, fromHex(BOB[1])), fromHex(SHARED), 'secret of Alice')
        checkEqual(crypto.x25519(b, fromHex(ALICE[1])), fromHex(SHARED), 'secret of Bob')
      },
    },
    {
      name: 'X25519 of a low-order point is all zero',
      async run() {
        for (const point of LOW_ORDER)
          checkEqual(crypto.x25519(fromHex(ALICE[0]), fromHex(point)), new Uint8Array(32), point)
      },
    },
    {
      name: 'X25519 misuse is an invalid argument',
      async run() {
        const [key, short] = [new Uint8Array(32).fill(9), new Uint8Array(31)]
        await checkRejects(() => crypto.x25519PublicKey(short), 'invalid-argument', 'private key')
        await checkRejects(() => crypto.x25519(short, key), 'invalid-argument', 'private key')
        await checkRejects(() => crypto.x25519(key, short), 'invalid-argument', 'public key')
        await checkRejects(() => crypto.x25519(key, 'key' as never), 'invalid-argument', 'no bytes')
      },
    },
  ]
}

const RFC_7748 = [
  [
    'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
    'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
    'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
  ],
  [
    '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
    'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
    '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
  ],
] as const
const ITERATED_ONCE = '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079'
const ITERATED_1000_TIMES = '684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51'
const ALICE = [
  '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
  '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
] as const
const BOB = [
  '5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb',
  'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
] as const
const SHARED = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742'
/** 0, 1, the two of order 8, p - 1, p, p + 1. */
const LOW_ORDER = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
] as const

/** The same signature with n - s and the other v. */
function otherForm(signature: Uint8Array): Uint8Array {
  const s = toBigInt(signature.subarray(32, 64))
  return concat(signature.subarray(0, 32), bytes32(N - s), Uint8Array.of(1 - (signature[64] as number)))
}

function withV(signature: Uint8Array, v: number): Uint8Array {
  return concat(signature.subarray(0, 64), Uint8Array.of(v))
}

function same(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && toBigInt(a) === toBigInt(b)
}
