import { describeVectors } from '@status-protocol/testkit/vitest'
import { suite as groupChatV0 } from './vectors/group-chat-v0.ts'
import { suite as groupChatV1 } from './vectors/group-chat-v1.ts'
import { suite as payloadV0 } from './vectors/payload-v0-transit.ts'
import { suite as payloadV0Client } from './vectors/payload-v0-transit-client.ts'
import { suite as payloadV1 } from './vectors/payload-v1-protobuf.ts'
import { suite as payloadV036 } from './vectors/payload-v036-protobuf.ts'

for (const suite of [payloadV1, payloadV036, payloadV0, payloadV0Client, groupChatV0, groupChatV1])
  await describeVectors(suite)
