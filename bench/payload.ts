// Payload: encode and decode every message type, wrap and unwrap, Transit, group folds.
//   node --conditions=@status-protocol/source --import tsx bench/payload.ts
import { utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { nobleProvider } from '@status-protocol/crypto/noble'
import {
  chatMessage,
  decodeMessage,
  encodeMessage,
  foldGroup,
  GROUP_EVENT_TYPES,
  type KnownMessage,
  mergeGroupEvents,
  type OpenedGroupEvent,
  oneToOneChatId,
  openGroupEvent,
  signGroupEvent,
  unwrap,
  wireTypeOf,
  wrap,
} from '@status-protocol/payload'
import { decodeMessageV0, encodeMessageV0 } from '@status-protocol/payload/v0'
import { Bench } from 'tinybench'

const identity = { privateKey: new Uint8Array(32).fill(5) }
const self = oneToOneChatId(defaultProvider.publicKey(identity.privateKey))
const groupId = `072ab460-84d3-43c5-9979-73ca36fb1020-${self}`
const [clock, id] = [1_574_000_000_000n, `0x${'5a'.repeat(32)}`]
const said = chatMessage({ chatId: self, text: 'x'.repeat(100), clock, timestamp: clock, responseTo: id })
const events = groupEvents(100)

const messages: readonly KnownMessage[] = [
  said,
  chatMessage({
    chatId: 'status',
    text: 'x',
    clock,
    timestamp: clock,
    sticker: { hash: 'e301'.repeat(10), pack: 5 },
  }),
  chatMessage({
    chatId: 'status',
    text: 'x',
    clock,
    timestamp: clock,
    image: { payload: new Uint8Array(50_000), format: 2 },
  }),
  { type: 'contact-update', clock, ensName: 'bob.stateofus.eth', profileImage: `data:,${'A'.repeat(2_000)}` },
  { type: 'membership-update', chatId: groupId, events: events.map(({ signed }) => signed), message: said },
  { type: 'pair-installation', clock, installationId: id, deviceType: 'ios', name: 'my phone' },
  {
    type: 'sync-installation',
    contacts: Array.from({ length: 20 }, () => contact()),
    chats: [],
    publicChats: [{ type: 'sync-public-chat', clock, id: 'status' }],
    account: { type: 'sync-account', clock, profileImage: '', lastUpdated: clock },
  },
  { type: 'request-address-for-transaction', clock, value: '0.1', contract: '' },
  { type: 'accept-request-address-for-transaction', clock, id, address: id.slice(0, 42) },
  { type: 'decline-request-address-for-transaction', clock, id },
  { type: 'request-transaction', clock, value: '0.1', address: id.slice(0, 42), contract: '' },
  { type: 'send-transaction', clock, id, transactionHash: id, signature: new Uint8Array(65) },
  { type: 'decline-request-transaction', clock, id },
  contact(),
  { type: 'sync-account', clock, profileImage: '', lastUpdated: clock },
  { type: 'sync-public-chat', clock, id: 'status' },
]

const bench = new Bench({ time: Number(process.env.BENCH_MS ?? 300), warmupTime: 100 })
for (const message of messages) {
  const bytes = encodeMessage(message)
  bench
    .add(`encode ${nameOf(message)}, ${bytes.length} B`, () => void encodeMessage(message))
    .add(`decode ${nameOf(message)}, ${bytes.length} B`, () => void decodeMessage(wireTypeOf(message), bytes))
}
for (const crypto of [defaultProvider, nobleProvider]) {
  const wrapped = wrap(said, identity, { crypto })
  bench
    .add(`wrap and sign, ${crypto.name}`, () => void wrap(said, identity, { crypto }))
    .add(`unwrap and recover, ${crypto.name}`, () => void unwrap(wrapped, { crypto }))
}
const transit = utf8(
  `["~#c4",["hello","text/plain","~:user-message",157400000000000,1574000000000,["^ ","~:chat-id","${self}","~:text","hello"]]]`,
)
const messageV0 = decodeMessageV0(transit)
bench
  .add(`encode chat v0, ${transit.length} B`, () => void encodeMessageV0(messageV0))
  .add(`decode chat v0, ${transit.length} B`, () => void decodeMessageV0(transit))
  .add('fold a group of 100 events', () => void foldGroup(groupId, events))
  .add('merge 1 event into 99', () => void mergeGroupEvents(groupId, events.slice(1), events.slice(0, 1)))

await bench.run()
for (const { name, result } of bench.tasks) {
  if (!('latency' in result)) throw new Error(`${name}: not measured`)
  const perSecond = 1000 / result.latency.p50
  console.log(`${Math.round(perSecond).toLocaleString('en').padStart(12)}/s  ${name}`)
}

function nameOf(message: KnownMessage): string {
  if (message.type !== 'chat') return message.type
  return message.sticker ? 'chat with sticker' : message.image ? 'chat with image' : 'chat'
}

function contact(): Extract<KnownMessage, { type: 'sync-contact' }> {
  const systemTags = [':contact/added', ':contact/request-received']
  return {
    type: 'sync-contact',
    clock,
    id: self,
    profileImage: '',
    ensName: 'c.eth',
    lastUpdated: clock,
    systemTags,
  }
}

/** The first creates the group, the others rename it. */
function groupEvents(count: number): OpenedGroupEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const type = i === 0 ? GROUP_EVENT_TYPES.chatCreated : GROUP_EVENT_TYPES.nameChanged
    const event = { type, clock: clock + BigInt(i), members: [], name: `name ${i}` }
    const result = openGroupEvent(groupId, signGroupEvent(groupId, event, identity))
    if (!result.ok) throw new Error(result.reason)
    return result.event
  })
}
