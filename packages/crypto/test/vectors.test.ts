import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite } from './vectors/ecies.ts'

await describeVectors(suite)
