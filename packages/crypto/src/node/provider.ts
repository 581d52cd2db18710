import { nobleProvider } from '../noble.ts'
import type { CryptoProvider } from '../provider.ts'

export const nodeProvider: CryptoProvider = { ...nobleProvider, name: 'node' }
