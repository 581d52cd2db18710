import { fromUtf8, toHex, utf8 } from '@status-protocol/bytes'
import { defaultProvider } from '@status-protocol/crypto'
import { PayloadError } from '@status-protocol/payload'
import {
  type ChatMessageV0,
  decodeMessageV0,
  encodeMessageV0,
  groupUpdateSigningText,
  isTransitArray,
  isTransitKeyword,
  isTransitMap,
  isTransitTagged,
  keyword,
  MAX_TRANSIT_DEPTH,
  MAX_TRANSIT_VALUES,
  type MessageV0,
  openGroupUpdateV0,
  openWrapperV0,
  readTransit,
  signGroupUpdateV0,
  type TransitValue,
  unwrapV0,
  wrapV0,
  writeTransit,
} from '@status-protocol/payload/v0'
import fc from 'fast-check'
import transit from 'transit-js'
import { describe, expect, it } from 'vitest'
import { int64, text } from './support/arbitraries.ts'

const identity = { privateKey: new Uint8Array(32).fill(3) }
const publicKey = defaultProvider.publicKey(identity.privateKey)

/** Values that have a Transit form; keys of maps are scalars. */
const scalar: fc.Arbitrary<TransitValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  text,
  fc.constantFrom('~tilde', '^caret', '`tick', '^ ', '~#c4', '~:k', '^0'),
  int64,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x)), // JSON has no -0
  text.map(keyword),
  fc.constantFrom(keyword('chat-id'), keyword('clock-value'), keyword('text')),
  fc.record({ scalar: fc.constantFrom('m', 'n', 'u', '$'), text: fc.stringMatching(/^[0-9a-z]{1,8}$/) }),
)
const { value } = fc.letrec<{ value: TransitValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.record({ entries: fc.array(fc.tuple(scalar, tie('value')), { maxLength: 4 }) }),
    fc.record({ tag: fc.constantFrom('set', 'list', 'c4', 'other'), value: tie('value') }),
  ),
}))

describe('Transit', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(readTransit(writeTransit(v))).toEqual(v)
      }),
    )
  })

  it('what we write, transit-js reads and writes alike', () => {
    fc.assert(
      fc.property(value, (v) => {
        // transit-js takes repeated keys of a map together and loses the fraction of 1.0.
        fc.pre(!hasWhatTransitJsChanges(v))
        const ours = fromUtf8(writeTransit(v))
        expect(transit.writer('json').write(transit.reader('json').read(ours))).toBe(ours)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with transit-js about a cache that overflows', () => {
    const names = Array.from({ length: 2_500 }, (_, i) => keyword(`name-${i}`))
    const document: TransitValue = [names, names, names.toReversed()]
    const ours = fromUtf8(writeTransit(document))
    expect(transit.writer('json').write(transit.reader('json').read(ours))).toBe(ours)
    expect(readTransit(utf8(ours))).toEqual(document)
  })

  it('integers are exact, also where JSON has plain ones above 2^53', () => {
    for (const integer of [2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 53n) - 1n]) {
      expect(readTransit(utf8(String(integer)))).toBe(integer)
      expect(readTransit(utf8(`"~i${integer}"`))).toBe(integer)
      expect(readTransit(writeTransit([integer]))).toEqual([integer])
    }
    for (const tooLarge of [2n ** 63n, -(2n ** 63n) - 1n, 10n ** 400n])
      expect(() => readTransit(utf8(`[${tooLarge}]`))).toThrow(PayloadError)
  })

  it('reads verbose maps and tagged values', () => {
    expect(readTransit(utf8('{"~:a":1,"b":[2]}'))).toEqual({
      entries: [
        [keyword('a'), 1n],
        ['b', [2n]],
      ],
    })
    expect(readTransit(utf8('{"~#set":[1]}'))).toEqual({ tag: 'set', value: [1n] })
    expect(readTransit(utf8('{}'))).toEqual({ entries: [] })
  })

  it('half surrogate pairs become U+FFFD, as in Go', () => {
    expect(readTransit(utf8('"\\ud800 \\udf0d\\ud83c\\udf0d"'))).toBe('\ufffd \ufffd\u{1f30d}')
  })

  it.each([
    '',
    ' ',
    'hello',
    'tru',
    '"a',
    '"\\x"',
    '"\\u12"',
    '"\n"',
    '[1',
    '[1,]',
    '[,1]',
    '{"a"}',
    '{"a":1',
    '{1:2}',
    '["^ ",1]',
    '["~#c4"]',
    '["x","~#c4"]',
    '"~"',
    '"~i1.5"',
    '"~i"',
    '"~?x"',
    '"~dx"',
    '1e999',
    '-',
    '+1',
    '[01]',
    '"\\constructor"',
  ])('%j is malformed', (document) => {
    expect(() => readTransit(utf8(document))).toThrow(PayloadError)
  })

  it('what follows the first value is ignored, as the Go reader does', () => {
    for (const rest of ['', ' ', 'xx', ']]]', '{']) expect(readTransit(utf8(`[1]${rest}`))).toEqual([1n])
  })
})

