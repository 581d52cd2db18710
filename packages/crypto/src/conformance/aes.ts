/** AES modes against NIST's vectors. */
import { concat, fromHex } from '@status-protocol/bytes'
import { type ConformanceCase, check, checkEqual, checkRejects } from '@status-protocol/ports/testing'
import type { CryptoProvider } from '../provider.ts'

const NONE = new Uint8Array(0)
const [ZERO_16, ZERO_32, ZERO_12] = [new Uint8Array(16), new Uint8Array(32), new Uint8Array(12)]

const GCM_KEY = 'feffe9928665731c6d6a8f9467308308'
const GCM_NONCE = 'cafebabefacedbaddecaf888'
const GCM_PLAINTEXT =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255'
const GCM_DATA = 'feedfacedeadbeeffeedfacedeadbeefabaddad2'

/** McGrew and Viega, test cases 1 - 4 and 13 - 16: key, nonce, plaintext, associated data, ciphertext | tag. */
const GCM = [
  ['00'.repeat(16), '00'.repeat(12), '', '', '58e2fccefa7e3061367f1d57a4e7455a'],
  [
    '00'.repeat(16),
    '00'.repeat(12),
    '00'.repeat(16),
    '',
    '0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf',
  ],
  [
    GCM_KEY,
    GCM_NONCE,
    GCM_PLAINTEXT,
    '',
    '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f59854d5c2af327cd64a62cf35abd2ba6fab4',
  ],
  [
    GCM_KEY,
    GCM_NONCE,
    GCM_PLAINTEXT.slice(0, 120),
    GCM_DATA,
    '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47',
  ],
  ['00'.repeat(32), '00'.repeat(12), '', '', '530f8afbc74536b9a963b4f1c4cb738b'],
  [
    '00'.repeat(32),
    '00'.repeat(12),
    '00'.repeat(16),
    '',
    'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
  ],
  [
    GCM_KEY.repeat(2),
    GCM_NONCE,
    GCM_PLAINTEXT,
    '',
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c',
  ],
  [
    GCM_KEY.repeat(2),
    GCM_NONCE,
    GCM_PLAINTEXT.slice(0, 120),
    GCM_DATA,
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
  ],
] as const

const PLAINTEXT = fromHex(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
)
const KEY_128 = fromHex('2b7e151628aed2a6abf7158809cf4f3c')
const KEY_256 = fromHex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4')

/** SP 800-38A, F.5.1 and F.5.5. */
const CTR = [
  [
    KEY_128,
    '874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee',
  ],
  [
    KEY_256,
    '601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6',
  ],
] as const
const CTR_START = fromHex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff')

/** SP 800-38A, F.1.1 and F.1.5. */
const ECB = [
  [
    KEY_128,
    '3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4',
  ],
  [
    KEY_256,
    'f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7',
  ],
] as const

