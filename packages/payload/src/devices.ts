/** Messages between the devices of one person. Whoever receives one checks that it comes from an own, enabled device. */
import {
  int32,
  listOf,
  nested,
  nestedList,
  optional,
  type TableCodec,
  tableCodec,
  text,
  uint64,
} from './codec.ts'
import { status } from './generated/payload.js'

/** A device presents itself (wire type 4). */
export interface PairInstallation {
  readonly type: 'pair-installation'
  readonly clock: bigint
  readonly installationId: string
  /** `ios`, `android`, `desktop`, ... */
  readonly deviceType: string
  readonly name: string
  /** Ours, 0 as in Go: 1 if the device reads {@link SyncInstallation} with all that we write into it. */
  readonly syncForm?: number | undefined
  readonly unknownFields?: Uint8Array
}

/** A contact as another device has it (wire type 12). */
export interface SyncContact {
  readonly type: 'sync-contact'
  readonly clock: bigint
  /** 65-byte public key, hex with `0x`. */
  readonly id: string
  readonly profileImage: string
  readonly ensName: string
  /** Unix milliseconds. */
  readonly lastUpdated: bigint
  /** `:contact/added`, `:contact/blocked`, `:contact/request-received`. */
  readonly systemTags: readonly string[]
  /** Ours, Go reads over it: what the person calls the contact. */
  readonly localName?: string | undefined
  readonly unknownFields?: Uint8Array
}

/** The own profile as another device has it (wire type 13). */
export interface SyncAccount {
  readonly type: 'sync-account'
  readonly clock: bigint
  readonly profileImage: string
  /** Unix milliseconds. */
  readonly lastUpdated: bigint
  /** Ours: what the person calls themselves. */
  readonly name?: string | undefined
  readonly unknownFields?: Uint8Array
}

/** A public chat that another device joined (wire type 14). */
export interface SyncPublicChat {
  readonly type: 'sync-public-chat'
  readonly clock: bigint
  readonly id: string
  readonly unknownFields?: Uint8Array
}

/** Ours: a chat of any kind as another device has it; only inside {@link SyncInstallation}. */
export interface SyncChat {
  readonly clock: bigint
  /** Name of a public chat, key of the other person (`0x04...`), or id of a group. */
  readonly id: string
  /** As in `CHAT_MESSAGE_TYPES`: 1 one-to-one, 2 public, 3 private group. */
  readonly kind: number
  /** `:chat/left`. */
  readonly tags: readonly string[]
  readonly unknownFields?: Uint8Array
}

/**
 * All of it in one message (wire type 5). Go clients of 0.39 and later read it and do nothing, so it is what our own
 * devices tell each other.
 */
export interface SyncInstallation {
  readonly type: 'sync-installation'
  readonly contacts: readonly SyncContact[]
  readonly publicChats: readonly SyncPublicChat[]
  readonly account?: SyncAccount | undefined
  /** Ours, Go reads over it. */
  readonly chats: readonly SyncChat[]
  readonly unknownFields?: Uint8Array
}

export const pairInstallationCodec: TableCodec<PairInstallation> = tableCodec(
  'PairInstallation',
  status.payload.PairInstallation,
  { type: 'pair-installation' },
  { clock: uint64, installationId: text, deviceType: text, name: text, syncForm: optional(int32) },
)

export const syncContactCodec: TableCodec<SyncContact> = tableCodec(
  'SyncInstallationContact',
  status.payload.SyncInstallationContact,
  { type: 'sync-contact' },
  {
    clock: uint64,
    id: text,
    profileImage: text,
    ensName: text,
    lastUpdated: uint64,
    systemTags: listOf(text),
    localName: optional(text),
  },
)

export const syncAccountCodec: TableCodec<SyncAccount> = tableCodec(
  'SyncInstallationAccount',
  status.payload.SyncInstallationAccount,
  { type: 'sync-account' },
  { clock: uint64, profileImage: text, lastUpdated: uint64, name: optional(text) },
)

export const syncPublicChatCodec: TableCodec<SyncPublicChat> = tableCodec(
  'SyncInstallationPublicChat',
  status.payload.SyncInstallationPublicChat,
  { type: 'sync-public-chat' },
  { clock: uint64, id: text },
)

const syncChatCodec: TableCodec<SyncChat> = tableCodec(
  'SyncInstallationChat',
  status.payload.SyncInstallationChat,
  {},
  { clock: uint64, id: text, kind: int32, tags: listOf(text) },
)

export const syncInstallationCodec: TableCodec<SyncInstallation> = tableCodec(
  'SyncInstallation',
  status.payload.SyncInstallation,
  { type: 'sync-installation' },
  {
    contacts: nestedList(syncContactCodec),
    publicChats: nestedList(syncPublicChatCodec),
    account: nested(syncAccountCodec),
    chats: nestedList(syncChatCodec),
  },
)
