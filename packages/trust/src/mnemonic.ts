/** BIP39, English list: 12 to 24 words that stand for 16 to 32 random bytes. */
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { utf8 } from '@status-protocol/bytes'
import type { Random } from '@status-protocol/ports'
import { TrustError } from './error.ts'
import { nearestWords } from './spelling.ts'

/** How many words a mnemonic has, and the bytes of entropy behind them. */
export const MNEMONIC_ENTROPY_BYTES: Readonly<Record<MnemonicLength, number>> = {
  12: 16,
  15: 20,
  18: 24,
  21: 28,
  24: 32,
}
export type MnemonicLength = 12 | 15 | 18 | 21 | 24

/**
 * What {@link validateMnemonic} found. `message` is one line for people and never holds a word of the mnemonic;
 * `suggestions` do come close to one, so show them to the person who typed and to nobody else.
 */
export type MnemonicVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'word-count'; readonly words: number; readonly message: string }
  | {
      readonly ok: false
      readonly reason: 'unknown-word'
      /** All words that are not in the list, counted from 1. */
      readonly unknown: readonly { readonly position: number; readonly suggestions: readonly string[] }[]
      readonly message: string
    }
  | { readonly ok: false; readonly reason: 'checksum'; readonly message: string }

/** New words from `random`. @throws TrustError `invalid-argument` on another number of words than BIP39 has */
export function generateMnemonic(random: Random, words: MnemonicLength = 12): string {
  if (!Object.hasOwn(MNEMONIC_ENTROPY_BYTES, words))
    throw new TrustError('invalid-argument', `words: expected 12, 15, 18, 21 or 24, got ${words}`)
  const entropy = random.bytes(MNEMONIC_ENTROPY_BYTES[words])
  try {
    return entropyToMnemonic(entropy, wordlist)
  } finally {
    entropy.fill(0)
  }
}

/** Whether these are words of BIP39 with a checksum that fits. Spaces more or less do not matter, capitals do. */
export function validateMnemonic(mnemonic: string | readonly string[]): MnemonicVerdict {
  const words = wordsOf(mnemonic)
  if (!Object.hasOwn(MNEMONIC_ENTROPY_BYTES, words.length))
    return {
      ok: false,
      reason: 'word-count',
      words: words.length,
      message: `mnemonic: expected 12, 15, 18, 21 or 24 words, got ${words.length}`,
    }
  const unknown = words.flatMap((word, i) =>
    wordlist.includes(word) ? [] : [{ position: i + 1, suggestions: nearestWords(word, wordlist) }],
  )
  if (unknown.length > 0) {
    const which = unknown.map(({ position }) => position).join(', ')
    const message =
      unknown.length === 1
        ? `mnemonic: word ${which} is not in the BIP39 English list; check its spelling (all words are lower case)`
        : `mnemonic: words ${which} are not in the BIP39 English list; check their spelling (all words are lower case)`
    return { ok: false, reason: 'unknown-word', unknown, message }
  }
  if (!hasValidChecksum(words))
    return {
      ok: false,
      reason: 'checksum',
      message:
        'mnemonic: all words are in the list but do not belong together; one is wrong or two have changed places',
    }
  return { ok: true }
}

function hasValidChecksum(words: readonly string[]): boolean {
  try {
    mnemonicToEntropy(words.join(' '), wordlist).fill(0)
    return true
  } catch {
    return false
  }
}

/** The words with one space between them and none around, in Unicode's NFKD form: what the seed should come from. */
export function normaliseMnemonic(mnemonic: string | readonly string[]): string {
  return wordsOf(mnemonic).join(' ')
}

function wordsOf(mnemonic: string | readonly string[]): readonly string[] {
  const text = typeof mnemonic === 'string' ? mnemonic : mnemonic.join(' ')
  return text
    .normalize('NFKD')
    .split(/\s+/u)
    .filter((word) => word !== '')
}

/**
 * The 64-byte seed of any text: PBKDF2-HMAC-SHA512, 2,048 rounds, salt `mnemonic` + passphrase, both NFKD.
 *
 * The text is taken as it is, not checked and not trimmed, as the Go clients do: a space more gives another seed.
 * Give it what {@link normaliseMnemonic} returns unless you need exactly that.
 */
export function mnemonicSeed(text: string, passphrase = ''): Uint8Array {
  const salt = utf8(`mnemonic${passphrase}`.normalize('NFKD'))
  return pbkdf2(sha512, utf8(text.normalize('NFKD')), salt, { c: 2048, dkLen: 64 })
}
