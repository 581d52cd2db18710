/** Conformance suite for those who implement a {@link CryptoProvider}. */
export {}