/** Deeply: a map with two equal keys, a float, or a value that transit-js takes for one of its own types. */
function hasWhatTransitJsChanges(v: TransitValue): boolean {
  if (typeof v === 'number') return true
  if (isTransitArray(v)) return v.some(hasWhatTransitJsChanges)
  if (isTransitKeyword(v)) return v.keyword === ''
  if (isTransitTagged(v)) return v.tag !== 'other' || hasWhatTransitJsChanges(v.value)
  if (!isTransitMap(v)) return typeof v === 'object' && v !== null
  const keys = v.entries.map(([key]) => fromUtf8(writeTransit(key)))
  return new Set(keys).size < keys.length || v.entries.flat().some(hasWhatTransitJsChanges)
}

describe('hostile Transit', () => {
  it('is not followed deeper than 64 levels', () => {
    const nested = (depth: number) => utf8('['.repeat(depth) + ']'.repeat(depth))
    expect(() => readTransit(nested(MAX_TRANSIT_DEPTH))).not.toThrow()
    expect(() => readTransit(nested(MAX_TRANSIT_DEPTH + 2))).toThrow(/nested deeper/)
    expect(() => readTransit(utf8('['.repeat(1_000_000)))).toThrow(PayloadError)
    expect(() => readTransit(utf8('{"a":'.repeat(200_000)))).toThrow(PayloadError)
    expect(() => readTransit(utf8('["^ ",'.repeat(160_000)))).toThrow(PayloadError)
  })

  it('has at most 100,000 values and 1 MiB', () => {
    expect(() => readTransit(utf8(`[${'1,'.repeat(MAX_TRANSIT_VALUES)}1]`))).toThrow(
      /more than 100000 values/,
    )
    expect(() => readTransit(new Uint8Array(1024 * 1024 + 1))).toThrow(PayloadError)
  })

  it('names that objects have anyway are only names', () => {
    const document = utf8('["^ ","~:__proto__",["^ ","~:polluted",true],"~:constructor",1]')
    expect(decodeMessageV0(document)).toMatchObject({ type: 'unknown' })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(decodeMessageV0(utf8('["~#constructor",[1]]'))).toMatchObject({ type: 'unknown' })
    const chat = decodeMessageV0(
      utf8('["~#c4",["t","text/plain","~:user-message",1,2,["^ ","~:__proto__","x"]]]'),
    )
    expect(chat).toMatchObject({ type: 'chat', content: { extra: [[{ keyword: '__proto__' }, 'x']] } })
  })
})

const chat: fc.Arbitrary<ChatMessageV0> = fc
  .record({
    type: fc.constant('chat' as const),
    text,
    contentType: text,
    messageType: text,
    clock: int64,
    timestamp: fc.option(int64, { nil: undefined }),
    content: fc.record({ chatId: text, text, responseTo: text, name: text }),
    contentFirst: fc.boolean(),
  })
  .map(({ contentFirst, ...m }) => ({
    ...m,
    content: { ...m.content, extra: [[keyword('rtl?'), true]] as const },
    ...(contentFirst && { contentFirst, text: '' }),
  }))

const messages: fc.Arbitrary<MessageV0> = fc.oneof(
  chat,
  fc.record({
    type: fc.constant('pair-installation' as const),
    installationId: text,
    deviceType: text,
    name: text,
    fcmToken: text,
  }),
  fc.record({
    type: fc.constantFrom(
      'contact-request' as const,
      'contact-request-confirmed' as const,
      'contact-update' as const,
    ),
    name: text,
    profileImage: text,
    address: text,
    fcmToken: text,
    deviceInfo: value,
  }),
  fc.record({
    type: fc.constant('sync-installation' as const),
    contacts: value,
    account: value,
    chat: value,
  }),
  fc
    .tuple(
      text,
      fc.array(
        fc.record({
          type: text,
          clock: int64,
          member: text,
          members: fc.array(text, { maxLength: 3 }),
          name: text,
        }),
      ),
      chat,
    )
    .map(([chatId, events, message]) => ({
      type: 'membership-update' as const,
      chatId,
      updates: [{ chatId, events, signature: 'ab' }],
      message,
    })),
)

