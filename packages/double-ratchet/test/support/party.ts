/** One installation with its store, as tests drive it: transitions are committed, state is read back from bytes each time. */
import { toHex } from '@status-protocol/bytes'
import {
  type Conversation,
  type ConversationContext,
  createSelf,
  encodeInstallation,
  encodeOwnPreKeys,
  INSTALLATIONS_TABLE,
  type Installation,
  loadConversation,
  OWN_PRE_KEYS_KEY,
  OWN_TABLE,
  type OwnPreKey,
  type Self,
  storageReads,
  type Transition,
} from '@status-protocol/double-ratchet'
import type { Storage } from '@status-protocol/ports'
import { createMemoryStorage } from '@status-protocol/storage-memory'
import { installationKey } from '../../src/conversation/installation.ts'

export interface Party {
  readonly self: Self
  readonly storage: Storage
  conversation(peer: Uint8Array): Promise<Conversation>
  /** Runs a transition and commits what it changed. */
  run<Outputs>(
    peer: Uint8Array,
    context: ConversationContext,
    step: (conversation: Conversation, context: ConversationContext) => Transition<Outputs>,
  ): Promise<Outputs>
  /** Writes records as if transitions had. */
  put(peerKey: Uint8Array, installation: Installation): Promise<void>
  putOwnPreKeys(preKeys: readonly OwnPreKey[]): Promise<void>
}

export function party(
  identity: Uint8Array,
  installationId: string,
  storage: Storage = createMemoryStorage(),
): Party {
  const self = createSelf({ identity, installationId })
  const reads = storageReads(storage)
  const conversation = (peer: Uint8Array) => loadConversation(reads, self, peer)
  return {
    self,
    storage,
    conversation,
    async run(peer, context, step) {
      const { changes, outputs } = step(await conversation(peer), context)
      await storage.commit(changes)
      return outputs
    },
    put: (peerKey, installation) =>
      storage.commit([
        {
          put: [
            INSTALLATIONS_TABLE,
            installationKey(peerKey, installation.id),
            encodeInstallation(installation),
          ],
        },
      ]),
    putOwnPreKeys: (preKeys) =>
      storage.commit([{ put: [OWN_TABLE, OWN_PRE_KEYS_KEY, encodeOwnPreKeys(preKeys)] }]),
  }
}

/** Everything in a store, as text to compare. */
export async function contents(storage: Storage): Promise<string> {
  const lines: string[] = []
  for (const table of [INSTALLATIONS_TABLE, OWN_TABLE])
    for await (const [key, value] of storage.range(
      table,
      new Uint8Array(0),
      new Uint8Array(200).fill(255),
      10_000,
    ))
      lines.push(`${table} ${toHex(key)} ${toHex(value)}`)
  return lines.join('\n')
}
