/** What a plaintext says, layer by layer, and made again as its author made it. */
import { equal, fromHex, to0xHex, toHex } from '@status-protocol/bytes'
import { defaultProvider as crypto } from '@status-protocol/crypto'
import { decodePayload, encodePayload, messageIdOf, oneToOneGroupId } from '@status-protocol/mvds'
import {
  type ChatMessage,
  conversationOf,
  type GroupChange,
  type GroupGeneration,
  generationOf,
  groupChange,
  groupChangeV0,
  type Message,
  openGroupEvent,
  strictGroup,
  unwrap,
  wireTypeOf,
  wrap,
} from '@status-protocol/payload'
import {
  decodeMessageV0,
  encodeMessageV0,
  type MembershipUpdateV0,
  type MessageV0,
  openGroupUpdateV0,
  unwrapV0,
  wrapPayloadV0,
} from '@status-protocol/payload/v0'
import { expectHex, expectSame, expectThat } from '@status-protocol/testkit'

/** r | s | v in front of a group event. */
const SIGNATURE_BYTES = 65

/** What was found in a plaintext. */
export interface Content {
  readonly mvds?: Readonly<Record<string, unknown>>
  readonly messages: readonly Said[]
}

/** An application message. */
export interface Said {
  readonly author: Uint8Array
  readonly messageId: Uint8Array
  readonly message: Message | MessageV0
  readonly generation: GroupGeneration
}

/** Private keys of authors whose wrappers are to be made again. */
export type Identities = readonly { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }[]

/**
 * Data sync, or bare messages where there is none. Undefined: there is nothing in it.
 *
 * @param between who writes and who reads, if it is for one identity
 */
export function contentOf(
  plaintext: Uint8Array,
  between: { readonly signer: Uint8Array; readonly to: Uint8Array | undefined },
  identities: Identities,
): Content | undefined {
  const decoded = decodePayload(plaintext)
  if (!decoded.ok) {
    expectThat(decoded.reason === 'empty', `data sync: ${decoded.reason}`)
    return plaintext.length === 0 ? undefined : { messages: [saidIn(plaintext, between.signer, identities)] }
  }
  const { payload } = decoded
  expectHex(encodePayload(payload), toHex(plaintext), 'data sync payload made again')
  const { acks, messages } = payload
  const groupId = oneToOneGroupId(between.signer, between.to ?? between.signer)
  for (const message of messages) expectHex(message.groupId, toHex(groupId), 'group of a data sync message')
  return {
    mvds: {
      acks: acks.map(toHex),
      message_ids: messages.map((message) => toHex(messageIdOf(message))),
      ...(messages.length > 0 && {
        group_id: toHex(groupId),
        timestamps: messages.map(({ timestampSeconds }) => Number(timestampSeconds)),
      }),
    },
    messages: messages.map(({ body }) => saidIn(body, between.signer, identities)),
  }
}

function saidIn(bytes: Uint8Array, transportSigner: Uint8Array, identities: Identities): Said {
  const identityOf = (author: Uint8Array) => {
    const identity = identities.find(({ publicKey }) => equal(publicKey, author))
    expectThat(identity !== undefined, `nobody has the key ${toHex(author)}`)
    return identity
  }
  if (generationOf(bytes) === 'v0') {
    const result = unwrapV0(bytes, { transportSigner, dialect: 'go' })
    expectThat(result.ok && result.wrapped && result.author !== undefined, 'a signed wrapper of v0')
    const { author, messageId, message, payload } = result
    expectHex(wrapPayloadV0(payload, identityOf(author)), toHex(bytes), 'wrapper of v0 made again')
    // Go writes the entries of a Transit map in any order: what is written again says the same.
    expectSame(
      decodeMessageV0(encodeMessageV0(message), { dialect: 'go' }),
      message,
      'payload of v0 made again',
    )
    return { author, messageId, message, generation: 'v0' }
  }
  const result = unwrap(bytes)
  expectThat(result.ok && result.author !== undefined, 'a signed wrapper')
  const { author, messageId, message } = result
  expectHex(wrap(message, identityOf(author)), toHex(bytes), 'wrapper made again')
  return { author, messageId, message, generation: 'v1' }
}

// ---- in the words of the file

export function shownSaid({ author, messageId, message, generation }: Said) {
  const of = { author: toHex(author), message_id: toHex(messageId) }
  return generation === 'v0'
    ? { ...of, wrapped: true, ...shownV0(message as MessageV0) }
    : { ...of, wrapper_type: wireTypeOf(message as Message), ...shownV1(message as Message) }
}

function shownV1(message: Message): Readonly<Record<string, unknown>> {
  switch (message.type) {
    case 'chat':
      return shownChat(message)
    case 'membership-update': {
      const { chatId, events, message: said } = message
      return { chat_id: chatId, events: events.length, ...(said && { message: shownChat(said) }) }
    }
    case 'contact-update':
      return { ...clockOf(message), ens_name: message.ensName, profile_image: message.profileImage }
    case 'pair-installation': {
      const { installationId, deviceType, name } = message
      return { ...clockOf(message), installation_id: installationId, device_type: deviceType, name }
    }
    case 'sync-contact':
      return { ...clockOf(message), contact: message.id }
    case 'sync-public-chat':
      return { ...clockOf(message), public_chat: message.id }
    default:
      throw new Error(`a message of type ${message.type} is not among the recorded ones`)
  }
}

