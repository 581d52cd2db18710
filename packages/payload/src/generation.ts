import { orUndefinedIfMalformed } from './error.ts'
import { decodeWrapper } from './wrapper.ts'

/** `v1`: 2020; `v0.36`: status-go 0.36, November 2019; `v0`: Transit, before. */
export type PayloadGeneration = 'v1' | 'v0.36' | 'v0'

/**
 * Whose {@link unwrap} reads some bytes: this package's, `unwrapV036`, or `unwrapV0` of `@status-protocol/payload/v0`.
 *
 * A guess from the outside: a wrapper with a type is v1, one without is 0.36, and where v1 sees nothing at all or no
 * protobuf there may be a wrapper of v0 or bare Transit. The type is not signed, so somebody who passes a message on can
 * make a v1 message look like one of 0.36: accept the older generations only where a contact is known to use them.
 */
export function generationOf(wrapped: Uint8Array): PayloadGeneration {
  const wrapper = orUndefinedIfMalformed(() => decodeWrapper(wrapped))
  if (!wrapper) return 'v0'
  if (wrapper.type !== 0) return 'v1'
  return wrapper.payload.length > 0 || wrapper.signature ? 'v0.36' : 'v0'
}
