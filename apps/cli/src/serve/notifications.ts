/** What `status serve --stdio` tells without being asked, declared once; docs/cli-rpc.md shows each. */
import { z } from 'zod'

export const SECURITY: z.ZodEnum<{ whisper: 'whisper'; dh: 'dh'; ratchet: 'ratchet' }> = z.enum([
  'whisper',
  'dh',
  'ratchet',
])
const seq = z.string().describe('number of the event, decimal; `--after` goes on from it')
const bytes = z.number().int()

export const STATE = z.enum(['none', 'sent', 'received', 'mutual', 'dismissed', 'blocked'])
const imageType = z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/gif'])
const warnings = z
  .array(z.enum(['bidi', 'look-alike']))
  .optional()
  .describe('what may mislead in a text, a claimed name or the name of a group; they are as they came')

const GENERATION = z.enum(['v1', 'v0.36', 'v0'])
export const PICTURE = z.object({ type: imageType, base64: z.string() })
export const PROFILE = z
  .object({ name: z.string().optional(), picture: z.object({ type: imageType, bytes }).optional() })
  .describe('what they say of themselves, not verified')
export const PERSON = z
  .object({
    publicKey: z.string(),
    threeWordName: z.string(),
    state: STATE,
    name: z.string().optional().describe('given by you'),
    profile: PROFILE.optional(),
    generation: GENERATION.optional().describe('of the payloads that they wrote in last; absent: v1'),
    warnings,
  })
  .meta({ id: 'Person' })
export const CONTACT = PERSON.extend({
  usesRatchet: z.boolean().describe('they have written with forward secrecy'),
  security: SECURITY.optional().describe('chosen by you for all that you write to them'),
}).meta({ id: 'Contact' })

const COMMAND_STATE = z
  .discriminatedUnion('status', [
    z.object({ status: z.literal('address-requested') }),
    z.object({ status: z.literal('address-given'), address: z.string() }),
    z.object({ status: z.literal('address-declined') }),
    z.object({ status: z.literal('transaction-requested') }),
    z.object({ status: z.literal('transaction-declined') }),
    z.object({ status: z.literal('announced'), transactionHash: z.string(), signer: z.string().optional() }),
  ])
  .meta({ id: 'CommandState' })

const CONTENT = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('emoji') }),
    z.object({ kind: z.literal('status') }),
    z.object({ kind: z.literal('sticker'), pack: z.number(), hash: z.string() }),
    z.object({ kind: z.literal('image'), imageType, bytes }),
    z.object({
      kind: z.literal('command'),
      command: z.string(),
      value: z.string().optional(),
      contract: z.string().optional(),
      address: z.string().optional(),
      transactionHash: z.string().optional(),
      signer: z.string().optional(),
      request: z.string().optional(),
      state: COMMAND_STATE.optional(),
    }),
    z.object({ kind: z.literal('unknown'), type: z.number() }),
  ])
  .describe('absent: plain text')

const DELIVERY_STATE = z.enum([
  ...(['queued', 'sent', 'relayed', 'archived', 'delivered', 'expired', 'failed', 'unaddressed'] as const),
])

export const MESSAGE = z
  .object({
    chat: z.string(),
    messageId: z.string(),
    author: z.string(),
    name: z.string().describe('three-word name of the author'),
    text: z.string(),
    content: CONTENT.optional(),
    claimedName: z.string().optional().describe('what the author calls themselves in it, not verified'),
    warnings,
    security: SECURITY,
    downgraded: z.boolean().optional().describe('the author has used a stronger security before'),
    deniable: z.boolean().optional().describe('nobody signed it'),
    clock: z.string().describe('orders the chat, with messageId; decimal'),
    claimedClock: z
      .string()
      .optional()
      .describe('what it said instead, which was too far ahead of the time: `clock` is when it came'),
    timestampMs: z.number().describe("by the author's clock"),
    own: z.boolean(),
    responseTo: z.string().optional(),
    delivery: DELIVERY_STATE.optional(),
    deliveryReason: z.string().optional().describe('why it is `failed` or `unaddressed`'),
    receipts: z
      .object({ of: z.number(), have: z.number(), failed: z.number() })
      .optional()
      .describe('own ones of a group: for how many members, how many have it, on how many we gave up'),
  })
  .meta({ id: 'Message' })

const counts = { messages: z.number().int(), envelopes: z.number().int(), bytes }
const missing = z.array(z.object({ from: z.number().int(), to: z.number().int() }))

