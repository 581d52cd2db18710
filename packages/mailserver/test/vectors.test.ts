import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as sessions } from './live-sessions.ts'
import { suite as requests } from './vectors/mailserver-requests.ts'
import { suite as requests055 } from './vectors/mailserver-requests-v055.ts'

await describeVectors(requests)
await describeVectors(requests055)
await describeVectors(sessions)
