/** One installation with its store, as suites drive it: what a transition changes is committed, state is read back from bytes. */
import {
  type Conversation,
  type ConversationContext,
  createSelf,
  encodeOwnPreKeys,
  loadConversation,
  OWN_PRE_KEYS_KEY,
  OWN_TABLE,
  type OwnPreKey,
  type Self,
  storageReads,
  type Transition,
} from '@status-protocol/double-ratchet'
import type { Change } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'

export interface Device {
  readonly self: Self
  conversation(peer: Uint8Array): Promise<Conversation>
  commit(changes: readonly Change[]): Promise<void>
  /** Runs a transition and commits what it changed. */
  run<Outputs>(
    peer: Uint8Array,
    context: ConversationContext,
    step: (conversation: Conversation, context: ConversationContext) => Transition<Outputs>,
  ): Promise<Outputs>
}

export async function createDevice(options: {
  readonly identity: Uint8Array
  readonly installationId: string
  readonly preKeys?: readonly OwnPreKey[]
}): Promise<Device> {
  const { identity, installationId, preKeys = [] } = options
  const self = createSelf({ identity, installationId })
  const storage = createMemoryStorage()
  const reads = storageReads(storage)
  await storage.commit([{ put: [OWN_TABLE, OWN_PRE_KEYS_KEY, encodeOwnPreKeys(preKeys)] }])
  const conversation = (peer: Uint8Array) => loadConversation(reads, self, peer)
  return {
    self,
    conversation,
    commit: (changes) => storage.commit(changes),
    async run(peer, context, step) {
      const { changes, outputs } = step(await conversation(peer), context)
      await storage.commit(changes)
      return outputs
    },
  }
}
