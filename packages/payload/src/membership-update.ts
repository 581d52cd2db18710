import { type ChatMessage, chatMessageCodec } from './chat-message.ts'
import {
  bytes,
  listOf,
  nested,
  optionalBytes,
  optionalTrue,
  type TableCodec,
  tableCodec,
  text,
} from './codec.ts'
import { status } from './generated/payload.js'

/**
 * All events of a group and, mostly, something said in it (wire type 3); sent one-to-one to every member. The message
 * id of what is said is the id of the wrapper.
 */
export interface MembershipUpdate {
  readonly type: 'membership-update'
  /** The group's id; the signatures of the events cover it. */
  readonly chatId: string
  /** Each signature(65) | event, kept as they came; see `openEvent`. */
  readonly events: readonly Uint8Array[]
  readonly message?: ChatMessage | undefined
  /**
   * What the events come to for the sender: {@link groupViewHash}, 32 bytes if it is one. Only clients of this
   * implementation write it; others pass over it (field 1001).
   */
  readonly view?: Uint8Array | undefined
  /** The sender wants to be told our view (field 1002). */
  readonly asksView?: true | undefined
  readonly unknownFields?: Uint8Array
}

export const membershipUpdateCodec: TableCodec<MembershipUpdate> = tableCodec(
  'MembershipUpdateMessage',
  status.payload.MembershipUpdateMessage,
  { type: 'membership-update' },
  {
    chatId: text,
    events: listOf(bytes),
    message: nested(chatMessageCodec),
    view: optionalBytes,
    asksView: optionalTrue,
  },
)
