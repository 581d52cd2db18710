import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as mvds } from './vectors/mvds.ts'
import { suite as mvdsMetadata } from './vectors/mvds-metadata.ts'

await describeVectors(mvds)
await describeVectors(mvdsMetadata)