export function aesCases(crypto: CryptoProvider): ConformanceCase[] {
  return [
    {
      name: 'AES-GCM (NIST test cases), changed anywhere it does not open',
      async run() {
        for (const [keyHex, nonceHex, plainHex, dataHex, sealedHex] of GCM) {
          const [key, nonce, plaintext, data] = [keyHex, nonceHex, plainHex, dataHex].map((h) =>
            fromHex(h),
          ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
          const sealed = crypto.aesGcmSeal(key, nonce, plaintext, data)
          checkEqual(sealed, fromHex(sealedHex), 'sealed')
          checkEqual(crypto.aesGcmOpen(key, nonce, sealed, data), plaintext, 'opened')
          if (data.length === 0) {
            checkEqual(crypto.aesGcmSeal(key, nonce, plaintext), sealed, 'sealed without associated data')
            checkEqual(crypto.aesGcmOpen(key, nonce, sealed), plaintext, 'opened without associated data')
          }
          for (let i = 0; i < sealed.length; i++)
            check(
              !crypto.aesGcmOpen(key, nonce, flipped(sealed, i), data),
              `byte ${i} of the sealed text flipped`,
            )
          check(!crypto.aesGcmOpen(flipped(key, 3), nonce, sealed, data), 'another key')
          check(!crypto.aesGcmOpen(key, flipped(nonce, 11), sealed, data), 'another nonce')
          check(!crypto.aesGcmOpen(key, nonce, sealed, concat(data, ZERO_16)), 'other associated data')
          check(!crypto.aesGcmOpen(key, nonce, sealed.subarray(1), data), 'shorter')
        }
        for (let length = 0; length < 16; length++)
          check(
            !crypto.aesGcmOpen(ZERO_32, ZERO_12, new Uint8Array(length)),
            `${length} bytes, no room for a tag`,
          )
      },
    },
    {
      name: 'AES-CTR (SP 800-38A), one-shot and in pieces of every size',
      async run() {
        for (const [key, hex] of CTR) {
          const expected = fromHex(hex)
          checkEqual(crypto.aesCtr(key, CTR_START, PLAINTEXT), expected, 'encrypted')
          checkEqual(crypto.aesCtr(key, CTR_START, expected), PLAINTEXT, 'decrypted')
          checkEqual(crypto.aesCtr(key, CTR_START, NONE), NONE, 'nothing')
          for (const size of [1, 3, 15, 16, 17, 31, 32, 33, 63]) {
            const stream = crypto.createAesCtr(key, CTR_START)
            const parts: Uint8Array[] = []
            for (let at = 0; at < PLAINTEXT.length; at += size) {
              parts.push(stream.process(PLAINTEXT.subarray(at, at + size)))
              parts.push(stream.process(NONE))
            }
            checkEqual(concat(...parts), expected, `pieces of ${size}`)
          }
        }
      },
    },
    {
      name: 'AES-CTR counts over all 128 bits',
      async run() {
        const last = fromHex('ff'.repeat(16))
        const block = crypto.createAesBlock(KEY_256)
        const expected = concat(
          block.encrypt(last),
          block.encrypt(ZERO_16),
          block.encrypt(fromHex(`${'00'.repeat(15)}01`)),
        )
        checkEqual(crypto.aesCtr(KEY_256, last, new Uint8Array(48)), expected, 'one-shot')
        const stream = crypto.createAesCtr(KEY_256, last)
        const pieces = [5, 20, 23].map((n) => stream.process(new Uint8Array(n)))
        checkEqual(concat(...pieces), expected, 'stream')
      },
    },
    {
      name: 'an AES-CTR stream keeps its own key and counter',
      async run() {
        const [key, iv] = [new Uint8Array(KEY_128), new Uint8Array(CTR_START)]
        const stream = crypto.createAesCtr(key, iv)
        const block = crypto.createAesBlock(key)
        const before = block.encrypt(ZERO_16)
        const first = stream.process(PLAINTEXT.subarray(0, 20))
        key.fill(0)
        iv.fill(0)
        const rest = stream.process(PLAINTEXT.subarray(20))
        checkEqual(concat(first, rest), fromHex(CTR[0][1]), 'stream')
        checkEqual(block.encrypt(ZERO_16), before, 'block')
        checkEqual(key, ZERO_16, 'the argument')
      },
    },
    {
      name: 'single AES blocks (SP 800-38A)',
      async run() {
        for (const [key, hex] of ECB) {
          const block = crypto.createAesBlock(key)
          const parts = [0, 16, 32, 48].map((at) => block.encrypt(PLAINTEXT.subarray(at, at + 16)))
          checkEqual(concat(...parts), fromHex(hex), `${8 * key.length} bits`)
        }
      },
    },
    {
      name: 'AES misuse is an invalid argument',
      async run() {
        const block = crypto.createAesBlock(ZERO_16)
        const stream = crypto.createAesCtr(ZERO_16, ZERO_16)
        const wrong: readonly (readonly [string, () => unknown])[] = [
          ['GCM key of 24', () => crypto.aesGcmSeal(new Uint8Array(24), ZERO_12, NONE)],
          ['GCM nonce of 16', () => crypto.aesGcmSeal(ZERO_32, ZERO_16, NONE)],
          ['GCM open key of 0', () => crypto.aesGcmOpen(NONE, ZERO_12, ZERO_32)],
          ['GCM open nonce of 11', () => crypto.aesGcmOpen(ZERO_32, ZERO_12.subarray(1), ZERO_32)],
          ['GCM plaintext a text', () => crypto.aesGcmSeal(ZERO_32, ZERO_12, 'text' as never)],
          ['GCM sealed an array', () => crypto.aesGcmOpen(ZERO_32, ZERO_12, [1] as never)],
          ['GCM data a text', () => crypto.aesGcmSeal(ZERO_32, ZERO_12, NONE, 'text' as never)],
          ['CTR key of 24', () => crypto.aesCtr(new Uint8Array(24), ZERO_16, NONE)],
          ['CTR iv of 12', () => crypto.aesCtr(ZERO_32, ZERO_12, NONE)],
          ['CTR data a text', () => crypto.aesCtr(ZERO_32, ZERO_16, 'text' as never)],
          ['CTR stream key of 24', () => crypto.createAesCtr(new Uint8Array(24), ZERO_16)],
          ['CTR stream iv of 12', () => crypto.createAesCtr(ZERO_32, ZERO_12)],
          ['CTR stream data', () => stream.process(undefined as never)],
          ['block key of 24', () => crypto.createAesBlock(new Uint8Array(24))],
          ['block of 15', () => block.encrypt(ZERO_16.subarray(1))],
          ['block of 32', () => block.encrypt(ZERO_32)],
        ]
        for (const [what, run] of wrong) await checkRejects(run, 'invalid-argument', what)
      },
    },
  ]
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes)
  copy[at] = (copy[at] as number) ^ 1
  return copy
}
