import { inspect } from 'node:util'
import { toHex } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { nobleProvider } from '@status-protocol/crypto/noble'
import { describe, expect, it } from 'vitest'
import { accountFromMnemonic, CHAT_KEY_PATH, KeyPair, TrustError } from '../src/index.ts'

const WORDS = 'immune mouse injury border maximum wrap wrap shoe inform vendor shed among'

describe('accountFromMnemonic', () => {
  const account = accountFromMnemonic(WORDS)

  it('derives the keys of EIP-1581 and BIP44', () => {
    expect(account.chatKey.address).toBe(account.masterKey.derive(CHAT_KEY_PATH).keyPair.address)
    expect(account.databaseKey.address).toBe(account.masterKey.derive("m/43'/60'/1581'/1'/0").keyPair.address)
    expect(account.walletKey(3).address).toBe(account.masterKey.derive("m/44'/60'/0'/0/3").keyPair.address)
    expect(new Set([account.chatKey, account.databaseKey, account.walletKey(0)].map(String)).size).toBe(3)
  })

  it('derives the fixed keys once', () => {
    expect(account.chatKey).toBe(account.chatKey)
  })

  it('is another account with a passphrase, the same with another provider', () => {
    expect(accountFromMnemonic(WORDS, { passphrase: 'x' }).keyUid).not.toBe(account.keyUid)
    expect(accountFromMnemonic(WORDS.split(' '), { crypto: nobleProvider }).keyUid).toBe(account.keyUid)
  })

  it('refuses what is no mnemonic without repeating it', () => {
    const wrong = WORDS.replace('mouse', 'moose')
    const error = errorOf(() => accountFromMnemonic(wrong))
    expect(error).toMatchObject({ code: 'invalid-mnemonic', details: { reason: 'unknown-word' } })
    for (const word of wrong.split(' ')) expect(inspect(error)).not.toContain(word)
    expect(errorOf(() => accountFromMnemonic(`${WORDS} among`)).message).toContain('got 13')
  })
})

describe('secrets stay out of text forms', () => {
  const account = accountFromMnemonic(WORDS)
  const secrets = [account.chatKey, account.databaseKey, account.walletKey(0), account.masterKey.keyPair].map(
    (key) => toHex(key.privateKey),
  )
  secrets.push(account.masterKey.toExtendedPrivateKeyText(), WORDS)
  const holders = {
    account,
    chatKey: account.chatKey,
    masterKey: account.masterKey,
    walletKey: account.walletKey(0),
  }

  it.each(Object.entries(holders))('%s', (_name, holder) => {
    const options = { depth: 20, maxArrayLength: null, showHidden: true, getters: false }
    const texts = [
      JSON.stringify(holder),
      String(holder),
      `${holder}`,
      inspect(holder, options),
      inspect({ holder }, options),
    ]
    for (const text of texts) {
      const digits = text.replace(/[^0-9a-fA-Fx]/g, '')
      for (const secret of secrets) {
        expect(text).not.toContain(secret)
        expect(digits).not.toContain(secret)
      }
    }
  })

  it('own enumerable properties hold none either', () => {
    expect(Object.keys(account)).toEqual(['masterKey', 'keyUid'])
    expect(Object.keys(account.chatKey)).toEqual(['publicKey'])
    expect(Object.keys(account.masterKey)).toEqual(['keyPair'])
    expect({ ...account.chatKey }).not.toHaveProperty('privateKey')
  })
})

describe('KeyPair', () => {
  it('hands out copies', () => {
    const privateKey = new Uint8Array(32).fill(7)
    const key = new KeyPair(privateKey)
    privateKey.fill(0)
    key.privateKey.fill(0)
    expect(toHex(key.privateKey)).toBe('07'.repeat(32))
    expect(toHex(key.publicKey)).toBe(toHex(defaultProvider.publicKey(new Uint8Array(32).fill(7))))
  })

  it.each([new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31)])('refuses %#', (bytes) => {
    expect(() => new KeyPair(bytes)).toThrow(TrustError)
  })
})

function errorOf(run: () => unknown): TrustError {
  try {
    run()
  } catch (error) {
    if (error instanceof TrustError) return error
    throw error
  }
  throw new Error('expected an error')
}