function shownChat(message: ChatMessage) {
  const { chatId, contentType, messageType, text, responseTo, sticker } = message
  return {
    ...clockOf(message),
    timestamp: Number(message.timestamp),
    chat_id: chatId,
    content_type: contentType,
    message_type: messageType,
    text,
    ...(responseTo !== '' && { response_to: responseTo }),
    ...(sticker && { sticker: { hash: sticker.hash, pack: sticker.pack } }),
  }
}

function shownV0(message: MessageV0): Readonly<Record<string, unknown>> {
  if (message.type === 'membership-update') {
    const events = message.updates.flatMap((update) => update.events).length
    return { transit_tag: 'g5', chat_id: message.chatId, events }
  }
  if (message.type !== 'chat') throw new Error(`${message.type} of v0 is not among the recorded ones`)
  const { contentType, messageType, text, timestamp, content } = message
  return {
    ...clockOf(message),
    timestamp: Number(timestamp),
    transit_tag: 'c4',
    chat_id: content.chatId,
    content_type: contentType,
    message_type: messageType,
    text,
  }
}

function clockOf({ clock }: { readonly clock: bigint }) {
  return { clock: Number(clock) }
}

/** A row as the 2020 clients store it; none for what nobody said, nor for messages of v0, which the app stored itself. */
export function storedRow(said: Said, self: Uint8Array) {
  const { author, messageId, message, generation } = said
  const chat = message.type === 'membership-update' ? message.message : message
  if (generation === 'v0' || chat?.type !== 'chat') return undefined
  const { clock, text, contentType } = chat as ChatMessage
  return {
    message_id: toHex(messageId),
    chat_id: conversationOf(chat as ChatMessage, author, self),
    author: toHex(author),
    text,
    clock: Number(clock),
    content_type: contentType,
  }
}

/** What kind of envelope the file calls it. */
export function kindOfContent({ messages }: Content): string {
  const has = (...types: string[]) => messages.some(({ message }) => types.includes(message.type))
  if (messages.length === 0) return 'ack'
  if (has('sync-contact', 'sync-account', 'sync-public-chat')) return 'sync'
  if (has('pair-installation')) return 'pairing'
  if (has('membership-update')) return 'group'
  return has('contact-update') ? 'contact-update' : 'direct'
}

// ---- groups

/** Events of a group as one party knows them; several copies of an event count once. */
export interface GroupLog {
  readonly chatId: string
  readonly generation: GroupGeneration
  readonly changes: Map<string, LoggedChange>
}

interface LoggedChange {
  readonly change: GroupChange
  /** Of the event alone; updates of v0 are signed as a whole. */
  readonly signature?: Uint8Array
}

export function addToGroups(groups: Map<string, GroupLog>, { message, generation }: Said): boolean {
  if (message.type !== 'membership-update') return false
  const { chatId } = message
  const log = groups.get(chatId) ?? { chatId, generation, changes: new Map() }
  groups.set(chatId, log)
  const changes = 'updates' in message ? changesV0(message) : changesV1(message)
  for (const [id, change] of changes) log.changes.set(id, change)
  return true
}

function changesV1({ chatId, events }: { readonly chatId: string; readonly events: readonly Uint8Array[] }) {
  return events.map((signed): [string, LoggedChange] => {
    const result = openGroupEvent(chatId, signed)
    expectThat(result.ok, 'an event of a group')
    const signature = signed.subarray(0, SIGNATURE_BYTES)
    return [result.event.id, { change: groupChange(result.event), signature }]
  })
}

function changesV0({ chatId, updates }: MembershipUpdateV0) {
  return updates.flatMap((update) => {
    const opened = openGroupUpdateV0(update)
    expectThat(opened.ok, 'an update of a group of v0')
    return update.events.map((event, i): [string, LoggedChange] => [
      `${update.signature} ${i}`,
      { change: groupChangeV0(chatId, opened.from, event) },
    ])
  })
}

/** @param names of the parties by their keys, as hex with `0x` */
export function shownGroup(
  { chatId, generation, changes }: GroupLog,
  self: Uint8Array,
  names: ReadonlyMap<string, string>,
) {
  const logged = [...changes.values()].map(({ change }) => change)
  const result = strictGroup(chatId, logged, generation)
  expectThat(result.ok, `group: ${result.ok || result.reason}`)
  const { name, members, admins, joined } = result.state
  return {
    id: chatId,
    name,
    active: members.includes(to0xHex(self)),
    members: members.map((key) => ({
      member: names.get(key),
      admin: admins.includes(key),
      joined: joined.includes(key),
    })),
  }
}

/** A row that a client writes for itself about an event of a group; how it words it is not in here. */
export interface Notice {
  readonly message_id: string
  readonly chat_id: string
  readonly author: string
  readonly clock: number
}

export function noticesOf({ chatId, changes }: GroupLog): readonly Notice[] {
  return [...changes.values()].flatMap(({ change: { from, clock }, signature }) =>
    signature
      ? {
          message_id: toHex(crypto.keccak256(signature)),
          chat_id: chatId,
          author: toHex(fromHex(from)),
          clock: Number(clock),
        }
      : [],
  )
}
