import { PayloadError } from './error.ts'

export const MAX_UINT64 = 0xffff_ffff_ffff_ffffn

/**
 * For arguments: a bigint, or a number that is exact.
 *
 * @throws PayloadError `out-of-range` unless it is an integer of 0 .. 2^64 - 1
 */
export function uint64Argument(value: bigint | number, name: string): bigint {
  const isExact = typeof value === 'bigint' || Number.isSafeInteger(value)
  const wide = isExact ? BigInt(value) : -1n
  if (wide < 0n || wide > MAX_UINT64)
    throw new PayloadError(
      'out-of-range',
      `${name}: expected an exact integer of 0 .. 2^64 - 1, got ${describe(value)}`,
    )
  return wide
}

/** @throws PayloadError `out-of-range` unless it is a bigint of -2^63 .. 2^63 - 1 */
export function int64Argument(value: bigint, name: string): bigint {
  if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value)
    throw new PayloadError(
      'out-of-range',
      `${name}: expected a bigint of -2^63 .. 2^63 - 1, got ${describe(value)}`,
    )
  return value
}

/** @throws PayloadError `out-of-range` unless it is an integer of -2^31 .. 2^31 - 1 */
export function int32Argument(value: number, name: string): number {
  if (!Number.isInteger(value) || (value | 0) !== value)
    throw new PayloadError('out-of-range', `${name}: expected an integer of 32 bits, got ${describe(value)}`)
  return value
}

/** @throws PayloadError `invalid-argument` on a text with half a surrogate pair, which UTF-8 cannot say */
export function textArgument(value: string, name: string): string {
  if (typeof value !== 'string')
    throw new PayloadError('invalid-argument', `${name}: expected text, got ${describe(value)}`)
  if (!isWellFormed(value))
    throw new PayloadError(
      'invalid-argument',
      `${name}: expected well-formed text, got half a surrogate pair`,
    )
  return value
}

/** Half surrogate pairs have no UTF-8. */
function isWellFormed(text: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)
}

/** @throws PayloadError `invalid-argument` */
export function bytesArgument(value: Uint8Array, name: string): Uint8Array {
  if (!(value instanceof Uint8Array))
    throw new PayloadError('invalid-argument', `${name}: expected bytes, got ${describe(value)}`)
  return value
}

/** @throws PayloadError `invalid-argument` */
export function listArgument<T>(value: readonly T[], name: string): readonly T[] {
  if (!Array.isArray(value))
    throw new PayloadError('invalid-argument', `${name}: expected a list, got ${describe(value)}`)
  return value
}

/** A value in an error message: numbers as they are, everything else by its type alone. */
export function describe(value: unknown): string {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : typeof value
}
