import { expect, it } from 'vitest'
import * as mvds from '../src/index.ts'

it('exports what the table of contents says', () => {
  expect(Object.keys(mvds).sort()).toMatchInlineSnapshot(`
    [
      "EPOCH_MS",
      "MAX_BODY_BYTES",
      "MAX_PAYLOAD_BYTES",
      "MvdsError",
      "SYNC_TABLES",
      "addPeer",
      "append",
      "boundedSchedule",
      "createDataSync",
      "decodeMessage",
      "decodePayload",
      "encodeMessage",
      "encodePayload",
      "epoch",
      "loadAppend",
      "loadEpoch",
      "loadPeer",
      "loadReceive",
      "messageIdOf",
      "newMessage",
      "oneToOneGroupId",
      "peerReturned",
      "receive",
      "referenceSchedule",
      "referenceSendTime",
      "removePeer",
      "resolveOptions",
      "storageReads",
      "syncGroupId",
      "syncMessageId",
    ]
  `)
})