export const HISTORY = z.discriminatedUnion('change', [
  z.object({
    change: z.literal('started'),
    ...{
      topics: z.number().int(),
      servers: z.number().int(),
      from: z.number().int(),
      to: z.number().int(),
      seq,
    },
  }),
  z.object({
    change: z.literal('progress'),
    ...{ fraction: z.number(), remainingMs: z.number().optional(), ...counts, seq },
  }),
  z.object({ change: z.literal('server-failed'), server: z.string(), reason: z.string(), seq }),
  z.object({ change: z.literal('done'), ...counts, seq }),
  z.object({ change: z.literal('failed'), reason: z.string(), missing, ...counts, seq }),
])

export const GROUP = z
  .object({
    group: z.string(),
    name: z.string(),
    warnings,
    membership: z.enum(['invited', 'joined', 'left']).describe('ourselves in it'),
    createdBy: z.string(),
    toldBy: z.string().describe('who told us of it first'),
    isStrange: z.boolean().describe('they were neither a contact nor somebody we had written to'),
    members: z.array(
      z.object({
        publicKey: z.string(),
        threeWordName: z.string(),
        role: z.enum(['admin', 'member']),
        state: z.enum(['invited', 'joined']),
      }),
    ),
    rejected: z
      .array(z.object({ by: z.string(), kind: z.string(), clock: z.string() }))
      .describe('events that count for nothing'),
    diverged: z.array(z.string()).describe('those who see another group than we do'),
    view: z.string().describe('the same for all who see the same group'),
    generation: GENERATION.optional().describe('whose clients are in it; absent: v1'),
  })
  .meta({ id: 'Group' })

const step = { atMs: z.number() }
const messageIds = z.array(z.string())

export const TRACE = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('composed'),
    messageId: z.string(),
    chat: z.string(),
    textBytes: bytes,
    wrapperBytes: bytes,
    ...step,
  }),
  z.object({ type: z.literal('synced'), messageId: z.string(), syncId: z.string(), ...step }),
  z.object({
    type: z.literal('encrypted'),
    to: z.string(),
    messageIds,
    acks: z.number().int(),
    syncBytes: bytes,
    protocolMessageBytes: bytes,
    session: z.enum(['dh', 'x3dh', 'ratchet']),
    devices: z.number().int(),
    ...step,
  }),
  z.object({
    type: z.literal('posted'),
    envelope: z.string(),
    topic: z.string(),
    way: z.enum(['public', 'partitioned', 'negotiated', 'contact-code']),
    messageIds,
    payloadBytes: bytes,
    envelopeBytes: bytes.optional(),
    pow: z.number().optional(),
    powTarget: z.number(),
    ttlSeconds: z.number(),
    ...step,
  }),
  z.object({
    type: z.literal('received'),
    envelope: z.string(),
    topic: z.string(),
    messageIds,
    payloadBytes: bytes,
    security: SECURITY,
    ...step,
  }),
])

export interface NotificationDeclaration {
  readonly summary: string
  readonly params: z.ZodType
}

