/** Random messages of every kind for property tests. */
import type {
  ChatMessage,
  GroupEvent,
  KnownMessage,
  PairInstallation,
  SyncAccount,
  SyncChat,
  SyncContact,
  SyncPublicChat,
} from '@status-protocol/payload'
import fc from 'fast-check'

/** Unsigned 64 bits, the edges of numbers and of 64 bits among them. */
export const uint64: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 2n }),
  fc.constantFrom(
    0n,
    1n,
    2n ** 31n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 53n,
    2n ** 63n - 1n,
    2n ** 63n,
    2n ** 64n - 1n,
  ),
)

/** Signed 64 bits. */
export const int64: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(
    0n,
    -1n,
    2n ** 53n - 1n,
    2n ** 53n,
    2n ** 53n + 1n,
    -(2n ** 53n),
    -(2n ** 53n) - 1n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ),
)

const int32 = fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer())
export const text: fc.Arbitrary<string> = fc.string({ unit: 'grapheme', maxLength: 40 })
const bytes = fc.uint8Array({ minLength: 1, maxLength: 80 })

/** Raw fields with numbers that no message of ours uses: varints and byte strings of fields 100 - 115. */
export const unknownFields: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.tuple(
      fc.integer({ min: 100, max: 115 }),
      fc.option(fc.uint8Array({ maxLength: 100 }), { nil: undefined }),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((fields) => Uint8Array.from(fields.flatMap(([number, value]) => rawField(number, value))))

function rawField(number: number, value: Uint8Array | undefined): number[] {
  const tag = (number << 3) | (value ? 2 : 0)
  return [(tag & 0x7f) | 0x80, tag >> 7, ...(value ? [value.length, ...value] : [number])]
}

/** A message and, half of the time, fields that are not ours. */
function message<T extends object>(
  fields: { [K in keyof Omit<T, 'unknownFields'>]: fc.Arbitrary<T[K]> },
): fc.Arbitrary<T> {
  const plain = fc.record(fields as object) as fc.Arbitrary<unknown> as fc.Arbitrary<T>
  return fc.oneof(
    plain,
    fc.tuple(plain, unknownFields).map(([m, unknown]) => ({ ...m, unknownFields: unknown })),
  )
}

const sticker = message<NonNullable<ChatMessage['sticker']>>({ hash: text, pack: int32 })
const image = message<NonNullable<ChatMessage['image']>>({ payload: bytes, format: int32 })

const plainChat = message<ChatMessage>({
  type: fc.constant('chat'),
  clock: uint64,
  timestamp: uint64,
  text,
  responseTo: text,
  ensName: text,
  chatId: text,
  messageType: int32,
  contentType: int32,
})

export const chat: fc.Arbitrary<ChatMessage> = fc.oneof(
  plainChat,
  fc.tuple(plainChat, sticker).map(([m, s]) => ({ ...m, sticker: s })),
  fc.tuple(plainChat, image).map(([m, i]) => ({ ...m, image: i })),
)

/** Half of the time with a field that only we write. */
function sometimes<T extends object>(
  plain: fc.Arbitrary<T>,
  ours: fc.Arbitrary<Partial<T>>,
): fc.Arbitrary<T> {
  return fc.oneof(
    plain,
    fc.tuple(plain, ours).map(([m, more]) => ({ ...m, ...more })),
  )
}

const syncContact = sometimes(
  message<Omit<SyncContact, 'localName'>>({
    type: fc.constant('sync-contact'),
    clock: uint64,
    id: text,
    profileImage: text,
    ensName: text,
    lastUpdated: uint64,
    systemTags: fc.array(text, { maxLength: 4 }),
  }) as fc.Arbitrary<SyncContact>,
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((localName) => ({ localName })),
)
const syncChat = message<SyncChat>({
  clock: uint64,
  id: text,
  kind: int32,
  tags: fc.array(text, { maxLength: 4 }),
})
const syncAccount = sometimes(
  message<Omit<SyncAccount, 'name'>>({
    type: fc.constant('sync-account'),
    clock: uint64,
    profileImage: text,
    lastUpdated: uint64,
  }) as fc.Arbitrary<SyncAccount>,
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((name) => ({ name })),
)
const syncPublicChat = message<SyncPublicChat>({
  type: fc.constant('sync-public-chat'),
  clock: uint64,
  id: text,
})

/** One arbitrary for each message type. */
export const MESSAGES: {
  readonly [T in KnownMessage['type']]: fc.Arbitrary<Extract<KnownMessage, { type: T }>>
} = {
  chat,
  'contact-update': message({
    type: fc.constant('contact-update'),
    clock: uint64,
    ensName: text,
    profileImage: text,
  }),
  'membership-update': fc
    .tuple(
      fc.array(bytes, { maxLength: 4 }),
      text,
      fc.option(chat, { nil: undefined }),
      fc.option(unknownFields, { nil: undefined }),
      fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: undefined }),
      fc.boolean(),
    )
    .map(([events, chatId, said, unknown, view, asksView]) => ({
      type: 'membership-update',
      ...(view && { view }),
      ...(asksView && { asksView: true as const }),
      chatId,
      events,
      ...(said && { message: said }),
      ...(unknown && { unknownFields: unknown }),
    })),
  'pair-installation': sometimes<PairInstallation>(
    message<Omit<PairInstallation, 'syncForm'>>({
      type: fc.constant('pair-installation'),
      clock: uint64,
      installationId: text,
      deviceType: text,
      name: text,
    }),
    fc.integer({ min: 1 }).map((syncForm) => ({ syncForm })),
  ),
  'sync-installation': fc
    .tuple(
      fc.array(syncContact, { maxLength: 3 }),
      fc.array(syncPublicChat, { maxLength: 3 }),
      fc.option(syncAccount, { nil: undefined }),
      fc.array(syncChat, { maxLength: 3 }),
    )
    .map(([contacts, publicChats, account, chats]) => ({
      type: 'sync-installation',
      contacts,
      publicChats,
      ...(account && { account }),
      chats,
    })),
  'request-address-for-transaction': message({
    type: fc.constant('request-address-for-transaction'),
    clock: uint64,
    value: text,
    contract: text,
  }),
  'accept-request-address-for-transaction': message({
    type: fc.constant('accept-request-address-for-transaction'),
    clock: uint64,
    id: text,
    address: text,
  }),
  'decline-request-address-for-transaction': message({
    type: fc.constant('decline-request-address-for-transaction'),
    clock: uint64,
    id: text,
  }),
  'request-transaction': message({
    type: fc.constant('request-transaction'),
    clock: uint64,
    address: text,
    value: text,
    contract: text,
  }),
  'send-transaction': fc
    .tuple(
      message<Omit<Extract<KnownMessage, { type: 'send-transaction' }>, 'signature'>>({
        type: fc.constant('send-transaction'),
        clock: uint64,
        id: text,
        transactionHash: text,
      }),
      fc.option(fc.uint8Array({ maxLength: 65 }), { nil: undefined }),
    )
    .map(([m, signature]) => ({ ...m, ...(signature && { signature }) })),
  'decline-request-transaction': message({
    type: fc.constant('decline-request-transaction'),
    clock: uint64,
    id: text,
  }),
  'sync-contact': syncContact,
  'sync-account': syncAccount,
  'sync-public-chat': syncPublicChat,
}

export const groupEvent: fc.Arbitrary<GroupEvent> = message<GroupEvent>({
  type: int32,
  clock: uint64,
  members: fc.array(text, { maxLength: 4 }),
  name: text,
})
