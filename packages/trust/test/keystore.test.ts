import { toHex } from '@status-protocol/bytes'
import { systemRandom } from '@status-protocol/crypto'
import { fuzz, seededRandom } from '@status-protocol/testkit'
import { describe, expect, it } from 'vitest'
import {
  accountFromMnemonic,
  hashedPassword,
  KeyPair,
  type KeystoreFile,
  openKeystore,
  sealKeystore,
  TrustError,
} from '../src/index.ts'
import { parseKeystore } from '../src/keystore-file.ts'

const FUZZ_COUNT = Number(process.env.FUZZ_COUNT ?? 10_000)
const account = accountFromMnemonic('test test test test test test test test test test test junk')
const light = { password: 'correct horse', random: systemRandom, cost: 'light' } as const

/** The two files of the Web3 Secret Storage definition, password `testpassword`. */
const WEB3 = {
  pbkdf2: {
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
      ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
      kdf: 'pbkdf2',
      kdfparams: {
        c: 262144,
        dklen: 32,
        prf: 'hmac-sha256',
        salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
      },
      mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
    },
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    version: 3,
  },
  scrypt: {
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
      ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
      kdf: 'scrypt',
      kdfparams: {
        dklen: 32,
        n: 262144,
        p: 8,
        r: 1,
        salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
      },
      mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
    },
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    version: 3,
  },
}

