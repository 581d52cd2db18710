import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as fullStack } from './vectors/full-stack.ts'

await describeVectors(fullStack)
