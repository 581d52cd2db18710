/** The default provider on Node. */
import { nodeProvider } from './node/provider.ts'
import type { CryptoProvider } from './provider.ts'

export const defaultProvider: CryptoProvider = nodeProvider
