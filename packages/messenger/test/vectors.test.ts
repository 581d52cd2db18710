import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as fullStack } from './vectors/full-stack.ts'
import { suite as liveSessions } from './vectors/live-sessions.ts'

await describeVectors(fullStack)
await describeVectors(liveSessions)