describe('Web3 Secret Storage, version 3', () => {
  it.each(Object.entries(WEB3))('the example of the definition with %s', async (_kdf, file) => {
    const opened = await openKeystore(JSON.stringify(file), 'testpassword')
    if (!opened.ok) throw new Error(opened.reason)
    expect(toHex(opened.keyPair.privateKey)).toBe(
      '7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d',
    )
    expect(opened.extendedKey).toBeUndefined()
  })

  it('an extended key comes back', async () => {
    const file = await sealKeystore(account.masterKey, light)
    const opened = await openKeystore(JSON.stringify(file), light.password)
    if (!opened.ok) throw new Error(opened.reason)
    expect(opened.keyPair.address).toBe(account.masterKey.keyPair.address)
    expect(opened.extendedKey?.toExtendedPrivateKeyText()).toBe(account.masterKey.toExtendedPrivateKeyText())
  })

  it('a key alone comes back alone', async () => {
    const file = await sealKeystore(account.chatKey, light)
    const opened = await openKeystore(file, light.password)
    if (!opened.ok) throw new Error(opened.reason)
    expect(opened.keyPair.privateKey).toEqual(account.chatKey.privateKey)
    expect(opened.extendedKey).toBeUndefined()
    expect(file.address).toBe(account.chatKey.address.slice(2).toLowerCase())
    expect(file.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(JSON.stringify(file)).not.toContain(toHex(account.chatKey.privateKey))
  })

  it('salts, counters and ids are new each time', async () => {
    const [a, b] = await Promise.all([
      sealKeystore(account.chatKey, light),
      sealKeystore(account.chatKey, light),
    ])
    const parts = (f: KeystoreFile) =>
      [f.crypto, f.extendedkey].flatMap((block) => [block.kdfparams.salt, block.cipherparams.iv]).concat(f.id)
    expect(new Set([...parts(a), ...parts(b)]).size).toBe(10)
  })

  it('a wrong password and changed content are told apart from a malformed file', async () => {
    const file = await sealKeystore(account.chatKey, light)
    expect(await openKeystore(file, 'other')).toEqual({ ok: false, reason: 'wrong-password' })
    const changed = { ...file, crypto: { ...file.crypto, ciphertext: flipped(file.crypto.ciphertext) } }
    expect(await openKeystore(changed, light.password)).toEqual({ ok: false, reason: 'wrong-password' })
    await expect(openKeystore({ ...file, address: '00'.repeat(20) }, light.password)).rejects.toThrow(
      /address/,
    )
  })

  it('standard cost is what geth writes', async () => {
    const file = await sealKeystore(account.chatKey, { ...light, cost: 'standard' })
    expect(file.crypto.kdfparams).toMatchObject({ n: 262144, r: 8, p: 1, dklen: 32 })
    expect(await openKeystore(file, light.password)).toMatchObject({ ok: true })
  })
})

describe('hostile key files', () => {
  const base = WEB3.scrypt
  const withCrypto = (change: object) => ({ ...base, crypto: { ...base.crypto, ...change } })
  const withScrypt = (change: object) => withCrypto({ kdfparams: { ...base.crypto.kdfparams, ...change } })

  it.each([
    ['not JSON', '{'],
    ['no object', '[]'],
    ['null', 'null'],
    ['another version', { ...base, version: 1 }],
    ['no crypto', { version: 3 }],
    ['another cipher', withCrypto({ cipher: 'aes-128-cbc' })],
    ['another kdf', withCrypto({ kdf: 'argon2' })],
    ['a short iv', withCrypto({ cipherparams: { iv: '00' } })],
    ['a short mac', withCrypto({ mac: '00' })],
    ['a ciphertext that is no hex', withCrypto({ ciphertext: 'xy' })],
    ['a ciphertext of a megabyte', withCrypto({ ciphertext: '00'.repeat(1_000_000) })],
    ['a file of a megabyte', ' '.repeat(1_000_000)],
    ['scrypt with a gigabyte', withScrypt({ n: 2 ** 20, r: 8 })],
    ['scrypt for hours', withScrypt({ n: 2 ** 18, r: 8, p: 10_000 })],
    ['scrypt with n that is no power of two', withScrypt({ n: 262_145 })],
    ['scrypt with many small blocks', withScrypt({ n: 2, r: 1, p: 2 ** 23 })],
    ['scrypt with large blocks', withScrypt({ n: 2, r: 2 ** 20, p: 1 })],
    ['scrypt with n 1', withScrypt({ n: 1 })],
    ['scrypt with text', withScrypt({ n: '262144' })],
    ['scrypt with NaN', withScrypt({ r: Number.NaN })],
    [
      'an endless pbkdf2',
      withCrypto({ kdf: 'pbkdf2', kdfparams: { ...WEB3.pbkdf2.crypto.kdfparams, c: 2 ** 40 } }),
    ],
    [
      'pbkdf2 with another hash',
      withCrypto({ kdf: 'pbkdf2', kdfparams: { ...WEB3.pbkdf2.crypto.kdfparams, prf: 'md5' } }),
    ],
    ['an extendedkey that is none', { ...base, extendedkey: 5 }],
    ['an address that is none', { ...base, address: 'x' }],
  ])('%s', async (_name, file) => {
    await expect(openKeystore(file, 'testpassword')).rejects.toThrow(TrustError)
  })

  it('an encrypted block that holds no key', async () => {
    const file = await sealKeystore(new KeyPair(new Uint8Array(32).fill(1)), light)
    const { address: _, ...rest } = file
    await expect(openKeystore({ ...rest, crypto: file.extendedkey }, light.password)).rejects.toThrow(
      /private key/,
    )
    await expect(openKeystore({ ...rest, extendedkey: file.crypto }, light.password)).rejects.toThrow(
      /extendedkey/,
    )
  })

  it('fuzz: gives a verdict on any text before it computes', () => {
    fuzz({
      seeds: [JSON.stringify(WEB3.pbkdf2), JSON.stringify({ ...base, extendedkey: base.crypto })].map(
        (text) => new TextEncoder().encode(text),
      ),
      count: FUZZ_COUNT,
      random: seededRandom(7),
      decode: (bytes) => parseKeystore(new TextDecoder().decode(bytes)),
      expectedError: TrustError,
    })
  })
})

describe('hashedPassword', () => {
  it('is 0x and keccak256', () => {
    expect(hashedPassword('')).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470')
  })
})

function flipped(digits: string): string {
  return (digits[0] === '0' ? '1' : '0') + digits.slice(1)
}
