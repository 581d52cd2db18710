/**
 * For tests of and on Whisper: conformance suites for those who implement its ports, and links without sockets.
 *
 * ```ts
 * import { createMemoryLinkPair, whisperLinkConformance } from '@status-protocol/whisper/testing'
 * for (const { name, run } of whisperLinkConformance(() => createMemoryLinkPair())) it(name, run)
 * ```
 */

export { type LinkPairUnderTest, whisperLinkConformance } from './testing/link-conformance.ts'
export {
  createMemoryLinkPair,
  type MemoryLinkEnd,
  type MemoryLinkOptions,
  type MemoryLinkPair,
  type PacketInTransit,
} from './testing/memory-link.ts'
export { minerConformance } from './testing/miner-conformance.ts'
export { type ServicesUnderTest, whisperServiceConformance } from './testing/service-conformance.ts'