export const NOTIFICATIONS = {
  message: {
    summary:
      'Somebody wrote. `late`: a message with a higher clock was there before, so insert it, do not append it.',
    params: z.intersection(
      MESSAGE,
      z.object({
        late: z.boolean(),
        muted: z.boolean().optional().describe('the chat or the person is: disturb nobody'),
        seq,
      }),
    ),
  },
  delivery: {
    summary:
      'A message of ours got further. `to` is the recipient, or the public chat; in a group the member who has it, and at ' +
      'last, when all have it, the group. Public messages end with `relayed`, or `archived` where ' +
      'a mailserver of ours has it (after `relayed`), or `failed`, private ones with `delivered` (once for each `installation` of the recipient that has it) or `failed`; ' +
      '`expired` is followed by another attempt. `unaddressed`: in a group that nobody else has joined, or only who is blocked; ' +
      'nobody will get it. `reason` says why it ended so; `blocked`: we blocked whom it was for while it was on its way, and they ' +
      'may have it.',
    params: z.object({
      chat: z.string(),
      messageId: z.string(),
      to: z.string(),
      state: DELIVERY_STATE,
      installation: z.string().optional(),
      elsewhere: z
        .boolean()
        .optional()
        .describe('written on another device of ours, and here from now on: see `message.get`'),
      late: z
        .boolean()
        .optional()
        .describe('with `elsewhere`: a message with a higher clock was there before'),
      reason: z.string().optional(),
      seq,
    }),
  },
  group: {
    summary:
      'Something changed in a group. `by` has signed it, `members` are whom it concerns. `invited` with a `name`: we were. ' +
      '`diverged`: the member `with` has shown that they see another group; they are told what they miss, and `healed` ' +
      'follows. `undone`: an event that counted does not any more, another one stands before it.',
    params: z.object({
      group: z.string(),
      change: z.enum([
        'created',
        'invited',
        'joined',
        'left',
        'kicked',
        'promoted',
        'steppedDown',
        'renamed',
        'undone',
        'diverged',
        'healed',
      ]),
      by: z.string().optional(),
      members: z.array(z.string()).optional(),
      name: z.string().optional(),
      warnings,
      what: z.string().optional(),
      with: z.string().optional(),
      seq,
    }),
  },
  undecryptable: {
    summary:
      'A private message came that no key of ours opens. Its sender does not get an acknowledgement. `healing`: they were ' +
      'sent our keys, so that what they write from then on can be read; our own clients send again what was not acknowledged.',
    params: z.object({ from: z.string(), reason: z.string(), healing: z.boolean(), seq }),
  },
  device: {
    summary:
      'Something became known of a device of ours or of a contact: it is `new`, has renewed its keys (`pre-key`, once a day), ' +
      'or has `returned` after a week without a sign of it. Of our own ones only: it is `paired`, that is, it says what it is ' +
      'called, or it told us of chats and contacts that changed on it (`synced`). `enabled`: it is written to.',
    params: z.object({
      publicKey: z.string().describe('whose it is'),
      installationId: z.string(),
      change: z.enum(['new', 'pre-key', 'returned', 'paired', 'synced']),
      enabled: z.boolean(),
      name: z.string().optional(),
      deviceType: z.string().optional(),
      chats: z.array(z.string()).optional().describe('joined or left'),
      contacts: z.array(z.string()).optional().describe('added, named or removed'),
      seq,
    }),
  },
  history: {
    summary:
      'Messages that were missed are fetched from mailservers; each comes as a `message` of its own. `started`, `progress` (at ' +
      'most one a second; `fraction` 0 to 1), `server-failed` (another one takes over, if there is one), then `done` (nothing is ' +
      'missing) or `failed` (asked for again by itself). Times are Unix seconds.',
    params: HISTORY,
  },
  contact: {
    summary:
      'Where we stand with a person has changed (`kind` `state`: somebody `received` by `them` has asked), or what somebody ' +
      'says of themselves (`profile`; it replaces no name that you gave); `generation`: which payloads they write in now, and ' +
      'are written to in; `not-understood`: something of theirs is of none that we know (told once a day).',
    params: z.union([
      z.object({
        publicKey: z.string(),
        threeWordName: z.string(),
        kind: z.literal('state'),
        before: STATE,
        state: STATE,
        by: z.enum(['us', 'them']),
        seq,
      }),
      z.object({
        publicKey: z.string(),
        threeWordName: z.string(),
        kind: z.literal('profile'),
        name: z.string().optional(),
        hasPicture: z.boolean(),
        warnings,
        seq,
      }),
      z.object({
        publicKey: z.string(),
        threeWordName: z.string(),
        kind: z.literal('generation'),
        generation: GENERATION,
        seq,
      }),
      z.object({ publicKey: z.string(), threeWordName: z.string(), kind: z.literal('not-understood'), seq }),
    ]),
  },
  chat: {
    summary:
      'Somebody who uses this account has seen messages of a chat, put it away, or took it back: how it stands now.',
    params: z.object({
      chat: z.string(),
      unread: z.number().int(),
      muted: z.boolean(),
      archived: z.boolean(),
      seq,
    }),
  },
  command: {
    summary:
      'A transaction command has moved: `messageId` began it, `answer` moved it. `announced` is what somebody says: nobody here ' +
      'asks a chain. `signer`: the account that signed the announcement; the transaction is theirs only if it is from this account.',
    params: z.object({
      chat: z.string(),
      messageId: z.string(),
      answer: z.string(),
      own: z.boolean(),
      state: COMMAND_STATE,
      seq,
    }),
  },
  peer: {
    summary: 'A link to a peer is up or down. Those that are up at the start are told first.',
    params: z.object({ enode: z.string(), state: z.enum(['up', 'down']) }),
  },
  trace: {
    summary:
      'Only with `--trace`: what a layer did with a message. Sizes, topics, ids and times, no text and no secret; but who ' +
      'writes to whom. Steps that a slow reader leaves unread beyond 10,000 are lost.',
    params: TRACE,
  },
} as const satisfies Record<string, NotificationDeclaration>
