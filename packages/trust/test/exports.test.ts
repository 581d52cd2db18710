import { expect, it } from 'vitest'
import * as trust from '../src/index.ts'

it('exports what the table of contents says', () => {
  expect(Object.keys(trust).sort()).toMatchInlineSnapshot(`
    [
      "Account",
      "CHAT_KEY_PATH",
      "DATABASE_KEY_PATH",
      "ExtendedKey",
      "HARDENED_OFFSET",
      "IDENTICON_GRID",
      "IDENTICON_SIZE_PX",
      "KeyPair",
      "MNEMONIC_ENTROPY_BYTES",
      "TrustError",
      "accountFromMnemonic",
      "accountFromSeed",
      "addressOf",
      "formatAddress",
      "formatDerivationPath",
      "generateMnemonic",
      "hashedPassword",
      "identicon",
      "mnemonicSeed",
      "normaliseMnemonic",
      "openKeystore",
      "parseAddress",
      "parseDerivationPath",
      "parseDerivationPathAsStatusGo",
      "publicKeyFromText",
      "publicKeyToText",
      "sealKeystore",
      "threeWordName",
      "validateMnemonic",
      "walletKeyPath",
    ]
  `)
})
