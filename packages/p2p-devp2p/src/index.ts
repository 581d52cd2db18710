export { type DisconnectReason, disconnectReasons } from './base/disconnect.ts'
export type { Hello } from './base/hello.ts'
export type { Capability, SharedCapability } from './capabilities.ts'
export { P2pError, type P2pErrorCode } from './error.ts'
export type {
  Link,
  LinkCloseCause,
  LinkClosed,
  LinkCore,
  LinkCoreOptions,
  LinkLimits,
  LinkOpen,
  LinkOutput,
  LinkState,
  SendRefusal,
} from './link.ts'
export { createLinkCore } from './rlpx/link-core.ts'
