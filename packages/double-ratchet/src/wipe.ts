/**
 * Overwrites secrets that nobody needs any more, as far as JavaScript lets one: copies that an engine or a library made
 * meanwhile stay until their memory is used again.
 */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0)
}

/** The result of `use`, after which the secrets are wiped. */
export function wiping<T>(secrets: readonly Uint8Array[], use: () => T): T {
  try {
    return use()
  } finally {
    wipe(...secrets)
  }
}
