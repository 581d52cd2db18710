/** Run in Chromium beside the golden files: the providers that browsers get. */
import { defaultProvider } from '@status-protocol/crypto'
import { nobleProvider } from '@status-protocol/crypto/noble'
import { cryptoConformance } from '@status-protocol/crypto/testing'
import { type ConformanceCase, checkEqual } from '@status-protocol/ports/testing'
import { seededRandom } from '@status-protocol/testkit'

export const cases: readonly ConformanceCase[] = [
  {
    name: 'the default provider is the one for browsers',
    async run() {
      checkEqual(defaultProvider.name, 'noble+wasm', 'its name')
    },
  },
  ...[nobleProvider, defaultProvider].flatMap((provider) =>
    cryptoConformance(provider, { random: seededRandom(6), rounds: 20 }).map(({ name, run }) => ({
      name: `${provider.name}: ${name}`,
      run,
    })),
  ),
]
