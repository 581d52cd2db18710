/** Run in Chromium beside the golden files: the official vectors, new accounts, key files there and back. */
import { systemRandom } from '@status-protocol/crypto'
import { expectSame, expectThat } from '@status-protocol/testkit'
import {
  accountFromMnemonic,
  ExtendedKey,
  generateMnemonic,
  mnemonicSeed,
  openKeystore,
  publicKeyFromText,
  publicKeyToText,
  sealKeystore,
  validateMnemonic,
} from '@status-protocol/trust'
import official from './official/bip39.json' with { type: 'json' }

const vectors = {
  name: 'official BIP39 vectors',
  run() {
    for (const { mnemonic, master_extended_private_key } of official.cases) {
      const master = ExtendedKey.fromSeed(mnemonicSeed(mnemonic, 'TREZOR'))
      expectSame(master.toExtendedPrivateKeyText(), master_extended_private_key, mnemonic)
    }
  },
}

const newAccount = {
  name: 'a new account, its key as text and in a key file',
  async run() {
    const words = generateMnemonic(systemRandom)
    expectThat(validateMnemonic(words).ok, 'the new words are valid')
    const { chatKey, masterKey } = accountFromMnemonic(words)
    expectSame(publicKeyFromText(publicKeyToText(chatKey.publicKey)), chatKey.publicKey, 'key text')
    const file = await sealKeystore(masterKey, { password: 'x', random: systemRandom, cost: 'light' })
    const opened = await openKeystore(JSON.stringify(file), 'x')
    expectThat(opened.ok, 'the password fits')
    expectSame(opened.extendedKey?.toExtendedPrivateKeyText(), masterKey.toExtendedPrivateKeyText(), 'xprv')
  },
}

export const cases: readonly { readonly name: string; run(): void | Promise<void> }[] = [vectors, newAccount]
