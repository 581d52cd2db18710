/**
 * Who a key is: mnemonic and HD paths, addresses, key files, key text forms, the three-word name, the identicon.
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
export { IDENTICON_GRID, IDENTICON_SIZE_PX, type Identicon, identicon } from './identicon.ts'
export { type KeyTextBase, type KeyTextOptions, publicKeyFromText, publicKeyToText } from './key-text.ts'
export {
  hashedPassword,
  type KeystoreCost,
  type OpenedKeystore,
  openKeystore,
  type SealKeystoreOptions,
  sealKeystore,
} from './keystore.ts'
export type { EncryptedBlock, Kdf, KeystoreFile } from './keystore-file.ts'
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
