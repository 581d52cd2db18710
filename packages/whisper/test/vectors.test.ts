import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as envelopes } from './vectors/whisper-envelopes.ts'
import { suite as topicsAndKeys } from './vectors/whisper-topics-keys.ts'

await describeVectors(topicsAndKeys)
await describeVectors(envelopes)
