/**
 * What every layer needs of bytes and nothing else.
 *
 * ```ts
 * import { equal, fromHex, toHex, utf8 } from '@status-protocol/bytes'
 * toHex(utf8('status')) // '737461747573'
 * ```
 *
 * RLP has an entry of its own: `@status-protocol/bytes/rlp`.
 */
export type { Brand, PublicKey } from './brand.ts'
export {
  compare,
  concat,
  equal,
  equalConstantTime,
  expectLength,
  fromBigInt,
  isAllZero,
  toBigInt,
} from './bytes.ts'
export { BytesError, type BytesErrorCode, CodedError } from './error.ts'
export { fromHex, to0xHex, toHex } from './hex.ts'
export { fromUtf8, fromUtf8Lenient, utf8 } from './utf8.ts'
