/** Derivation paths (BIP32 text form): `m/44'/60'/0'/0/0`. */
import { TrustError } from './error.ts'

/** Indexes from here on are hardened; text writes them as `index - 2^31` with an apostrophe. */
export const HARDENED_OFFSET = 0x80000000

/** EIP-1581: the key that is the identity in chats. */
export const CHAT_KEY_PATH = "m/43'/60'/1581'/0'/0"
/** EIP-1581, key type 1: the key that the Go clients encrypt their database with. */
export const DATABASE_KEY_PATH = "m/43'/60'/1581'/1'/0"

/** BIP44 for Ethereum; key 0 was also the chat key before EIP-1581. */
export function walletKeyPath(index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= HARDENED_OFFSET)
    throw new TrustError('invalid-argument', `index: expected an integer in 0 .. 2^31 - 1, got ${index}`)
  return `m/44'/60'/0'/0/${index}`
}

/** The depth byte of BIP32 ends at 255; no path of a wallet is longer than a handful. */
const MAX_PATH_SEGMENTS = 255

/**
 * Indexes of a path, hardened ones with 2^31 added. `m` alone is the empty path; the leading `m/` may be left out.
 *
 * @throws TrustError `invalid-path`, saying where: no number, an index of 2^31 or more, an empty segment
 */
export function parseDerivationPath(path: string): readonly number[] {
  if (path === 'm') return []
  const segments = (path.startsWith('m/') ? path.slice(2) : path).split('/')
  if (segments.length > MAX_PATH_SEGMENTS)
    throw new TrustError(
      'invalid-path',
      `path: expected at most ${MAX_PATH_SEGMENTS} segments, got ${segments.length}`,
    )
  return segments.map((segment, i) => indexOf(segment, i + 1))
}

function indexOf(segment: string, position: number): number {
  const digits = /^([0-9]+)('?)$/.exec(segment)
  if (!digits)
    throw new TrustError(
      'invalid-path',
      `path: segment ${position}: expected digits and perhaps an apostrophe, as in m/44'/60'/0'/0/0`,
      { position },
    )
  const index = Number(digits[1])
  if (index >= HARDENED_OFFSET)
    throw new TrustError('invalid-path', `path: segment ${position}: expected an index below 2^31`, {
      position,
    })
  return digits[2] === "'" ? index + HARDENED_OFFSET : index
}

/** The text of a path, with `m` in front. */
export function formatDerivationPath(indexes: readonly number[]): string {
  const segments = indexes.map((index) =>
    index >= HARDENED_OFFSET ? `${index - HARDENED_OFFSET}'` : `${index}`,
  )
  return ['m', ...segments].join('/')
}

/**
 * The indexes that status-go's path reader makes of a text. It differs from {@link parseDerivationPath} in that a text
 * that ends in an apostrophe loses its last segment (`m/44'` gives the key of `m`), and that the empty text, `.` and `..`
 * pass, without meaning. For finding keys that a Go client derived from such a text; new keys come from the other one.
 */
export function parseDerivationPathAsStatusGo(path: string): readonly number[] {
  const relative = path.replace(/^(?:m|\.\.?)(?=\/|$)/, '')
  if (relative === '') return []
  const indexes = parseDerivationPath(relative === path ? path : `m${relative}`)
  return path.endsWith("'") ? indexes.slice(0, -1) : indexes
}
