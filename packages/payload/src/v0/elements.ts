/** Reading the elements of a tagged array by position, as every message of 2019 stands on the wire. */
import { PayloadError } from '../error.ts'
import { isTransitArray, isTransitKeyword, type TransitTagged, type TransitValue } from './transit.ts'

/**
 * Whose reading: `go` refuses exactly what status-protocol-go v0.5.2 refuses, `mobile` also reads what the mobile client
 * writes and the Go reader of its time could not.
 */
export type Dialect = 'go' | 'mobile'

/** The array under the tag. @throws PayloadError `malformed` */
export function elementsOf(tagged: TransitTagged): readonly TransitValue[] {
  if (isTransitArray(tagged.value)) return tagged.value
  throw new PayloadError('malformed', `Transit ${tagged.tag}: expected an array of elements`)
}

/** An element that is not what it should be; `details.index` tells which. */
export function invalidElement(index: number): PayloadError {
  return new PayloadError('malformed', `Transit: invalid value for index ${index}`, { index })
}

/** Missing elements are empty, others must be text; null is empty for the mobile client. */
export function textElement(elements: readonly TransitValue[], index: number, dialect: Dialect): string {
  const value = elements[index]
  if (value === undefined || (value === null && dialect === 'mobile')) return ''
  if (typeof value !== 'string') throw invalidElement(index)
  return value
}

/** Missing elements are 0. */
export function integerElement(elements: readonly TransitValue[], index: number): bigint {
  const value = elements[index] ?? (index < elements.length ? undefined : 0n)
  if (typeof value !== 'bigint') throw invalidElement(index)
  return value
}

/** Missing elements are empty. */
export function keywordElement(elements: readonly TransitValue[], index: number): string {
  const value = elements[index]
  if (value === undefined) return ''
  if (!isTransitKeyword(value)) throw invalidElement(index)
  return value.keyword
}
