/**
 * Payload v0: what clients said until January 2020, in Transit.
 *
 * ```ts
 * import { unwrapV0 } from '@status-protocol/payload/v0'
 * const result = unwrapV0(bytes, { transportSigner })
 * if (result.ok && result.message.type === 'chat') console.log(result.message.text)
 * ```
 */
export {
  chatMessageToV0,
  clockInMsV0,
  isMobileClockV0,
  messageFromV0,
  OTHER_CONTENT_OF_V0,
} from './v0/as-v1.ts'
export { CHAT_MESSAGE_TYPES_V0, type ChatMessageV0, type ContentV0 } from './v0/chat-message.ts'
export { pairInstallationToV0, syncInstallationToV0 } from './v0/devices.ts'
export type { Dialect } from './v0/elements.ts'
export {
  type GroupEventsV0Options,
  groupUpdateFromV0,
  groupUpdatesOfV0,
  type KeptGroupEventV0Options,
  keptGroupEventV0,
  MAX_EVENTS_TOGETHER_V0,
  openGroupEventsV0,
  signGroupEventV0,
} from './v0/group-events.ts'
export {
  type GroupEventV0,
  type GroupUpdateV0,
  groupUpdateSigningText,
  type OpenedGroupUpdateV0,
  openGroupUpdateV0,
  signGroupUpdateV0,
} from './v0/group-update.ts'
export type { MembershipUpdateV0 } from './v0/group-update-transit.ts'
export {
  type ContactMessageV0,
  type DecodeOptionsV0,
  decodeMessageV0,
  type EncodeOptionsV0,
  encodeMessageV0,
  type MessageV0,
  type PairInstallationV0,
  type SyncInstallationV0,
  type UnknownMessageV0,
} from './v0/message.ts'
export {
  entryOf,
  isTransitArray,
  isTransitKeyword,
  isTransitMap,
  isTransitTagged,
  keyword,
  type TransitKeyword,
  type TransitMap,
  type TransitScalar,
  type TransitTagged,
  type TransitValue,
} from './v0/transit.ts'
export { MAX_TRANSIT_DEPTH, MAX_TRANSIT_VALUES, readTransit } from './v0/transit-reader.ts'
export { writeTransit } from './v0/transit-writer.ts'
export {
  decodeWrapperV0,
  encodeWrapperV0,
  type NotUnwrappedV0,
  type OpenedWrapperV0,
  openWrapperV0,
  type UnwrapOptionsV0,
  type UnwrappedV0,
  unwrapV0,
  type WrapperV0,
  wrapPayloadV0,
  wrapV0,
} from './v0/wrapper.ts'
