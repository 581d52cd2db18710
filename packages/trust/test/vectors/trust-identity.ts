import { toHex } from '@status-protocol/bytes'
import { expectHex, expectSame, expectThat, hex, type VectorSuite } from '@status-protocol/testkit'
import {
  accountFromMnemonic,
  accountFromSeed,
  addressOf,
  ExtendedKey,
  mnemonicSeed,
  parseDerivationPath,
  parseDerivationPathAsStatusGo,
  publicKeyFromText,
  publicKeyToText,
  TrustError,
  threeWordName,
  validateMnemonic,
} from '../../src/index.ts'

export const suite: VectorSuite = {
  file: 'trust-identity.json',
  kinds: {
    mnemonic: {
      expected: [
        'valid',
        'seed',
        'master_extended_private_key',
        'master_private_key',
        'master_address',
        'master_key_uid_source_public_key',
        'derived',
      ],
      check(c) {
        expectSame(validateMnemonic(c.mnemonic).ok, c.valid, 'valid')
        expectHex(mnemonicSeed(c.mnemonic, c.passphrase), c.seed, 'seed')
        const { masterKey, ...account } = accountFromMnemonic(c.mnemonic, { passphrase: c.passphrase })
        expectSame(masterKey.toExtendedPrivateKeyText(), c.master_extended_private_key, 'xprv')
        expectHex(masterKey.keyPair.privateKey, c.master_private_key, 'master_private_key')
        expectSame(masterKey.keyPair.address, c.master_address, 'master_address')
        expectSame(
          `0x${toHex(masterKey.keyPair.publicKey)}`,
          c.master_key_uid_source_public_key,
          'master public key',
        )
        expectSame(Object.keys(account), ['keyUid'], 'what else an account shows')
        for (const derived of c.derived) {
          const { keyPair } = masterKey.derive(derived.path)
          expectHex(keyPair.privateKey, derived.private_key, `${derived.path} private_key`)
          expectHex(keyPair.publicKey, derived.public_key, `${derived.path} public_key`)
          expectSame(keyPair.address, derived.address, `${derived.path} address`)
          expectSame(threeWordName(keyPair.publicKey), derived.alias, `${derived.path} alias`)
        }
      },
    },
    mnemonic_validation: {
      expected: ['valid', 'error', 'seed_without_validation'],
      check(c) {
        const verdict = validateMnemonic(c.mnemonic)
        expectSame(verdict.ok, c.valid, 'valid')
        expectSame(verdict.ok ? null : REFERENCE_TEXT[verdict.reason](c.mnemonic), c.error, 'error')
        expectHex(mnemonicSeed(c.mnemonic), c.seed_without_validation, 'seed_without_validation')
      },
    },
    path_parsing: {
      expected: ['verdict', 'public_key', 'address', 'equals_key_of_path_without_last_segment'],
      check(c) {
        const master = ExtendedKey.fromSeed(mnemonicSeed(c.mnemonic))
        const indexes = orError(() => parseDerivationPathAsStatusGo(c.path))
        expectSame(indexes === undefined ? 'error' : 'ok', c.verdict, 'verdict')
        expectSame(
          orError(() => parseDerivationPath(c.path)) === undefined,
          c.verdict === 'error',
          'our own verdict',
        )
        if (indexes === undefined) return
        const { keyPair } = master.derive(indexes)
        expectHex(keyPair.publicKey, c.public_key, 'public_key')
        expectSame(keyPair.address, c.address, 'address')
        const right = parseDerivationPath(c.path)
        const losesItsLast = indexes.length < right.length
        expectSame(
          losesItsLast || undefined,
          c.equals_key_of_path_without_last_segment,
          'equals_key_of_path...',
        )
        expectSame(indexes, losesItsLast ? right.slice(0, -1) : right, 'the two readings')
      },
    },
    alias: {
      expected: ['seed_low_64_bits_of_x', 'alias'],
      check(c) {
        const publicKey = hex(c.public_key)
        expectHex(publicKey.subarray(25, 33), c.seed_low_64_bits_of_x, 'seed_low_64_bits_of_x')
        expectSame(threeWordName(publicKey), c.alias, 'alias')
      },
    },
    compressed_key: {
      expected: ['multicodec_input_0x', 'base58btc', 'base16', 'deserialized_base16'],
      check(c) {
        const publicKey = hex(c.public_key)
        const whole = { compressed: false } as const
        expectSame(
          publicKeyToText(publicKey, { base: '0x', ...whole }),
          c.multicodec_input_0x,
          'multicodec_input_0x',
        )
        expectSame(publicKeyToText(publicKey), c.base58btc, 'base58btc')
        expectSame(publicKeyToText(publicKey, { base: 'f' }), c.base16, 'base16')
        expectSame(
          publicKeyToText(publicKey, { base: 'f', ...whole }),
          c.deserialized_base16,
          'deserialized_base16',
        )
        for (const text of [c.multicodec_input_0x, c.base58btc, c.base16, c.deserialized_base16])
          expectHex(publicKeyFromText(text), c.public_key, `read back from ${text}`)
      },
    },
    compressed_key_negative: {
      expected: ['verdict', 'output'],
      check(c) {
        const publicKey = orError(() => publicKeyFromText(c.input))
        expectSame(publicKey === undefined ? 'error' : 'ok', c.verdict, 'verdict')
        expectSame(
          publicKey === undefined ? '' : publicKeyToText(publicKey, { base: 'f' }),
          c.output,
          'output',
        )
      },
    },
  },
}

/** The reference's sentences, by our reason; the unknown word is the first one. */
const REFERENCE_TEXT = {
  checksum: () => 'checksum for mnemonic seed is invalid',
  'word-count': () => 'mnemonic contains an invalid number of words',
  'unknown-word': (text: string) => {
    const verdict = validateMnemonic(text)
    const position = verdict.ok || verdict.reason !== 'unknown-word' ? 0 : (verdict.unknown[0]?.position ?? 0)
    return `word ${text.trim().split(/\s+/)[position - 1]} not found in the dictionary`
  },
} as const

/** undefined when our error was thrown; anything else passes through. */
function orError<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch (error) {
    expectThat(error instanceof TrustError, `expected a TrustError, got ${String(error)}`)
    return undefined
  }
}
void [accountFromSeed, addressOf]
