/**
 * Who a key is: mnemonic and HD paths, addresses, key text forms, the three-word name.
 *
 * ```ts
 * import { accountFromMnemonic, generateMnemonic, threeWordName } from '@status-protocol/trust'
 * const account = accountFromMnemonic(generateMnemonic(systemRandom))
 * threeWordName(account.chatKey.publicKey) // 'Darkorange Blue Bubblefish'
 * ```
 */
export { Account, type AccountOptions, accountFromMnemonic, accountFromSeed } from './account.ts'
export { addressOf, formatAddress, parseAddress } from './address.ts'
export { TrustError, type TrustErrorCode } from './error.ts'
export { ExtendedKey, KeyPair } from './hd-key.ts'
export {
  CHAT_KEY_PATH,
  DATABASE_KEY_PATH,
  formatDerivationPath,
  HARDENED_OFFSET,
  parseDerivationPath,
  parseDerivationPathAsStatusGo,
  walletKeyPath,
} from './hd-path.ts'
export { type KeyTextBase, type KeyTextOptions, publicKeyFromText, publicKeyToText } from './key-text.ts'
export {
  generateMnemonic,
  MNEMONIC_ENTROPY_BYTES,
  type MnemonicLength,
  type MnemonicVerdict,
  mnemonicSeed,
  normaliseMnemonic,
  validateMnemonic,
} from './mnemonic.ts'
export { threeWordName } from './three-word-name.ts'
