declare const brand: unique symbol

/**
 * A type that cannot be mixed up with another of the same shape: `Brand<Uint8Array, 'Topic'>`.
 * Made by one checking constructor in the package that owns the noun.
 */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }

/** 65 bytes: 0x04, X, Y. The only form of a secp256k1 public key in APIs. */
export type PublicKey = Uint8Array
