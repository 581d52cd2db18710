/** What the Transit documents of 2019 say: `["~#tag", [element, ...]]`, one tag for each kind of message. */
import { textArgument } from '../arguments.ts'
import { type ChatMessageV0, chatMessageOf, taggedChatMessage } from './chat-message.ts'
import { type Dialect, elementsOf, textElement } from './elements.ts'
import {
  type MembershipUpdateV0,
  membershipUpdateOf,
  taggedMembershipUpdate,
} from './group-update-transit.ts'
import { isTransitTagged, type TransitTagged, type TransitValue } from './transit.ts'
import { readTransit } from './transit-reader.ts'
import { writeTransit } from './transit-writer.ts'

/** `c2`, `c3`, `c6`: `[name, profile image, address, token for notifications, devices]` */
export interface ContactMessageV0 {
  readonly type: 'contact-request' | 'contact-request-confirmed' | 'contact-update'
  readonly name: string
  /** A `data:` URL. */
  readonly profileImage: string
  readonly address: string
  readonly fcmToken: string
  /** As it came; null if there was none. */
  readonly deviceInfo: TransitValue
}

/** `p2`: `[installation id, device type, name, token for notifications]` */
export interface PairInstallationV0 {
  readonly type: 'pair-installation'
  readonly installationId: string
  readonly deviceType: string
  readonly name: string
  readonly fcmToken: string
}

/** `p1`: `[contacts by public key, account, public chat]`, each as it came. */
export interface SyncInstallationV0 {
  readonly type: 'sync-installation'
  readonly contacts: TransitValue
  readonly account: TransitValue
  readonly chat: TransitValue
}

/** Any other document; kept as it came. */
export interface UnknownMessageV0 {
  readonly type: 'unknown'
  readonly value: TransitValue
}

export type MessageV0 =
  | ChatMessageV0
  | ContactMessageV0
  | PairInstallationV0
  | SyncInstallationV0
  | MembershipUpdateV0
  | UnknownMessageV0

const CONTACT_TAGS = { c2: 'contact-request', c3: 'contact-request-confirmed', c6: 'contact-update' } as const
const TAG_OF_CONTACT = {
  'contact-request': 'c2',
  'contact-request-confirmed': 'c3',
  'contact-update': 'c6',
} as const

export interface DecodeOptionsV0 {
  /** See {@link Dialect}; `mobile` unless said. */
  readonly dialect?: Dialect
}

/**
 * A payload of v0. The `go` dialect knows c4, p2 and g5 and takes everything else as unknown.
 *
 * @throws PayloadError `malformed`; `details.index` tells which element is wrong
 */
export function decodeMessageV0(
  payload: Uint8Array,
  { dialect = 'mobile' }: DecodeOptionsV0 = {},
): MessageV0 {
  const value = readTransit(payload)
  if (!isTransitTagged(value)) return { type: 'unknown', value }
  if (value.tag === 'c4') return chatMessageOf(value, dialect)
  if (value.tag === 'p2') return pairInstallationOf(value, dialect)
  if (value.tag === 'g5') return membershipUpdateOf(value, dialect)
  if (dialect === 'go') return { type: 'unknown', value }
  if (value.tag === 'p1') return syncInstallationOf(value)
  return Object.hasOwn(CONTACT_TAGS, value.tag) ? contactOf(value) : { type: 'unknown', value }
}

function pairInstallationOf(tagged: TransitTagged, dialect: Dialect): PairInstallationV0 {
  const elements = elementsOf(tagged)
  const [installationId, deviceType, name, fcmToken] = [0, 1, 2, 3].map((i) =>
    textElement(elements, i, dialect),
  )
  return { type: 'pair-installation', installationId, deviceType, name, fcmToken } as PairInstallationV0
}

function contactOf(tagged: TransitTagged): ContactMessageV0 {
  const elements = elementsOf(tagged)
  const type = CONTACT_TAGS[tagged.tag as keyof typeof CONTACT_TAGS]
  const [name, profileImage, address, fcmToken] = [0, 1, 2, 3].map((i) => textElement(elements, i, 'mobile'))
  return { type, name, profileImage, address, fcmToken, deviceInfo: elements[4] ?? null } as ContactMessageV0
}

function syncInstallationOf(tagged: TransitTagged): SyncInstallationV0 {
  const [contacts = null, account = null, chat = null] = elementsOf(tagged)
  return { type: 'sync-installation', contacts, account, chat }
}

export interface EncodeOptionsV0 {
  /** Whose form the updates of a group have; `go` unless said. */
  readonly dialect?: Dialect
}

/**
 * The bytes of a message of v0; what was unknown is written as it came.
 *
 * @throws PayloadError `out-of-range`, `invalid-argument`
 */
export function encodeMessageV0(message: MessageV0, { dialect = 'go' }: EncodeOptionsV0 = {}): Uint8Array {
  return writeTransit(message.type === 'unknown' ? message.value : taggedOf(message, dialect))
}

function taggedOf(message: Exclude<MessageV0, UnknownMessageV0>, dialect: Dialect): TransitTagged {
  switch (message.type) {
    case 'chat':
      return taggedChatMessage(message)
    case 'membership-update':
      return taggedMembershipUpdate(message, dialect)
    case 'sync-installation':
      return { tag: 'p1', value: [message.contacts, message.account, message.chat] }
    case 'pair-installation': {
      const { installationId, deviceType, name, fcmToken } = message
      return { tag: 'p2', value: texts({ installationId, deviceType, name, fcmToken }) }
    }
    default: {
      const { name, profileImage, address, fcmToken, deviceInfo } = message
      const value = [...texts({ name, profileImage, address, fcmToken }), deviceInfo]
      return { tag: TAG_OF_CONTACT[message.type], value }
    }
  }
}

function texts(fields: Record<string, string>): string[] {
  return Object.entries(fields).map(([name, value]) => textArgument(value, name))
}
