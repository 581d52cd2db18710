import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as discv4Enr } from './vectors/discv4-enr.ts'
import { suite as rlpx } from './vectors/rlpx.ts'

await describeVectors(discv4Enr)
await describeVectors(rlpx)
