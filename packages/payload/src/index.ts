/**
 * What a Status message says: the signed wrapper, message types, clocks, chat and message ids, group membership.
 * Knows nothing of how messages are encrypted, synchronised or carried.
 *
 * ```ts
 * import { chatMessage, unwrap, wrap } from '@status-protocol/payload'
 * const bytes = wrap(chatMessage({ chatId: 'status', text: 'hello', clock, timestamp }), identity)
 * const { author, messageId, message } = unwrap(bytes)
 * ```
 *
 * The payloads of 2019 (Transit) have an entry of their own: `@status-protocol/payload/v0`.
 */
export {
  type ChatKind,
  chatKind,
  groupChatId,
  MAX_PUBLIC_NAME_LENGTH,
  oneToOneChatId,
  publicChatId,
  publicKeyOfChatId,
} from './chat-id.ts'
export {
  CHAT_MESSAGE_TYPES,
  type ChatMessage,
  type ChatMessageOptions,
  CONTENT_TYPES,
  chatMessage,
  IMAGE_FORMATS,
  type Image,
  type Sticker,
} from './chat-message.ts'
export {
  capClockMobileV0,
  MAX_CLOCK_AHEAD_MS,
  nextClock,
  nextClockGo2019,
  nextClockMobileV0,
  observeClock,
} from './clock.ts'
export type { ContactUpdate } from './contact-update.ts'
export { conversationOf } from './conversation.ts'
export type {
  PairInstallation,
  SyncAccount,
  SyncChat,
  SyncContact,
  SyncInstallation,
  SyncPublicChat,
} from './devices.ts'
export { PayloadError, type PayloadErrorCode } from './error.ts'
export { generationOf, type PayloadGeneration } from './generation.ts'
export { groupChange, groupChangeV0 } from './group/change.ts'
export {
  foldGroup,
  type GroupView,
  MAX_GROUP_BYTES,
  MAX_GROUP_CLOCK_STEP,
  MAX_GROUP_EVENTS,
  MAX_REJECTED_EVENTS,
  type MergedGroupEvents,
  mergeGroupEvents,
} from './group/convergent.ts'
export {
  GROUP_EVENT_TYPES,
  type GroupEvent,
  type GroupEventFault,
  type GroupEventOptions,
  type GroupEventResult,
  keptGroupEvent,
  MAX_NEW_EVENTS_PER_UPDATE,
  type MembershipUpdateOptions,
  type OpenedGroupEvent,
  type OpenedMembershipUpdate,
  openGroupEvent,
  openMembershipUpdate,
  signGroupEvent,
} from './group/event.ts'
export type { GroupChange, GroupChangeKind, GroupGeneration, GroupState } from './group/state.ts'
export { type StrictGroupResult, strictGroup } from './group/strict.ts'
export { groupViewHash } from './group/view.ts'
export type { MembershipUpdate } from './membership-update.ts'
export {
  decodeMessage,
  encodeMessage,
  type KnownMessage,
  MESSAGE_TYPES,
  type Message,
  type MessageType,
  type UnknownMessage,
  wireTypeOf,
} from './message.ts'
export { type MessageId, messageId, toMessageId } from './message-id.ts'
export type { Identity, SignatureFault } from './signature.ts'
export type {
  AcceptRequestAddressForTransaction,
  DeclineRequestAddressForTransaction,
  DeclineRequestTransaction,
  RequestAddressForTransaction,
  RequestTransaction,
  SendTransaction,
} from './transactions.ts'
export { decodeChatMessageV036, encodeChatMessageV036, unwrapV036, wrapV036 } from './v036.ts'
export { type Refusal, type Verdict, validateClock, validateMessage } from './validate.ts'
export { MAX_FIELDS, MAX_MESSAGE_BYTES } from './wire.ts'
export {
  decodeWrapper,
  encodeWrapper,
  type NotUnwrapped,
  type OpenedWrapper,
  openWrapper,
  type Unwrapped,
  unwrap,
  type WrapOptions,
  type Wrapper,
  wrap,
  wrapPayload,
} from './wrapper.ts'
