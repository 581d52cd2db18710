/** Every decoder of the package with valid inputs to change, for Node and browsers. */
import { utf8 } from '@status-protocol/bytes'
import {
  decodeMessage,
  decodeWrapper,
  encodeMessage,
  type Message,
  openGroupEvent,
  openMembershipUpdate,
  signGroupEvent,
  unwrap,
  unwrapV036,
  validateMessage,
  wireTypeOf,
  wrap,
} from '@status-protocol/payload'
import {
  decodeMessageV0,
  encodeMessageV0,
  groupUpdateFromV0,
  groupUpdatesOfV0,
  openGroupEventsV0,
  openGroupUpdateV0,
  readTransit,
  unwrapV0,
  wrapPayloadV0,
  writeTransit,
} from '@status-protocol/payload/v0'
import fc from 'fast-check'
import { MESSAGES } from './arbitraries.ts'

const identity = { privateKey: new Uint8Array(32).fill(9) }

const samples: readonly Message[] = Object.values(MESSAGES).flatMap((arbitrary) =>
  fc.sample(arbitrary as fc.Arbitrary<Message>, { numRuns: 3, seed: 11 }),
)
const transitSeeds = [
  '["~#c4",["hello","text/plain","~:user-message",1574000000000,"~i9007199254740993",["^ ","~:chat-id","c","~:text","hello"]]]',
  '["~#c4",[["^ ","~:hash","e301","~:pack","0xa0","^0","x"],"sticker","~:public-group-user-message",1,null]]',
  '["~#g5",["c",["~#list",[["^ ","~:chat-id","c","~:events",[["^ ","~:type","chat-created","~:clock-value",1,"~:name","g"],["^ ","^4","members-added","^5",2,"~:members",["~#set",["0x04"]]]],"~:signature","00"]]],null]]',
  '["~#p1",[["^ ","0x04",["^ ","~:name","carol","~:pending?",false]],null,{"~:a":1.5}]]',
  '["~#p2",["inst","desktop","name",null]]',
  '{"~#c2":["a","b","c","d",[["^ ","~:id","\\u00e9\\ud83c"]]]}',
].map(utf8)

export interface Decoder {
  readonly name: string
  readonly seeds: readonly Uint8Array[]
  /** Whatever it throws must be a PayloadError. */
  decode(input: Uint8Array): unknown
}

export const DECODERS: Decoder[] = []

function against(name: string, seeds: readonly Uint8Array[], decode: (input: Uint8Array) => unknown): void {
  DECODERS.push({ name, seeds, decode })
}

for (const wireType of Object.keys(MESSAGES).map((_, i) => i + 1))
  against(
    `message type ${wireType}`,
    samples.filter((message) => wireTypeOf(message) === wireType).map(encodeMessage),
    (input) => {
      const message = decodeMessage(wireType, input)
      validateMessage(message, 1574000000000)
      encodeMessage(message)
    },
  )

// Never a key recovery an input: those cost 1.6 ms without native code.
const crypto = { keccak256: () => new Uint8Array(32), recover: () => new Uint8Array(65) } as never
const wrapped = samples.map((message) => wrap(message, identity))
against('wrapper', wrapped, decodeWrapper)
against('unwrap', wrapped, (input) => mustNotThrow(() => unwrap(input, { crypto })))
against('unwrapV036', wrapped, (input) => mustNotThrow(() => unwrapV036(input, { crypto })))

const event = { type: 3, clock: 5n, members: ['0x04aa', '0x04bb'], name: 'n' }
const signedEvent = signGroupEvent('chat', event, identity)
against('group event', [signedEvent], (input) =>
  mustNotThrow(() => openGroupEvent('chat', input, { crypto })),
)
against('membership update', [signedEvent], (input) =>
  mustNotThrow(() =>
    openMembershipUpdate({ type: 'membership-update', chatId: 'c', events: [input] }, [], { crypto }),
  ),
)

against('Transit', transitSeeds, (input) => writeTransit(readTransit(input)))
for (const dialect of ['go', 'mobile'] as const)
  against(`message v0, ${dialect}`, transitSeeds, (input) =>
    encodeMessageV0(decodeMessageV0(input, { dialect })),
  )
const wrappedV0 = transitSeeds.map((payload) => wrapPayloadV0(payload, identity))
against('unwrapV0', wrappedV0, (input) => mustNotThrow(() => unwrapV0(input, { crypto })))
against('group update v0', transitSeeds.slice(2, 3), (input) => {
  const message = decodeMessageV0(input)
  if (message.type === 'membership-update')
    for (const update of message.updates) mustNotThrow(() => openGroupUpdateV0(update, { crypto }))
})

against('group events v0', transitSeeds.slice(2, 3), (input) => {
  const update = groupUpdateFromV0(decodeMessageV0(input), 1574000000000)
  if (update)
    mustNotThrow(() => groupUpdatesOfV0(openGroupEventsV0(update, [], { crypto, likely: new Set() }).events))
})

/** Verdicts are returned: even a PayloadError is too much here. */
function mustNotThrow(decode: () => unknown): void {
  try {
    decode()
  } catch (error) {
    throw new Error(`threw ${String(error)}`, { cause: error })
  }
}
