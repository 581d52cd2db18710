/** The default provider where there is no `node:crypto`. */
import { nobleProvider } from './noble.ts'
import type { CryptoProvider } from './provider.ts'

export const defaultProvider: CryptoProvider = nobleProvider
