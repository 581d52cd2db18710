import { CodedError } from '@status-protocol/bytes'

export type IndexedDbStorageErrorCode =
  | 'invalid-argument'
  /** The page has no IndexedDB or no Web Locks (an insecure origin, some private windows). */
  | 'unavailable'
  /** Another tab, window or worker has this store open; also what a storage says once its lock was taken from it. */
  | 'locked'
  /** The cipher given is not the one that the store was created with. */
  | 'wrong-key'
  /** The store was created with a cipher and none is given, or the other way round. */
  | 'cipher-mismatch'
  /** A newer version of this package wrote the store. */
  | 'too-new'
  /** A record does not open: it is not what was written. */
  | 'corrupt'
  | 'quota-exceeded'
  /** The browser could not read or write; `details.cause` is the DOMException's name. */
  | 'io'
  | 'closed'

/** What this package throws; `code` is one of {@link IndexedDbStorageErrorCode}. Never holds keys or values. */
export class IndexedDbStorageError extends CodedError<IndexedDbStorageErrorCode> {}

/** The error of a request, a transaction or a call, as one of ours. */
export function translate(error: unknown): unknown {
  if (error instanceof IndexedDbStorageError || !isDomException(error)) return error
  const cause = error.name
  const fail = (code: IndexedDbStorageErrorCode, message: string) =>
    new IndexedDbStorageError(code, message, { cause })
  if (cause === 'QuotaExceededError') return fail('quota-exceeded', 'no space left; nothing was written')
  if (cause === 'VersionError') return fail('too-new', 'written by a newer version: reload the page')
  if (cause === 'InvalidStateError') return fail('closed', 'the browser closed the database')
  if (cause === 'SecurityError') return fail('unavailable', 'this page may not use IndexedDB')
  return fail('io', `IndexedDB cannot read or write (${cause})`)
}

/** By its shape: a DOMException of another realm, or of an implementation in Node, is no instance of ours. */
function isDomException(error: unknown): error is { readonly name: string } {
  return error instanceof Error || (typeof error === 'object' && error !== null && 'name' in error)
}