describe('Payload v0: messages', () => {
  it('every kind comes back as it was', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(decodeMessageV0(encodeMessageV0(message))).toEqual(message)
      }),
    )
  })

  it('the Go reader takes no embedded message', () => {
    const update = '["~#g5",["c",["~#list",[]],["~#c4",["t"]]]]'
    expect(() => decodeMessageV0(utf8(update), { dialect: 'go' })).toThrow(PayloadError)
    expect(decodeMessageV0(utf8(update))).toMatchObject({ type: 'membership-update', message: { text: 't' } })
    expect(() => decodeMessageV0(utf8('["~#g5",["c",["~#list",[]],"x"]]'))).toThrow(PayloadError)
  })

  it('clocks of more than 64 bits are refused', () => {
    const message = { type: 'chat', text: '', contentType: '', messageType: '', timestamp: 0n } as const
    const content = { chatId: '', text: '', responseTo: '', name: '', extra: [] }
    for (const clock of [2n ** 63n, -(2n ** 63n) - 1n, 5 as unknown as bigint])
      expect(() => encodeMessageV0({ ...message, content, clock })).toThrow(PayloadError)
  })
})

describe('Payload v0: wrapper', () => {
  const pair: MessageV0 = {
    type: 'pair-installation',
    installationId: 'i',
    deviceType: 'ios',
    name: 'n',
    fcmToken: '',
  }

  it('comes back with its author', () => {
    expect(unwrapV0(wrapV0(pair, identity))).toMatchObject({
      ok: true,
      wrapped: true,
      author: publicKey,
      message: pair,
    })
    expect(unwrapV0(wrapV0(pair, 'unsigned'))).toMatchObject({
      ok: true,
      wrapped: true,
      author: undefined,
      message: pair,
    })
  })

  it('bytes without a wrapper are the payload, their id is over the signer of the envelope', () => {
    const bare = encodeMessageV0(pair)
    const result = unwrapV0(bare, { transportSigner: publicKey })
    expect(result).toMatchObject({ ok: true, wrapped: false, author: undefined, message: pair })
    const both = new Uint8Array([...publicKey, ...bare])
    expect(result.messageId).toEqual(defaultProvider.keccak256(both))
    expect(openWrapperV0(bare).messageId).toEqual(defaultProvider.keccak256(bare))
  })

  it('tells a bad payload', () => {
    expect(unwrapV0(utf8('hello'))).toEqual({ ok: false, reason: 'malformed-message' })
  })
})

describe('Payload v0: group updates', () => {
  const event = { type: 'chat-created', clock: 1n, member: '0x04', members: [], name: 'g' }

  it('the signing text escapes as Go does', () => {
    const text = groupUpdateSigningText('c', [
      { ...event, name: '<&>"\\\u0007\u0008\u000c\n\r\t\u2028\u2029\u007fé🎉' },
    ])
    expect(text).toContain(
      '"\\u003c\\u0026\\u003e\\"\\\\\\u0007\\u0008\\u000c\\n\\r\\t\\u2028\\u2029\u007fé🎉"',
    )
  })

  it('sorts members by UTF-8, not by UTF-16', () => {
    const text = groupUpdateSigningText('c', [{ ...event, members: ['\u{1f389}', '\uff5e', 'a'] }])
    expect(text).toContain('["a","\uff5e","\u{1f389}"]')
  })

  it('a signature that is none is a verdict', () => {
    const update = signGroupUpdateV0('c', [event], identity)
    expect(openGroupUpdateV0(update)).toEqual({ ok: true, from: `0x${toHex(publicKey)}` })
    for (const [signature, reason] of [
      ['', 'signature-length'],
      ['zz', 'signature-not-hex'],
      [update.signature.slice(1), 'signature-not-hex'],
      [`${update.signature}00`, 'signature-length'],
      [`0x${update.signature}`, 'signature-not-hex'],
      [`${update.signature.slice(0, -2)}1c`, 'signature-recovery-id'],
      ['00'.repeat(65), 'signature-invalid'],
      ['ab'.repeat(1_000_000), 'signature-length'],
    ] as const)
      expect(openGroupUpdateV0({ ...update, signature })).toEqual({ ok: false, reason })
  })
})
