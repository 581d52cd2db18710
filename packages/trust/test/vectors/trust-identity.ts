import { base64 } from '@scure/base'
import { toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import {
  expectHex,
  expectSame,
  expectThat,
  hex,
  type VectorCase,
  type VectorSuite,
} from '@status-protocol/testkit'
import {
  accountFromMnemonic,
  accountFromSeed,
  ExtendedKey,
  IDENTICON_SIZE_PX,
  identicon,
  mnemonicSeed,
  normaliseMnemonic,
  openKeystore,
  parseDerivationPath,
  parseDerivationPathAsStatusGo,
  publicKeyFromText,
  publicKeyToText,
  TrustError,
  threeWordName,
  validateMnemonic,
} from '../../src/index.ts'
import { decodePng } from '../png.ts'

const { sha256 } = defaultProvider

const DRAWING = [
  'png_size',
  'grid_origin_px',
  'cell_px',
  'grid_rows_hash_means_filled',
  'fill_color',
  'background',
]

export const suite: VectorSuite = {
  file: 'trust-identity.json',
  // Without the picture its digest says nothing but which PNG encoder wrote it: the drawing is compared alone.
  kindOf: (c) =>
    c.kind === 'identicon' && c.data_uri === undefined ? 'identicon without its picture' : String(c.kind),
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
        const { masterKey, keyUid } = accountFromSeed(mnemonicSeed(c.mnemonic, c.passphrase))
        if (normaliseMnemonic(c.mnemonic) === c.mnemonic && c.valid)
          expectSame(accountFromMnemonic(c.mnemonic, c).keyUid, keyUid, 'the account of the words')
        expectSame(masterKey.toExtendedPrivateKeyText(), c.master_extended_private_key, 'xprv')
        expectHex(masterKey.keyPair.privateKey, c.master_private_key, 'master_private_key')
        expectSame(masterKey.keyPair.address, c.master_address, 'master_address')
        expectSame(
          `0x${toHex(masterKey.keyPair.publicKey)}`,
          c.master_key_uid_source_public_key,
          'master public key',
        )
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
        if (indexes === undefined) return
        const { keyPair } = master.derive(indexes)
        expectHex(keyPair.publicKey, c.public_key, 'public_key')
        expectSame(keyPair.address, c.address, 'address')
        const shorter = c.path.replace(/\/[^/]*$/, '')
        const losesItsLast = shorter !== c.path && addressAt(master, shorter) === keyPair.address
        expectSame(
          losesItsLast || undefined,
          c.equals_key_of_path_without_last_segment,
          'equals key without last',
        )
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
    identicon: {
      expected: [...DRAWING, 'data_uri', 'data_uri_sha256'],
      async check(c) {
        checkDrawing(c)
        expectHex(sha256(utf8(c.data_uri)), c.data_uri_sha256, 'data_uri_sha256')
        const { width, height, rgba } = await decodePng(base64.decode(c.data_uri.split(',')[1]))
        expectSame([width, height], [IDENTICON_SIZE_PX, IDENTICON_SIZE_PX], 'size of the recorded picture')
        expectHex(Uint8Array.from(identicon(c.input_text).toPixels()), toHex(rgba), 'pixels')
      },
    },
    'identicon without its picture': {
      expected: DRAWING,
      check: checkDrawing,
    },
    keystore: {
      expected: ['private_key', 'address', 'extended_key'],
      async check(c) {
        const opened = await openKeystore(c.keystore_json, c.password)
        if (!opened.ok) throw new Error(opened.reason)
        expectHex(opened.keyPair.privateKey, c.private_key, 'private_key')
        expectSame(opened.keyPair.address, c.address, 'address')
        expectSame(opened.extendedKey?.toExtendedPrivateKeyText(), c.extended_key, 'extended_key')
      },
    },
    keystore_negative: {
      expected: ['verdict', 'error'],
      async check(c) {
        const answer = await openKeystore(c.keystore_json, c.password).then(
          (opened) => (opened.ok ? 'ok' : opened.reason),
          (error: unknown) => (error instanceof TrustError ? error.code : Promise.reject(error)),
        )
        expectSame(answer === 'ok' ? 'ok' : 'error', c.verdict, 'verdict')
        const saysPassword = c.error === 'could not decrypt key with given password'
        expectSame(answer === 'wrong-password', saysPassword, 'the password is to blame')
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

/** Draws what the case tells and compares it with our pixels. Cases with nothing but a text have no drawing. */
function checkDrawing(c: VectorCase): void {
  if (c.grid_rows_hash_means_filled === undefined) return
  const { rows, color, toPixels } = identicon(c.input_text)
  const texts = rows.map((row) => row.map((filled) => (filled ? '#' : '.')).join(''))
  expectSame(texts, c.grid_rows_hash_means_filled, 'grid_rows_hash_means_filled')
  expectSame(color, c.fill_color, 'fill_color')
  const [width, height] = c.png_size.split('x').map(Number)
  const pixels = new Uint8Array(4 * width * height)
  const alpha = c.background === 'transparent' ? 0 : 255
  for (let at = 3; at < pixels.length; at += 4) pixels[at] = alpha
  for (let y = 0; y < c.cell_px * texts.length; y++)
    for (let x = 0; x < c.cell_px * texts.length; x++) {
      if (texts[Math.floor(y / c.cell_px)]?.[Math.floor(x / c.cell_px)] !== '#') continue
      const at = 4 * ((c.grid_origin_px + y) * width + c.grid_origin_px + x)
      pixels.set([...hex(c.fill_color.slice(1)), 255], at)
    }
  expectHex(Uint8Array.from(toPixels()), toHex(pixels), 'pixels')
}

function addressAt(master: ExtendedKey, path: string): string | undefined {
  const indexes = orError(() => parseDerivationPath(path))
  return indexes && master.derive(indexes).keyPair.address
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
