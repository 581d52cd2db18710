import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as envelopes } from './vectors/whisper-envelopes.ts'
import { suite as topicsAndKeys } from './vectors/whisper-topics-keys.ts'
import { suite as wire } from './vectors/whisper-wire.ts'
import { suite as wire055 } from './vectors/whisper-wire-v055.ts'

await describeVectors(topicsAndKeys)
await describeVectors(envelopes)
await describeVectors(wire)
await describeVectors(wire055)
