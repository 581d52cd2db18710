import { describeVectors } from '@status-protocol/testkit/vitest'
import { providers } from './providers.ts'
import { eciesSuite, suite } from './vectors/ecies.ts'

await describeVectors(suite)
for (const provider of providers) await describeVectors(eciesSuite(provider))
