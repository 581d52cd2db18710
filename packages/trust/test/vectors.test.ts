import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as trustIdentity } from './vectors/trust-identity.ts'

await describeVectors(trustIdentity)
