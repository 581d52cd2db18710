import { type CryptoProvider, defaultProvider } from '@status-protocol/crypto'
import { nobleProvider } from '@status-protocol/crypto/noble'
import { createNodeProvider } from '@status-protocol/crypto/node'
import { defaultProvider as browserProvider } from '../src/default-noble.ts'

/** Every provider that this package ships, by name; `native` is undefined where the package has no binary. */
export const providers: readonly CryptoProvider[] = [
  nobleProvider,
  browserProvider,
  createNodeProvider({ native: false }),
  defaultProvider,
]
