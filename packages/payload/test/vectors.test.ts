import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as payloadV1 } from './vectors/payload-v1-protobuf.ts'

for (const suite of [payloadV1]) await describeVectors(suite)
